//! Which files are data, and what do they hold? Not for: reading them (`table`, `ndjson`).

use super::ndjson::kind_named;
use super::problem::{Place, Problem, Problems};
use crate::change::{Kind, Violation};
use crate::ontology::Ontology;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file to be read.
#[derive(Clone, Debug)]
pub(super) struct DataFile {
    pub(super) path: Arc<Path>,
    pub(super) format: Format,
    /// Its length in bytes.
    pub(super) length: u64,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// CSV: all records are of one kind.
    Csv(Kind),
    /// NDJSON: each line names its kind.
    Ndjson,
}

/// Finds the data files among files and folders (with all that is in them), each once, in order of
/// their paths. Hidden files, `*.md` and licences in folders are passed over.
pub(super) fn discover(
    ontology: &Ontology,
    paths: &[PathBuf],
    problems: &mut Problems,
) -> Vec<DataFile> {
    let mut search = Search {
        ontology,
        found: BTreeMap::new(),
        problems,
    };
    for path in paths {
        search.enter(path, true);
    }
    let mut files: Vec<DataFile> = search.found.into_values().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

struct Search<'a> {
    ontology: &'a Ontology,
    /// By canonical path.
    found: BTreeMap<PathBuf, DataFile>,
    problems: &'a mut Problems,
}

impl Search<'_> {
    fn enter(&mut self, path: &Path, named: bool) {
        if !named && is_passed_over(path) {
            return;
        }
        if let Err(violation) = self.try_enter(path) {
            let place = Place {
                file: path.into(),
                line: None,
            };
            self.problems.add(Problem::new(place, violation));
        }
    }

    fn try_enter(&mut self, path: &Path) -> Result<(), Violation> {
        let wrong = |error: std::io::Error| Violation::new(error.to_string());
        let about = std::fs::metadata(path).map_err(wrong)?;
        if about.is_dir() {
            for entry in std::fs::read_dir(path).map_err(wrong)? {
                self.enter(&entry.map_err(wrong)?.path(), false);
            }
            return Ok(());
        }
        let file = DataFile {
            path: path.into(),
            format: classify(self.ontology, path)?,
            length: about.len(),
        };
        self.found.insert(path.canonicalize().map_err(wrong)?, file);
        Ok(())
    }
}

fn is_passed_over(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| {
        let plain = path.extension().is_none_or(|e| e == "md" || e == "txt");
        name.starts_with('.')
            || path.extension().is_some_and(|e| e == "md")
            || plain
                && ["LICENSE", "LICENCE", "NOTICE"]
                    .iter()
                    .any(|n| name.starts_with(n))
    })
}

/// What a file holds, by its name.
fn classify(ontology: &Ontology, path: &Path) -> Result<Format, Violation> {
    let extension = path.extension().map(|e| e.to_string_lossy());
    let stem = path.file_stem().map(|s| s.to_string_lossy());
    match (extension.as_deref(), stem) {
        (Some("csv"), Some(stem)) => kind_named(ontology, &stem).map(Format::Csv),
        (Some("ndjson" | "jsonl"), _) => Ok(Format::Ndjson),
        _ => Err(Violation::new("is no data file")
            .hint("data files are named County.csv, RETURN_ROUTE.csv or anything.ndjson")),
    }
}
