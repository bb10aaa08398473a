//! Does the bundled graph answer the questions that it is for? `questions/Qnn.json` is a question
//! with its answer and the documents that carry it, `questions/Qnn.graphql` the query; a function
//! here puts the engine's data into the form of the answer, and the two must be equal in full. Where
//! an answer is prose, it is replaced by the fact that it tells, one by one. `sources` in `Qnn.json`
//! are as the question gives them; `cited` adds where the data say that it stands.

mod article;
mod book;
mod parks;
mod shape;
mod slides;
mod yiwu;

use crate::cases::difference;
use crate::world::{World, root};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::panic::catch_unwind;

/// How the engine's data become the answer to a question. Places are JSON pointers into the answer,
/// `*` standing for each element.
struct Question {
    id: &'static str,
    shape: fn(&Value) -> Value,
    /// Facts told in prose, and the facts.
    told: &'static [(&'static str, &'static str)],
    /// Lists whose order the question leaves open.
    unordered: &'static [&'static str],
}

impl Question {
    const fn new(id: &'static str, shape: fn(&Value) -> Value) -> Self {
        Self {
            id,
            shape,
            told: &[],
            unordered: &[],
        }
    }

    const fn told(self, told: &'static [(&'static str, &'static str)]) -> Self {
        Self { told, ..self }
    }

    const fn unordered(self, unordered: &'static [&'static str]) -> Self {
        Self { unordered, ..self }
    }

    fn expected(&self) -> Value {
        let mut answer = entry(self.id)["answer"].take();
        for (place, fact) in self.told {
            let told = answer.pointer_mut(place);
            let told = told.unwrap_or_else(|| panic!("{}: nothing at {place}", self.id));
            *told = json!(fact);
        }
        self.comparable(answer)
    }

    fn comparable(&self, mut answer: Value) -> Value {
        answer.sort_all_objects();
        as_floats(&mut answer);
        for place in self.unordered {
            let steps: Vec<_> = place.split('/').skip(1).collect();
            sort(&mut answer, &steps);
        }
        answer
    }

    /// How the answer differs from the expected one.
    fn check(&self) -> Result<(), String> {
        let data = World::seed().data(&read(self.id, "graphql"));
        let answer = catch_unwind(|| self.comparable((self.shape)(&data)));
        let answer = answer.map_err(|_| format!("cannot be shaped: {data:#}"))?;
        let expected = self.expected();
        if answer != expected {
            let pretty = |value: &Value| format!("{value:#}");
            return Err(difference(&pretty(&expected), &pretty(&answer)));
        }
        check_sources(&data, &sources(self.id))
    }
}

fn questions() -> impl Iterator<Item = &'static Question> {
    let parts = [
        slides::QUESTIONS,
        book::QUESTIONS,
        yiwu::QUESTIONS,
        article::QUESTIONS,
        parks::QUESTIONS,
    ];
    parts.into_iter().flatten()
}

#[test]
fn every_question_is_answered_in_full() {
    let wrong: Vec<_> = questions()
        .filter_map(|question| Some(format!("== {}\n{}", question.id, question.check().err()?)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_question_is_left_out() {
    let mut asked: Vec<_> = questions().map(|question| question.id.to_owned()).collect();
    asked.sort();
    let all: Vec<_> = (1..=50).map(|number| format!("Q{number:02}")).collect();
    assert_eq!(asked, all);
}

fn read(id: &str, extension: &str) -> String {
    let path = root().join(format!("tests/it/questions/{id}.{extension}"));
    std::fs::read_to_string(&path).unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()))
}

fn entry(id: &str) -> Value {
    serde_json::from_str(&read(id, "json")).expect("JSON")
}

/// A document's file, and where in it.
type Citation = (String, String);

/// What carries the answer.
fn sources(id: &str) -> BTreeSet<Citation> {
    let sources = entry(id)["sources"].take();
    let places = shape::all(&sources).iter().flat_map(|source| {
        let file = shape::text(&source["document"]);
        let places = shape::all(&source["cited"]).iter();
        places.map(move |place| (file.to_owned(), shape::text(place).to_owned()))
    });
    places.collect()
}

/// Every record that is asked for its references must cite one of these places in a document and no
/// other; all of them must be cited. (What an editor added cites sources that have no file.)
fn check_sources(data: &Value, expected: &BTreeSet<Citation>) -> Result<(), String> {
    let mut records = Vec::new();
    cited(data, &mut records);
    if records.iter().any(Vec::is_empty) {
        return Err("a record cites no document".to_owned());
    }
    let found: BTreeSet<_> = records.into_iter().flatten().collect();
    if &found == expected {
        return Ok(());
    }
    Err(format!("cites {found:?}\ninstead of {expected:?}"))
}

/// What each record with references cites.
fn cited(data: &Value, records: &mut Vec<Vec<Citation>>) {
    match data {
        Value::Array(list) => list.iter().for_each(|inner| cited(inner, records)),
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::Array(references) if name == "references" => {
                        records.push(references.iter().filter_map(citation).collect());
                    }
                    _ => cited(inner, records),
                }
            }
        }
        _ => {}
    }
}

fn citation(reference: &Value) -> Option<Citation> {
    let file = reference["source"]["file"].as_str()?;
    Some((
        file.to_owned(),
        shape::text(&reference["locator"]).to_owned(),
    ))
}

fn sort(answer: &mut Value, steps: &[&str]) {
    match steps {
        [] => {
            let list = answer.as_array_mut().expect("a list without order");
            list.sort_by_key(Value::to_string);
        }
        ["*", rest @ ..] => {
            let inner = answer.as_array_mut().expect("a list");
            inner.iter_mut().for_each(|inner| sort(inner, rest));
        }
        [name, rest @ ..] => sort(&mut answer[*name], rest),
    }
}

/// 79 and 79.0 are one number.
fn as_floats(value: &mut Value) {
    match value {
        Value::Number(number) => *value = json!(number.as_f64()),
        Value::Array(list) => list.iter_mut().for_each(as_floats),
        Value::Object(fields) => fields.values_mut().for_each(as_floats),
        _ => {}
    }
}
