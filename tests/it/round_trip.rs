//! Do random graphs survive the way out and back in?

use crate::exchange::{assert_round_trip, film, graph_of, write};

/// A small generator: the same seed gives the same world.
struct Dice {
    state: u64,
    /// Whether only what CSV can hold comes up.
    csv: bool,
}

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.state >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

/// What is hard to write down and read again.
const TEXTS: &[&str] = &[
    "",
    "plain",
    " ",
    "a,b",
    "\"",
    "\"\"",
    "a|b",
    "\\",
    "\\|",
    "two\nlines",
    "\r\n",
    "\r",
    "普宁",
    "#",
    "@",
    "a@b+c",
    "null",
    "true",
    "\u{feff}",
    "'",
    ";",
    "\t",
    "=1+1",
    "Film:x",
    "{}",
    "é\u{301}",
];

/// Keys: any text without outer space and control characters.
const KEYS: &[&str] = &[
    "a", "b:c", "x|y", "q\"q", "k,k", "普宁", "h#h", "s\\", "Film:a", "@", "0",
];

const JSONS: &[&str] = &[
    "1",
    "-0.0",
    "1e400",
    "\"a|b\"",
    "[]",
    "{\"b\":[null,1.50],\"a\":\"x, y\"}",
    "true",
];

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A name and what makes a value.
type Member<'a> = (&'a str, &'a dyn Fn(&mut Dice) -> String);

/// Members of an object, each with a chance of one in two.
fn members(dice: &mut Dice, of: &[Member<'_>]) -> String {
    let mut text = String::new();
    for (name, value) in of {
        if dice.roll(2) == 0 {
            text += &format!(",\"{name}\":{}", value(dice));
        }
    }
    text
}

fn text(dice: &mut Dice) -> String {
    let texts = TEXTS[usize::from(dice.csv)..].to_vec();
    json(dice.pick(&texts))
}

fn texts(dice: &mut Dice) -> String {
    format!("{{\"en\":{},\"zh-Hant\":{}}}", text(dice), text(dice))
}

fn list(dice: &mut Dice, item: &dyn Fn(&mut Dice) -> String) -> String {
    let items: Vec<String> = (0..dice.roll(4) + usize::from(dice.csv))
        .map(|_| item(dice))
        .collect();
    format!("[{}]", items.join(","))
}

fn references(dice: &mut Dice, fields: &[&str]) -> String {
    let reference = |dice: &mut Dice| {
        let fields = |dice: &mut Dice| format!("[{}]", json(dice.pick(fields)));
        let kinds = 3 - usize::from(dice.csv);
        let all: [Member<'_>; 3] = [("locator", &text), ("fields", &fields), ("note", &text)];
        let rest = members(dice, &all[..kinds]);
        format!("{{\"source\":{}{rest}}}", json(dice.pick(KEYS)))
    };
    list(dice, &reference)
}

fn film_line(dice: &mut Dice, key: &str) -> String {
    let genre = |dice: &mut Dice| json(dice.pick(&["DRAMA", "ART", "NOIR"]));
    let cites = |dice: &mut Dice| references(dice, &["title", "imdb"]);
    let rest = members(
        dice,
        &[
            ("minutes", &|dice| (dice.roll(999) + 1).to_string()),
            ("gross", &|dice| {
                json(&(dice.roll(1 << 30) as i64 * -8_589_934_591).to_string())
            }),
            ("score", &|dice| {
                format!("{:?}", dice.roll(1 << 20) as f64 / 104_857.7)
            }),
            ("colour", &|dice| (dice.roll(2) == 0).to_string()),
            ("genres", &|dice| list(dice, &genre)),
            ("keywords", &|dice| list(dice, &text)),
            ("ratings", &|dice| {
                list(dice, &|dice| (dice.roll(5) + 1).to_string())
            }),
            ("shooting", &|dice| {
                json(dice.pick(&["2001/2002-03", "../1999", "2001-01-01/.."]))
            }),
            ("premiere", &|dice| {
                json(dice.pick(&["2016-04-08T09:30:00.000001Z", "1969-12-31T23:59:59Z"]))
            }),
            ("released", &|dice| {
                json(dice.pick(&["2016", "2016-02", "2016-02-29"]))
            }),
            ("extra", &|dice| dice.pick(JSONS).to_owned()),
            ("aspect", &text),
            ("references", &cites),
        ],
    );
    format!(
        "{{\"type\":\"Film\",\"key\":{},\"title\":{}{rest}}}\n",
        json(key),
        texts(dice)
    )
}

/// A world of films, people and cities, of which some parts have only what CSV can hold.
fn world(seed: u64, csv: bool) -> String {
    let mut dice = Dice { state: seed, csv };
    let mut lines = String::new();
    for key in KEYS {
        lines += &format!(
            "{{\"type\":\"Source\",\"key\":{0},\"title\":{{\"en\":{0}}}}}\n",
            json(key)
        );
        lines += &film_line(&mut dice, key);
        lines += &format!(
            "{{\"type\":\"Person\",\"key\":{0},\"name\":{0}}}\n",
            json(key)
        );
        let degrees = dice.roll(1 << 20) as f64 / 11_650.9;
        lines += &format!(
            "{{\"type\":\"City\",\"key\":{},\"name\":{},\"location\":{{\"latitude\":{degrees:?},\"longitude\":{:?}}}}}\n",
            json(key),
            texts(&mut dice),
            -2.0 * degrees,
        );
    }
    for of in ["SEQUEL_OF", "BORN_IN"] {
        for key in KEYS.iter().filter(|key| key.len() % 2 == 1) {
            let other = dice.pick(KEYS);
            let prefix = if of == "SEQUEL_OF" { "Film:" } else { "" };
            lines += &format!(
                "{{\"type\":\"{of}\",\"source\":{},\"target\":{}}}\n",
                json(&format!("{prefix}{key}")),
                json(&format!("{prefix}{other}")),
            );
        }
    }
    let (mut roles, mut unions) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        let (a, b) = (dice.pick(KEYS), dice.pick(KEYS));
        let role = (a, b, text(&mut dice));
        if !roles.contains(&role) {
            roles.push(role.clone());
            let cites = |dice: &mut Dice| references(dice, &["billing"]);
            let rest = members(
                &mut dice,
                &[("voice", &|_| "true".to_owned()), ("references", &cites)],
            );
            lines += &format!(
                "{{\"type\":\"ACTED_IN\",\"source\":{},\"target\":{},\"character\":{}{rest}}}\n",
                json(a),
                json(&format!("Film:{b}")),
                role.2,
            );
        }
        let during = dice.pick(&["null", "\"1990/..\"", "\"1990/2000\""]);
        if !unions.contains(&(a.min(b), a.max(b), during)) {
            unions.push((a.min(b), a.max(b), during));
            lines += &format!(
                "{{\"type\":\"PARTNER_OF\",\"source\":{},\"target\":{},\"during\":{during}}}\n",
                json(a),
                json(b),
            );
        }
    }
    lines
}

#[test]
fn random_worlds_survive_the_way_out_and_back() {
    assert!(film().relationship_named("PARTNER_OF").is_some());
    for (seed, csv) in (0..12).zip([true, false].into_iter().cycle()) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "world.ndjson", world(seed, csv).as_bytes());
        let graph = graph_of(folder.path());
        assert_eq!(graph.count(graph.ontology().node()), 4 * 11, "seed {seed}");
        let files = assert_round_trip(&graph);
        let lines = files
            .keys()
            .filter(|name| name.extension().is_some_and(|e| e == "ndjson"));
        assert_eq!(lines.count() == 0, csv, "seed {seed}");
    }
}
