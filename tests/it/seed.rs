//! Is the bundled data set what its README says, and kept as a careful editor keeps one? What the
//! files must be in themselves `exchange::check` says; here is also that it does.

use crate::cases::difference;
use crate::world::{World, root};
use guitu::exchange::{check, namesakes};
use guitu::graph::{Node, Reference};
use regex::Regex;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Records without a name in one of the two languages, and why.
const NAMELESS: &[(&str, &str, &str)] = &[
    (
        "Organisation:mysheen",
        "zh",
        "prints itself in Latin letters only",
    ),
    (
        "Person:luo-sha",
        "zh",
        "the English article prints pinyin only",
    ),
    (
        "Person:wu-zhaohui",
        "zh",
        "the English article prints pinyin only",
    ),
    (
        "Person:zhang-qing",
        "zh",
        "the English article prints pinyin only",
    ),
    ("Person:xu-z", "zh", "cited with an initial only"),
    ("Person:yang-j", "zh", "cited with an initial only"),
    ("Source:journal-5", "zh", "an English journal"),
];

#[test]
fn the_readme_counts_what_is_there() {
    let path = root().join("seed/README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, printed) = readme.split_once("## Counts\n").unwrap();
    let counted = counts();
    if printed != counted && std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, format!("{before}## Counts\n{counted}")).unwrap();
    }
    assert!(printed == counted, "{}", difference(printed, &counted));
}

/// The end of the README.
fn counts() -> String {
    let data = World::seed().data(
        "{ ontology { types { name interface count } relationships { type count } }
           sources { key file } }",
    );
    let of = |list: &Value, name: &str| -> BTreeMap<String, u64> {
        let rows = list.as_array().unwrap().iter();
        let rows = rows.filter(|row| row["interface"] != true);
        rows.map(|row| {
            (
                row[name].as_str().unwrap().to_owned(),
                row["count"].as_u64().unwrap(),
            )
        })
        .collect()
    };
    let types = of(&data["ontology"]["types"], "name");
    let relationships = of(&data["ontology"]["relationships"], "type");
    let mut text = "\nA record counts for each source that it cites.\n\n\
                    | source | nodes | edges |\n|---|---:|---:|\n"
        .to_owned();
    for (source, nodes, edges) in citations(&data["sources"]) {
        let _ = writeln!(text, "| `{source}` | {nodes} | {edges} |");
    }
    let (nodes, edges): (u64, u64) = (types.values().sum(), relationships.values().sum());
    let _ = writeln!(text, "| **all** | **{nodes}** | **{edges}** |");
    for (kind, counted, counts) in [
        ("type", "nodes", types),
        ("relationship", "edges", relationships),
    ] {
        let _ = writeln!(text, "\n| {kind} | {counted} |\n|---|---:|");
        for (name, count) in counts {
            let _ = writeln!(text, "| {name} | {count} |");
        }
    }
    text
}

/// The sources that are cited, with the nodes and edges that cite them: the documents in order, then
/// what has no file.
fn citations(sources: &Value) -> Vec<(String, usize, usize)> {
    let graph = &World::seed().snapshot;
    let mut cited: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let keys = |references: &[Reference]| -> BTreeSet<String> {
        let key = |source: Node| graph.key(source).to_owned();
        references
            .iter()
            .map(|reference| key(reference.source))
            .collect()
    };
    for of in 0..graph.ontology().concrete {
        for node in graph.nodes(guitu::ontology::TypeId(of)) {
            for key in keys(graph.references(node)) {
                cited.entry(key).or_default().0 += 1;
            }
        }
    }
    for (id, _) in graph.all_segments() {
        for edge in graph.edges(id) {
            for key in keys(graph.edge_references(edge)) {
                cited.entry(key).or_default().1 += 1;
            }
        }
    }
    let file = |key: &str| {
        let mut all = sources.as_array().unwrap().iter();
        let source = all.find(|source| source["key"] == key).unwrap();
        source["file"].as_str().map(str::to_owned)
    };
    let mut rows: Vec<_> = cited.into_iter().collect();
    rows.sort_by_cached_key(|(key, _)| (file(key).is_none(), file(key), key.clone()));
    rows.into_iter()
        .map(|(key, (nodes, edges))| (key, nodes, edges))
        .collect()
}

#[test]
fn every_record_that_people_search_has_a_chinese_and_an_english_name() {
    let data = World::seed().data(
        "{ subjects { id texts: nameTexts { lang } } sources { id texts: titleTexts { lang } } }",
    );
    let records = ["subjects", "sources"].map(|list| data[list].as_array().unwrap());
    let mut nameless = BTreeSet::new();
    for record in records.into_iter().flatten() {
        let texts = record["texts"].as_array().unwrap();
        for lang in ["zh", "en"] {
            if !texts.iter().any(|text| text["lang"] == lang) {
                nameless.insert((record["id"].as_str().unwrap(), lang));
            }
        }
    }
    let excused: BTreeSet<_> = NAMELESS.iter().map(|(id, lang, _)| (*id, *lang)).collect();
    assert_eq!(nameless, excused);
}

