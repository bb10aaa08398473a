//! Which known name was probably meant? Not for: searching data (`search`).

/// A hint that names the closest of the known names, or all of them where few exist.
pub fn suggest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    let closest = known
        .iter()
        .map(|other| (distance(name, other), *other))
        .min()
        .filter(|(distance, _)| *distance <= 1 + name.chars().count() / 3);
    match closest {
        Some((_, other)) => Some(format!("did you mean `{other}`?")),
        None if known.is_empty() => None,
        None => Some(list(&known)),
    }
}

/// `a, b or c`, cut after twelve names.
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

/// Levenshtein's distance, upper and lower case alike.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
