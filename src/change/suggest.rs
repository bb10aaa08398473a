//! Which known name was probably meant? Not for: searching data (`search`).

use crate::ontology::nearest;

/// A hint that names the closest of the known names, or all of them where few exist.
pub fn suggest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(name, known.iter().copied()) {
        Some(other) => Some(format!("did you mean `{other}`?")),
        None if known.is_empty() => None,
        None => Some(list(&known)),
    }
}

/// All names, cut after twelve names.
fn list(known: &[&str]) -> String {
    const SHOWN: usize = 12;
    match known {
        [one] => format!("known is only `{one}`"),
        _ if known.len() <= SHOWN => format!("known are {}", known.join(", ")),
        _ => format!(
            "known are {} and {} more",
            known[..SHOWN].join(", "),
            known.len() - SHOWN
        ),
    }
}
