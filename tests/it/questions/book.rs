//! Answers from the book's front matter: its makers, county models, courses, programmes, summits
//! (Q16–Q24).

use super::Question;
use super::shape::*;
use serde_json::{Value, json};

pub const QUESTIONS: &[Question] = &[
    Question::new("Q16", q16),
    Question::new("Q17", q17),
    Question::new("Q18", q18).unordered(&["/organisers"]),
    // The article says “last year”.
    Question::new("Q19", q19).told(&[("/article_003/launched", "2014")]),
    Question::new("Q20", q20),
    // The book says “one year later”.
    Question::new("Q21", q21).told(&[("/1/date", "2015年")]),
    Question::new("Q22", q22),
    Question::new("Q23", q23).unordered(&[""]),
    Question::new("Q24", q24).unordered(&["/*/in_001", "/*/in_004", ""]),
];

fn q16(data: &Value) -> Value {
    let book = only(&data["sources"]);
    let named = |list: &'_ Value, name: &str| {
        let mut found = all(list).iter().filter(|one| one["name"] == name);
        found.next().cloned().unwrap_or_else(|| panic!("no {name}"))
    };
    let source = named(&data["ontology"]["types"], "Source");
    let unit = match text(&named(&source["fields"], "price")["unit"]) {
        "CNY" => "元",
        other => panic!("no word for {other}"),
    };
    json!({
        "title": book["title"],
        "authors": names(all(&book["contributorsConnection"]["nodes"])),
        "publisher": book["publishedBy"]["name"],
        "place": book["placeOfPublication"],
        "isbn": book["isbn"],
        "edition": book["edition"],
        "printing": book["printing"],
        "price": {"value": book["price"], "unit": unit},
    })
}

fn q17(data: &Value) -> Value {
    each(
        all(&data["countyModels"]),
        |model| json!({"model": model["name"], "place": model["place"]["name"], "feature": model["feature"]}),
    )
}

fn q18(data: &Value) -> Value {
    let course = only(&data["programmes"]);
    let count = |indicator| bounded(of(&course["observations"], indicator));
    json!({
        "sessions": count("培训期数"),
        "trainees": count("学员数"),
        "provinces": count("覆盖省数"),
        "prefecture_cities": count("覆盖地级市数"),
        "counties": count("覆盖县数"),
        "organisers": ends(edges(course, "operators")),
    })
}

fn q19(data: &Value) -> Value {
    let programme = only(&data["programmes"]);
    let targets = |document: &str| -> Value {
        let mut targets = all(&programme["observations"]).to_vec();
        targets.retain(|one| text(&one["references"][0]["source"]["file"]).starts_with(document));
        assert!(targets.iter().all(|one| one["kind"] == "TARGET"));
        Value::Array(targets)
    };
    let (book, article) = (targets("001"), targets("003"));
    let investment = of(&book, "投资");
    assert_eq!(investment["amount"], of(&article, "投资")["amount"]);
    let amount = |indicator| &of(&article, indicator)["amount"];
    let years = of(&article, "期限");
    json!({
        "same": {"investment": {"value": investment["value"], "unit": investment["unit"]}},
        "book_001": {
            "launched": month(&edge(programme, "operators")["properties"]["since"]),
            "years": of(&book, "期限")["amount"],
            "counties": of(&book, "覆盖县数")["amount"],
            "administrative_villages": of(&book, "覆盖行政村数")["amount"],
        },
        "article_003": {
            "launched": year(&years["period"]).to_string(),
            "years": format!("{}–{}", years["value"], years["valueTo"]),
            "county_operation_centers": amount("县级运营中心数"),
            "village_service_stations": amount("村级服务站数"),
            "share_of_counties": fraction(of(&article, "覆盖全国县的比例")),
            "share_of_rural_areas": fraction(of(&article, "覆盖农村的比例")),
        },
    })
}

/// The fraction that the text prints, which must be the value.
fn fraction(observation: &Value) -> &str {
    let printed = text(&observation["printed"]);
    let fraction = printed.split(' ').next().unwrap_or_default();
    let parts = fraction.split_once('/').expect("a fraction");
    let part = |text: &str| text.parse::<f64>().expect("a number");
    let difference = number(&observation["value"]) - part(parts.0) / part(parts.1);
    assert!(difference.abs() < 1e-4, "{observation:#}");
    fraction
}

