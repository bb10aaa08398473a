//! What is a node to be connected to? Not for: its own fields (`edits`).

use super::Scribe;
use crate::api::input::Input;
use crate::change::{Connect, CreateLinked, Edit, Kind, Links};
use crate::exec::Stop;
use crate::graph::{Edge, Node};
use crate::ontology::{Relation, TypeId};

impl Scribe<'_> {
    /// The input of a relationship field, for nodes that exist: those whose edges may go.
    pub(super) fn links(
        &self,
        (of, field): (TypeId, usize),
        relation: &Relation,
        value: &Input,
        nodes: &[Node],
    ) -> Result<Links, Stop> {
        let mut links = Links {
            field,
            disconnect: Vec::new(),
            connect: Vec::new(),
            create: Vec::new(),
        };
        let Some(fields) = value.as_object() else {
            links.disconnect = self.edges_of(of, relation, nodes, None)?;
            return Ok(links);
        };
        for (name, given) in fields {
            self.each(relation, name, given, |item| {
                match &**name {
                    "disconnect" => {
                        let which = item.field("where");
                        let edges = self.edges_of(of, relation, nodes, which)?;
                        links.disconnect.extend(edges);
                    }
                    "connect" => links.connect.push(self.connect(relation, item)?),
                    _ => links.create.extend(self.create(relation, item)?),
                }
                Ok(())
            })?;
        }
        Ok(links)
    }

    /// Every object of a list; a to-one field has one instead.
    fn each(
        &self,
        relation: &Relation,
        name: &str,
        given: &Input,
        mut read: impl FnMut(&Input) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.under(name, || match given {
            Input::Null => Ok(()),
            Input::List(items) if relation.many => {
                let mut items = items.iter().enumerate();
                items.try_for_each(|(at, item)| {
                    self.run.budget.spend(1)?;
                    self.under(at, || read(item))
                })
            }
            item => read(item),
        })
    }

    /// The edges of some nodes that a field sees and a condition means.
    fn edges_of(
        &self,
        of: TypeId,
        relation: &Relation,
        nodes: &[Node],
        which: Option<&Input>,
    ) -> Result<Vec<Edge>, Stop> {
        let which = which.filter(|which| !which.is_null());
        let filter = which.map(|which| {
            let (edge, to) = (relation.relationship, relation.target);
            let filter = self.binder.link_where(edge, to, which);
            self.under("where", || self.noted(filter))
        });
        if nodes.is_empty() || matches!(filter, Some(None)) {
            return Ok(Vec::new());
        }
        let hop = self.binder.hop(of, relation);
        let mut edges = Vec::new();
        for node in nodes {
            let filter = filter.as_ref().and_then(Option::as_ref);
            edges.extend(self.run.edges_along(&hop, *node, filter)?);
        }
        Ok(edges)
    }

    fn connect(&self, relation: &Relation, item: &Input) -> Result<Connect, Stop> {
        let node = || self.target(relation.target, item.field("node"));
        Ok(Connect {
            node: self.under("node", node)?,
            edge: self.edge(relation, item)?,
        })
    }

    fn edge(&self, relation: &Relation, item: &Input) -> Result<Edit, Stop> {
        let given = item.field("edge").unwrap_or(&Input::Null);
        let kind = Kind::Edge(relation.relationship);
        self.under("edge", || self.edit(kind, given, &[]))
    }

    /// A new node, of an interface under the name of its type.
    fn create(&self, relation: &Relation, item: &Input) -> Result<Option<CreateLinked>, Stop> {
        let Some(given) = item.field("node") else {
            return Ok(None);
        };
        let named = self.named(relation, given);
        let Some((of, part, given)) = named else {
            return Ok(None);
        };
        let read = || self.new_node(of, given);
        let node = self.under("node", || match part {
            Some(part) => self.under(part, read),
            None => read(),
        })?;
        Ok(Some(CreateLinked {
            of,
            node,
            edge: self.edge(relation, item)?,
        }))
    }

    fn named<'i>(
        &self,
        relation: &Relation,
        given: &'i Input,
    ) -> Option<(TypeId, Option<&'i str>, &'i Input)> {
        let ontology = self.binder.ontology;
        if ontology.is_concrete(relation.target) {
            return Some((relation.target, None, given));
        }
        let (name, given) = given.as_object()?.first()?;
        let mut types = ontology.concrete_ids();
        let of = types.find(|id| ontology.node_type(*id).names().single() == **name)?;
        Some((of, Some(&**name), given))
    }
}
