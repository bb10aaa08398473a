//! How do verbs get at the ontology and the data directory?

use super::progress::Bar;
use super::{Done, Failure};
use crate::config::Places;
use crate::db::{Db, DbError};
use crate::exchange::{self, Summary};
use crate::ontology::Ontology;
use std::path::PathBuf;
use std::sync::Arc;

/// The ontology of the flags.
pub(super) fn ontology(places: &Places) -> Result<Arc<Ontology>, Failure> {
    let path = places.ontology();
    let sdl = std::fs::read_to_string(path).map_err(|error| {
        let name = path.display();
        Failure(format!(
            "the ontology {name} cannot be read: {error}\nname another with --ontology"
        ))
    })?;
    Ontology::parse(&path.display().to_string(), &sdl)
        .map(Arc::new)
        .map_err(|wrong| Failure::new(&wrong))
}

/// The data directory; a new one is filled with the seed.
pub(super) fn db(places: &Places) -> Result<Db, Failure> {
    if let Some(seed) = &places.seed
        && !places.no_seed
        && !seed.exists()
    {
        let seed = seed.display();
        return Err(Failure(format!(
            "the seed {seed} does not exist\nname another with --seed, or none with --no-seed"
        )));
    }
    let db = bare(places)?;
    if db.is_new() && !places.no_seed && places.seed().exists() {
        let paths = [places.seed().to_owned()];
        let summary = import(&db, &paths, false).map_err(|Failure(wrong)| {
            Failure(format!(
                "{wrong}\nthe seed does not fit: name another with --seed, or none with --no-seed"
            ))
        })?;
        tracing::info!(records = summary.records, "seeded the new data directory");
    }
    Ok(db)
}

/// The data directory as it is; without the ontology's file under the ontology stored with it.
fn bare(places: &Places) -> Result<Db, Failure> {
    let options = places.options();
    let stored = places.ontology.is_none() && !places.ontology().exists() && places.data.exists();
    let opened = if stored {
        Db::open_as_stored(&places.data, &options)
    } else {
        Db::open(&places.data, ontology(places)?, &options)
    };
    opened.map_err(|error| {
        Failure::doing(&format!("data directory {}", places.data.display()), &error)
    })
}

/// The data directory for an import: a new one is seeded first, unless the seed is of another
/// ontology than the one named.
pub(super) fn db_for_import(places: &Places) -> Result<Db, Failure> {
    if places.ontology.is_some() && places.seed.is_none() {
        bare(places)
    } else {
        db(places)
    }
}

/// Imports with a progress bar.
pub(super) fn import(db: &Db, paths: &[PathBuf], dry_run: bool) -> Result<Summary, Failure> {
    let bar = Bar::new();
    let imported = exchange::import(db, paths, dry_run, &bar);
    bar.end();
    imported.map_err(|error| Failure::new(&error))
}

/// Fails unless there is a data directory with something in it; creates none.
pub(super) fn must_exist(places: &Places) -> Done {
    let data = places.data.display();
    let wrong = match std::fs::read_dir(&places.data).map(Iterator::count) {
        Ok(1..) => return Ok(()),
        Ok(_) => {
            format!("the data directory {data} is empty: nothing was ever written, or all is lost")
        }
        Err(_) if places.data.is_file() => format!("{data} is a file, not a data directory"),
        Err(error) => format!("there is no data directory {data}: {error}"),
    };
    Err(Failure(format!("{wrong}\nname another with --data")))
}

/// The report on a data directory that exists.
pub(super) fn verify(places: &Places) -> Result<crate::db::Report, Failure> {
    must_exist(places)?;
    let report = crate::db::verify(&places.data, &places.options());
    report.map_err(|error: DbError| Failure::doing(&places.data.display().to_string(), &error))
}

/// Fails with these sentences, if there are any.
pub(super) fn fail_if(wrong: &[String]) -> Done {
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure(wrong.join("\n")))
    }
}
