//! What does `search` answer with? Not for: the operator `search` of filters (`filters`).

use super::definition::{Definition, Kind, Member};
use crate::ontology::Ontology;
use crate::search::Kind as Matched;

/// The root field.
pub(super) fn root(ontology: &Ontology) -> Member {
    let node = ontology.node_type(ontology.node()).names();
    let arguments = vec![
        Member::new("query", "String!").about("What a person types, also while typing."),
        Member::new("types", "[NodeType!]").about("Only nodes of these types; all if not given."),
        Member::new("where", node.where_input()),
        Member::new("first", "Int"),
        Member::new("after", "String"),
    ];
    Member::new("search", "SearchConnection!").with(arguments).about(
        "The nodes of which a text matches, best matches first: Chinese by characters, pinyin and \
         initials, simplified or traditional; words of other languages by their beginnings and with \
         a typo.",
    )
}

/// Its types.
pub(super) fn definitions() -> Vec<Definition> {
    let connection = vec![
        Member::new("totalCount", "Int!").about("How many match in all, not only on this page."),
        Member::new("pageInfo", "PageInfo!"),
        Member::new("nodes", "[Node!]!"),
        Member::new("edges", "[SearchEdge!]!"),
    ];
    let edge = vec![
        Member::new("cursor", "String!"),
        Member::new("score", "Float!")
            .about("From 0 to 1, in the order of the answer; comparable within a search only."),
        Member::new("matched", "SearchMatch!").about("The best match of the node's texts."),
        Member::new("node", "Node!"),
    ];
    let found = vec![
        Member::new("field", "String!").about("The field whose text matches."),
        Member::new("value", "String!").about("The text."),
        Member::new("kind", "SearchMatchKind!").about("How it matches."),
    ];
    vec![
        Definition::object("SearchConnection", connection),
        Definition::object("SearchEdge", edge).about("A node that was found, and how."),
        Definition::object("SearchMatch", found),
        kinds(),
    ]
}

fn kinds() -> Definition {
    let all = [
        (Matched::Exact, "The text is what was typed."),
        (Matched::Prefix, "It begins with what was typed."),
        (
            Matched::Word,
            "Its words or characters have what was typed.",
        ),
        (Matched::Pinyin, "It is read so in pinyin."),
        (Matched::Initials, "The syllables of its pinyin begin so."),
        (
            Matched::Variant,
            "It is so in the other form of Chinese, simplified or traditional.",
        ),
        (Matched::Fuzzy, "It is so but for a typo."),
    ];
    let values = all.map(|(kind, help)| Member::new(kind.name(), "").about(help));
    Definition::new(Kind::Enum, "SearchMatchKind", values.into())
        .about("How a text matches, best first.")
}
