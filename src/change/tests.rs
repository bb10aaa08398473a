//! Rules of one record: what is accepted, what is refused and why.

use super::*;

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
fn symmetric_ends_are_ordered_by_id() {
    let id = |text| crate::value::NodeId::parse(text).unwrap();
    assert!(is_in_order(id("A:b"), id("A:c")) && !is_in_order(id("A:c"), id("A:b")));
    assert!(
        is_in_order(id("A1:x"), id("A:x")),
        "by the whole id, `1` before `:`"
    );
    assert!(is_in_order(id("A:x"), id("A:x")));
}