/// The text of every file in `seed/`.
fn files() -> Vec<(String, String)> {
    let entries = std::fs::read_dir(root().join("seed")).unwrap().flatten();
    let file = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().display().to_string();
        (name, std::fs::read_to_string(path).unwrap())
    };
    entries.map(|entry| file(entry.path())).collect()
}

fn contacts() -> Regex {
    let email = r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}";
    let mobile = r"\b1[3-9]\d[ -]?\d{4}[ -]?\d{4}\b";
    let landline = r"\b0\d{2,3}[ —-]\d{7,8}\b";
    let abroad = r"\+\d{1,3}[ -]?\d{2,}";
    let service = r"\b[48]00[ -]?\d{3}[ -]?\d{4}\b";
    Regex::new(&[email, mobile, landline, abroad, service].join("|")).unwrap()
}

#[test]
fn no_file_holds_e_mail_addresses_or_telephone_numbers() {
    let contacts = contacts();
    for contact in [
        "zltz@phei.com.cn",
        "13800001234",
        "138-0000-1234",
        "010-88258888",
        "+86 571",
        "400-800-1688",
    ] {
        assert!(contacts.is_match(contact), "{contact}");
    }
    for (name, text) in files() {
        let found = contacts.find(&text).map(|found| found.as_str());
        assert_eq!(found, None, "{name}");
    }
}

/// What an editor may get wrong in a file beside the others, and what is said of it.
const MISTAKES: &[(&str, &str, &str)] = &[
    // Without references.
    (
        "Term.csv",
        "key,name:zh,name:en\nx,词,Word\n",
        "must cite a source",
    ),
    (
        "NEAR.csv",
        "source,target,reason\nCounty:puning,City:shenzhen,BIG_CITY\n",
        "must cite a source",
    ),
    // Unknown keys: of a record, a source, a column.
    (
        "NEAR.csv",
        "source,target,reason,references\nCounty:pu-ning,City:shenzhen,BIG_CITY,common-knowledge\n",
        "pu-ning",
    ),
    (
        "Term.csv",
        "key,name:zh,name:en,references\nx,词,Word,aliresearch\n",
        "aliresearch",
    ),
    (
        "Term.csv",
        "key,name:zh,name:en,remark,references\nx,词,Word,!,common-knowledge\n",
        "remark",
    ),
    // Duplicates: of a key in a file, of a code, of what another file says.
    (
        "Term.csv",
        "key,name:zh,references\nx,词,common-knowledge\nx,语,common-knowledge\n",
        "already given in line 2",
    ),
    (
        "County.csv",
        "key,name:zh,code,province,references\nx,某,445281,guangdong,common-knowledge\n",
        "must be unique",
    ),
    (
        "County.csv",
        "key,name:zh,references\npuning,普宁县,common-knowledge\n",
        "differs from what another file says",
    ),
    // Impossible dates.
    (
        "Event.csv",
        "key,name:zh,kind,date,references\nx,会,SUMMIT,2015-02-30,common-knowledge\n",
        "2015-02-30",
    ),
    (
        "Ranking.csv",
        "key,name:zh,completeness,period,references\nx,榜,LOST,2016/2015,common-knowledge\n",
        "2016/2015",
    ),
    // A county outside every province.
    (
        "County.csv",
        "key,name:zh,name:en,references\nx,某县,Some County,common-knowledge\n",
        "has no `province`, which is required",
    ),
];

#[test]
fn mistakes_in_the_files_are_told() {
    let ontology = World::seed().snapshot.ontology();
    let mut missed = String::new();
    for (name, text, expected) in MISTAKES {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let wrong = check(ontology.clone(), &[root().join("seed"), file], &());
        let said = wrong.map_or_else(|wrong| wrong.to_string(), |_| "nothing".to_owned());
        if !said.contains(expected) {
            let _ = writeln!(
                missed,
                "== {name}\n{text}-- wanted {expected}, said\n{said}"
            );
        }
    }
    assert!(missed.is_empty(), "{missed}");
}

#[test]
fn namesakes_are_told_unless_each_has_a_note() {
    let world = World::seed();
    assert_eq!(namesakes(&world.snapshot), Vec::<String>::new());
    let folder = tempfile::tempdir().unwrap();
    let rows = "key,name:zh,name:en,note:en,references\n\
                a,徐子涵,Xu A,,common-knowledge\n\
                b,乙,Xu Zihan,Another one.,common-knowledge\n\
                c,丙,Chen C,,common-knowledge\n\
                d,丁,Chen C,One of two.,common-knowledge\n";
    std::fs::write(folder.path().join("Person.csv"), rows).unwrap();
    let paths = [root().join("seed"), folder.path().to_owned()];
    let read = check(world.snapshot.ontology().clone(), &paths, &()).unwrap();
    let told = namesakes(&read.built.snapshot);
    let first: Vec<_> = told.iter().filter_map(|said| said.lines().next()).collect();
    assert_eq!(
        first,
        [
            "Person:c and Person:d have the same name Chen C",
            "Person:a and Person:xu-zihan have the same name 徐子涵",
        ]
    );
}
