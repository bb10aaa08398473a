//! Do the members of an interface share values that are unique in it? Not for: concrete types.

use super::{Record, Violated, Violations};
use crate::graph::snapshot::{Node, Snapshot};
use crate::ontology::TypeId;
use crate::value::Cell;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// A property of a concrete type by position, for each property of a set.
type Columns = Vec<usize>;

/// No two nodes of different members may share the values of a unique set of their interface; those
/// that lack one of them are left out. Cost: about 100 ns a node.
pub(super) fn check(snapshot: &Snapshot, of: TypeId, violations: &mut Violations) {
    let ontology = snapshot.ontology();
    let declared = ontology.node_type(of);
    for set in declared
        .unique
        .iter()
        .filter(|_| declared.members.len() > 1)
    {
        let names: Vec<&str> = set
            .iter()
            .map(|at| declared.properties[*at].name.as_str())
            .collect();
        let columns: Vec<Columns> = declared
            .members
            .iter()
            .map(|member| {
                names
                    .iter()
                    .filter_map(|name| ontology.node_type(*member).property(name))
                    .collect()
            })
            .collect();
        let members = declared.members.iter().copied().zip(columns);
        let mut seen = Seen {
            snapshot,
            members: members.collect(),
            table: HashTable::new(),
        };
        let kind = Violated::Unique(of, set.clone());
        for member in 0..seen.members.len() {
            for node in snapshot.nodes(seen.members[member].0) {
                let Some(other) = seen.add(node, member).filter(|other| other.of != node.of) else {
                    continue;
                };
                violations.add(&kind, &[Record::Node(other), Record::Node(node)], || {
                    let (a, b) = (snapshot.id(other), snapshot.id(node));
                    let (names, within) = (names.join("` and `"), &declared.name);
                    format!("{a} and {b} have the same `{names}`, which must be unique in {within}")
                });
            }
        }
    }
}

/// The nodes seen so far, by their values.
struct Seen<'a> {
    snapshot: &'a Snapshot,
    members: Vec<(TypeId, Columns)>,
    /// Nodes, and their types' positions in `members`.
    table: HashTable<(Node, usize)>,
}

impl Seen<'_> {
    fn values(&self, node: Node, member: usize) -> impl Iterator<Item = Cell<'_>> {
        self.members[member]
            .1
            .iter()
            .map(move |at| self.snapshot.cell(node, *at))
    }

    fn hash(&self, node: Node, member: usize) -> u64 {
        let mut hasher = FxHasher::default();
        self.values(node, member)
            .for_each(|cell| feed(cell, &mut hasher));
        hasher.finish()
    }

    /// Adds a node; gives the one that has the same values, if there is one.
    fn add(&mut self, node: Node, member: usize) -> Option<Node> {
        if self.values(node, member).any(Cell::is_null) {
            return None;
        }
        let same = |(other, of): &(Node, usize)| {
            let mut pairs = self.values(*other, *of).zip(self.values(node, member));
            pairs.all(|(a, b)| a.order(b).is_eq())
        };
        let hash = self.hash(node, member);
        if let Some((other, _)) = self.table.find(hash, same) {
            return Some(*other);
        }
        let mut table = std::mem::take(&mut self.table);
        table.insert_unique(hash, (node, member), |(node, of)| self.hash(*node, *of));
        self.table = table;
        None
    }
}

fn feed(cell: Cell<'_>, hasher: &mut FxHasher) {
    match cell {
        Cell::Null => 0.hash(hasher),
        Cell::Bool(v) => v.hash(hasher),
        Cell::Int(v) => v.hash(hasher),
        Cell::Float(v) => v.to_bits().hash(hasher),
        Cell::Str(v) | Cell::Json(v) => v.hash(hasher),
        Cell::Date(v) => v.hash(hasher),
        Cell::DateTime(v) => v.hash(hasher),
        Cell::Period(v) => v.to_bits().hash(hasher),
        Cell::Point(v) => (v.latitude.to_bits(), v.longitude.to_bits()).hash(hasher),
        Cell::Enum(v) => v.hash(hasher),
        Cell::List(items) => items.iter().for_each(|item| feed(item, hasher)),
        Cell::Texts(texts) => texts.iter().for_each(|text| text.hash(hasher)),
    }
}
