//! What may somebody write, and what may they name for it? Asked of every mutation, between its checks
//! and its commit. Not for: what they see (`kept`).

use super::rules::{Rules, calls, long_budget};
use crate::access::{Extent, Roles, Scope};
use crate::api::engine::Engine;
use crate::api::error::{ErrorCode, GraphqlError};
use crate::api::service::Context;
use crate::change::{Checked, EdgeKey, NodeKey};
use crate::exec::{Item, Kept, Run, Stop};
use crate::graph::{EdgeChange, Snapshot};
use crate::ontology::{Ontology, TypeId};
use crate::plan::{Call, Collection};
use crate::value::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The roles of somebody who may not do everything.
pub(in crate::api) struct Warden {
    rules: Arc<Rules>,
    roles: Roles,
    writes: Scope,
}

/// A record that somebody may not write.
pub(in crate::api) enum Touched {
    Node(NodeKey),
    Edge(EdgeKey),
}

/// What is not allowed, for people.
pub(in crate::api) type Forbidden = (Touched, String);

/// A record that may not be written so.
struct Denied {
    touched: Touched,
    /// What would become of it.
    verb: &'static str,
    /// Whether it may not be as it was, rather than as it would be.
    was: bool,
}

impl Engine {
    /// Who watches over a mutation; none where everything is allowed.
    ///
    /// # Errors
    /// If whoever asks may write nothing at all.
    pub(in crate::api) fn warden(&self, context: &Context) -> Result<Option<Warden>, GraphqlError> {
        let Some(rules) = &self.rules else {
            return Ok(None);
        };
        let roles = context.principal.as_ref().map(|who| who.roles.clone());
        let roles = roles.unwrap_or_default();
        if rules.policy().is_admin(&roles) {
            return Ok(None);
        }
        let snapshot = (self.snapshots)();
        let writes = rules.policy().writes(snapshot.ontology(), &roles);
        if writes == Scope::of_all(snapshot.ontology(), &Extent::None) {
            let error = GraphqlError::new(ErrorCode::Forbidden, "your roles allow no writing");
            return Err(error.hint("ask for a role with rules in `[roles.NAME.write]`"));
        }
        Ok(Some(Warden {
            rules: rules.clone(),
            roles,
            writes,
        }))
    }
}

impl Warden {
    /// As much of a graph as may be seen, every record in its place; none: all of it.
    ///
    /// # Errors
    /// As [`Rules::seen`].
    pub(in crate::api) fn seen(&self, graph: &Snapshot) -> Result<Option<Snapshot>, String> {
        let scope = self.rules.policy().reads(graph.ontology(), &self.roles);
        if scope.is_all() {
            return Ok(None);
        }
        let within = self.rules.within(graph, &scope)?;
        let seen =
            graph.only_in_place(&|node| within.has_node(node), &|edge| within.has_edge(edge));
        seen.map(Some)
    }

    /// All records that a mutation may not write: of those changed or deleted as they were, of those
    /// created or changed as they are.
    ///
    /// # Errors
    /// If a condition cannot be decided; for the log.
    pub(in crate::api) fn forbidden(
        &self,
        base: &Snapshot,
        checked: &Checked,
    ) -> Result<Vec<Forbidden>, String> {
        let before = Judge::over(self, base);
        let after = Judge::over(self, &checked.graph);
        let mut forbidden = Vec::new();
        let nodes = checked.changes.nodes.iter();
        let changed = nodes.map(|n| (n.of, &n.key, n.before.is_some(), n.state.is_some()));
        // A node whose edges alone were changed is meant all the same.
        let written: FxHashSet<_> = changed.clone().map(|(of, key, ..)| (of, key)).collect();
        let asked = checked.outcomes.iter().flat_map(|outcome| &outcome.nodes);
        let asked = asked.filter(|(of, key)| !written.contains(&(*of, key)));
        let is_in = |graph: &Snapshot, of, key: &str| graph.node(of, key).is_some();
        let asked = asked.map(|(of, key)| {
            let (was, is) = (is_in(base, *of, key), is_in(&checked.graph, *of, key));
            (*of, key, was, is)
        });
        for (of, key, was, is) in changed.chain(asked) {
            let before = !was || before.allows_node(of, key)?;
            if !before || (is && !after.allows_node(of, key)?) {
                forbidden.push(Denied {
                    touched: Touched::Node((of, key.clone())),
                    verb: verb(was, is),
                    was: !before,
                });
            }
        }
        for edge in &checked.changes.edges {
            let before = edge.before.is_none() || before.allows_edge(edge)?;
            if !before || (edge.state.is_some() && !after.allows_edge(edge)?) {
                forbidden.push(Denied {
                    touched: Touched::Edge(EdgeKey::of(edge)),
                    verb: verb(edge.before.is_some(), edge.state.is_some()),
                    was: !before,
                });
            }
        }
        self.tell(base, forbidden)
    }

