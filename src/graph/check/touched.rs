//! Does the graph keep the rules of its ontology where a small commit touched it? The same rules as
//! of the whole (`constraints`, `across`), found through indexes, so that a commit costs by its own
//! size. Not for: a graph that may have been wrong before.

use super::{Violations, across, constraints};
use crate::graph::snapshot::{Edge, Node, Snapshot};
use crate::ontology::{Field, RelationshipId, TypeId};
use crate::value::Cell;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// How many candidates a record may have, on average, before the whole type is checked instead.
const MANY: usize = 64;

/// The records of a graph that a commit touched.
#[derive(Clone, Debug, Default)]
pub struct Touch {
    /// Nodes that were added or changed.
    pub nodes: Vec<Node>,
    /// Those of them that were added.
    pub born: Vec<Node>,
    /// Edges that were added or changed.
    pub edges: Vec<Edge>,
    /// Nodes with the relationship types of which they got or lost edges.
    pub tied: Vec<(Node, RelationshipId)>,
}

/// The rules that the ontology has for records together, where a commit touched them; the graph kept
/// them before. Cost: microseconds for each record.
pub fn check_touched(snapshot: &Snapshot, touch: &Touch) -> Violations {
    let mut violations = Violations::default();
    let cited = snapshot.ontology().cited;
    for node in &touch.nodes {
        constraints::node_required(snapshot, *node, &mut violations);
        if cited {
            constraints::node_cited(snapshot, *node, &mut violations);
        }
    }
    for edge in &touch.edges {
        constraints::one_edge_required(snapshot, *edge, &mut violations);
        if cited {
            constraints::edge_cited(snapshot, *edge, &mut violations);
        }
    }
    single(snapshot, touch, &mut violations);
    unique(snapshot, touch, &mut violations);
    violations
}

/// Single-valued fields of new nodes, and of nodes that got or lost edges.
fn single(snapshot: &Snapshot, touch: &Touch, violations: &mut Violations) {
    let mut tied: Vec<(Node, Option<RelationshipId>)> = touch
        .tied
        .iter()
        .map(|(node, of)| (*node, Some(*of)))
        .collect();
    let born: FxHashSet<Node> = touch.born.iter().copied().collect();
    tied.retain(|(node, _)| !born.contains(node));
    tied.extend(touch.born.iter().map(|node| (*node, None)));
    tied.sort_unstable();
    tied.dedup();
    for (node, of) in tied {
        for field in &snapshot.ontology().node_type(node.of).fields {
            if let Field::Relation(relation) = field
                && !relation.many
                && of.is_none_or(|of| of == relation.relationship)
            {
                constraints::node_single(snapshot, node, relation, violations);
            }
        }
    }
}

/// Unique sets of the types concerned, and of their interfaces.
fn unique(snapshot: &Snapshot, touch: &Touch, violations: &mut Violations) {
    let ontology = snapshot.ontology();
    let types: BTreeSet<TypeId> = touch.nodes.iter().map(|node| node.of).collect();
    let within = |of: &TypeId| ontology.node_type(*of).interfaces.clone();
    let interfaces: BTreeSet<TypeId> = types.iter().flat_map(within).collect();
    for of in types.into_iter().chain(interfaces) {
        for set in &ontology.node_type(of).unique {
            Set::new(snapshot, of, set).check(&touch.nodes, violations);
        }
    }
}

/// A unique set of a concrete type, or of an interface.
struct Set<'a> {
    snapshot: &'a Snapshot,
    of: TypeId,
    set: &'a [usize],
    /// The concrete types that share it, and where they have its properties.
    members: Vec<(TypeId, across::Columns)>,
}

impl<'a> Set<'a> {
    fn new(snapshot: &'a Snapshot, of: TypeId, set: &'a [usize]) -> Self {
        let members = snapshot.ontology().node_type(of).members.iter();
        let columns = |member: &TypeId| across::columns(snapshot, of, set, *member);
        Self {
            snapshot,
            of,
            set,
            members: members.map(|member| (*member, columns(member))).collect(),
        }
    }

