//! `guitu key`: make, list and revoke API keys, in the file that `access.toml` names.

use super::say::say;
use super::{Done, Failure, open};
use crate::access::AccessFile;
use crate::access::keys::KeyFile;
use crate::config::{KeyCommand, KeyFlags, Places};
use std::fmt::Write;
use std::path::Path;

pub(super) fn run(places: &Places, flags: &KeyFlags) -> Done {
    let ontology = open::ontology(places)?;
    let (file, wrong) = AccessFile::read(&flags.access, &ontology);
    if !wrong.is_empty() {
        return Err(Failure::new(&wrong));
    }
    let no_file = || {
        let name = flags.access.display();
        Failure(format!(
            "{name} names no file of keys\n  add a line at its top: keys = \"keys.toml\""
        ))
    };
    let path = file.keys.clone().ok_or_else(no_file)?;
    match &flags.command {
        KeyCommand::Create {
            name,
            roles,
            expires,
        } => create(&file, &path, (name, roles), *expires),
        KeyCommand::List => list(&path),
        KeyCommand::Revoke { which } => revoke(&path, which),
    }
}

fn create(
    file: &AccessFile,
    path: &Path,
    (name, roles): (&str, &[String]),
    expires: Option<jiff::Timestamp>,
) -> Done {
    for role in roles {
        if file.policy.role_named(role).is_none() {
            let known: Vec<&str> = file.policy.roles.iter().map(|role| &*role.name).collect();
            let known = known.join(", ");
            return Err(Failure(format!(
                "there is no role `{role}`\n  there are {known}"
            )));
        }
    }
    let made = KeyFile::change(path, |keys| keys.create(name, roles.to_vec(), expires));
    let secret = made.map_err(Failure)?;
    tracing::info!(id = secret.id(), name, "this key is shown only once");
    say(format_args!("{}\n", secret.text()))
}

fn list(path: &Path) -> Done {
    let file = KeyFile::read(path).map_err(Failure)?;
    let mut text = String::from("id\tname\troles\tcreated\texpires\n");
    for key in &file.keys {
        let expires = key.expires.map_or("never".to_owned(), |at| at.to_string());
        let over = if key.is_expired() { " (over)" } else { "" };
        let roles = key.roles.join(",");
        let (id, name, created) = (&key.id, &key.name, key.created);
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{id}\t{name}\t{roles}\t{created}\t{expires}{over}");
    }
    say(text)
}

fn revoke(path: &Path, which: &str) -> Done {
    let revoked = KeyFile::change(path, |keys| keys.revoke(which)).map_err(Failure)?;
    say(format_args!("revoked {} ({})\n", revoked.id, revoked.name))
}
