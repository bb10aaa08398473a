//! Search by the index against reading every text.

use super::super::Snapshot;
use crate::search::{Pattern, Scratch, Way};
use std::collections::BTreeSet;

/// What is typed to find the texts of random worlds, and what finds none of them.
const TYPED: [&str; 9] = [
    "普宁", "宁", "puning", "pn", "jieyan", "Punign", "a b", "line", "石",
];

/// Every node that matches is found once, whatever has changed since the index was made.
pub(super) fn compare_searches(snapshot: &Snapshot) {
    for typed in TYPED {
        let pattern = Pattern::new(typed);
        for of in snapshot.ontology().concrete_ids() {
            let matches = |row: &u32| {
                let mut found = false;
                for at in snapshot.ontology().node_type(of).searched() {
                    let cell = snapshot.column(of, at).cell(*row);
                    cell.each_text(&mut |text| {
                        found |= pattern.is_in(text, &mut Scratch::default());
                    });
                }
                found
            };
            let all = snapshot.nodes(of).map(|node| node.row);
            let expected: BTreeSet<u32> = all.filter(matches).collect();
            let ways = Way::ALL.into_iter();
            let may = ways.flat_map(|way| snapshot.searched_by(of, &pattern, way));
            let found: BTreeSet<u32> = may.filter(matches).collect();
            assert_eq!(found, expected, "{typed}");
        }
    }
}
