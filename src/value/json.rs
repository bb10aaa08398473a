//! When are two JSON documents the same? Not for: how they are stored (as they were given).

/// The compact text of a JSON document with the fields of its objects in order, so that documents
/// are the same exactly if their texts are. What is no JSON stays as it is.
pub fn sorted_json(text: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(mut document) => {
            document.sort_all_objects();
            document.to_string()
        }
        Err(_) => text.to_owned(),
    }
}
