//! Do the documents tell the truth? Each of the operations with an answer below it is asked,
//! those of a document in order of one graph, and must give that answer, which `UPDATE_EXPECT=1` rewrites.

use crate::world::{World, root};

#[test]
fn each_query_gives_its_answer() {
    check("README.md", 3);
}

#[test]
fn each_example_of_the_api_gives_its_answer() {
    check("docs/api.md", 4);
}

#[test]
fn each_question_about_the_graph_gives_its_answer() {
    check("docs/graph.md", 7);
}

#[test]
fn each_search_gives_its_answer() {
    check("docs/search.md", 3);
}

#[test]
fn each_mutation_gives_its_answer() {
    check("docs/writing.md", 6);
}

#[test]
fn each_question_about_the_past_gives_its_answer() {
    check("docs/changes.md", 5);
}

fn check(document: &str, least: usize) {
    let path = root().join(document);
    let text = std::fs::read_to_string(&path).expect("a document");
    let world = World::writable(World::seed());
    let mut now = String::new();
    let mut queries = 0;
    let mut rest = text.as_str();
    while let Some(start) = rest.find("```graphql\n") {
        let query = &rest[start + 11..];
        let (query, after) = query.split_once("\n```").expect("an end of the query");
        let (between, after) = after.split_once("```json\n").expect("an answer");
        let (_, after) = after.split_once("```").expect("an end of the answer");
        let data = match query.starts_with("subscription") {
            true => world.next(query),
            false => world.data(query),
        };
        now += &rest[..start];
        now += &format!("```graphql\n{query}\n```{between}```json\n{data:#}\n```");
        queries += 1;
        rest = after;
    }
    now += rest;
    assert!(queries >= least, "only {queries} queries");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &now).expect("the document is written");
    } else {
        assert_eq!(text, now, "UPDATE_EXPECT=1 accepts the new answers");
    }
}
