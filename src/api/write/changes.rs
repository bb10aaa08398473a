//! How are commits written, and what they changed? Not for: the records themselves (`records`).

use super::{Missing, Writer};
use crate::exec::ChangesRows;
use crate::graph::{ChangeSet, Commit};
use crate::ontology::Ontology;
use crate::plan::{Call, ChangesOutput, ChangesShape, Event, EventOutput, Keyed, Slot, Told};
use crate::value::DateTime;

/// A record that a commit changed.
#[derive(Clone, Copy)]
struct Changed<'a> {
    changes: &'a ChangeSet,
    event: Event,
    /// Its place in the rows.
    place: Option<u32>,
}

/// What the outputs of one commit read.
#[derive(Clone, Copy)]
struct Source<'a> {
    shape: &'a ChangesShape,
    rows: &'a ChangesRows,
    told: &'a Told,
    commit: &'a Commit,
    events: &'a [Event],
    /// The place of its first event among all.
    first: usize,
}

impl<'a> Source<'a> {
    fn changed(self, at: usize) -> Option<Changed<'a>> {
        Some(Changed {
            changes: self.commit.records()?,
            event: *self.events.get(at)?,
            place: self.rows.places.get(self.first + at).copied().flatten(),
        })
    }
}

impl<'a> Writer<'a> {
    /// The commits of a root field: one, or a list (`history`).
    pub(super) fn changes(
        &mut self,
        shape: &'a ChangesShape,
        rows: &'a ChangesRows,
        slot: Slot,
    ) -> Result<(), Missing> {
        let Call::Told(told) = &self.calls[slot] else {
            return Err(self.mismatch());
        };
        let mut first = 0;
        let sources = told.commits.iter().map(|(commit, events)| {
            let source = Source {
                shape,
                rows,
                told,
                commit,
                events,
                first,
            };
            first += events.len();
            source
        });
        let sources: Vec<_> = sources.collect();
        if told.is_list {
            return self.list(0..sources.len(), |w, at| w.commit(sources[at]));
        }
        match sources.first() {
            Some(source) => self.commit(*source),
            None => Err(self.mismatch()),
        }
    }

    fn commit(&mut self, source: Source<'a>) -> Result<(), Missing> {
        let (about, shape) = (&source.commit.about, source.shape);
        self.object(&shape.outputs, |writer, output| {
            match &output.what {
                ChangesOutput::Typename => writer.name(&shape.name),
                ChangesOutput::Revision => writer.revision(source.commit.revision),
                ChangesOutput::From => writer.revision(source.told.from),
                ChangesOutput::At => {
                    let at = DateTime(about.at.saturating_mul(1000));
                    writer.string(&at.to_string());
                }
                ChangesOutput::Actor => writer.text_or_null(about.actor.as_deref()),
                ChangesOutput::Message => writer.text_or_null(about.message.as_deref()),
                ChangesOutput::Events(action, outputs) => {
                    let is_asked = |changed: &Changed<'_>| {
                        let found = changed.event.action(changed.changes);
                        action.is_none_or(|action| action == found)
                    };
                    let all = (0..source.events.len()).filter_map(|at| source.changed(at));
                    let all: Vec<_> = all.filter(is_asked).collect();
                    return writer.under(output.key(), false, |w| {
                        w.list(0..all.len(), |w, at| w.event(source, outputs, all[at]))
                    });
                }
                ChangesOutput::Only(only) => {
                    let changed = source.changed(0).ok_or(Missing)?;
                    return writer.of_event(source, output.key(), *only, changed);
                }
            }
            Ok(())
        })
    }

    fn event(
        &mut self,
        source: Source<'a>,
        outputs: &'a [Keyed<EventOutput>],
        changed: Changed<'a>,
    ) -> Result<(), Missing> {
        self.object(outputs, |writer, output| {
            writer.of_event(source, output.key(), output.what, changed)
        })
    }

    fn of_event(
        &mut self,
        source: Source<'a>,
        key: &'a str,
        output: EventOutput,
        changed: Changed<'a>,
    ) -> Result<(), Missing> {
        let Source { shape, rows, .. } = source;
        match (output, changed.event, changed.place) {
            (EventOutput::Typename, ..) => self.name(&shape.event_name),
            (EventOutput::Action, ..) => self.name(changed.event.action(changed.changes).name()),
            (EventOutput::Id, ..) => {
                let id = changed.id(self.snapshot.ontology());
                self.string(&id);
            }
            (EventOutput::Before | EventOutput::After, ..) => {
                let before = matches!(output, EventOutput::Before);
                let line = changed.line(self.snapshot.ontology(), before);
                self.raw(line.as_deref().unwrap_or("null").as_bytes());
            }
            (EventOutput::Node(of), Event::Node(_), Some(place)) => {
                let place = place as usize;
                let (shape, steps) = (&shape.nodes[of], &rows.node_steps[of]);
                return self.under(key, true, |w| {
                    w.node(rows.nodes[place], place, shape, steps)
                });
            }
            (EventOutput::Relationship(of), Event::Edge(_), Some(place)) => {
                let place = place as usize;
                let (shape, steps) = (&shape.edges[of], &rows.edge_steps[of]);
                return self.under(key, true, |w| {
                    w.edge(rows.edges[place], place, shape, steps)
                });
            }
            _ => self.raw(b"null"),
        }
        Ok(())
    }

    fn text_or_null(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.raw(b"null"),
        }
    }
}

impl Changed<'_> {
    fn id(&self, ontology: &Ontology) -> String {
        match self.event {
            Event::Node(at) => self.changes.nodes[at].id(ontology),
            Event::Edge(at) => self.changes.edges[at].id(ontology).to_string(),
        }
    }

    /// What it was before or is after, if it was or is there.
    fn line(&self, ontology: &Ontology, before: bool) -> Option<String> {
        match self.event {
            Event::Node(at) => {
                let node = &self.changes.nodes[at];
                let was = node.before.as_ref().map(|was| &was.state);
                let state = if before { was } else { node.state.as_ref() };
                state.map(|state| node.line(ontology, state).to_string())
            }
            Event::Edge(at) => {
                let edge = &self.changes.edges[at];
                let was = edge.before.as_ref().map(|was| &was.state);
                let state = if before { was } else { edge.state.as_ref() };
                state.map(|state| edge.line(ontology, state).to_string())
            }
        }
    }
}
