//! A small ontology, and records by name.

use super::super::{Edge, Node, Snapshot};
use crate::ontology::{
    Display, NodeType, Ontology, Property, Relationship, RelationshipId, TypeId,
};
use crate::value::{Scalar, Value};
use std::sync::Arc;

pub(in crate::graph) const SOURCE: TypeId = TypeId(0);
pub(in crate::graph) const PERSON: TypeId = TypeId(1);
pub(in crate::graph) const CITY: TypeId = TypeId(2);
pub(in crate::graph) const KNOWS: RelationshipId = RelationshipId(0);
pub(in crate::graph) const ROUTE: RelationshipId = RelationshipId(1);
pub(in crate::graph) const LIVES: RelationshipId = RelationshipId(2);

/// Properties of `Person`.
pub(in crate::graph) const EMAIL: usize = 0;
pub(in crate::graph) const NAME: usize = 1;
pub(in crate::graph) const AGE: usize = 2;
pub(in crate::graph) const TAGS: usize = 3;
pub(in crate::graph) const BORN: usize = 4;

pub(in crate::graph) fn property(name: &str, scalar: Scalar) -> Property {
    Property {
        name: name.into(),
        description: None,
        display: Display::default(),
        scalar,
        list: false,
        required: false,
        localized: false,
        search: false,
        unique: false,
        default: None,
        min: None,
        max: None,
        pattern: None,
        unit: None,
        deprecated: None,
    }
}

fn node_type(name: &str, properties: Vec<Property>, id: u16, interface: u16) -> NodeType {
    let unique = (0..properties.len()).filter(|p| properties[*p].unique);
    NodeType {
        name: name.into(),
        plural: None,
        description: None,
        display: Display::default(),
        label: None,
        fields: Vec::new(),
        unique: unique.map(|p| vec![p]).collect(),
        properties,
        interfaces: vec![TypeId(interface)],
        members: vec![TypeId(id)],
        deprecated: None,
    }
}

fn relationship(
    name: &str,
    properties: Vec<Property>,
    pairs: &[(TypeId, TypeId)],
    symmetric: bool,
) -> Relationship {
    let unique = (0..properties.len()).filter(|p| properties[*p].unique);
    Relationship {
        name: name.into(),
        type_name: name.into(),
        declared: true,
        plural: None,
        description: None,
        display: Display::default(),
        unique: unique.collect(),
        properties,
        symmetric,
        source: pairs[0].0,
        target: pairs[0].1,
        pairs: pairs.to_vec(),
        deprecated: None,
    }
}

/// People who know each other (symmetric), cities with parallel routes, people who live in cities.
pub(in crate::graph) fn ontology() -> Arc<Ontology> {
    let mut email = property("email", Scalar::String);
    email.unique = true;
    let mut name = property("name", Scalar::String);
    (name.localized, name.search) = (true, true);
    let mut tags = property("tags", Scalar::String);
    (tags.list, tags.search) = (true, true);
    let person = vec![
        email,
        name,
        property("age", Scalar::Int),
        tags,
        property("born", Scalar::Date),
    ];
    let mut label = property("label", Scalar::String);
    label.search = true;
    let mut line = property("line", Scalar::Int);
    line.unique = true;
    let route = vec![line, property("note", Scalar::String)];
    let mut node = node_type("Node", Vec::new(), 3, 3);
    node.interfaces.clear();
    node.members = vec![SOURCE, PERSON, CITY];
    let title = property("title", Scalar::String);
    Arc::new(Ontology {
        types: vec![
            node_type("Source", vec![title], 0, 3),
            node_type("Person", person, 1, 3),
            node_type("City", vec![label, property("size", Scalar::Float)], 2, 3),
            node,
        ],
        concrete: 3,
        relationships: vec![
            relationship(
                "KNOWS",
                vec![property("since", Scalar::Int)],
                &[(PERSON, PERSON)],
                true,
            ),
            relationship("ROUTE", route, &[(CITY, CITY)], false),
            relationship("LIVES_IN", Vec::new(), &[(PERSON, CITY)], false),
        ],
        enums: Vec::new(),
        languages: vec!["zh".into()],
        cited: false,
        sdl: String::new(),
    })
}

pub(in crate::graph) fn texts(pairs: &[(&str, &str)]) -> Value {
    Value::Texts(
        pairs
            .iter()
            .map(|(l, t)| ((*l).into(), (*t).into()))
            .collect(),
    )
}

/// The keys of all nodes of a type in order.
pub(in crate::graph) fn keys(snapshot: &Snapshot, of: TypeId) -> Vec<&str> {
    snapshot.nodes(of).map(|node| snapshot.key(node)).collect()
}

pub(in crate::graph) fn person(snapshot: &Snapshot, key: &str) -> Node {
    snapshot.node(PERSON, key).unwrap()
}

/// All edges of a relationship type as `source>target`.
pub(in crate::graph) fn edges(snapshot: &Snapshot, of: RelationshipId) -> Vec<String> {
    let segments = snapshot.segments(of).iter();
    let all = segments.flat_map(|id| snapshot.edges(*id));
    all.map(|edge: Edge| {
        let (source, target) = snapshot.ends(edge);
        format!("{}>{}", snapshot.key(source), snapshot.key(target))
    })
    .collect()
}
