//! How fast are commits made durable, and checkpoints written, read and opened?
//!
//! `cargo bench --bench store [-- FOLDER]`: works in FOLDER (default: the temporary
//! directory), prints a table, and stands each number beside the floor of the disk.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use guitu::store::{self, Commit, Options, Store};

const MB: usize = 1 << 20;
const SECTIONS: usize = 70;
const SECTION: usize = 10 * MB;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let parent = arguments
        .next()
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(parent)?;
    commits(folder.path())?;
    checkpoints(folder.path())
}

fn commits(folder: &Path) -> Outcome {
    const COUNT: u64 = 5_000;
    let payload = [7; 300];
    let mut plain = File::create(folder.join("plain"))?;
    let begin = Instant::now();
    for _ in 0..COUNT {
        plain.write_all(&payload)?;
        plain.sync_data()?;
    }
    rate("append + fdatasync to a plain file", COUNT, begin.elapsed());
    let begin = Instant::now();
    for number in 0..COUNT {
        plain.write_all_at(&payload, number * 300)?;
        plain.sync_data()?;
    }
    let name = "the same in place, where nothing grows";
    rate(name, COUNT, begin.elapsed());
    let path = folder.join("commits");
    let store = store::open(&path, &Options::default())?;
    for group in [1, 8, 64] {
        let first = store.revision() + 1;
        let begin = Instant::now();
        for start in (first..first + COUNT).step_by(group) {
            let commits: Vec<Commit<'_>> = (start..start + group as u64)
                .map(|revision| Commit {
                    revision,
                    payload: &payload,
                })
                .collect();
            store.append(&commits)?;
        }
        let name = format!("commits of 300 bytes, {group} in a group");
        rate(&name, store.revision() + 1 - first, begin.elapsed());
    }
    println!(
        "{:46} {:>9} MB",
        "on disk after that",
        on_disk(&path)? / MB as u64
    );
    drop(store);
    let begin = Instant::now();
    let store = store::open(&path, &Options::default())?;
    took("opening with 15,000 commits in the log", begin.elapsed());
    let begin = Instant::now();
    let mut bytes = 0;
    store.replay(0, &mut |_, payload| {
        bytes += payload.len();
        Ok(())
    })?;
    took("replaying them", begin.elapsed());
    Ok(())
}

fn checkpoints(folder: &Path) -> Outcome {
    let path = folder.join("checkpoints");
    let store = store::open(&path, &Options::default())?;
    let section = section();
    memory("memory before");
    write(&*store, 1, &section)?;
    println!("{:46} {:>9} MB", "on disk", on_disk(&path)? / MB as u64);
    memory("memory after writing");
    write(&*store, 2, &section)?;
    drop(store);
    let begin = Instant::now();
    let store = store::open(&path, &Options::default())?;
    took("opening", begin.elapsed());
    let begin = Instant::now();
    read(&*store, 0, 1)?;
    took("reading the checkpoint, one thread", begin.elapsed());
    memory("memory after reading");
    let begin = Instant::now();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| read(&*store, 1, 2).map_err(|e| e.to_string()));
        read(&*store, 0, 2).map_err(|e| e.to_string())?;
        other.join().map_err(|_| "panicked".to_owned())?
    })?;
    took("reading the checkpoint, two threads", begin.elapsed());
    let begin = Instant::now();
    let seen = store.verify()?;
    took("verify", begin.elapsed());
    assert!(seen.damage.is_empty());
    Ok(())
}

/// Bytes like those of columns: ids that grow, some text, some noise.
fn section() -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut bytes = Vec::with_capacity(SECTION + 64);
    let mut id = 0_u32;
    while bytes.len() < SECTION {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        id += (state % 7) as u32;
        bytes.extend_from_slice(&id.to_le_bytes());
        bytes.extend_from_slice(&((state >> 20) as u16).to_le_bytes());
        if state.is_multiple_of(5) {
            bytes.extend_from_slice(format!("person-{} of county", id % 1000).as_bytes());
        }
    }
    bytes.truncate(SECTION);
    bytes
}

fn write(store: &dyn Store, revision: u64, section: &[u8]) -> Outcome {
    let begin = Instant::now();
    let mut writer = store.begin_checkpoint(revision)?;
    for number in 0..SECTIONS {
        let out = writer.section(&format!("section-{number}"))?;
        out.write_all(section)?;
    }
    let streamed = begin.elapsed();
    writer.finish()?;
    let all = begin.elapsed();
    took("writing a checkpoint of 700 MB", all);
    took("  of that, in finish", all - streamed);
    let speed = (SECTIONS * SECTION / MB) as f64 / all.as_secs_f64();
    println!("{:46} {speed:>9.0} MB/s", "");
    Ok(())
}

fn read(store: &dyn Store, from: usize, step: usize) -> Outcome {
    let Some(checkpoint) = store.checkpoint()? else {
        return Err("no checkpoint".into());
    };
    let mut buffer = vec![0; 64 << 10];
    for number in (from..SECTIONS).step_by(step) {
        let mut reader = checkpoint.read(&format!("section-{number}"))?;
        while reader.read(&mut buffer)? > 0 {}
    }
    if from == 0 {
        memory("memory while the checkpoint is open");
    }
    Ok(())
}

fn on_disk(path: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        bytes += match entry.metadata()? {
            meta if meta.is_dir() => on_disk(&entry.path())?,
            meta => meta.len(),
        };
    }
    Ok(bytes)
}

fn rate(what: &str, count: u64, time: Duration) {
    println!("{what:46} {:>9.0} /s", count as f64 / time.as_secs_f64());
}

fn took(what: &str, time: Duration) {
    println!("{what:46} {:>9.1} ms", time.as_secs_f64() * 1e3);
}

fn memory(what: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for (name, label) in [("VmRSS:", ""), ("VmHWM:", ", highest so far")] {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|l| l.trim().split(' ').next()?.parse::<u64>().ok());
        if let Some(kilobytes) = kilobytes {
            println!("{:46} {:>9} MB", format!("{what}{label}"), kilobytes >> 10);
        }
    }
}
