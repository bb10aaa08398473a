//! What does search cost at a million names? Building and opening the index, its bytes, and answers by
//! the kind of what is typed.
//!
//! `cargo bench --bench search` prints the tables of `docs/performance.md`, in CPU time.

use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Context, Request, RequestId, Service};
use guitu::graph::{Builder, ChangeSet, SectionSink, SectionSource, Snapshot};
use guitu::ontology::Ontology;
use guitu::search;
use guitu::value::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

const NAMES: usize = 1_000_000;

/// Of so many places, each with a Chinese name, some have an English one too.
const PLACES: usize = 700_000;

/// So many nodes change after the index was made.
const CHANGED: usize = 10_000;

/// How many different texts of each kind are searched for.
const TYPED: usize = 101;

const SDL: &str = r#"extend schema @languages(tags: ["zh", "en"])
type Place @node {
  name: String! @localized @search
  partOf: Place @relationship(type: "PART_OF", direction: OUT)
}"#;

/// Characters of names, those first that are most used.
const CHARACTERS: &str = "山城安阳江南平东西新河海州水龙石大长金清沙白云林湖泉溪川宁永丰和高黄家天马田乐武德华兴\
    昌陵北口桥头塘店庄堂岭坪沟湾港岛洲圩坝堡寨关门井坡峰岩洞谷泽浦淮汉汾渭泾洛沧漳潭潮汕厦漳莆仙惠晋狮\
    普揭深圳广佛珠肇庆阳茂湛江重六义乌绍嘉杭温台丽衢金萧余慈奉象临桐富淳建开常遂松缙青景庆元泰苍瑞洞顺\
    苏锡无宜兴常熟昆太仓张靖扬徐连盐宿淮镇丹句溧滁芜蚌阜亳合肥池宣铜陵马鞍安徽福建州漳龙三明南莆宁德泉\
    济青淄枣烟潍坊泰威日莱临聊滨菏郑开洛平鹤新焦濮许漯商周驻信襄荆宜黄随恩咸孝十鄂株湘衡邵岳郴永怀娄";

/// What names end with.
const ENDS: [&str; 12] = [
    "",
    "",
    "市",
    "县",
    "镇",
    "村",
    "乡",
    "区",
    "服装厂",
    "电子商务园",
    "合作社",
    "有限公司",
];

const WORDS: [&str; 16] = [
    "Garment",
    "Village",
    "Township",
    "Industrial",
    "Park",
    "Tea",
    "Furniture",
    "County",
    "Farm",
    "Trading",
    "Cooperative",
    "Toys",
    "Ceramics",
    "Leather",
    "Flowers",
    "Logistics",
];

/// Names by chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    /// The first ones more often.
    fn skewed(&mut self, end: usize) -> usize {
        self.below(end) * self.below(end) / end
    }
}

/// Those, then a part of all others.
fn characters() -> Vec<char> {
    let used = CHARACTERS.chars().filter(|c| !c.is_whitespace());
    used.chain(('\u{4e00}'..='\u{9fa5}').step_by(9)).collect()
}

struct Names {
    chance: Chance,
    characters: Vec<char>,
}

impl Names {
    fn chinese(&mut self) -> String {
        let count = 2 + self.chance.skewed(3);
        let characters = (0..count).map(|_| self.chance.skewed(self.characters.len()));
        let characters: Vec<usize> = characters.collect();
        let start: String = characters.iter().map(|at| self.characters[*at]).collect();
        start + ENDS[self.chance.below(ENDS.len())]
    }

    fn english(&mut self, chinese: &str) -> String {
        let mut name: String = pinyin(chinese).chars().take(12).collect();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        format!("{name} {}", WORDS[self.chance.skewed(WORDS.len())])
    }
}

/// The first readings without their tones.
fn pinyin(text: &str) -> String {
    let key = guitu::value::pinyin_key(text);
    key.chars().filter(char::is_ascii_alphabetic).collect()
}

#[derive(Default)]
struct Shelf(BTreeMap<String, Vec<u8>>);

impl SectionSink for Shelf {
    fn section(&mut self, name: &str) -> io::Result<&mut dyn Write> {
        Ok(self.0.entry(name.to_owned()).or_default())
    }
}

