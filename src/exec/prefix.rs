//! Which links of a node come first, in the order in which the graph has them? No more are looked at
//! than are shown. Not for: other orders and parts (`window`).

use super::rows::Page;
use super::window::Wanted;
use super::{Item, Run, Stop};
use crate::graph::Node;
use crate::plan::{Collection, Filter, Hop, Reach, Window};
use std::ops::ControlFlow;

/// The first so many links of a step that match.
#[derive(Clone, Copy)]
pub(super) struct Prefix<'c> {
    hop: &'c Hop,
    filter: Option<&'c Filter>,
    most: usize,
}

impl<'c> Prefix<'c> {
    /// What a collection shows, if it is that.
    pub(super) fn of(reach: &'c Reach, collection: Option<&'c Collection>) -> Option<Self> {
        let Reach::Hop(hop) = reach else { return None };
        let Some(collection) = collection else {
            return Some(Self {
                hop,
                filter: None,
                most: usize::MAX,
            });
        };
        let filter = collection.filter.as_ref();
        match &collection.window {
            Window {
                first,
                last: None,
                after: None,
                before: None,
                offset: 0,
            } if collection.sort.is_empty() => Some(Self {
                hop,
                filter,
                most: first.unwrap_or(usize::MAX),
            }),
            _ => None,
        }
    }
}

impl Run<'_> {
    /// Appends the first neighbours of a node, each once.
    pub(super) fn first_neighbours(
        &self,
        prefix: Prefix<'_>,
        node: Node,
        group: &mut Vec<Item>,
    ) -> Result<(), Stop> {
        let (mut left, mut last) = (prefix.most, None);
        if left == 0 {
            return Ok(());
        }
        let _ = self.each_neighbour(prefix.hop, node, &mut |link| {
            if last == link.node() {
                return Ok(ControlFlow::Continue(()));
            }
            last = link.node();
            let item = last.map_or(link, Item::Node);
            if self.accepts(prefix.filter, item)? {
                group.push(item);
                left -= 1;
            }
            Ok(until(left == 0))
        })?;
        Ok(())
    }

    /// Appends the first links of a node; tells of the page what is asked for.
    pub(super) fn first_links(
        &self,
        prefix: Prefix<'_>,
        node: Node,
        wanted: Wanted,
        items: &mut Vec<Item>,
    ) -> Result<Page, Stop> {
        let enough = match (wanted.total, wanted.next) {
            (true, _) => usize::MAX,
            (false, next) => prefix.most.saturating_add(usize::from(next)),
        };
        let mut count = 0;
        if enough > 0 {
            let _ = self.each_neighbour(prefix.hop, node, &mut |link| {
                if self.accepts(prefix.filter, link)? {
                    if wanted.rows && count < prefix.most {
                        items.push(link);
                    }
                    count += 1;
                }
                Ok(until(count >= enough))
            })?;
        }
        Ok(Page {
            total: count as u64,
            next: wanted.rows && count > prefix.most,
            previous: false,
        })
    }
}

fn until(done: bool) -> ControlFlow<()> {
    if done {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}
