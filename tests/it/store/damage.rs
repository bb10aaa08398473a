//! Is a damaged data directory refused, or read exactly as it was written?
//!
//! A directory is harmed in one place and opened. Either it is refused, when opening
//! or when reading what opening promised, or it holds just what was acknowledged.
//! Silent loss, an invention or a panic fail the test.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use guitu::store::{self, Options};

use super::{Progress, Step, noise, read};

const STEPS: &[Step] = &[
    Step::Append(5),
    Step::Meta,
    Step::Checkpoint,
    Step::Append(20),
    Step::Checkpoint,
    Step::Append(12),
    Step::Meta,
    Step::Append(3),
];

/// Makes a data directory; the last steps were taken after a restart.
fn make(folder: &Path) -> Progress {
    let mut known = Progress::default();
    for steps in STEPS.chunks(4) {
        let store = store::open(folder, &Options::default()).unwrap();
        for step in steps {
            step.take(&*store, known).unwrap();
            known = step.after(known);
        }
    }
    known
}

/// All files below a folder, in a fixed order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, &target).unwrap()),
        }
    }
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Refused(String),
    Same,
}

/// Opens a harmed directory and reads all that opening promises.
fn outcome(folder: &Path, known: Progress, context: &str) -> Outcome {
    let opened = panic::catch_unwind(AssertUnwindSafe(|| {
        let store = store::open(folder, &Options::default()).map_err(|e| e.to_string())?;
        read(&*store)
    }));
    match opened {
        Ok(Err(refusal)) => Outcome::Refused(refusal),
        Ok(Ok(found)) if found == known => Outcome::Same,
        Ok(Ok(found)) => panic!("{context}: silently {found:?} instead of {known:?}"),
        Err(_) => panic!("{context}: panicked"),
    }
}

/// Runs `harm` on a copy of the directory for each of its files, and hands what came
/// of it to `judge`, with the name of the file.
fn each_file(harm: impl Fn(&Path), judge: impl Fn(&str, Outcome)) {
    let temporary = tempfile::tempdir().unwrap();
    let whole = temporary.path().join("whole");
    let known = make(&whole);
    for (number, path) in files(&whole).iter().enumerate() {
        let name = path.strip_prefix(&whole).unwrap();
        let folder = temporary.path().join(number.to_string());
        copy(&whole, &folder);
        harm(&folder.join(name));
        let name = name.display().to_string();
        judge(&name, outcome(&folder, known, &name));
        fs::remove_dir_all(&folder).unwrap();
    }
}

/// Refused, unless it is a file that holds nothing.
fn must_refuse(name: &str, outcome: Outcome) {
    match (name, outcome) {
        ("lock", outcome) => assert_eq!(outcome, Outcome::Same),
        (_, Outcome::Refused(why)) => assert!(why.len() > 20, "{name}: {why}"),
        (_, Outcome::Same) => panic!("{name}: was not missed"),
    }
}

#[test]
fn a_deleted_file_is_missed() {
    each_file(|path| fs::remove_file(path).unwrap(), must_refuse);
}

#[test]
fn an_emptied_file_is_missed() {
    each_file(|path| drop(File::create(path).unwrap()), must_refuse);
}

#[test]
fn a_truncated_file_is_refused_or_read_as_it_was() {
    for tenths in [1, 3, 5, 8, 9] {
        let cut = |path: &Path| {
            let file = OpenOptions::new().write(true).open(path).unwrap();
            let length = file.metadata().unwrap().len();
            file.set_len(length * tenths / 10).unwrap();
        };
        each_file(cut, |_, _| ());
    }
}

#[test]
fn a_flipped_byte_is_refused_or_read_as_it_was() {
    for seed in 0..12 {
        each_file(|path| flip(path, seed), |_, _| ());
    }
}

/// Changes one byte somewhere where there is one that is not zero.
fn flip(path: &Path, seed: u64) {
    let mut bytes = fs::read(path).unwrap();
    let used = bytes.iter().rposition(|&byte| byte != 0).unwrap_or(0) + 1;
    let place = noise(seed + bytes.len() as u64, 24)[16..]
        .try_into()
        .unwrap();
    let at = (u64::from_le_bytes(place) % used as u64) as usize;
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << (seed % 8);
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.write_all_at(&[*byte], at as u64).unwrap();
    }
}

#[test]
fn a_refused_directory_stays_refused() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("data");
    let known = make(&folder);
    let log = folder.join("log/db");
    let bytes = fs::read(&log).unwrap();
    let end = bytes.iter().rposition(|&byte| byte != 0).unwrap();
    let file = OpenOptions::new().write(true).open(&log).unwrap();
    file.write_all_at(&[0xff; 4000], end as u64 - 4000).unwrap();
    for attempt in ["first", "second", "third"] {
        assert!(matches!(
            outcome(&folder, known, attempt),
            Outcome::Refused(_)
        ));
    }
}
