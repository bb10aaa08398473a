//! How is a part of a JSON document written? The fields that a tree of names selects. Not for:
//! records.

use super::ink::Ink;
use crate::plan::Tree;
use serde_json::Value;

/// Writes what a tree selects of a document; lists item by item.
pub(super) fn write_tree(out: &mut Ink, document: &Value, tree: &Tree) {
    match document {
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_tree(out, item, tree);
            }
            out.push(b']');
        }
        Value::Object(object) => {
            let start = out.len();
            for field in &tree.fields {
                out.put(field.json.as_bytes());
                let crate::plan::TreeField { name, below } = &field.what;
                write_field(
                    out,
                    object.get(&**name).unwrap_or(&Value::Null),
                    below.as_deref(),
                );
            }
            out.close_object(start);
        }
        other => write_value(out, other),
    }
}

fn write_field(out: &mut Ink, value: &Value, below: Option<&Tree>) {
    match below {
        Some(tree) => write_tree(out, value, tree),
        None => write_value(out, value),
    }
}

fn write_value(out: &mut Ink, value: &Value) {
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(out, value);
}
