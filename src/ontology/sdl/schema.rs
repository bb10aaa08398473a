//! What does `extend schema` set for the whole graph? Not for: types.

use super::directives::{Directives, Place};
use super::report::{Located, Report};
use apollo_compiler::Node;
use apollo_compiler::ast::{DirectiveList, Value};

/// Settings of the whole graph.
pub(super) struct Settings {
    pub cited: bool,
    pub languages: Vec<String>,
}

/// Reads the directives of `extend schema`.
pub(super) fn settings(report: &mut Report, directives: &DirectiveList) -> Settings {
    let directives = Directives::check(report, directives, Place::Schema);
    let tags = directives
        .find("languages")
        .and_then(|given| given.argument("tags"));
    Settings {
        cited: directives.find("cited").is_some(),
        languages: tags.map_or_else(|| vec!["en".to_owned()], |tags| languages(report, tags)),
    }
}

fn languages(report: &mut Report, tags: &Node<Value>) -> Vec<String> {
    let items = tags.as_list().unwrap_or_default();
    if items.is_empty() {
        report
            .error("`@languages` must name a language")
            .at(tags.span(), "")
            .help("write tags: [\"zh\", \"en\"], the first being the first choice");
    }
    let mut found: Vec<String> = Vec::new();
    for item in items {
        let tag = item.as_str().unwrap_or_default();
        if !is_language_tag(tag) {
            report
                .error(format!("\"{tag}\" is not a language tag"))
                .at(item.span(), "")
                .help("write a BCP 47 tag, such as \"zh\", \"en\" or \"zh-Hant\"");
        } else if found.iter().any(|known| known == tag) {
            report
                .error(format!("the language \"{tag}\" is named twice"))
                .at(item.span(), "")
                .help("leave one of them out");
        } else {
            found.push(tag.to_owned());
        }
    }
    found
}

fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=8).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}
