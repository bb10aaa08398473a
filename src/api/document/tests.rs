//! Documents: what is refused, with which words.

use super::*;

const SCHEMA: &str = include_str!("../../../tests/validation/schema.graphql");
const DOCUMENTS: &str = include_str!("../../../tests/validation/documents.txt");

fn validator() -> Validator {
    Validator::new(SCHEMA, Limits::default()).unwrap()
}

/// The documents of the suite with their titles.
fn documents() -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = DOCUMENTS.split("\n### ").skip(1);
    parts.map(|part| part.split_once('\n').unwrap())
}

fn refusal(text: &str) -> GraphqlError {
    validator().check(text).unwrap_err().swap_remove(0)
}

#[test]
fn judges_the_published_rules_document_by_document() {
    let validator = validator();
    let mut wrong = Vec::new();
    for (title, document) in documents() {
        let good = title.starts_with("good ");
        let errors = validator.check(document).err();
        if errors.is_none() != good {
            wrong.push(format!("{title}: {errors:?}"));
        }
        let limit = |error: &GraphqlError| error.code == ErrorCode::LimitExceeded;
        if errors.is_some_and(|errors| errors.iter().any(limit)) {
            wrong.push(format!("{title}: met a limit"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn says_where_and_what() {
    let error = refusal("{\n  counties { nme }\n}");
    assert_eq!(error.message, "type `County` does not have a field `nme`");
    assert_eq!(error.code, ErrorCode::ValidationFailed);
    assert_eq!(
        error.locations,
        [Location {
            line: 2,
            column: 14
        }]
    );
    let error = refusal("{ counties(where: {population: {in: [1, \"2\"]}}) { id } }");
    assert_eq!(error.code, ErrorCode::ValidationFailed);
    assert_eq!(
        error.locations,
        [Location {
            line: 1,
            column: 41
        }]
    );
    let error = refusal("{ probeScalars(date: 2016) }");
    let told = "argument `date`: expected Date, found 2016";
    assert_eq!(error.message, told);
    assert!(error.hint.unwrap().contains("\"2016-04\""));
    assert_eq!(refusal("{").code, ErrorCode::ParseFailed);
}

#[test]
fn guesses_what_was_meant() {
    let hint = |text: &str| refusal(text).hint.unwrap_or_default();
    assert_eq!(hint("{ counties { nmae } }"), "did you mean `name`?");
    assert_eq!(
        hint("{ counties(limt: 1) { id } }"),
        "did you mean `limit`?"
    );
    assert_eq!(
        hint("{ counties(where: {nme: {}}) { id } }"),
        "did you mean `name`?"
    );
    assert_eq!(
        hint("{ probeScalars(kind: BANER) }"),
        "did you mean `BANNER`?"
    );
    assert_eq!(
        hint("query($a: Intt) { counties(limit: $a) { id } }"),
        "did you mean `Int`?"
    );
    assert_eq!(
        hint("{ places { ... on Conty { id } } }"),
        "did you mean `County`?"
    );
    assert_eq!(hint("{ revision @skp(if: true) }"), "did you mean `skip`?");
    assert_eq!(
        hint("{ revision @many(level: 1, levl: 2) }"),
        "did you mean `level`?"
    );
    assert_eq!(hint("{ counties { population_in_the_year } }"), "");
}

#[test]
fn messages_are_short() {
    let long = "a".repeat(100_000);
    for text in [format!("{{ {long} }}"), format!("{{ counties(a {long}) }}")] {
        assert!(refusal(&text).message.len() < 500);
    }
}

#[test]
fn tells_all_errors_up_to_the_limit() {
    let validator = validator();
    let errors = validator.check("{ a b counties { c } }").unwrap_err();
    assert_eq!(errors.len(), 3);
    let many = format!("{{ {} }}", "nothing ".repeat(500));
    assert_eq!(validator.check(&many).unwrap_err().len(), 20);
}

#[test]
fn selects_the_operation_by_name() {
    let validator = validator();
    let two = validator
        .check("query A { revision } mutation B { deleteCounties(where: {}) { created } }")
        .unwrap();
    assert_eq!(
        two.operation(Some("A")).unwrap().kind(),
        ast::OperationType::Query
    );
    assert_eq!(
        two.operation(Some("B")).unwrap().kind(),
        ast::OperationType::Mutation
    );
    let error = two.operation(None).unwrap_err();
    assert_eq!(error.code, ErrorCode::BadUserInput);
    assert_eq!(
        error.hint.as_deref(),
        Some("set `operationName` to one of: A, B")
    );
    let error = two.operation(Some("C")).unwrap_err();
    assert_eq!(error.message, "the document has no operation named `C`");
    let one = validator.check("{ revision }").unwrap();
    assert!(one.operation(None).is_ok());
    assert!(one.operation(Some("A")).is_err());
    assert!(one.operation(Some("")).is_err());
}

#[track_caller]
fn exceeds(text: &str, limit: &str) {
    let error = refusal(text);
    assert_eq!(error.code, ErrorCode::LimitExceeded, "{error}");
    assert!(error.message.contains(&format!("`{limit}`")), "{error}");
    assert!(error.hint.is_some());
}

fn nested(levels: usize) -> String {
    let open = "partOf { ".repeat(levels - 2);
    let close = "} ".repeat(levels - 2);
    format!("{{ counties {{ {open} id {close} }} }}")
}

#[test]
fn limits_the_depth() {
    assert!(validator().check(&nested(20)).is_ok());
    exceeds(&nested(21), "depth");
    let fragment = "{ counties { ...A } } fragment A on Place { partOf { ...B } }";
    let below = |levels| {
        format!(
            "fragment B on Place {{ {}id{} }}",
            "partOf { ".repeat(levels),
            " }".repeat(levels)
        )
    };
    assert!(
        validator()
            .check(&format!("{fragment} {}", below(17)))
            .is_ok()
    );
    exceeds(&format!("{fragment} {}", below(18)), "depth");
}

#[test]
fn limits_fields_with_fragments_expanded() {
    let fields = |count: usize| format!("{{ {} }}", "revision ".repeat(count));
    assert!(validator().check(&fields(2_000)).is_ok());
    exceeds(&fields(2_001), "fields");
    let aliases = (0..2_001)
        .map(|n| format!("a{n}: revision "))
        .collect::<String>();
    exceeds(&format!("{{ {aliases} }}"), "fields");
    let several = |count: usize| {
        let one = |n| format!("query Q{n} {{ {} }} ", "revision ".repeat(1_000));
        (0..count).map(one).collect::<String>()
    };
    assert!(validator().check(&several(4)).is_ok());
    exceeds(&several(5), "fields of all operations");
}

/// Each fragment spreads the next one twice: 2^30 fields in a kilobyte.
fn bomb(body: &str) -> String {
    let mut text = "query { ...F0 }".to_owned();
    for level in 0..30 {
        let next = level + 1;
        text += &body
            .replace('#', &level.to_string())
            .replace('@', &next.to_string());
    }
    text + " fragment F30 on Query { revision }"
}

#[test]
fn a_fragment_bomb_is_refused_at_once() {
    exceeds(&bomb(" fragment F# on Query { ...F@ ...F@ }"), "fields");
    exceeds(
        &bomb(" fragment F# on Query { ... { ...F@ } a: revision ...F@ }"),
        "fields",
    );
}

#[test]
fn limits_brackets_tokens_and_definitions() {
    exceeds(
        &format!("{{ counties(where: {{AND: {}", "[".repeat(50_000)),
        "nesting",
    );
    exceeds(
        &format!("{{ counties(where: {}", "{and:[".repeat(700)),
        "nesting",
    );
    exceeds(&"{".repeat(4_000), "nesting");
    exceeds(&format!("query($a: {}", "[".repeat(4_000)), "nesting");
    exceeds(&"a ".repeat(500_000), "tokens");
    let operations = (0..51)
        .map(|n| format!("query Q{n} {{ revision }} "))
        .collect::<String>();
    exceeds(&operations, "operations");
    let fragments = (0..501).map(|n| format!("fragment F{n} on Query {{ revision }} "));
    exceeds(
        &(fragments.collect::<String>() + "{ revision }"),
        "fragments",
    );
    let variables = (0..501).map(|n| format!("$v{n}: Int ")).collect::<String>();
    exceeds(&format!("query({variables}) {{ revision }}"), "variables");
    let chain = (0..200).map(|n| format!("fragment F{n} on Query {{ ...F{} }} ", n + 1));
    exceeds(
        &format!("{{ ...F0 }} {}", chain.collect::<String>()),
        "fragment chain",
    );
}

/// Under names of their own apollo-compiler has nothing to merge, of which it takes time that
/// doubles with each level: `overlap` does that.
#[test]
fn no_two_fields_are_merged_by_apollo_compiler() {
    let text = "{ a { b b ...F } a } fragment F on X { b a: b ... on Y { b } }";
    let mut document = ast::Document::parse(text, "document").unwrap();
    give_each_field_an_alias(&mut document);
    let text = document.to_string();
    let mut names: Vec<_> = text
        .split_whitespace()
        .filter(|word| word.ends_with(':'))
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 7, "{text}");
}

/// On the small stack of a thread, and of a test.
#[test]
fn what_the_limits_allow_fits_the_stack() {
    let lists = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!("{{ probeScalars(json: {open}1{close}) }}")
    };
    assert!(validator().check(&lists(98)).is_ok());
    exceeds(&lists(99), "nesting");
    let objects = |levels: usize| {
        let (open, close) = ("{NOT:".repeat(levels), "}".repeat(levels));
        format!("{{ counties(where: {open}{{}}{close}) {{ id }} }}")
    };
    assert!(validator().check(&objects(97)).is_ok());
    exceeds(&objects(98), "nesting");
    let fragments = |levels: usize| "... { ".repeat(levels) + "revision" + &" }".repeat(levels);
    assert!(
        validator()
            .check(&format!("{{ {} }}", fragments(99)))
            .is_ok()
    );
    exceeds(&format!("{{ {} }}", fragments(100)), "nesting");
}

#[test]
fn knows_what_the_root_asks_about() {
    let validator = validator();
    let root = |text: &str| validator.check(text).unwrap().operations[0].root().clone();
    use super::super::introspection::RootKind::*;
    assert_eq!(root("{ revision __typename }"), Data);
    assert!(matches!(root("{ __typename }"), Introspection(_)));
    let all = root(
        "query Q($n: String!) { ...F } fragment F on Query { __type(name: $n) { ...T } } fragment T on __Type { name }",
    );
    let Introspection(text) = all else {
        panic!("{all:?}")
    };
    assert!(validator.check(&text).is_ok());
    let mixed = root(
        "query Q($n: Int, $t: String!) { __typename counties(limit: $n) { ...C } ...F }
         fragment F on Query { revision a: __schema { types { ...T } } __type(name: $t) { name } }
         fragment T on __Type { name } fragment C on County { id }",
    );
    let Mixed(text) = mixed else {
        panic!("{mixed:?}")
    };
    assert!(!text.contains("$n") && !text.contains("counties") && !text.contains("revision"));
    assert!(!text.contains("__typename") && text.contains("$t") && text.contains("fragment T"));
    assert!(validator.check(&text).is_ok(), "{text}");
}

/// The introspection query of graphql-js with all its options, as GraphiQL sends it.
const GRAPHIQL: &str = include_str!("../../../tests/validation/introspection.graphql");

#[test]
fn allows_graphiql_on_a_whole_served_schema() {
    let sdl = include_str!("../../../schema.graphql");
    let ontology = crate::ontology::Ontology::parse("schema.graphql", sdl).unwrap();
    let served = crate::api::schema::Served::new(&ontology).unwrap();
    let validator = Validator::over(served.schema().clone(), Limits::default());
    let checked = validator.check(GRAPHIQL);
    assert!(checked.is_ok(), "{checked:?}");
}

/// As tests/http/validate.mjs does over HTTP: what is good here is good for the served schema too.
#[test]
fn judges_documents_by_a_served_schema() {
    let sdl = include_str!("../../../tests/validation/ontology.graphql");
    let ontology = crate::ontology::Ontology::parse("ontology.graphql", sdl);
    let ontology = ontology.unwrap_or_else(|wrong| panic!("{wrong}"));
    let served = crate::api::schema::Served::new(&ontology).unwrap();
    let validator = Validator::over(served.schema().clone(), Limits::default());
    let only_small = |text: &str| {
        let parts = ["probe", "@once", "@many", "mutation", "subscription"];
        parts.iter().any(|part| text.contains(part))
    };
    let mut wrong = Vec::new();
    for (title, document) in documents().filter(|(_, text)| !only_small(text)) {
        let refused = validator.check(document).err();
        if refused.is_none() != title.starts_with("good ") {
            wrong.push(format!("{title}: {refused:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn limits_introspection_but_not_graphiql() {
    assert!(validator().check(GRAPHIQL).is_ok());
    exceeds(
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "introspection depth",
    );
    let many = (0..150).map(|n| {
        format!("a{n}: __schema {{ types {{ fields {{ args {{ type {{ name }} }} }} }} }} ")
    });
    exceeds(
        &format!("{{ {} }}", many.collect::<String>()),
        "introspection",
    );
}
