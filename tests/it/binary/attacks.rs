//! Does a server go on serving, in little memory, whatever document is thrown at it?

use super::*;
use serde_json::json;

/// How much more memory an attack may cost.
const EXTRA: u64 = 128 << 20;

/// A server that must survive.
struct Target {
    _home: Home,
    server: Server,
    before: u64,
}

impl Target {
    fn new(flags: &[&str]) -> Self {
        let home = Home::new();
        let server = home.serve(flags);
        server.is_alive();
        let before = server.peak();
        Self {
            _home: home,
            server,
            before,
        }
    }

    /// Is refused with this code, naming this.
    #[track_caller]
    fn refuses(&self, query: &str, code: &str, says: &str) {
        self.refuses_with(query, Value::Null, code, says);
    }

    #[track_caller]
    fn refuses_with(&self, query: &str, variables: Value, code: &str, says: &str) {
        let (found, text) = error(&self.server.ask_with(query, variables));
        assert_eq!(found, code, "{text:.500}");
        assert!(text.contains(says), "{text:.500}");
        assert!(text.len() < 2_000, "an error of {} bytes", text.len());
        self.server.is_alive();
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let extra = self.server.peak() - self.before;
            assert!(extra < EXTRA, "{} MB more", extra >> 20);
        }
    }
}

fn repeat(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect()
}

