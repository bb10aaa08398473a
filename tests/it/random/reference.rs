//! What must the answer be? Nested loops over plain records, straight from the contract: slow, and
//! easy to believe.

use super::together;
use serde_json::Value;
use std::cmp::Ordering;

/// Nodes and edges as the lines of their data file.
pub struct Plain {
    pub nodes: Vec<Value>,
    pub edges: Vec<Value>,
}

/// True, false or unknown.
pub type Truth = Option<bool>;

pub fn id(node: &Value) -> String {
    format!("{}:{}", text(&node["type"]), text(&node["key"]))
}

pub fn edge_id(edge: &Value) -> String {
    let kind = edge
        .get("kind")
        .map(|k| format!(">{}", text(k).replace('%', "%25").replace('>', "%3E")));
    let ends = format!("{}>{}", text(&edge["source"]), text(&edge["target"]));
    format!("{}:{ends}{}", text(&edge["type"]), kind.unwrap_or_default())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub fn all(truths: impl Iterator<Item = Truth>) -> Truth {
    let truths: Vec<_> = truths.collect();
    if truths.contains(&Some(false)) {
        return Some(false);
    }
    (!truths.contains(&None)).then_some(true)
}

fn any(truths: impl Iterator<Item = Truth>) -> Truth {
    not(all(truths.map(not)))
}

fn not(truth: Truth) -> Truth {
    truth.map(|t| !t)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], |items| items)
}

impl Plain {
    pub fn node(&self, wanted: &str) -> Option<&Value> {
        self.nodes.iter().find(|node| id(node) == wanted)
    }

    /// The links of a field: the edge and the node at its other end.
    pub fn links(&self, node: &Value, field: &str) -> Vec<(&Value, &Value)> {
        let (name, out, back) = match field {
            "parent" => ("PARENT", true, false),
            "children" => ("PARENT", false, true),
            "next" => ("NEXT", true, false),
            "likes" => ("LIKES", true, false),
            "likedBy" => ("LIKES", false, true),
            _ => ("KNOWS", true, true),
        };
        let own = id(node);
        let mut links = Vec::new();
        for edge in self.edges.iter().filter(|edge| edge["type"] == *name) {
            let (source, target) = (text(&edge["source"]), text(&edge["target"]));
            if out && source == own {
                links.extend(self.node(target).map(|node| (edge, node)));
            } else if back && target == own {
                links.extend(self.node(source).map(|node| (edge, node)));
            }
        }
        links.sort_by_key(|(edge, node)| (id(node), edge_id(edge)));
        links
    }

    /// The nodes of a field, each once: neighbours, or what `next` leads to in the end.
    pub fn members(&self, node: &Value, field: &str) -> Vec<&Value> {
        let step = if field == "reach" { "next" } else { field };
        let mut found: Vec<&Value> = Vec::new();
        let mut open: Vec<&Value> = self.links(node, step).iter().map(|l| l.1).collect();
        while let Some(next) = open.pop() {
            if found.iter().any(|known| std::ptr::eq(*known, next)) {
                continue;
            }
            found.push(next);
            if field == "reach" {
                open.extend(self.links(next, step).iter().map(|l| l.1));
            }
        }
        found.sort_by_key(|node| id(node));
        found
    }

    /// Whether a node matches a `where`.
    pub fn matches(&self, node: &Value, filter: &Value) -> Truth {
        let fields = filter.as_object().into_iter().flatten();
        all(fields.map(|(name, value)| match &**name {
            "AND" => all(list(value).iter().map(|w| self.matches(node, w))),
            "OR" => any(list(value).iter().map(|w| self.matches(node, w))),
            "NOT" => not(self.matches(node, value)),
            "id" => test(&Value::from(id(node)), value),
            "isNull" => Some(*value == false),
            "on" => self.on(node, value),
            "parent" => match (self.links(node, name).first(), value.get("isNull")) {
                (link, Some(wanted)) => Some(*wanted == link.is_none()),
                (Some((_, parent)), None) => self.matches(parent, value),
                (None, None) => Some(false),
            },
            "children" | "next" | "likes" | "likedBy" | "knows" | "reach" | "reachConnection" => {
                let members = self.members(node, name.trim_end_matches("Connection"));
                quantified(value, &members, |w, n| self.matches(n, w), of_node)
            }
            _ if name.ends_with("Connection") => {
                let links = self.links(node, name.trim_end_matches("Connection"));
                quantified(
                    value,
                    &links,
                    |w, link| self.link_matches(*link, w),
                    of_link,
                )
            }
            _ => test(&node[name], value),
        }))
    }

    fn on(&self, node: &Value, filter: &Value) -> Truth {
        let fields = filter.as_object().into_iter().flatten();
        all(fields.map(|(name, value)| {
            if node["type"] == *name.to_uppercase() {
                self.matches(node, value)
            } else {
                Some(false)
            }
        }))
    }

