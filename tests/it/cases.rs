//! Is the answer, and the way to it, what the case file says, and is the answer the same without a
//! plan? One Markdown file per case: a `graphql`
//! block, perhaps a `variables` block, then the `plan` with its work counts and the `json` answer,
//! which `UPDATE_EXPECT=1` rewrites.

use crate::world::{World, root};
use std::fmt::Write;
use std::path::Path;

#[test]
fn the_bundled_graph() {
    check("tests/cases/seed", World::seed());
}

#[test]
fn the_world_of_films() {
    check("tests/cases/film", World::film());
}

#[test]
fn the_world_of_harbours() {
    check("tests/cases/harbour", World::harbour());
}

fn check(folder: &str, world: &World) {
    let mut files: Vec<_> = std::fs::read_dir(root().join(folder))
        .expect("cases")
        .flatten()
        .collect();
    files.sort_by_key(|file| file.path());
    assert!(!files.is_empty(), "no cases in {folder}");
    let naive = World::over(world.snapshot.clone()).naive();
    let mut wrong = String::new();
    for file in files {
        if let Err(difference) = check_case(&file.path(), world, &naive) {
            let _ = writeln!(wrong, "== {}\n{difference}", file.path().display());
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\nUPDATE_EXPECT=1 accepts the new answers"
    );
}

fn check_case(path: &Path, world: &World, naive: &World) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let block = |name: &str| block(&text, name);
    let query = block("graphql").ok_or("no `graphql` block")?;
    let variables = block("variables");
    let head = text
        .split("\n```plan")
        .next()
        .unwrap_or(&text)
        .split("\n```json")
        .next()
        .unwrap_or(&text);
    let answer = world.ask(query, variables);
    let other = naive.ask(query, variables);
    if other != answer {
        let (planned, other) = (format!("{answer:#}"), format!("{other:#}"));
        return Err(format!("without a plan:\n{}", difference(&planned, &other)));
    }
    let plan = world.explain(query, variables);
    let plan = if plan.is_empty() {
        String::new()
    } else {
        format!("\n```plan\n{plan}```\n")
    };
    let now = format!("{}\n{plan}\n```json\n{answer:#}\n```\n", head.trim_end());
    if now == text {
        return Ok(());
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return std::fs::write(path, now).map_err(|error| error.to_string());
    }
    Err(difference(&text, &now))
}

/// The text of the first fenced block of this name.
pub fn block<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let start = text.find(&format!("```{name}\n"))? + name.len() + 4;
    let end = text[start..].find("\n```")? + start;
    Some(&text[start..end])
}

/// The lines that differ, the wanted ones with `-`, the present ones with `+`.
pub fn difference(wanted: &str, now: &str) -> String {
    let (wanted, now): (Vec<_>, Vec<_>) = (wanted.lines().collect(), now.lines().collect());
    let lines = 0..wanted.len().max(now.len());
    let pairs = lines
        .map(|at| (wanted.get(at), now.get(at)))
        .filter(|(a, b)| a != b);
    pairs
        .take(20)
        .map(|(a, b)| format!("- {}\n+ {}\n", a.unwrap_or(&""), b.unwrap_or(&"")))
        .collect()
}