impl SectionSource for Shelf {
    fn sections(&self) -> Vec<(String, u64)> {
        let sections = self.0.iter();
        sections
            .map(|(name, bytes)| (name.clone(), bytes.len() as u64))
            .collect()
    }

    fn read(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let bytes = self.0.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(&bytes[..]))
    }
}

type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> Done<()> {
    let ontology = Arc::new(Ontology::parse("bench", SDL).map_err(|wrong| wrong.to_string())?);
    let (graph, names) = world(&ontology)?;
    let texts: usize = names.iter().map(String::len).sum();
    println!(
        "{NAMES} names of {:.1} bytes",
        texts as f64 / names.len() as f64
    );
    let built = build(&names)?;
    println!("built: {:.0} names/s", NAMES as f64 / built.as_secs_f64());
    graph.index_texts();
    println!(
        "index: {:.1} bytes a name",
        graph.text_bytes() as f64 / NAMES as f64
    );
    let shelf = open(&ontology, &graph)?;
    let graph = Arc::new(Snapshot::read_sections(ontology.clone(), &shelf)?);
    let changed = changed(&graph)?;
    ask_all(graph, &names)?;
    println!("\nwith {CHANGED} nodes that have changed since the index was made:");
    ask_all(changed, &names)
}

/// The same graph with the texts of some nodes changed, without a new index.
fn changed(graph: &Snapshot) -> Done<Arc<Snapshot>> {
    let of = graph.ontology().type_named("Place").ok_or("no Place")?;
    let some = graph.nodes(of).step_by(PLACES / CHANGED).take(CHANGED);
    let changes = ChangeSet {
        revision: graph.revision() + 1,
        nodes: some.map(|node| graph.node_change(node)).collect(),
        ..ChangeSet::default()
    };
    let start = cpu_time();
    let changed = graph.apply(&changes)?;
    println!("{CHANGED} nodes changed in {:.2?}", cpu_time() - start);
    Ok(Arc::new(changed))
}

/// Prints what each kind of text takes to find.
fn ask_all(graph: Arc<Snapshot>, names: &[String]) -> Done<()> {
    let ontology = graph.ontology().clone();
    let snapshots = Box::new(move || graph.clone());
    let engine = Engine::new(&ontology, snapshots, EngineLimits::default())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    println!("| typed | median | nine of ten within | slowest |\n|---|---|---|---|");
    for (kind, typed) in kinds(names) {
        let mut times: Vec<Duration> = Vec::new();
        for text in &typed {
            runtime.block_on(ask(&engine, text))?;
            let start = cpu_time();
            runtime.block_on(ask(&engine, text))?;
            times.push(cpu_time() - start);
        }
        times.sort_unstable();
        let at = |part: usize| times[(times.len() - 1) * part / 10];
        println!(
            "| {kind}: {} | {:.2?} | {:.2?} | {:.2?} |",
            typed[0],
            at(5),
            at(9),
            at(10)
        );
    }
    Ok(())
}

fn world(ontology: &Arc<Ontology>) -> Done<(Snapshot, Vec<String>)> {
    let of = ontology.type_named("Place").ok_or("no Place")?;
    let part = ontology.relationship_named("PART_OF").ok_or("no PART_OF")?;
    let mut builder = Builder::new(ontology.clone());
    let mut names = Names {
        chance: Chance(0x5eed_5eed_5eed),
        characters: characters(),
    };
    let mut all = Vec::with_capacity(NAMES);
    for number in 0..PLACES {
        let (node, _) = builder.node(of, &format!("p{number:06}"));
        let chinese = names.chinese();
        let mut texts = vec![("zh".into(), chinese.as_str().into())];
        if number * 3 % 7 < 3 {
            let english = names.english(&chinese);
            texts.insert(0, ("en".into(), english.as_str().into()));
            all.push(english);
        }
        all.push(chinese);
        builder.set(of, node, 0, Value::Texts(texts).as_cell());
        if number > 0 {
            let above = names.chance.skewed(number);
            let (above, _) = builder.node(of, &format!("p{above:06}"));
            builder.edge(part, (of, node), (of, above));
        }
    }
    println!("{} names", all.len());
    Ok((builder.finish(1)?.snapshot, all))
}

/// What all threads of this program have run, so that others do not count.
fn cpu_time() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec as u64, spent.tv_nsec as u32)
}

