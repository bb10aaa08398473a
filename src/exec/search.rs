//! Which nodes match what was typed, and which first? By how they match, then by typos, then by how
//! many edges they have, then by id. Not for: how a text matches (`search`).

use super::rows::{Hit, Page, Pages, RootRows};
use super::window::Wanted;
use super::{Item, Run, Stop};
use crate::graph::{Node, Segment};
use crate::ontology::TypeId;
use crate::plan::{Access, Connection, Cursor, SearchCall, Start, Window};
use crate::search::{Match, Pattern, Scratch, Way};
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// A node and how it matches.
type Found = (Match, Node);

/// A node in its place among those that match equally: those with more edges first.
type Ranked = (Reverse<u64>, Node);

/// The segments in which nodes of a type have edges, and at which ends.
type Ends<'a> = Vec<(&'a Segment, bool, bool)>;

/// A place in the order of a search: match, typos, degree, id.
struct Place<'c>(u8, u8, u64, &'c str);

impl<'c> Place<'c> {
    fn of(cursor: &'c Cursor) -> Option<Self> {
        match cursor.values[..] {
            [Value::Int(level), Value::Int(distance), Value::Int(degree)] => Some(Self(
                u8::try_from(level).ok()?,
                u8::try_from(distance).ok()?,
                u64::try_from(degree).ok()?,
                &cursor.id,
            )),
            _ => None,
        }
    }

    /// Whether a match is better than that at this place.
    fn is_after(&self, found: Match) -> bool {
        (found.level(), found.distance) < (self.0, self.1)
    }

    fn is_before(&self, found: Match) -> bool {
        (found.level(), found.distance) > (self.0, self.1)
    }
}

impl<'a> Run<'a> {
    /// The page of a search.
    pub(super) fn search(
        &self,
        call: &SearchCall,
        connection: &Connection,
    ) -> Result<RootRows, Stop> {
        let wanted = Wanted::of(connection);
        let mut found = self.found(call, wanted)?;
        let mut page = Page {
            total: found.len() as u64,
            ..Page::default()
        };
        let mut hits = Vec::new();
        if wanted.rows {
            self.budget.sorted(found.len())?;
            found.sort_unstable_by_key(|(found, _)| *found);
            hits = self.ranked(&found, &call.window, &mut page)?;
        }
        self.budget.hold(hits.len())?;
        let items: Vec<Item> = hits
            .iter()
            .map(|(_, (_, node))| Item::Node(*node))
            .collect();
        let hit =
            |(found, (degree, node)): &(Match, Ranked)| self.hit(call, *found, degree.0, *node);
        let pages = Pages {
            offsets: vec![0, items.len() as u32],
            pages: vec![page],
            items,
            hits: hits.iter().map(hit).collect(),
            ..Pages::default()
        };
        Ok(RootRows::Connection(Box::new(
            self.fill(pages, connection)?,
        )))
    }

    /// The nodes that match: all, or as many of the best kinds as are enough.
    fn found(&self, call: &SearchCall, wanted: Wanted) -> Result<Vec<Found>, Stop> {
        let (mut found, mut seen): (Vec<Found>, FxHashSet<Node>) = Default::default();
        let mut scratch = Scratch::default();
        for way in Way::ALL {
            seen.extend(found[seen.len()..].iter().map(|(_, node)| node));
            for start in &call.starts {
                for node in self.searched(start, &call.pattern, way)? {
                    if seen.contains(&node) {
                        continue;
                    }
                    self.budget.candidate()?;
                    if let Some((best, ..)) = self.best(&call.pattern, node, &mut scratch)
                        && self.accepts(start.filter.as_deref(), Item::Node(node))?
                    {
                        found.push((best, node));
                    }
                }
            }
            if !wanted.total && is_enough(&found, way, &call.window) {
                break;
            }
        }
        Ok(found)
    }

    /// The nodes of a start that may match by a way.
    fn searched(&self, start: &Start, pattern: &Pattern, way: Way) -> Result<Vec<Node>, Stop> {
        let of = start.of;
        if !matches!(start.access, Access::Search(_)) {
            let all = (way == Way::Spelling).then(|| self.snapshot.nodes(of));
            return Ok(all.into_iter().flatten().collect());
        }
        let rows = self.snapshot.searched_by(of, pattern, way);
        self.budget.entries(rows.len())?;
        Ok(rows.into_iter().map(|row| Node { of, row }).collect())
    }

