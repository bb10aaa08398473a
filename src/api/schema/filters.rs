//! Which operators does a value's filter have? The inputs that every type shares, and those of the
//! enums. Not for: the `where` of a type, which is made of these (`wheres`).

use super::definition::{Definition, Member, members};
use crate::ontology::{EnumType, Ontology};

const SAME: &[&str] = &["eq", "ne"];
const ONE_OF: &[&str] = &["in", "notIn"];
const ORDER: &[&str] = &["lt", "lte", "gt", "gte"];
const TEXT: &[&str] = &["contains", "startsWith", "endsWith", "matches"];
const PERIOD: &[&str] = &["overlaps", "within", "contains", "before", "after"];

/// Every filter that any ontology can need; what is not used is left out of the schema later.
pub(super) fn definitions(ontology: &Ontology) -> Vec<Definition> {
    let mut all = shared();
    all.extend(texts());
    all.extend(places());
    all.extend(ontology.enums.iter().flat_map(of_enum));
    all
}

fn shared() -> Vec<Definition> {
    let ordered = ["Int", "BigInt", "Float", "Date", "DateTime"];
    let mut all: Vec<_> = ordered.iter().map(|name| filter(name, ORDER)).collect();
    all.push(filter("Boolean", &[]));
    all.push(filter("JSON", &[]));
    all.push(filter("Period", PERIOD).about(PERIOD_HELP));
    let lists = [
        "Int", "BigInt", "Float", "Date", "DateTime", "Boolean", "JSON", "Period",
    ];
    all.extend(lists.iter().map(|name| list(name, name)));
    all.push(Definition::input("CountFilter", count("Int")).about("A number of things, from 0."));
    all.push(Definition::input("NodeTypeFilter", same("NodeType")).about("Types of nodes."));
    all
}

const PERIOD_HELP: &str = "A period, or a single date as the period that it covers. `within`: lies in \
     this one; `contains`: this one lies in it; `before`: ends before this one starts; `after`: starts \
     after this one ends.";

/// Strings, IDs and localized texts.
fn texts() -> Vec<Definition> {
    let mut all = Vec::new();
    for search in ["", "Search"] {
        let name = format!("{search}String");
        let search = || (!search.is_empty()).then(search_operator);
        let more = search().into_iter().collect();
        all.push(text(&format!("{name}Filter"), "String", ORDER, more));
        let lang = Member::new("lang", "[String!]").about(LANG_HELP);
        let localized = format!("Localized{name}Filter");
        let more = [lang].into_iter().chain(search()).collect();
        all.push(text(&localized, "String", ORDER, more));
        let mut items = list("String", "String");
        items.name = format!("{name}ListFilter");
        items.members.extend(search());
        all.push(items);
    }
    all.push(text("IDFilter", "ID", &[], Vec::new()));
    all.push(list("ID", "ID"));
    all
}

const LANG_HELP: &str = "Only the texts in these languages; without it, a text in any language.";

/// The operator of `@search` fields.
fn search_operator() -> Member {
    Member::new("search", "String").about(
        "What a person types: characters, pinyin, initials, the beginnings of words; found also with \
         a typo. As the root field `search`, without its order.",
    )
}

fn text(name: &str, of: &str, order: &[&str], more: Vec<Member>) -> Definition {
    let mut fields = plain(of);
    fields.extend(members(order, of));
    fields.extend(members(TEXT, "String"));
    let fold = Member::new("caseInsensitive", "Boolean");
    fields.push(fold.about("Whether upper and lower case are the same; false if not given."));
    fields.extend(more);
    Definition::input(name, fields).about(
        "`matches` is a regular expression, which finds anywhere unless anchored; all that is given \
         must hold.",
    )
}

fn places() -> Vec<Definition> {
    let mut point = plain("Point");
    point.push(Member::new("distance", "DistanceInput"));
    point.push(Member::new("box", "BoxInput"));
    let distance = vec![
        Member::new("from", "Point!"),
        Member::new("lte", "Float!").about("Metres."),
    ];
    let corners = vec![
        Member::new("sw", "Point!").about("The south-west corner."),
        Member::new("ne", "Point!").about("The north-east corner."),
    ];
    vec![
        Definition::input("PointFilter", point).about("A position on the earth."),
        list("Point", "Point"),
        Definition::input("DistanceInput", distance).about("At most so far from a position."),
        Definition::input("BoxInput", corners)
            .about("Between two corners; across the antimeridian if west is east of east."),
    ]
}

fn of_enum(of: &EnumType) -> Vec<Definition> {
    let mut list = list(&of.name, &of.name);
    list.name = of.list_filter();
    let one = Definition::input(of.filter(), plain(&of.name));
    vec![one, list]
}

/// `eq ne in notIn isNull` and further operators that take the scalar itself.
fn filter(scalar: &str, more: &[&str]) -> Definition {
    let mut fields = plain(scalar);
    fields.extend(members(more, scalar));
    Definition::input(format!("{scalar}Filter"), fields)
}

fn list(name: &str, item: &str) -> Definition {
    let items = format!("[{item}!]");
    let fields = vec![
        Member::new("includes", item),
        Member::new("includesAny", items.as_str()),
        Member::new("includesAll", items.as_str()),
        Member::new("size", "CountFilter"),
        is_null(),
    ];
    Definition::input(format!("{name}ListFilter"), fields)
}

/// `eq ne in notIn lt lte gt gte`.
pub(super) fn count(of: &str) -> Vec<Member> {
    let mut fields = same(of);
    fields.extend(members(ORDER, of));
    fields
}

fn plain(of: &str) -> Vec<Member> {
    let mut fields = same(of);
    fields.push(is_null());
    fields
}

fn same(of: &str) -> Vec<Member> {
    let mut fields = members(SAME, of);
    fields.extend(members(ONE_OF, &format!("[{of}!]")));
    fields
}

/// `isNull`.
pub(super) fn is_null() -> Member {
    Member::new("isNull", "Boolean")
}
