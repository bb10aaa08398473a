//! `guitu backup`: everything, with its history, as one file; of a running server too.

use super::say::say;
use super::{Done, Failure, open};
use crate::config::{BackupFlags, Places};
use crate::db::{self, DbError};
use crate::server::client;
use crate::store::{self, Copied, StoreError};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

pub(super) fn run(places: &Places, flags: &BackupFlags) -> Done {
    let path = &flags.path;
    let wrong = |error: &dyn std::fmt::Display| Failure::doing(&path.display().to_string(), error);
    if path.exists() {
        return Err(wrong(&"it exists already. Name a new file"));
    }
    let mut part = Part::begin(path).map_err(|error| wrong(&error))?;
    copy(places, flags, &mut part.file)?;
    let copied = part.end(path).map_err(|error| wrong(&error))?;
    let Copied {
        revision,
        oldest,
        bytes,
        ..
    } = copied;
    say(format_args!(
        "revision {revision}, with every commit since {oldest}, in {bytes} bytes\n"
    ))
}

/// Writes the copy: of the server that is named, or the data directory, or the server that has it.
fn copy(places: &Places, flags: &BackupFlags, to: &mut File) -> Done {
    if let Some(server) = &flags.server {
        return ask(server, flags, to);
    }
    open::must_exist(places)?;
    let mut buffered = BufWriter::with_capacity(1 << 18, &mut *to);
    match db::backup(&places.data, &places.options(), &mut buffered) {
        Ok(_) => buffered
            .flush()
            .map_err(|error| Failure::doing("write the backup", &error)),
        Err(DbError::Store(StoreError::Locked { .. })) => {
            drop(buffered);
            let server = format!("http://{}", places.listen);
            ask(&server, flags, to).map_err(|Failure(wrong)| {
                let data = places.data.display();
                Failure(format!(
                    "{data} is in use by another process, so a server was asked: {wrong}"
                ))
            })
        }
        Err(error) => Err(Failure::doing(&places.data.display().to_string(), &error)),
    }
}

fn ask(server: &str, flags: &BackupFlags, to: &mut File) -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::doing("cannot start", &error))?;
    let asked = runtime.block_on(client::backup(server, flags.token.as_deref(), to));
    asked.map_err(Failure)
}

/// A file that has its name only when it is whole.
struct Part {
    file: File,
    path: PathBuf,
}

impl Part {
    fn begin(path: &Path) -> Result<Self, String> {
        let mut name = path.file_name().ok_or("it names no file")?.to_owned();
        name.push(".part");
        let path = path.with_file_name(name);
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| error.to_string())?;
        if file.try_lock().is_err() {
            return Err("it is being written by another process".to_owned());
        }
        file.set_len(0).map_err(|error| error.to_string())?;
        Ok(Self { file, path })
    }

    /// Checks what was written, makes it durable, and gives it its name.
    fn end(mut self, path: &Path) -> Result<Copied, String> {
        self.file.rewind().map_err(|error| error.to_string())?;
        let mut read = BufReader::with_capacity(1 << 18, &mut self.file);
        let copied = store::check_backup(&mut read).map_err(|error| error.to_string())?;
        self.named(path).map_err(|error| error.to_string())?;
        Ok(copied)
    }

    fn named(&self, path: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, path)?;
        let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Part {
    /// What has not got its name is of no use.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