    /// Whether a link matches `{node:, edge:}`.
    pub fn link_matches(&self, link: (&Value, &Value), filter: &Value) -> Truth {
        let fields = filter.as_object().into_iter().flatten();
        all(fields.map(|(name, value)| match &**name {
            "NOT" => not(self.link_matches(link, value)),
            "node" => self.matches(link.1, value),
            _ => self.edge_matches(link.0, value),
        }))
    }

    /// Whether an edge matches.
    pub fn edge_matches(&self, edge: &Value, filter: &Value) -> Truth {
        let end = |name: &str, w| self.node(text(&edge[name])).map(|n| self.matches(n, w));
        let other = |name: &str, w| end(if name == "source" { "target" } else { "source" }, w);
        let fields = filter.as_object().into_iter().flatten();
        all(fields.map(|(name, value)| match &**name {
            "NOT" => not(self.edge_matches(edge, value)),
            "OR" => any(list(value).iter().map(|w| self.edge_matches(edge, w))),
            "id" => test(&Value::from(edge_id(edge)), value),
            "source" | "target" if edge["type"] == "KNOWS" => {
                any([end(name, value).flatten(), other(name, value).flatten()].into_iter())
            }
            "source" | "target" => end(name, value).flatten(),
            _ => test(&edge[name], value),
        }))
    }

    /// Compares two nodes by sort keys, then by id.
    pub fn order(&self, a: &Value, b: &Value, keys: &Value) -> Ordering {
        let mut orders = list(keys).iter().map(|key| self.order_by(a, b, key));
        let order = orders.find(|order| order.is_ne());
        order.unwrap_or_else(|| id(a).cmp(&id(b)))
    }

    /// What a node is sorted by when it is sorted by its links, and how.
    fn by_links<'k>(&self, node: &Value, name: &str, key: &'k Value) -> (Value, &'k Value) {
        let none = Value::Null;
        let (by, field) = (&key["by"], name.trim_end_matches("Connection"));
        let filter = key.get("where").unwrap_or(&none);
        let (value, how) = if field == "reach" {
            let mut members = self.members(node, field);
            members.retain(|each| self.matches(each, filter) == Some(true));
            together::sorted_by(&members, by, of_node)
        } else {
            let mut links = self.links(node, field);
            links.retain(|link| self.link_matches(*link, filter) == Some(true));
            together::sorted_by(&links, by, of_link)
        };
        (if node.is_null() { none } else { value }, how)
    }

    fn order_by(&self, a: &Value, b: &Value, key: &Value) -> Ordering {
        let Some((name, value)) = key.as_object().and_then(|key| key.iter().next()) else {
            return Ordering::Equal;
        };
        match &**name {
            "id" => sorted(id(a).into(), id(b).into(), value),
            "name" => sorted(
                localized(a, &["en", "fr", "zh"]),
                localized(b, &["en", "fr", "zh"]),
                value,
            ),
            "nameIn" => {
                let of = |node| localized(node, &[text(&value["lang"])]);
                sorted(of(a), of(b), &value["order"])
            }
            "parent" => match (self.links(a, name).first(), self.links(b, name).first()) {
                (Some(a), Some(b)) => self.order_by(a.1, b.1, value),
                (a, b) => {
                    // As if the value itself were missing.
                    let there = |l: Option<&(&Value, &Value)>| l.is_some();
                    let of =
                        |node: Option<&(&Value, &Value)>| node.map_or(Value::Null, |n| n.1.clone());
                    let (x, y) = (of(a), of(b));
                    debug_assert!(!(there(a) && there(b)));
                    self.order_by(&x, &y, value)
                }
            },
            _ if name.ends_with("Connection") => {
                let ((a, how), (b, _)) =
                    (self.by_links(a, name, value), self.by_links(b, name, value));
                sorted(a, b, how)
            }
            _ => sorted(a[name].clone(), b[name].clone(), value),
        }
    }
}

/// Compares two values in a direction.
pub fn sorted(a: Value, b: Value, how: &Value) -> Ordering {
    let nulls = match text(how).contains("NULLS_FIRST") {
        true => b.is_null().cmp(&a.is_null()),
        false => a.is_null().cmp(&b.is_null()),
    };
    nulls.then(match text(how).starts_with("DESC") {
        true => place(&b).cmp(&place(&a)),
        false => place(&a).cmp(&place(&b)),
    })
}

/// The name of a node in the first of some languages that has it.
pub fn localized(node: &Value, languages: &[&str]) -> Value {
    let texts = &node["name"];
    let found = languages.iter().find_map(|l| texts.get(*l));
    found.cloned().unwrap_or_default()
}

/// A value of a node to be measured.
fn of_node(node: &Value, _: &str, field: &str) -> Value {
    match field {
        "name" => localized(node, &["en", "fr", "zh"]),
        _ => node[field].clone(),
    }
}

/// A value of a link's node or edge to be measured.
pub fn of_link((edge, node): (&Value, &Value), part: &str, field: &str) -> Value {
    match part {
        "node" => of_node(node, part, field),
        _ => edge[field].clone(),
    }
}

