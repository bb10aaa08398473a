//! Why does async-graphql not hold this schema? What its dynamic schema (7.2.1) does wrong, a case for
//! each gap. One that fails says that a gap is closed: see the notes of `schema`.

use apollo_compiler::Schema as Sdl;
use async_graphql::dynamic::{
    Field, FieldFuture, Interface, InterfaceField, Object, ResolverContext, Schema, SchemaBuilder,
    TypeRef,
};
use serde_json::json;

fn query(of: &str) -> Object {
    Object::new("Query").field(field("it", of))
}

fn field(name: &str, of: &str) -> Field {
    fn nothing(_: ResolverContext<'_>) -> FieldFuture<'_> {
        FieldFuture::from_value(None)
    }
    Field::new(name, TypeRef::named(of), nothing)
}

fn interface(name: &str) -> Interface {
    Interface::new(name).field(InterfaceField::new("id", TypeRef::named(TypeRef::ID)))
}

fn schema(query: Object) -> SchemaBuilder {
    Schema::build("Query", None, None).register(query)
}

/// `County implements Place & Node`, `Place implements Node`.
fn places() -> SchemaBuilder {
    let county = Object::new("County").field(field("id", TypeRef::ID));
    schema(query("County"))
        .register(interface("Node"))
        .register(interface("Place").implement("Node"))
        .register(county.implement("Place").implement("Node"))
}

fn sdl_of(it: Field) -> String {
    let schema = schema(Object::new("Query").field(it));
    schema.finish().unwrap().sdl()
}

fn is_sdl(sdl: &str) -> bool {
    Sdl::parse_and_validate(sdl, "schema.graphql").is_ok()
}

#[test]
fn a_field_may_not_be_narrower_than_its_interface_says() {
    let source = InterfaceField::new("source", TypeRef::named("Node"));
    let part_of = Object::new("PartOf").field(field("source", "County"));
    let narrowed = places()
        .register(Interface::new("Relationship").field(source))
        .register(part_of.implement("Relationship"));
    let wrong = narrowed.finish().map(drop).unwrap_err().to_string();
    assert!(wrong.contains("is not sub-type of"), "{wrong}");
}

#[tokio::test]
async fn what_an_interface_implements_is_lost() {
    let places = places().finish().unwrap();
    let sdl = places.sdl();
    assert!(sdl.contains("interface Place {"), "{sdl}");
    let asked = "{ __type(name: \"Place\") { kind interfaces { name } } }";
    let answer = places.execute(asked).await.data.into_json().unwrap();
    let told = json!({ "__type": { "kind": "INTERFACE", "interfaces": null } });
    assert_eq!(answer, told);
}

#[test]
fn a_quotation_mark_in_a_deprecation_breaks_the_sdl() {
    assert!(is_sdl(&sdl_of(
        field("it", "ID").deprecation(Some("say so"))
    )));
    let sdl = sdl_of(field("it", "ID").deprecation(Some("say \"so\"")));
    assert!(!is_sdl(&sdl), "{sdl}");
}

#[test]
fn three_quotation_marks_in_a_description_break_the_sdl() {
    assert!(is_sdl(&sdl_of(field("it", "ID").description("a block"))));
    let sdl = sdl_of(field("it", "ID").description("a \"\"\" block"));
    assert!(!is_sdl(&sdl), "{sdl}");
}

#[test]
fn a_description_loses_its_indent_and_blank_lines() {
    let text = "  indented\n    more\n\n";
    let sdl = sdl_of(field("it", "ID").description(text));
    let schema = Sdl::parse_and_validate(&sdl, "schema.graphql").unwrap();
    let it = schema.type_field("Query", "it").unwrap();
    assert_ne!(it.description.as_deref(), Some(text));
}
