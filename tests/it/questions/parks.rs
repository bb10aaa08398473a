//! Answers from the report on e-commerce parks (Q35–Q49 but Q47).

use super::shape::*;
use super::{Question, slides};
use serde_json::{Value, json};

pub const QUESTIONS: &[Question] = &[
    Question::new("Q35", q35),
    Question::new("Q36", q36).unordered(&["/answer"]),
    Question::new("Q37", q37),
    Question::new("Q38", q38),
    Question::new("Q39", q39),
    Question::new("Q40", q40).told(&[("/ranking/0/phases", "Phases one and two.")]),
    Question::new("Q41", q41),
    Question::new("Q42", q42).unordered(&["/县域"]),
    Question::new("Q43", q43),
    Question::new("Q44", q44),
    Question::new("Q45", q45),
    // The claims in the data's words; the locator without the section's heading.
    Question::new("Q46", q46).told(&[
        ("/claims/0/claim", "电子商务园区最多的县级市, over 20 个"),
        ("/claims/0/locator", "一、2"),
        ("/claims/1/claim", "位居“电商百佳县”之首, 1"),
        ("/claims/2/claim", "over 20 个, over 60 万平方米"),
    ]),
    Question::new("Q48", q48),
    Question::new("Q49", q49)
        // 服务商 is in the measure's name and in what it is for.
        .told(&[("/measures/1", "符合要求的服务商服务商资金奖励")])
        .unordered(&["/measures"]),
];

fn q35(data: &Value) -> Value {
    ends(edges(only(&data["rankings"]), "entries"))
}

fn q36(data: &Value) -> Value {
    json!({
        "answer": names(all(&data["notAmongTheTen"])),
        "named": ends(edges(only(&data["named"]), "launchedIn")),
    })
}

fn q37(data: &Value) -> Value {
    let stated = &data["observations"];
    let provinces = only(&data["rankings"]);
    json!({
        "parks": bounded(of(stated, "电子商务园区数量")),
        "cross_border": bounded(of(stated, "跨境电商园区数量")),
        "county": bounded(of(stated, "县域电商园区数量")),
        "provinces": bounded(of(stated, "电子商务园区覆盖省市自治区")),
        "cities": bounded(of(stated, "电子商务园区覆盖城市")),
        "top_provinces": names(all(&provinces["entriesConnection"]["nodes"])),
        "top_provinces_share": measured(of(stated, "五省电子商务园区占比")),
    })
}

/// The name as printed there, else the usual one.
fn printed(edge: &Value) -> Value {
    match &edge["properties"]["printed"] {
        Value::Null => json!(narrow(&edge["node"]["name"])),
        printed => printed.clone(),
    }
}

fn q38(data: &Value) -> Value {
    let mut answer = keyed(all(&data["forms"]), |form| {
        let name = text(&form["name"]).to_owned();
        (name, each(edges(form, "revenue"), printed))
    });
    answer["common"] = names(all(&data["common"]));
    answer["no_subsidy"] = names(all(&data["noSubsidy"]));
    answer
}

fn q39(data: &Value) -> Value {
    let mut answer = json!({});
    for form in all(&data["parkForms"]) {
        let name = text(&form["name"]);
        let parks = edges(form, "parks");
        answer[name] = each(parks, printed);
        let built = &parks[0]["node"]["built"];
        if let Some((from, to)) = built.as_str().and_then(|built| built.split_once('/')) {
            assert!(parks.iter().all(|park| &park["node"]["built"] == built));
            let year = |text: &str| text.parse::<u16>().expect("a year");
            answer[format!("{name}_years")] = json!([year(from), year(to)]);
        }
    }
    answer
}

fn q40(data: &Value) -> Value {
    let areas = all(&data["observations"]);
    let (built, planned): (Vec<_>, Vec<_>) =
        areas.iter().partition(|area| area["kind"] == "ACTUAL");
    let mut ranking = each(built, |area| {
        let mut park = json!({"park": narrow(&area["subject"]["name"])});
        park["built_sqm"] = match &area["amountTo"] {
            Value::Null => area["amount"].clone(),
            to => json!(format!("{}–{to}", area["amount"])),
        };
        if area["amountTo"].is_null() {
            park["phases"] = area["note"].clone();
        }
        park
    });
    let [planned] = planned[..] else {
        panic!("one plan")
    };
    assert_eq!(planned["subject"]["name"], ranking[0]["park"]);
    assert_eq!(planned["note"], "Phase three, planned.");
    ranking[0]["planned_phase3_sqm"] = planned["amount"].clone();
    let county = only(&areas[0]["subject"]["locatedIn"]);
    json!({
        "ranking": ranking,
        "largest_county": {
            "county": county["name"],
            "province": county["province"]["name"],
            "national_rank": slides::rank(county),
            "product": only(&county["clusters"])["name"],
        },
    })
}

fn q41(data: &Value) -> Value {
    ends(edges(only(&data["rankings"]), "entries"))
}