#[test]
fn nesting_is_bounded_in_literals() {
    let target = Target::new(&[]);
    let nested = |open: &str, close: &str, count| {
        let inside = format!("{}{{}}{}", open.repeat(count), close.repeat(count));
        format!("{{ counties(where: {inside}) {{ id }} }}")
    };
    target.refuses(&nested("[", "]", 2_000), "LIMIT_EXCEEDED", "nesting");
    target.refuses(&nested("{AND:[", "]}", 690), "LIMIT_EXCEEDED", "nesting");
    target.refuses(&nested("{NOT:", "}", 690), "LIMIT_EXCEEDED", "nesting");
    target.refuses(&"[".repeat(500_000), "LIMIT_EXCEEDED", "nesting");
    target.refuses(&"{a".repeat(300_000), "LIMIT_EXCEEDED", "nesting");
    let types = format!(
        "query($a: {}Int{}) {{ revision }}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    target.refuses(&types, "LIMIT_EXCEEDED", "nesting");
}

#[test]
fn nesting_is_bounded_in_variables() {
    let target = Target::new(&[]);
    let query = "query($w: CountyWhere) { counties(where: $w) { id } }";
    for (open, close, count) in [
        ("{\"AND\":[", "]}", 690),
        ("{\"NOT\":", "}", 50_000),
        ("{\"OR\":[", "]}", 40_000),
    ] {
        let inside = format!("{}{{}}{}", open.repeat(count), close.repeat(count));
        let body = format!(
            "{{\"query\":{},\"variables\":{{\"w\":{inside}}}}}",
            json!(query)
        );
        let answer = target.server.post(body.as_bytes());
        assert_eq!(answer.refusal().1, "LIMIT_EXCEEDED", "{}", answer.text());
        target.server.is_alive();
    }
    for name in ["variables", "extensions", "other"] {
        let inside = "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000);
        let body = format!("{{\"query\":\"{{ revision }}\",\"{name}\":{inside}}}");
        target.server.post(body.as_bytes()).json();
        target.server.is_alive();
    }
}

#[test]
fn depth_and_fields_are_bounded() {
    let target = Target::new(&[]);
    let deep = |count| {
        format!(
            "{{ counties {}{{ id }}{} }}",
            "{ partOf ".repeat(count),
            "}".repeat(count)
        )
    };
    target.refuses(&deep(10_000), "LIMIT_EXCEEDED", "nesting");
    target.refuses(&deep(25), "LIMIT_EXCEEDED", "depth");
    let aliases = |count| format!("{{{}}}", repeat(count, |at| format!("a{at}:revision ")));
    target.refuses(&aliases(30_000), "LIMIT_EXCEEDED", "fields");
    target.refuses(&aliases(2_001), "LIMIT_EXCEEDED", "fields");
    assert_eq!(target.server.ask(&aliases(2_000))["data"]["a1999"], "1");
    let fields = format!("{{{}}}", "a ".repeat(500_000));
    target.refuses(&fields, "LIMIT_EXCEEDED", "tokens");
    let operations = repeat(51, |at| format!("query q{at} {{ revision }} "));
    target.refuses(&operations, "LIMIT_EXCEEDED", "operations");
    let directives = format!("{{ revision {} }}", "@skip(if: false)".repeat(20_000));
    target.refuses(&directives, "LIMIT_EXCEEDED", "tokens");
}

#[test]
fn fragments_are_counted_where_they_are_spread() {
    let target = Target::new(&[]);
    let doubling = |of: usize| format!("fragment f{of} on Query {{ ...f{0} ...f{0} }} ", of + 1);
    let bomb = format!(
        "{{ ...f0 }} {} fragment f40 on Query {{ revision }}",
        repeat(40, doubling)
    );
    target.refuses(&bomb, "LIMIT_EXCEEDED", "fields");
    let chain = |of: usize| format!("fragment f{of} on Query {{ ...f{} }} ", of + 1);
    let chain = format!(
        "{{ ...f0 }} {} fragment f400 on Query {{ revision }}",
        repeat(400, chain)
    );
    target.refuses(&chain, "LIMIT_EXCEEDED", "fragment chain");
    let cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
    target.refuses(cycle, "GRAPHQL_VALIDATION_FAILED", "itself");
    let cycle = "{ counties { ...a } } fragment a on County { partOf { ... on County { ...a } } }";
    target.refuses(cycle, "GRAPHQL_VALIDATION_FAILED", "itself");
}

#[test]
fn fields_in_conflict_are_told_without_telling_all_pairs() {
    let target = Target::new(&[]);
    let fields = repeat(1_900, |at| format!("a: name(lang: [\"l{at}\"]) "));
    let query = format!("{{ counties {{ {fields} }} }}");
    target.refuses(&query, "GRAPHQL_VALIDATION_FAILED", "different arguments");
    let many = repeat(390, |_| {
        "counties { partOf { parts { partOf { id } } } } ".to_owned()
    });
    assert!(target.server.ask(&format!("{{ {many} }}"))["data"].is_object());
}

#[test]
fn huge_values_are_taken_or_told() {
    let target = Target::new(&[]);
    let int = |digits: &str| format!("{{ counties(limit: {digits}) {{ id }} }}");
    target.refuses(
        &int(&"9".repeat(100_000)),
        "GRAPHQL_VALIDATION_FAILED",
        "32-bit",
    );
    target.refuses(&int("2147483648"), "GRAPHQL_VALIDATION_FAILED", "32-bit");
    target.refuses(&int("-1"), "BAD_USER_INPUT", "negative");
    let long = "a".repeat(1_000_000);
    let answer = target
        .server
        .ask(&format!("{{ county(key: \"{long}\") {{ id }} }}"));
    assert_eq!(answer, json!({"data": {"county": null}}));
    target.refuses(&format!("{{ {long} }}"), "GRAPHQL_VALIDATION_FAILED", "aaa");
    let answer = target.server.ask(&format!("{{ revision # {long}\n }}"));
    assert_eq!(answer["data"]["revision"], "1");
    let limit = "query($n: Int) { counties(limit: $n) { id } }";
    for wrong in [
        json!(1e300),
        json!("1"),
        json!(1.5),
        json!([1]),
        json!({}),
        json!(true),
    ] {
        target.refuses_with(limit, json!({"n": wrong}), "BAD_USER_INPUT", "$n");
    }
    let eq = "query($s: String!) { counties(where: {name: {eq: $s}}) { id } }";
    target.refuses_with(eq, json!({"s": null}), "BAD_USER_INPUT", "$s");
    target.refuses_with(eq, json!({}), "BAD_USER_INPUT", "$s");
    target.refuses_with(eq, json!({"s": {"a": long}}), "BAD_USER_INPUT", "$s");
}

#[test]
fn long_lists_of_ids_and_conditions_are_bounded() {
    let target = Target::new(&[]);
    let nodes = "query($i: [ID!]!) { nodes(ids: $i) { id } }";
    let ids = json!({"i": vec!["County:puning"; 50_000]});
    let found = target.server.ask_with(nodes, ids.clone());
    assert_eq!(
        found["data"]["nodes"].as_array().map(Vec::len),
        Some(50_000)
    );
    let many = format!(
        "query($i: [ID!]!) {{ {} }}",
        repeat(100, |at| format!("a{at}: nodes(ids: $i) {{ id label }} "))
    );
    target.refuses_with(&many, ids, "LIMIT_EXCEEDED", "limit");
    let texts: Vec<String> = (0..80_000).map(|at| format!("x{at}")).collect();
    let among = "query($i: [String!]!) { counties(where: {officialName: {in: $i}}) { id } }";
    let found = target.server.ask_with(among, json!({"i": texts}));
    assert_eq!(found["data"]["counties"], json!([]));
    target.server.is_alive();
}

#[test]
fn patterns_run_in_linear_time_and_bounded_memory() {
    let target = Target::new(&[]);
    let matches = "query($m: String!) { counties(where: {name: {matches: $m}}) { id } }";
    for pattern in [
        "((((a{100}){100}){100}){100})".to_owned(),
        "(\\w{1000}){10}".to_owned(),
        format!("{}a{}", "(".repeat(4_000), ")".repeat(4_000)),
        "(".to_owned(),
        "(?=a)".to_owned(),
    ] {
        target.refuses_with(matches, json!({"m": pattern}), "BAD_USER_INPUT", "matches");
    }
    let long = json!({"m": "a".repeat(1_000_000)});
    target.refuses_with(matches, long, "LIMIT_EXCEEDED", "bytes of a regular");
    let slow = json!({"m": "(a*)*(a|aa)*(.*)*$x"});
    assert_eq!(
        target.server.ask_with(matches, slow)["data"]["counties"],
        json!([])
    );
    let conditions: Vec<Value> = (0..2_000)
        .map(|at| json!({"name": {"matches": format!("a{at}[a-z]{{20}}")}}))
        .collect();
    let any = "query($w: [CountyWhere!]) { counties(where: {OR: $w}) { id } }";
    let answer = target.server.ask_with(any, json!({"w": conditions}));
    assert!(
        answer["data"]["counties"].is_array() || error(&answer).0 == "LIMIT_EXCEEDED",
        "{answer:.300}"
    );
}

#[test]
fn introspection_is_bounded() {
    let target = Target::new(&[]);
    let deep = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }";
    target.refuses(deep, "LIMIT_EXCEEDED", "introspection depth");
    let many = repeat(400, |at| {
        format!("a{at}: __schema {{ types {{ name fields {{ name }} }} }} ")
    });
    target.refuses(&format!("{{ {many} }}"), "LIMIT_EXCEEDED", "introspection");
}
