//! What is everything called in the GraphQL API? Every generated name comes from here, so that the
//! schema, the documents that ask and the check for clashes agree. Not for: what the names mean (`api`).

use super::{EnumType, NodeType, Ontology, Property, Relation, Relationship};
use crate::value::Scalar;

pub use super::built_in::{
    BUILT_IN_ROOT_FIELDS, BUILT_IN_TYPES, RESERVED_EDGE_FIELDS, RESERVED_FIELDS,
};

/// The name of the connection form of a relationship field or closure: `clustersConnection`.
pub fn connection_field(field: &str) -> String {
    format!("{field}Connection")
}

/// The name of the field with all languages of a localized text: `nameTexts`.
pub fn texts_field(field: &str) -> String {
    format!("{field}Texts")
}

/// The name of the sort key that names a language: `nameIn`.
pub fn language_sort_field(field: &str) -> String {
    format!("{field}In")
}

/// A name with its first letter lowered: `County` → `county`.
pub fn lower_first(name: &str) -> String {
    map_first(name, |c| c.to_ascii_lowercase())
}

/// A name with its first letter raised: `people` → `People`.
pub fn upper_first(name: &str) -> String {
    map_first(name, |c| c.to_ascii_uppercase())
}

fn map_first(name: &str, map: fn(char) -> char) -> String {
    let mut chars = name.chars();
    chars.next().map(map).into_iter().chain(chars).collect()
}

/// The plural by rule: consonant + y → ies; s x z ch sh → es; else s; no irregulars.
pub fn plural(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let before_y = lower.strip_suffix('y').and_then(|stem| stem.chars().last());
    if before_y.is_some_and(|c| c.is_ascii_alphabetic() && !"aeiou".contains(c)) {
        return format!("{}ies", &name[..name.len() - 1]);
    }
    let hisses = ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|end| lower.ends_with(end));
    format!("{name}{}", if hisses { "es" } else { "s" })
}

/// The GraphQL name of edges without declared properties: `PART_OF` → `PartOf`.
pub fn edge_type_name(relationship: &str) -> String {
    relationship.split('_').map(camel).collect()
}

fn camel(word: &str) -> String {
    let shouted = !word.contains(|c: char| c.is_ascii_lowercase());
    if shouted {
        upper_first(&word.to_ascii_lowercase())
    } else {
        upper_first(word)
    }
}

/// The names generated for a node type, an interface or an edge type.
#[derive(Clone, Copy, Debug)]
pub struct TypeNames<'a> {
    name: &'a str,
    plural: Option<&'a str>,
}

/// The names shared by every relationship field with the same edge type and target.
#[derive(Clone, Debug)]
pub struct RelationNames {
    prefix: String,
}

impl<'a> TypeNames<'a> {
    /// Of a type with this name and `@plural`.
    pub fn new(name: &'a str, plural: Option<&'a str>) -> Self {
        Self { name, plural }
    }

    /// The root field for one: `county`.
    pub fn single(self) -> String {
        lower_first(self.name)
    }

    /// The root field for many: `counties`.
    pub fn list(self) -> String {
        let by_rule = || plural(self.name);
        lower_first(&self.plural.map_or_else(by_rule, str::to_owned))
    }

    /// The root field for pages: `countiesConnection`.
    pub fn list_connection(self) -> String {
        connection_field(&self.list())
    }

    /// `createCounties`.
    pub fn create(self) -> String {
        format!("create{}", upper_first(&self.list()))
    }

    /// `updateCounties`.
    pub fn update(self) -> String {
        format!("update{}", upper_first(&self.list()))
    }

    /// `upsertCounties`.
    pub fn upsert(self) -> String {
        format!("upsert{}", upper_first(&self.list()))
    }

    /// `deleteCounties`.
    pub fn delete(self) -> String {
        format!("delete{}", upper_first(&self.list()))
    }

    /// `countyChanged`.
    pub fn changed(self) -> String {
        format!("{}Changed", self.single())
    }
}

impl RelationNames {
    /// Of the fields with this edge type and target type.
    pub fn new(edge_type: &str, target: &str) -> Self {
        let prefix = format!("{edge_type}{target}");
        Self { prefix }
    }
}

