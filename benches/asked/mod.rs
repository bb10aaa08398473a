//! What do the benches ask, and about whom? Not for: how it is timed.

use guitu::api::service::{Context, Request, RequestId};
use guitu::graph::{Node, Snapshot};
use serde_json::json;
use serde_json::value::RawValue;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

type Done<T> = Result<T, Box<dyn Error>>;

/// Pairs of people, and people, that are asked about.
pub const ASKED: usize = 200;

/// A shortest path between two people.
pub const PATH: &str = "query($a: ID!, $b: ID!) { paths(from: {id: $a}, to: {id: $b}, follow: [{type: KNOWS}]) { paths { length nodes { id } } } }";

/// How many nodes there are around a person, so many steps away.
pub fn around(depth: usize) -> String {
    format!(
        "query($a: ID!) {{ neighborhood(of: [{{id: $a}}], depth: {depth}, follow: [{{type: KNOWS}}], limit: 2000000) {{ levels {{ depth count }} }} }}"
    )
}

/// Ids of people that know somebody, spread over all: as many pairs, starts before ends.
pub fn people(snapshot: &Snapshot) -> Done<Vec<Node>> {
    let ontology = snapshot.ontology();
    let person = ontology.type_named("Person").ok_or("no people")?;
    let knows = ontology.relationship_named("KNOWS").ok_or("no KNOWS")?;
    let segment = snapshot.segments(knows).first().ok_or("nobody knows")?;
    let knowing = snapshot.nodes(person).filter(|node| {
        let [there, back] = [true, false].map(|way| snapshot.neighbours(*segment, *node, way));
        there.len() + back.len() > 0
    });
    let knowing: Vec<Node> = knowing.collect();
    let step = knowing.len() / (2 * ASKED);
    Ok(knowing.into_iter().step_by(step).take(2 * ASKED).collect())
}

/// The variables of [`PATH`] for each pair.
pub fn pairs(snapshot: &Snapshot, people: &[Node]) -> Vec<String> {
    let (from, to) = people.split_at(ASKED);
    let pairs = from.iter().zip(to);
    pairs
        .map(|(a, b)| json!({"a": snapshot.id(*a), "b": snapshot.id(*b)}).to_string())
        .collect()
}

/// The variables of [`around`] for each person.
pub fn starts(snapshot: &Snapshot, people: &[Node]) -> Vec<String> {
    let from = people[..ASKED].iter();
    from.map(|a| json!({"a": snapshot.id(*a)}).to_string())
        .collect()
}

/// A request as a client would make it.
pub fn request(query: &str, variables: Option<&str>) -> Done<Request> {
    let variables = variables.map(|text| RawValue::from_string(text.to_owned()));
    Ok(Request {
        query: query.to_owned(),
        operation_name: None,
        variables: variables.transpose()?,
        extensions: None,
    })
}

/// A context without haste.
pub fn context() -> Context {
    Context {
        languages: Vec::new(),
        principal: None,
        read_only: false,
        deadline: Instant::now() + Duration::from_hours(1),
        cancel: Arc::default(),
        request_id: RequestId::next(),
        trace: Default::default(),
    }
}
