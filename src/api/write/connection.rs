//! How is a page written? Not for: its records (`records`).

use super::{Halt, Missing, Writer};
use crate::api::bind::encode_cursor;
use crate::exec::{Item, Page, Pages, cursor_of};
use crate::plan::{
    Call, Connection, ConnectionOutput, Keyed, LinkOutput, PageInfoOutput, Slot, SortKey,
};
use std::ops::Range;

/// One page and its order.
#[derive(Clone)]
struct Shown<'p> {
    connection: &'p Connection,
    pages: &'p Pages,
    page: Page,
    range: Range<usize>,
    sort: &'p [SortKey],
    mark: u32,
}

impl<'a> Writer<'a> {
    pub(super) fn connection(
        &mut self,
        connection: &'a Connection,
        pages: &'a Pages,
        at: usize,
        slot: Slot,
    ) -> Result<(), Missing> {
        let calls: &'a [Call] = self.calls;
        let (sort, mark) = match calls.get(slot) {
            Some(Call::Collection(collection)) => (&collection.sort[..], collection.mark),
            Some(Call::Search(search)) => (&[][..], search.mark),
            _ => (&[][..], 0),
        };
        let range = pages.offsets[at] as usize..pages.offsets[at + 1] as usize;
        let shown = Shown {
            connection,
            pages,
            page: pages.pages[at],
            range,
            sort,
            mark,
        };
        self.object(&connection.outputs, |writer, output| {
            let key = output.key();
            match &output.what {
                ConnectionOutput::Typename => writer.name(&connection.name),
                ConnectionOutput::TotalCount => writer.number(shown.page.total),
                ConnectionOutput::PageInfo(fields) => return writer.page_info(fields, &shown),
                ConnectionOutput::Nodes(shape) => {
                    return writer.under(key, false, |w| {
                        w.list(shown.range.clone(), |w, at| w.record(*shape, at, &shown))
                    });
                }
                ConnectionOutput::Edges(outputs) => {
                    return writer.under(key, false, |w| {
                        w.list(shown.range.clone(), |w, at| w.link(outputs, at, &shown))
                    });
                }
                ConnectionOutput::Aggregate(place) => {
                    let (aggregate, total) = (&connection.aggregates[*place], shown.page.total);
                    let figures = pages.summaries.aggregates.get(*place);
                    return writer
                        .under(key, false, |w| w.aggregate(aggregate, figures, at, total));
                }
                ConnectionOutput::GroupBy(place) => {
                    let (by, rows) = (&connection.groups[*place], &pages.summaries.groups[*place]);
                    return writer.under(key, false, |w| w.group_by(by, rows, at));
                }
            }
            Ok(())
        })
    }

    /// A record of the page; of root edges the edge itself.
    fn record(&mut self, shape: usize, at: usize, shown: &Shown<'a>) -> Result<(), Missing> {
        let item = shown.pages.items[at];
        match item {
            Item::Edge(_) => self.edge(
                item,
                at,
                &shown.connection.edges[shape],
                &shown.pages.edges[shape],
            ),
            _ => self.node(
                item,
                at,
                &shown.connection.nodes[shape],
                &shown.pages.nodes[shape],
            ),
        }
    }

    fn link(
        &mut self,
        outputs: &'a [Keyed<LinkOutput>],
        at: usize,
        shown: &Shown<'a>,
    ) -> Result<(), Missing> {
        self.object(outputs, |writer, output| {
            let key = output.key();
            match &output.what {
                LinkOutput::Typename => writer.name(&shown.connection.edge_name),
                LinkOutput::Score => writer.score(&shown.pages.hits[at]),
                LinkOutput::Matched(outputs) => {
                    let node = shown.pages.items[at];
                    return writer.matched(outputs, node, &shown.pages.hits[at]);
                }
                LinkOutput::Cursor => return writer.cursor(at, shown),
                LinkOutput::Node(shape) => {
                    return writer.under(key, false, |w| w.record(*shape, at, shown));
                }
                LinkOutput::Properties(shape) => {
                    let (edges, rows) =
                        (&shown.connection.edges[*shape], &shown.pages.edges[*shape]);
                    return writer.under(key, false, |w| {
                        w.edge(shown.pages.items[at], at, edges, rows)
                    });
                }
            }
            Ok(())
        })
    }

    fn cursor(&mut self, at: usize, shown: &Shown<'a>) -> Result<(), Missing> {
        if let Some(hit) = shown.pages.hits.get(at) {
            self.name(&encode_cursor(&hit.cursor, shown.mark));
            return Ok(());
        }
        match cursor_of(&self.run, shown.pages.items[at], shown.sort) {
            Ok(cursor) => {
                let text = encode_cursor(&cursor, shown.mark);
                self.name(&text);
                Ok(())
            }
            Err(stop) => {
                self.stop = Some(Halt::Stop(stop));
                Err(Missing)
            }
        }
    }

    fn page_info(
        &mut self,
        fields: &'a [Keyed<PageInfoOutput>],
        shown: &Shown<'a>,
    ) -> Result<(), Missing> {
        let end = |at: Option<usize>| at.filter(|_| !shown.range.is_empty());
        self.object(fields, |writer, field| {
            match field.what {
                PageInfoOutput::Typename => writer.name("PageInfo"),
                PageInfoOutput::HasNextPage => writer.flag(shown.page.next),
                PageInfoOutput::HasPreviousPage => writer.flag(shown.page.previous),
                PageInfoOutput::StartCursor => {
                    return writer.end_cursor(end(Some(shown.range.start)), shown);
                }
                PageInfoOutput::EndCursor => {
                    return writer.end_cursor(end(shown.range.end.checked_sub(1)), shown);
                }
            }
            Ok(())
        })
    }

    fn end_cursor(&mut self, at: Option<usize>, shown: &Shown<'a>) -> Result<(), Missing> {
        match at {
            Some(at) => self.cursor(at, shown),
            None => {
                self.raw(b"null");
                Ok(())
            }
        }
    }

    pub(super) fn flag(&mut self, flag: bool) {
        self.raw(if flag { b"true" } else { b"false" });
    }
}
