//! Which records of one type have the same name with nothing said about it? Not for: errors, as two
//! people may share a name.

use crate::graph::{Node, Snapshot};
use crate::ontology::{NodeType, TypeId};
use crate::value::Cell;
use std::collections::BTreeMap;

/// Labels that are names; others, like a printed figure, may well be the same.
const NAMES: [&str; 2] = ["name", "title"];

/// The field in which an editor says why another record has the same name.
const NOTE: &str = "note";

/// Groups of nodes of one type that have the same name in some language although not each of them
/// has a `note`; one sentence each, in order of the types and names. Only types whose label is a
/// field `name` or `title` and that have a field `note` are looked at. Cost: time and memory of
/// sorting all names.
pub fn namesakes(snapshot: &Snapshot) -> Vec<String> {
    let types = (0..snapshot.ontology().concrete).map(TypeId);
    types.flat_map(|of| of_type(snapshot, of)).collect()
}

fn of_type(snapshot: &Snapshot, of: TypeId) -> Vec<String> {
    let declared = snapshot.ontology().node_type(of);
    let is_name = |label: &usize| NAMES.contains(&declared.properties[*label].name.as_str());
    let note = declared.properties.iter().position(|p| p.name == NOTE);
    let (Some(name), Some(note)) = (declared.label.filter(is_name), note) else {
        return Vec::new();
    };
    let mut nodes: BTreeMap<&str, Vec<Node>> = BTreeMap::new();
    for node in snapshot.nodes(of) {
        for text in texts(snapshot.cell(node, name)) {
            let same = nodes.entry(text).or_default();
            if same.last() != Some(&node) {
                same.push(node);
            }
        }
    }
    let unsaid = |node: &Node| matches!(snapshot.cell(*node, note), Cell::Null);
    let doubtful = nodes
        .into_iter()
        .filter(|(_, same)| same.len() > 1 && same.iter().any(unsaid));
    doubtful
        .map(|(name, same)| say(snapshot, declared, name, &same))
        .collect()
}

/// A name's texts: in all languages if it has several.
fn texts(name: Cell<'_>) -> Vec<&str> {
    match name {
        Cell::Str(text) => vec![text],
        Cell::Texts(texts) => texts.iter().map(|(_, text)| text).collect(),
        _ => Vec::new(),
    }
}

fn say(snapshot: &Snapshot, declared: &NodeType, name: &str, same: &[Node]) -> String {
    let ids: Vec<_> = same
        .iter()
        .map(|node| format!("{}:{}", declared.name, snapshot.key(*node)))
        .collect();
    format!(
        "{} have the same name {name}\n  hint: make them one record, or say in the `{NOTE}` of each why they are not",
        ids.join(" and ")
    )
}
