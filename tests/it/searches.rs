//! Is search in step with the graph? Through the index as by reading every text.

use guitu::graph::Snapshot;
use guitu::search::{Pattern, Scratch, Way};
use std::collections::BTreeSet;

/// What is typed to find some of the texts of tests.
const TYPED: [&str; 5] = ["城", "cheng", "renamd", "new", "c"];

/// Asserts that search finds the nodes whose texts match, and no others.
pub(crate) fn agree(graph: &Snapshot) {
    for pattern in TYPED.map(Pattern::new) {
        for of in graph.ontology().concrete_ids() {
            let matches = |row: &u32| {
                let mut found = false;
                for at in graph.ontology().node_type(of).searched() {
                    let cell = graph.column(of, at).cell(*row);
                    cell.each_text(&mut |text| {
                        found |= pattern.is_in(text, &mut Scratch::default());
                    });
                }
                found
            };
            let rows = graph.nodes(of).map(|node| node.row);
            let expected: BTreeSet<u32> = rows.filter(matches).collect();
            let may = Way::ALL.map(|way| graph.searched_by(of, &pattern, way));
            let found: BTreeSet<u32> = may.into_iter().flatten().filter(matches).collect();
            assert_eq!(found, expected, "{pattern:?}");
        }
    }
}
