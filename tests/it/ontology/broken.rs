//! Does any text make the reader of ontologies panic, or say something without a place?

use guitu::ontology::Ontology;

/// A small reproducible source of numbers (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn broken_texts_are_told_and_never_panic() {
    let film = include_str!("../../film/schema.graphql");
    let words: Vec<&str> = film
        .split_inclusive([' ', '\n', '(', ')', '!', '"'])
        .collect();
    let mut random = Random(42);
    let mut refused = 0;
    for _ in 0..400 {
        let mut text = words.clone();
        for _ in 0..=random.below(3) {
            let (at, other) = (random.below(text.len()), random.below(words.len()));
            match random.below(3) {
                0 => drop(text.remove(at)),
                1 => text.insert(at, words[other]),
                _ => text[at] = words[other],
            }
        }
        if let Err(wrong) = Ontology::parse("schema.graphql", &text.concat()) {
            refused += 1;
            assert!(!wrong.0.is_empty());
            assert!(
                wrong
                    .0
                    .iter()
                    .all(|it| !it.places.is_empty() && it.help.is_some()),
                "{wrong}"
            );
        }
    }
    assert!(refused > 200, "only {refused} were refused");
}

#[test]
fn cut_texts_are_told_and_never_panic() {
    let film = include_str!("../../film/schema.graphql");
    for (at, _) in film.char_indices().step_by(37) {
        let _ = Ontology::parse("schema.graphql", &film[..at]).map_err(|wrong| wrong.to_string());
    }
}

#[test]
fn deep_texts_are_refused() {
    let deep = format!(
        "type A @node {{ a: JSON @default(value: {}1{}) }}",
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    assert!(Ontology::parse("schema.graphql", &deep).is_err());
    let deep = format!(
        "type A @node {{ a: {}Int{} }}",
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    assert!(Ontology::parse("schema.graphql", &deep).is_err());
}

#[test]
fn a_mark_at_the_beginning_and_foreign_line_ends_do_no_harm() {
    let sdl = "\u{feff}type A @node {\r\n  name: Strin\r\n}\r\n";
    let wrong = Ontology::parse("schema.graphql", sdl).expect_err("a misspelt type");
    let place = &wrong.0[0].places[0];
    assert_eq!((wrong.0.len(), place.line, place.column), (1, 2, 9));
    assert_eq!(place.source, "  name: Strin");
}
