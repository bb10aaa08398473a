//! What do the arguments of a mutation mean? Root fields → [`Operation`]s over the graph of the
//! moment, with every `where` resolved. What is wrong is collected, so that all of it is told at once.
//! Not for: what the operations do (`change`).

mod edits;
mod links;

use super::bounds::Bounds;
use super::{Binder, Given, Wrong, text};
use crate::api::input::Input;
use crate::api::lower::Verb;
use crate::change::{EdgeInput, Kind, NodeInput, Operation, Part, Target, Violation};
use crate::exec::{Run, Stop};
use crate::graph::{Citation, Edge, Node};
use crate::ontology::{RelationshipId, TypeId};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Something wrong in the arguments, and where: from the root field's response key down.
pub(in crate::api) type Fault = (Vec<Part>, Violation);

/// Reads the arguments of one root field.
pub(in crate::api) struct Scribe<'a> {
    binder: Binder<'a>,
    /// Finds what a `where` means.
    run: Run<'a>,
    /// Where it reads.
    path: RefCell<Vec<Part>>,
    faults: RefCell<Vec<Fault>>,
    /// Of what there is too much.
    exceeds: Cell<Option<(&'static str, usize)>>,
}

/// What `commit` tells.
#[derive(Clone, Debug, Default)]
pub(in crate::api) struct Why {
    pub(in crate::api) message: Option<Box<str>>,
    pub(in crate::api) references: Vec<Citation>,
}

impl<'a> Scribe<'a> {
    /// For the root field with this response key.
    pub(in crate::api) fn new(binder: Binder<'a>, run: Run<'a>, key: &str) -> Self {
        Self {
            binder,
            run,
            path: RefCell::new(vec![key.into()]),
            faults: RefCell::default(),
            exceeds: Cell::new(None),
        }
    }

