//! Answers from the slides: routes, rankings, motives, returnees (Q01–Q15).

use super::Question;
use super::shape::*;
use serde_json::{Value, json};

pub const QUESTIONS: &[Question] = &[
    Question::new("Q01", q01)
        .told(&[
            ("/extended_evidence/caveat", "Province"),
            ("/caveats/0", "广州/深圳"),
            ("/caveats/1", "WITHIN_PROVINCE"),
            ("/caveats/2", "石狮"),
        ])
        .unordered(&["/strict_evidence/no_product_stated"]),
    Question::new("Q02", q02),
    Question::new("Q03", q03),
    Question::new("Q04", q04),
    Question::new("Q05", q05),
    Question::new("Q06", q06),
    Question::new("Q07", q07),
    Question::new("Q08", q08),
    Question::new("Q09", q09),
    Question::new("Q10", q10),
    // How the two lists were told apart.
    Question::new("Q11", q11).told(&[("/caveat", "INFERRED")]),
    Question::new("Q12", q12),
    Question::new("Q13", q13)
        .told(&[("/reason", "LOST")])
        .unordered(&["/origin_cities_named_elsewhere"]),
    Question::new("Q14", q14),
    Question::new("Q15", q15),
];

fn q01(data: &Value) -> Value {
    let routes = edges(only(&data["routes"]), "returneesTo");
    let within = Routes::of(routes, "WITHIN_PROVINCE");
    let across = Routes::of(routes, "ACROSS_PROVINCES");
    assert_eq!(within.targets, "County");
    let extended = by_rank(&data["oneStepUp"]);
    let mut union = names(all(&data["strict"]));
    let further = extended.iter().map(|county| county["name"].clone());
    union.as_array_mut().expect("a list").extend(further);
    json!({
        "strict": names(all(&data["strict"])),
        "strict_evidence": {
            "county_level_routes_from_深圳": within.names,
            "scope": "省内返乡",
            "clothing": keyed(all(&data["strict"]), |county| {
                (text(&county["name"]).to_owned(), json!(specialty(county)))
            }),
            "no_product_stated": names(all(&data["noProductStated"])),
        },
        "extended_province_level": each(extended.iter().copied(), |county| json!({
            "county": county["name"],
            "province": county["province"]["name"],
            "national_rank": rank(county),
        })),
        "extended_evidence": {
            "province_level_routes_from_深圳": across.names,
            "scope": "跨省返乡",
            "caveat": across.targets,
        },
        "union": union,
        "caveats": [joint_group(routes), open_lists(&[&within, &across]), examples(&extended)],
    })
}

/// The routes of one scope.
struct Routes<'d> {
    scope: &'d str,
    names: Value,
    /// The type that all of them lead to.
    targets: &'d str,
    open: bool,
}

impl<'d> Routes<'d> {
    fn of(routes: &'d [Value], scope: &'d str) -> Self {
        let of_scope = |route: &&Value| route["properties"]["scope"] == scope;
        let routes: Vec<_> = routes.iter().filter(of_scope).collect();
        let target = &routes[0]["node"]["__typename"];
        assert!(
            routes
                .iter()
                .all(|route| &route["node"]["__typename"] == target)
        );
        Self {
            scope,
            targets: text(target),
            open: routes
                .iter()
                .all(|route| route["properties"]["listIsOpen"] == true),
            names: ends(routes),
        }
    }
}

/// The group of cities that all routes are stated for together.
fn joint_group(routes: &[Value]) -> &str {
    let group = &routes[0]["properties"]["originGroup"];
    let joint = |route: &Value| {
        route["properties"]["joint"] == true && &route["properties"]["originGroup"] == group
    };
    assert!(routes.iter().all(joint));
    text(group)
}

fn open_lists(lists: &[&Routes]) -> String {
    let open = lists.iter().filter(|list| list.open);
    open.map(|list| list.scope).collect()
}

/// The counties that are also examples of a cluster.
fn examples(counties: &[&Value]) -> String {
    let example = |county: &&&Value| {
        let mut clusters = edges(county, "clusters").iter();
        clusters.any(|cluster| cluster["properties"]["basis"] == "CLUSTER_EXAMPLE")
    };
    let examples = counties.iter().filter(example);
    examples.map(|county| text(&county["name"])).collect()
}

