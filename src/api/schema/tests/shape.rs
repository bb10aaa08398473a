//! Which types and fields are there, and which are not?

use super::world::{large, small};
use super::{own_types, served};
use crate::api::schema::describe;
use apollo_compiler::ExecutableDocument;
use apollo_compiler::schema::ExtendedType;
use std::path::Path;

const BUNDLED: &str = include_str!("../../../../schema.graphql");

/// Rewritten by `UPDATE_EXPECT=1`.
#[test]
fn a_small_ontology_gives_exactly_this_sdl() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema/small.graphql");
    let sdl = served(&small()).sdl().to_string();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &sdl).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(sdl, expected, "UPDATE_EXPECT=1 accepts the new one");
}

/// The budgets are for relationships seen from one end and from both, where each has a second pair of
/// edge type and target, and the contract gives every such pair types of its own. About half of the
/// types are those of aggregates and groups; two of each type tell of its changes.
#[test]
fn thirty_types_and_sixty_relationships_stay_within_the_budget() {
    for (inverse, budget) in [(false, 2400), (true, 3350)] {
        let types = own_types(&served(&large(inverse)));
        assert!(types <= budget, "{types} types, inverse: {inverse}");
    }
}

#[test]
fn an_edge_type_without_properties_has_typed_ends() {
    let served = served(&small());
    let ends = |name: &str| {
        let ExtendedType::InputObject(of) = &served.schema().types[name] else {
            panic!("no input {name}");
        };
        ["source", "target"].map(|end| of.fields[end].ty.to_string())
    };
    assert_eq!(ends("PartOfWhere"), ["PlaceWhere", "PlaceWhere"]);
    assert_eq!(ends("PartOfSort"), ["PlaceSort", "PlaceSort"]);
    assert_eq!(ends("NearWhere"), ["CountyWhere", "CountyWhere"]);
}

/// The bundled ontology gives a valid schema, and what `docs/api.md` shows can be asked of it.
#[test]
fn the_examples_of_the_docs_are_valid() {
    let ontology = crate::ontology::Ontology::parse("schema.graphql", BUNDLED);
    let served = served(&ontology.unwrap_or_else(|wrong| panic!("{wrong}")));
    let docs = include_str!("../../../../docs/api.md");
    let blocks = docs.split("```graphql\n").skip(1);
    let examples: Vec<_> = blocks
        .filter_map(|block| block.split("```").next())
        .collect();
    assert_eq!(examples.len(), 4);
    for example in examples {
        let checked = ExecutableDocument::parse_and_validate(served.schema(), example, "api.md");
        assert!(checked.is_ok(), "{}", checked.unwrap_err().errors);
    }
}

#[test]
fn an_ontology_of_films_gives_a_valid_schema() {
    let film = include_str!("../../../../tests/film/schema.graphql");
    let ontology = crate::ontology::Ontology::parse("schema.graphql", film);
    served(&ontology.unwrap_or_else(|wrong| panic!("{wrong}")));
}

#[test]
fn an_ontology_without_relationships_has_no_edges() {
    let mut ontology = small();
    ontology.relationships.clear();
    for of in &mut ontology.types {
        let property =
            |field: &crate::ontology::Field| matches!(field, crate::ontology::Field::Property(_));
        of.fields.retain(property);
    }
    let served = served(&ontology);
    let schema = served.schema();
    for gone in [
        "Relationship",
        "RelationshipType",
        "Degree",
        "EdgeDirection",
    ] {
        assert!(!schema.types.contains_key(gone), "{gone}");
    }
    assert!(schema.type_field("County", "degree").is_err());
    assert!(schema.type_field("Query", "relationship").is_err());
}

#[test]
fn every_scalar_of_a_property_has_its_filter() {
    let served = served(&small());
    let ExtendedType::InputObject(of) = &served.schema().types["CountyWhere"] else {
        panic!("no input");
    };
    let filter = |name: &str| of.fields[name].ty.to_string();
    let expected = [
        ("name", "LocalizedSearchStringFilter"),
        ("code", "StringFilter"),
        ("aliases", "SearchStringListFilter"),
        ("output", "BigIntFilter"),
        ("boom", "PeriodFilter"),
        ("location", "PointFilter"),
        ("extra", "JSONFilter"),
        ("code2", "IDFilter"),
        ("scopes", "RouteScopeListFilter"),
        ("partOf", "PlaceWhere"),
        ("partOfConnection", "PartOfPlaceWhere"),
        ("clusters", "ProductManyWhere"),
        ("clustersConnection", "ClusterProductManyWhere"),
        ("within", "PlaceManyWhere"),
        ("references", "ReferenceManyWhere"),
        ("isNull", "Boolean"),
    ];
    for (name, of) in expected {
        assert_eq!(filter(name), of, "{name}");
    }
    assert!(!of.fields.contains_key("typename"));
}

/// What the document behind `ontology` has is what its types promise, and the other way round.
#[test]
fn the_description_of_an_ontology_fits_its_types() {
    let ontology = small();
    let served = served(&ontology);
    let document = describe(&ontology, |id| id.0 as usize, |_| 7);
    fits(served.schema(), &document);
    assert_eq!(
        document["types"][4]["count"],
        1 + 2 + 3,
        "an interface counts its members"
    );
    assert_eq!(document["relationships"][1]["from"], "City");
    assert_eq!(document["types"][1]["fields"][3]["default"], 0);
    assert_eq!(document["types"][1]["fields"][17]["direction"], "BOTH");
}

fn fits(schema: &apollo_compiler::Schema, value: &serde_json::Value) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| fits(schema, item)),
        serde_json::Value::Object(object) => {
            let name = object["__typename"].as_str().unwrap();
            let of = schema
                .get_object(name)
                .unwrap_or_else(|| panic!("no type {name}"));
            for (field, definition) in &of.fields {
                let value = object.get(field.as_str());
                let value = value.unwrap_or_else(|| panic!("{name} has no {field}"));
                assert!(
                    !(definition.ty.is_non_null() && value.is_null()),
                    "{name}.{field}"
                );
                fits(schema, value);
            }
            assert_eq!(object.len(), of.fields.len() + 1, "{name} has too much");
        }
        _ => {}
    }
}
