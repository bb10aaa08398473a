//! Which paths are asked for? Not for: searching them (`graph::paths`).

use super::Run;
use super::guide::{Guided, Halt, price, rank};
use super::rows::RootRows;
use crate::graph::Node;
use crate::graph::paths::{Goal, Guide, Path, Web, ranked, shortest, simple};
use crate::plan::{GraphOutput, GraphShape, PathMode, PathsCall};
use std::ops::ControlFlow;

/// Paths, and whether there are more.
type Found = (Vec<Path>, bool);

/// A search for paths.
struct Search<'s, 'a> {
    call: &'s PathsCall,
    web: &'s Web<'a>,
    guide: &'s Guided<'a>,
    /// Whether it must be told if there are more.
    tell: bool,
}

impl<'a> Run<'a> {
    /// The paths from some nodes to others.
    pub(super) fn paths(&self, call: &PathsCall, shape: &GraphShape) -> Result<RootRows, Halt> {
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        self.refer(&call.from, &mut starts)?;
        self.refer(&call.to, &mut ends)?;
        let guide = Guided::new(self, &call.follow, &call.weights);
        let web = Web::new(self.snapshot, &guide.rules(), None);
        let mut outputs = shape.outputs.iter();
        let search = Search {
            call,
            web: &web,
            guide: &guide,
            tell: outputs.any(|output| matches!(output.what, GraphOutput::Truncated)),
        };
        let (mut paths, truncated) = search.run(&starts, &ends)?;
        paths.sort_by(|a, b| a.order(b, self.snapshot));
        let weighted = !call.weights.is_empty();
        Ok(self.drawn_paths(&paths, truncated, |path| price(path.cost, weighted), shape)?)
    }
}

impl Search<'_, '_> {
    fn run(&self, starts: &[Node], ends: &[Node]) -> Result<Found, Halt> {
        let weighted = !self.call.weights.is_empty();
        match self.call.mode {
            PathMode::Shortest | PathMode::AllShortest => self.each_pair(starts, ends, weighted),
            PathMode::KShortest => self.ranked(starts, ends, false),
            PathMode::AllSimple if weighted => self.cheapest_simple(starts, ends),
            PathMode::AllSimple => self.simple(starts, ends, false),
        }
    }

    /// Those of each pair of a start and a different end.
    fn each_pair(&self, starts: &[Node], ends: &[Node], weighted: bool) -> Result<Found, Halt> {
        let (mut paths, mut more) = (Vec::new(), false);
        for start in starts {
            for end in ends.iter().filter(|end| *end != start) {
                self.guide.touch(1)?;
                let (found, has_more) = match weighted {
                    true => self.ranked(&[*start], &[*end], true)?,
                    false => self.shortest((*start, *end))?,
                };
                paths.extend(found);
                more |= has_more;
            }
        }
        Ok((paths, more))
    }

    fn longest(&self) -> usize {
        self.call.longest.unwrap_or(usize::MAX)
    }

    /// Those of a pair with fewest edges.
    fn shortest(&self, pair: (Node, Node)) -> Result<Found, Halt> {
        let count = self.call.first.max(1);
        let (mut found, more) = shortest(self.web, pair, self.longest(), count, self.guide)?;
        if found
            .first()
            .is_some_and(|path| path.len() < self.call.shortest)
        {
            return self.simple(&[pair.0], &[pair.1], true);
        }
        let cut = found.len() > self.call.first;
        found.truncate(self.call.first);
        Ok((found, more || cut))
    }

    /// The cheapest; `alike`: as cheap as the first.
    fn ranked(&self, starts: &[Node], ends: &[Node], alike: bool) -> Result<Found, Halt> {
        let weighted = !self.call.weights.is_empty();
        let goal = Goal {
            ends,
            longest: self.longest(),
            most: if weighted {
                u128::MAX
            } else {
                self.longest() as u128
            },
        };
        let mut taken = self.taken(alike);
        ranked(self.web, starts, goal, self.guide, |path| taken.take(path))?;
        Ok((taken.found, taken.more))
    }

    /// Those of any length allowed, by length; `alike`: as long as the first.
    fn simple(&self, starts: &[Node], ends: &[Node], alike: bool) -> Result<Found, Halt> {
        let mut taken = self.taken(alike);
        let lengths = self.call.shortest.max(1)..=self.longest();
        simple(self.web, (starts, ends), lengths, self.guide, |path| {
            taken.take(path)
        })?;
        Ok((taken.found, taken.more))
    }

    /// All of any length allowed, the cheapest of them.
    fn cheapest_simple(&self, starts: &[Node], ends: &[Node]) -> Result<Found, Halt> {
        let (first, mut found, mut more) = (self.call.first, Vec::<Path>::new(), false);
        let lengths = self.call.shortest.max(1)..=self.longest();
        let mut keep = |found: &mut Vec<Path>| {
            found.sort_by(|a, b| a.order(b, self.guide.snapshot()));
            more |= found.len() > first;
            found.truncate(first);
        };
        simple(self.web, (starts, ends), lengths, self.guide, |path| {
            found.push(path.clone());
            if found.len() > first.saturating_mul(2).saturating_add(64) {
                keep(&mut found);
            }
            ControlFlow::Continue(())
        })?;
        keep(&mut found);
        Ok((found, more))
    }

    fn taken(&self, alike: bool) -> Taken<'_> {
        Taken {
            call: self.call,
            alike,
            tell: self.tell,
            found: Vec::new(),
            least: None,
            more: false,
        }
    }
}

/// Paths that come in their order.
struct Taken<'s> {
    call: &'s PathsCall,
    /// Whether only those as good as the first are wanted.
    alike: bool,
    tell: bool,
    found: Vec<Path>,
    /// How good the first is.
    least: Option<u128>,
    more: bool,
}

impl Taken<'_> {
    /// Takes a path if it is wanted; breaks when there are enough.
    fn take(&mut self, path: &Path) -> ControlFlow<()> {
        if path.len() < self.call.shortest {
            return ControlFlow::Continue(());
        }
        let rank = rank(path.cost, !self.call.weights.is_empty());
        if self.alike && *self.least.get_or_insert(rank) != rank {
            return ControlFlow::Break(());
        }
        if self.found.len() == self.call.first {
            self.more = true;
            return ControlFlow::Break(());
        }
        self.found.push(path.clone());
        if !self.tell && self.found.len() == self.call.first {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}