macro_rules! suffixed {
    ($of:ident : $($(#[$doc:meta])* $method:ident = $suffix:literal;)*) => {
        $($(#[$doc])* pub fn $method(&self) -> String { format!("{}{}", self.$of, $suffix) })*

        /// Every type name that comes from this one, whatever is built of it.
        pub fn all_types(&self) -> Vec<String> {
            vec![$(self.$method()),*]
        }
    };
}

impl TypeNames<'_> {
    suffixed! { name:
        /// `CountyWhere`.
        where_input = "Where";
        /// `CountyManyWhere`: `some all none single count aggregate`.
        many_where = "ManyWhere";
        /// `CountyCount`: how many match a `where`.
        count = "Count";
        /// `PlaceOn`: an interface's members, each with its own `where`.
        on = "On";
        /// `CountySort`.
        sort = "Sort";
        /// `CountyConnection`.
        connection = "Connection";
        /// `CountyEdge`.
        edge = "Edge";
        /// `CountyAggregate`: the measures of each property.
        aggregate = "Aggregate";
        /// `CountyAggregateWhere`: a filter of the measures of each property.
        aggregate_where = "AggregateWhere";
        /// `CountyAggregateSort`: a measure of a property.
        aggregate_sort = "AggregateSort";
        /// `CountyConnectionAggregate`: `count`, `node`.
        connection_aggregate = "ConnectionAggregate";
        /// `CountyConnectionAggregateWhere`: `where`, `count`, `node`.
        connection_aggregate_where = "ConnectionAggregateWhere";
        /// `CountySortBy`: what a closure is measured by, when records sort by it.
        sort_by = "SortBy";
        /// `CountyConnectionSort`: `where`, `by`.
        connection_sort = "ConnectionSort";
        /// `CountyGroup`.
        group = "Group";
        /// `CountyGroupKey`.
        group_key = "GroupKey";
        /// `CountyGroupFields`: what to group by.
        group_fields = "GroupFields";
        /// `CountyGroupWhere`: which groups.
        group_where = "GroupWhere";
        /// `CountyGroupAggregateWhere`: `node`, `edge`.
        group_aggregate_where = "GroupAggregateWhere";
        /// `CountyGroupSort`: `count`, `key`, `aggregate`.
        group_sort = "GroupSort";
        /// `CountyGroupKeySort`.
        group_key_sort = "GroupKeySort";
        /// `CountyGroupAggregateSort`: `node`, `edge`.
        group_aggregate_sort = "GroupAggregateSort";
        /// `CountyInput`.
        input = "Input";
        /// `CountySet`.
        set = "Set";
        /// `CountyIncrement`.
        increment = "Increment";
        /// `CountyLists`.
        lists = "Lists";
        /// `CountyUpsert`.
        upsert_input = "Upsert";
        /// `CountyPick`: one by its id, or those that match.
        pick = "Pick";
        /// `PlaceCreate`: a new node of one of an interface's types.
        create_input = "Create";
        /// `CountyMutation`.
        mutation = "Mutation";
        /// `CountyChangeSet`: what a commit changed in records of the type.
        change_set = "ChangeSet";
        /// `CountyChangeEvent`: what became of one of them.
        change_event = "ChangeEvent";
    }
}

impl RelationNames {
    suffixed! { prefix:
        /// `ClusterProductConnection`.
        connection = "Connection";
        /// `ClusterProductEdge`.
        edge = "Edge";
        /// `ClusterProductWhere`: `node`, `edge`.
        where_input = "Where";
        /// `ClusterProductManyWhere`: `some all none single count aggregate`.
        many_where = "ManyWhere";
        /// `ClusterProductCount`.
        count = "Count";
        /// `ClusterProductSort`: `node`, `edge`.
        sort = "Sort";
        /// `ClusterProductSortBy`: what a connection is measured by, when records sort by it.
        sort_by = "SortBy";
        /// `ClusterProductConnectionSort`: `where`, `by`.
        connection_sort = "ConnectionSort";
        /// `ClusterProductAggregate`: `count`, `node`, `edge`.
        aggregate = "Aggregate";
        /// `ClusterProductAggregateWhere`: `where`, `count`, `node`, `edge`.
        aggregate_where = "AggregateWhere";
        /// `ClusterProductGroup`.
        group = "Group";
        /// `ClusterProductGroupKey`.
        group_key = "GroupKey";
        /// `ClusterProductGroupFields`: what to group by.
        group_fields = "GroupFields";
        /// `ClusterProductGroupWhere`: which groups.
        group_where = "GroupWhere";
        /// `ClusterProductGroupAggregateWhere`: `node`, `edge`.
        group_aggregate_where = "GroupAggregateWhere";
        /// `ClusterProductGroupSort`: `count`, `key`, `aggregate`.
        group_sort = "GroupSort";
        /// `ClusterProductGroupKeySort`.
        group_key_sort = "GroupKeySort";
        /// `ClusterProductGroupAggregateSort`: `node`, `edge`.
        group_aggregate_sort = "GroupAggregateSort";
        /// `ClusterProductInput`: what a new record is connected to.
        input = "Input";
        /// `ClusterProductSet`: what to connect, create and disconnect.
        set = "Set";
        /// `ClusterProductOneInput`: the same as `ClusterProductInput` for a to-one field.
        one_input = "OneInput";
        /// `ClusterProductOneSet`: the same as `ClusterProductSet` for a to-one field.
        one_set = "OneSet";
        /// `ClusterProductConnect`: `node`, `edge`.
        connect = "Connect";
        /// `ClusterProductCreate`: `node`, `edge`.
        create = "Create";
        /// `ClusterProductDisconnect`: `where`.
        disconnect = "Disconnect";
    }
}

impl NodeType {
    /// The names generated for it.
    pub fn names(&self) -> TypeNames<'_> {
        TypeNames::new(&self.name, self.plural.as_deref())
    }
}

impl Relationship {
    /// The names generated for its edge type.
    pub fn names(&self) -> TypeNames<'_> {
        TypeNames::new(&self.type_name, self.plural.as_deref())
    }

    /// What is written of an edge along with its nodes: `ClusterSet`; edges without declared properties
    /// share one.
    pub fn edge_set(&self) -> String {
        TypeNames::new(self.group_name(), None).set()
    }

    /// The name after which the groups of its links are named.
    pub fn group_name(&self) -> &str {
        if self.declared {
            &self.type_name
        } else {
            "Relationship"
        }
    }
}

impl EnumType {
    /// The input that filters by it: `RouteScopeFilter`.
    pub fn filter(&self) -> String {
        format!("{}Filter", self.name)
    }

    /// The input that filters lists of it: `RouteScopeListFilter`.
    pub fn list_filter(&self) -> String {
        format!("{}ListFilter", self.name)
    }

    /// Its measures: `RouteScopeAggregate`.
    pub fn aggregate(&self) -> String {
        format!("{}Aggregate", self.name)
    }

    /// The filter of its measures: `RouteScopeAggregateWhere`.
    pub fn aggregate_where(&self) -> String {
        format!("{}AggregateWhere", self.name)
    }

    /// The names generated for it.
    pub fn all_types(&self) -> [String; 4] {
        [
            self.filter(),
            self.list_filter(),
            self.aggregate(),
            self.aggregate_where(),
        ]
    }
}

impl Ontology {
    /// The names of a relationship field's connection.
    pub fn relation_names(&self, relation: &Relation) -> RelationNames {
        let edge_type = &self.relationship(relation.relationship).type_name;
        RelationNames::new(edge_type, &self.node_type(relation.target).name)
    }

    /// The names of the groups of a relationship field's connection, and of what is connected: edges
    /// without declared properties have nothing to group by or to write, so that those to one type
    /// share them.
    pub fn relation_group_names(&self, relation: &Relation) -> RelationNames {
        let edge = self.relationship(relation.relationship);
        RelationNames::new(edge.group_name(), &self.node_type(relation.target).name)
    }

    /// The GraphQL name of a scalar or enum.
    pub fn scalar_name(&self, scalar: Scalar) -> &str {
        match scalar {
            Scalar::Enum(at) => &self.enums[at as usize].name,
            _ => scalar_name(scalar),
        }
    }

    /// The input that filters a property: `StringFilter`, `IntListFilter`, `RouteScopeFilter`; of
    /// strings with a `Localized` (has `lang`) and `Search` (has `search`) before it as they are.
    pub fn filter_name(&self, property: &Property) -> String {
        let localized = if property.localized { "Localized" } else { "" };
        let search = if property.search { "Search" } else { "" };
        let list = if property.list { "List" } else { "" };
        let scalar = self.scalar_name(property.scalar);
        format!("{localized}{search}{scalar}{list}Filter")
    }
}

/// The name of a scalar that is not an enum; empty for an enum, whose name the ontology has.
pub fn scalar_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Id => "ID",
        Scalar::String => "String",
        Scalar::Int => "Int",
        Scalar::Float => "Float",
        Scalar::Boolean => "Boolean",
        Scalar::BigInt => "BigInt",
        Scalar::Date => "Date",
        Scalar::DateTime => "DateTime",
        Scalar::Period => "Period",
        Scalar::Point => "Point",
        Scalar::Json => "JSON",
        Scalar::Enum(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_rule() {
        let cases = [
            ("County", "Counties"),
            ("Day", "Days"),
            ("Bus", "Buses"),
            ("Box", "Boxes"),
            ("Quiz", "Quizes"),
            ("Branch", "Branches"),
            ("Dish", "Dishes"),
            ("Person", "Persons"),
            ("ReturnRoute", "ReturnRoutes"),
            ("Y", "Ys"),
        ];
        for (single, many) in cases {
            assert_eq!(plural(single), many);
        }
    }

    #[test]
    fn edges_are_named_after_their_type() {
        assert_eq!(edge_type_name("PART_OF"), "PartOf");
        assert_eq!(edge_type_name("partOf"), "PartOf");
        assert_eq!(edge_type_name("KNOWS"), "Knows");
    }

    #[test]
    fn a_type_gives_its_root_fields() {
        let county = TypeNames::new("County", None);
        assert_eq!(county.single(), "county");
        assert_eq!(county.list_connection(), "countiesConnection");
        let person = TypeNames::new("Person", Some("people"));
        assert_eq!(
            (person.list(), person.create()),
            ("people".into(), "createPeople".into())
        );
        assert_eq!(
            RelationNames::new("Cluster", "Product").edge(),
            "ClusterProductEdge"
        );
    }
}