    /// The best match of a node's texts, with the property and the text.
    fn best(
        &self,
        pattern: &Pattern,
        node: Node,
        scratch: &mut Scratch,
    ) -> Option<(Match, usize, &'a str)> {
        let snapshot = self.snapshot;
        let declared = snapshot.ontology().node_type(node.of);
        let mut best: Option<(Match, usize, &'a str)> = None;
        for at in declared.searched() {
            snapshot.cell(node, at).each_text(&mut |text| {
                let than = best.map(|(best, ..)| best);
                if let Some(found) = pattern.find_better(text, scratch, than) {
                    best = Some((found, at, text));
                }
            });
        }
        best
    }

    /// The nodes of a window, in order; what lies before and after it is told in the page.
    fn ranked(
        &self,
        found: &[Found],
        window: &Window,
        page: &mut Page,
    ) -> Result<Vec<(Match, Ranked)>, Stop> {
        let place = window.after.as_ref().and_then(Place::of);
        let most = window.first.unwrap_or(usize::MAX);
        let (mut shown, mut ends) = (Vec::new(), FxHashMap::default());
        for group in found.chunk_by(|a, b| a.0 == b.0) {
            let how = group[0].0;
            if place.as_ref().is_some_and(|place| place.is_after(how)) {
                page.previous = true;
                continue;
            }
            let at = place.as_ref().filter(|place| !place.is_before(how));
            let enough = at.map_or(most.saturating_sub(shown.len()), |_| usize::MAX);
            for ranked in self.by_degree(group, enough, &mut ends)? {
                if at.is_some_and(|place| !self.follows(place, &ranked)) {
                    page.previous = true;
                } else if shown.len() < most {
                    shown.push((how, ranked));
                } else {
                    page.next = true;
                    return Ok(shown);
                }
            }
        }
        Ok(shown)
    }

    /// Whether a node stands after a place of the same match.
    fn follows(&self, place: &Place<'_>, (degree, node): &Ranked) -> bool {
        let id = || self.snapshot.id(*node);
        degree
            .cmp(&Reverse(place.2))
            .then_with(|| (*id()).cmp(place.3))
            .is_gt()
    }

    /// Equal matches in order, the first ones only if those and one more are enough.
    fn by_degree(
        &self,
        group: &[Found],
        enough: usize,
        ends: &mut FxHashMap<TypeId, Ends<'a>>,
    ) -> Result<Vec<Ranked>, Stop> {
        self.budget.spend(group.len() as u64)?;
        let mut ranked: Vec<Ranked> = Vec::with_capacity(group.len());
        for (_, node) in group {
            let own = ends.entry(node.of).or_insert_with(|| self.ends_of(node.of));
            ranked.push((Reverse(degree(own, *node)), *node));
        }
        let order =
            |a: &Ranked, b: &Ranked| a.0.cmp(&b.0).then_with(|| self.snapshot.order(a.1, b.1));
        if enough < ranked.len() {
            ranked.select_nth_unstable_by(enough, order);
            ranked.truncate(enough + 1);
        }
        ranked.sort_unstable_by(order);
        Ok(ranked)
    }

    fn ends_of(&self, of: TypeId) -> Ends<'a> {
        let snapshot = self.snapshot;
        let segments = snapshot.all_segments().map(|(_, segment)| segment);
        let ends = segments.map(|segment| (segment, segment.source == of, segment.target == of));
        ends.filter(|(_, source, target)| *source || *target)
            .collect()
    }

    fn hit(&self, call: &SearchCall, found: Match, degree: u64, node: Node) -> Hit {
        let best = self.best(&call.pattern, node, &mut Scratch::default());
        let (_, property, text) = best.unwrap_or((found, 0, ""));
        Hit {
            found,
            degree,
            property,
            text: text.into(),
            cursor: Cursor {
                values: vec![
                    Value::Int(i64::from(found.level())),
                    Value::Int(i64::from(found.distance)),
                    Value::Int(degree as i64),
                ],
                id: self.snapshot.id(node),
            },
        }
    }
}

/// How many edges a node has.
fn degree(ends: &Ends<'_>, node: Node) -> u64 {
    let of = |(segment, source, target): &(&Segment, bool, bool)| {
        let out = if *source {
            segment.out_degree(node.row)
        } else {
            0
        };
        let back = if *target {
            segment.in_degree(node.row)
        } else {
            0
        };
        (out + back) as u64
    };
    ends.iter().map(of).sum()
}

/// Whether what was found so far, of the kinds of which all was found, fills a window, with one more
/// to tell that there are more.
fn is_enough(found: &[Found], way: Way, window: &Window) -> bool {
    let Some(first) = window.first else {
        return false;
    };
    let place = window.after.as_ref().and_then(Place::of);
    let counts = |found: &&Found| {
        let is_after = |place: &Place<'_>| place.is_before(found.0);
        found.0.kind <= way.up_to() && place.as_ref().is_none_or(is_after)
    };
    found.iter().filter(counts).take(first + 1).count() > first
}
