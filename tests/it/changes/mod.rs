//! Does every subscriber get each commit once, in order, with the records as of it, and does the past
//! answer as it was?

mod chance;
mod live;
mod past;
mod seen;
mod veil;

use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Answer, Context, Measure, Opened, Service};
use guitu::db::Db;
use guitu::ontology::Ontology;
use guitu::store::memory::{self, MemoryDisk};
use serde_json::Value;
use std::sync::Arc;
use tokio::runtime::Runtime;

use crate::world::{context, request};

const SDL: &str = r#"
interface Place @node { name: String! @search  partOf: Province @relationship(type: "PART_OF", direction: OUT) }
type Province implements Place @node { name: String! @search  partOf: Province @relationship(type: "PART_OF", direction: OUT) }
type City implements Place @node {
  name: String! @search
  people: Int
  partOf: Province @relationship(type: "PART_OF", direction: OUT)
  roads: [City!]! @relationship(type: "ROAD", direction: OUT, properties: "Road")
}
type Road @relationshipProperties { number: Int @unique  lanes: Int }
"#;

/// A graph that is kept, its engine, and who waits for answers.
struct Kept {
    disk: MemoryDisk,
    db: Arc<Db>,
    engine: Engine,
    runtime: Runtime,
}

struct Subscriber<'k> {
    answers: BoxStream<'static, Answer>,
    _context: Context,
    kept: &'k Kept,
}

impl Kept {
    fn new() -> Self {
        Self::open(MemoryDisk::new(), EngineLimits::default())
    }

    fn limited(limits: EngineLimits) -> Self {
        Self::open(MemoryDisk::new(), limits)
    }

    fn open(disk: MemoryDisk, limits: EngineLimits) -> Self {
        let ontology = Arc::new(Ontology::parse("test", SDL).unwrap_or_else(|w| panic!("{w}")));
        let store = memory::open(&disk).unwrap();
        let db = Arc::new(Db::over(store, ontology).unwrap());
        Self::over(disk, db, limits)
    }

    fn over(disk: MemoryDisk, db: Arc<Db>, limits: EngineLimits) -> Self {
        let ontology = db.snapshot().ontology().clone();
        let graph = db.clone();
        let engine = Engine::new(&ontology, Box::new(move || graph.snapshot()), limits);
        Self {
            disk,
            engine: engine.unwrap().writing(db.clone()),
            db,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    fn reopen(self) -> Self {
        let disk = self.disk.clone();
        drop(self);
        Self::open(disk, EngineLimits::default())
    }

    fn ask(&self, query: &str) -> Value {
        let (request, context) = (request(query, None), context());
        let answer = self.engine.execute(&request, &context);
        let answer = self.runtime.block_on(answer);
        serde_json::from_slice(&answer.body).unwrap()
    }

    #[track_caller]
    fn data(&self, query: &str) -> Value {
        let mut answer = self.ask(query);
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// The only error of an answer: its code, message and hint.
    #[track_caller]
    fn error(&self, query: &str) -> (String, String) {
        told(&self.ask(query))
    }

    fn subscribe(&self, query: &str) -> Subscriber<'_> {
        self.subscribe_as(query, context())
    }

    fn subscribe_as(&self, query: &str, context: Context) -> Subscriber<'_> {
        let _entered = self.runtime.enter();
        match self.engine.subscribe(&request(query, None), &context) {
            Opened::Answers(answers) => Subscriber {
                answers,
                _context: context,
                kept: self,
            },
            Opened::Refused(answer) => panic!("{query}\n{answer:?}"),
            Opened::NoSubscription => panic!("no subscription: {query}"),
        }
    }

    #[track_caller]
    fn refused(&self, query: &str) -> (String, String) {
        match self.engine.subscribe(&request(query, None), &context()) {
            Opened::Refused(answer) => told(&serde_json::from_slice(&answer.body).unwrap()),
            _ => panic!("accepted: {query}"),
        }
    }

    fn subscribers(&self) -> f64 {
        let all = self.engine.observe();
        let found = all.iter().find(|seen| seen.name == "subscribers");
        match &found.unwrap().measure {
            Measure::Level(level) => *level,
            other => panic!("no level: {other:?}"),
        }
    }
}

#[track_caller]
fn told(answer: &Value) -> (String, String) {
    let error = &answer["errors"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let message = text(&error["message"]) + " | " + &text(&error["extensions"]["hint"]);
    (text(&error["extensions"]["code"]), message)
}

impl Subscriber<'_> {
    /// The next answer.
    fn next(&mut self) -> Option<Value> {
        let answer = self.kept.runtime.block_on(self.answers.next())?;
        Some(serde_json::from_slice(&answer.body).unwrap())
    }

    /// The `changes` of the next answer.
    #[track_caller]
    fn data(&mut self) -> Value {
        let answer = self.next().expect("an answer");
        assert!(answer.get("errors").is_none(), "{answer:#}");
        let data = answer["data"].as_object().unwrap();
        data.values().next().unwrap().clone()
    }

    /// Whether it waits for a commit that is not there yet.
    fn waits(&mut self) -> bool {
        let next = self.kept.runtime.block_on(async {
            // What runs on other threads is waited for by asking again.
            for _ in 0..100 {
                if let Some(next) = self.answers.next().now_or_never() {
                    return Some(next);
                }
                tokio::task::yield_now().await;
            }
            None
        });
        next.is_none()
    }
}

fn revisions(subscriber: &mut Subscriber<'_>, many: usize) -> Vec<u64> {
    let number = |set: Value| set["revision"].as_str().unwrap().parse().unwrap();
    (0..many).map(|_| number(subscriber.data())).collect()
}

const CITIES: &str = r#"mutation { commit(message: "cities") { revision }
  createProvinces(input: [{key: "gd", name: "Guangdong"}]) { created }
  createCities(input: [{key: "sz", name: "Shenzhen", people: 5, partOf: {connect: {node: {id: "Province:gd"}}}}, {key: "gz", name: "Guangzhou", people: 9}]) { created } }"#;
const ROAD: &str = r#"mutation { createRoads(input: [{source: {id: "City:sz"}, target: {id: "City:gz"}, number: 4, lanes: 2}]) { created } }"#;

fn people(key: &str, people: i64) -> String {
    format!(
        r#"mutation {{ updateCities(where: {{key: {{eq: "{key}"}}}}, set: {{people: {people}}}) {{ updated }} }}"#
    )
}