    fn is_concrete(&self) -> bool {
        self.snapshot.ontology().is_concrete(self.of)
    }

    fn check(&self, nodes: &[Node], violations: &mut Violations) {
        let mine = |node: &&Node| self.members.iter().any(|(of, _)| *of == node.of);
        let mine: FxHashSet<Node> = nodes.iter().filter(mine).copied().collect();
        let mut ordered: Vec<Node> = mine.iter().copied().collect();
        ordered.sort_unstable();
        let costs = ordered.iter().map(|node| self.cost(*node));
        if costs.sum::<usize>() > MANY * (64 + ordered.len()) + self.count() {
            return self.check_all(violations);
        }
        for node in ordered {
            // Of two nodes of the commit the second tells.
            let tells = |other: &Node| *other != node && (!mine.contains(other) || *other < node);
            if let Some(other) = self.same(node, tells) {
                self.shared(other, node, violations);
            }
        }
    }

    fn count(&self) -> usize {
        self.snapshot.count(self.of)
    }

    fn check_all(&self, violations: &mut Violations) {
        match self.is_concrete() {
            true => constraints::unique(self.snapshot, self.of, self.set, violations),
            false => across::check(self.snapshot, self.of, violations),
        }
    }

    fn shared(&self, other: Node, node: Node, violations: &mut Violations) {
        match self.is_concrete() {
            true => constraints::shared(self.snapshot, [other, node], self.set, violations),
            false => across::shared(
                self.snapshot,
                [other, node],
                (self.of, self.set),
                violations,
            ),
        }
    }

    /// A node's values of the set; none if it lacks one of them.
    fn values(&self, node: Node) -> Option<Vec<Cell<'a>>> {
        let (_, columns) = self.members.iter().find(|(of, _)| *of == node.of)?;
        let values = columns.iter().map(|at| self.snapshot.cell(node, *at));
        let values: Vec<Cell<'_>> = values.collect();
        (!values.iter().any(|value| value.is_null())).then_some(values)
    }

    /// The members that a node may share its values with: an interface's rule is for others only,
    /// since the node's own type has it too.
    fn others(&self, of: TypeId) -> impl Iterator<Item = &(TypeId, across::Columns)> {
        let own = self.is_concrete();
        self.members
            .iter()
            .filter(move |(other, _)| own == (*other == of))
    }

    /// How many rows there are to look at for a node.
    fn cost(&self, node: Node) -> usize {
        let Some(values) = self.values(node) else {
            return 0;
        };
        let others = self.others(node.of);
        others
            .map(|(of, columns)| self.narrowest(*of, columns, &values).1)
            .sum()
    }

    /// The position in the set whose index finds the fewest rows, and how many.
    fn narrowest(&self, of: TypeId, columns: &[usize], values: &[Cell<'a>]) -> (usize, usize) {
        let found = columns.iter().zip(values).map(|(at, value)| {
            let index = self.snapshot.index(of, *at);
            index.map_or(usize::MAX, |index| index.equal(*value).len())
        });
        let found = found.enumerate().min_by_key(|(_, count)| *count);
        found.unwrap_or((0, 0))
    }

    /// Another node with the same values that `tells` takes.
    fn same(&self, node: Node, tells: impl Fn(&Node) -> bool) -> Option<Node> {
        let values = self.values(node)?;
        let mut others = self.others(node.of);
        others.find_map(|(of, columns)| {
            let (narrowest, _) = self.narrowest(*of, columns, &values);
            let index = self.snapshot.index(*of, *columns.get(narrowest)?)?;
            let matches = index.equal(*values.get(narrowest)?);
            let nodes = matches.iter().map(|row| Node { of: *of, row });
            let is_same = |other: &Node| {
                let mut pairs = columns.iter().zip(&values);
                pairs.all(|(at, value)| self.snapshot.cell(*other, *at).order(*value).is_eq())
            };
            nodes.filter(&tells).find(is_same)
        })
    }
}
