//! How are many records put together? The aggregates and groups of connections: what is selected of
//! them, and what to group, filter and sort groups by. Not for: the measures of properties
//! (`measures`).

use super::definition::{Definition, Member, logic};
use super::measures::is_measured;
use super::outputs::list;
use crate::ontology::{
    Field, NodeType, Ontology, Property, Relation, Relationship, TypeId, names::TypeNames,
};
use crate::value::Scalar;

/// The names of what belongs to the groups of a connection.
struct Names {
    aggregate: String,
    group: String,
    key: String,
    fields: String,
    wanted: String,
    aggregate_where: String,
    sort: String,
    key_sort: String,
    aggregate_sort: String,
}

/// What a connection's records are measured by: name and type of `node` or `edge`.
type Side<'n> = (&'static str, TypeNames<'n>);

/// A key by which records can be grouped: its field in the input, in the key, in the order.
struct Key([Member; 3]);

/// The aggregates and groups of the root connection of a node type or interface.
pub(super) fn of_type(ontology: &Ontology, id: TypeId) -> Vec<Definition> {
    let of = ontology.node_type(id);
    let names = Names::of(of.names());
    let mut keys: Vec<_> = ["id", "key", "label"].map(text_key).into();
    if !ontology.is_concrete(id) {
        keys.push(key("typename", "Boolean", "NodeType", "SortOrder"));
    }
    keys.extend(of.fields.iter().filter_map(|field| match field {
        Field::Property(at) => property_key(ontology, &of.properties[*at]),
        Field::Relation(relation) => Some(further(ontology, &relation.name, relation.target)),
        Field::Closure(closure) => Some(further(ontology, &closure.name, closure.target)),
    }));
    let sides: Vec<_> = side("node", of.names(), &of.properties).collect();
    let mut all = names.aggregates(&sides);
    all.extend(names.groups(keys, !sides.is_empty(), &of.name, of.names()));
    all
}

/// The aggregates and groups of the root connection of an edge type.
pub(super) fn of_relationship(ontology: &Ontology, of: &Relationship) -> Vec<Definition> {
    let names = Names::of(of.names());
    let mut keys: Vec<_> = of
        .properties
        .iter()
        .filter_map(|property| property_key(ontology, property))
        .collect();
    keys.push(further(ontology, "source", of.source));
    keys.push(further(ontology, "target", of.target));
    let sides: Vec<_> = side("node", of.names(), &of.properties).collect();
    let mut all = names.aggregates(&sides);
    all.extend(names.groups(keys, !sides.is_empty(), &of.type_name, of.names()));
    all
}

/// The aggregates and groups of a relationship field's connection.
pub(super) fn of_relation(ontology: &Ontology, relation: &Relation) -> Vec<Definition> {
    let target: &NodeType = ontology.node_type(relation.target);
    let edge = ontology.relationship(relation.relationship);
    let names = Names::of_relation(ontology, relation);
    let mut keys = vec![further(ontology, "node", relation.target)];
    let mut sides: Vec<_> = side("node", target.names(), &target.properties).collect();
    if edge.declared {
        let of = edge.names();
        let [fields, group_key, sort] = [of.group_fields(), of.group_key(), of.group_key_sort()];
        keys.push(key("edge", &fields, &group_key, &sort));
        sides.extend(side("edge", of, &edge.properties));
    }
    let mut all = names.groups(keys, !sides.is_empty(), &target.name, target.names());
    if edge.declared {
        all.extend(names.aggregates(&sides));
    }
    all
}

/// The fields `aggregate` and `groupBy` of the root connection of a type.
pub(super) fn fields_of(of: TypeNames<'_>) -> [Member; 2] {
    Names::of(of).members()
}

/// The fields `aggregate` and `groupBy` of a relationship field's connection.
pub(super) fn fields_of_relation(ontology: &Ontology, relation: &Relation) -> [Member; 2] {
    Names::of_relation(ontology, relation).members()
}

impl Names {
    fn of(names: TypeNames<'_>) -> Self {
        Self {
            aggregate: names.connection_aggregate(),
            group: names.group(),
            key: names.group_key(),
            fields: names.group_fields(),
            wanted: names.group_where(),
            aggregate_where: names.group_aggregate_where(),
            sort: names.group_sort(),
            key_sort: names.group_key_sort(),
            aggregate_sort: names.group_aggregate_sort(),
        }
    }

    /// Edges without declared properties are not measured: there the aggregates are those of nodes.
    fn of_relation(ontology: &Ontology, relation: &Relation) -> Self {
        let edge = ontology.relationship(relation.relationship);
        let names = ontology.relation_group_names(relation);
        let groups = Self {
            aggregate: names.aggregate(),
            group: names.group(),
            key: names.group_key(),
            fields: names.group_fields(),
            wanted: names.group_where(),
            aggregate_where: names.group_aggregate_where(),
            sort: names.group_sort(),
            key_sort: names.group_key_sort(),
            aggregate_sort: names.group_aggregate_sort(),
        };
        if edge.declared {
            return groups;
        }
        let nodes = ontology.node_type(relation.target).names();
        Self {
            group: groups.group,
            key: groups.key,
            fields: groups.fields,
            sort: groups.sort,
            key_sort: groups.key_sort,
            ..Self::of(nodes)
        }
    }

