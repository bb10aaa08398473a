//! Do data files say what is wrong with them, and do right ones survive the way out and back in?
//! The cases are in `tests/exchange/*.md`: files in fenced blocks named by the heading before them,
//! then what is said of them; `UPDATE_EXPECT=1` rewrites that.

use guitu::exchange::{check, export, read};
use guitu::graph::{Reference, Snapshot};
use guitu::ontology::Ontology;
use guitu::value::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub fn film() -> Arc<Ontology> {
    let sdl = include_str!("../film/schema.graphql");
    Arc::new(Ontology::parse("schema.graphql", sdl).unwrap_or_else(|wrong| panic!("{wrong}")))
}

/// The fenced blocks of a Markdown text, by the headings before them.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let (mut heading, mut block) = (String::new(), None::<String>);
    for line in text.lines() {
        match (&mut block, line.strip_prefix("## ")) {
            (None, Some(name)) => heading = name.trim_matches('`').to_owned(),
            (None, _) if line.starts_with("```") => block = Some(String::new()),
            (Some(_), _) if line == "```" => {
                blocks.push((heading.clone(), block.take().unwrap_or_default()));
            }
            (Some(inside), _) => {
                inside.push_str(line);
                inside.push('\n');
            }
            _ => {}
        }
    }
    blocks
}

/// In the cases `\xNN` stands for a byte, `\r` for a carriage return.
fn bytes(block: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut parts = block.split('\\');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let rest = match part.as_bytes() {
            [b'x', high, low, ..] => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                &part[3..]
            }
            [b'r', ..] => {
                bytes.push(b'\r');
                &part[1..]
            }
            _ => {
                bytes.push(b'\\');
                part
            }
        };
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

pub fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// What is said of a folder of files, without the folder's own path.
fn judge(folder: &Path) -> String {
    let said = match check(film(), &[folder.to_owned()], &()) {
        Ok(read) => format!(
            "right: {} nodes, {} edges",
            read.built.nodes.created, read.built.edges.created
        ),
        Err(problems) => problems.to_string(),
    };
    said.replace(&format!("{}/", folder.display()), "")
}

#[test]
fn every_case_says_what_is_wrong_with_it() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchange");
    let mut failed = Vec::new();
    for entry in std::fs::read_dir(&cases).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, verdict) = text.split_once("## Verdict").unwrap();
        let expected = verdict
            .trim()
            .trim_start_matches("```text\n")
            .trim_end_matches("```");
        let folder = tempfile::tempdir().unwrap();
        for (name, block) in &blocks(before) {
            write(folder.path(), name, &bytes(block));
        }
        let actual = judge(folder.path()) + "\n";
        if actual == expected {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(
                &path,
                format!("{before}## Verdict\n\n```text\n{actual}```\n"),
            )
            .unwrap();
        }
        failed.push(format!("{}:\n{actual}", path.display()));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// All files below a folder, by name.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            (
                path.file_name().unwrap().into(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

pub fn graph_of(folder: &Path) -> Snapshot {
    graph_in(film(), folder)
}

fn graph_in(ontology: Arc<Ontology>, folder: &Path) -> Snapshot {
    let read = check(ontology, &[folder.to_owned()], &());
    read.unwrap_or_else(|wrong| panic!("{wrong}"))
        .built
        .snapshot
}

/// Everything that a graph says, without its revisions.
fn dump(graph: &Snapshot) -> Vec<String> {
    let ontology = graph.ontology();
    let cited = |references: &[Reference]| {
        let all = references.iter();
        let all = all.map(|r| (graph.id(r.source), &r.locator, &r.fields, &r.note));
        format!("{:?}", all.collect::<Vec<_>>())
    };
    let mut lines = Vec::new();
    for of in ontology.concrete_ids() {
        for node in graph.nodes(of) {
            let properties = 0..ontology.node_type(of).properties.len();
            let values = properties.map(|at| graph.cell(node, at).to_value());
            let values: Vec<_> = values.collect();
            lines.push(format!(
                "{} {values:?} {}",
                graph.id(node),
                cited(graph.references(node))
            ));
        }
    }
    for (id, segment) in graph.all_segments() {
        for edge in graph.edges(id) {
            let properties = 0..ontology.relationship(segment.relationship).properties.len();
            let values = properties.map(|at| graph.edge_cell(edge, at).to_value());
            let values: Vec<_> = values.collect();
            lines.push(format!(
                "{} {values:?} {}",
                graph.edge_id(edge),
                cited(graph.edge_references(edge))
            ));
        }
    }
    lines
}

/// Exports a graph, reads it back, and exports again: the same files, and no record differs.
pub fn assert_round_trip(graph: &Snapshot) -> BTreeMap<PathBuf, String> {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    export(graph, &first).unwrap();
    let again = graph_in(graph.ontology().clone(), &first);
    assert_eq!(dump(graph), dump(&again));
    export(&again, &second).unwrap();
    let files = files(&first);
    assert_eq!(files, self::files(&second));
    let same = read(graph, &[first], 7, &()).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(
        !same.built.has_changed(),
        "{:?} {:?}",
        same.built.nodes,
        same.built.edges
    );
    files
}

#[test]
fn the_film_world_survives_the_way_out_and_back() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/film/data");
    let graph = graph_of(&data);
    assert_round_trip(&graph);
}

