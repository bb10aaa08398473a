//! `guitu check`, `import`, `export`, `verify`: do files go in whole or not at all, and out again?

use super::*;
use std::collections::BTreeMap;

const WRONG: &str = "key,name:zh,location,kind\n\
    good,好,,COUNTY\n\
    bad,坏,\"91,0\",COUNTY\n\
    worse,更坏,,CONTY\n\
    good,再,,COUNTY\n";

fn with_wrong() -> Home {
    let home = Home::new();
    home.write("in/County.csv", WRONG);
    home
}

#[test]
fn right_data_are_said_to_be_right() {
    let home = Home::new();
    says_all(&home.run(["check"]).ok(), &["records in", "are right"]);
    assert!(!home.path("data").exists());
}

#[test]
fn every_error_has_its_file_line_column_and_a_hint() {
    let home = with_wrong();
    let told = home.run(["check", "in"]).refused(&[
        "in/County.csv:3: location: ",
        "in/County.csv:4: kind: ",
        "CONTY",
        "did you mean `COUNTY`",
        "in/County.csv:5: ",
        "hint: ",
        "errors in total",
    ]);
    assert!(!told.contains("County.csv:2: l"), "{told}");
    assert!(!home.path("data").exists());
}

#[test]
fn namesakes_are_a_warning() {
    let home = Home::new();
    let rows = "key,name:en,references\na,Chen,common-knowledge\nb,Chen,common-knowledge\n";
    home.write("in/Person.csv", rows);
    let ran = home.run(["check", "seed", "in"]);
    let told = "warning: Person:a and Person:b have the same name Chen\n  hint: ";
    says_all(&ran.err, &[told]);
    says_all(&ran.ok(), &["are right"]);
}

#[test]
fn a_wrong_ontology_is_shown_with_a_caret() {
    let home = Home::new();
    home.write("o.graphql", "type A @node {\n  name: Strin\n}\n");
    let told = home.run(["check", "--ontology", "o.graphql"]);
    told.refused(&["o.graphql:2:9", "name: Strin", "        ^^^^^", "String"]);
}

#[test]
fn a_missing_path_is_told() {
    let home = Home::new();
    home.run(["check", "nope"]).refused(&["nope: No such file"]);
    home.run(["import", "--no-seed", "nope"])
        .refused(&["nope: No such file"]);
    home.run(["check", "seed/README.md"])
        .refused(&["is no data file", ".ndjson"]);
}

#[test]
fn a_wrong_file_imports_nothing() {
    let home = with_wrong();
    let before = home.query("{ revision counties { id name } }");
    home.run(["import", "in"])
        .refused(&["nothing was imported"]);
    assert_eq!(home.query("{ revision counties { id name } }"), before);
    home.verified();
}

#[test]
fn a_dry_run_tells_but_does_nothing() {
    let home = Home::new();
    let told = home.run(["import", "--no-seed", "--dry-run", "seed"]).ok();
    says_all(&told, &["would be created"]);
    assert_eq!(
        home.run(["query", "--no-seed", "{ revision }"]).ok(),
        "{\n  \"data\": {\n    \"revision\": \"0\"\n  }\n}\n"
    );
}

#[test]
fn a_second_import_changes_nothing() {
    let home = Home::new();
    says_all(
        &home.run(["import", "--no-seed", "seed"]).ok(),
        &["revision 1"],
    );
    says_all(&home.run(["import", "seed"]).ok(), &["nothing changes"]);
    says_all(&home.verified(), &["revision 1"]);
}

#[test]
fn an_import_updates_what_it_names() {
    let home = Home::new();
    home.query("{ revision }");
    home.write("in/County.csv", "key,note:zh\npuning,改过\n");
    let told = home.run(["import", "in"]).ok();
    says_all(&told, &["nodes: 0 created, 1 updated", "revision 2"]);
    let answer = home.query("{ county(key: \"puning\") { name note } }");
    assert_eq!(
        answer["data"]["county"],
        serde_json::json!({"name": "普宁", "note": "改过"})
    );
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    entries
        .map(|path| (name(&path), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

#[test]
fn what_is_exported_imports_to_the_same_graph() {
    let home = Home::new();
    home.query("{ revision }");
    home.run(["export", "out"]).ok();
    let again = ["--data", "again"];
    let import = ["import", "--no-seed", "out"];
    home.run(import.iter().chain(&again).copied()).ok();
    home.run(["export", "out2", "--data", "again"]).ok();
    assert_eq!(files(&home.path("out")), files(&home.path("out2")));
    let counts = |said: String| said.split("revision").nth(1).unwrap().to_owned();
    let verify = home.run(["verify", "--data", "again"]).ok();
    assert_eq!(counts(verify), counts(home.verified()));
    says_all(&home.run(["import", "out"]).ok(), &["nothing changes"]);
}

#[test]
fn an_export_overwrites_nothing() {
    let home = Home::new();
    home.query("{ revision }");
    home.write("full/x", "");
    home.run(["export", "full"])
        .refused(&["full: is not empty", "new or empty"]);
    home.run(["export", "x", "--data", "dta"])
        .refused(&["no data directory dta", "--data"]);
    assert!(!home.path("dta").exists());
    assert!(!home.path("x").exists());
}
