//! Do the members of an interface share values that are unique in it? Not for: concrete types.

use super::{Record, Violated, Violations};
use crate::graph::ids::text;
use crate::graph::snapshot::{Node, Snapshot};
use crate::ontology::TypeId;
use crate::value::Cell;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// A property of a concrete type by position, for each property of a set.
pub(super) type Columns = Vec<usize>;

/// No two nodes of different members may share the values of a unique set of their interface; those
/// that lack one of them are left out. Cost: about 100 ns a node.
pub(super) fn check(snapshot: &Snapshot, of: TypeId, violations: &mut Violations) {
    let ontology = snapshot.ontology();
    let declared = ontology.node_type(of);
    let columns_of = |member: TypeId, set: &[usize]| columns(snapshot, of, set, member);
    for set in declared
        .unique
        .iter()
        .filter(|_| declared.members.len() > 1)
    {
        let columns = declared.members.iter();
        let columns = columns.map(|member| columns_of(*member, set));
        let members = declared.members.iter().copied().zip(columns);
        let mut seen = Seen {
            snapshot,
            members: members.collect(),
            table: HashTable::new(),
        };
        for member in 0..seen.members.len() {
            for node in snapshot.nodes(seen.members[member].0) {
                if let Some(other) = seen.add(node, member).filter(|other| other.of != node.of) {
                    shared(snapshot, [other, node], (of, set), violations);
                }
            }
        }
    }
}

/// That nodes of two members of an interface share the values of a set of it.
pub(super) fn shared(
    snapshot: &Snapshot,
    nodes: [Node; 2],
    (of, set): (TypeId, &[usize]),
    violations: &mut Violations,
) {
    let kind = Violated::Unique(of, set.to_vec());
    violations.add(&kind, &nodes.map(Record::Node), || {
        let within = snapshot.ontology().node_type(of);
        let columns = columns(snapshot, of, set, nodes[0].of);
        let cells = columns.iter().map(|at| snapshot.cell(nodes[0], *at));
        let values = set.iter().zip(cells).map(|(at, cell)| {
            let property = &within.properties[*at];
            let value = text(snapshot.ontology(), property, cell);
            format!("`{}` {value}", property.name)
        });
        let values = values.collect::<Vec<_>>().join(" and ");
        let ([a, b], within) = (nodes.map(|node| snapshot.id(node)), &within.name);
        format!("{a} and {b} have the same {values}, which must be unique in {within}")
    });
}

/// Where a concrete type has the properties of a set of an interface of it.
pub(super) fn columns(snapshot: &Snapshot, of: TypeId, set: &[usize], member: TypeId) -> Columns {
    let ontology = snapshot.ontology();
    let (within, member) = (ontology.node_type(of), ontology.node_type(member));
    let names = set.iter().map(|at| &within.properties[*at].name);
    names.filter_map(|name| member.property(name)).collect()
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
            .for_each(|cell| cell.feed(&mut hasher));
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
