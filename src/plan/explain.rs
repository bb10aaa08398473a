//! How is a plan shown to people? Not for: making one (`access`).

use super::{
    Access, Call, Collection, Follow, Hop, MetricsCall, NeighborhoodCall, NodeRef, PathMode,
    PathsCall, Probe, SearchCall, Walk, call::Start,
};
use crate::ontology::{Direction, Ontology};
use std::fmt::Write;

/// One line for each start of a call and for what it starts from, indented.
pub fn explain(call: &Call, ontology: &Ontology) -> String {
    let mut text = String::new();
    match call {
        Call::Collection(found) => collection(found, ontology, &mut text),
        Call::Paths(call) => paths(call, ontology, &mut text),
        Call::Neighborhood(call) => neighborhood(call, ontology, &mut text),
        Call::Metrics(call) => metrics(call, ontology, &mut text),
        Call::Search(call) => search(call, ontology, &mut text),
        _ => {}
    }
    text
}

fn collection(collection: &Collection, ontology: &Ontology, text: &mut String) {
    order(collection, ontology, text);
    lines(&collection.starts, ontology, 0, text);
    if collection.starts.is_empty() {
        edges(&collection.access, ontology, 0, text);
    }
}

fn paths(call: &PathsCall, ontology: &Ontology, text: &mut String) {
    let way = match call.mode {
        PathMode::Shortest => "shortest path of each pair",
        PathMode::AllShortest => "all shortest paths of each pair",
        PathMode::KShortest => "shortest paths of all pairs",
        PathMode::AllSimple => "all paths",
    };
    line(0, way, text);
    line(0, "from", text);
    refer(&call.from, ontology, text);
    line(0, "to", text);
    refer(&call.to, ontology, text);
    follow(&call.follow, ontology, text);
}

fn neighborhood(call: &NeighborhoodCall, ontology: &Ontology, text: &mut String) {
    line(
        0,
        &format!("breadth first, {} steps, from", call.depth),
        text,
    );
    call.of.iter().for_each(|of| refer(of, ontology, text));
    follow(&call.follow, ontology, text);
}

fn metrics(call: &MetricsCall, ontology: &Ontology, text: &mut String) {
    match &call.nodes {
        Some(nodes) => measured(nodes, ontology, text),
        None => line(0, &format!("measure {} types", call.types.len()), text),
    }
    follow(&call.follow, ontology, text);
}

/// Ids in one line, as there may be many.
fn measured(nodes: &[NodeRef], ontology: &Ontology, text: &mut String) {
    let is_id = |node: &&NodeRef| matches!(node, NodeRef::Id(_));
    let ids = nodes.iter().filter(is_id).count();
    line(0, &format!("measure {ids} ids"), text);
    let found = nodes.iter().filter(|node| !is_id(node));
    found.for_each(|node| refer(node, ontology, text));
}

/// All types in one line, as there are many.
fn search(call: &SearchCall, ontology: &Ontology, text: &mut String) {
    let way = |start: &Start| matches!(start.access, Access::Search(_));
    let way = match call.starts.iter().all(way) {
        true => format!("search {:?}", call.pattern.typed()),
        false => "scan".to_owned(),
    };
    let names = call
        .starts
        .iter()
        .map(|start| &*ontology.node_type(start.of).name);
    let names: Vec<&str> = names.collect();
    let all = ontology.concrete_ids();
    let searched = all.filter(|of| ontology.node_type(*of).is_searched());
    let of = match names.len() == searched.count() {
        true => "every type".to_owned(),
        false => names.join(", "),
    };
    let filtered = call.starts.iter().any(|start| start.filter.is_some());
    let filtered = if filtered { ", then filter" } else { "" };
    line(0, &format!("{way} of {of}{filtered}"), text);
}

fn refer(to: &NodeRef, ontology: &Ontology, text: &mut String) {
    match to {
        NodeRef::Id(_) => line(1, "1 id", text),
        NodeRef::Found(starts) => lines(starts, ontology, 1, text),
    }
}

