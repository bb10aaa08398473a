//! How do drafts of edges become segments? Not for: nodes (`build`).

use super::bits::Bits;
use super::build::{Counts, Order};
use super::builder::{Builder, EdgeDraft, EdgeDrafts};
use super::cells::Cells;
use super::column::Records;
use super::drafts::{Drafts, merged};
use super::references::Interner;
use super::segment::{Segment, SegmentBase, Topology};
use super::snapshot::{SegmentId, Snapshot};
use crate::ontology::{Relationship, TypeId};
use crate::value::{Cell, Value};
use rustc_hash::FxHashSet;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::sync::Arc;

/// Finished segments, by each the drafts that its edges came from, and what happened.
pub(crate) struct Segments {
    pub(crate) segments: Vec<Segment>,
    pub(crate) origins: Vec<Origins>,
    pub(crate) counts: Counts,
    pub(crate) repeats: Vec<(EdgeDraft, EdgeDraft)>,
}

/// Which drafts a segment's edges came from.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    pub(crate) pair: u16,
    /// The last draft of each edge; `u32::MAX` if it has none.
    pub(crate) drafts: Vec<u32>,
}

/// One segment's edges on their way. An origin is the position of an edge that exists, or (from
/// `first` on) the number of a draft.
struct Merge<'a> {
    relationship: &'a Relationship,
    existing: Option<&'a Segment>,
    interner: RefCell<&'a mut Interner>,
    /// Positions of edges that exist and shall not.
    removed: Option<&'a FxHashSet<u32>>,
    first: u32,
    drafts: Drafts,
    /// By origin: the new rows of source and target.
    ends: Vec<(u32, u32)>,
    /// All origins in order of source, target and unique properties.
    order: Vec<u32>,
    /// Where each source's origins end in `order`.
    out: Vec<u32>,
    /// Which origins in `order` start a new edge.
    starts: Bits,
}

/// Brings all drafts of edges together with the edges that exist.
pub(crate) fn finish_edges(builder: &mut Builder, orders: &[Order], revision: u64) -> Segments {
    let mut done = Segments {
        segments: Vec::new(),
        origins: Vec::new(),
        counts: Counts::default(),
        repeats: Vec::new(),
    };
    let mut interner = std::mem::take(&mut builder.interner);
    let mut edges = std::mem::take(&mut builder.edges);
    edges.extend(untouched(&builder.snapshot, &edges));
    let repeats = &mut done.repeats;
    let mut finished: Vec<_> = (0..)
        .zip(edges)
        .map(|pair| finish_pair(builder, orders, pair, revision, &mut interner, repeats))
        .collect();
    builder.interner = interner;
    finished.retain(|(segment, _, counts)| {
        // What became of a segment that is empty now is counted all the same.
        let is_empty = segment.is_empty();
        if is_empty {
            done.counts.add(*counts);
        }
        !is_empty
    });
    let ranks = &builder.snapshot.ranks;
    finished.sort_by_key(|(segment, ..)| {
        let rank = |of: TypeId| ranks[of.0 as usize];
        let (source, target) = (rank(segment.source), rank(segment.target));
        (segment.relationship, source, target)
    });
    for (segment, origins, counts) in finished {
        done.segments.push(segment);
        done.origins.push(origins);
        done.counts.add(counts);
    }
    done
}

/// Segments of which nothing was said, as empty drafts.
fn untouched(snapshot: &Snapshot, edges: &[EdgeDrafts]) -> Vec<EdgeDrafts> {
    let named: Vec<_> = edges.iter().filter_map(|e| e.existing).collect();
    let segments = snapshot.all_segments();
    let rest = segments.filter(|(id, _)| !named.contains(id));
    let empty = |(id, segment): (SegmentId, &Segment)| EdgeDrafts {
        relationship: segment.relationship,
        source: segment.source,
        target: segment.target,
        existing: Some(id),
        ends: Vec::new(),
        drafts: Drafts::default(),
    };
    rest.map(empty).collect()
}

fn finish_pair(
    builder: &Builder,
    orders: &[Order],
    (pair, drafts): (u16, EdgeDrafts),
    revision: u64,
    interner: &mut Interner,
    repeats: &mut Vec<(EdgeDraft, EdgeDraft)>,
) -> (Segment, Origins, Counts) {
    let snapshot = &builder.snapshot;
    let existing = drafts.existing.map(|id| snapshot.segment(id));
    let removed = drafts.existing.and_then(|id| builder.removed.get(&id));
    let sources = &orders[drafts.source.0 as usize];
    let targets = &orders[drafts.target.0 as usize];
    if let Some(segment) = existing
        && drafts.ends.is_empty()
        && removed.is_none()
        && segment.over.is_none()
        && !(sources.has_moved() || targets.has_moved())
    {
        return (segment.clone(), Origins::default(), Counts::default());
    }
    let rows = |of: TypeId| builder.nodes[of.0 as usize].table.rows();
    let mut segment = Segment {
        relationship: drafts.relationship,
        source: drafts.source,
        target: drafts.target,
        base: Arc::default(),
        over: None,
    };
    let mut merge = Merge {
        relationship: snapshot.ontology.relationship(drafts.relationship),
        existing,
        interner: RefCell::new(interner),
        removed,
        first: existing.map_or(0, |segment| segment.positions() as u32),
        ends: ends(existing, drafts.ends, (sources, targets)),
        drafts: drafts.drafts,
        order: Vec::new(),
        out: Vec::new(),
        starts: Bits::default(),
    };
    if merge.relationship.symmetric && segment.source == segment.target {
        merge.turn();
    }
    merge.sort(rows(segment.source));
    merge.mark();
    merge.repeats(pair, repeats);
    let (base, origins, mut counts) = merge.finish(rows(segment.target), revision);
    counts.removed = removed.map_or(0, FxHashSet::len);
    segment.base = Arc::new(base);
    let drafts = origins;
    (segment, Origins { pair, drafts }, counts)
}

