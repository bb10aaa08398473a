//! Are right ontologies read, and wrong ones refused with all that is wrong? The cases are in
//! `tests/ontology/*.md`: an SDL block, then the diagnostics; `UPDATE_EXPECT=1` rewrites these.

use guitu::ontology::Ontology;

fn film() -> Ontology {
    let sdl = include_str!("../film/schema.graphql");
    Ontology::parse("schema.graphql", sdl).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn the_film_world_is_read() {
    let film = film();
    assert_eq!(film.languages, ["en", "fr"]);
}
#[test]
fn the_bundled_ontology_is_read() {
    let sdl = include_str!("../../schema.graphql");
    let ontology = Ontology::parse("schema.graphql", sdl).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(ontology.cited);
    assert_eq!(ontology.languages, ["zh", "en"]);
}
