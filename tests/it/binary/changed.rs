//! Does a data directory open under an ontology that was changed since?

use super::*;
use serde_json::json;

const OLD: &str = "type City @node {\n  name: String!\n  mayor: String\n}\n";

/// A home with two cities under the old ontology.
fn home() -> Home {
    let home = Home::new();
    home.write("o.graphql", OLD);
    home.write("in/City.csv", "key,name,mayor\na,A,Ann\nb,B,\n");
    under(&home, &["import", "in", "--no-seed"]).ok();
    home
}

fn under(home: &Home, arguments: &[&str]) -> Ran {
    home.run(arguments.iter().copied().chain(["--ontology", "o.graphql"]))
}

fn ask(home: &Home, query: &str) -> Value {
    serde_json::from_str(&under(home, &["query", query]).ok()).unwrap()
}

#[test]
fn an_added_type_and_field_work() {
    let home = home();
    home.write(
        "o.graphql",
        "type City @node {\n  name: String!\n  mayor: String\n  size: Int\n  river: River @relationship(type: \"ON\", direction: OUT)\n}\n\
         type River @node { name: String! }\n",
    );
    let answer = ask(
        &home,
        "{ cities { name mayor size river { name } } rivers { name } }",
    );
    let cities = json!([
        {"name": "A", "mayor": "Ann", "size": null, "river": null},
        {"name": "B", "mayor": null, "size": null, "river": null},
    ]);
    assert_eq!(answer["data"], json!({"cities": cities, "rivers": []}));
    home.write("more/River.csv", "key,name\nr,R\n");
    home.write("more/City.csv", "key,size,river\na,5,r\n");
    under(&home, &["import", "more"]).ok();
    let answer = ask(&home, "{ city(key: \"a\") { name size river { name } } }");
    assert_eq!(
        answer["data"]["city"],
        json!({"name": "A", "size": 5, "river": {"name": "R"}})
    );
    home.verified();
}

#[test]
fn what_does_not_fit_is_told_and_nothing_is_lost() {
    let home = home();
    home.write("o.graphql", "type City @node {\n  name: String!\n}\n");
    let told = under(&home, &["query", "{ revision }"]);
    told.refused(&["do not fit", "City", "mayor", "Nothing was changed"]);
    home.write("o.graphql", "type Town @node {\n  name: String!\n}\n");
    let told = under(&home, &["serve", "--listen", "127.0.0.1:0"]);
    told.refused(&["do not fit", "City", "2"]);
    home.write(
        "o.graphql",
        "type City @node {\n  name: String!\n  mayor: String!\n}\n",
    );
    under(&home, &["query", "{ revision }"]).refused(&["do not fit", "City", "mayor", "1"]);
    home.write("o.graphql", OLD);
    assert_eq!(
        ask(&home, "{ cities { mayor } }")["data"]["cities"][0]["mayor"],
        "Ann"
    );
}

#[test]
fn verify_and_export_need_no_ontology() {
    let home = home();
    for link in ["schema.graphql", "o.graphql"] {
        std::fs::remove_file(home.path(link)).unwrap();
    }
    home.verified();
    home.run(["export", "out", "--no-seed"]).ok();
    let city = std::fs::read_to_string(home.path("out/City.csv")).unwrap();
    assert_eq!(city, "key,name,mayor\na,A,Ann\nb,B,\n");
}
