//! Is the graph measured as it is now, within its limits? The values themselves: `graph::metrics`
//! and the case files.

use crate::world::{World, context, request};
use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::Service;
use guitu::graph::{ChangeSet, NodeChange, Snapshot};
use serde_json::Value;
use std::sync::{Arc, Mutex};

const COUNTS: &str = "{ graphMetrics { nodeCount relationshipCount components { count }
    ranking(by: PAGERANK, first: 3) { value node { id } } communities { count } } }";

/// The same graph with one more node, at the next revision.
fn grown(graph: &Snapshot) -> Snapshot {
    let city = graph.ontology().type_named("City").unwrap();
    let some = graph.nodes(city).next().unwrap();
    let change = NodeChange {
        key: "atlantis".into(),
        ..graph.node_change(some)
    };
    let changes = ChangeSet {
        revision: graph.revision() + 1,
        nodes: vec![change],
        ..ChangeSet::default()
    };
    graph.apply(&changes).unwrap()
}

fn ask(engine: &Engine, query: &str) -> Value {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.build().unwrap();
    let answer = runtime.block_on(engine.execute(&request(query, None), &context()));
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn a_new_snapshot_is_measured_anew() {
    let before = World::seed().snapshot.clone();
    let after = Arc::new(grown(&before));
    let current = Arc::new(Mutex::new(before.clone()));
    let shown = current.clone();
    let snapshots = Box::new(move || shown.lock().unwrap().clone());
    let engine = Engine::new(before.ontology(), snapshots, EngineLimits::default()).unwrap();
    let first = ask(&engine, COUNTS);
    assert_eq!(first, ask(&engine, COUNTS));
    *current.lock().unwrap() = after.clone();
    let second = ask(&engine, COUNTS);
    assert_eq!(second, World::over(after).ask(COUNTS, None));
    let count = |answer: &Value, field: &str| answer["data"]["graphMetrics"][field].clone();
    let nodes = count(&first, "nodeCount").as_u64().unwrap();
    assert_eq!(count(&second, "nodeCount"), nodes + 1);
    *current.lock().unwrap() = before;
    assert_eq!(ask(&engine, COUNTS), first, "also one that was replaced");
}

#[test]
fn requests_at_the_same_time_get_the_same_answer() {
    let world = World::over(World::seed().snapshot.clone());
    let query = "{ graphMetrics { ranking(by: BETWEENNESS) { value node { id } } } }";
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| world.ask(query, None)))
            .collect();
        asked
            .into_iter()
            .map(|answer| answer.join().unwrap())
            .collect()
    });
    assert!(answers[0]["errors"].is_null(), "{:#}", answers[0]);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[test]
fn long_algorithms_stop_at_the_limits() {
    let limits = EngineLimits {
        cost: 100_000,
        ..EngineLimits::default()
    };
    let world = World::limited(World::seed().snapshot.clone(), limits);
    let ranking = |by: &str| format!("{{ graphMetrics {{ ranking(by: {by}) {{ value }} }} }}");
    for (by, refused) in [
        ("DEGREE", false),
        ("PAGERANK", false),
        ("BETWEENNESS", true),
        ("CLOSENESS", true),
    ] {
        let answer = world.ask(&ranking(by), None);
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code == "LIMIT_EXCEEDED", refused, "{by}: {answer:#}");
    }
    for answer in [world.late(COUNTS), world.left(COUNTS)] {
        assert_eq!(answer["errors"][0]["extensions"]["code"], "TIMEOUT");
    }
}
