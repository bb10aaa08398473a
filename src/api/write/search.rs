//! How is it written that and how a node matches a search? Not for: the node (`records`).

use super::json::push_float;
use super::{Missing, Writer};
use crate::exec::{Hit, Item};
use crate::plan::{Keyed, MatchOutput};
use crate::search::Match;

impl<'a> Writer<'a> {
    /// A number that falls in the order of the answer.
    pub(super) fn score(&mut self, hit: &Hit) {
        push_float(&mut self.out, score(hit.found, hit.degree));
    }

    pub(super) fn matched(
        &mut self,
        outputs: &'a [Keyed<MatchOutput>],
        item: Item,
        hit: &'a Hit,
    ) -> Result<(), Missing> {
        let ontology = self.snapshot.ontology();
        let of = item.node().map(|node| ontology.node_type(node.of));
        let property = of.and_then(|of| of.properties.get(hit.property));
        self.object(outputs, |writer, output| {
            match output.what {
                MatchOutput::Typename => writer.name("SearchMatch"),
                MatchOutput::Field => writer.name(property.map_or("", |property| &property.name)),
                MatchOutput::Value => writer.string(&hit.text),
                MatchOutput::Kind => writer.name(hit.found.kind.name()),
            }
            Ok(())
        })
    }
}

/// Levels are equally far apart; within one, typos take most of the room, then the degree.
fn score(found: Match, degree: u64) -> f64 {
    let typos = f64::from(found.distance.min(3)) + 1.0 / (1.0 + degree as f64);
    let step = f64::from(found.level()) + typos / 5.0;
    let score = 1.0 - step / (f64::from(Match::WORST) + 1.0);
    (score * 1e6).round() / 1e6
}
