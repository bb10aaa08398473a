//! Does a second ontology, which has nothing to do with ours, work without any code of its own?

use super::*;
use serde_json::json;

fn film() -> (Home, Server) {
    let home = Home::new();
    let server = home.serve(&FILM);
    (home, server)
}

#[track_caller]
fn data(server: &Server, query: &str) -> Value {
    let answer = server.ask(query);
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}

#[test]
fn look_ups_lists_and_edges_answer() {
    let (_home, server) = film();
    let godfather = data(
        &server,
        "{ film(imdb: \"tt0068646\") { id title(lang: [\"it\"]) minutes gross shooting extra
             directedBy { name born birthplace { name } }
             castConnection(sort: [{edge: {billing: ASC}}], first: 2) {
               totalCount edges { properties { character billing references { source { key } locator } } node { name } } }
         } }",
    );
    let cast = &godfather["film"]["castConnection"];
    assert_eq!(cast["totalCount"], 3);
    assert_eq!(cast["edges"][0]["node"]["name"], "Marlon Brando");
    let role = &cast["edges"][0]["properties"];
    assert_eq!(role["character"], "Vito Corleone");
    assert_eq!(
        role["references"][0],
        json!({"source": {"key": "cinema-guide"}, "locator": "G"})
    );
    let film = &godfather["film"];
    assert_eq!(film["title"], "Il padrino");
    assert_eq!(film["gross"], "250000000");
    assert_eq!(film["shooting"], "1971-03-29/1971-08");
    assert_eq!(film["extra"], json!({"restored": [2007, 2022]}));
}

#[test]
fn interfaces_closures_and_symmetric_edges_answer() {
    let (_home, server) = film();
    let answer = data(
        &server,
        "{ film(key: \"godfather-3\") { prequels { id __typename } }
           works(where: {title: {eq: \"Fargo\"}}, sort: [{released: ASC}]) { __typename id ... on Series { seasons } }
           person(key: \"taylor\") { partnersConnection { totalCount edges { properties { during } } } partners { key partners { key } } } }",
    );
    let prequels = json!([
        {"id": "Film:godfather", "__typename": "Film"},
        {"id": "Film:godfather-2", "__typename": "Film"},
    ]);
    assert_eq!(answer["film"]["prequels"], prequels);
    let works = json!([
        {"__typename": "Film", "id": "Film:fargo"},
        {"__typename": "Series", "id": "Series:fargo-series", "seasons": 5},
    ]);
    assert_eq!(answer["works"], works);
    let taylor = &answer["person"];
    assert_eq!(taylor["partnersConnection"]["totalCount"], 2);
    assert_eq!(
        taylor["partners"],
        json!([{"key": "burton", "partners": [{"key": "taylor"}]}])
    );
}

#[test]
fn filters_languages_and_plurals_follow_the_ontology() {
    let (_home, server) = film();
    let answer = data(
        &server,
        "{ people(where: {roles: {some: {title: {startsWith: \"2001\"}}}}, sort: [{name: ASC}]) { name }
           roles(where: {voice: {eq: true}}) { character source { label } target { label } }
           serieses { key }
           cities(where: {location: {distance: {from: {latitude: 48.85, longitude: 2.35}, lte: 5000}}}) { key } }",
    );
    assert_eq!(answer["cities"], json!([{"key": "paris"}]));
    assert_eq!(answer["roles"].as_array().unwrap().len(), 2);
    assert_eq!(answer["serieses"].as_array().unwrap().len(), 2);
    assert_eq!(answer["people"].as_array().unwrap().len(), 2);
    let body = json!({"query": "{ film(key: \"strangelove\") { title } }"}).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("accept-language", "fr;q=0.9, en;q=0.5"),
    ];
    let french = http::post(server.address, body.as_bytes(), &headers).json();
    assert_eq!(french["data"]["film"]["title"], "Docteur Folamour");
}

#[test]
fn it_goes_out_and_in_again() {
    let home = Home::new();
    home.run(["query", "{ revision }"].into_iter().chain(FILM))
        .ok();
    home.run(["export", "out"].into_iter().chain(FILM)).ok();
    let again = ["import", "out", "--data", "again", "--no-seed"];
    let told = home.run(again.into_iter().chain([FILM[0], FILM[1]])).ok();
    says_all(&told, &["0 updated", "revision 1"]);
    says_all(
        &home.run(["verify", "--data", "again"]).ok(),
        &["all is well"],
    );
}