/// The ends of all edges that exist, then of drafts, in new rows.
fn ends(
    existing: Option<&Segment>,
    drafts: Vec<(u32, u32)>,
    (sources, targets): (&Order, &Order),
) -> Vec<(u32, u32)> {
    let mut all = match existing {
        None => drafts,
        Some(segment) => {
            let mut all = segment.all_ends();
            all.extend(drafts);
            all
        }
    };
    for (source, target) in &mut all {
        *source = sources.row(*source);
        *target = targets.row(*target);
    }
    all
}

impl Merge<'_> {
    /// Makes the smaller node the source of each edge.
    fn turn(&mut self) {
        for (source, target) in &mut self.ends {
            if target < source {
                std::mem::swap(source, target);
            }
        }
    }

    /// All origins whose edges exist.
    fn origins(&self) -> impl Iterator<Item = u32> {
        let live = |origin: &u32| {
            let existing = self.existing.filter(|_| *origin < self.first);
            let removed = self.removed.is_some_and(|removed| removed.contains(origin));
            existing.is_none_or(|segment| segment.is_live(*origin) && !removed)
        };
        (0..self.ends.len() as u32).filter(live)
    }

    /// Fills `order` and `out`: counts by source, then sorts each source's part.
    fn sort(&mut self, rows: usize) {
        let mut next = vec![0u32; rows + 1];
        for origin in self.origins() {
            next[self.ends[origin as usize].0 as usize + 1] += 1;
        }
        for row in 0..rows {
            next[row + 1] += next[row];
        }
        let mut order = vec![0; next[rows] as usize];
        for origin in self.origins() {
            let slot = &mut next[self.ends[origin as usize].0 as usize];
            order[*slot as usize] = origin;
            *slot += 1;
        }
        next.pop();
        self.sort_parts(&mut order, &next);
        self.order = order;
        self.out = next;
    }

    fn sort_parts(&self, order: &mut [u32], out: &[u32]) {
        let mut keyed: Vec<(u32, u32)> = Vec::new();
        let mut start = 0;
        for end in out {
            let part = &mut order[start..*end as usize];
            keyed.clear();
            keyed.extend(part.iter().map(|at| (self.ends[*at as usize].1, *at)));
            keyed.sort_unstable_by(|a, b| self.compare(*a, *b).then(a.1.cmp(&b.1)));
            let sorted = part.iter_mut().zip(&keyed);
            sorted.for_each(|(slot, (_, origin))| *slot = *origin);
            start = *end as usize;
        }
    }

    /// Compares two origins of one source, given with their targets.
    fn compare(&self, a: (u32, u32), b: (u32, u32)) -> Ordering {
        let value = |at, property| self.given(at, property).unwrap_or(Cell::Null);
        let unique = self.relationship.unique.iter();
        let by_unique = || {
            let mut orders = unique.map(|p| value(a.1, *p).order(value(b.1, *p)));
            orders.find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        };
        a.0.cmp(&b.0).then_with(by_unique)
    }

    /// The value that an origin has or was given.
    fn given(&self, origin: u32, property: usize) -> Option<Cell<'_>> {
        match (origin.checked_sub(self.first), self.existing) {
            (None, Some(segment)) => Some(segment.column(property).cell(origin)),
            (draft, _) => self.drafts.given(draft?, property),
        }
    }

    /// Finds out which origins are the same edge.
    fn mark(&mut self) {
        let mut starts = Bits::default();
        let mut start = 0;
        for end in &self.out {
            let mut last: Option<(u32, u32)> = None;
            for origin in &self.order[start..*end as usize] {
                let this = (self.ends[*origin as usize].1, *origin);
                starts.push(last.is_none_or(|last| self.compare(last, this).is_ne()));
                last = Some(this);
            }
            start = *end as usize;
        }
        self.starts = starts;
    }

    /// The origins of each edge, in order of the edges.
    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let rest = self.order.get(start..).filter(|rest| !rest.is_empty())?;
            let more = (1..rest.len()).take_while(|i| !self.starts.at(start + i));
            let len = 1 + more.count();
            start += len;
            Some(&rest[..len])
        })
    }

    /// Adds the drafts that say the same edge as one before them, each with that one.
    fn repeats(&self, pair: u16, repeats: &mut Vec<(EdgeDraft, EdgeDraft)>) {
        let draft = |origin: u32| {
            let at = origin.checked_sub(self.first)?;
            Some(EdgeDraft { pair, at })
        };
        for group in self.groups().filter(|group| group.len() > 1) {
            let drafts = group.windows(2).map(|two| draft(two[0]).zip(draft(two[1])));
            repeats.extend(drafts.flatten());
        }
    }

    fn finish(mut self, target_rows: usize, revision: u64) -> (SegmentBase, Vec<u32>, Counts) {
        let (mut records, origins, counts) = self.records(revision);
        let properties = 0..self.relationship.properties.len();
        records.columns = properties.map(|property| self.column(property)).collect();
        let last = |group: &[u32]| group.last().copied().unwrap_or(0);
        let targets = self.groups().map(|group| self.ends[last(group) as usize].1);
        let targets: Vec<u32> = targets.collect();
        let out = self.edges_out();
        drop(self);
        let base = SegmentBase {
            topology: Topology::new(out, targets, target_rows),
            records,
        };
        (base, origins, counts)
    }

    /// Where each source's edges end.
    fn edges_out(&self) -> Vec<u32> {
        let mut edges = 0;
        let mut start = 0;
        let ends = self.out.iter().map(|end| {
            let starts = (start..*end as usize).filter(|at| self.starts.at(*at));
            edges += starts.count() as u32;
            start = *end as usize;
            edges
        });
        ends.collect()
    }

    /// References, revisions, last drafts and what happened.
    fn records(&self, revision: u64) -> (Records, Vec<u32>, Counts) {
        let mut records = Records::default();
        let mut origins = Vec::with_capacity(self.starts.ones());
        let mut counts = Counts::default();
        for group in self.groups() {
            let code = self.code(group);
            let old = group.iter().find(|origin| **origin < self.first);
            let last = group.last().and_then(|last| last.checked_sub(self.first));
            let kept = old.filter(|old| last.is_none() || !self.differs(group, **old, code));
            match (old, kept, last) {
                (None, ..) => counts.created += 1,
                (_, None, _) => counts.updated += 1,
                (_, _, Some(_)) => counts.unchanged += 1,
                _ => {}
            }
            let changed = kept.map_or(revision, |old| self.changed(*old));
            records.changed.push(changed as i64);
            records.references.push(code);
            origins.push(last.unwrap_or(u32::MAX));
        }
        records.changed.shrink();
        records.references.shrink();
        (records, origins, counts)
    }

    fn changed(&self, origin: u32) -> u64 {
        self.existing.map_or(0, |segment| {
            let records = &segment.base.records;
            records.changed(segment.contents(), origin)
        })
    }

    /// Whether an edge is to be other than the one that exists.
    fn differs(&self, group: &[u32], old: u32, code: i64) -> bool {
        let mut properties = 0..self.relationship.properties.len();
        let other = |property: usize| {
            let old = self.given(old, property).unwrap_or(Cell::Null);
            let new = self.value(group, property);
            new.as_ref()
                .map_or(Cell::Null, Value::as_cell)
                .order(old)
                .is_ne()
        };
        properties.any(other) || self.code(&[old]) != code
    }

    /// The code of an edge's references: all that were given, else those that it had.
    fn code(&self, group: &[u32]) -> i64 {
        let draft = |origin: &u32| self.drafts.cited(origin.checked_sub(self.first)?);
        let mut given = group.iter().filter_map(draft);
        let Some(first) = given.next() else {
            return self.existing_code(group);
        };
        given.fold(first, |code, other| match code == other {
            true => code,
            false => self.interner.borrow_mut().union(code, other),
        })
    }

    /// The code of the references that an edge had.
    fn existing_code(&self, group: &[u32]) -> i64 {
        let old = group.iter().find(|origin| **origin < self.first);
        self.existing.zip(old).map_or(0, |(segment, old)| {
            let (records, interner) = (&segment.base.records, self.interner.borrow());
            records.code(segment.contents(), &interner, *old)
        })
    }

    /// The value of an edge: the last one given; of localized texts all languages given.
    fn value(&self, group: &[u32], property: usize) -> Option<Value> {
        let given = group
            .iter()
            .filter_map(|origin| self.given(*origin, property));
        given.fold(None, |earlier, later| {
            Some(match earlier {
                None => later.to_value(),
                Some(earlier) => merged(earlier.as_cell(), later),
            })
        })
    }

    fn column(&mut self, property: usize) -> Option<Cells> {
        let declared = &self.relationship.properties[property];
        let default = declared.default.as_ref().map(Value::as_cell);
        let mut cells = Cells::new(declared);
        let mut all_null = true;
        for group in self.groups() {
            let merged = match group {
                [_] => None,
                _ => self.value(group, property),
            };
            let given = match &merged {
                Some(value) => Some(value.as_cell()),
                None => self.given(group[0], property),
            };
            let default = default.filter(|_| group[0] >= self.first);
            let cell = given.or(default).unwrap_or(Cell::Null);
            all_null = all_null && cell.is_null();
            cells.push(cell);
        }
        self.drafts.drop_column(property);
        cells.pack();
        (!all_null).then_some(cells)
    }
}
