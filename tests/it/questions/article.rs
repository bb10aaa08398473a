//! Answers from the English article: a returnee, villages, programmes, penetration (Q31–Q34, Q47, Q50).

use super::Question;
use super::shape::*;
use serde_json::{Value, json};

pub const QUESTIONS: &[Question] = &[
    // “Keeper” is the question's word for what the article calls “trader”.
    Question::new("Q31", q31).told(&[(
        "/role",
        "Partner (“trader” in the text): Rural Taobao station in Wanshan (Luo Sha)",
    )]),
    Question::new("Q32", q32),
    // The next five years, counted from the year of the content.
    Question::new("Q33", q33).told(&[("/period", "2015/2020")]),
    Question::new("Q34", q34),
    Question::new("Q47", q47).told(&[
        ("/0/period", "2015/2015"),
        ("/0/source", "McKinsey: 麦肯锡2月报告"),
        ("/1/period", "2024-12/2024-12"),
        ("/1/source", "CNNIC: 第54次中国互联网络发展状况统计报告"),
    ]),
    Question::new("Q50", q50),
];

fn q31(data: &Value) -> Value {
    let person = only(&data["persons"]);
    let stay = edge(person, "stays");
    let job = text(&stay["properties"]["activity"]);
    let city = text(&stay["node"]["name"]);
    let homecoming = edge(person, "returnedTo");
    let district = &homecoming["node"];
    let running = edge(person, "ventures");
    let station = &running["node"];
    let both = |place: &Value| format!("{} ({})", text(&place["name"]), text(&place["nameEn"]));
    assert_eq!(station["programme"]["name"], "Rural Taobao");
    json!({
        "person": person["name"],
        "aliases": person["aliases"],
        "age": person["age"],
        "ethnicity": person["ethnicity"],
        "home": person["hometown"]["name"],
        "from": {
            "city": city,
            "province": stay["node"]["province"]["name"],
            "job": job.to_lowercase(),
            "distance_km": homecoming["properties"]["distanceKm"],
        },
        "to": {
            "district": both(district),
            "city": both(&district["partOf"]),
            "province": district["province"]["name"],
        },
        "role": format!("{}: {}", text(&running["properties"]["role"]), text(&station["name"])),
        "competitors_beaten": of(&station["observations"], "Competitors beaten")["value"],
    })
}

fn q32(data: &Value) -> Value {
    let of = |place: &str| {
        let mut all = all(&data["observations"]).iter();
        let found = all.find(|one| one["subject"]["name"] == place);
        &found.unwrap_or_else(|| panic!("nothing of {place}"))["value"]
    };
    assert_eq!(all(&data["observations"]).len(), 2);
    json!({"national": of("中国"), "浙江": of("浙江"), "share_percent": percent(of("浙江"), of("中国"))})
}

fn q33(data: &Value) -> Value {
    let programme = only(&data["programmes"]);
    let target = |indicator| {
        let target = of(&programme["observations"], indicator);
        assert_eq!(target["kind"], "TARGET");
        target["value"].clone()
    };
    json!({
        "period": programme["period"],
        "talents_trained": target("培训电商人才"),
        "rural_entrepreneurs": target("带动农村电商创业者"),
        "direct_jobs": target("直接带动就业"),
    })
}

fn q34(data: &Value) -> Value {
    let of = |kind: &str| {
        let all: Vec<_> = all(&data["observations"])
            .iter()
            .filter(|one| one["kind"] == kind)
            .collect();
        let [one] = all[..] else {
            panic!("not one {kind}")
        };
        one
    };
    let (opened, planned) = (of("ACTUAL"), of("TARGET"));
    assert!(
        text(&opened["period"]).starts_with("2014-12/"),
        "since the end of 2014"
    );
    json!({
        "opened_since_end_2014": opened["value"],
        "planned_this_year": planned["value"],
        "ratio": number(&planned["value"]) / number(&opened["value"]),
    })
}

fn q47(data: &Value) -> Value {
    each(all(&data["observations"]), |stated| {
        let measured = only(&stated["measuredBy"]);
        let body = all(&measured["aliases"])
            .first()
            .unwrap_or(&measured["name"]);
        let work = &edge(stated, "attributedTo")["node"]["title"];
        json!({
            "period": stated["period"],
            "value": stated["value"],
            "unit": stated["unit"],
            "source": format!("{}: {}", text(body), text(work)),
            "document": only(&stated["references"])["source"]["file"],
        })
    })
}

fn q50(data: &Value) -> Value {
    let programme = &only(&data["search"]["edges"])["node"];
    let of_type = |name: &str| {
        let mut places = edges(programme, "places").iter();
        let place = places.find(|place| place["node"]["__typename"] == name);
        &place.unwrap_or_else(|| panic!("no {name}"))["node"]["name"]
    };
    let mut names = all(&programme["nameTexts"]).iter();
    let chinese = names
        .find(|name| name["lang"] == "zh")
        .expect("a Chinese name");
    let english = text(&programme["name"]).to_lowercase();
    let mut offices = all(&programme["places"]).iter();
    let office = offices
        .find_map(|place| place.get("organisations"))
        .expect("a city");
    let official = edge(only(office), "members");
    let role = text(&official["properties"]["role"]).to_lowercase();
    json!({
        "programme": format!("{english} ({})", text(&chinese["value"])),
        "province": of_type("Province"),
        "example_city": of_type("City"),
        "official": {
            "name": official["node"]["name"],
            "role": format!("{role}, {}", text(&only(office)["name"])),
        },
        "document": all(&programme["references"])[0]["source"]["file"],
    })
}
