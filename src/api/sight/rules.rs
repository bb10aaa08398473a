//! Which records does a policy mean? Its conditions, checked and run as the documents that a client
//! would send for them.

use crate::access::{Condition, Extent, Policy, Problems, Records, Roles, Scope};
use crate::api::bind::Binder;
use crate::api::compiled::Compiled;
use crate::api::document::{Document, Validator};
use crate::api::error::{ErrorCode, GraphqlError};
use crate::api::input::Variables;
use crate::api::lower::Lowered;
use crate::api::service::RequestId;
use crate::exec::{Budget, Item, Kept, RootRows, Run};
use crate::graph::{Edge, Node, Snapshot};
use crate::ontology::Ontology;
use crate::plan::Call;
use rustc_hash::FxHashSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How long the conditions of a role may take.
const LONGEST: Duration = Duration::from_secs(600);

/// A policy, its conditions ready to run.
pub struct Rules {
    policy: Arc<Policy>,
    conditions: Vec<Arc<Lowered>>,
    /// Languages of texts in conditions that name none.
    languages: Arc<[String]>,
}

/// The records that one condition means.
enum Found {
    Nodes(FxHashSet<Node>),
    Edges(FxHashSet<Edge>),
}

impl Rules {
    /// Checks the conditions of a policy.
    ///
    /// # Errors
    /// All conditions that are no filters of their types.
    pub(in crate::api) fn new(
        policy: Arc<Policy>,
        validator: &Validator,
        ontology: &Arc<Ontology>,
    ) -> Result<Self, Problems> {
        let languages: Arc<[String]> = ontology.languages.clone().into();
        let empty = Snapshot::empty(ontology.clone());
        let mut problems = Problems::default();
        let mut conditions = Vec::new();
        for condition in &policy.conditions {
            let read = lowered(condition, validator, ontology);
            let read =
                read.and_then(|lowered| calls(&lowered, &empty, &languages, true).map(|_| lowered));
            match read {
                Ok(lowered) => conditions.push(lowered),
                Err(wrong) => wrong.iter().for_each(|wrong| {
                    let hint = wrong.hint.as_deref().unwrap_or(HINT);
                    problems.add(&condition.place, &wrong.message, hint);
                }),
            }
        }
        problems.or(()).map(|()| Self {
            policy,
            conditions,
            languages,
        })
    }

    /// What the conditions belong to.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// A condition, by its position in the policy.
    pub(super) fn lowered(&self, condition: usize) -> &Lowered {
        &self.conditions[condition]
    }

    pub(super) fn languages(&self) -> &Arc<[String]> {
        &self.languages
    }

    /// Whether roles see everything for sure, so that nothing need be made for them.
    pub fn is_open(&self, roles: &Roles) -> bool {
        self.policy.is_open(roles)
    }

    /// What roles see of a graph: itself if they see everything.
    ///
    /// # Errors
    /// If a condition cannot be decided; for the log.
    pub fn seen(&self, snapshot: &Arc<Snapshot>, roles: &Roles) -> Result<Arc<Snapshot>, String> {
        let scope = self.policy.reads(snapshot.ontology(), roles);
        if scope.is_all() {
            return Ok(snapshot.clone());
        }
        let within = self.within(snapshot, &scope)?;
        let node = |node: Node| within.has_node(node);
        let edge = |edge: Edge| within.has_edge(edge);
        Ok(Arc::new(snapshot.only(&node, &edge)?))
    }

    /// The records of a graph that a scope allows. Cost: that of its conditions.
    ///
    /// # Errors
    /// As [`Rules::seen`].
    pub fn within<'a>(
        &self,
        snapshot: &'a Snapshot,
        scope: &'a Scope,
    ) -> Result<Within<'a>, String> {
        let mut found: Vec<Option<Found>> = self.conditions.iter().map(|_| None).collect();
        for extent in scope.nodes.iter().chain(&scope.edges) {
            let Extent::Where(conditions) = extent else {
                continue;
            };
            for at in conditions {
                if found[*at].is_none() {
                    found[*at] = Some(self.found(*at, snapshot)?);
                }
            }
        }
        Ok(Within {
            snapshot,
            scope,
            found,
        })
    }

    fn found(&self, at: usize, snapshot: &Snapshot) -> Result<Found, String> {
        let condition = &self.policy.conditions[at];
        let lowered = &self.conditions[at];
        let told = |wrong: &dyn std::fmt::Display| format!("{}: {wrong}", condition.place);
        let calls = calls(lowered, snapshot, &self.languages, true);
        let calls = calls.map_err(|wrong| told(&wrong[0]))?;
        let cancel = AtomicBool::new(false);
        let budget = long_budget(&cancel);
        let run = Run {
            snapshot,
            calls: &calls,
            budget: &budget,
            kept: &Kept::default(),
        };
        let rows = run.run(&lowered.selection);
        let rows = rows.map_err(|stop| told(&format!("{stop:?}")))?;
        match rows.into_iter().next() {
            Some(RootRows::List(rows)) => Ok(Found::of(condition.on, rows.items)),
            _ => Err(told(&"the condition was not understood")),
        }
    }
}

