//! Input values: coercion by the specification.

use super::*;
use crate::api::document::{Document, Validator};
use crate::api::error::{ErrorCode, GraphqlError};
use crate::api::limits::Limits;

const SCHEMA: &str = include_str!("../../../tests/validation/schema.graphql");

fn prepared(text: &str) -> Document {
    let validator = Validator::new(SCHEMA, Limits::default()).unwrap();
    let checked = validator.check(text);
    checked.unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

/// The value of `$a` of a type, given the JSON of `variables`.
fn given(ty: &str, variables: &str) -> Result<String, GraphqlError> {
    // Inside a JSON scalar any variable may stand, so that one query serves all types.
    let document = prepared(&format!(
        "query Q($a: {ty}) {{ probeScalars(json: {{a: $a}}) }}"
    ));
    let operation = document.operation(None)?;
    let values = document.variables(operation, Some(variables))?;
    Ok(match operation.variables().value("a", &values) {
        Some(value) => show(value),
        None => "absent".to_owned(),
    })
}

fn show(value: &Input) -> String {
    match value {
        Input::Null => "null".to_owned(),
        Input::Bool(truth) => truth.to_string(),
        Input::Int(number) => number.to_string(),
        Input::Float(number) => format!("{number:?}f"),
        Input::String(text) => format!("{text:?}"),
        Input::Enum(name) => name.to_string(),
        Input::List(items) => {
            let items: Vec<_> = items.iter().map(show).collect();
            format!("[{}]", items.join(" "))
        }
        Input::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| format!("{name}:{}", show(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(" "))
        }
    }
}

#[track_caller]
fn accepts(ty: &str, json: &str, shown: &str) {
    let value = given(ty, &format!("{{\"a\": {json}}}"));
    assert_eq!(value.as_deref(), Ok(shown), "{ty} {json}");
}

#[track_caller]
fn refuses(ty: &str, json: &str, message: &str) {
    let error = given(ty, &format!("{{\"a\": {json}}}")).unwrap_err();
    assert_eq!(error.message, message, "{ty} {json}");
    assert_eq!(error.code, ErrorCode::BadUserInput);
}

#[test]
fn whole_numbers() {
    accepts("Int", "2147483647", "2147483647");
    accepts("Int", "-2147483648", "-2147483648");
    accepts("Int", "1.0", "1");
    accepts("Int", "1e3", "1000");
    accepts("Int", "-0", "0");
    refuses(
        "Int",
        "2147483648",
        "variable `$a`: expected Int, found 2147483648",
    );
    refuses("Int", "1.5", "variable `$a`: expected Int, found 1.5");
    refuses("Int", "\"1\"", "variable `$a`: expected Int, found \"1\"");
    refuses("Int", "true", "variable `$a`: expected Int, found true");
    refuses("Int", "[1]", "variable `$a`: expected Int, found a list");
    refuses("Int", "{}", "variable `$a`: expected Int, found an object");
    accepts("BigInt", "9223372036854775807", "9223372036854775807");
    accepts("BigInt", "\"-9223372036854775808\"", "-9223372036854775808");
    let beyond = "variable `$a`: expected BigInt, found 9223372036854775808";
    refuses("BigInt", "9223372036854775808", beyond);
    refuses(
        "BigInt",
        "\"x\"",
        "variable `$a`: expected BigInt, found \"x\"",
    );
    refuses("BigInt", "0.5", "variable `$a`: expected BigInt, found 0.5");
}

#[test]
fn other_scalars() {
    accepts("Float", "1", "1.0f");
    accepts("Float", "1.5e-3", "0.0015f");
    accepts("Float", "18446744073709551615", "1.8446744073709552e19f");
    refuses(
        "Float",
        "\"1\"",
        "variable `$a`: expected Float, found \"1\"",
    );
    accepts("String", "\"\\u666e\\n\"", "\"普\\n\"");
    refuses("String", "1", "variable `$a`: expected String, found 1");
    accepts("Boolean", "false", "false");
    refuses("Boolean", "0", "variable `$a`: expected Boolean, found 0");
    accepts("ID", "\"County:a\"", "\"County:a\"");
    accepts("ID", "18446744073709551615", "\"18446744073709551615\"");
    accepts("ID", "7.0", "\"7\"");
    refuses("ID", "7.5", "variable `$a`: expected ID, found 7.5");
    accepts("Kind", "\"BANNER\"", "BANNER");
    refuses(
        "Kind",
        "\"TOWN\"",
        "variable `$a`: expected Kind, found \"TOWN\"",
    );
    refuses("Kind", "1", "variable `$a`: expected Kind, found 1");
    accepts("Date", "\"2016-04\"", "\"2016-04\"");
    refuses("Date", "2016", "variable `$a`: expected Date, found 2016");
}

#[test]
fn hints_say_what_is_accepted() {
    let hint = |ty, json| given(ty, json).unwrap_err().hint.unwrap();
    let wrong = "{\"a\": [[1]]}";
    assert_eq!(
        hint("Kind", wrong),
        "accepted: BANNER, COUNTY_LEVEL_CITY, PLAIN_COUNTY"
    );
    assert!(hint("Date", wrong).contains("\"2016-04\""));
    assert!(hint("Int", wrong).contains("2147483647"));
    assert!(hint("CitySort", "{\"a\": {\"x\": 1}}").ends_with("code, name"));
}

#[test]
fn points_and_json() {
    accepts(
        "Point",
        r#"{"longitude": 2, "latitude": 1.5}"#,
        "{longitude:2.0f latitude:1.5f}",
    );
    refuses(
        "Point",
        r#"{"latitude": 1}"#,
        "variable `$a`: expected Point, found other fields",
    );
    refuses(
        "Point",
        r#"{"lat": 1, "lon": 2}"#,
        "variable `$a`: expected Point, found other fields",
    );
    refuses(
        "Point",
        "\"1,2\"",
        "variable `$a`: expected Point, found \"1,2\"",
    );
    let any = r#"{"a": [1, null, {"b": true}], "c": 1.5, "d": "x"}"#;
    accepts("JSON", any, r#"{a:[1 null {b:true}] c:1.5f d:"x"}"#);
    accepts("JSON", "[[1]]", "[[1]]");
    accepts("[JSON]", "1", "[1]");
    refuses(
        "JSON",
        r#"{"a": 1, "a": 2}"#,
        "variable `$a`: the field `a` is given more than once",
    );
}

#[test]
fn null_absence_and_defaults() {
    accepts("Int", "null", "null");
    refuses("Int!", "null", "variable `$a`: expected Int!, found null");
    assert_eq!(given("Int", "{}").as_deref(), Ok("absent"));
    assert_eq!(given("Int = 3", "{}").as_deref(), Ok("3"));
    assert_eq!(given("Int = 3", "null").as_deref(), Ok("3"));
    assert_eq!(given("Int = 3", "{\"a\": null}").as_deref(), Ok("null"));
    assert_eq!(given("Int! = 3", "{}").as_deref(), Ok("3"));
    assert_eq!(given("[Int!] = 3", "{}").as_deref(), Ok("[3]"));
    let error = given("[Int!]!", "{\"b\": 1}").unwrap_err();
    assert_eq!(error.message, "variable `$a` of type [Int!]! is missing");
    assert_eq!(error.hint.as_deref(), Some("add \"a\" to `variables`"));
}

#[test]
fn lists() {
    accepts("[Int]", "[1, null, 2]", "[1 null 2]");
    accepts("[Int]", "1", "[1]");
    accepts("[[Int]]", "1", "[[1]]");
    accepts("[[Int]]", "[1, [2], null]", "[[1] [2] null]");
    accepts("[Int]", "null", "null");
    accepts("[CitySort!]", r#"{"code": "ASC"}"#, "[{code:ASC}]");
    refuses(
        "[Int!]",
        "[1, null]",
        "variable `$a[1]`: expected Int!, found null",
    );
    refuses(
        "[[Int!]]",
        "[[1], [2, \"3\"]]",
        "variable `$a[1][1]`: expected Int!, found \"3\"",
    );
    refuses(
        "[Int]",
        "[[1]]",
        "variable `$a[0]`: expected Int, found a list",
    );
}

#[test]
fn input_objects() {
    accepts(
        "CountyInput",
        r#"{"name": "a"}"#,
        "{name:\"a\" population:0 kind:PLAIN_COUNTY}",
    );
    accepts(
        "CountyInput",
        r#"{"kind": "BANNER", "name": "a", "population": null}"#,
        "{kind:BANNER name:\"a\" population:null}",
    );
    refuses(
        "CountyInput",
        "{}",
        "variable `$a`: the field `name` of type String! is missing",
    );
    refuses(
        "CountyInput",
        r#"{"name": null}"#,
        "variable `$a.name`: expected String!, found null",
    );
    refuses(
        "CountyInput",
        r#"{"name": "a", "kind": null}"#,
        "variable `$a.kind`: expected Kind!, found null",
    );
    refuses(
        "CountyInput",
        r#"{"name": "a", "name": "b"}"#,
        "variable `$a`: the field `name` is given more than once",
    );
    refuses(
        "CountyInput",
        r#"{"nme": "a"}"#,
        "variable `$a`: the type CountyInput has no field `nme`",
    );
    let deep = r#"{"AND": [{"name": {"in": ["a", 1]}}]}"#;
    refuses(
        "CountyWhere",
        deep,
        "variable `$a.AND[0].name.in[1]`: expected String!, found 1",
    );
    refuses(
        "CountyWhere",
        "\"all\"",
        "variable `$a`: expected CountyWhere, found \"all\"",
    );
}

#[test]
fn one_of() {
    accepts("CitySort", r#"{"name": "ASC"}"#, "{name:ASC}");
    refuses(
        "CitySort",
        "{}",
        "variable `$a`: CitySort takes exactly one field, found none",
    );
    let two = r#"{"name": "ASC", "code": "DESC"}"#;
    refuses(
        "CitySort",
        two,
        "variable `$a`: CitySort takes exactly one field, found 2",
    );
    let null = r#"{"name": null}"#;
    refuses(
        "CitySort",
        null,
        "variable `$a`: CitySort takes exactly one field, found one that is null",
    );
    refuses(
        "[CitySort!]",
        "[{}]",
        "variable `$a[0]`: CitySort takes exactly one field, found none",
    );
}

#[test]
fn the_object_of_variables() {
    let message = |text| given("Int", text).unwrap_err().message;
    assert_eq!(
        message("[]"),
        "`variables` must be a JSON object, found a list"
    );
    assert_eq!(
        message("\"x\""),
        "`variables` must be a JSON object, found a string"
    );
    assert_eq!(
        message("{\"a\": 1, \"a\": 1}"),
        "variable `$a`: it is given more than once"
    );
    assert!(message("{\"a\": 1").starts_with("`variables` is not JSON"));
    assert!(message("{\"a\": 1} x").starts_with("`variables` is not JSON"));
    assert!(message("{\"a\": 1e999}").starts_with("`variables` is not JSON"));
    assert_eq!(
        given("Int", "{\"b\": {\"c\": [1]}, \"a\": 1}").as_deref(),
        Ok("1")
    );
}

#[test]
fn nesting_is_limited() {
    let deep = |levels: usize| format!("{{\"a\": {}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(given("JSON", &deep(100)).is_ok());
    let error = given("JSON", &deep(101)).unwrap_err();
    assert_eq!(error.code, ErrorCode::LimitExceeded);
    let objects = format!("{{\"a\": {}", "{\"NOT\":".repeat(5_000));
    let error = given("CountyWhere", &objects).unwrap_err();
    assert_eq!(error.code, ErrorCode::LimitExceeded);
    let unknown = format!("{{\"b\": {}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    assert_eq!(given("Int", &unknown).as_deref(), Ok("absent"));
}

/// The arguments of the only root field, with `variables`.
fn arguments(text: &str, variables: &str) -> Result<String, GraphqlError> {
    let validator = Validator::new(SCHEMA, Limits::default()).unwrap();
    let document = validator
        .check(text)
        .unwrap_or_else(|errors| panic!("{errors:?}"));
    let operation = document.operation(None)?;
    let values = document.variables(operation, Some(variables))?;
    let field = operation.node().selection_set.fields().next().unwrap();
    let given = (&field.arguments, &field.definition.arguments);
    let table = operation.variables();
    let compiled = Arguments::compile(given.0, given.1, validator.types(), table).unwrap();
    let values = compiled.evaluate(&values)?;
    Ok(show(&Input::Object(values.into())))
}

#[track_caller]
fn becomes(text: &str, variables: &str, shown: &str) {
    assert_eq!(arguments(text, variables).as_deref(), Ok(shown), "{text}");
}

#[test]
fn arguments_from_literals() {
    becomes("{ probeRequired(a: 1) }", "{}", "{a:1 b:1}");
    becomes(
        "{ probeLists(whole: 1, deep: [1, [2]]) }",
        "{}",
        "{whole:[1] deep:[[1] [2]]}",
    );
    becomes(
        "{ probeInput(county: {name: \"a\"}) }",
        "{}",
        "{county:{name:\"a\" population:0 kind:PLAIN_COUNTY}}",
    );
    becomes(
        "{ probeScalars(id: 7, float: 1, big: \"5\", kind: BANNER, json: {a: [B, 1]}) }",
        "{}",
        "{float:1.0f id:\"7\" kind:BANNER big:5 json:{a:[\"B\" 1]}}",
    );
}

#[test]
fn arguments_from_variables() {
    let text = "query($a: Int!, $b: Int) { probeRequired(a: $a, b: $b, c: $b) }";
    becomes(text, "{\"a\": 2}", "{a:2 b:1}");
    becomes(text, "{\"a\": 2, \"b\": 3}", "{a:2 b:3 c:3}");
    let error = arguments(text, "{\"a\": 2, \"b\": null}").unwrap_err();
    assert_eq!(
        error.message,
        "argument `b`: the variable `$b` is null or absent"
    );
    let text = "query($a: Int = 5) { probeRequired(a: $a) }";
    becomes(text, "{}", "{a:5 b:1}");
    assert!(arguments(text, "{\"a\": null}").is_err());
    let text = "query($a: Int) { probeLists(list: [1, $a], whole: []) }";
    becomes(text, "{}", "{list:[1 null] whole:[]}");
    becomes(text, "{\"a\": 2}", "{list:[1 2] whole:[]}");
    let text = "query($n: String!, $k: Kind, $p: Int) { probeInput(county: {name: $n, kind: $k, population: $p}) }";
    becomes(
        text,
        "{\"n\": \"a\"}",
        "{county:{name:\"a\" kind:PLAIN_COUNTY population:0}}",
    );
    becomes(
        text,
        "{\"n\": \"a\", \"p\": null}",
        "{county:{name:\"a\" kind:PLAIN_COUNTY population:null}}",
    );
    let error = arguments(text, "{\"n\": \"a\", \"k\": null}").unwrap_err();
    assert_eq!(
        error.message,
        "argument `county.kind`: the variable `$k` is null or absent"
    );
    let text = "query($a: [Kind!]) { probeScalars(json: {x: $a, y: [$a]}) }";
    becomes(
        text,
        "{\"a\": \"BANNER\"}",
        "{json:{x:[BANNER] y:[[BANNER]]}}",
    );
    becomes(text, "{}", "{json:{y:[null]}}");
}
