//! Does introspection tell what the SDL says?

use super::served;
use super::world::small;
use serde_json::{Map, Value, json};

fn ask(query: &str, variables: Value) -> Value {
    let variables: Map<_, _> = variables.as_object().unwrap().clone();
    let answer = served(&small()).introspect(query, &variables, None);
    serde_json::from_str(&answer.unwrap_or_else(|wrong| panic!("{wrong}"))).unwrap()
}

#[test]
fn an_interface_tells_what_it_implements_and_what_implements_it() {
    let query = r#"{ __type(name: "Place") { kind interfaces { name } possibleTypes { name } } }"#;
    let place = json!({
        "kind": "INTERFACE",
        "interfaces": [{ "name": "Node" }],
        "possibleTypes": [{ "name": "County" }, { "name": "City" }],
    });
    assert_eq!(ask(query, json!({}))["__type"], place);
}

#[test]
fn deprecated_members_are_listed_on_demand() {
    let query = "query ($all: Boolean = false) { __type(name: \"County\") {
        fields(includeDeprecated: $all) { name deprecationReason } } }";
    let area = |answer: Value| {
        let fields = answer["__type"]["fields"].as_array().unwrap().clone();
        fields.into_iter().find(|field| field["name"] == "area")
    };
    assert_eq!(area(ask(query, json!({}))), None);
    let reason = area(ask(query, json!({ "all": true }))).unwrap()["deprecationReason"].clone();
    assert_eq!(reason, "Ask for \"population\" \\ instead.");
}

/// Whatever they are: quotation marks, escapes, indents, blank lines, control characters.
#[test]
fn texts_come_through_unchanged() {
    let texts = [
        "A \"county\".",
        "It says \"\"\"\nand a \\.",
        "ends in \"\n\"",
        "  indented\n    more",
        "first\n  indented\n\nblank, and trailing \n",
        "\n\nleading",
        "\\\"\"\"\n\\",
        "tab\tbell\u{7}\nreturn\r\nend",
        "市 🏙\u{2028}\n# no comment",
    ];
    let query = r#"{ __type(name: "City") { description fields(includeDeprecated: true) {
        name description deprecationReason } } }"#;
    for text in texts {
        let mut ontology = small();
        let city = &mut ontology.types[2];
        city.description = Some(text.to_owned());
        city.properties[0].description = Some(text.to_owned());
        city.properties[0].deprecated = Some(text.to_owned());
        let answer = served(&ontology)
            .introspect(query, &Map::new(), None)
            .unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let fields = answer["__type"]["fields"].as_array().unwrap();
        let name = fields.iter().find(|field| field["name"] == "name").unwrap();
        assert_eq!(answer["__type"]["description"], text);
        assert_eq!(name["description"], text);
        assert_eq!(name["deprecationReason"], text);
    }
}

#[test]
fn fields_merge_and_conditions_hold() {
    let query = "query ($n: String!, $no: Boolean = true) {
        a: __type(name: $n) { name ...T kind @skip(if: $no) }
        a: __type(name: $n) { isOneOf }
        __typename
        none: __type(name: \"Nothing\") { name }
        counties { id }
      }
      fragment T on __Type { __typename name ... on __Type @include(if: $no) { inputFields { name } } }";
    let answer = ask(query, json!({ "n": "SortOrder" }));
    assert_eq!(
        answer,
        json!({
            "a": { "name": "SortOrder", "__typename": "__Type", "inputFields": null, "isOneOf": null },
            "__typename": "Query",
            "none": null,
        })
    );
    let county = ask(query, json!({ "n": "CountySort", "no": false }));
    assert_eq!(county["a"]["isOneOf"], true);
    assert_eq!(county["a"]["kind"], "INPUT_OBJECT");
}

#[test]
fn one_of_is_told_of_inputs_only() {
    let query = "{ __type(name: \"County\") { one: isOneOf ...F }
        in: __type(name: \"CountyWhere\") { isOneOf kind } }
      fragment F on __Type { fields { type { ... { isOneOf kind } } } }";
    let answer = ask(query, json!({}));
    assert_eq!(
        answer["in"].to_string(),
        r#"{"isOneOf":false,"kind":"INPUT_OBJECT"}"#
    );
    assert_eq!(answer["__type"]["one"], Value::Null);
    let wrapped = json!({ "type": { "isOneOf": null, "kind": "NON_NULL" } });
    assert_eq!(answer["__type"]["fields"][0], wrapped);
}

#[test]
fn keys_keep_the_order_of_the_document() {
    let query = "{ __schema { queryType { name kind } } }";
    let answer = served(&small())
        .introspect(query, &Map::new(), None)
        .unwrap();
    assert_eq!(
        &*answer,
        r#"{"__schema":{"queryType":{"name":"Query","kind":"OBJECT"}}}"#
    );
}

#[test]
fn a_question_is_kept_with_its_variables() {
    let served = served(&small());
    let query = "query ($n: String!) { __type(name: $n) { name } }";
    let ask = |name: &str| {
        let variables = Map::from_iter([("n".to_owned(), name.into())]);
        served.introspect(query, &variables, None).unwrap()
    };
    let first = ask("County");
    assert_ne!(first, ask("City"));
    assert!(std::sync::Arc::ptr_eq(&first, &ask("County")));
    for at in 0..10 {
        ask(&format!("Type{at}"));
    }
    assert!(!std::sync::Arc::ptr_eq(&first, &ask("County")), "bounded");
}
