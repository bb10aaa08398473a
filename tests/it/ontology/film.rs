//! Does the model hold what the film ontology says?

use super::read;
use guitu::ontology::{Direction, Field, NodeType, Ontology, Relation, TypeId};
use guitu::value::{Scalar, Value};

fn film() -> Ontology {
    read(include_str!("../../film/schema.graphql"))
}

fn named<'a>(ontology: &'a Ontology, name: &str) -> &'a NodeType {
    ontology.node_type(ontology.type_named(name).expect("a type"))
}

fn relation<'a>(of: &'a NodeType, name: &str) -> &'a Relation {
    match of.field(name) {
        Some(Field::Relation(relation)) => relation,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn types_have_their_ids_in_order() {
    let film = film();
    let names: Vec<&str> = film.types.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(
        names,
        ["Source", "Film", "Series", "Person", "City", "Node", "Work"]
    );
    assert_eq!(film.concrete, 5);
    assert_eq!(film.node(), TypeId(5));
    assert_eq!(named(&film, "Node").members.len(), 5);
    assert_eq!(named(&film, "Work").members, [TypeId(1), TypeId(2)]);
    assert_eq!(named(&film, "Film").interfaces, [TypeId(5), TypeId(6)]);
    assert_eq!(film.languages, ["en", "fr"]);
    assert!(!film.cited);
}

#[test]
fn the_built_in_source_is_extended() {
    let film = film();
    let source = film.node_type(Ontology::SOURCE);
    let fields: Vec<&str> = source.properties.iter().map(|p| p.name.as_str()).collect();
    let known = [
        "title",
        "authors",
        "publisher",
        "published",
        "url",
        "language",
        "file",
        "shelf",
    ];
    assert_eq!(fields, known);
    assert_eq!((source.label, &*source.unique), (Some(0), &[vec![7]][..]));
}

#[test]
fn properties_have_their_rules() {
    let film = film();
    let it = named(&film, "Film");
    let of = |name: &str| &it.properties[it.property(name).expect("a property")];
    assert!(of("title").localized && of("title").search && of("title").required);
    assert_eq!(
        (of("minutes").min, of("minutes").max),
        (Some(1.0), Some(1000.0))
    );
    assert_eq!(of("minutes").unit.as_deref(), Some("min"));
    assert_eq!(of("colour").default, Some(Value::Bool(true)));
    assert_eq!(of("imdb").pattern.as_deref(), Some("tt[0-9]{7,8}"));
    assert_eq!(
        (of("genres").scalar, of("genres").list),
        (Scalar::Enum(0), true)
    );
    assert!(!of("ratings").required && of("genres").required);
    assert_eq!(of("aspect").deprecated.as_deref(), Some("read `extra`"));
    assert_eq!(
        of("gross").description.as_deref(),
        Some("Ticket sales of all countries.")
    );
    assert_eq!(it.display.zh.as_deref(), Some("电影"));
    assert_eq!(it.label, it.property("title"));
    assert_eq!(named(&film, "Person").unique, [vec![0, 1]]);
}

#[test]
fn directives_are_inherited_from_interfaces() {
    let film = film();
    let (work, it) = (named(&film, "Work"), named(&film, "Film"));
    assert_eq!(
        relation(it, "sequelOf").relationship,
        relation(work, "sequelOf").relationship
    );
    assert_eq!(relation(it, "sequels").direction, Direction::In);
    let Some(Field::Closure(closure)) = it.field("prequels") else {
        panic!("a closure")
    };
    assert_eq!(
        (closure.direction, closure.target),
        (Direction::Out, TypeId(6))
    );
}

#[test]
fn relationships_join_what_their_fields_see() {
    let film = film();
    let of = |name: &str| film.relationship(film.relationship_named(name).expect("a type"));
    let (works, person) = (TypeId(6), TypeId(3));
    let acted = of("ACTED_IN");
    assert_eq!((acted.source, acted.target), (person, works));
    assert_eq!(acted.pairs, [(person, TypeId(1)), (person, TypeId(2))]);
    assert_eq!(
        (acted.type_name.as_str(), acted.declared, &*acted.unique),
        ("Role", true, &[0][..])
    );
    let sequel = of("SEQUEL_OF");
    assert_eq!(
        (sequel.type_name.as_str(), sequel.declared),
        ("SequelOf", false)
    );
    assert_eq!((sequel.source, sequel.pairs.len()), (works, 4));
    assert!(of("PARTNER_OF").symmetric);
}

#[test]
fn ends_without_a_common_interface_are_nodes() {
    let ontology = read(
        "type A @node { b: B @relationship(type: \"TO\", direction: OUT) }
         type B @node
         type C @node { b: [B!]! @relationship(type: \"TO\", direction: OUT) }",
    );
    let to = ontology.relationship(ontology.relationship_named("TO").expect("a type"));
    assert_eq!((to.source, to.target), (ontology.node(), TypeId(2)));
    assert_eq!(to.pairs, [(TypeId(1), TypeId(2)), (TypeId(3), TypeId(2))]);
}

#[test]
fn the_film_data_fit_the_film_ontology() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/film/data");
    let ontology = std::sync::Arc::new(film());
    let read = guitu::exchange::check(ontology, &[folder], &());
    let read = read.unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!((read.files, read.records), (8, 63));
    assert_eq!(
        (read.built.nodes.created, read.built.edges.created),
        (38, 55)
    );
}
