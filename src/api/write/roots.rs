//! How are the root fields written? Not for: what is below them (`records`, `connection`).

use super::ontology::write_tree;
use super::{Missing, Writer};
use crate::exec::RootRows;
use crate::plan::{Root, RootField, Selection};

impl<'a> Writer<'a> {
    /// All root fields, in the order of the document.
    pub(super) fn roots(
        &mut self,
        selection: &'a Selection,
        rows: &'a [RootRows],
    ) -> Result<(), Missing> {
        let mut rows = rows.iter();
        self.object(&selection.roots, |writer, output| {
            let (key, root) = (output.key(), &output.what);
            let nullable = matches!(root.field, RootField::Node(..) | RootField::Edge(..));
            let rows = rows.next().unwrap_or(&RootRows::Plain);
            writer.under(key, nullable, |writer| writer.root(root, key, rows))
        })
    }

    pub(super) fn root(
        &mut self,
        root: &'a Root,
        key: &str,
        rows: &'a RootRows,
    ) -> Result<(), Missing> {
        match (&root.field, rows) {
            (_, RootRows::Failed(slot)) => return Err(self.failed(*slot)),
            (
                _,
                RootRows::Wrong {
                    slot,
                    message,
                    hint,
                },
            ) => return Err(self.unfit(*slot, message, hint)),
            (RootField::Typename(name), _) => self.name(name),
            (RootField::Revision, _) => self.revision(self.snapshot.revision()),
            (RootField::Apart(at), _) => return self.apart(*at),
            (RootField::Introspection, _) => {
                let introspection = self.introspection;
                let found = introspection.get(key).map_or("null", |value| value.get());
                self.raw(found.as_bytes());
            }
            (RootField::Ontology(tree), _) => {
                write_tree(
                    &mut self.out,
                    self.about.unwrap_or(&serde_json::Value::Null),
                    tree,
                );
            }
            _ => return self.records(root, rows),
        }
        Ok(())
    }

    /// A root field's records.
    fn records(&mut self, root: &'a Root, rows: &'a RootRows) -> Result<(), Missing> {
        match (&root.field, rows) {
            (RootField::Node(_, shape), RootRows::One(rows)) => match rows.items.first() {
                Some(item) => self.node(*item, 0, shape, &rows.steps),
                None => self.null(),
            },
            (RootField::Edge(_, shape), RootRows::One(rows)) => match rows.items.first() {
                Some(item) => self.edge(*item, 0, shape, &rows.steps),
                None => self.null(),
            },
            (RootField::Nodes(_, shape), RootRows::List(rows)) => self
                .list(0..rows.items.len(), |w, at| {
                    w.node(rows.items[at], at, shape, &rows.steps)
                }),
            (RootField::Edges(_, shape), RootRows::List(rows)) => self
                .list(0..rows.items.len(), |w, at| {
                    w.edge(rows.items[at], at, shape, &rows.steps)
                }),
            (RootField::NodesById(shape), RootRows::Sparse { places, rows }) => {
                self.list(0..places.len(), |w, at| match places[at] {
                    Some(place) => {
                        let place = place as usize;
                        w.nullable(|w| w.node(rows.items[place], place, shape, &rows.steps))
                    }
                    None => w.null(),
                })
            }
            (
                RootField::NodesConnection(_, connection)
                | RootField::EdgesConnection(_, connection)
                | RootField::Search(connection),
                RootRows::Connection(pages),
            ) => self.connection(connection, pages, 0, root.slot),
            (RootField::Mutation(shape), RootRows::Mutation(rows)) => {
                self.mutation(shape, rows, root.slot)
            }
            (RootField::Changes(shape), RootRows::Changes(rows)) => {
                self.changes(shape, rows, root.slot)
            }
            (RootField::Metrics(shape), RootRows::Metrics(rows)) => self.metrics(shape, rows),
            (RootField::Graph(shape), RootRows::Graph(rows)) => self.graph(shape, rows),
            _ => Err(self.mismatch()),
        }
    }

    fn null(&mut self) -> Result<(), Missing> {
        self.raw(b"null");
        Ok(())
    }
}
