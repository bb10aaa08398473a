//! The graphs that tests ask: the bundled one and those of `tests/film` and `tests/harbour`.

use futures_util::StreamExt;
use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Answer, Context, Opened, Request, RequestId, Service};
use guitu::db::Db;
use guitu::exchange;
use guitu::graph::Snapshot;
use guitu::ontology::Ontology;
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// The folder of the crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A graph and the engine that answers over it.
pub struct World {
    pub snapshot: Arc<Snapshot>,
    pub engine: Engine,
}

impl World {
    /// The bundled graph.
    pub fn seed() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(|| Self::open("schema.graphql", "seed"))
    }

    /// The graph of `tests/film`.
    pub fn film() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(|| Self::open("tests/film/schema.graphql", "tests/film/data"))
    }

    /// The graph of `tests/harbour`, small enough to count by hand.
    pub fn harbour() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(|| Self::open("tests/harbour/schema.graphql", "tests/harbour/data"))
    }

    /// Reads an ontology and data files, without keeping them anywhere.
    pub fn open(schema: &str, data: &str) -> Self {
        let sdl = std::fs::read_to_string(root().join(schema)).expect("the ontology's file");
        let ontology = Ontology::parse(schema, &sdl).unwrap_or_else(|wrong| panic!("{wrong}"));
        Self::of(Arc::new(ontology), &[root().join(data)])
    }

    /// Reads data files under an ontology.
    pub fn of(ontology: Arc<Ontology>, paths: &[PathBuf]) -> Self {
        let imported =
            exchange::check(ontology, paths, &()).unwrap_or_else(|wrong| panic!("{wrong}"));
        Self::over(Arc::new(imported.built.snapshot))
    }

    /// Answers over a graph.
    pub fn over(snapshot: Arc<Snapshot>) -> Self {
        Self::limited(snapshot, EngineLimits::default())
    }

    /// Answers over a graph within limits.
    pub fn limited(snapshot: Arc<Snapshot>, limits: EngineLimits) -> Self {
        let shared = snapshot.clone();
        let ontology = snapshot.ontology();
        let engine = Engine::new(ontology, Box::new(move || shared.clone()), limits);
        Self {
            engine: engine.expect("a schema"),
            snapshot,
        }
    }

    /// The same graph in memory for whoever asks, to be written too.
    pub fn writable(of: &Self) -> Self {
        Self::over_db(Arc::new(
            Db::in_memory((*of.snapshot).clone()).expect("a graph in memory"),
        ))
    }

    /// Answers over a graph that can be written.
    pub fn over_db(db: Arc<Db>) -> Self {
        let (snapshot, graph) = (db.snapshot(), db.clone());
        let engine = Engine::new(
            snapshot.ontology(),
            Box::new(move || graph.snapshot()),
            EngineLimits::default(),
        );
        let engine = engine.expect("a schema").writing(db);
        Self { snapshot, engine }
    }

    /// The same, but every search reads all records.
    pub fn naive(self) -> Self {
        let Self { snapshot, engine } = self;
        let engine = engine.naive();
        Self { snapshot, engine }
    }

    /// The whole answer to a query.
    pub fn ask(&self, query: &str, variables: Option<&str>) -> serde_json::Value {
        let answer = self.answer(query, variables);
        serde_json::from_slice(&answer.body).expect("an answer is JSON")
    }

    /// The `data` of an answer that must have no errors.
    pub fn data(&self, query: &str) -> serde_json::Value {
        let mut answer = self.ask(query, None);
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// The `data` of the first answer to a subscription, which must have no errors.
    pub fn next(&self, query: &str) -> serde_json::Value {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let context = context();
        let Opened::Answers(mut answers) = self.engine.subscribe(&request(query, None), &context)
        else {
            panic!("refused: {query}");
        };
        let answer = runtime.block_on(answers.next()).expect("an answer");
        let mut answer: serde_json::Value =
            serde_json::from_slice(&answer.body).expect("an answer is JSON");
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// The answer to somebody who has left.
    pub fn left(&self, query: &str) -> serde_json::Value {
        let context = context();
        context
            .cancel
            .store(true, std::sync::atomic::Ordering::Relaxed);
        self.ask_in(query, &context)
    }

    /// The answer when the time is over.
    pub fn late(&self, query: &str) -> serde_json::Value {
        let mut context = context();
        context.deadline = Instant::now();
        self.ask_in(query, &context)
    }

    fn ask_in(&self, query: &str, context: &Context) -> serde_json::Value {
        let answer = self.run(&request(query, None), context);
        serde_json::from_slice(&answer.body).expect("an answer is JSON")
    }

    /// The answer as the server gets it.
    pub fn answer(&self, query: &str, variables: Option<&str>) -> Answer {
        self.run(&request(query, variables), &context())
    }

    fn run(&self, request: &Request, context: &Context) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime.block_on(self.engine.execute(request, context))
    }

    /// The plan and the work of a query, as `guitu query --explain` prints them.
    pub fn explain(&self, query: &str, variables: Option<&str>) -> String {
        let explained = self.engine.explain(&request(query, variables), &context());
        explained
            .map(|explained| explained.to_string())
            .unwrap_or_default()
    }
}

/// A request.
pub fn request(query: &str, variables: Option<&str>) -> Request {
    let raw = |text: &str| RawValue::from_string(text.to_owned()).expect("variables are JSON");
    Request {
        query: query.to_owned(),
        operation_name: None,
        variables: variables.map(raw),
        extensions: None,
    }
}

/// The context of a request that may take a minute.
pub fn context() -> Context {
    Context {
        languages: Vec::new(),
        principal: None,
        read_only: false,
        cancel: Arc::default(),
        deadline: Instant::now() + Duration::from_secs(60),
        request_id: RequestId::next(),
        trace: Default::default(),
    }
}
