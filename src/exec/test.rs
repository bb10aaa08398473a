//! Does a value pass a test? Not for: where the value comes from (`filter`).

use crate::plan::{Comparison, Test, TextMatch};
use crate::search::Scratch;
use crate::value::{Cell, ListCells, Period, TextCells, Value, sorted_json};

/// Whether a value passes; unknown if it is missing.
pub(super) fn passes(cell: Cell<'_>, test: &Test) -> Option<bool> {
    match (test, cell) {
        (Test::IsNull(wanted), _) => Some(cell.is_null() == *wanted),
        (_, Cell::Null) => None,
        (Test::Not(inner), _) => passes(cell, inner).map(|passed| !passed),
        (_, Cell::Texts(texts)) => Some(
            texts
                .iter()
                .any(|(_, text)| passes(Cell::Str(text), test) == Some(true)),
        ),
        _ => Some(holds(cell, test)),
    }
}

/// As [`passes`], of a localized text's given languages only.
pub(super) fn passes_in(texts: TextCells<'_>, languages: &[String], test: &Test) -> Option<bool> {
    let mut asked = texts
        .iter()
        .filter(|(tag, _)| languages.iter().any(|l| l == tag))
        .map(|(_, text)| text)
        .peekable();
    match test {
        Test::IsNull(wanted) => Some(asked.peek().is_none() == *wanted),
        Test::Not(inner) => passes_in(texts, languages, inner).map(|passed| !passed),
        _ => {
            asked.peek()?;
            Some(asked.any(|text| holds(Cell::Str(text), test)))
        }
    }
}

/// Whether all tests pass.
pub(super) fn passes_all(cell: Cell<'_>, tests: &[Test]) -> Option<bool> {
    super::filter::all(tests.iter().map(|test| Ok(passes(cell, test)))).unwrap_or(None)
}

fn holds(cell: Cell<'_>, test: &Test) -> bool {
    match (cell, test) {
        (_, Test::Equal(value)) => equal(cell, value),
        (_, Test::In(values)) => is_among(cell, values),
        (_, Test::Compare(how, value)) => compares(cell, *how, value.as_cell()),
        (Cell::Str(text), _) => text_holds(text, test),
        (Cell::Period(period), _) => period_holds(period, test),
        (Cell::Point(point), Test::Distance(from, metres)) => point.distance(*from) <= *metres,
        (Cell::Point(point), Test::Box(sw, ne)) => point.is_in_box(*sw, *ne),
        (Cell::List(items), Test::Includes(value)) => items.iter().any(|item| equal(item, value)),
        (Cell::List(items), Test::IncludesAny(values)) => {
            items.iter().any(|item| is_among(item, values))
        }
        (Cell::List(items), Test::IncludesAll(values)) => {
            values.len() <= items.len() && has_all(items, values)
        }
        (Cell::List(items), Test::Search(_)) => items.iter().any(|item| holds(item, test)),
        (Cell::List(items), Test::Size(tests)) => {
            passes_all(Cell::Int(items.len() as i64), tests) == Some(true)
        }
        _ => false,
    }
}

fn equal(cell: Cell<'_>, value: &Value) -> bool {
    match cell {
        Cell::Json(text) => Cell::Json(&sorted_json(text))
            .order(value.as_cell())
            .is_eq(),
        _ => cell.order(value.as_cell()).is_eq(),
    }
}

/// Whether a value is one of those given, which are sorted.
fn is_among(cell: Cell<'_>, values: &[Value]) -> bool {
    let find = |cell| values.binary_search_by(|value| value.as_cell().order(cell));
    match cell {
        Cell::Json(text) => find(Cell::Json(&sorted_json(text))).is_ok(),
        _ => find(cell).is_ok(),
    }
}

/// Whether a list has all the values given, which are no more than its items.
fn has_all(items: ListCells<'_>, values: &[Value]) -> bool {
    values
        .iter()
        .all(|value| items.iter().any(|item| equal(item, value)))
}

fn text_holds(text: &str, test: &Test) -> bool {
    match test {
        Test::Text(how, pattern) => text_matches(text, *how, pattern),
        Test::TextFolded(how, pattern) => text_matches(&text.to_lowercase(), *how, pattern),
        Test::InFolded(patterns) => {
            let folded = text.to_lowercase();
            patterns
                .binary_search_by(|pattern| (**pattern).cmp(&folded))
                .is_ok()
        }
        Test::Matches(regex) => regex.is_match(text),
        Test::Search(pattern) => pattern.is_in(text, &mut Scratch::default()),
        _ => false,
    }
}

fn text_matches(text: &str, how: TextMatch, pattern: &str) -> bool {
    match how {
        TextMatch::Equal => text == pattern,
        TextMatch::Contains => text.contains(pattern),
        TextMatch::StartsWith => text.starts_with(pattern),
        TextMatch::EndsWith => text.ends_with(pattern),
    }
}

fn period_holds(period: Period, test: &Test) -> bool {
    match test {
        Test::Overlaps(other) => period.overlaps(*other),
        Test::Within(other) => period.is_within(*other),
        Test::Contains(other) => other.is_within(period),
        Test::Before(other) => period.is_before(*other),
        Test::After(other) => other.is_before(period),
        _ => false,
    }
}

/// Whether two values compare so; partial dates by the intervals that they cover.
pub(super) fn compares(a: Cell<'_>, how: Comparison, b: Cell<'_>) -> bool {
    if let (Cell::Date(a), Cell::Date(b)) = (a, b) {
        return match how {
            Comparison::Eq => a == b,
            Comparison::Ne => a != b,
            Comparison::Lt => a.end() < b.start(),
            Comparison::Lte => a.end() <= b.end(),
            Comparison::Gt => a.start() > b.end(),
            Comparison::Gte => a.start() >= b.start(),
        };
    }
    let order = a.order(b);
    match how {
        Comparison::Eq => order.is_eq(),
        Comparison::Ne => order.is_ne(),
        Comparison::Lt => order.is_lt(),
        Comparison::Lte => order.is_le(),
        Comparison::Gt => order.is_gt(),
        Comparison::Gte => order.is_ge(),
    }
}