/// Numbers by value, dates by start, then end, other texts by code point.
pub fn place(value: &Value) -> (i64, String, String) {
    let (start, end) = span(value);
    let bits = value.as_f64().unwrap_or_default().to_bits() as i64;
    // The order of the bits is that of the numbers, but for the negative ones.
    let number = if bits < 0 { bits ^ i64::MAX } else { bits };
    (number, start, end)
}

/// The first and the last day that a date covers; any other text twice.
fn span(value: &Value) -> (String, String) {
    let whole = text(value).to_owned();
    let digits = |s: &str| {
        s.split('-')
            .all(|p| p.len() >= 2 && p.bytes().all(|b| b.is_ascii_digit()))
    };
    match whole.len() {
        4 if digits(&whole) => (format!("{whole}-01-01"), format!("{whole}-12-31")),
        7 if digits(&whole) => (format!("{whole}-01"), format!("{whole}-31")),
        _ => (whole.clone(), whole),
    }
}

fn quantified<T: Copy>(
    filter: &Value,
    of: &[T],
    matches: impl Fn(&Value, &T) -> Truth,
    value_of: impl Fn(T, &str, &str) -> Value,
) -> Truth {
    let fields = filter.as_object().into_iter().flatten();
    all(fields.map(|(name, value)| {
        let none = Value::Null;
        let wanted = if name == "count" || name == "aggregate" {
            value.get("where").unwrap_or(&none)
        } else {
            value
        };
        let matching = of.iter().copied();
        let matching: Vec<T> = matching
            .filter(|each| matches(wanted, each) == Some(true))
            .collect();
        let count = matching.len();
        Some(match &**name {
            "aggregate" => return together::fulfil(&matching, value, &value_of),
            "some" => count > 0,
            "all" => count == of.len(),
            "none" => count == 0,
            "single" => count == 1,
            _ => {
                let mut tests = value.clone();
                if let Some(tests) = tests.as_object_mut() {
                    tests.remove("where");
                }
                test(&Value::from(count), &tests) == Some(true)
            }
        })
    }))
}

/// Whether a value passes all operators.
pub fn test(value: &Value, operators: &Value) -> Truth {
    let fields = operators.as_object().into_iter().flatten();
    all(fields.map(|(operator, wanted)| operation(value, operator, wanted, operators)))
}

fn operation(value: &Value, operator: &str, wanted: &Value, whole: &Value) -> Truth {
    let fold = whole.get("caseInsensitive") == Some(&Value::from(true));
    match (operator, value) {
        ("caseInsensitive" | "lang", _) => Some(true),
        ("ne", _) => not(operation(value, "eq", wanted, whole)),
        ("notIn", _) => not(operation(value, "in", wanted, whole)),
        (_, Value::Object(texts)) => {
            let asked = |l: &String| {
                whole
                    .get("lang")
                    .is_none_or(|tags| list(tags).contains(&Value::from(l.as_str())))
            };
            let mut texts = texts
                .iter()
                .filter(|(l, _)| asked(l))
                .map(|(_, t)| t)
                .peekable();
            match operator {
                "isNull" => Some(*wanted == texts.peek().is_none()),
                _ => {
                    texts.peek()?;
                    Some(texts.any(|t| operation(t, operator, wanted, whole) == Some(true)))
                }
            }
        }
        ("isNull", _) => Some(*wanted == value.is_null()),
        ("size", _) => test(&Value::from(list(value).len()), wanted),
        ("includes", _) => Some(list(value).contains(wanted)),
        ("includesAny", _) => Some(list(wanted).iter().any(|w| list(value).contains(w))),
        ("includesAll", _) => Some(list(wanted).iter().all(|w| list(value).contains(w))),
        (_, Value::Null) => None,
        ("in", _) => Some(
            list(wanted)
                .iter()
                .any(|w| operation(value, "eq", w, whole) == Some(true)),
        ),
        _ => Some(holds(value, operator, wanted, fold)),
    }
}

fn holds(value: &Value, operator: &str, wanted: &Value, fold: bool) -> bool {
    let of = |value: &Value| {
        if fold {
            text(value).to_lowercase()
        } else {
            text(value).to_owned()
        }
    };
    let ((start, end), (from, to)) = (span(value), span(wanted));
    let (a, b) = (value.as_f64(), wanted.as_f64());
    match operator {
        "eq" if value.is_string() => of(value) == of(wanted),
        "eq" => a == b,
        "lt" => (a, &end) < (b, &from),
        "lte" => (a, &end) <= (b, &to),
        "gt" => (a, &start) > (b, &to),
        "gte" => (a, &start) >= (b, &from),
        "contains" => of(value).contains(&of(wanted)),
        "startsWith" => of(value).starts_with(&of(wanted)),
        _ => of(value).ends_with(&of(wanted)),
    }
}
