//! Which paths are asked for? Not for: searching them (`graph::paths`).

use super::guide::{Guided, Halt};
use super::rows::RootRows;
use super::{Run, Stop};
use crate::graph::Node;
use crate::graph::paths::{Path, Web, shortest};
use crate::plan::{GraphShape, PathsCall};

/// Paths, and whether there are more.
type Found = (Vec<Path>, bool);

impl Run<'_> {
    /// The paths from some nodes to others.
    pub(super) fn paths(&self, call: &PathsCall, shape: &GraphShape) -> Result<RootRows, Stop> {
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        self.refer(&call.from, &mut starts)?;
        self.refer(&call.to, &mut ends)?;
        let guide = Guided::new(self, &call.follow);
        let web = Web::new(self.snapshot, &guide.rules(), None);
        let found = each_pair(&starts, &ends, |pair| {
            shortest(
                &web,
                pair,
                call.longest.unwrap_or(usize::MAX),
                call.first,
                &guide,
            )
        });
        let (mut paths, truncated) = found.map_err(Halt::into_stop)?;
        paths.sort_by(|a, b| a.order(b, self.snapshot));
        self.drawn_paths(&paths, truncated, 1.0, shape)
    }
}

/// What a search finds for each pair of a start and a different end.
fn each_pair(
    starts: &[Node],
    ends: &[Node],
    mut search: impl FnMut((Node, Node)) -> Result<Found, Halt>,
) -> Result<Found, Halt> {
    let (mut paths, mut more) = (Vec::new(), false);
    for start in starts {
        for end in ends.iter().filter(|end| *end != start) {
            let (found, has_more) = search((*start, *end))?;
            paths.extend(found);
            more |= has_more;
        }
    }
    Ok((paths, more))
}