/// `2014-10` as the book prints it; a year alone as a year.
fn month(date: &Value) -> String {
    match text(date).split_once('-') {
        Some((year, month)) => format!("{year}年{}月", month.trim_start_matches('0')),
        None => format!("{}年", text(date)),
    }
}

fn q20(data: &Value) -> Value {
    let state = &only(&data["programmes"])["observations"];
    json!({
        "provinces": bounded(of(state, "覆盖省数")),
        "county_service_centres": bounded(of(state, "县级服务中心数")),
        "village_stations": bounded(of(state, "村级服务站数")),
        "orders_per_day": bounded(of(state, "日均订单")),
        "orders_per_village_per_day": bounded(of(state, "村日均订单")),
    })
}

fn q21(data: &Value) -> Value {
    let summit = |event: &Value| {
        let place = edge(event, "locatedIn");
        let venue = &place["properties"]["venue"];
        let place = if venue.is_null() {
            &place["node"]["officialName"]
        } else {
            venue
        };
        let mut summit = json!({
            "edition": event["ordinal"],
            "date": month(&event["date"]),
            "place": place,
        });
        for observation in all(&event["observations"]) {
            let key = match text(&observation["indicator"]["name"]) {
                "会场容量" => "capacity",
                "参会人数" => "attendance",
                "与会县市长人数" => "county_heads",
                other => panic!("no key for {other}"),
            };
            summit[key] = bounded(observation);
        }
        summit
    };
    each(all(&data["events"]), summit)
}

fn q22(data: &Value) -> Value {
    let event = only(&data["events"]);
    each(all(&event["observations"]), |heads| {
        let file = &only(&heads["references"])["source"]["file"];
        let printed = text(&heads["printed"]);
        let count = heads["value"].to_string();
        let (_, unit) = printed.split_once(&count).expect("the printed number");
        json!({
            "document": file,
            "name": name_in(event, file),
            "county_heads": {"value": heads["value"], "comparator": bound(heads), "unit": unit},
        })
    })
}

/// How a document names an event: by its alias if that is what the document is cited for.
fn name_in<'d>(event: &'d Value, file: &Value) -> &'d Value {
    let mut references = all(&event["references"]).iter();
    let reference = references.find(|one| &one["source"]["file"] == file);
    let fields = &reference.expect("the document is cited")["fields"];
    match fields.as_array() {
        Some(fields) if fields.contains(&json!("aliases")) => only(&event["aliases"]),
        _ => &event["name"],
    }
}

fn q23(data: &Value) -> Value {
    each(all(&data["sources"]), |preface| {
        let by = edge(preface, "contributors");
        let aliases = all(&by["node"]["aliases"]).iter();
        let aliases: String = aliases
            .map(|alias| format!("（{}）", text(alias)))
            .collect();
        json!({
            "preface": preface["subtitle"],
            "title": preface["title"],
            "author": format!("{}{aliases}", text(&by["node"]["name"])),
            "role": by["properties"]["capacity"],
        })
    })
}

fn q24(data: &Value) -> Value {
    each(all(&data["persons"]), |person| {
        let roles = |document: &str| {
            let all = edges(person, "contributions").iter();
            let of = |one: &&Value| {
                let reference = only(&one["properties"]["references"]);
                text(&reference["source"]["file"]).starts_with(document)
            };
            each(all.filter(of), |one| json!(role(document, one)))
        };
        json!({"person": person["name"], "in_001": roles("001"), "in_004": roles("004")})
    })
}

fn role(document: &str, contribution: &Value) -> String {
    let work = &contribution["node"];
    let is_part = !work["partOfWork"].is_null();
    let is_cited = !all(&work["citedByWorks"]).is_empty();
    match (document, text(&contribution["properties"]["role"])) {
        ("001", "AUTHOR") if is_part => format!("{}作者", text(&work["subtitle"])),
        ("004", "AUTHOR") if is_cited => "参考资料作者".to_owned(),
        ("001", "ADVISER") => "顾问".to_owned(),
        ("004", "ADVISER") => "指导".to_owned(),
        (_, "AUTHOR") => "作者".to_owned(),
        (_, "WRITER") => "撰写".to_owned(),
        (_, "INVITED_EXPERT") => "特邀专家".to_owned(),
        (_, "ACKNOWLEDGED") => "致谢".to_owned(),
        (_, other) => panic!("no word for {other}"),
    }
}
