//! `at`, `history` and `diff`.

use super::{CITIES, Kept, ROAD, people};
use serde_json::{Value, json};

/// Commits whose state at each revision is told by `at`.
fn written() -> Kept {
    let kept = Kept::new();
    kept.data(CITIES);
    kept.data(&people("sz", 7));
    kept.data(ROAD);
    kept.data(r#"mutation { commit(message: "enough") { revision } deleteCities(where: {key: {eq: "sz"}}, cascade: true) { deleted } }"#);
    kept.data(
        r#"mutation { createCities(input: [{key: "sz", name: "Shenzhen again"}]) { created } }"#,
    );
    kept
}

#[test]
fn the_past_answers_as_it_was() {
    let kept = written();
    let query = r#"{ revision
      a: at(revision: "0") { revision cities { id } }
      b: at(revision: "1") { revision city(id: "City:sz") { people partOf { name } } ontology { types { name count } } }
      c: at(revision: "3") { cities(where: {people: {gt: 6}}, sort: [{people: ASC}]) { name roadsConnection { edges { properties { lanes } } } } at(revision: "4") { revision } __typename }
      d: at(revision: "4") { city(id: "City:sz") { id } search(query: "shenzhen") { totalCount } }
      cities(sort: [{name: ASC}]) { name } }"#;
    let expected = json!({
        "revision": "5",
        "a": {"revision": "0", "cities": []},
        "c": {"cities": [{"name": "Shenzhen", "roadsConnection": {"edges": [{"properties": {"lanes": 2}}]}}, {"name": "Guangzhou", "roadsConnection": {"edges": []}}], "at": {"revision": "4"}, "__typename": "Query"},
        "d": {"city": null, "search": {"totalCount": 0}},
        "cities": [{"name": "Guangzhou"}, {"name": "Shenzhen again"}],
    });
    let check = |kept: &Kept| {
        let mut found = kept.data(query);
        let before = found.as_object_mut().unwrap().remove("b").unwrap();
        assert_eq!(
            before["city"],
            json!({"people": 5, "partOf": {"name": "Guangdong"}})
        );
        let types = before["ontology"]["types"].as_array().unwrap();
        assert!(types.contains(&json!({"name": "City", "count": 2})));
        assert_eq!(found, expected);
    };
    check(&kept);
    check(&kept.reopen());
}

