//! Does any text survive a format, and is every format found by its name?

use super::Format;
use super::xml::push_escaped;

#[test]
fn xml_holds_what_it_can() {
    let mut out = String::new();
    push_escaped(&mut out, "a<b>&\"c\"\t\n\r\u{1}\u{ffff}中😀");
    let expected = "a&lt;b&gt;&amp;&quot;c&quot;&#9;&#10;&#13;\u{fffd}\u{fffd}中😀";
    assert_eq!(out, expected);
}

#[test]
fn every_format_has_a_name_and_files() {
    for name in Format::NAMES {
        let files = Format::files(name);
        let named = match files {
            [one] => Format::named(name, None).map(|found| found == *one),
            [nodes, edges] => Format::named(name, Some("nodes")).and_then(|first| {
                let second = Format::named(name, Some("edges"))?;
                Ok((first, second) == (*nodes, *edges))
            }),
            _ => panic!("{name}"),
        };
        assert_eq!(named, Ok(true));
    }
}

#[test]
fn other_names_and_parts_are_refused_with_those_accepted() {
    let hint = |name, part| Format::named(name, part).map_err(|wrong| wrong.hint);
    for name in Format::NAMES {
        assert!(hint("xlsx", None).is_err_and(|hint| hint.contains(name)));
    }
    assert!(hint("csv", None).is_err_and(|hint| hint.contains("part=nodes")));
    assert!(hint("csv", Some("both")).is_err_and(|hint| hint.contains("part=edges")));
    assert!(hint("gexf", Some("nodes")).is_err_and(|hint| hint.contains("csv")));
}