    /// All that was wrong, or the limit that was exceeded and how much it allows, and the count of
    /// what the arguments may still hold.
    pub(in crate::api) fn finish(self) -> (Bounds, Result<Vec<Fault>, (&'static str, usize)>) {
        let faults = match self.exceeds.get() {
            Some(limit) => Err(limit),
            None => Ok(self.faults.into_inner()),
        };
        (self.binder.bounds, faults)
    }

    /// What `commit` tells.
    pub(in crate::api) fn why(&self, given: &[(Arc<str>, Input)]) -> Why {
        let given = Given(given);
        let message = given.value("message").map(|input| text(Some(input)).into());
        let references = given.value("references");
        Why {
            message,
            references: references.map_or(Vec::new(), |input| self.references(input)),
        }
    }

    /// What a root field asks for; none of `commit`.
    ///
    /// # Errors
    /// If the budget is used up.
    pub(in crate::api) fn operation(
        &self,
        verb: Verb,
        given: &[(Arc<str>, Input)],
    ) -> Result<Option<Operation>, Stop> {
        let given = Given(given);
        Ok(Some(match verb {
            Verb::Commit => return Ok(None),
            Verb::CreateNodes(of) => Operation::CreateNodes {
                of,
                input: self.inputs(given, |input| self.new_node(of, input))?,
            },
            Verb::UpsertNodes(of) => Operation::UpsertNodes {
                of,
                input: self.inputs(given, |input| self.upserted(of, input))?,
            },
            Verb::UpdateNodes(of) => {
                let nodes = self.nodes(of, given)?;
                Operation::UpdateNodes {
                    edit: self.update(Kind::Node(of), given, &nodes)?,
                    if_revision: self.since(given),
                    nodes,
                }
            }
            Verb::DeleteNodes(of) => Operation::DeleteNodes {
                nodes: self.nodes(of, given)?,
                cascade: given.value("cascade").and_then(Input::as_bool) == Some(true),
            },
            Verb::CreateEdges(of) => Operation::CreateEdges {
                of,
                input: self.inputs(given, |input| self.new_edge(of, input))?,
            },
            Verb::UpdateEdges(of) => Operation::UpdateEdges {
                edges: self.edges(of, given)?,
                edit: self.update(Kind::Edge(of), given, &[])?,
                if_revision: self.since(given),
            },
            Verb::DeleteEdges(of) => Operation::DeleteEdges {
                edges: self.edges(of, given)?,
            },
        }))
    }

    /// Reads something that stands under a name or at a position.
    fn under<T>(&self, part: impl Into<Part>, read: impl FnOnce() -> T) -> T {
        self.path.borrow_mut().push(part.into());
        let read = read();
        self.path.borrow_mut().pop();
        read
    }

    /// Notes what is wrong here.
    fn note(&self, wrong: Wrong) {
        if let Some(limit) = wrong.exceeds {
            return self.exceeds.set(Some(limit));
        }
        let mut path = self.path.borrow().clone();
        let steps = wrong.place.iter().rev();
        path.extend(steps.map(|step| match step.parse::<usize>() {
            Ok(at) => Part::At(at),
            Err(_) => Part::from(step.as_str()),
        }));
        let violation = Violation {
            hint: wrong.hint,
            ..Violation::new(wrong.message)
        };
        self.faults.borrow_mut().push((path, violation));
    }

    /// What is read, or nothing where it is wrong.
    fn noted<T>(&self, read: Result<T, Wrong>) -> Option<T> {
        read.map_err(|wrong| self.note(wrong)).ok()
    }

    /// Every entry of the argument `input`.
    fn inputs<T>(
        &self,
        given: Given<'_>,
        read: impl Fn(&Input) -> Result<T, Stop>,
    ) -> Result<Vec<T>, Stop> {
        let items = given.value("input").and_then(Input::as_list);
        let items = items.unwrap_or_default().iter().enumerate();
        self.under("input", || {
            let read = items.map(|(at, item)| {
                self.run.budget.spend(1)?;
                self.under(at, || read(item))
            });
            read.collect()
        })
    }

    fn new_node(&self, of: TypeId, input: &Input) -> Result<NodeInput, Stop> {
        Ok(NodeInput {
            key: key(input),
            edit: self.edit(Kind::Node(of), input, &[])?,
        })
    }

    fn upserted(&self, of: TypeId, input: &Input) -> Result<NodeInput, Stop> {
        let key = key(input);
        let known = key
            .as_deref()
            .and_then(|key| self.run.snapshot.node(of, key));
        let known: Vec<Node> = known.into_iter().collect();
        let set = input.field("set").unwrap_or(&Input::Null);
        let edit = self.under("set", || self.edit(Kind::Node(of), set, &known))?;
        Ok(NodeInput { key, edit })
    }

    fn new_edge(&self, of: RelationshipId, input: &Input) -> Result<EdgeInput, Stop> {
        let declared = self.binder.ontology.relationship(of);
        let end = |name: &str, of| self.under(name, || self.target(of, input.field(name)));
        Ok(EdgeInput {
            source: end("source", declared.source)?,
            target: end("target", declared.target)?,
            edit: self.edit(Kind::Edge(of), input, &[])?,
        })
    }

    /// `{id:}` or `{where:}`.
    fn target(&self, of: TypeId, input: Option<&Input>) -> Result<Target, Stop> {
        let named = input.and_then(Input::as_object).and_then(<[_]>::first);
        Ok(match named {
            Some((name, id)) if &**name == "id" => Target::Id(text(Some(id)).into()),
            Some((name, which)) => {
                let nodes = self.under(&**name, || self.found(of, Some(which)))?;
                Target::Nodes(nodes)
            }
            None => Target::Nodes(Vec::new()),
        })
    }

    /// The nodes that the argument `where` means.
    fn nodes(&self, of: TypeId, given: Given<'_>) -> Result<Vec<Node>, Stop> {
        self.under("where", || self.found(of, given.value("where")))
    }

    fn found(&self, of: TypeId, which: Option<&Input>) -> Result<Vec<Node>, Stop> {
        match self.noted(self.binder.starts(of, which)) {
            Some(mut starts) => {
                self.binder.settle(&mut starts);
                self.run.nodes(&starts)
            }
            None => Ok(Vec::new()),
        }
    }

    /// The edges that the argument `where` means.
    fn edges(&self, of: RelationshipId, given: Given<'_>) -> Result<Vec<Edge>, Stop> {
        match self.noted(self.binder.edges(of, given)) {
            Some(mut which) => {
                self.binder.choose(&mut which);
                self.run.edges(of, &which)
            }
            None => Ok(Vec::new()),
        }
    }

    /// The argument `ifRevision`.
    fn since(&self, given: Given<'_>) -> Option<u64> {
        let given = given.value("ifRevision")?;
        let latest = self.run.snapshot.revision();
        let since = match text(Some(given)).parse() {
            Ok(since) if since <= latest => Ok(since),
            Ok(since) => Err(format!(
                "there is no commit {since}: the latest is {latest}"
            )),
            Err(_) => Err("this is no revision".to_owned()),
        };
        let wrong = |wrong| Wrong::new(wrong).hint("give a value of `revision`");
        self.under("ifRevision", || self.noted(since.map_err(wrong)))
    }
}

fn key(input: &Input) -> Option<Box<str>> {
    let key = input.field("key").and_then(Input::as_str);
    key.map(Box::from)
}