fn specialty(county: &Value) -> String {
    let cluster = edge(county, "clusters");
    assert_eq!(cluster["properties"]["basis"], "SPECIALTY_COLUMN");
    let product = text(&cluster["node"]["name"]);
    format!("特色产品 {product}, {}", national(county))
}

fn by_rank(places: &Value) -> Vec<&Value> {
    let mut places: Vec<_> = all(places).iter().collect();
    places.sort_by_key(|place| rank(place).as_u64());
    places
}

/// The rank of a place in the only ranking of the country that has it.
pub fn rank(place: &Value) -> &Value {
    &edge(place, "rankings")["properties"]["rank"]
}

fn national(place: &Value) -> String {
    format!("全国第{}", rank(place))
}

/// What is said of a group of cities: the part of the name after the cities.
fn pattern(city: &Value) -> Value {
    let name = text(&city["returnPattern"]["name"]);
    json!(name.split_once('：').expect("cities and pattern").1)
}

fn q02(data: &Value) -> Value {
    let city = only(&data["cities"]);
    let routes = edges(city, "returneesTo");
    let county = |route: &Value| route["node"]["__typename"] == "County";
    assert!(routes.iter().all(county));
    json!({
        "counties": ends(routes),
        "pattern": pattern(city),
        "exhaustive": !routes.iter().any(|route| route["properties"]["listIsOpen"] == true),
    })
}

fn q03(data: &Value) -> Value {
    let mut answer = keyed(all(&data["each"]), |city| {
        let name = text(&city["name"]).to_owned();
        (name, ends(edges(city, "returneesTo")))
    });
    let patterns = each(all(&data["each"]), pattern);
    assert!(all(&patterns).iter().all(|one| one == &patterns[0]));
    answer["common"] = names(all(&data["common"]));
    answer["pattern"] = patterns[0].clone();
    answer
}

fn entries(data: &Value) -> &[Value] {
    edges(only(&data["rankings"]), "entries")
}

fn q04(data: &Value) -> Value {
    each(entries(data), |entry| {
        let row = &entry["properties"];
        json!({
            "rank": row["rank"],
            "county": entry["node"]["name"],
            "province": row["printedProvince"],
            "products": row["printedProducts"],
        })
    })
}

fn q05(data: &Value) -> Value {
    let groups = &data["rankingEntriesConnection"]["groupBy"];
    keyed(all(groups), |group| {
        let province = text(&group["key"]["printedProvince"]);
        (province.to_owned(), group["count"].clone())
    })
}

fn q06(data: &Value) -> Value {
    each(entries(data), |entry| {
        let row = &entry["properties"];
        json!({"county": entry["node"]["name"], "province": row["printedProvince"], "rank": row["rank"]})
    })
}

fn q07(data: &Value) -> Value {
    let indicator = only(&data["indicators"]);
    assert_eq!(all(&indicator["rankings"]).len(), 2, "the two rankings");
    let values = all(&indicator["values"]);
    assert_eq!(indicator["valuesStated"], !values.is_empty());
    json!({
        "indicator": indicator["name"],
        "numerator": indicator["numerator"],
        "denominator": indicator["denominator"],
        "unit": text(&indicator["definition"]).trim_start_matches("平均"),
        "values_published": indicator["valuesStated"],
    })
}

fn q08(data: &Value) -> Value {
    each(entries(data), |entry| {
        json!({
            "county": entry["node"]["name"],
            "rank": entry["properties"]["rank"],
            "origins": ends(edges(&entry["node"], "returneesFrom")),
        })
    })
}

fn q09(data: &Value) -> Value {
    let entries = entries(data);
    let ranks = entries.iter().map(|entry| &entry["properties"]["rank"]);
    assert!((1..=10).eq(ranks.map(|rank| rank.as_u64().expect("a rank"))));
    ends(entries)
}

fn q10(data: &Value) -> Value {
    let product = only(&data["products"]);
    let evidence = |cluster: &Value| match text(&cluster["properties"]["basis"]) {
        "SPECIALTY_COLUMN" => format!("特色产品, {}", national(&cluster["node"])),
        "CLUSTER_EXAMPLE" => "产业集群举例".to_owned(),
        other => panic!("no word for {other}"),
    };
    json!({
        "category_rank": rank(product),
        "places": each(edges(product, "clusteredIn"), |cluster| {
            let mut place = json!({"place": cluster["node"]["name"], "evidence": evidence(cluster)});
            // The province where the document prints it.
            for entry in edges(&cluster["node"], "rankings") {
                place["province"] = entry["properties"]["printedProvince"].clone();
            }
            place
        }),
    })
}

