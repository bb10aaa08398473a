//! Are right ontologies read, and wrong ones refused with all that is wrong? The cases are in
//! `tests/ontology/*.md`: an SDL block, then the diagnostics; `UPDATE_EXPECT=1` rewrites these.

use guitu::ontology::Ontology;
use std::path::Path;

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
fn scratch() {
    let sdl = std::fs::read_to_string("/tmp/api.graphql").unwrap();
    match Ontology::parse("schema.graphql", &sdl) {
        Ok(o) => println!("{o:#?}"),
        Err(e) => println!("{e}"),
    }
}
