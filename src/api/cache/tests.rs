//! The cache: what is kept, and for how long.

use super::*;
use crate::api::error::ErrorCode;
use crate::api::limits::Limits;

const SCHEMA: &str = include_str!("../../../tests/validation/schema.graphql");

fn validator() -> Validator {
    Validator::new(SCHEMA, Limits::default()).unwrap()
}

fn text(number: usize) -> String {
    format!("query Q{number} {{ revision }}")
}

#[test]
fn compiles_each_text_once() {
    let (cache, validator) = (DocumentCache::new(100, 1 << 20), validator());
    let mut compiled = 0;
    for _ in 0..3 {
        let prepared = cache.prepare(&text(1), &validator, |_| {
            compiled += 1;
            Ok("made")
        });
        let prepared = prepared.unwrap();
        assert_eq!(prepared.compiled, "made");
        assert_eq!(prepared.document.operations()[0].name(), Some("Q1"));
    }
    assert_eq!((compiled, cache.len()), (1, 1));
}

#[test]
fn keeps_no_document_with_errors() {
    let (cache, validator) = (DocumentCache::<()>::new(100, 1 << 20), validator());
    assert!(
        cache
            .prepare("{ nothing }", &validator, |_| Ok(()))
            .is_err()
    );
    let refused = GraphqlError::new(ErrorCode::LimitExceeded, "too dear");
    let result = cache.prepare("{ revision }", &validator, |_| Err(vec![refused]));
    assert_eq!(result.unwrap_err()[0].message, "too dear");
    assert!(cache.is_empty());
}

#[test]
fn is_bounded_by_number_and_keeps_what_is_used() {
    let (cache, validator) = (DocumentCache::new(64, 1 << 30), validator());
    let mut misses = 0;
    for number in 0..500 {
        cache
            .prepare(&text(number), &validator, |_| Ok(()))
            .unwrap();
        cache
            .prepare("{ revision }", &validator, |_| {
                misses += 1;
                Ok(())
            })
            .unwrap();
    }
    assert!(cache.len() <= 64, "{}", cache.len());
    assert_eq!(misses, 1);
}

#[test]
fn is_bounded_by_bytes() {
    let (cache, validator) = (DocumentCache::new(1_000_000, 1 << 20), validator());
    let long = |number: usize| format!("# {}\n{}", "x".repeat(500), text(number));
    for number in 0..100 {
        cache
            .prepare(&long(number), &validator, |_| Ok(()))
            .unwrap();
    }
    let most = (1 << 20) / weight(&long(0));
    assert!(
        cache.len() <= most && cache.len() > most / 4,
        "{} of {most}",
        cache.len()
    );
    let huge = format!("# {}\n{}", "x".repeat(100_000), text(0));
    let before = cache.len();
    cache.prepare(&huge, &validator, |_| Ok(())).unwrap();
    assert_eq!(cache.len(), before);
}

#[test]
fn serves_many_threads() {
    let (cache, validator) = (DocumentCache::new(8, 1 << 20), validator());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (cache, validator) = (&cache, &validator);
            scope.spawn(move || {
                for number in 0..200 {
                    let text = text((number * (thread + 1)) % 40);
                    let prepared = cache.prepare(&text, validator, |_| Ok(text.len())).unwrap();
                    assert_eq!(prepared.compiled, text.len());
                }
            });
        }
    });
    assert!(cache.len() <= 16);
}
