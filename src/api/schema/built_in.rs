//! Which types does the API have whatever the ontology? Scalars, enums and small objects. Not for:
//! filters (`filters`) and the description of the ontology (`about`).

use super::definition::{Definition, Kind, Member, members};
use crate::ontology::{EnumType, Ontology};

/// All of them; what is not used is left out of the schema later.
pub(super) fn definitions(ontology: &Ontology) -> Vec<Definition> {
    let mut all = scalars();
    all.extend(ontology.enums.iter().map(of_enum));
    all.push(node_types(ontology));
    all.push(relationship_types(ontology));
    all.extend(small_enums());
    all.extend(objects());
    all.extend(inputs());
    all
}

fn scalars() -> Vec<Definition> {
    let json = "https://www.rfc-editor.org/rfc/rfc8259";
    let instant = "https://www.rfc-editor.org/rfc/rfc3339";
    let all = [
        (
            "BigInt",
            None,
            "A whole number of 64 bits, written as a string.",
        ),
        (
            "Date",
            None,
            "A date as precise as it is known: `2016`, `2016-04` or `2016-04-08`.",
        ),
        (
            "DateTime",
            Some(instant),
            "An instant: `2016-04-08T09:30:00Z`.",
        ),
        (
            "Period",
            None,
            "An interval of dates: `2015/2016`, `2014-10/..` or `../2016-04-08`.",
        ),
        (
            "Point",
            None,
            "A position on the earth (WGS 84) in degrees: `{latitude: 23.3, longitude: 116.17}`.",
        ),
        ("JSON", Some(json), "Any JSON value."),
        ("Revision", None, "A commit, written as a string."),
    ];
    all.map(|(name, url, help)| Definition::new(Kind::Scalar(url), name, Vec::new()).about(help))
        .into()
}

fn of_enum(of: &EnumType) -> Definition {
    let values = of.values.iter().map(|value| {
        Member::new(&value.name, "")
            .describe(value.description.clone())
            .deprecate(&value.deprecated)
    });
    Definition::new(Kind::Enum, &of.name, values.collect()).describe(of.description.clone())
}

fn node_types(ontology: &Ontology) -> Definition {
    let values = ontology.types.iter().map(|of| {
        Member::new(&of.name, "")
            .describe(of.description.clone())
            .deprecate(&of.deprecated)
    });
    Definition::new(Kind::Enum, "NodeType", values.collect())
        .about("The types of nodes, and the interfaces, which stand for all their members.")
}

fn relationship_types(ontology: &Ontology) -> Definition {
    let values = ontology.relationships.iter().map(|of| {
        Member::new(&of.name, "")
            .describe(of.description.clone())
            .deprecate(&of.deprecated)
    });
    Definition::new(Kind::Enum, "RelationshipType", values.collect()).about("The types of edges.")
}

fn small_enums() -> Vec<Definition> {
    let orders = ["ASC", "DESC", "ASC_NULLS_FIRST", "DESC_NULLS_FIRST"];
    let dates = vec![
        Member::new("EXACT", "").about("As it is."),
        Member::new("YEAR", "").about("By its year; of a period both ends."),
        Member::new("MONTH", "").about("By its month, or its year where no month is known."),
    ];
    let compare = ["EQ", "NE", "LT", "LTE", "GT", "GTE"];
    let directions = vec![
        Member::new("OUT", "").about("From the node: it is the source."),
        Member::new("IN", "").about("To the node: it is the target."),
        Member::new("BOTH", "").about("Either way."),
    ];
    vec![
        Definition::new(Kind::Enum, "SortOrder", members(&orders, ""))
            .about("Missing values come last unless named first."),
        Definition::new(Kind::Enum, "CompareOp", members(&compare, "")),
        Definition::new(Kind::Enum, "DateGrouping", dates).about("How dates are grouped."),
        Definition::new(Kind::Enum, "EdgeDirection", directions),
    ]
}

fn objects() -> Vec<Definition> {
    let reference = vec![
        Member::new("source", "Source!"),
        Member::new("locator", "String").about("Where in the source: a page, a section, a table."),
        Member::new("fields", "[String!]").about("For which fields; null: the record as a whole."),
        Member::new("note", "String"),
    ];
    let degree = vec![
        Member::new("type", "RelationshipType!"),
        Member::new("direction", "EdgeDirection!")
            .about("BOTH: the relationship has no direction."),
        Member::new("count", "Int!").about("The number of edges."),
    ];
    let page = vec![
        Member::new("hasNextPage", "Boolean!"),
        Member::new("hasPreviousPage", "Boolean!"),
        Member::new("startCursor", "String"),
        Member::new("endCursor", "String"),
    ];
    vec![
        Definition::object("Reference", reference)
            .about("Which document says so, and where in it."),
        Definition::object("Degree", degree).about("How far a node can be expanded."),
        Definition::object("PageInfo", page),
        Definition::object("LocalizedText", members(&["lang", "value"], "String!"))
            .about("A text and its language, a BCP 47 tag."),
    ]
}

fn inputs() -> Vec<Definition> {
    let sort = vec![
        Member::new("lang", "String!"),
        Member::new("order", "SortOrder!"),
    ];
    let compare = vec![
        Member::new("field", "String!"),
        Member::new("op", "CompareOp!"),
        Member::new("to", "String!"),
    ];
    vec![
        Definition::input("LocalizedSort", sort).about("By the text in one language."),
        Definition::input("Compare", compare).about(
            "Compares two fields of the record, each by its name or a dotted path through to-one \
             fields: `{field: \"shippedDate\", op: GT, to: \"requiredDate\"}`.",
        ),
    ]
}
