//! Do the steps of each closure repeat, and lead to what it is declared to contain? Not for: reading
//! closures (`relation`).

use super::ends::members;
use super::report::{Located, Report, Span};
use super::shape::{Declared, Shape};
use crate::ontology::{Closure, Direction, Field, NodeType, Relationship, TypeId};
use std::collections::{BTreeMap, BTreeSet};

/// One closure as it is declared, on an interface rather than on its members.
struct Found<'a> {
    owner: TypeId,
    closure: &'a Closure,
    field: &'a Declared<'a>,
    said: Span,
}

/// Checks all closures.
pub(super) fn check_closures(
    report: &mut Report,
    shapes: &[Shape],
    types: &[NodeType],
    relationships: &[Relationship],
) {
    for found in declared_closures(shapes, types) {
        let relationship = &relationships[found.closure.relationship.0 as usize];
        let steps = Steps::new(relationship, found.closure.direction);
        let first = steps.from(members(types, found.owner));
        let reached = steps.reach(first.clone());
        if first.is_empty() {
            continue; // nothing can be stored yet
        }
        if first.iter().all(|id| !steps.0.contains_key(id)) {
            cannot_repeat(report, &found, relationship);
        } else if !members(types, found.closure.target)
            .iter()
            .any(|id| reached.contains(id))
        {
            leads_elsewhere(report, &found, relationship, types);
        }
    }
}

/// Each closure once: an interface's stands for those that inherit it.
fn declared_closures<'a>(shapes: &'a [Shape<'a>], types: &'a [NodeType]) -> Vec<Found<'a>> {
    let mut all: BTreeMap<Span, Found> = BTreeMap::new();
    for (at, (shape, node_type)) in shapes.iter().zip(types).enumerate() {
        let owner = TypeId(at as u16);
        for field in &node_type.fields {
            let (Field::Closure(closure), Some(field)) =
                (field, shape.field(field.name(node_type)))
            else {
                continue;
            };
            let given = field.directives.find("closure");
            let said = given.map_or(field.node.span(), |given| given.span());
            let found = Found {
                owner,
                closure,
                field,
                said,
            };
            let breadth = |found: &Found| members(types, found.owner).len();
            match all.get(&said) {
                Some(known) if breadth(known) >= breadth(&found) => {}
                _ => drop(all.insert(said, found)),
            }
        }
    }
    all.into_values().collect()
}

/// Which concrete types one step leads to from each.
struct Steps(BTreeMap<TypeId, BTreeSet<TypeId>>);

impl Steps {
    fn new(relationship: &Relationship, direction: Direction) -> Self {
        let mut steps: BTreeMap<TypeId, BTreeSet<TypeId>> = BTreeMap::new();
        for (source, target) in &relationship.pairs {
            let (near, far) = match direction {
                Direction::Out => (source, target),
                Direction::In => (target, source),
            };
            steps.entry(*near).or_default().insert(*far);
        }
        Self(steps)
    }

    /// What one step reaches.
    fn from(&self, starts: &[TypeId]) -> BTreeSet<TypeId> {
        let steps = starts.iter().filter_map(|id| self.0.get(id));
        steps.flatten().copied().collect()
    }

    /// What further steps reach as well.
    fn reach(&self, mut reached: BTreeSet<TypeId>) -> BTreeSet<TypeId> {
        let mut queue: Vec<TypeId> = reached.iter().copied().collect();
        while let Some(near) = queue.pop() {
            for far in self.0.get(&near).into_iter().flatten() {
                if reached.insert(*far) {
                    queue.push(*far);
                }
            }
        }
        reached
    }
}

fn cannot_repeat(report: &mut Report, found: &Found, relationship: &Relationship) {
    let name = &relationship.name;
    report
        .error(format!(
            "the steps of the closure `{}` cannot repeat",
            found.closure.name
        ))
        .at(
            found.said,
            format!("no node that one step of `{name}` reaches has a further one"),
        )
        .help("use the relationship field itself, or let it lead to a type that has the field too");
}

fn leads_elsewhere(
    report: &mut Report,
    found: &Found,
    relationship: &Relationship,
    types: &[NodeType],
) {
    let target = &types[found.closure.target.0 as usize].name;
    report
        .error(format!(
            "the closure `{}` can never contain a `{target}`",
            found.closure.name
        ))
        .at(
            found.field.node.name.span(),
            format!("no step of `{}` leads there", relationship.name),
        )
        .help("let it lead to what the relationship field leads to");
}
