//! A changed ontology: what fits stored data.

use super::*;
use crate::value::Value;

/// Stored data by name, as a test writes them.
struct Data {
    old: Ontology,
    counts: Vec<(&'static str, u64)>,
    between: Vec<(&'static str, &'static str, &'static str, u64)>,
    values: Vec<(&'static str, &'static str, Vec<Value>)>,
    uncited: u64,
}

impl Data {
    fn new(old: &str, counts: &[(&'static str, u64)]) -> Self {
        let (between, values) = (Vec::new(), Vec::new());
        Self {
            old: read(old),
            counts: counts.to_vec(),
            between,
            values,
            uncited: 0,
        }
    }

    fn values(mut self, of: &'static str, property: &'static str, values: &[Value]) -> Self {
        self.values.push((of, property, values.to_vec()));
        self
    }

    fn name(&self, of: Records) -> &str {
        match of {
            Records::Nodes(id) => &self.old.node_type(id).name,
            Records::Edges(id) => &self.old.relationship(id).name,
        }
    }

    fn against(&self, new: &str) -> Vec<String> {
        check_compatible(&self.old, &read(new), self)
            .err()
            .unwrap_or_default()
    }
}

impl Stored for Data {
    fn count(&self, of: Records) -> u64 {
        let found = self.counts.iter().find(|(name, _)| *name == self.name(of));
        found.map_or(0, |(_, count)| *count)
    }

    fn count_between(&self, of: RelationshipId, source: TypeId, target: TypeId) -> u64 {
        let name = |id: TypeId| &self.old.node_type(id).name;
        let of = &self.old.relationship(of).name;
        let found = self
            .between
            .iter()
            .find(|(a, b, c, _)| a == of && b == name(source) && c == name(target));
        found.map_or(0, |(.., count)| *count)
    }

    fn each_value(&self, of: Records, property: usize, each: &mut dyn FnMut(Cell<'_>)) {
        let properties = match of {
            Records::Nodes(id) => &self.old.node_type(id).properties,
            Records::Edges(id) => &self.old.relationship(id).properties,
        };
        let name = &properties[property].name;
        let found = self
            .values
            .iter()
            .filter(|(owner, it, _)| *owner == self.name(of) && it == name);
        found
            .flat_map(|(.., values)| values)
            .for_each(|value| each(value.as_cell()));
    }

    fn count_uncited(&self) -> u64 {
        self.uncited
    }
}

fn read(sdl: &str) -> Ontology {
    Ontology::parse("schema.graphql", sdl).unwrap_or_else(|wrong| panic!("{wrong}"))
}

const OLD: &str = "
    type County @node {
      name: String! size: Int code: String kind: Kind tags: [String!]!
      to: [City!]! @relationship(type: \"TO\", direction: OUT, properties: \"Way\")
    }
    type City @node { name: String }
    type Way @relationshipProperties { rank: Int @unique note: String }
    enum Kind { OLD NEW }";

fn data() -> Data {
    let mut data = Data::new(OLD, &[("County", 3), ("City", 1), ("TO", 2)])
        .values(
            "County",
            "name",
            &[Value::Str("a".into()), Value::Str("b".into())],
        )
        .values(
            "County",
            "size",
            &[Value::Int(5), Value::Null, Value::Int(50)],
        )
        .values("County", "code", &[Value::Str("a1".into()), Value::Null])
        .values("County", "kind", &[Value::Enum(0), Value::Enum(1)]);
    data.between.push(("TO", "County", "City", 2));
    data
}

#[test]
fn additions_fit() {
    let new = OLD.replace(
        "size: Int",
        "size: BigInt extra: Int added: Int! @default(value: 1) more: [Int!]!",
    ) + " type Town @node { name: String! }";
    assert_eq!(data().against(&new), [""; 0]);
    assert_eq!(data().against(OLD), [""; 0]);
}

#[test]
fn order_does_not_matter() {
    let new = OLD.replace("enum Kind { OLD NEW }", "enum Kind { NEWEST NEW OLD }");
    assert_eq!(data().against(&format!("type Aaa @node {new}")), [""; 0]);
}

#[test]
fn removed_types_with_records_do_not_fit() {
    let said = data().against("type City @node { name: String }");
    assert_eq!(said.len(), 2);
    assert!(said[0].starts_with("the node type `County` is gone, but the data hold 3 nodes of it"));
    assert!(
        said[1].starts_with("the relationship type `TO` is gone, but the data hold 2 edges of it")
    );
    let empty = Data::new(OLD, &[]);
    assert_eq!(empty.against("type City @node"), [""; 0]);
}

#[test]
fn removed_properties_with_values_do_not_fit() {
    let said = data().against(&OLD.replace("size: Int ", ""));
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("`County.size` is gone, but set in 2 nodes"));
}

#[test]
fn values_of_another_kind_do_not_fit() {
    let said = data().against(&OLD.replace("size: Int", "size: String"));
    assert_eq!(
        said,
        ["`County.size` was Int and is String, but set as the former in 2 nodes"]
    );
    let said = data().against(&OLD.replace("name: String!", "name: String! @localized"));
    assert_eq!(
        said,
        ["`County.name` was String! and is String! @localized, but set as the former in 2 nodes"]
    );
}

#[test]
fn what_is_required_now_must_be_there() {
    let said = data().against(&OLD.replace("size: Int", "size: Int!"));
    assert!(
        said[0].starts_with("`County.size` is required now, but unset in 1 node"),
        "{said:?}"
    );
    assert_eq!(
        data().against(&OLD.replace("size: Int", "size: Int! @default(value: 0)")),
        [""; 0]
    );
    let said = data().against(&OLD.replace("size: Int", "size: Int more: Int!"));
    assert!(said[0].starts_with("`County.more` is new and required, so 3 nodes would lack it"));
}

#[test]
fn narrower_rules_are_broken_by_values_only() {
    let narrower = |rule: &str| data().against(&OLD.replace("size: Int", rule));
    assert_eq!(narrower("size: Int @range(max: 50)"), [""; 0]);
    let said = narrower("size: Int @range(max: 10)");
    assert_eq!(
        said,
        ["`County.size` is Int with narrower rules now, broken by the values of 1 node"]
    );
    let said =
        data().against(&OLD.replace("code: String", "code: String @pattern(regex: \"[a-z]\")"));
    assert_eq!(said.len(), 1);
    let said = data().against(&OLD.replace("OLD NEW", "NEW"));
    assert_eq!(
        said,
        ["`County.kind` is Kind with narrower rules now, broken by the values of 1 node"]
    );
}

#[test]
fn edges_must_stay_apart_and_allowed() {
    let said = data().against(&OLD.replace("rank: Int @unique", "rank: Int"));
    assert_eq!(
        said,
        ["the edges of `TO` are told apart by `rank`, which is no longer `@unique`"]
    );
    let said = data().against(&OLD.replace("to: [City!]!", "to: [County!]!"));
    assert_eq!(
        said,
        ["`TO` no longer joins `County` to `City`, as it does in 2 stored edges"]
    );
    let said = data().against(&OLD.replace("direction: OUT,", "symmetric: true,"));
    assert_eq!(
        said,
        ["`TO` has `symmetric: true`, but the data hold 2 edges with `symmetric: false`"]
    );
}

#[test]
fn citations_that_are_wanted_now_must_be_there() {
    let mut data = data();
    data.uncited = 4;
    let said = data.against(&format!("extend schema @cited {OLD}"));
    assert_eq!(
        said,
        ["`@cited` wants references on every record: 4 stored records without any"]
    );
}
