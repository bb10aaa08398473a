//! Is the answer over what a role sees that over a graph made without the rest? Random rules over the
//! bundled graph, all questions that are asked of it anywhere, and those that could tell more.

use crate::overlay::{documents, layered};
use crate::world::{World, context, request};
use guitu::access::{AccessFile, Credential, Policy, Principal, Roles};
use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Context, Service};
use guitu::graph::{ChangeSet, Edge, Node, Snapshot};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The policy of a text.
pub fn policy(text: &str, snapshot: &Snapshot) -> Arc<Policy> {
    let (file, wrong) = AccessFile::parse("access.toml", text, Path::new(""), snapshot.ontology());
    assert!(wrong.is_empty(), "{wrong}\n{text}");
    Arc::new(file.policy)
}

/// An engine that shows what a policy allows.
pub fn guarded(snapshot: &Arc<Snapshot>, policy: &Arc<Policy>) -> Engine {
    let shared = snapshot.clone();
    let snapshots = Box::new(move || shared.clone());
    let engine = Engine::new(snapshot.ontology(), snapshots, EngineLimits::default()).unwrap();
    let guarded = engine.guarded(policy.clone());
    guarded.unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// Somebody with these roles.
pub fn somebody(roles: Roles) -> Context {
    let mut context = context();
    context.principal = Some(Arc::new(Principal {
        name: Some("somebody".into()),
        roles,
        credential: Credential::None,
    }));
    context
}

pub fn ask(engine: &Engine, query: &str, context: &Context) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let answer = runtime.block_on(engine.execute(&request(query, None), context));
    serde_json::from_slice(&answer.body).unwrap()
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// The rules of a role: for each type a rule, and the list of those that it shows.
struct Rules {
    text: String,
    nodes: Vec<Shown>,
    edges: Vec<Shown>,
}

/// What a rule shows: none, all, or what a `where` finds.
enum Shown {
    None,
    All,
    Where(String),
}

fn rules(graph: &Snapshot, dice: &mut Dice) -> Rules {
    let ontology = graph.ontology();
    let mut text = "[roles.reader.read]\n\"*\" = true\n".to_owned();
    let mut said = |name: &str, condition: &dyn Fn(&mut Dice) -> String, may: bool| {
        let shown = match dice.roll(4) {
            0 => Shown::All,
            1 if dice.roll(3) == 0 => Shown::None,
            _ if may => Shown::Where(condition(dice)),
            _ => Shown::All,
        };
        text += &match &shown {
            Shown::All => format!("{name} = true\n"),
            Shown::None => format!("{name} = false\n"),
            Shown::Where(condition) => format!("{name} = '{condition}'\n"),
        };
        shown
    };
    let by_key = |dice: &mut Dice| {
        let letters = ["a", "e", "i", "n", "o", "s", "g"];
        let letter = letters[dice.roll(7) as usize];
        match dice.roll(3) {
            0 => format!("{{ key: {{ contains: \"{letter}\" }} }}"),
            1 => format!("{{ NOT: {{ key: {{ contains: \"{letter}\" }} }} }}"),
            _ => format!("{{ references: {{ count: {{ gte: {} }} }} }}", dice.roll(3)),
        }
    };
    let types = ontology
        .concrete_ids()
        .map(|of| ontology.node_type(of).name.clone());
    let nodes = types
        .collect::<Vec<_>>()
        .iter()
        .map(|name| said(name, &by_key, true))
        .collect();
    let by_end = |dice: &mut Dice| {
        let letters = ["a", "e", "i"];
        let letter = letters[dice.roll(3) as usize];
        format!("{{ source: {{ id: {{ contains: \"{letter}\" }} }} }}")
    };
    let edges = ontology
        .relationships
        .iter()
        .map(|of| said(&of.name, &by_end, of.declared));
    let edges = edges.collect();
    Rules { text, nodes, edges }
}

/// The ids that a `where` finds, asked as anybody would.
fn found(world: &World, list: &str, condition: &str) -> BTreeSet<String> {
    let found = world.data(&format!("{{ {list}(where: {condition}) {{ id }} }}"));
    let ids = found[list].as_array().unwrap().iter();
    ids.map(|each| each["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The graph made of nothing but what the rules show.
fn made(world: &World, rules: &Rules) -> Snapshot {
    let graph = &world.snapshot;
    let ontology = graph.ontology();
    let mut all = ChangeSet {
        revision: graph.revision(),
        ..ChangeSet::default()
    };
    let mut sources = BTreeSet::new();
    let mut shown = BTreeSet::new();
    for (of, rule) in ontology.concrete_ids().zip(&rules.nodes) {
        let declared = ontology.node_type(of);
        let ids = match rule {
            Shown::Where(condition) => found(world, &declared.names().list(), condition),
            _ => BTreeSet::new(),
        };
        for node in graph.nodes(of) {
            let id = format!("{}:{}", declared.name, graph.key(node));
            if matches!(rule, Shown::All) || ids.contains(&id) {
                if declared.name == "Source" {
                    sources.insert(graph.key(node).to_owned());
                }
                shown.insert(node);
                all.nodes.push(graph.node_change(node));
            }
        }
    }
    for (id, segment) in graph.all_segments() {
        let of = ontology.relationship(segment.relationship);
        let rule = &rules.edges[usize::from(segment.relationship.0)];
        let ids = match rule {
            Shown::Where(condition) => found(world, &of.names().list(), condition),
            _ => BTreeSet::new(),
        };
        for edge in graph.edges(id) {
            let (source, target) = graph.ends(edge);
            let by_rule =
                matches!(rule, Shown::All) || ids.contains(&graph.edge_id(edge).to_string());
            if by_rule && shown.contains(&source) && shown.contains(&target) {
                all.edges.push(graph.edge_change(edge));
            }
        }
    }
    let states = all.nodes.iter_mut().map(|node| &mut node.state);
    for state in states
        .chain(all.edges.iter_mut().map(|edge| &mut edge.state))
        .flatten()
    {
        let cited = state
            .references
            .iter()
            .filter(|each| sources.contains(&*each.source));
        state.references = cited.cloned().collect();
    }
    let empty = Snapshot::empty(ontology.clone());
    empty.apply(&all).unwrap().compact().unwrap()
}

/// Questions whose answers could tell of what is hidden.
fn prying(graph: &Snapshot) -> Vec<String> {
    let ontology = graph.ontology();
    let mut asked = vec![
        "{ revision ontology { types { name count } relationships { name count } } }".to_owned(),
        "{ graphMetrics { nodeCount relationshipCount density components(kind: WEAK) { count } ranking(by: DEGREE, first: 20) { value node { id } } } }".to_owned(),
    ];
    for of in ontology.concrete_ids() {
        let declared = ontology.node_type(of);
        let names = declared.names();
        let some = graph.nodes(of).step_by(3).take(12);
        let ids: Vec<String> = some
            .map(|node| format!("\"{}:{}\"", declared.name, graph.key(node)))
            .collect();
        let list = ids.join(", ");
        let (single, connection) = (names.single(), names.list_connection());
        let plural = names.list();
        asked.push(format!(
            "{{ nodes(ids: [{list}]) {{ id label references {{ source {{ id }} locator }} }} }}"
        ));
        asked.push(format!("{{ {connection}(first: 5) {{ totalCount edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage endCursor }} aggregate {{ count }} }} }}"));
        asked.push(format!(
            "{{ {plural}(sort: [{{ key: DESC }}], limit: 9) {{ id label }} }}"
        ));
        asked.push(format!(
            "{{ subgraph(nodes: [{list}]) {{ nodes {{ id }} relationships {{ id }} }} }}"
        ));
        for id in ids.iter().take(2) {
            asked.push(format!("{{ {single}(id: {id}) {{ id key label }} }}"));
            asked.push(format!(
                "{{ node(id: {id}) {{ id references {{ source {{ id }} }} }} }}"
            ));
            asked.push(format!("{{ neighborhood(of: [{{id: {id}}}], depth: 2, limit: 200) {{ truncated nodes {{ id degree {{ type direction count }} }} relationships {{ id }} levels {{ count }} }} }}"));
            asked.push(format!("{{ paths(from: {{id: {id}}}, to: {{id: {}}}, mode: ALL_SHORTEST, maxLength: 4, first: 20) {{ count truncated paths {{ length cost nodes {{ id }} }} }} }}", ids[ids.len() - 1]));
        }
    }
    for typed in ["义乌", "县", "yiwu", "pn", "返乡", "guangdong", "快递"] {
        asked.push(format!("{{ search(query: \"{typed}\", first: 30) {{ edges {{ score matched {{ field value kind }} node {{ id }} }} pageInfo {{ hasNextPage }} }} }}"));
    }
    for relationship in ontology.relationships.iter().filter(|of| of.declared) {
        let names = relationship.names();
        asked.push(format!(
            "{{ {}(first: 7) {{ totalCount edges {{ node {{ id }} }} }} }}",
            names.list_connection()
        ));
    }
    asked
}

fn same(graph: Snapshot, seed: u64) {
    let world = World::over(Arc::new(graph));
    let mut dice = Dice(seed);
    let asked: Vec<String> = documents()
        .into_iter()
        .chain(prying(&world.snapshot))
        .collect();
    let rules = rules(&world.snapshot, &mut dice);
    let policy = policy(&rules.text, &world.snapshot);
    let engine = guarded(&world.snapshot, &policy);
    let context = somebody(policy.roles_named(["reader"]));
    let made = World::over(Arc::new(made(&world, &rules)));
    for document in prying(&world.snapshot) {
        world.data(&document);
    }
    let (mut differ, mut answered) = (0, 0);
    for document in &asked {
        let answer = ask(&engine, document, &context);
        let expected = made.ask(document, None);
        assert_eq!(answer, expected, "seed {seed}\n{}\n{document}", rules.text);
        answered += usize::from(answer.get("errors").is_none());
        differ += usize::from(answer != world.ask(document, None));
    }
    assert!(answered > asked.len() / 2, "{answered} of {}", asked.len());
    assert!(differ > 50, "the rules hide too little: {differ}");
}

#[test]
fn answers_are_those_of_a_graph_without_what_is_hidden() {
    let seed = &World::seed().snapshot;
    for at in 0..4 {
        same((**seed).clone(), at);
    }
}

#[test]
fn also_where_the_graph_was_changed_since_its_base_was_built() {
    let seed = &World::seed().snapshot;
    same(layered(seed, 3), 11);
}

#[test]
fn what_is_left_in_its_place_answers_as_what_is_made_anew() {
    let seed = &World::seed().snapshot;
    for graph in [(**seed).clone(), layered(seed, 5)] {
        let node = |node: Node| !(node.row + u32::from(node.of.0)).is_multiple_of(4);
        let edge = |edge: Edge| !edge.at.is_multiple_of(5);
        let in_place = graph.only_in_place(&node, &edge).unwrap();
        let anew = World::over(Arc::new(graph.only(&node, &edge).unwrap()));
        let kept = graph
            .ontology()
            .concrete_ids()
            .flat_map(|of| graph.nodes(of));
        let mut kept = kept.filter(|each| node(*each));
        assert!(kept.all(|node| in_place.key(node) == graph.key(node)));
        let in_place = World::over(Arc::new(in_place));
        for document in documents().into_iter().chain(prying(&graph)) {
            let answer = in_place.ask(&document, None);
            assert_eq!(answer, anew.ask(&document, None), "{document}");
        }
    }
}
