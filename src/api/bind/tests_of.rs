//! Which tests does an operator object stand for? Not for: what they are tests of (`filter`).

use super::values::{null, point};
use super::{Binder, Wrong};
use crate::api::input::Input;
use crate::plan::{Comparison, Test, TextMatch};
use crate::value::{Period, Scalar, Value};
use std::sync::Arc;

impl Binder<'_> {
    /// The tests of an operator object on values of a scalar; all must pass.
    pub(super) fn tests(&self, scalar: Scalar, input: &Input) -> Result<Vec<Test>, Wrong> {
        let fields = input.as_object().ok_or_else(null)?;
        self.bounds.parts(fields.len())?;
        let fold = input
            .field("caseInsensitive")
            .and_then(Input::as_bool)
            .unwrap_or(false);
        let operators = fields
            .iter()
            .filter(|(name, _)| !matches!(&**name, "caseInsensitive" | "lang"));
        operators
            .map(|(name, value)| {
                self.test(scalar, name, value, fold)
                    .map_err(|w| w.inside(&**name))
            })
            .collect()
    }

    /// The languages that a text's operator object is about.
    pub(super) fn asked_languages(&self, input: &Input) -> Result<Option<Arc<[String]>>, Wrong> {
        let asked = input.field("lang").filter(|lang| !lang.is_null());
        self.bounds.languages(asked).map_err(|w| w.inside("lang"))?;
        Ok(asked.map(|lang| super::texts(Some(lang)).into()))
    }

    fn test(
        &self,
        scalar: Scalar,
        operator: &str,
        value: &Input,
        fold: bool,
    ) -> Result<Test, Wrong> {
        if value.is_null() {
            return Err(null());
        }
        let one = || self.value(scalar, value);
        let compare = |how| Ok(Test::Compare(how, one()?));
        match operator {
            "isNull" => Ok(Test::IsNull(value.as_bool().unwrap_or(true))),
            "eq" => self.equal(scalar, value, fold),
            "ne" => Ok(Test::Not(Box::new(self.equal(scalar, value, fold)?))),
            "in" => self.one_of(scalar, value, fold),
            "notIn" => Ok(Test::Not(Box::new(self.one_of(scalar, value, fold)?))),
            "lt" => compare(Comparison::Lt),
            "lte" => compare(Comparison::Lte),
            "gt" => compare(Comparison::Gt),
            "gte" => compare(Comparison::Gte),
            "includes" => Ok(Test::Includes(one()?)),
            "includesAny" => Ok(Test::IncludesAny(self.sorted_values(scalar, value)?)),
            "includesAll" => Ok(Test::IncludesAll(self.sorted_values(scalar, value)?)),
            "search" => self.pattern(Some(value)).map(Test::Search),
            "size" => Ok(Test::Size(self.tests(Scalar::Int, value)?)),
            "distance" => distance(value),
            "box" => corners(value),
            _ => match scalar {
                Scalar::Period => period(operator, one()?),
                _ => self.text(operator, value, fold),
            },
        }
    }

    fn text(&self, operator: &str, value: &Input, fold: bool) -> Result<Test, Wrong> {
        let text = value.as_str().unwrap_or_default();
        self.bounds.text(Some(value))?;
        let how = match operator {
            "contains" => TextMatch::Contains,
            "startsWith" => TextMatch::StartsWith,
            "endsWith" => TextMatch::EndsWith,
            _ => return self.bounds.regex(text, fold).map(Test::Matches),
        };
        Ok(if fold {
            Test::TextFolded(how, text.to_lowercase().into())
        } else {
            Test::Text(how, text.into())
        })
    }

    fn equal(&self, scalar: Scalar, value: &Input, fold: bool) -> Result<Test, Wrong> {
        Ok(match self.value(scalar, value)? {
            Value::Str(text) if fold => {
                Test::TextFolded(TextMatch::Equal, text.to_lowercase().into())
            }
            value => Test::Equal(value),
        })
    }

    fn one_of(&self, scalar: Scalar, value: &Input, fold: bool) -> Result<Test, Wrong> {
        if !fold {
            return Ok(Test::In(self.sorted_values(scalar, value)?));
        }
        let values = self.values(scalar, value)?.into_iter();
        let folded = values.filter_map(|value| match value {
            Value::Str(text) => Some(text.to_lowercase().into()),
            _ => None,
        });
        let mut folded: Vec<Box<str>> = folded.collect();
        folded.sort_unstable();
        Ok(Test::InFolded(folded.into()))
    }

    fn sorted_values(&self, scalar: Scalar, value: &Input) -> Result<Arc<[Value]>, Wrong> {
        let mut values = self.values(scalar, value)?;
        values.sort_by(|a, b| a.as_cell().order(b.as_cell()));
        values.dedup_by(|a, b| a.as_cell().order(b.as_cell()).is_eq());
        Ok(values.into())
    }
}

fn period(operator: &str, value: Value) -> Result<Test, Wrong> {
    let Value::Period(period) = value else {
        return Err(Wrong::new("this is no period"));
    };
    let test: fn(Period) -> Test = match operator {
        "overlaps" => Test::Overlaps,
        "within" => Test::Within,
        "contains" => Test::Contains,
        "before" => Test::Before,
        _ => Test::After,
    };
    Ok(test(period))
}

fn distance(value: &Input) -> Result<Test, Wrong> {
    let from = point(value.field("from").unwrap_or(&Input::Null)).map_err(|w| w.inside("from"))?;
    let metres = match value.field("lte") {
        Some(Input::Float(metres)) => *metres,
        Some(Input::Int(metres)) => *metres as f64,
        _ => return Err(Wrong::new("a distance needs `lte`, in metres")),
    };
    Ok(Test::Distance(from, metres))
}

fn corners(value: &Input) -> Result<Test, Wrong> {
    let corner =
        |name: &str| point(value.field(name).unwrap_or(&Input::Null)).map_err(|w| w.inside(name));
    Ok(Test::Box(corner("sw")?, corner("ne")?))
}
