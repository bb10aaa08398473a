//! Commits as they are told to subscribers.

use super::{CITIES, Kept, ROAD, people, revisions, told};
use crate::world::{context, request};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use guitu::api::engine::EngineLimits;
use guitu::api::service::{Opened, Service};
use serde_json::json;

#[test]
fn each_commit_comes_once_with_its_records_before_and_after() {
    let kept = Kept::new();
    let mut all = kept.subscribe(
        "subscription { changes { revision message events { action id node { label ... on City { people } } relationship { type source { id } } before after } } }",
    );
    assert!(all.waits());
    kept.data(CITIES);
    let first = all.data();
    assert_eq!(
        (&first["revision"], &first["message"]),
        (&json!("1"), &json!("cities"))
    );
    let events = first["events"].as_array().unwrap();
    let ids: Vec<_> = events.iter().map(|event| &event["id"]).collect();
    assert_eq!(ids.len(), 4, "{first:#}");
    assert!(
        events
            .iter()
            .all(|event| event["action"] == "CREATED" && event["before"].is_null())
    );
    kept.data(&people("sz", 7));
    kept.data(&people("sz", 8));
    kept.data(ROAD);
    // As of each commit, though both have happened.
    let second = all.data();
    assert_eq!(
        second["events"],
        json!([{
            "action": "UPDATED", "id": "City:sz",
            "node": {"label": "Shenzhen", "people": 7}, "relationship": null,
            "before": {"type": "City", "key": "sz", "name": "Shenzhen", "people": 5},
            "after": {"type": "City", "key": "sz", "name": "Shenzhen", "people": 7},
        }])
    );
    assert_eq!(all.data()["events"][0]["node"]["people"], 8);
    let road = all.data()["events"][0].clone();
    assert_eq!(
        road["relationship"],
        json!({"type": "ROAD", "source": {"id": "City:sz"}})
    );
    assert_eq!(
        road["after"],
        json!({"type": "ROAD", "source": "sz", "target": "gz", "number": 4, "lanes": 2})
    );
    kept.data(r#"mutation { deleteCities(where: {key: {eq: "sz"}}, cascade: true) { deleted } }"#);
    let gone = all.data();
    let actions: Vec<_> = gone["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            (
                event["action"].as_str().unwrap(),
                event["id"].as_str().unwrap(),
                event["node"].is_null(),
                event["after"].is_null(),
            )
        })
        .collect();
    assert_eq!(actions[0], ("DELETED", "City:sz", true, true));
    assert!(
        actions.contains(&("DELETED", "ROAD:City:sz>City:gz>4", true, true)),
        "{gone:#}"
    );
    assert!(all.waits());
}

