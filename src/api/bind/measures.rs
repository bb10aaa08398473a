//! What is asked of many records together? Measures in conditions and orders. Not for: which records
//! they are (`filter`, `links`).

use super::sort::{Direction, only, turn};
use super::values::null;
use super::{Binder, Wrong};
use crate::api::input::Input;
use crate::plan::{Aggregated, Measure, Statistic, Subject, Test};
use crate::value::Scalar;

impl Binder<'_> {
    /// The condition of `count`, `node` and `edge` of an object; other fields are for the caller.
    pub(super) fn aggregated(&self, of: Subject, input: &Input) -> Result<Aggregated, Wrong> {
        let mut all = Vec::new();
        for (name, value) in input.as_object().ok_or_else(null)? {
            self.bounds.parts(1)?;
            let found = match &**name {
                "count" => self
                    .tests(Scalar::Int, value)
                    .map(|tests| all.push(Aggregated::Count(tests))),
                "node" | "edge" => self.measured(of, &**name == "edge", value, &mut all),
                _ => continue,
            };
            found.map_err(|w| w.inside(&**name))?;
        }
        Ok(Aggregated::And(all))
    }

    /// The conditions on the measures of each property: `{rank: {min: {lte: 3}}}`.
    fn measured(
        &self,
        of: Subject,
        edge: bool,
        input: &Input,
        all: &mut Vec<Aggregated>,
    ) -> Result<(), Wrong> {
        for (property, value) in input.as_object().ok_or_else(null)? {
            let statistics = value.as_object();
            let statistics = statistics.ok_or_else(|| null().inside(&**property))?;
            for (statistic, value) in statistics {
                let inside = |wrong: Wrong| wrong.inside(&**statistic).inside(&**property);
                let (measure, scalar) = self.measure(of, edge, property, statistic)?;
                let tests: Vec<Test> = self.tests(scalar, value).map_err(inside)?;
                all.push(Aggregated::Measure(measure, tests));
            }
        }
        Ok(())
    }

    /// The measure that a key sorts by, and its turn: of `{node: {rank: {min: ASC}}}` what is under
    /// `node` (or `edge`).
    pub(super) fn measure_key(
        &self,
        of: Subject,
        edge: bool,
        key: &Input,
    ) -> Result<(Measure, Direction), Wrong> {
        let (property, value) = only(key)?;
        let (statistic, order) = only(value).map_err(|w| w.inside(property))?;
        let (measure, _) = self.measure(of, edge, property, statistic)?;
        Ok((measure, turn(order)))
    }

    fn measure(
        &self,
        of: Subject,
        edge: bool,
        property: &str,
        statistic: &str,
    ) -> Result<(Measure, Scalar), Wrong> {
        let unknown = || Wrong::new("no such measure").inside(property);
        let statistic = Statistic::named(statistic).ok_or_else(unknown)?;
        let found = of.property(self.ontology, edge, property);
        let (places, property) = found.ok_or_else(unknown)?;
        let languages = property.localized.then(|| self.languages.clone());
        let measure = Measure {
            of: of.value(places, languages, edge),
            statistic,
        };
        Ok((measure, statistic.scalar(property.scalar)))
    }
}
