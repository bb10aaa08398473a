//! Is this folder ours, sound, and free to use?
//!
//! Holds the lock against a second process and the marker that names format and
//! version, both outside of sled's folders, so that the loss of any one of them is
//! noticed. Not for what sled keeps.

use std::fs::{self, File, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::store::StoreError;

const LOCK: &str = "lock";
const MARKER: &str = "guitu.json";
const NEW_MARKER: &str = "guitu.json.new";
const FORMAT: &str = "guitu data directory";
/// The newest format of the whole directory that this program knows.
const VERSION: u32 = 2;

/// The marker file.
#[derive(Clone, Serialize, Deserialize)]
struct Marker {
    format: String,
    version: u32,
    /// Tells this directory from every other: 32 hexadecimal digits.
    id: String,
    state: State,
}

#[derive(Serialize, Deserialize, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum State {
    /// The store is not whole yet: what is there may be thrown away.
    Creating,
    /// The store was made.
    Ready,
}

/// A locked data directory. Dropping it releases the lock.
pub(crate) struct Directory {
    path: PathBuf,
    marker: Marker,
    lock: File,
}

impl Directory {
    /// Locks the directory at `path` and reads its marker. A missing or empty one is
    /// made and marked as being created.
    pub(crate) fn lock(path: &Path) -> Result<Self, StoreError> {
        make_folder(path)?;
        refuse_foreign(path)?;
        let lock = lock_file(path)?;
        let marker = match read_marker(path)? {
            Some(marker) => marker,
            None => first_marker(path)?,
        };
        Ok(Directory {
            path: path.to_owned(),
            marker,
            lock,
        })
    }

    /// Whether the store in it was made once.
    pub(crate) fn is_ready(&self) -> bool {
        self.marker.state == State::Ready
    }

    /// Marks the store as made.
    pub(crate) fn set_ready(&mut self) -> Result<(), StoreError> {
        self.marker.state = State::Ready;
        write_marker(&self.path, &self.marker)
    }

    /// Removes what an interrupted creation left.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        for name in self.names()? {
            let path = self.path.join(&name);
            if path.is_dir() {
                remove_folder(&path)?;
            } else if name != LOCK && name != MARKER {
                fs::remove_file(&path)
                    .map_err(StoreError::io(format!("remove {}", path.display())))?;
            }
        }
        sync_dir(&self.path)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A short form of its id, for every record in it.
    pub(crate) fn tag(&self) -> u32 {
        crc32fast::hash(self.marker.id.as_bytes())
    }

    /// The names in it.
    pub(crate) fn names(&self) -> Result<Vec<String>, StoreError> {
        names(&self.path)
    }
}

impl Drop for Directory {
    /// Unlocks for good: closing alone would not, while a process that was just forked
    /// from this one still has the file.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// The names in a folder.
pub(crate) fn names(path: &Path) -> Result<Vec<String>, StoreError> {
    let list = || -> io::Result<Vec<String>> {
        fs::read_dir(path)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    };
    list().map_err(StoreError::io(format!("list {}", path.display())))
}

/// Makes the names in a folder survive a power cut.
pub(crate) fn sync_dir(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(StoreError::io(format!("sync {}", path.display())))
}

/// Removes a folder with all that is in it, if it is there.
pub(crate) fn remove_folder(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).map_err(StoreError::io(format!("remove {}", path.display())))
        }
        _ => Ok(()),
    }
}

fn make_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    if path.exists() {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
            found: "it is a file".into(),
        });
    }
    fs::create_dir_all(path).map_err(StoreError::io(format!("create {}", path.display())))?;
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_dir(parent),
        _ => sync_dir(Path::new(".")),
    }
}

/// Nothing is written into a folder that never was a data directory.
fn refuse_foreign(path: &Path) -> Result<(), StoreError> {
    let names = names(path)?;
    let known = |name: &String| [LOCK, MARKER, NEW_MARKER].contains(&name.as_str());
    match names.is_empty() || names.iter().any(known) {
        true => Ok(()),
        false => Err(foreign(path, &names)),
    }
}

fn foreign(path: &Path, names: &[String]) -> StoreError {
    let some: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    StoreError::Foreign {
        path: path.to_owned(),
        found: format!("it has no {MARKER} but {}", some.join(", ")),
    }
}

fn lock_file(path: &Path) -> Result<File, StoreError> {
    let place = path.join(LOCK);
    let doing = || format!("lock {}", place.display());
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&place)
        .map_err(StoreError::io(doing()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::Error(error)) => return Err(StoreError::io(doing())(error)),
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.read_to_string(&mut text);
            return Err(StoreError::Locked {
                path: path.to_owned(),
                pid: text.trim().parse().ok(),
            });
        }
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(StoreError::io(doing()))?;
    Ok(file)
}

fn read_marker(path: &Path) -> Result<Option<Marker>, StoreError> {
    let place = path.join(MARKER);
    let bytes = match fs::read(&place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(StoreError::io(format!("read {}", place.display())))?,
    };
    let damaged = |what: String| StoreError::damaged(place.display().to_string(), what);
    let any: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
    if any["format"] != FORMAT {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
            found: format!("its {MARKER} does not say {FORMAT:?}"),
        });
    }
    match any["version"].as_u64() {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) if version > u64::from(VERSION) => {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found: u32::try_from(version).unwrap_or(u32::MAX),
                known: VERSION,
            });
        }
        Some(version) if version > 0 => {
            return Err(StoreError::Older {
                path: path.to_owned(),
                found: u32::try_from(version).unwrap_or_default(),
                known: VERSION,
            });
        }
        _ => return Err(damaged("it names no version".into())),
    }
    serde_json::from_value(any)
        .map(Some)
        .map_err(|error| damaged(error.to_string()))
}

/// Marks a new directory; refuses one that has lost its marker.
fn first_marker(path: &Path) -> Result<Marker, StoreError> {
    let left: Vec<String> = names(path)?
        .into_iter()
        .filter(|name| name != LOCK && name != NEW_MARKER)
        .collect();
    if !left.is_empty() {
        return Err(StoreError::damaged(
            path.join(MARKER).display().to_string(),
            format!("is missing, but there is {}", left.join(", ")),
        ));
    }
    let marker = Marker {
        format: FORMAT.into(),
        version: VERSION,
        id: new_id(),
        state: State::Creating,
    };
    write_marker(path, &marker)?;
    Ok(marker)
}

/// Replaces the marker atomically and durably.
fn write_marker(path: &Path, marker: &Marker) -> Result<(), StoreError> {
    let fresh = path.join(NEW_MARKER);
    let write = || -> io::Result<()> {
        let mut file = File::create(&fresh)?;
        file.write_all(&serde_json::to_vec_pretty(marker)?)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&fresh, path.join(MARKER))
    };
    write().map_err(StoreError::io(format!("write {}", fresh.display())))?;
    sync_dir(path)
}

/// 128 bits that no other directory has, from the process's random hash keys.
fn new_id() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}
