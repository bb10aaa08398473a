//! A service that knows a handful of documents by heart.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::json;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::api::service::{
    Answer, Context, Drawing, Measure, Observation, Opened, Outcome, Request, Service,
};
use crate::exec::Picture;
use crate::graph::Snapshot;
use crate::ontology::Ontology;

#[derive(Default)]
pub struct Fake {
    /// Answers to `{ wait }` come when this is notified.
    pub release: Notify,
    /// Notified when a `{ wait }` has begun.
    pub begun: Notify,
    /// The cancel flags of all `{ wait }` so far.
    pub flags: Mutex<Vec<Arc<AtomicBool>>>,
    pub unready: AtomicBool,
    /// How many times 80,000 bytes a backup has, but two at least.
    pub backup_pieces: AtomicUsize,
    /// The ways to the subscribers of `subscription { ticks }`, in order.
    pub ticks: Mutex<Vec<UnboundedSender<Answer>>>,
}

fn answer(outcome: Outcome, body: serde_json::Value) -> Answer {
    Answer {
        body: Bytes::from(body.to_string()),
        outcome,
    }
}

fn data(data: serde_json::Value) -> Answer {
    answer(Outcome::Data, json!({ "data": data }))
}

fn refused(outcome: Outcome, code: &str) -> Answer {
    let error = json!({ "message": "refused", "extensions": { "code": code } });
    answer(outcome, json!({ "errors": [error] }))
}

impl Fake {
    /// Gives the latest subscriber an answer; false if it has left.
    pub fn tick(&self, number: u64) -> bool {
        let ticks = self.ticks.lock().unwrap();
        let subscriber = ticks.last().unwrap();
        subscriber.send(data(json!({ "ticks": number }))).is_ok()
    }

    /// Tells the latest subscriber that it lags, and ends.
    pub fn lag(&self) {
        let subscriber = self.ticks.lock().unwrap().pop().unwrap();
        let error = refused(Outcome::Refused, "LIMIT_EXCEEDED");
        subscriber.send(error).unwrap();
    }

    async fn wait(&self, context: &Context) -> Answer {
        self.flags.lock().unwrap().push(context.cancel.clone());
        self.begun.notify_one();
        self.release.notified().await;
        data(json!({ "wait": true }))
    }

    pub fn is_cancelled(&self, index: usize) -> bool {
        self.flags.lock().unwrap()[index].load(Ordering::Relaxed)
    }
}

impl Service for Fake {
    async fn execute(&self, request: &Request, context: &Context) -> Answer {
        let variables = request.variables.as_deref().map(|text| text.get());
        match request.query.as_str() {
            "{ wait }" => self.wait(context).await,
            "{ panic }" => panic!("on purpose"),
            "{ big }" => data(json!({ "big": "x".repeat(16 << 20) })),
            "{ languages }" => data(json!({ "languages": context.languages })),
            "{ variables }" => data(json!({ "variables": variables })),
            "{ operation }" => data(json!({ "operation": request.operation_name })),
            "{" => refused(Outcome::Refused, "GRAPHQL_PARSE_FAILED"),
            query if query.starts_with("{ 8f3") => {
                refused(Outcome::Refused, "GRAPHQL_VALIDATION_FAILED")
            }
            query if query.contains("CoerceFailure") => refused(Outcome::Refused, "BAD_USER_INPUT"),
            query if query.starts_with("mutation") && context.read_only => {
                refused(Outcome::MutationByGet, "BAD_USER_INPUT")
            }
            query if query.contains("__type(") => data(json!({ "__type": null })),
            _ => data(json!({ "__typename": "Query" })),
        }
    }

    /// One node, unless the answer is an error.
    async fn draw(&self, request: &Request, context: &Context) -> Result<Drawing, Answer> {
        let answer = self.execute(request, context).await;
        if answer.outcome != Outcome::Data {
            return Err(answer);
        }
        let sdl = "type City @node { name: String }";
        let ontology = Arc::new(Ontology::parse("o.graphql", sdl).unwrap());
        Ok(Drawing {
            snapshot: Arc::new(Snapshot::empty(ontology)),
            picture: Picture::default(),
            languages: Arc::default(),
            name: "cities".into(),
        })
    }

    fn subscribe(&self, request: &Request, context: &Context) -> Opened {
        match request.query.as_str() {
            "subscription { ticks }" => {
                let (sender, answers) = unbounded_channel();
                self.ticks.lock().unwrap().push(sender);
                self.flags.lock().unwrap().push(context.cancel.clone());
                self.begun.notify_one();
                let answers = stream::unfold(answers, |mut answers| async {
                    Some((answers.recv().await?, answers))
                });
                Opened::Answers(answers.boxed())
            }
            "subscription { panics }" => {
                Opened::Answers(stream::poll_fn(|_| panic!("on purpose")).boxed())
            }
            "subscription { no }" => Opened::Refused(refused(Outcome::Refused, "BAD_USER_INPUT")),
            _ => Opened::NoSubscription,
        }
    }

    fn schema_sdl(&self) -> Arc<str> {
        "type Query { wait: Boolean }\n".into()
    }

    fn observe(&self) -> Vec<Observation> {
        vec![Observation {
            name: "fakes",
            help: "Fakes made",
            measure: Measure::Total(3.0),
        }]
    }

    fn backup(&self, to: &mut dyn Write) -> Result<(), String> {
        for _ in 0..self.backup_pieces.load(Ordering::Relaxed).max(2) {
            let written = to.write_all(&b"a backup".repeat(10_000));
            written.map_err(|error| error.to_string())?;
        }
        match self.unready.load(Ordering::Relaxed) {
            true => Err("the disk broke".to_owned()),
            false => Ok(()),
        }
    }

    fn ready(&self) -> bool {
        !self.unready.load(Ordering::Relaxed)
    }
}
