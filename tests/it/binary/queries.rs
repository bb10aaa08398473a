//! `guitu query` and `guitu schema`: are answers printed as asked, and refusals told?

use super::*;
use serde_json::json;

const BY_KEY: &str = "query($key: String!) { county(key: $key) { id name } }";

#[test]
fn answers_are_json() {
    let home = Home::new();
    let answer = home.query("{ county(key: \"puning\") { id name } }");
    assert_eq!(
        answer,
        json!({"data": {"county": {"id": "County:puning", "name": "普宁"}}})
    );
}

#[test]
fn variables_and_files_and_standard_input_are_taken() {
    let home = Home::new();
    home.write("by-key.graphql", BY_KEY);
    let variables = ["--variables", "{\"key\": \"shishi\"}"];
    let by_file = ["query", "-f", "by-key.graphql"];
    let answer = home.run(by_file.iter().chain(&variables).copied()).ok();
    says_all(&answer, &["County:shishi", "石狮"]);

    let mut command = home.command(["query", variables[0], variables[1]]);
    command.stdin(std::fs::File::open(home.path("by-key.graphql")).unwrap());
    assert_eq!(ran(&mut command).ok(), answer);
}

#[test]
fn one_of_several_operations_is_chosen() {
    let home = Home::new();
    let text = "query A { county(key: \"puning\") { id } } query B { revision }";
    let ran = home.run(["query", "--no-seed", "--operation", "B", text]);
    says_all(&ran.ok(), &["\"revision\": \"0\""]);
    let ran = home.run(["query", text]);
    assert_eq!(ran.code, Some(1));
    says_all(&ran.out, &["A, B"]);
}

const FIRST: &str = "{ counties(limit: 2, where: {key: {in: [\"anxi\", \"puning\"]}}) { id name partOf { name } } }";

#[test]
fn a_table_has_aligned_columns() {
    let home = Home::new();
    let table = home.run(["query", "--output", "table", FIRST]).ok();
    let expected = "id             name  partOf.name\n\
                    -------------  ----  -----------\n\
                    County:anxi    安溪  泉州\n\
                    County:puning  普宁  揭阳\n";
    assert_eq!(table, expected);
}

#[test]
fn csv_has_a_header_and_quotes_what_needs_it() {
    let home = Home::new();
    let csv = home.run(["query", "--output", "csv", FIRST]).ok();
    let expected = "id,name,partOf.name\nCounty:anxi,安溪,泉州\nCounty:puning,普宁,揭阳\n";
    assert_eq!(csv, expected);
    let film = [
        "query",
        "--output",
        "csv",
        "{ films(where: {key: {eq: \"odyssey\"}}) { title(lang: [\"fr\"]) } }",
    ];
    let csv = home
        .run(film.iter().chain(&FILM).copied().chain(["--data", "film"]))
        .ok();
    assert_eq!(csv, "title\n\"2001, l'Odyssée de l'espace\"\n");
}

#[test]
fn nothing_found_is_no_row() {
    let home = Home::new();
    for output in ["table", "csv"] {
        let ran = home.run(["query", "--no-seed", "--output", output, FIRST]);
        assert_eq!(ran.ok(), "");
    }
}

#[test]
fn explain_tells_the_plan_and_the_work() {
    let home = Home::new();
    let query = "{ counties(where: {name: {eq: \"普宁\"}}) { id } }";
    let plan = home.run(["query", "--explain", query]).ok();
    says_all(&plan, &["counties\n", "index name", "work: 1 candidates"]);
    assert!(!plan.contains("County:puning"), "{plan}");
    let wrong = home.run(["query", "--explain", "{ countie { id } }"]);
    wrong.refused(&["countie", "counties"]);
}

#[test]
fn refusals_are_json_or_sentences_and_end_with_1() {
    let home = Home::new();
    let wrong = "{ countie { id } }";
    let json = home.run(["query", "--no-seed", wrong]);
    assert_eq!(json.code, Some(1));
    let answer: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(error(&answer).0, "GRAPHQL_VALIDATION_FAILED");
    for output in ["table", "csv"] {
        let ran = home.run(["query", "--output", output, wrong]);
        assert_eq!(ran.out, "");
        ran.refused(&[
            "`countie` (line 1, column 3)",
            "hint: did you mean `counties`?",
        ]);
    }
}

#[test]
fn an_error_at_a_field_ends_with_1_too() {
    let home = Home::new();
    let wrong = "{ counties(where: {name: {eq: null}}) { id } }";
    let ran = home.run(["query", "--no-seed", wrong]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    let ran = home.run(["query", "--output", "csv", wrong]);
    ran.refused(&["counties: where.name.eq", "isNull"]);
}

#[test]
fn wrong_input_is_told() {
    let home = Home::new();
    let query =
        |more: &[&'static str]| home.run(["query", "--no-seed"].iter().chain(more).copied());
    query(&["-f", "nope.graphql"]).refused(&["nope.graphql: No such file"]);
    query(&[BY_KEY, "--variables", "{key"]).refused(&["--variables", "JSON"]);
    for (variables, says) in [("[1]", "object"), ("{}", "$key"), ("{\"key\": 1}", "$key")] {
        let ran = query(&[BY_KEY, "--variables", variables]);
        assert_eq!(ran.code, Some(1));
        says_all(&ran.out, &[says, "BAD_USER_INPUT"]);
    }
    let empty = query(&[""]);
    assert_eq!(empty.code, Some(1));
    says_all(&empty.out, &["GRAPHQL_PARSE_FAILED"]);
}

#[test]
fn limits_hold_here_too() {
    let home = Home::new();
    let deep = "{ counties { partOf { partOf { id } } } }";
    for (limit, of, says) in [
        ("--max-depth", "2", "depth"),
        ("--max-fields", "2", "fields"),
        ("--max-cost", "10", "cost"),
        ("--max-answer", "20", "answer size"),
    ] {
        let ran = home.run(["query", "--output", "csv", limit, of, deep]);
        ran.refused(&[says, "hint: "]);
    }
}

#[test]
fn a_reader_that_leaves_is_no_error_and_a_full_disk_is_one() {
    let home = Home::new();
    for verb in [
        &["query", "{ places { id } }"][..],
        &["schema"],
        &["verify"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ran = home.command(verb.iter().copied()).stdout(writer).output();
        let ran = ran.unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(ran.status.success() && !said.contains("panicked"), "{said}");
        let full = std::fs::File::create("/dev/full").unwrap();
        let ran = home.command(verb.iter().copied()).stdout(full).output();
        let ran = ran.unwrap();
        assert_eq!(ran.status.code(), Some(1));
        says_all(
            &String::from_utf8(ran.stderr).unwrap(),
            &["standard output: No space"],
        );
    }
}
