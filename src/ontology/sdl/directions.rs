//! Do the two ends of a relationship type look at the same edges? Not for: what edges may join
//! (`ends`).

use super::ends::members;
use super::relation::{Draft, End};
use super::report::Report;
use crate::ontology::{Direction, NodeType, TypeId};

/// The ends of one relationship type that has a direction.
pub(super) struct Directions<'a> {
    pub types: &'a [NodeType],
    pub draft: &'a Draft,
}

impl Directions<'_> {
    /// Two ends that look the same way, or never see the same edge, are a mistake in one of them.
    pub fn check(&self, report: &mut Report) {
        if let Some((a, b)) = self.alike() {
            self.report_alike(report, a, b);
        } else if let Some((out, into)) = self.apart() {
            self.report_apart(report, out, into);
        }
    }

    fn name(&self, id: TypeId) -> &str {
        &self.types[id.0 as usize].name
    }

    /// Whether two types have a concrete type in common.
    fn overlap(&self, a: TypeId, b: TypeId) -> bool {
        let (a, b) = (members(self.types, a), members(self.types, b));
        let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
        few.iter().any(|id| many.binary_search(id).is_ok())
    }

    /// Whether each of two ends leads to the other.
    fn meet(&self, a: &End, b: &End) -> bool {
        self.overlap(a.owner, b.target) && self.overlap(b.owner, a.target)
    }

    /// Whether another end sees edges of this one from their other side.
    fn has_inverse(&self, a: &End) -> bool {
        let other = |b: &&End| b.direction != a.direction;
        self.draft
            .ends
            .iter()
            .filter(other)
            .any(|b| self.meet(a, b))
    }

    /// Two ends that lead to each other in the same direction, where neither has an inverse.
    fn alike(&self) -> Option<(&End, &End)> {
        let to_another = |end: &&End| !self.overlap(end.owner, end.target);
        let ends: Vec<&End> = self.draft.ends.iter().filter(to_another).collect();
        ends.iter().enumerate().find_map(|(at, a)| {
            let same = |b: &&&End| b.direction == a.direction && self.meet(a, b);
            let b = ends[..at].iter().find(same)?;
            let lone = !self.has_inverse(a) && !self.has_inverse(b);
            lone.then_some((*a, *b))
        })
    }

    /// The first end of each direction, if no two ends see a common edge.
    fn apart(&self) -> Option<(&End, &End)> {
        let ends = &self.draft.ends;
        let first = |direction| ends.iter().find(|end| end.direction == direction);
        let (out, into) = (first(Direction::Out)?, first(Direction::In)?);
        let seen_twice = ends.iter().any(|end| self.has_inverse(end));
        (!seen_twice).then_some((out, into))
    }

    fn report_alike(&self, report: &mut Report, a: &End, b: &End) {
        let word = if a.direction == Direction::Out {
            "OUT"
        } else {
            "IN"
        };
        report
            .error(format!("both ends of `{}` say {word}", self.draft.name))
            .at(
                a.field,
                format!("leads to `{}` as {word}", self.name(a.target)),
            )
            .at(
                b.field,
                format!("leads to `{}` as {word}", self.name(b.target)),
            )
            .help(
                "an edge goes OUT of one end and IN at the other: turn one of them round, or name \
                 two types",
            );
    }

    fn report_apart(&self, report: &mut Report, out: &End, into: &End) {
        let edges = |from, to| format!("edges from `{}` to `{}`", self.name(from), self.name(to));
        report
            .error(format!(
                "the two ends of `{}` never see the same edge",
                self.draft.name
            ))
            .at(into.field, edges(into.target, into.owner))
            .at(out.field, edges(out.owner, out.target))
            .help(
                "let each lead to the type that declares the other, or give one of them another \
                 `type`",
            );
    }
}