fn build(names: &[String]) -> Done<Duration> {
    let start = cpu_time();
    let mut builder = search::Builder::default();
    for (row, name) in (0..).zip(names) {
        builder.add(row, name);
    }
    builder.finish(names.len() as u32, "name")?;
    Ok(cpu_time() - start)
}

/// How long the sections take to read, with the index and without it.
fn open(ontology: &Arc<Ontology>, graph: &Snapshot) -> Done<Shelf> {
    let mut shelf = Shelf::default();
    graph.write_sections(&mut shelf)?;
    let bytes = shelf.0.get("search/Place").map_or(0, Vec::len);
    println!(
        "on the disk: {:.1} bytes a name",
        bytes as f64 / NAMES as f64
    );
    let start = cpu_time();
    drop(Snapshot::read_sections(ontology.clone(), &shelf)?);
    println!("opened: {:.2?} with the graph", cpu_time() - start);
    Ok(shelf)
}

/// What is typed: parts of names, spelled in the ways that search forgives.
fn kinds(names: &[String]) -> Vec<(&'static str, Vec<String>)> {
    let mut chance = Chance(0xface);
    let mut pick = |is_chinese: bool| loop {
        let name = &names[chance.below(names.len())];
        if name.is_ascii() != is_chinese && name.chars().count() >= 3 {
            return name.clone();
        }
    };
    let mut many = |is_chinese: bool, typed: &dyn Fn(&str) -> String| {
        (0..TYPED)
            .map(|_| typed(&pick(is_chinese)))
            .collect::<Vec<_>>()
    };
    let start = |name: &str, count: usize| name.chars().take(count).collect::<String>();
    let syllables = |name: &str, count: usize| pinyin(&start(name, count));
    let typo = |name: &str| {
        let mut typed = syllables(name, 3);
        typed.remove(typed.len() / 2);
        typed
    };
    vec![
        ("a name", many(true, &|name| name.to_owned())),
        (
            "two characters at the start",
            many(true, &|name| start(name, 2)),
        ),
        (
            "two characters within",
            many(true, &|name| name.chars().skip(1).take(2).collect()),
        ),
        ("one character", many(true, &|name| start(name, 1))),
        ("pinyin of a name", many(true, &|name| pinyin(name))),
        (
            "pinyin of two characters",
            many(true, &|name| syllables(name, 2)),
        ),
        (
            "pinyin, last letter missing",
            many(true, &|name| {
                let typed = syllables(name, 3);
                typed[..typed.len() - 1].to_owned()
            }),
        ),
        (
            "three initials",
            many(true, &|name| {
                let initial = |c: char| pinyin(&c.to_string()).chars().next();
                name.chars().take(3).filter_map(initial).collect()
            }),
        ),
        ("pinyin with a typo", many(true, &typo)),
        (
            "a word",
            many(false, &|name| {
                name.split(' ').next().unwrap_or_default().to_owned()
            }),
        ),
        (
            "four letters of a word",
            many(false, &|name| start(name, 4)),
        ),
        ("two letters of a word", many(false, &|name| start(name, 2))),
        (
            "a word with a typo",
            many(false, &|name| {
                let mut typed = name.split(' ').next().unwrap_or_default().to_owned();
                typed.remove(typed.len() / 2);
                typed
            }),
        ),
        ("two words", many(false, &|name| name.to_owned())),
    ]
}

async fn ask(engine: &Engine, typed: &str) -> Done<()> {
    let query = r#"query($typed: String!) { search(query: $typed, first: 10) {
        edges { score matched { value kind } node { id label } } } }"#;
    let variables = serde_json::json!({ "typed": typed }).to_string();
    let request = Request {
        query: query.to_owned(),
        operation_name: None,
        variables: Some(serde_json::value::RawValue::from_string(variables)?),
        extensions: None,
    };
    let context = Context {
        languages: vec!["zh".to_owned()],
        principal: None,
        read_only: true,
        cancel: Arc::new(AtomicBool::new(false)),
        deadline: Instant::now() + Duration::from_secs(60),
        request_id: RequestId::next(),
        trace: Default::default(),
    };
    let answer = engine.execute(&request, &context).await;
    match answer.body.starts_with(b"{\"data\":{") {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&answer.body).into_owned().into()),
    }
}
