//! Which nodes may each relationship type join? Not for: reading the fields (`relation`).

use super::directives::Directives;
use super::property::{deprecated, display};
use super::relation::{Draft, End, Relations};
use super::report::{Located, Report};
use super::shape::Shape;
use super::symbols::Symbols;
use super::types::{lower_edge_properties, plural, unique_of_edges};
use crate::ontology::names::edge_type_name;
use crate::ontology::{Direction, Field, NodeType, Relationship, TypeId};
use std::collections::BTreeSet;

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
        check_directions(report, types, draft);
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

fn members(types: &[NodeType], id: TypeId) -> &[TypeId] {
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

/// Two ends that look the same way, or never see the same edge, are a mistake in one of them.
fn check_directions(report: &mut Report, types: &[NodeType], draft: &Draft) {
    let meets = |a: &End, b: &End| {
        let sees = |of: TypeId, end: &End| {
            members(types, end.target)
                .iter()
                .any(|far| members(types, of).contains(far))
        };
        sees(a.owner, b) && sees(b.owner, a)
    };
    let ends = &draft.ends;
    let inverse = |a: &End| {
        ends.iter()
            .any(|b| b.direction != a.direction && meets(a, b))
    };
    let alike = |a: &End, b: &End| {
        let to_itself = |end: &End| {
            members(types, end.target)
                .iter()
                .any(|far| members(types, end.owner).contains(far))
        };
        a.direction == b.direction && meets(a, b) && !to_itself(a) && !to_itself(b)
    };
    for (at, a) in ends.iter().enumerate() {
        if let Some(b) = ends[..at]
            .iter()
            .find(|b| alike(a, b) && !inverse(a) && !inverse(b))
        {
            let word = if a.direction == Direction::Out {
                "OUT"
            } else {
                "IN"
            };
            report
                .error(format!("both ends of `{}` say {word}", draft.name))
                .at(a.field, format!("leads to `{}` as {word}", types[a.target.0 as usize].name))
                .at(b.field, format!("leads to `{}` as {word}", types[b.target.0 as usize].name))
                .help("an edge goes OUT of one end and IN at the other: turn one of them round, or name two types");
            return;
        }
    }
    let first = |direction| ends.iter().find(|end| end.direction == direction);
    if let (Some(out), Some(into)) = (first(Direction::Out), first(Direction::In))
        && !ends.iter().any(inverse)
    {
        let name = |id: TypeId| &types[id.0 as usize].name;
        report
            .error(format!("the two ends of `{}` never see the same edge", draft.name))
            .at(into.field, format!("edges from `{}` to `{}`", name(into.target), name(into.owner)))
            .at(out.field, format!("edges from `{}` to `{}`", name(out.owner), name(out.target)))
            .help("let each lead to the type that declares the other, or give one of them another `type`");
    }
}

/// Checks that the steps of closures can repeat and lead to what they are declared to contain.
pub(super) fn check_closures(
    report: &mut Report,
    shapes: &[Shape],
    types: &[NodeType],
    drafts: &[Draft],
) {
    for (shape, node_type) in shapes.iter().zip(types) {
        for field in &node_type.fields {
            let (Field::Closure(closure), Some(declared)) =
                (field, shape.field(field.name(node_type)))
            else {
                continue;
            };
            let draft = &drafts[closure.relationship.0 as usize];
            let (reached, repeats) = reach(
                types,
                draft,
                closure.direction,
                members(types, shape_id(types, node_type)),
            );
            let span = declared
                .directives
                .find("closure")
                .map_or(declared.node.span(), |given| given.span());
            if !reached.is_empty() && !repeats {
                report
                    .error(format!("the steps of the closure `{}` cannot repeat", closure.name))
                    .at(span, format!("no node that one step of `{}` reaches has a further one", draft.name))
                    .help("use the relationship field itself, or let it lead to a type that has the field too");
            } else if !members(types, closure.target)
                .iter()
                .any(|id| reached.contains(id))
                && !reached.is_empty()
            {
                let name = &types[closure.target.0 as usize].name;
                report
                    .error(format!(
                        "the closure `{}` can never contain a `{name}`",
                        closure.name
                    ))
                    .at(
                        declared.node.name.span(),
                        format!("no step of `{}` leads there", draft.name),
                    )
                    .help("let it lead to what the relationship field leads to");
            }
        }
    }
}

fn shape_id(types: &[NodeType], node_type: &NodeType) -> TypeId {
    let at = types.iter().position(|it| it.name == node_type.name);
    TypeId(at.unwrap_or(0) as u16)
}

/// The concrete types that steps reach from some, and whether a second step is possible.
fn reach(
    types: &[NodeType],
    draft: &Draft,
    direction: Direction,
    from: &[TypeId],
) -> (BTreeSet<TypeId>, bool) {
    let steps: Vec<(TypeId, TypeId)> = pairs(types, draft)
        .into_iter()
        .map(|(source, target)| {
            if direction == Direction::Out {
                (source, target)
            } else {
                (target, source)
            }
        })
        .collect();
    let next = |near: TypeId| {
        steps
            .iter()
            .filter(move |(a, _)| *a == near)
            .map(|(_, far)| *far)
    };
    let mut reached: BTreeSet<TypeId> = from.iter().flat_map(|near| next(*near)).collect();
    let repeats = reached.iter().any(|near| next(*near).next().is_some());
    let mut queue: Vec<TypeId> = reached.iter().copied().collect();
    while let Some(near) = queue.pop() {
        queue.extend(
            next(near)
                .filter(|far| reached.insert(*far))
                .collect::<Vec<_>>(),
        );
    }
    (reached, repeats)
}
