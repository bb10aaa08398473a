//! `guitu schema`: the generated API as SDL.

use super::say::say;
use super::{Done, Failure, open};
use crate::api::schema::Served;
use crate::config::Places;

pub(super) fn run(places: &Places) -> Done {
    let ontology = open::ontology(places)?;
    let served = Served::new(&ontology).map_err(|e| Failure::new(&e))?;
    say(served.sdl())
}
