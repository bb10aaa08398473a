//! Which node does a key or an id in a file name? Not for: what is done with it (`load`).

use crate::change::{Violation, suggest};
use crate::graph::{Builder, Draft};
use crate::ontology::{Ontology, TypeId};
use crate::value::NodeId;

/// Above so many nodes of a type no similar key is looked for.
const FEW: usize = 20_000;

/// Finds the node that a text names where a type is expected: of a concrete type its key, else its
/// id; of an interface its id, else a key that only one of its types has.
pub(super) fn find_node(
    ontology: &Ontology,
    builder: &Builder,
    of: TypeId,
    text: &str,
) -> Result<(TypeId, Draft), Violation> {
    if ontology.is_concrete(of) {
        let found = builder.find(of, text);
        let found = found.or_else(|| find_id(ontology, builder, of, text).map(|(_, draft)| draft));
        return found
            .map(|draft| (of, draft))
            .ok_or_else(|| missing(ontology, builder, of, text));
    }
    if let Some(found) = find_id(ontology, builder, of, text) {
        return Ok(found);
    }
    let members = ontology.node_type(of).members.iter();
    let found = members.filter_map(|member| Some((*member, builder.find(*member, text)?)));
    let found: Vec<(TypeId, Draft)> = found.collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(missing(ontology, builder, of, text)),
        _ => Err(ambiguous(ontology, of, text, &found)),
    }
}

/// The node of an id, `Type:key`, if it is of the type.
fn find_id(
    ontology: &Ontology,
    builder: &Builder,
    of: TypeId,
    text: &str,
) -> Option<(TypeId, Draft)> {
    let id = NodeId::parse(text)?;
    let mut members = ontology.node_type(of).members.iter();
    let member = members.find(|member| ontology.node_type(**member).name == id.type_name)?;
    Some((*member, builder.find(*member, id.key)?))
}

fn ambiguous(ontology: &Ontology, of: TypeId, text: &str, found: &[(TypeId, Draft)]) -> Violation {
    let ids = found
        .iter()
        .map(|(of, _)| format!("{}:{text}", ontology.node_type(*of).name));
    let ids: Vec<String> = ids.collect();
    let name = &ontology.node_type(of).name;
    Violation::new(format!("`{text}` is the key of several {name} nodes"))
        .hint(format!("write {}", ids.join(" or ")))
}

/// That no node has this key or id.
pub(super) fn missing(ontology: &Ontology, builder: &Builder, of: TypeId, text: &str) -> Violation {
    if text.is_empty() {
        return Violation::new("is empty").hint("write a key or an id such as Type:key");
    }
    let name = &ontology.node_type(of).name;
    let members = &ontology.node_type(of).members;
    let other = NodeId::parse(text).filter(|id| {
        let declared = ontology.type_named(id.type_name);
        declared.is_some_and(|declared| !members.contains(&declared))
    });
    if let Some(id) = other {
        let names = members
            .iter()
            .map(|of| ontology.node_type(*of).name.as_str());
        let accepted: Vec<&str> = names.collect();
        return Violation::new(format!(
            "`{text}` is a {}, which is no {name}",
            id.type_name
        ))
        .hint(format!("write a node of {}", accepted.join(", ")));
    }
    let wrong = format!("there is no {name} `{text}`");
    Violation {
        hint: similar(ontology, builder, of, text),
        ..Violation::new(wrong)
    }
}

/// The key that is most like a text, or its id for an interface.
fn similar(ontology: &Ontology, builder: &Builder, of: TypeId, text: &str) -> Option<String> {
    let members = &ontology.node_type(of).members;
    if members.iter().map(|of| builder.count(*of)).sum::<usize>() > FEW {
        return None;
    }
    let plain = ontology.is_concrete(of);
    let names = members.iter().flat_map(|member| {
        let name = &ontology.node_type(*member).name;
        builder.keys(*member).map(move |key| match plain {
            true => key.to_owned(),
            false => format!("{name}:{key}"),
        })
    });
    let names: Vec<String> = names.filter(|name| name != text).collect();
    suggest(text, names.iter().map(String::as_str)).filter(|hint| hint.starts_with("did"))
}
