//! Does the whole keep its promises? One module per area; most cases are text files.

mod cases;
mod exchange;
mod ontology;
mod store;
<<<<<<< HEAD
=======
mod world;
>>>>>>> 758261e (tests: cases as text, with plan, work and answer; commands: verbs in progress)
