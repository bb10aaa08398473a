//! Answers from the paper on Yiwu: its figures, towns, village, platforms, theories (Q25–Q30).

use super::Question;
use super::shape::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const QUESTIONS: &[Question] = &[
    Question::new("Q25", q25),
    Question::new("Q26", q26),
    Question::new("Q27", q27).unordered(&[""]),
    Question::new("Q28", q28).unordered(&["/platforms"]),
    Question::new("Q29", q29).unordered(&[
        "/直播销售 (北下朱村)",
        "/农产品品牌专区 (义乌优选, 义乌农品)",
        "/跨境出口渠道",
    ]),
    Question::new("Q30", q30),
];

/// The observations of each year.
fn by_year(data: &Value) -> Vec<(Value, Value)> {
    let mut years: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
    for one in all(&data["observations"]) {
        let year = year(&one["period"]).as_u64().expect("a year");
        years.entry(year).or_default().push(one.clone());
    }
    let years = years.into_iter();
    years
        .map(|(year, all)| (json!(year), Value::Array(all)))
        .collect()
}

fn q25(data: &Value) -> Value {
    let years = by_year(data).into_iter().map(|(year, stated)| {
        let volume = of(&stated, "电子商务交易额");
        let growth = of(&stated, "电子商务交易额同比增长");
        assert_eq!(growth["unit"], "%");
        assert_eq!((bound(volume), bound(growth)), ("exact", "exact"));
        let mut answer = json!({
            "year": year,
            "value": volume["value"],
            "unit": volume["unit"],
            "yoy_percent": growth["value"],
        });
        for counted in all(&volume["measuredBy"]) {
            answer["source"] = counted["name"].clone();
        }
        answer
    });
    years.collect()
}

fn q26(data: &Value) -> Value {
    let years = by_year(data).into_iter().map(|(year, stated)| {
        let across = of(&stated, "跨境电商交易额");
        let share = of(&stated, "跨境电商占比");
        let printed = text(&share["printed"]);
        assert!(printed.contains(&format!("超过{}%", share["value"])));
        assert_eq!(bound(share), "over");
        json!({
            "year": year,
            "value": across["value"],
            "unit": across["unit"],
            "share_stated": printed.trim_start_matches("占比"),
            "share_computed_percent": percent(&across["value"], &of(&stated, "电子商务交易额")["value"]),
        })
    });
    years.collect()
}

fn q27(data: &Value) -> Value {
    each(
        all(&data["towns"]),
        |town| json!({"town": town["name"], "product": edge(town, "clusters")["node"]["name"]}),
    )
}

fn q28(data: &Value) -> Value {
    let village = only(&data["villages"]);
    let stated = |indicator| measured(of(&village["observations"], indicator));
    json!({
        "title": only(&village["distinctions"])["name"],
        "platforms": ends(edges(village, "platforms")),
        "sales_2024": stated("电商销售额"),
        "direct_jobs": stated("直接带动就业"),
        "city": village["partOf"]["name"],
    })
}

fn q29(data: &Value) -> Value {
    let mut groups = json!({});
    for used in all(&data["platformUses"]) {
        let detail = text(&used["detail"]);
        let group = match text(&used["purpose"]) {
            "LIVE_SALES" => format!("直播销售 ({})", text(&used["target"]["label"])),
            "FARM_PRODUCE_ZONE" => {
                let brands = detail.strip_suffix("品牌专区").expect("the brands' zones");
                format!("农产品品牌专区 ({})", brands.replace('、', ", "))
            }
            "CROSS_BORDER_EXPORT" => "跨境出口渠道".to_owned(),
            other => panic!("no word for {other}"),
        };
        let group = &mut groups[group];
        if group.is_null() {
            *group = json!([]);
        }
        let platforms = group.as_array_mut().expect("a list");
        platforms.push(used["source"]["label"].clone());
    }
    groups
}

fn q30(data: &Value) -> Value {
    each(
        all(&data["theories"]),
        |theory| json!({"theory": theory["name"], "explains": theory["explains"]}),
    )
}