fn q42(data: &Value) -> Value {
    let titles = |works: &Value| each(all(works), |work| work["title"].clone());
    json!({
        "县域": titles(&data["counties"]),
        "虎门": titles(&data["humen"]),
        "appendix_total": data["appendix"]["totalCount"],
    })
}

fn q43(data: &Value) -> Value {
    let classes = all(&data["serviceClasses"]);
    let mut answer = keyed(classes, |class| {
        let items = names(all(&class["servicesConnection"]["nodes"]));
        let name = text(&class["name"]).to_owned();
        (
            name,
            json!({"items": items, "provider": class["providedBy"]}),
        )
    });
    answer["lists_open"] = json!(classes.iter().all(|class| class["listIsOpen"] == true));
    answer
}

fn q44(data: &Value) -> Value {
    let park = only(&data["parks"]);
    let typical = &data["typical"];
    // Most parks have less than the first, most of the small ones less than the second.
    let twice = |indicator: &str| {
        let mut bounds = every(typical, indicator);
        bounds.sort_by_key(|bound| text(&bound["note"]) == "Most of the small ones.");
        let [most, small] = bounds[..] else {
            panic!("two bounds of {indicator}")
        };
        assert_eq!(bound(small), "under");
        let mut answer = bounded(most);
        answer["mostly_under"] = small["value"].clone();
        answer
    };
    let share = of(typical, "入驻企业少于100家的园区占比");
    let mut tenants = twice("入驻企业数");
    tenants["share_of_parks"] = json!(text(&share["printed"]).replace("约占", "约"));
    let floor = of(typical, "建筑面积");
    json!({
        text(&park["name"]): {
            "tenants": bounded(of(&park["observations"], "入驻企业数")),
            "staff": bounded(of(&park["observations"], "入驻企业员工数")),
        },
        "typical": {
            "tenants": tenants,
            "staff": twice("入驻企业员工数"),
            "floor_sqm": {"value": floor["amount"], "comparator": bound(floor)},
        },
    })
}

fn q45(data: &Value) -> Value {
    let path = only(&data["paths"]["paths"]);
    let written = edge(&path["nodes"][0], "contributions");
    assert_eq!(written["properties"]["role"], "AUTHOR");
    let role = |edge: &Value| match text(&edge["role"]) {
        "WRITER" => json!("撰写"),
        "CHIEF_EDITOR" => json!("主编"),
        other => panic!("no word for {other}"),
    };
    json!({
        "path": slides::labels(path),
        "edges": each(all(&path["relationships"]), role),
        "length": path["length"],
        "start_role": format!("作者 of 《{}》", text(&written["node"]["subtitle"])),
    })
}

fn q46(data: &Value) -> Value {
    let county = only(&data["counties"]);
    let count = |indicator| {
        let count = of(&county["observations"], indicator);
        let unit = text(&count["unit"]);
        format!("{} {} {unit}", bound(count), count["value"])
    };
    let called = |name: &str| {
        let mut all = all(&county["distinctions"]).iter();
        all.find(|one| text(&one["name"]).contains(name))
            .unwrap_or_else(|| panic!("not {name}"))
    };
    let (most, first) = (called("园区最多"), called("电商百佳县"));
    let parks = of(&county["observations"], "电子商务园区数量");
    let area = of(&county["observations"], "建筑面积");
    let place = locators(most).remove(0);
    assert!(
        locators(parks).contains(&place),
        "the count stands there, too"
    );
    assert!(locators(parks).contains(&locators(area)[0]));
    json!({
        "document": area["references"][0]["source"]["file"],
        "claims": [
            {
                "claim": format!("{}, {}", text(&most["name"]), count("电子商务园区数量")),
                "locator": place,
            },
            {
                "claim": format!("{}, {}", text(&first["name"]), slides::rank(county)),
                "locator": locators(first)[0],
            },
            {
                "claim": format!("{}, {}", count("电子商务园区数量"), count("建筑面积")),
                "locator": locators(area)[0],
            },
        ],
    })
}

/// Where in the documents a record is.
fn locators(record: &Value) -> Vec<&str> {
    let references = all(&record["references"]).iter();
    let stated = references.filter(|one| one["source"]["file"].is_string());
    stated.map(|one| text(&one["locator"])).collect()
}

fn q48(data: &Value) -> Value {
    let both = edges(only(&data["both"]), "entries");
    json!({
        "both": each(both, |entry| json!({
            "city": entry["node"]["name"],
            "park_rank": entry["properties"]["rank"],
        })),
        "origin_only": names(all(&data["originOnly"])),
    })
}

fn q49(data: &Value) -> Value {
    let policy = only(&data["policies"]);
    let fund = of(&policy["observations"], "每年专项资金");
    assert_eq!(fund["note"], "Per year.");
    let measures = all(&policy["measures"]).iter();
    let measures = measures.filter(|one| !text(&one["name"]).ends_with("专项资金"));
    json!({
        "park": only(&policy["benefits"])["name"],
        "fund": {"value": fund["value"], "unit": fund["unit"], "per": "year"},
        "measures": each(measures, |one| {
            json!(format!("{}{}", text(&one["gist"]), text(&one["name"])))
        }),
        "policy": policy["officialName"],
    })
}
