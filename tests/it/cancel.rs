//! Does a question stop costing when nobody waits for its answer any more?

use crate::world::{World, context, request};
use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Outcome, Service};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// A question that would follow more edges than anybody has time for, in little memory.
fn endless() -> String {
    let from = "returneesFrom: {count: {gte: 1000, where: {";
    let to = "returneesTo: {count: {gte: 1000, where: {";
    let (open, close) = (format!("{from}{to}").repeat(5), "}}}".repeat(10));
    format!("{{ counties(where: {{{open}{close}}}) {{ key }} }}")
}

/// An engine that stops for nothing but a client that has left.
fn patient() -> Engine {
    let snapshot = World::seed().snapshot.clone();
    let limits = EngineLimits {
        cost: u64::MAX,
        ..EngineLimits::default()
    };
    let ontology = snapshot.ontology().clone();
    Engine::new(&ontology, Box::new(move || snapshot.clone()), limits).expect("a schema")
}

#[test]
fn a_question_whose_client_has_left_is_not_begun() {
    let context = context();
    context.cancel.store(true, Ordering::Relaxed);
    let question = request(&endless(), None);
    let engine = patient();
    let answer = engine.execute(&question, &context);
    let answer = runtime().block_on(answer);
    assert_eq!(answer.outcome, Outcome::TimedOut);
}

#[test]
fn a_running_question_ends_when_its_client_leaves() {
    let runtime = runtime();
    let entered = runtime.enter();
    let (engine, question) = (patient(), request(&endless(), None));
    let mut context = context();
    context.deadline += Duration::from_hours(24);
    {
        let mut answer = pin!(engine.execute(&question, &context));
        let mut waits = Context::from_waker(Waker::noop());
        assert!(matches!(answer.as_mut().poll(&mut waits), Poll::Pending));
    }
    drop(context);
    // Waits for the thread of the question.
    drop(entered);
    drop(runtime);
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.build().expect("a runtime")
}