    fn members(&self) -> [Member; 2] {
        let arguments = vec![
            Member::new("fields", format!("{}!", self.fields)),
            Member::new("having", self.wanted.as_str()).about("Which groups are shown."),
            Member::new("sort", format!("[{}!]", self.sort)).about("By key if not given."),
            Member::new("first", "Int"),
        ];
        [
            Member::new("aggregate", format!("{}!", self.aggregate))
                .about("Of all that match, not only of this page."),
            Member::new("groupBy", format!("[{}!]!", self.group))
                .with(arguments)
                .about(
                    "All that match, grouped. A record with several values of a field is in each of \
                     their groups; missing values are a group of their own.",
                ),
        ]
    }

    /// What is measured, and the filter and the order by it.
    fn aggregates(&self, sides: &[Side<'_>]) -> Vec<Definition> {
        let each = |of: &dyn Fn(TypeNames<'_>) -> String| -> Vec<Member> {
            let sides = sides.iter();
            sides
                .map(|(name, names)| Member::new(*name, of(*names)))
                .collect()
        };
        let mut fields = vec![Member::new("count", "Int!")];
        fields.extend(each(&|names| format!("{}!", names.aggregate())));
        let mut wanted = vec![Member::new("count", "CountFilter")];
        wanted.extend(
            (!sides.is_empty()).then(|| Member::new("aggregate", self.aggregate_where.as_str())),
        );
        wanted.extend(logic(&self.wanted));
        vec![
            Definition::object(&self.aggregate, fields),
            Definition::input(&self.wanted, wanted),
            Definition::input(
                &self.aggregate_where,
                each(&|names| names.aggregate_where()),
            ),
            Definition::one_of(&self.aggregate_sort, each(&|names| names.aggregate_sort())),
        ]
    }

    fn groups(
        &self,
        keys: Vec<Key>,
        measured: bool,
        record: &str,
        of: TypeNames<'_>,
    ) -> Vec<Definition> {
        let (mut fields, mut key, mut sort) = (Vec::new(), Vec::new(), Vec::new());
        for Key([field, value, order]) in keys {
            fields.push(field);
            key.push(value);
            sort.push(order);
        }
        let group = vec![
            Member::new("key", format!("{}!", self.key)),
            Member::new("count", "Int!"),
            Member::new("aggregate", format!("{}!", self.aggregate)),
            Member::new("nodes", format!("[{record}!]!"))
                .with(list(&of.where_input(), &of.sort()))
                .about("The records of the group, by id if not sorted."),
        ];
        let mut by = vec![
            Member::new("count", "SortOrder"),
            Member::new("key", self.key_sort.as_str()),
        ];
        by.extend(measured.then(|| Member::new("aggregate", self.aggregate_sort.as_str())));
        vec![
            Definition::object(&self.group, group),
            Definition::object(&self.key, key)
                .about("Null where not grouped by, or where the value is missing."),
            Definition::input(&self.fields, fields),
            Definition::one_of(&self.key_sort, sort),
            Definition::one_of(&self.sort, by),
        ]
    }
}

/// What is measured of nodes or edges, if anything is.
fn side<'n>(
    name: &'static str,
    of: TypeNames<'n>,
    properties: &[Property],
) -> impl Iterator<Item = Side<'n>> + use<'n> {
    is_measured(properties).then_some((name, of)).into_iter()
}

fn key(name: &str, field: &str, value: &str, sort: &str) -> Key {
    Key([field, value, sort].map(|of| Member::new(name, of)))
}

fn text_key(name: &str) -> Key {
    let of = if name == "id" { "ID" } else { "String" };
    key(name, "Boolean", of, "SortOrder")
}

/// A property, or each item of a list.
fn property_key(ontology: &Ontology, property: &Property) -> Option<Key> {
    let field = match property.scalar {
        Scalar::Point | Scalar::Json => return None,
        Scalar::Date | Scalar::DateTime | Scalar::Period => "DateGrouping",
        _ => "Boolean",
    };
    let value = ontology.scalar_name(property.scalar);
    let Key(members) = key(&property.name, field, value, "SortOrder");
    Some(Key(members.map(|m| m.deprecate(&property.deprecated))))
}

/// What lies at the other end of a relationship or of an edge.
fn further(ontology: &Ontology, name: &str, to: TypeId) -> Key {
    let names = ontology.node_type(to).names();
    let [fields, group_key, sort] = [
        names.group_fields(),
        names.group_key(),
        names.group_key_sort(),
    ];
    key(name, &fields, &group_key, &sort)
}
