//! Which nodes may each relationship type join? Not for: reading the fields (`relation`).

use super::directions::Directions;
use super::directives::Directives;
use super::property::{deprecated, display};
use super::relation::{Draft, End, Relations};
use super::report::{Located, Report, Span};
use super::shape::Shape;
use super::symbols::Symbols;
use super::types::{lower_edge_properties, plural, unique_of_edges};
use crate::ontology::names::edge_type_name;
use crate::ontology::{Direction, NodeType, Relationship, TypeId};
use std::collections::{BTreeMap, BTreeSet};

/// The shapes of all edge types, each of which belongs to exactly one relationship type.
pub(super) fn edge_shapes<'d>(
    report: &mut Report,
    relations: &Relations<'_, 'd>,
) -> Vec<Shape<'d>> {
    let decls = relations.symbols.edges.iter();
    let shapes: Vec<Shape> = decls.map(|decl| Shape::of_edge(report, decl)).collect();
    check_owners(report, &shapes, relations);
    shapes
}

/// Makes the relationship types of gathered ends.
pub(super) fn lower_relationships(
    report: &mut Report,
    types: &[NodeType],
    relations: &Relations,
    edges: &[Shape],
) -> Vec<Relationship> {
    let mut made = Vec::new();
    for draft in &relations.drafts {
        let shape = draft.edge.map(|edge| &edges[edge]);
        made.push(relationship(report, relations.symbols, types, draft, shape));
    }
    made
}

/// An edge type belongs to exactly one relationship type.
fn check_owners(report: &mut Report, shapes: &[Shape], relations: &Relations) {
    for (at, shape) in shapes.iter().enumerate() {
        let name = &shape.decl.name;
        let owners: Vec<&Draft> = relations
            .drafts
            .iter()
            .filter(|draft| draft.edge == Some(at))
            .collect();
        match owners.as_slice() {
            [] if relations.named.contains(&at) => {}
            [] => {
                report
                    .error(format!("no relationship has the properties `{name}`"))
                    .at(name.span(), "")
                    .help(format!(
                        "name it in a field: @relationship(…, properties: \"{name}\")"
                    ))
                    .absent(name);
            }
            [first, others @ ..] => {
                for other in others {
                    report
                        .error(format!(
                            "`{name}` belongs to `{}` and to `{}`",
                            first.name, other.name
                        ))
                        .at(other.ends[0].said, format!("used for `{}`", other.name))
                        .at(first.ends[0].said, format!("used for `{}`", first.name))
                        .help("declare an edge type for each relationship type");
                }
            }
        }
    }
}

fn relationship(
    report: &mut Report,
    symbols: &Symbols,
    types: &[NodeType],
    draft: &Draft,
    shape: Option<&Shape>,
) -> Relationship {
    let none = Directives::default();
    let directives = shape.map_or(&none, |shape| &shape.directives);
    let properties = shape.map_or(Vec::new(), |shape| {
        lower_edge_properties(report, symbols, shape)
    });
    let unique = shape.map_or(Vec::new(), |shape| {
        unique_of_edges(report, shape, &properties)
    });
    let pairs = pairs(types, draft);
    if !draft.symmetric {
        Directions { types, draft }.check(report);
    }
    Relationship {
        name: draft.name.clone(),
        type_name: shape.map_or_else(|| edge_type_name(&draft.name), |s| s.decl.name.to_string()),
        declared: shape.is_some(),
        plural: plural(report, directives),
        description: shape.and_then(|shape| shape.decl.description.clone()),
        display: display(report, directives),
        properties,
        unique,
        symmetric: draft.symmetric,
        source: covering(
            types,
            symbols.concrete,
            pairs.iter().map(|(source, _)| *source),
        ),
        target: covering(
            types,
            symbols.concrete,
            pairs.iter().map(|(_, target)| *target),
        ),
        pairs,
        deprecated: deprecated(directives),
    }
}

/// Leaves one end of those that members of an interface inherit: the interface's, which sees all
/// that they see.
pub(super) fn prune(drafts: &mut [Draft], types: &[NodeType]) {
    let breadth = |end: &End| members(types, end.owner).len();
    for draft in drafts {
        let mut kept: Vec<End> = Vec::new();
        let mut at: BTreeMap<Span, usize> = BTreeMap::new();
        for end in draft.ends.drain(..) {
            match at.get(&end.said) {
                Some(at) if breadth(&kept[*at]) < breadth(&end) => kept[*at] = end,
                Some(_) => {}
                None => {
                    at.insert(end.said, kept.len());
                    kept.push(end);
                }
            }
        }
        draft.ends = kept;
    }
}

/// The concrete types of a type.
pub(super) fn members(types: &[NodeType], id: TypeId) -> &[TypeId] {
    &types[id.0 as usize].members
}

/// The concrete pairs that some field sees, source first.
fn pairs(types: &[NodeType], draft: &Draft) -> Vec<(TypeId, TypeId)> {
    let mut pairs = BTreeSet::new();
    for end in &draft.ends {
        for near in members(types, end.owner) {
            for far in members(types, end.target) {
                if draft.symmetric || end.direction == Direction::Out {
                    pairs.insert((*near, *far));
                }
                if draft.symmetric || end.direction == Direction::In {
                    pairs.insert((*far, *near));
                }
            }
        }
    }
    pairs.into_iter().collect()
}

/// The most specific type that covers all of some concrete types: the one itself, else the
/// interface with the fewest members, of those the one with the most interfaces of its own.
fn covering(types: &[NodeType], concrete: usize, all: impl Iterator<Item = TypeId>) -> TypeId {
    let all: BTreeSet<TypeId> = all.collect();
    if let (1, Some(only)) = (all.len(), all.first()) {
        return *only;
    }
    if all.is_empty() {
        return TypeId(concrete as u16);
    }
    let covers = |at: &usize| all.iter().all(|id| types[*at].members.contains(id));
    let breadth = |at: &usize| {
        (
            types[*at].members.len(),
            usize::MAX - types[*at].interfaces.len(),
        )
    };
    let best = (concrete..types.len()).filter(covers).min_by_key(breadth);
    TypeId(best.unwrap_or(concrete) as u16)
}