#[test]
fn what_csv_would_lose_is_written_as_ndjson() {
    let folder = tempfile::tempdir().unwrap();
    let lines = concat!(
        r#"{"type":"Person","key":"a:b","name":"","born":"1999"}"#,
        "\n",
        r#"{"type":"Person","key":"c|d","name":"x,y\n\"z\"","gender":"OTHER"}"#,
        "\n",
        r#"{"type":"City","key":"Film:odd","name":{"en":" a ","fr":"b|c\\"},"location":{"latitude":0.1,"longitude":-179.99999999999997}}"#,
        "\n",
        r##"{"type":"Source","key":"s#1","title":{"en":"T"},"authors":["A|B","C\\"],"references":[{"source":"s#1","locator":"p. 3 @ x|y","fields":["title","authors"]}]}"##,
        "\n",
        r#"{"type":"Film","key":"f","title":{"en":"F"},"gross":"9007199254740993","score":1e-7,"extra":{"b":[1, 2.50],"a":null},"ratings":[],"references":[{"source":"s#1","note":"n"}]}"#,
        "\n",
        r#"{"type":"ACTED_IN","source":"a:b","target":"Film:f","character":"I, \"me\""}"#,
        "\n",
        r#"{"type":"ACTED_IN","source":"a:b","target":"Film:f","character":"Other","voice":true}"#,
        "\n",
        r#"{"type":"PARTNER_OF","source":"c|d","target":"a:b","during":"1990/.."}"#,
        "\n",
    );
    write(folder.path(), "all.ndjson", lines.as_bytes());
    let files = assert_round_trip(&graph_of(folder.path()));
    let names: Vec<String> = files
        .keys()
        .map(|name| name.display().to_string())
        .collect();
    assert_eq!(
        names,
        [
            "ACTED_IN.csv",
            "City.csv",
            "Film.ndjson",
            "PARTNER_OF.csv",
            "Person.ndjson",
            "Source.csv"
        ]
    );
    let film = &files[Path::new("Film.ndjson")];
    assert!(
        film.contains(r#""gross":"9007199254740993","score":1e-7"#),
        "{film}"
    );
    assert!(
        film.contains(r#""extra":{"b":[1,2.50],"a":null}"#),
        "{film}"
    );
}

#[test]
fn importing_again_changes_nothing_and_updates_change_only_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "City.csv",
        b"key,name:en,country\nparis,Paris,FR\nrome,Rome,IT\n",
    );
    write(
        folder.path(),
        "Person.csv",
        b"key,name,birthplace\nann,Ann,paris\nbob,Bob,rome\n",
    );
    let first = graph_of(folder.path());
    let paths = [folder.path().to_owned()];
    let again = read(&first, &paths, 2, &()).unwrap();
    assert!(!again.built.has_changed());
    assert_eq!(again.built.nodes.unchanged, 4);

    let update = tempfile::tempdir().unwrap();
    let lines = concat!(
        r#"{"type":"Person","key":"ann","birthplace":"rome"}"#,
        "\n",
        r#"{"type":"Person","key":"bob","birthplace":null}"#,
        "\n",
        r#"{"type":"City","key":"rome","name":{"fr":"Rome","en":null},"country":null}"#,
        "\n",
    );
    write(update.path(), "update.ndjson", lines.as_bytes());
    let next = read(&first, &[update.path().to_owned()], 2, &())
        .unwrap()
        .built;
    assert_eq!(
        (next.nodes.created, next.nodes.updated),
        (0, 1),
        "only rome itself"
    );
    assert_eq!((next.edges.created, next.edges.removed), (1, 2));
    let out = tempfile::tempdir().unwrap();
    let out = out.path().join("out");
    export(&next.snapshot, &out).unwrap();
    let files = files(&out);
    assert_eq!(files[Path::new("BORN_IN.csv")], "source,target\nann,rome\n");
    assert_eq!(
        files[Path::new("City.csv")],
        "key,name:en,name:fr,country\nparis,Paris,,FR\nrome,,Rome,\n"
    );
}

