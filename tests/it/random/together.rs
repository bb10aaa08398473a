//! What do many records say together? Conditions and orders made by chance, and what they must mean:
//! one measure after the other, straight from the contract.

use super::chance::{Chance, Kind, target};
use super::reference::{Truth, all, place, test};
use serde_json::{Value, json};

const NUMBER: &[&str] = &[
    "min",
    "max",
    "sum",
    "average",
    "median",
    "distinctCount",
    "stddev",
];
const OTHER: &[&str] = &["min", "max", "distinctCount"];

impl Chance {
    /// A condition on the links of a field together, of which some are meant.
    pub fn together(&mut self, field: &str, meant: Value) -> Value {
        let mut condition = json!({});
        if self.often() {
            condition["where"] = meant;
        }
        if self.below(2) == 0 {
            let operator = self.pick(&["eq", "ne", "lt", "lte", "gt", "gte"]);
            condition["count"] = json!({ operator: self.below(3) });
        }
        for _ in 0..self.below(3) {
            let (part, name, statistic) = self.measure(field);
            let test = self.test_of(name, statistic);
            condition[part][name][statistic] = test;
        }
        condition
    }

    /// What to sort by: the number of links or a measure of them.
    pub fn measured(&mut self, field: &str, order: &Value) -> Value {
        if self.below(3) == 0 {
            return json!({ "count": order });
        }
        let (part, name, statistic) = self.measure(field);
        json!({ part: { name: { statistic: order } } })
    }

    /// The part, the name and the statistic of what links of a field can be measured by.
    pub fn measure(&mut self, field: &str) -> (&'static str, &'static str, &'static str) {
        let edge = match field {
            "likesConnection" | "likedByConnection" => &["weight", "kind", "since"][..],
            "knowsConnection" => &["weight"],
            _ => &[],
        };
        let node: &[_] = match target(field) {
            Kind::A => &["size", "name", "rank", "day", "word", "code"],
            Kind::B => &["size", "name", "word"],
            Kind::Thing => &["size", "name"],
        };
        let (part, names) = match edge {
            [] => ("node", node),
            edge if self.often() => ("edge", edge),
            _ => ("node", node),
        };
        let name = self.pick(names);
        let statistics = match (name, field.starts_with("reach")) {
            // Sums of fractions depend on the order of what is summed.
            ("size" | "rank" | "weight", true) => &NUMBER[..6],
            ("size" | "rank" | "weight", false) => NUMBER,
            _ => OTHER,
        };
        (part, name, self.pick(statistics))
    }

    /// An operator object for a statistic.
    pub fn test_of(&mut self, name: &str, statistic: &str) -> Value {
        let operators = ["eq", "ne", "in", "lt", "lte", "gt", "gte", "isNull"];
        let mut value = || match (name, statistic) {
            (_, "distinctCount") => self.below(3).into(),
            (_, "average" | "median" | "stddev") => json!(self.below(8) as f64 / 2.0),
            ("size" | "rank" | "weight", _) => self.number(),
            ("day" | "since", _) => self.day(),
            _ => self.word(),
        };
        let (one, two) = (value(), value());
        match self.pick(&operators) {
            "isNull" if statistic == "distinctCount" => json!({ "eq": one }),
            "isNull" => json!({"isNull": self.below(2) == 0}),
            "in" => json!({"in": [one, two]}),
            operator => json!({ operator: one }),
        }
    }
}

/// Whether records together fulfil a condition.
pub fn fulfil<T: Copy>(
    of: &[T],
    condition: &Value,
    value: &impl Fn(T, &str, &str) -> Value,
) -> Truth {
    let parts = condition.as_object().into_iter().flatten();
    all(parts.map(|(part, wanted)| match &**part {
        "where" => Some(true),
        "count" => test(&of.len().into(), wanted),
        _ => {
            let fields = wanted.as_object().into_iter().flatten();
            let tests = fields.flat_map(|(field, statistics)| {
                let statistics = statistics.as_object().into_iter().flatten();
                statistics.map(move |(statistic, wanted)| (field, statistic, wanted))
            });
            all(tests.map(|(field, statistic, wanted)| {
                let values = of.iter().map(|each| value(*each, part, field));
                test(&statistic_of(values, statistic), wanted)
            }))
        }
    }))
}

/// What records are worth to an order by them, and which way it goes.
pub fn sorted_by<'k, T: Copy>(
    of: &[T],
    by: &'k Value,
    value: impl Fn(T, &str, &str) -> Value,
) -> (Value, &'k Value) {
    let (part, key) = only(by);
    if part == "count" {
        return (of.len().into(), key);
    }
    let (field, key) = only(key);
    let (statistic, order) = only(key);
    let values = of.iter().map(|each| value(*each, part, field));
    (statistic_of(values, statistic), order)
}

fn only(object: &Value) -> (&str, &Value) {
    let mut entries = object.as_object().into_iter().flatten();
    let (name, value) = entries.next().expect("an entry");
    (name, value)
}

/// What values say together; missing ones say nothing.
pub fn statistic_of(values: impl Iterator<Item = Value>, statistic: &str) -> Value {
    let mut values: Vec<Value> = values.filter(|value| !value.is_null()).collect();
    let numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
    let (count, sum) = (numbers.len(), numbers.iter().sum::<f64>());
    let mean = sum / count as f64;
    values.sort_by_key(place);
    match statistic {
        "min" => values.first().cloned().unwrap_or_default(),
        "max" => values.last().cloned().unwrap_or_default(),
        "distinctCount" => {
            values.dedup();
            values.len().into()
        }
        _ if count == 0 => Value::Null,
        "sum" => json!(sum),
        "average" => json!(mean),
        "median" => {
            let at = |at: usize| values[at].as_f64().unwrap_or_default();
            json!((at((count - 1) / 2) + at(count / 2)) / 2.0)
        }
        _ if count == 1 => Value::Null,
        _ => {
            let squares: f64 = numbers.iter().map(|n| (n - mean) * (n - mean)).sum();
            json!((squares / (count - 1) as f64).sqrt())
        }
    }
}
