//! Which links does a quantifier or a connection's `where` mean? Not for: the nodes and edges
//! themselves (`filter`).

use super::values::null;
use super::{Binder, Wrong};
use crate::api::input::Input;
use crate::ontology::{Relation, RelationshipId, TypeId};
use crate::plan::{Filter, Links, Quantifier, Reach, Subject, Test};
use crate::value::Scalar;

impl Binder<'_> {
    /// Quantifiers over neighbours or the members of a closure, each once.
    pub(super) fn on_many(
        &self,
        reach: &Reach,
        to: TypeId,
        value: &Input,
    ) -> Result<Filter, Wrong> {
        let of = (Subject::Nodes(to), true);
        self.quantified(reach, value, of, &|input| {
            Ok(Filter::Node(self.node_filter(to, input)?))
        })
    }

    /// Quantifiers over links, or of a to-one field the conditions on its one link.
    pub(super) fn on_connection(
        &self,
        of: TypeId,
        relation: &Relation,
        value: &Input,
    ) -> Result<Filter, Wrong> {
        let reach = Reach::Hop(self.hop(of, relation));
        let link = |input: &Input| self.link_where(relation.relationship, relation.target, input);
        if relation.many {
            let of = Subject::Links(relation.relationship, relation.target);
            return self.quantified(&reach, value, (of, false), &link);
        }
        Ok(Filter::Many {
            reach,
            link: Box::new(link(value)?),
            quantifier: Quantifier::Some,
            distinct: false,
        })
    }

    /// The condition on links: `node`, `edge`, `AND`, `OR`, `NOT`.
    pub(super) fn link_where(
        &self,
        of: RelationshipId,
        to: TypeId,
        input: &Input,
    ) -> Result<Filter, Wrong> {
        self.all(
            input,
            &|(name, value)| match name {
                "node" => Ok(Filter::Node(self.node_filter(to, value)?)),
                _ => Ok(Filter::Edge(Box::new(self.edge_where(of, value)?))),
            },
            &|input| self.link_where(of, to, input),
        )
    }

    fn quantified(
        &self,
        reach: &Reach,
        value: &Input,
        (of, distinct): (Subject, bool),
        condition: &dyn Fn(&Input) -> Result<Filter, Wrong>,
    ) -> Result<Filter, Wrong> {
        let fields = value.as_object().ok_or_else(null)?;
        let mut all = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let (reach, meant) = (reach.clone(), meant(name, value, condition)?);
            all.push(if &**name == "aggregate" {
                let links = Links {
                    reach,
                    filter: meant,
                    distinct,
                };
                let condition = self.aggregated(of, value);
                Filter::Together(links, condition.map_err(|w| w.inside(&**name))?)
            } else {
                Filter::Many {
                    reach,
                    link: meant.unwrap_or_else(|| Box::new(Filter::Known(true))),
                    quantifier: self.quantifier(name, value)?,
                    distinct,
                }
            });
        }
        Ok(match all.len() {
            1 => all.remove(0),
            _ => Filter::And(all),
        })
    }

    /// The quantifier of a name; of `count` with its tests.
    pub(super) fn quantifier(&self, name: &str, value: &Input) -> Result<Quantifier, Wrong> {
        Ok(match name {
            "some" => Quantifier::Some,
            "all" => Quantifier::All,
            "none" => Quantifier::None,
            "single" => Quantifier::Single,
            _ => Quantifier::Count(self.count_tests(value).map_err(|w| w.inside(name))?),
        })
    }

    fn count_tests(&self, value: &Input) -> Result<Vec<Test>, Wrong> {
        let fields = value.as_object().ok_or_else(null)?;
        let tests = fields
            .iter()
            .filter(|(name, _)| &**name != "where")
            .cloned()
            .collect();
        self.tests(Scalar::Int, &Input::Object(tests))
    }
}

/// Which links a quantifier is about: `count` and `aggregate` of those that their `where` names, if
/// it is given, others of what they hold.
fn meant(
    name: &str,
    value: &Input,
    condition: &dyn Fn(&Input) -> Result<Filter, Wrong>,
) -> Result<Option<Box<Filter>>, Wrong> {
    let filter = |input: &Input| match input {
        Input::Null => Err(null()),
        input => Ok(Some(Box::new(condition(input)?))),
    };
    let found = match (name, value.field("where")) {
        ("count" | "aggregate", None) => Ok(None),
        ("count" | "aggregate", Some(input)) => filter(input).map_err(|w| w.inside("where")),
        _ => filter(value),
    };
    found.map_err(|w| w.inside(name))
}
