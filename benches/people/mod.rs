//! Who is written and read in the benches of commits: 200,000 people with 1,000,000 edges. Not for: how it
//! is timed.

use guitu::change::{Edit, Given, Operation, Transaction};
use guitu::db::{DbError, Next, Write};
use guitu::graph::{Builder, Snapshot};
use guitu::ontology::{Ontology, TypeId};
use guitu::value::{Cell, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many people there are.
pub const NODES: usize = 200_000;
const EDGES: usize = 1_000_000;
const SDL: &str = "
type Person @node {
  name: String!  code: String @unique  age: Int @range(min: 0)  city: String
  knows: [Person!]! @relationship(type: \"KNOWS\", direction: OUT)
}";

/// A random number below a bound.
pub fn below(state: &AtomicU64, bound: usize) -> usize {
    let mut x = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x ^ x >> 31) % bound as u64) as usize
}

/// The graph at revision 1.
pub fn graph() -> Result<Snapshot, Box<dyn std::error::Error>> {
    let ontology = Arc::new(Ontology::parse("schema.graphql", SDL)?);
    let person = ontology.type_named("Person").ok_or("no type")?;
    let knows = ontology.relationship_named("KNOWS").ok_or("no type")?;
    let mut builder = Builder::new(ontology);
    let mut drafts = Vec::new();
    for number in 0..NODES {
        let (draft, _) = builder.node(person, &format!("p{number}"));
        builder.set(person, draft, 0, Cell::Str(&format!("Person {number}")));
        builder.set(person, draft, 1, Cell::Str(&format!("code-{number}")));
        builder.set(person, draft, 2, Cell::Int((number % 90) as i64));
        drafts.push((person, draft));
    }
    let state = AtomicU64::new(7);
    for _ in 0..EDGES {
        let ends = [below(&state, NODES), below(&state, NODES)];
        builder.edge(knows, drafts[ends[0]], drafts[ends[1]]);
    }
    Ok(builder.finish(1)?.snapshot)
}

/// An update of one node, as the writer makes it.
pub fn update(
    rules: &guitu::change::Rules,
    graph: &Snapshot,
    row: usize,
) -> Result<(Option<Write>, ()), DbError> {
    let key = format!("p{row}");
    let node = graph.node(TypeId(1), &key).ok_or(DbError::Empty)?;
    let value = |value| Given::Value(value);
    let operation = Operation::UpdateNodes {
        nodes: vec![node],
        edit: Edit {
            set: vec![(1, value(Value::Str(format!("new-{row}").into())))],
            increment: vec![(2, Value::Int(1))],
            ..Edit::default()
        },
        if_revision: None,
    };
    let mut transaction = Transaction::new(rules, graph);
    transaction.run("updatePersons", &operation);
    let checked = transaction.finish();
    let checked = checked.map_err(|refusals| DbError::Unfit(vec![refusals.to_string()]))?;
    Ok((Next::of_checked(checked).map(Write::from), ()))
}
