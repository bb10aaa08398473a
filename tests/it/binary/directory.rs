//! Is a data directory that is not what it should be refused, with what is wrong and what to do?

use super::*;

/// A home with the seed in `data`.
fn seeded() -> Home {
    let home = Home::new();
    home.run(["query", "{ revision }"]).ok();
    home
}

/// Every file below a folder, smallest first.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Whether the loss of a file is a loss: the lock is made again, some are empty anyway.
fn matters(path: &Path) -> bool {
    path.file_name().unwrap() != "lock" && std::fs::metadata(path).unwrap().len() > 0
}

/// Refused by every verb that opens, without a word of panic and without any change; or else whole.
#[track_caller]
fn refused_or_whole(home: &Home, done: &str) -> bool {
    let ran = home.run(["query", "{ counties { id } revision }"]);
    assert!(!ran.err.contains("panicked"), "{done}: {}", ran.err);
    let whole = ran.code == Some(0);
    if whole {
        let answer: Value = serde_json::from_str(&ran.out).unwrap();
        let counties = answer["data"]["counties"].as_array().unwrap().len();
        assert_eq!(counties, 40, "{done}: half a graph was opened");
        assert_eq!(answer["data"]["revision"], "1", "{done}");
        home.verified();
    } else {
        assert_eq!(ran.code, Some(1), "{done}: {}", ran.err);
        says_all(&ran.err, &["data"]);
        let verify = home.run(["verify"]);
        assert_eq!(verify.code, Some(1), "{done}: {}", verify.out);
        says_all(&verify.err, &["data"]);
    }
    whole
}

#[test]
fn a_deleted_or_emptied_or_cut_file_is_found() {
    let home = seeded();
    let data = home.path("data");
    let mut unfound = Vec::new();
    for path in files(&data).into_iter().filter(|path| matters(path)) {
        let name = path.strip_prefix(&data).unwrap().display().to_string();
        let before = std::fs::read(&path).unwrap();
        let half = before.len() / 2;
        for (done, now) in [
            ("deleted", None),
            ("emptied", Some(&before[..0])),
            ("cut", Some(&before[..half])),
        ] {
            let saved = home.path("saved");
            copy(&data, &saved);
            match now {
                None => std::fs::remove_file(&path).unwrap(),
                Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            }
            let done = format!("{name} {done}");
            if refused_or_whole(&home, &done) {
                unfound.push(done);
            }
            std::fs::remove_dir_all(&data).unwrap();
            std::fs::rename(&saved, &data).unwrap();
        }
    }
    // The second half of these says nothing that is not said elsewhere: `db` ends in zeros.
    let harmless = [
        "checkpoint-1/conf",
        "checkpoint-1/db",
        "log/conf",
        "log/db",
        "witness",
    ];
    unfound.retain(|done| !harmless.iter().any(|name| *done == format!("{name} cut")));
    assert!(
        unfound.is_empty(),
        "opened as if nothing were wrong: {unfound:?}"
    );
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}

#[test]
fn flipped_bytes_are_found_by_verify() {
    let home = seeded();
    let store = home.path("data/checkpoint-1/db");
    let bytes = std::fs::read(&store).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    for part in 1..8 {
        let mut damaged = bytes.clone();
        let at = used * part / 8;
        damaged[at..at + 64]
            .iter_mut()
            .for_each(|byte| *byte ^= 0x55);
        std::fs::write(&store, &damaged).unwrap();
        refused_or_whole(&home, &format!("bytes at {at} of {used} flipped"));
    }
}

#[test]
fn a_deleted_folder_is_found() {
    for name in ["log", "checkpoint-1"] {
        let home = seeded();
        std::fs::remove_dir_all(home.path("data").join(name)).unwrap();
        assert!(!refused_or_whole(&home, name), "{name}");
    }
}

#[test]
fn a_foreign_folder_is_left_alone() {
    let home = Home::new();
    home.write("data/thesis.txt", "precious");
    for verb in [
        &["query", "{ revision }"][..],
        &["verify"],
        &["serve"],
        &["import", "seed"],
    ] {
        let ran = home.run(verb.iter().copied());
        ran.refused(&["data is not a Guitu data directory", "thesis.txt", "--data"]);
    }
    assert_eq!(files(&home.path("data")), [home.path("data/thesis.txt")]);
}

#[test]
fn a_file_is_no_data_directory() {
    let home = Home::new();
    home.write("data", "precious");
    home.run(["query", "{ revision }"])
        .refused(&["data", "file", "--data"]);
    home.run(["verify"]).refused(&["data is a file", "--data"]);
}

#[test]
fn an_empty_folder_is_verified_as_nothing_and_stays_empty() {
    let home = Home::new();
    home.run(["verify"])
        .refused(&["no data directory data", "--data"]);
    std::fs::create_dir(home.path("data")).unwrap();
    home.run(["verify"]).refused(&["data is empty", "--data"]);
    assert!(files(&home.path("data")).is_empty());
}

#[test]
fn a_newer_format_asks_for_a_newer_program() {
    let home = seeded();
    let marker = home.path("data/guitu.json");
    let text = std::fs::read_to_string(&marker).unwrap();
    std::fs::write(&marker, text.replace("\"version\": 2", "\"version\": 9")).unwrap();
    home.run(["query", "{ revision }"])
        .refused(&["format 9", "newer guitu"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let home = Home::new();
    let ran = home.run(["query", "--data", "/proc/nowhere", "{ revision }"]);
    ran.refused(&["/proc/nowhere"]);
}

/// A file system of its own, taken away with the value.
struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    fn mount(at: &'a Path, size: &str) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", size, "tmpfs"]).arg(at);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: no small file system may be mounted here");
        }
        mounted.then_some(Self(at))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_refuses_and_keeps_what_there_is() {
    let home = Home::new();
    let place = home.path("disk");
    let Some(_disk) = Disk::mount(&place, "size=160m") else {
        return;
    };
    let data = ["--data", "disk/data"];
    let run = |verb: &[&'static str]| home.run(verb.iter().chain(&data).copied());
    run(&["query", "{ revision }"]).ok();
    // All but 20 MB are taken.
    let free = rustix::fs::statvfs(&place).unwrap();
    let fill = (free.f_bavail * free.f_frsize) as usize - (20 << 20);
    std::fs::write(place.join("fill"), vec![1; fill]).unwrap();
    home.write("in/County.csv", "key,note:zh\npuning,改过\n");
    run(&["import", "in"]).refused(&["disk is almost full", "free some space"]);
    says_all(&run(&["verify"]).ok(), &["revision 1", "all is well"]);
    says_all(
        &run(&["query", "{ counties { id } }"]).ok(),
        &["County:puning"],
    );
    std::fs::remove_file(place.join("fill")).unwrap();
    says_all(&run(&["import", "in"]).ok(), &["revision 2"]);
}
