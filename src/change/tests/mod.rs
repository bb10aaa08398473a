//! Rules of one record: what is accepted, what is refused and why.

mod together;
mod transactions;
mod world;

use super::*;
use crate::ontology::Ontology;
use crate::value::Value;
use std::sync::Arc;

#[test]
fn language_tags_are_well_formed() {
    for tag in [
        "zh",
        "en-GB",
        "zh-Hant-TW",
        "sl-rozaj-biske",
        "de-CH-1901",
        "x-own",
        "zh-yue",
        "en-a-bbb-x-a",
        "es-419",
        "i-klingon-x-a",
    ] {
        assert_eq!(check_language(tag).is_ok(), !tag.starts_with("i-"), "{tag}");
    }
    for tag in [
        "",
        "z",
        "zh_CN",
        "zh-",
        "-zh",
        "中文",
        "abcdefghi",
        "en-a",
        "x",
    ] {
        assert!(check_language(tag).is_err(), "{tag}");
    }
}

#[test]
fn names_close_to_known_ones_are_suggested() {
    let known = ["key", "name", "partOf"];
    assert_eq!(
        suggest("partof", known).as_deref(),
        Some("did you mean `partOf`?")
    );
    assert_eq!(
        suggest("nmae", known).as_deref(),
        Some("did you mean `name`?")
    );
    assert_eq!(
        suggest("population", known).as_deref(),
        Some("known are key, name, partOf")
    );
}

#[test]
fn keys_are_one_line_of_text() {
    assert!(check_key("a:b c").is_ok() && check_key("普宁").is_ok());
    for key in ["", " a", "a ", "a\nb"] {
        assert!(check_key(key).is_err(), "{key:?}");
    }
}

#[test]
fn one_record_keeps_the_rules_of_its_kind() {
    let sdl = "extend schema @cited
        type City @node { name: String! @localized  size: Int @range(min: 1)  tags: [Tag!]!
            twins: [City!]! @relationship(type: \"TWIN\", symmetric: true) }
        enum Tag { OLD NEW }";
    let ontology = Ontology::parse("schema.graphql", sdl).unwrap();
    let of = ontology.type_named("City").unwrap();
    let rules = Rules::new(Arc::new(ontology)).unwrap();
    let city = Kind::Node(of);
    let says = |property, value| {
        let wrong = rules.check_value(city, property, &value).unwrap_err();
        wrong.to_string()
    };
    let text = |tag: &str| Value::Texts(vec![(tag.into(), "x".into())]);
    assert!(rules.check_value(city, 0, &text("zh-Hant")).is_ok());
    assert!(says(0, text("zh_Hant")).contains("no language tag"));
    assert!(says(0, Value::Str("x".into())).contains("needs a language"));
    assert!(says(1, Value::Int(0)).contains("1 or more is accepted"));
    assert!(says(1, Value::Int(1 << 31)).contains("32-bit"));
    assert!(says(1, Value::Str("1".into())).contains("whole number"));
    assert!(says(2, Value::Enum(0)).contains("must be a list"));
    assert!(says(2, Value::List(vec![Value::Enum(2)])).contains("no position"));
    assert!(rules.check_value(city, 2, &Value::Null).is_ok());
    assert!(
        rules.check_required(city, |at| at != 0).is_ok(),
        "lists may be unset"
    );
    assert!(rules.check_required(city, |at| at == 0).is_err());
    assert!(rules.check_cited(city, 0).is_err() && rules.check_cited(city, 1).is_ok());
    assert!(rules.check_cited(Kind::Node(Ontology::SOURCE), 0).is_ok());
}