#[test]
fn a_time_names_the_last_commit_until_then() {
    let kept = written();
    let entries = kept.data(r#"{ history(id: "City:sz") { revision at } }"#);
    for entry in entries["history"].as_array().unwrap() {
        let (revision, at) = (&entry["revision"], entry["at"].as_str().unwrap());
        let found = kept.data(&format!(
            r#"{{ at(time: "{at}") {{ revision city(id: "City:sz") {{ id }} }} }}"#
        ));
        let number = |value: &Value| value.as_str().unwrap().parse::<u64>().unwrap();
        // Commits of the same millisecond have one time.
        assert!(number(&found["at"]["revision"]) >= number(revision));
    }
    let first = kept.data(r#"{ at(time: "1990-01-01T00:00:00Z") { revision } }"#);
    assert_eq!(first["at"]["revision"], "0");
}

#[test]
fn a_past_that_is_not_there_is_told() {
    let kept = written();
    let (code, message) = kept.error(r#"{ at(revision: "9") { revision } }"#);
    assert_eq!(code, "NOT_FOUND");
    assert!(
        message.contains("no revision 9") && message.contains("0 to 5"),
        "{message}"
    );
    let answer =
        kept.ask(r#"{ a: at(revision: "1") { revision b: at(revision: "9") { revision } } }"#);
    assert_eq!(answer["errors"][0]["path"], json!(["a", "b"]));
    assert_eq!(answer["data"], Value::Null);
    for wrong in [
        "",
        r#"(revision: "1", time: "2020-01-01T00:00:00Z")"#,
        r#"(revision: "x")"#,
    ] {
        let (code, _) = kept.error(&format!("{{ at{wrong} {{ revision }} }}"));
        assert_eq!(code, "BAD_USER_INPUT", "{wrong}");
    }
    let answer = kept
        .ask(r#"{ at(revision: "1") { city(id: "City:sz") { name } cities(limit: -1) { id } } }"#);
    assert_eq!(answer["errors"][0]["path"], json!(["at", "cities"]));
    let many: Vec<_> = (0..11)
        .map(|n| format!(r#"a{n}: at(revision: "1") {{ revision }}"#))
        .collect();
    let (code, message) = kept.error(&format!("{{ {} }}", many.join(" ")));
    assert_eq!(
        (code.as_str(), message.contains("`past`")),
        ("LIMIT_EXCEEDED", true)
    );
    let (code, _) = kept.error(r#"{ at(revision: "1") { __schema { queryType { name } } } }"#);
    assert_eq!(code, "BAD_USER_INPUT");
}

#[test]
fn history_tells_what_happened_to_a_record() {
    let kept = written();
    let history = |arguments: &str| {
        let query =
            format!("{{ history({arguments}) {{ revision message action before after }} }}");
        kept.data(&query)["history"].clone()
    };
    let city = |rest: Value| {
        let mut line = json!({"type": "City", "key": "sz", "name": "Shenzhen"});
        line.as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        line
    };
    let (five, seven) = (city(json!({"people": 5})), city(json!({"people": 7})));
    let whole = json!([
        {"revision": "5", "message": null, "action": "CREATED", "before": null, "after": city(json!({"name": "Shenzhen again"}))},
        {"revision": "4", "message": "enough", "action": "DELETED", "before": seven, "after": null},
        {"revision": "2", "message": null, "action": "UPDATED", "before": five, "after": seven},
        {"revision": "1", "message": "cities", "action": "CREATED", "before": null, "after": five},
    ]);
    assert_eq!(history(r#"id: "City:sz""#), whole);
    assert_eq!(
        history(r#"id: "City:sz", first: 2"#),
        json!([whole[0], whole[1]])
    );
    assert_eq!(
        history(r#"id: "City:sz", before: "4", first: 1"#),
        json!([whole[2]])
    );
    assert_eq!(history(r#"id: "City:nobody""#), json!([]));
    let road = history(r#"id: "ROAD:City:sz>City:gz>4""#);
    let actions: Vec<_> = road
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (&entry["revision"], &entry["action"]))
        .collect();
    assert_eq!(
        actions,
        [
            (&json!("4"), &json!("DELETED")),
            (&json!("3"), &json!("CREATED"))
        ]
    );
    let (code, _) = kept.error(r#"{ history(id: "nothing") { revision } }"#);
    assert_eq!(code, "BAD_USER_INPUT");
}

#[test]
fn a_difference_tells_what_was_added_removed_and_changed() {
    let kept = written();
    let diff = |arguments: &str| {
        let events = "{ action id node { label } before after }";
        let query = format!(
            "{{ diff({arguments}) {{ from to added {events} removed {events} changed {events} }} }}"
        );
        kept.data(&query)["diff"].clone()
    };
    let ids = |of: &Value| -> Vec<String> {
        of.as_array()
            .unwrap()
            .iter()
            .map(|event| event["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let found = diff(r#"from: "1", to: "3""#);
    assert_eq!((&found["from"], &found["to"]), (&json!("1"), &json!("3")));
    assert_eq!(ids(&found["added"]), ["ROAD:City:sz>City:gz>4"]);
    assert_eq!(ids(&found["changed"]), ["City:sz"]);
    assert_eq!(found["changed"][0]["before"]["people"], 5);
    assert_eq!(found["changed"][0]["after"]["people"], 7);
    assert_eq!(found["removed"], json!([]));
    let back = diff(r#"from: "4", to: "2", types: [City]"#);
    assert_eq!(ids(&back["added"]), ["City:sz"]);
    assert_eq!(back["added"][0]["node"]["label"], "Shenzhen");
    let now = diff(r#"from: "2", types: [Place]"#);
    assert_eq!(
        (ids(&now["changed"]), now["to"].as_str()),
        (vec!["City:sz".to_owned()], Some("5"))
    );
    assert_eq!(now["changed"][0]["node"]["label"], "Shenzhen again");
    assert_eq!(diff(r#"from: "3", to: "3""#)["changed"], json!([]));
    assert_eq!(kept.error(r#"{ diff(from: "7") { to } }"#).0, "NOT_FOUND");
}