#[test]
fn an_export_takes_a_new_or_empty_folder_only() {
    let folder = tempfile::tempdir().unwrap();
    let graph = Snapshot::empty(film());
    write(folder.path(), "mine.txt", b"");
    let wrong = export(&graph, folder.path()).unwrap_err();
    assert!(wrong.to_string().contains("is not empty"), "{wrong}");
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn the_bundled_data_are_right_and_survive_the_way_out_and_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sdl = std::fs::read_to_string(root.join("schema.graphql")).unwrap();
    let ontology =
        Ontology::parse("schema.graphql", &sdl).unwrap_or_else(|wrong| panic!("{wrong}"));
    let seed = [root.join("seed")];
    let read = check(Arc::new(ontology), &seed, &()).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_round_trip(&read.built.snapshot);
}

#[test]
fn an_edge_keeps_a_text_in_every_language() {
    let sdl = r#"
        type Town @node { name: String! twins: [Town!]! @relationship(type: "TWIN", direction: OUT, properties: "Twin") }
        type Twin @relationshipProperties { reason: String @localized }
    "#;
    let ontology = Ontology::parse("schema.graphql", sdl).unwrap_or_else(|wrong| panic!("{wrong}"));
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "Town.csv", b"key,name\na,A\nb,B\n");
    let twins = "source,target,reason:zh,reason:en\na,b,河流,A river\n";
    write(folder.path(), "TWIN.csv", twins.as_bytes());
    let graph = graph_in(Arc::new(ontology), folder.path());
    let ontology = graph.ontology();
    let of = ontology.type_named("Town").unwrap();
    let [a, b] = ["a", "b"].map(|key| graph.node(of, key).unwrap());
    let twin = ontology.relationship_named("TWIN").unwrap();
    let edge = graph.edge(twin, a, b, &[]).unwrap();
    let Cell::Texts(reason) = graph.edge_cell(edge, 0) else {
        panic!("no texts");
    };
    let reason: Vec<_> = reason.iter().collect();
    assert_eq!(reason, [("en", "A river"), ("zh", "河流")]);
}

