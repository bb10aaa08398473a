//! How are keys kept in a file? Hashed, readable by its owner only, replaced as a whole.

use super::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// All keys in the order in which they were made.
    #[serde(rename = "key", default)]
    pub keys: Vec<StoredKey>,
}

/// A key without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredKey {
    /// What names it.
    pub id: Box<str>,
    /// Whose it is: the actor of its commits.
    pub name: Box<str>,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// The whole key's hash by argon2id, in the PHC form.
    pub hash: Box<str>,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is not valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
}

impl StoredKey {
    /// Whether its time is over.
    pub fn is_expired(&self) -> bool {
        self.expires
            .is_some_and(|expires| expires <= Timestamp::now())
    }
}

/// Tells one version of the file from another: when it was written, its inode, its length; none of
/// them where there is no file.
pub(super) type Stamp = Option<(i64, i64, u64, u64)>;

pub(super) fn stamp(path: &Path) -> Result<Stamp, String> {
    match std::fs::metadata(path) {
        Ok(meta) => Ok(Some((
            meta.mtime(),
            meta.mtime_nsec(),
            meta.ino(),
            meta.len(),
        ))),
        Err(wrong) if wrong.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(wrong) => Err(told(path, &wrong)),
    }
}

fn told(path: &Path, wrong: &dyn std::fmt::Display) -> String {
    format!("{}: {wrong}", path.display())
}

impl KeyFile {
    /// Reads a file; one that is not there has no keys.
    ///
    /// # Errors
    /// If it cannot be read, is not what was written, or others than its owner may read it.
    pub fn read(path: &Path) -> Result<Self, String> {
        let meta = match std::fs::metadata(path) {
            Err(wrong) if wrong.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            meta => meta.map_err(|wrong| told(path, &wrong))?,
        };
        let mode = meta.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let hint = format!("make it yours alone: chmod 600 {}", path.display());
            return Err(told(
                path,
                &format!("others may use this file (mode {mode:o})\n  {hint}"),
            ));
        }
        let text = std::fs::read_to_string(path).map_err(|wrong| told(path, &wrong))?;
        toml::from_str(&text).map_err(|wrong| told(path, &wrong))
    }

    /// Changes the file, whole or not at all, while nobody else does.
    ///
    /// # Errors
    /// If it cannot be read or written, or the change fails.
    pub fn change<T>(
        path: &Path,
        change: impl FnOnce(&mut Self) -> Result<T, String>,
    ) -> Result<T, String> {
        let lock = private(&beside(path, "lock")).map_err(|wrong| told(path, &wrong))?;
        lock.lock().map_err(|wrong| told(path, &wrong))?;
        let mut file = Self::read(path)?;
        let done = change(&mut file)?;
        file.write(path).map_err(|wrong| told(path, &wrong))?;
        Ok(done)
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        let next = beside(path, "new");
        let mut file = private(&next)?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&next, path)?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }

    /// Adds a key and gives it, for the only time.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn create(
        &mut self,
        name: &str,
        roles: Vec<String>,
        expires: Option<Timestamp>,
    ) -> Result<Secret, String> {
        let secret = Secret::new()?;
        self.keys.push(StoredKey {
            id: secret.id().into(),
            name: name.into(),
            roles,
            hash: secret.hash()?.into(),
            created: Timestamp::now(),
            expires,
        });
        Ok(secret)
    }

    /// Removes a key by its id, or the only one of a name.
    ///
    /// # Errors
    /// If there is none, or several have the name.
    pub fn revoke(&mut self, which: &str) -> Result<StoredKey, String> {
        let mut named = (0..).zip(&self.keys).filter(|(_, key)| *key.name == *which);
        let by_id = self.keys.iter().position(|key| *key.id == *which);
        let at = match (by_id, named.next(), named.next()) {
            (Some(at), ..) | (None, Some((at, _)), None) => at,
            (None, None, _) => {
                return Err(format!(
                    "there is no key `{which}`; `guitu key list` shows all"
                ));
            }
            _ => {
                return Err(format!(
                    "several keys are named `{which}`; give the id of one"
                ));
            }
        };
        Ok(self.keys.remove(at))
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// A file that only its owner may read and write.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(path)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    Ok(file)
}
