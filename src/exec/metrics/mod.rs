//! What comes of measuring a part of the graph as a whole? Results of `graph::metrics`, computed once
//! for a snapshot, and the rows that show them. Not for: the algorithms.

mod kept;
mod rows;

pub use kept::Kept;
pub use rows::{DivisionRows, GroupRows, MetricsPart, MetricsRows, RankingRows};

use super::{Item, Run, Stop};
use crate::graph::metrics::{
    Communities, Extent, Groups, Network, PageRank, Sample, Way, betweenness, closeness, degree,
    leiden, pagerank, strong, weak,
};
use crate::graph::{Edge, Node};
use crate::ontology::Direction;
use crate::plan::{Division, Follow, MetricsCall, NodeRef, RankingBy};
use kept::Ranked;
use std::sync::Arc;

/// How many arcs cost an algorithm about as much as one record costs a query.
const ARCS: u64 = 16;

/// A part of the graph, read once.
struct Measured<'a> {
    run: &'a Run<'a>,
    call: &'a MetricsCall,
    network: Arc<Network>,
}

/// Nodes in groups, whoever made them.
enum Divided {
    Components(Arc<Groups>),
    Communities(Arc<Communities>),
}

impl Divided {
    fn groups(&self) -> &Groups {
        match self {
            Self::Components(groups) => groups,
            Self::Communities(found) => &found.groups,
        }
    }

    fn modularity(&self) -> Option<f64> {
        match self {
            Self::Components(_) => None,
            Self::Communities(found) => Some(found.modularity),
        }
    }
}

impl<'a> Measured<'a> {
    fn new(run: &'a Run<'a>, call: &'a MetricsCall) -> Result<Self, Stop> {
        let network = network(run, call, false)?;
        Ok(Self { run, call, network })
    }

    /// Where a result is kept: under the revision and this.
    fn key(&self, what: &str) -> (u64, String) {
        let revision = self.run.snapshot.revision();
        (revision, format!("{what} {}", self.call.key))
    }

    /// Spends what an algorithm has looked at, and looks at the clock.
    fn tick(&self, arcs: u64) -> Result<(), Stop> {
        let units = arcs.div_ceil(ARCS) as usize;
        self.run.budget.swept(arcs as usize, units)?;
        self.run.budget.look()
    }

    fn ranked(&self, by: RankingBy) -> Result<Arc<Ranked>, Stop> {
        let (revision, key) = self.key(&format!("{by:?}"));
        let (kept, budget) = (self.run.kept, self.run.budget);
        kept.rankings.of(revision, key, budget, || self.rank(by))
    }

    fn rank(&self, by: RankingBy) -> Result<Ranked, Stop> {
        let (network, tick) = (&*self.network, &|arcs| self.tick(arcs));
        let sample = Sample::of(network);
        let (values, sampled) = match by {
            RankingBy::Degree => (degree(network), false),
            RankingBy::PageRank => (pagerank(network, PageRank::default(), tick)?, false),
            RankingBy::Betweenness => (betweenness(network, sample, tick)?, !sample.is_whole()),
            RankingBy::Closeness => (closeness(network, sample, tick)?, !sample.is_whole()),
        };
        self.run.budget.sorted(values.len())?;
        let mut places: Vec<(u32, f64)> = (0..).zip(values).collect();
        places.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(Ranked { places, sampled })
    }

    fn divided(&self, by: Division) -> Result<Divided, Stop> {
        let (revision, key) = self.key(&format!("{by:?}"));
        let (kept, budget) = (self.run.kept, self.run.budget);
        let tick = &|arcs| self.tick(arcs);
        let components = &kept.components;
        let network = &*self.network;
        Ok(match by {
            Division::Weak => {
                let found = components.of(revision, key, budget, || weak(network, tick));
                Divided::Components(found?)
            }
            Division::Strong => {
                let found = components.of(revision, key, budget, || strong(network, tick));
                Divided::Components(found?)
            }
            Division::Communities(seed) => {
                let shelf = &kept.communities;
                let find = || leiden(&*self.undirected()?, seed.cast_unsigned(), tick);
                Divided::Communities(shelf.of(revision, key, budget, find)?)
            }
        })
    }

    /// The same part with every edge followed both ways.
    fn undirected(&self) -> Result<Arc<Network>, Stop> {
        if self.network.is_undirected() {
            return Ok(self.network.clone());
        }
        network(self.run, self.call, true)
    }

    fn node(&self, number: u32) -> Item {
        Item::Node(self.network.nodes()[number as usize])
    }
}

/// The network of a call, or the same with every edge followed both ways.
fn network(run: &Run<'_>, call: &MetricsCall, both_ways: bool) -> Result<Arc<Network>, Stop> {
    let ways = if both_ways { "both ways" } else { "as asked" };
    let key = format!("{ways} {}", call.key);
    let revision = run.snapshot.revision();
    let build = || {
        let nodes = call.nodes.as_ref().map(|of| found(run, of)).transpose()?;
        let extent = Extent {
            types: &call.types,
            only: nodes.as_deref(),
            ways: call.follow.iter().map(|f| way(run, f, both_ways)).collect(),
        };
        Network::new(run.snapshot, &extent, &|edges| {
            run.budget.edges(edges as usize)?;
            run.budget.look()
        })
    };
    run.kept.networks.of(revision, key, run.budget, build)
}

/// The nodes that are referred to.
fn found(run: &Run<'_>, of: &[NodeRef]) -> Result<Vec<Node>, Stop> {
    let mut nodes = Vec::new();
    for each in of {
        run.refer(each, &mut nodes)?;
    }
    Ok(nodes)
}

fn way<'a>(run: &'a Run<'_>, follow: &'a Follow, both_ways: bool) -> Way<'a, Stop> {
    let direction = match follow.along {
        true => Direction::Out,
        false => Direction::In,
    };
    let keep = |filter| {
        let keep = move |edge: Edge| run.accepts(Some(filter), Item::Edge(edge));
        Box::new(keep) as Box<dyn Fn(Edge) -> Result<bool, Stop>>
    };
    Way {
        relationship: follow.relationship,
        direction: (!both_ways).then_some(direction),
        keep: follow.filter.as_ref().map(keep),
    }
}