    /// What is said of records that may not be written: nothing of those that are not seen.
    fn tell(&self, base: &Snapshot, denied: Vec<Denied>) -> Result<Vec<Forbidden>, String> {
        if denied.is_empty() {
            return Ok(Vec::new());
        }
        let seen = self.seen(base)?;
        let told = denied.into_iter().map(|denied| {
            let Denied { touched, verb, was } = denied;
            let is_hidden = seen
                .as_ref()
                .is_some_and(|seen| touched.is_in(base) && !touched.is_in(seen));
            let told = match is_hidden {
                true => format!("your roles do not allow to {verb} what you do not see"),
                false => {
                    let ending = if was { " as it was" } else { "" };
                    let id = touched.id(base.ontology());
                    format!("your roles do not allow to {verb} {id}{ending}")
                }
            };
            (touched, told)
        });
        Ok(told.collect())
    }
}

impl Touched {
    fn id(&self, ontology: &Ontology) -> String {
        match self {
            Self::Node((of, key)) => {
                let type_name = &ontology.node_type(*of).name;
                NodeId { type_name, key }.to_string()
            }
            Self::Edge(key) => key.id(ontology),
        }
    }

    fn is_in(&self, graph: &Snapshot) -> bool {
        match self {
            Self::Node((of, key)) => graph.node(*of, key).is_some(),
            Self::Edge(key) => key.find(graph).is_some(),
        }
    }
}

fn verb(was: bool, is: bool) -> &'static str {
    match (was, is) {
        (false, _) => "create",
        (true, true) => "update",
        (true, false) => "delete",
    }
}

/// Decides which records of one graph may be written.
struct Judge<'a> {
    warden: &'a Warden,
    graph: &'a Snapshot,
    /// The lists that conditions mean, by condition.
    lists: RefCell<FxHashMap<usize, Arc<Collection>>>,
}

impl<'a> Judge<'a> {
    fn over(warden: &'a Warden, graph: &'a Snapshot) -> Self {
        Self {
            warden,
            graph,
            lists: RefCell::default(),
        }
    }

    fn allows_node(&self, of: TypeId, key: &str) -> Result<bool, String> {
        let extent = &self.warden.writes.nodes[usize::from(of.0)];
        self.allows(extent, || self.graph.node(of, key).map(Item::Node))
    }

    fn allows_edge(&self, change: &EdgeChange) -> Result<bool, String> {
        let extent = &self.warden.writes.edges[usize::from(change.of.0)];
        self.allows(extent, || {
            let source = self.graph.node(change.source.0, &change.source.1)?;
            let target = self.graph.node(change.target.0, &change.target.1)?;
            let edge = self.graph.edge(change.of, source, target, &change.unique);
            edge.map(Item::Edge)
        })
    }

    fn allows(&self, extent: &Extent, item: impl Fn() -> Option<Item>) -> Result<bool, String> {
        let conditions = match extent {
            Extent::None => return Ok(false),
            Extent::All => return Ok(true),
            Extent::Where(conditions) => conditions,
        };
        let Some(item) = item() else {
            return Ok(false);
        };
        for at in conditions {
            if self.holds(*at, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn holds(&self, condition: usize, item: Item) -> Result<bool, String> {
        let list = self.list(condition)?;
        let cancel = AtomicBool::new(false);
        let run = Run {
            snapshot: self.graph,
            calls: &[],
            budget: &long_budget(&cancel),
            kept: &Kept::default(),
        };
        let holds = run.belongs(&list, item);
        holds.map_err(|stop: Stop| format!("a rule of writing: {stop:?}"))
    }

    fn list(&self, condition: usize) -> Result<Arc<Collection>, String> {
        if let Some(known) = self.lists.borrow().get(&condition) {
            return Ok(known.clone());
        }
        let rules = &self.warden.rules;
        let bound = calls(
            rules.lowered(condition),
            self.graph,
            rules.languages(),
            false,
        );
        let bound = bound.map_err(|wrong| wrong[0].message.clone())?;
        let lists = bound.into_iter().find_map(|call| match call {
            Call::Collection(list) => Some(Arc::new(*list)),
            _ => None,
        });
        let list = lists.ok_or("a rule of writing was not understood")?;
        self.lists.borrow_mut().insert(condition, list.clone());
        Ok(list)
    }
}
