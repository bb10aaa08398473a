//! Is the house in order? Layers, where a library may be named, length of files and functions,
//! module docs, licences of what is linked, and links in the documents.

use crate::world::root;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up; a room uses only rooms before its line.
const LAYERS: &[&[&str]] = &[
    &["value", "trace"],
    &["ontology"],
    &["search"],
    &["store", "graph"],
    &["change"],
    &["db", "plan"],
    &["access", "exec"],
    &["api", "exchange"],
    &["server"],
    &["commands", "config", "main"],
];

/// Libraries and the only rooms that name them.
const ONLY_HERE: &[(&str, &[&str])] = &[
    ("sled", &["store"]),
    ("petgraph", &["graph"]),
    ("fst", &["search"]),
    ("hanconv", &["search"]),
    ("async_graphql", &["api", "server"]),
    ("async_graphql_axum", &["server"]),
    ("apollo_compiler", &["api", "ontology"]),
    ("axum", &["server"]),
    ("hyper", &["server", "trace"]),
    ("opentelemetry", &["trace"]),
    ("opentelemetry_http", &["trace"]),
    ("opentelemetry_otlp", &["trace"]),
    ("opentelemetry_sdk", &["trace"]),
    ("clap", &["config", "main"]),
    ("csv", &["exchange", "commands"]),
    ("jsonwebtoken", &["access"]),
    ("argon2", &["access"]),
    ("toml", &["access"]),
];

const LONGEST_FILE: usize = 500;
const LONGEST_FUNCTION: usize = 60;

/// A source file, its room and its text.
struct Source {
    path: PathBuf,
    room: String,
    text: String,
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("node_modules") {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut paths = Vec::new();
    files(&src, "rs", &mut paths);
    let source = |path: PathBuf| {
        let inside = path.strip_prefix(&src).expect("in src");
        let first = inside.components().next().expect("a name");
        let room = Path::new(first.as_os_str()).with_extension("");
        let text = fs::read_to_string(&path).expect("text");
        Source {
            room: room.display().to_string(),
            path,
            text,
        }
    };
    paths.into_iter().map(source).collect()
}

fn told(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The lines of code, without comments.
fn code(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.text.lines().enumerate();
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn level(room: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&room))
}

#[test]
fn rooms_use_only_rooms_below_them() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| s.room != "lib") {
        let own = level(&source.room);
        assert!(own.is_some(), "{} is in no layer", source.path.display());
        for (at, line) in code(source) {
            for (start, _) in line.match_indices("crate::") {
                let rest = &line[start + 7..];
                let room: String = rest
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let above = level(&room).is_some_and(|other| Some(other) >= own);
                let beside = own == Some(LAYERS.len() - 1);
                if room != source.room && above && !beside {
                    wrong.push(format!("{}:{} uses {room}", source.path.display(), at + 1));
                }
            }
        }
    }
    told(&wrong);
}

#[test]
fn libraries_are_named_only_in_their_rooms() {
    let mut wrong = Vec::new();
    for source in &sources() {
        for (at, line) in code(source) {
            for (library, rooms) in ONLY_HERE {
                let path = format!("{library}::");
                let named = line.match_indices(&path).any(|(start, _)| {
                    let before = line[..start].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
                });
                if named && !rooms.contains(&source.room.as_str()) {
                    wrong.push(format!(
                        "{}:{} names {library}",
                        source.path.display(),
                        at + 1
                    ));
                }
            }
        }
    }
    told(&wrong);
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut paths = Vec::new();
    for folder in ["src", "tests", "benches"] {
        files(&root().join(folder), "rs", &mut paths);
    }
    let mut wrong = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("text");
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!("{} has {lines} lines", path.display()));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{} does not begin with //!", path.display()));
        }
    }
    told(&wrong);
}

#[test]
fn functions_are_short() {
    let mut wrong = Vec::new();
    let own = |source: &&Source| {
        !source
            .path
            .components()
            .any(|part| part.as_os_str() == "tests")
    };
    for source in sources().iter().filter(own) {
        let mut open: Option<(usize, String)> = None;
        for (at, line) in source.text.lines().enumerate() {
            let indent = &line[..line.len() - line.trim_start().len()];
            let head = line.trim_start();
            let starts = [
                "fn ",
                "pub fn ",
                "async fn ",
                "pub async fn ",
                "pub(crate) fn ",
                "pub(super) fn ",
            ];
            if open.is_none()
                && starts.iter().any(|start| head.starts_with(start))
                && !line.ends_with(';')
            {
                open = Some((at, format!("{indent}}}")));
            }
            if let Some((start, end)) = &open
                && line == end
            {
                if at - start >= LONGEST_FUNCTION {
                    wrong.push(format!(
                        "{}:{} has {} lines",
                        source.path.display(),
                        start + 1,
                        at - start + 1
                    ));
                }
                open = None;
            }
        }
    }
    told(&wrong);
}

#[test]
fn linked_crates_have_allowed_licences() {
    let deny = fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let list = deny
        .split("allow = [")
        .nth(1)
        .and_then(|rest| rest.split(']').next())
        .expect("a list");
    let allowed: BTreeSet<&str> = list.split('"').skip(1).step_by(2).collect();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = std::process::Command::new(cargo)
        .args([
            "tree",
            "--locked",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
        ])
        .args(["--format", "{p}\t{l}"])
        .current_dir(root())
        .output()
        .expect("cargo tree");
    let listed = String::from_utf8(output.stdout).expect("text");
    assert!(listed.contains("sled"), "cargo tree says nothing");
    let crates = listed.lines().filter_map(|line| line.split_once('\t'));
    let wrong: Vec<String> = crates
        .filter(|(_, licence)| !is_allowed(licence.trim_end_matches(" (*)"), &allowed))
        .filter(|(name, _)| !deny.contains(&format!("crate = \"{}\"", name.replacen(" v", "@", 1))))
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    told(&wrong);
}

/// Whether an SPDX expression can be met: one of each alternative, all of each conjunction.
fn is_allowed(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let plain = licence.replace(['(', ')'], "").replace('/', " OR ");
    let each = |term: &str| {
        term.split(" AND ")
            .all(|name| allowed.contains(name.trim()))
    };
    plain.split(" OR ").any(each)
}

#[test]
fn documents_link_to_what_exists() {
    let mut paths = Vec::new();
    for file in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ] {
        paths.push(root().join(file));
    }
    files(&root().join("docs"), "md", &mut paths);
    files(&root().join("seed"), "md", &mut paths);
    let mut wrong = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("no {}", path.display()));
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let file = link.split('#').next().unwrap_or_default();
            let outside = file.is_empty() || file.contains("://");
            if !outside && !path.with_file_name(file).exists() {
                wrong.push(format!("{}: {link}", path.display()));
            }
        }
    }
    told(&wrong);
}