/// As much as the conditions of a role may need.
pub(super) fn long_budget(cancel: &AtomicBool) -> Budget<'_> {
    Budget::new(u64::MAX, u64::MAX, Instant::now() + LONGEST, cancel)
}

impl Found {
    fn of(on: Records, items: Vec<Item>) -> Self {
        match on {
            Records::Nodes(_) => Self::Nodes(items.into_iter().filter_map(Item::node).collect()),
            Records::Edges(_) => Self::Edges(items.into_iter().filter_map(Item::edge).collect()),
        }
    }
}

/// The records of a graph that a scope allows.
pub struct Within<'a> {
    snapshot: &'a Snapshot,
    scope: &'a Scope,
    found: Vec<Option<Found>>,
}

impl Within<'_> {
    /// Whether a node is allowed.
    pub fn has_node(&self, node: Node) -> bool {
        self.allows(
            &self.scope.nodes[usize::from(node.of.0)],
            &|found| match found {
                Found::Nodes(nodes) => nodes.contains(&node),
                Found::Edges(_) => false,
            },
        )
    }

    /// Whether an edge is allowed by its own rule, whatever its ends.
    pub fn has_edge(&self, edge: Edge) -> bool {
        let of = self.snapshot.segment(edge.segment).relationship;
        self.allows(&self.scope.edges[usize::from(of.0)], &|found| match found {
            Found::Edges(edges) => edges.contains(&edge),
            Found::Nodes(_) => false,
        })
    }

    fn allows(&self, extent: &Extent, has: &dyn Fn(&Found) -> bool) -> bool {
        match extent {
            Extent::None => false,
            Extent::All => true,
            Extent::Where(conditions) => {
                let mut found = conditions.iter().filter_map(|at| self.found[*at].as_ref());
                found.any(has)
            }
        }
    }
}

const HINT: &str = "write a `where` as in a query, such as '{ key: { eq: \"a\" } }'";

/// A condition as the only field of a query.
fn lowered(
    condition: &Condition,
    validator: &Validator,
    ontology: &Ontology,
) -> Result<Arc<Lowered>, Vec<GraphqlError>> {
    let field = match condition.on {
        Records::Nodes(of) => ontology.node_type(of).names().list(),
        Records::Edges(of) => ontology.relationship(of).names().list(),
    };
    let document = validator.check(&format!(
        "{{ {field}(where: {}) {{ id }} }}",
        condition.text
    ))?;
    let one = |wrong| vec![wrong];
    let operation = document.operation(None).map_err(one)?;
    let variables = document.variables(operation, None).map_err(one)?;
    let request = RequestId::next();
    let lowered =
        Compiled::new(&document).lowered(ontology, &document, operation, &variables, request);
    let lowered = lowered.map_err(one)?;
    match is_one_where(&document) {
        true => Ok(lowered),
        false => Err(one(GraphqlError::new(
            ErrorCode::BadUserInput,
            "the condition is more than one value",
        ))),
    }
}

/// Whether nothing but a `where` was said, whatever brackets the text had.
fn is_one_where(document: &Document) -> bool {
    let [operation] = document.operations() else {
        return false;
    };
    let mut fields = operation.node().selection_set.fields();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        return false;
    };
    field.arguments.len() == 1 && field.directives.is_empty() && field.alias.is_none()
}

pub(super) fn calls(
    lowered: &Lowered,
    snapshot: &Snapshot,
    languages: &Arc<[String]>,
    optimize: bool,
) -> Result<Vec<Call>, Vec<GraphqlError>> {
    let calls =
        Binder::new(snapshot, languages, optimize).calls(&lowered.slots, &Variables::default());
    let calls = calls.map_err(|wrong| vec![wrong])?;
    let failed = calls.iter().find_map(|call| match call {
        Call::Failed { message, hint } => {
            let code = ErrorCode::BadUserInput;
            let error = GraphqlError::new(code, message.clone());
            Some(GraphqlError {
                hint: hint.clone(),
                ..error
            })
        }
        _ => None,
    });
    match failed {
        Some(wrong) => Err(vec![wrong]),
        None => Ok(calls),
    }
}
