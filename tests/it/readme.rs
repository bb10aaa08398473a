//! Does the README tell the truth? Each of its queries is asked, and must give the answer below it,
//! which `UPDATE_EXPECT=1` rewrites.

use crate::world::{World, root};

#[test]
fn each_query_gives_its_answer() {
    let path = root().join("README.md");
    let text = std::fs::read_to_string(&path).expect("README.md");
    let mut now = String::new();
    let mut queries = 0;
    let mut rest = text.as_str();
    while let Some(start) = rest.find("```graphql\n") {
        let query = &rest[start + 11..];
        let (query, after) = query.split_once("\n```").expect("an end of the query");
        let (between, after) = after.split_once("```json\n").expect("an answer");
        let (_, after) = after.split_once("```").expect("an end of the answer");
        let data = World::seed().data(query);
        now += &rest[..start];
        now += &format!("```graphql\n{query}\n```{between}```json\n{data:#}\n```");
        queries += 1;
        rest = after;
    }
    now += rest;
    assert!(queries >= 3, "only {queries} queries");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &now).expect("README.md is written");
    } else {
        assert_eq!(text, now, "UPDATE_EXPECT=1 accepts the new answers");
    }
}