fn follow(follow: &[Follow], ontology: &Ontology, text: &mut String) {
    let all = ontology.relationships.len() * 2;
    if follow.len() == all && follow.iter().all(|rule| rule.filter.is_none()) {
        return line(0, "along every relationship", text);
    }
    for rule in follow {
        let name = &ontology.relationship(rule.relationship).name;
        let way = if rule.along { "" } else { " backwards" };
        let filtered = if rule.filter.is_some() {
            ", then filter"
        } else {
            ""
        };
        line(0, &format!("along {name}{way}{filtered}"), text);
    }
}

fn edges(access: &Access, ontology: &Ontology, depth: usize, text: &mut String) {
    match access {
        Access::Ends(side, starts) => {
            let end = match side {
                Direction::Out => "source",
                Direction::In => "target",
            };
            line(depth, &format!("edges by {end}, then filter, from"), text);
            lines(starts, ontology, depth + 1, text);
        }
        Access::EdgeIds(ids) => line(
            depth,
            &format!("{} ids of edges, then filter", ids.len()),
            text,
        ),
        Access::Union(all) => {
            line(depth, "union of edges", text);
            all.iter()
                .for_each(|each| edges(each, ontology, depth + 1, text));
        }
        _ => line(depth, "scan edges", text),
    }
}

fn order(collection: &Collection, ontology: &Ontology, text: &mut String) {
    match (collection.walk, &collection.starts[..]) {
        (Walk::ById { descending: true }, _) => line(0, "in order of ids, backwards", text),
        (
            Walk::ByIndex {
                property,
                descending,
            },
            [start],
        ) => {
            let property = &ontology.node_type(start.of).properties[property].name;
            let turn = if descending { ", backwards" } else { "" };
            line(0, &format!("in order of index {property}{turn}"), text);
        }
        _ => {}
    }
}

fn lines(starts: &[Start], ontology: &Ontology, depth: usize, text: &mut String) {
    for start in starts {
        let name = &ontology.node_type(start.of).name;
        let filtered = if start.filter.is_some() {
            ", then filter"
        } else {
            ""
        };
        describe(
            &start.access,
            start,
            ontology,
            &format!("{name}{filtered}"),
            depth,
            text,
        );
    }
}

fn describe(
    access: &Access,
    start: &Start,
    ontology: &Ontology,
    what: &str,
    depth: usize,
    text: &mut String,
) {
    match access {
        Access::All => line(depth, &format!("scan {what}"), text),
        Access::Keys(keys) => line(depth, &format!("{} keys of {what}", keys.len()), text),
        Access::Ids(ids) => line(depth, &format!("{} ids of {what}", ids.len()), text),
        Access::Index { property, probe } => {
            let property = &ontology.node_type(start.of).properties[*property].name;
            line(
                depth,
                &format!("index {property} {} of {what}", probe_text(probe)),
                text,
            );
        }
        Access::Search(pattern) => line(
            depth,
            &format!("search {:?} of {what}", pattern.typed()),
            text,
        ),
        Access::Neighbours(hop, from) => {
            line(
                depth,
                &format!("along {} to {what}, from", step(hop, ontology)),
                text,
            );
            lines(from, ontology, depth + 1, text);
        }
        Access::Closure(hop, from) => {
            line(
                depth,
                &format!("closure of {} to {what}, from", step(hop, ontology)),
                text,
            );
            lines(from, ontology, depth + 1, text);
        }
        Access::Ends(..) | Access::EdgeIds(_) => {}
        Access::Union(all) if all.is_empty() => line(depth, &format!("nothing of {what}"), text),
        Access::Union(all) => {
            line(depth, &format!("union for {what}"), text);
            for each in all {
                describe(each, start, ontology, what, depth + 1, text);
            }
        }
    }
}

fn step(hop: &Hop, ontology: &Ontology) -> String {
    let name = &ontology.relationship(hop.relationship).name;
    match hop.legs.first().map(|leg| leg.direction) {
        Some(Direction::In) => format!("{name} backwards"),
        _ => name.clone(),
    }
}

fn probe_text(probe: &Probe) -> String {
    match probe {
        Probe::Equal(values) => format!("equal to {} values", values.len()),
        Probe::Prefix(prefix) => format!("starting with {prefix:?}"),
        Probe::Range(..) => "in a range".to_owned(),
    }
}

fn line(depth: usize, what: &str, text: &mut String) {
    let _ = writeln!(text, "{:indent$}{what}", "", indent = depth * 2);
}