#[test]
fn a_text_of_an_edge_is_cleared_in_one_language_only() {
    let sdl = r#"
        type Town @node { name: String! twins: [Town!]! @relationship(type: "TWIN", direction: OUT, properties: "Twin") }
        type Twin @relationshipProperties { reason: String @localized  since: Int  kind: Kind! @unique @default(value: OLD) }
        enum Kind { OLD NEW }
    "#;
    let ontology = Ontology::parse("schema.graphql", sdl).unwrap_or_else(|wrong| panic!("{wrong}"));
    let first = tempfile::tempdir().unwrap();
    write(first.path(), "Town.csv", b"key,name\na,A\nb,B\n");
    let twins = "source,target,reason:zh,reason:en,since\na,b,河流,A river,1990\n";
    write(first.path(), "TWIN.csv", twins.as_bytes());
    let graph = graph_in(Arc::new(ontology), first.path());
    let again = read(&graph, &[first.path().to_owned()], 2, &()).unwrap();
    assert!(!again.built.has_changed(), "a default tells the edge apart");
    let second = tempfile::tempdir().unwrap();
    let line = r#"{"type":"TWIN","source":"a","target":"b","reason":{"zh":null,"fr":"Un fleuve"}}"#;
    write(second.path(), "update.ndjson", line.as_bytes());
    let next = read(&graph, &[second.path().to_owned()], 2, &())
        .unwrap()
        .built
        .snapshot;
    let out = second.path().join("out");
    export(&next, &out).unwrap();
    assert_eq!(
        files(&out)[Path::new("TWIN.csv")],
        "source,target,reason:en,reason:fr,since,kind\na,b,A river,Un fleuve,1990,OLD\n"
    );
}

#[test]
fn files_of_one_run_add_up_whatever_their_order() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a/Source.csv", b"key,title:en\ns,S\nt,T\n");
    write(
        folder.path(),
        "a/City.csv",
        b"key,name:en,references\nx,X,s#1|t\n",
    );
    write(
        folder.path(),
        "b/City.csv",
        b"key,country,references\nx,FR,t|s#2\n",
    );
    write(
        folder.path(),
        "Person.csv",
        b"key,name,birthplace,references\np,P,x,s#name@name|s#place@birthplace\n",
    );
    write(
        folder.path(),
        "c.ndjson",
        br#"{"type":"BORN_IN","source":"p","target":"x","references":[{"source":"t"}]}"#,
    );
    let files = assert_round_trip(&graph_of(folder.path()));
    assert_eq!(
        files[Path::new("City.csv")],
        "key,name:en,country,references\nx,X,FR,s#1|t|s#2\n"
    );
    assert_eq!(
        files[Path::new("BORN_IN.csv")],
        "source,target,references\np,x,s#place|t\n"
    );
}

#[test]
fn the_first_hundred_errors_are_told_and_all_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let row = |at: usize| match at % 20 {
        19 => format!("p{at},P{at},nonsense\n"),
        _ => format!("p{at},P{at},19{:02}\n", at % 100),
    };
    let rows: String = (0..5000).map(row).collect();
    write(
        folder.path(),
        "Person.csv",
        format!("key,name,born\n{rows}").as_bytes(),
    );
    let problems = check(film(), &[folder.path().to_owned()], &()).unwrap_err();
    assert_eq!((problems.count(), problems.shown().len()), (250, 100));
    let lines: Vec<_> = problems.shown().iter().map(|p| p.place.line).collect();
    let expected: Vec<_> = (0..100).map(|at| Some(at * 20 + 21)).collect();
    assert_eq!(lines, expected);
    let said = problems.to_string();
    assert!(
        said.ends_with("and 150 more\n250 errors in total; nothing was imported"),
        "{said}"
    );
}

#[test]
fn a_large_file_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let people: String = (0..5000).map(|at| format!("p{at},P{at}\n")).collect();
    let unions: String = (1..5000).map(|at| format!("p{at},p{}\n", at / 2)).collect();
    write(
        folder.path(),
        "Person.csv",
        format!("key,name\n{people}").as_bytes(),
    );
    write(
        folder.path(),
        "PARTNER_OF.csv",
        format!("source,target\n{unions}p9,p4\n").as_bytes(),
    );
    let problems = check(film(), &[folder.path().to_owned()], &()).unwrap_err();
    assert_eq!(problems.count(), 1);
    assert_eq!(problems.shown()[0].place.line, Some(5001));
    assert!(
        problems.shown()[0].message.ends_with("line 10"),
        "{problems}"
    );
    write(
        folder.path(),
        "PARTNER_OF.csv",
        format!("source,target\n{unions}").as_bytes(),
    );
    let graph = graph_of(folder.path());
    let of = graph.ontology().relationship_named("PARTNER_OF").unwrap();
    assert_eq!(graph.edge_count(of), 4999);
}
