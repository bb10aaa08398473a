//! What do answers to questions have in common? Ways into the engine's data, and the words in which
//! the questions say bounds. All of them panic where the data have another form: a test has failed.

use serde_json::{Map, Value, json};

/// The elements of a list.
pub fn all(list: &Value) -> &[Value] {
    list.as_array().unwrap_or_else(|| panic!("no list: {list}"))
}

/// The element of a list that must have one.
pub fn only(list: &Value) -> &Value {
    let [one] = all(list) else {
        panic!("not one: {list:#}")
    };
    one
}

/// The edges of a connection.
pub fn edges<'d>(node: &'d Value, connection: &str) -> &'d [Value] {
    all(&node[format!("{connection}Connection")]["edges"])
}

/// The edge of a connection that must have one.
pub fn edge<'d>(node: &'d Value, connection: &str) -> &'d Value {
    only(&node[format!("{connection}Connection")]["edges"])
}

/// A list made of each element.
pub fn each<'d>(
    list: impl IntoIterator<Item = &'d Value>,
    shape: impl Fn(&'d Value) -> Value,
) -> Value {
    list.into_iter().map(shape).collect()
}

/// The names of nodes.
pub fn names<'d>(nodes: impl IntoIterator<Item = &'d Value>) -> Value {
    each(nodes, |node| node["name"].clone())
}

/// The names of the nodes at the ends of edges.
pub fn ends<'d>(edges: impl IntoIterator<Item = &'d Value>) -> Value {
    each(edges, |edge| edge["node"]["name"].clone())
}

/// An object made of each element.
pub fn keyed<'d>(list: &'d [Value], shape: impl Fn(&'d Value) -> (String, Value)) -> Value {
    Value::Object(list.iter().map(shape).collect::<Map<_, _>>())
}

/// Text.
pub fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value:#}"))
}

/// A number.
pub fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("no number: {value:#}"))
}

/// A ratio in percent, to one decimal.
pub fn percent(part: &Value, whole: &Value) -> Value {
    json!((number(part) / number(whole) * 1000.0).round() / 10.0)
}

/// The year in which a period begins.
pub fn year(period: &Value) -> Value {
    json!(text(period)[..4].parse::<u16>().expect("a year"))
}

/// The only observation of an indicator.
pub fn of<'d>(observations: &'d Value, indicator: &str) -> &'d Value {
    let mut found = every(observations, indicator).into_iter();
    let first = found.next();
    assert!(found.next().is_none(), "several values of {indicator}");
    first.unwrap_or_else(|| panic!("no value of {indicator}"))
}

/// The observations of an indicator.
pub fn every<'d>(observations: &'d Value, indicator: &str) -> Vec<&'d Value> {
    let all = all(observations).iter();
    all.filter(|one| one["indicator"]["name"] == indicator)
        .collect()
}

/// How the questions say what kind of bound an observation is.
pub fn bound(observation: &Value) -> &'static str {
    let printed = observation["printed"].as_str().unwrap_or_default();
    match text(&observation["comparator"]) {
        "EXACT" => "exact",
        "OVER" => "over",
        "UNDER" => "under",
        "AT_LEAST" => "达到",
        "ABOUT" if printed.contains('余') => "余 (somewhat over)",
        "ABOUT" if printed.contains('近') => "nearly",
        other => panic!("no word for {other} of {printed}"),
    }
}

/// A number, with its bound where it is not exact.
pub fn bounded(observation: &Value) -> Value {
    match bound(observation) {
        "exact" => observation["value"].clone(),
        bound => json!({"value": observation["value"], "comparator": bound}),
    }
}

/// A number, its unit and its bound.
pub fn measured(observation: &Value) -> Value {
    let mut measured = bounded(observation);
    measured["unit"] = observation["unit"].clone();
    measured
}

/// A name as the questions write it: narrow brackets.
pub fn narrow(name: &Value) -> String {
    text(name).replace('（', " (").replace('）', ")")
}