fn q11(data: &Value) -> Value {
    let (push, pull) = (all(&data["push"]), all(&data["pull"]));
    let open = |motive: &Value| {
        let mut caveats = all(&motive["caveats"]).iter();
        caveats.any(|caveat| caveat["key"] == "open-lists")
    };
    let every = push.iter().chain(pull).all(open);
    let mut caveats = all(&push[0]["caveats"]).iter();
    let columns = caveats.find(|caveat| caveat["key"] == "motive-columns");
    json!({
        "推力": names(push),
        "拉力": names(pull),
        "lists_open": every,
        "caveat": columns.expect("a caveat")["kind"],
    })
}

fn q12(data: &Value) -> Value {
    let path = only(&data["paths"]["paths"]);
    let edge = |edge: &Value| match text(&edge["type"]) {
        "RETURN_ROUTE" => {
            assert_eq!(
                (&edge["scope"], &edge["main"]),
                (&json!("ACROSS_PROVINCES"), &json!(true))
            );
            json!("返乡路线 (跨省, 主要迁往)")
        }
        "IN_PROVINCE" => json!("所辖 (省→县)"),
        "HAS_CLUSTER" => {
            assert_eq!(edge["basis"], "SPECIALTY_COLUMN");
            json!(format!("特色产品 ({})", national(&path["nodes"][2])))
        }
        other => panic!("no word for {other}"),
    };
    json!({
        "path": labels(path),
        "edges": each(all(&path["relationships"]), edge),
        "length": path["length"],
    })
}

/// What a path leads through.
pub fn labels(path: &Value) -> Value {
    each(all(&path["nodes"]), |node| node["label"].clone())
}

fn q13(data: &Value) -> Value {
    let ranking = only(&data["rankings"]);
    let source = &only(&ranking["caveats"])["references"][0]["source"];
    let named = all(&ranking["references"]).iter();
    let named: Vec<_> = named
        .filter(|one| one["source"]["file"] == source["file"])
        .collect();
    let published = &named.first().expect("a document")["source"]["published"];
    json!({
        "list_available": !all(&ranking["entries"]).is_empty(),
        "reason": only(&ranking["caveats"])["kind"],
        "known": {
            "size": ranking["size"],
            "period": text(&ranking["period"]).replace('/', "—"),
            "publisher": ranking["publishedBy"]["name"],
            "year": year(published),
        },
        "origin_cities_named_elsewhere": names(all(&data["originsNamedElsewhere"])),
        "ranks_known": ranking["completeness"] != "LOST",
    })
}

fn q14(data: &Value) -> Value {
    let person = only(&data["persons"]);
    let study = edge(person, "studiedAt");
    let homecoming = edge(person, "returnedTo");
    assert_eq!(homecoming["node"], person["hometown"], "回到老家");
    let venture = &edge(person, "ventures")["node"];
    assert_eq!(venture["kind"], "ONLINE_SHOP");
    let sales = only(&venture["observations"]);
    json!([
        {
            "year": year(&study["properties"]["graduated"]),
            "event": format!("{}毕业", text(&study["properties"]["qualification"])),
            "organisation": study["node"]["name"],
        },
        {
            "year": year(&homecoming["properties"]["when"]),
            "season": homecoming["properties"]["occasion"],
            "event": format!("回到老家{}", text(&homecoming["properties"]["purpose"])),
            "place": homecoming["node"]["name"],
        },
        {"year": year(&venture["opened"]), "event": "开通网店", "venture": venture["name"]},
        {
            "year": year(&sales["period"]),
            "event": sales["indicator"]["name"],
            "value": sales["value"],
            "unit": sales["unit"],
            "comparator": bound(sales),
        },
    ])
}

fn q15(data: &Value) -> Value {
    each(all(&data["persons"]), |person| {
        let home = &person["hometown"];
        json!({
            "person": person["name"],
            "crop": edge(person, "grows")["node"]["name"],
            "place": format!("{}{}", stated_province(home), text(&home["name"])),
        })
    })
}

/// The province of a place where a document names it, nothing where only an editor does.
fn stated_province(place: &Value) -> &str {
    let part_of = edge(place, "partOf");
    let mut references = all(&part_of["properties"]["statedBy"]).iter();
    let stated = references.any(|reference| reference["source"]["file"].is_string());
    if stated {
        text(&part_of["node"]["name"])
    } else {
        ""
    }
}