#[test]
fn a_subscription_resumes_after_any_commit() {
    let kept = Kept::new();
    kept.data(CITIES);
    for number in 10..20 {
        kept.data(&people("sz", number));
    }
    let kept = kept.reopen();
    kept.data(&people("gz", 1));
    for after in 0..=12 {
        let query = format!(r#"subscription {{ changes(after: "{after}") {{ revision }} }}"#);
        let mut late = kept.subscribe(&query);
        assert_eq!(
            revisions(&mut late, 12 - after),
            (after as u64 + 1..=12).collect::<Vec<_>>()
        );
        assert!(late.waits());
    }
    let mut now = kept.subscribe("subscription { changes { revision } }");
    kept.data(&people("gz", 2));
    assert_eq!(revisions(&mut now, 1), [13]);
}

#[test]
fn the_first_commits_are_told_though_they_are_kept_as_a_whole() {
    let kept = Kept::new();
    kept.data(CITIES);
    let kept = kept.reopen();
    let query = r#"subscription { changes(types: [City], after: "0") { revision events { action id node { id } before } } }"#;
    let first = kept.subscribe(query).data();
    let event =
        |id: &str| json!({"action": "CREATED", "id": id, "node": {"id": id}, "before": null});
    assert_eq!(
        first,
        json!({"revision": "1", "events": [event("City:sz"), event("City:gz")]})
    );
}

#[test]
fn only_what_is_asked_for_is_told() {
    let kept = Kept::new();
    kept.data(CITIES);
    let query = |arguments: &str| {
        format!(r#"subscription {{ changes({arguments}) {{ revision events {{ id }} }} }}"#)
    };
    let mut places = kept.subscribe(&query("types: [Place]"));
    let mut provinces = kept.subscribe(&query("types: [Province]"));
    let mut roads = kept.subscribe(&query("relationships: [ROAD]"));
    let mut large = kept.subscribe(r#"subscription { cityChanged(where: {people: {gt: 100}}) { revision events { action node { people } } } }"#);
    let mut wide = kept.subscribe(r#"subscription { roadChanged(where: {lanes: {gte: 4}, source: {people: {gt: 100}}}) { revision events { action relationship { lanes source { people } } before } } }"#);
    let mut of_places = kept.subscribe(r#"subscription { placeChanged(where: {name: {eq: "Guangdong"}}) { __typename revision events { __typename id } } }"#);
    kept.data(&people("sz", 7));
    kept.data(ROAD);
    kept.data(&people("sz", 700));
    kept.data(r#"mutation { updateRoads(where: {}, set: {lanes: 4}) { updated } }"#);
    kept.data(r#"mutation { deleteRoads(where: {}) { deleted } deleteCities(where: {people: {gt: 600}}, cascade: true) { deleted } updateProvinces(where: {}, set: {name: "Guangdong"}) { updated } }"#);
    kept.data(r#"mutation { updateProvinces(where: {}, set: {name: "Canton"}) { updated } }"#);
    kept.data(r#"mutation { updateProvinces(where: {}, set: {name: "Guangdong"}) { updated } }"#);
    assert_eq!(revisions(&mut places, 5), [2, 4, 6, 7, 8]);
    assert_eq!(revisions(&mut provinces, 2), [7, 8]);
    assert_eq!(revisions(&mut roads, 3), [3, 5, 6]);
    assert_eq!(
        large.data(),
        json!({"revision": "4", "events": [{"action": "UPDATED", "node": {"people": 700}}]})
    );
    assert_eq!(
        large.data(),
        json!({"revision": "6", "events": [{"action": "DELETED", "node": null}]})
    );
    let road = wide.data();
    assert_eq!(
        road["events"][0]["relationship"],
        json!({"lanes": 4, "source": {"people": 700}})
    );
    assert_eq!(wide.data()["events"][0]["before"]["lanes"], 4);
    let named = json!({"__typename": "PlaceChangeSet", "revision": "8", "events": [{"__typename": "PlaceChangeEvent", "id": "Province:gd"}]});
    assert_eq!(of_places.data(), named);
    for quiet in [
        &mut places,
        &mut roads,
        &mut large,
        &mut wide,
        &mut of_places,
    ] {
        assert!(quiet.waits());
    }
}

#[test]
fn a_subscriber_that_lags_is_told_where_to_resume() {
    let kept = Kept::new();
    kept.data(CITIES);
    let mut slow = kept.subscribe("subscription { changes { revision } }");
    kept.data(&people("sz", 1));
    assert_eq!(revisions(&mut slow, 1), [2]);
    // More than the feed holds.
    kept.runtime.block_on(async {
        let mut writes = FuturesUnordered::new();
        for number in 0..4200 {
            let query = people("sz", number + 10);
            let engine = &kept.engine;
            writes.push(async move { engine.execute(&request(&query, None), &context()).await });
            if writes.len() >= 64 {
                writes.next().await;
            }
        }
        while writes.next().await.is_some() {}
    });
    let (code, message) = told(&slow.next().unwrap());
    assert_eq!(code, "LIMIT_EXCEEDED");
    assert!(
        message.contains("`lag`") && message.contains(r#"after: "2""#),
        "{message}"
    );
    assert!(slow.next().is_none());
    let mut resumed = kept.subscribe(r#"subscription { changes(after: "2") { revision } }"#);
    assert_eq!(
        revisions(&mut resumed, 4200),
        (3..=4202).collect::<Vec<_>>()
    );
    assert!(resumed.waits());
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let limits = EngineLimits {
        subscribers: 1,
        ..EngineLimits::default()
    };
    let kept = Kept::limited(limits);
    kept.data(CITIES);
    let (code, message) = kept.refused(r#"subscription { changes(after: "2") { revision } }"#);
    assert_eq!(code, "NOT_FOUND");
    assert!(message.contains("from 0 to 1"), "{message}");
    let (code, message) = kept.refused(r#"subscription { changes(after: "-1") { revision } }"#);
    assert_eq!(
        (code.as_str(), message.contains("no revision")),
        ("BAD_USER_INPUT", true)
    );
    let (code, _) =
        kept.refused(r#"subscription { cityChanged(where: {name: {matches: "("}}) { revision } }"#);
    assert_eq!(code, "BAD_USER_INPUT");
    let (code, _) = kept.refused("subscription { changes { revision } cityChanged { revision } }");
    assert_eq!(code, "GRAPHQL_VALIDATION_FAILED");
    let (code, message) = kept.error("subscription { changes { revision } }");
    assert_eq!(
        (code.as_str(), message.contains("WebSocket")),
        ("BAD_USER_INPUT", true)
    );
    assert!(matches!(
        kept.engine
            .subscribe(&request("{ revision }", None), &context()),
        Opened::NoSubscription
    ));
    assert_eq!(kept.subscribers(), 0.0);
    let only = kept.subscribe("subscription { changes { revision } }");
    assert_eq!(kept.subscribers(), 1.0);
    let (code, message) = kept.refused("subscription { changes { revision } }");
    assert_eq!(
        (code.as_str(), message.contains("`subscriptions`")),
        ("LIMIT_EXCEEDED", true)
    );
    drop(only);
    assert_eq!(kept.subscribers(), 0.0);
}

#[test]
fn a_commit_that_is_too_much_ends_the_subscription_and_says_so() {
    let writer = Kept::new();
    let limits = EngineLimits {
        cost: 40,
        ..EngineLimits::default()
    };
    let kept = Kept::over(writer.disk.clone(), writer.db.clone(), limits);
    let mut all = kept.subscribe("subscription { changes { revision events { node { id } } } }");
    let cities: Vec<_> = (0..50)
        .map(|n| format!(r#"{{key: "c{n}", name: "C"}}"#))
        .collect();
    writer.data(&format!(
        "mutation {{ createCities(input: [{}]) {{ created }} }}",
        cities.join(",")
    ));
    let (code, message) = told(&all.next().unwrap());
    assert_eq!(code, "LIMIT_EXCEEDED");
    assert!(
        message.contains("commit 1") && message.contains(r#"after: "1""#),
        "{message}"
    );
    assert!(all.next().is_none());
}

#[test]
fn subscriptions_end_with_the_graph() {
    let kept = Kept::new();
    let Kept {
        db,
        engine,
        runtime,
        disk: _,
    } = kept;
    let context = context();
    let opened = engine.subscribe(
        &request("subscription { changes { revision } }", None),
        &context,
    );
    let Opened::Answers(mut answers) = opened else {
        panic!("refused")
    };
    drop((db, engine));
    // The subscription itself holds the graph: it ends with whoever reads it.
    assert!(
        runtime
            .block_on(async { answers.next().now_or_never() })
            .is_none()
    );
}

#[test]
fn slow_readers_and_a_steady_writer_both_go_on() {
    let kept = Kept::new();
    kept.data(CITIES);
    let mut readers: Vec<_> = (0..8)
        .map(|_| kept.subscribe(r#"subscription { changes(after: "0") { revision events { node { id label references { locator } } before after } } }"#))
        .collect();
    let (mut written, mut read) = (1, 0);
    for round in 0..50 {
        // The readers take one commit while the writer makes four: none waits for the other.
        for number in 0..4 {
            kept.data(&people("sz", round * 4 + number + 10));
            written += 1;
        }
        for reader in &mut readers {
            let next = revisions(reader, 1);
            assert_eq!(next, [round as u64 + 1]);
            read += 1;
        }
    }
    assert_eq!((written, read), (201, 400));
    for reader in &mut readers {
        assert_eq!(revisions(reader, 151), (51..=201).collect::<Vec<_>>());
        assert!(reader.waits());
    }
}
