//! What is made by chance? Worlds, conditions, orders; the same seed gives the same.

use super::reference::{Plain, edge_id, id};
use serde_json::{Map, Value, json};

/// Numbers that look random (SplitMix64).
pub struct Chance(pub u64);

/// Which fields a record has.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    A,
    B,
    Thing,
}

impl Chance {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    pub fn often(&mut self) -> bool {
        self.below(3) > 0
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    pub fn word(&mut self) -> Value {
        self.pick(&["", "a", "ab", "Ab", "abc", "b", "ba", "石", "石狮", "é"])
            .into()
    }

    pub fn day(&mut self) -> Value {
        let year = 2015 + self.below(3);
        let month = 1 + self.below(3);
        let day = self.pick(&[1, 2, 28]);
        match self.below(3) {
            0 => format!("{year}"),
            1 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        }
        .into()
    }

    pub fn number(&mut self) -> Value {
        (self.below(6) as i64 - 1).into()
    }

    /// A small world; unique values differ, edges are told apart.
    pub fn world(&mut self) -> Plain {
        let count = 1 + self.below(14);
        let mut nodes: Vec<Value> = Vec::new();
        for at in 0..count {
            let node = self.node(at, &nodes);
            nodes.push(node);
        }
        let mut edges: Vec<Value> = Vec::new();
        for _ in 0..self.below(4 * count) {
            let edge = self.edge(&nodes);
            let child = |e: &Value| e["type"] == "PARENT" && e["source"] == edge["source"];
            let known = edges.iter().any(|e| edge_id(e) == edge_id(&edge));
            let second = edge["type"] == "PARENT" && edges.iter().any(child);
            if !known && !second && edge != json!(null) {
                edges.push(edge);
            }
        }
        Plain { nodes, edges }
    }

    fn node(&mut self, at: u64, known: &[Value]) -> Value {
        let kind = self.pick(&["A", "A", "B"]);
        let key = self.pick(&["k", "K", "k:", "石", "z"]);
        let mut node = Map::new();
        node.insert("type".into(), kind.into());
        node.insert("key".into(), format!("{key}{at}").into());
        for language in ["en", "fr", "zh"] {
            if self.often() {
                node.entry("name").or_insert(json!({}))[language] = self.word();
            }
        }
        let mut fields = vec!["size", "word"];
        if kind == "A" {
            fields.extend(["rank", "day", "code"]);
            let tags: Vec<Value> = (0..self.below(3)).map(|_| self.word()).collect();
            node.insert("tags".into(), tags.into());
        }
        for field in fields {
            let value = match field {
                "size" => self.number(),
                "rank" => (at as i64 * 7 % 11).into(),
                "day" => self.day(),
                _ => self.word(),
            };
            let unique = matches!(field, "rank" | "day" | "code");
            let taken = unique && known.iter().any(|n| n["type"] == "A" && n[field] == value);
            if self.often() && !taken {
                node.insert(field.into(), value);
            }
        }
        node.into()
    }

    fn edge(&mut self, nodes: &[Value]) -> Value {
        let mut ends = [0; 2].map(|_| &nodes[self.below(nodes.len() as u64) as usize]);
        let types = ends.map(|end| end["type"].as_str().unwrap_or_default());
        let name = self.pick(&["PARENT", "NEXT", "NEXT", "LIKES", "KNOWS"]);
        match (name, types) {
            ("LIKES", ["A", "B"]) | ("KNOWS", ["A", "A"]) | ("PARENT" | "NEXT", _) => {}
            _ => return json!(null),
        }
        if name == "KNOWS" && id(ends[1]) < id(ends[0]) {
            ends.swap(0, 1);
        }
        let mut edge = json!({"type": name, "source": id(ends[0]), "target": id(ends[1])});
        if matches!(name, "LIKES" | "KNOWS") && self.often() {
            edge["weight"] = self.number();
        }
        if name == "LIKES" {
            edge["kind"] = self.pick(&["x", "y", "x>y", "%"]).into();
            if self.often() {
                edge["since"] = self.day();
            }
        }
        edge
    }

    /// A condition on nodes.
    pub fn filter(&mut self, of: Kind, depth: u64, world: &Plain) -> Value {
        let mut filter = Map::new();
        for _ in 0..1 + self.below(2) {
            let (name, value) = self.condition(of, depth, world);
            filter.insert(name.into(), value);
        }
        filter.into()
    }

    fn condition(&mut self, of: Kind, depth: u64, world: &Plain) -> (&'static str, Value) {
        if depth > 0 && self.often() {
            return self.deep(of, depth - 1, world);
        }
        let mut fields = vec!["size", "name", "id"];
        match of {
            Kind::A => fields.extend(["code", "rank", "day", "word", "tags"]),
            Kind::B => fields.push("word"),
            Kind::Thing => {}
        }
        let name = self.pick(&fields);
        (name, self.test(name, world))
    }

    fn deep(&mut self, of: Kind, depth: u64, world: &Plain) -> (&'static str, Value) {
        let mut fields = vec![
            "AND",
            "OR",
            "OR",
            "NOT",
            "parent",
            "parent",
            "children",
            "childrenConnection",
            "next",
            "reach",
            "reachConnection",
        ];
        match of {
            Kind::A => fields.extend(["likes", "likesConnection", "knows", "knowsConnection"]),
            Kind::B => fields.extend(["likedBy", "likedByConnection"]),
            Kind::Thing => fields.push("on"),
        }
        let name = self.pick(&fields);
        let value = match name {
            "AND" | "OR" => (0..self.below(3))
                .map(|_| self.filter(of, depth, world))
                .collect(),
            "NOT" => self.filter(of, depth, world),
            "parent" if self.below(4) == 0 => json!({"isNull": self.below(2) == 0}),
            "parent" => self.filter(Kind::Thing, depth, world),
            "on" if self.below(2) == 0 => json!({"a": self.filter(Kind::A, depth, world)}),
            "on" => json!({"b": self.filter(Kind::B, depth, world)}),
            _ => self.many(name, depth, world),
        };
        (name, value)
    }

    fn many(&mut self, field: &str, depth: u64, world: &Plain) -> Value {
        let inner = self.meant(field, depth, world);
        match self.pick(&[
            "some",
            "some",
            "some",
            "all",
            "none",
            "single",
            "count",
            "aggregate",
            "aggregate",
        ]) {
            "aggregate" => json!({ "aggregate": self.together(field, inner) }),
            "count" => {
                let mut count = json!({});
                let operator = self.pick(&["eq", "gte", "gt", "lt", "lte", "ne"]);
                count[operator] = self.below(3).into();
                if self.often() {
                    count["where"] = inner;
                }
                json!({ "count": count })
            }
            quantifier => json!({ quantifier: inner }),
        }
    }

    /// A condition on the links or members of one field.
    pub fn about_links(&mut self, of: Kind, world: &Plain) -> Value {
        let mut fields = vec!["children", "next", "reachConnection", "childrenConnection"];
        match of {
            Kind::A => fields.extend(["likes", "likesConnection", "knows", "knowsConnection"]),
            Kind::B => fields.extend(["likedBy", "likedByConnection"]),
            Kind::Thing => {}
        }
        let field = self.pick(&fields);
        let depth = self.below(2);
        json!({ field: self.many(field, depth, world) })
    }

    /// An order by the links of one field.
    pub fn order_by_links(&mut self, of: Kind, world: &Plain) -> Value {
        let mut fields = vec!["childrenConnection", "reachConnection"];
        match of {
            Kind::A => fields.extend(["likesConnection", "knowsConnection"]),
            Kind::B => fields.push("likedByConnection"),
            Kind::Thing => {}
        }
        let field = self.pick(&fields);
        let turn = self.turn();
        json!([self.by_links(field, turn, world)])
    }

    /// An order by the links of a field.
    fn by_links(&mut self, field: &str, turn: Value, world: &Plain) -> Value {
        let mut key = json!({ "by": self.measured(field, &turn) });
        if self.often() {
            key["where"] = self.meant(field, 1, world);
        }
        json!({ field: key })
    }

    /// A condition on the members of a field, or the links of a connection.
    fn meant(&mut self, field: &str, depth: u64, world: &Plain) -> Value {
        match field.strip_suffix("Connection") {
            None | Some("reach") => self.filter(target(field), depth, world),
            Some(field) => self.link(field, depth, world),
        }
    }

    fn link(&mut self, field: &str, depth: u64, world: &Plain) -> Value {
        let mut link = json!({});
        if self.often() {
            link["node"] = self.filter(target(field), depth, world);
        }
        if self.often() {
            let edge = match field {
                "children" | "parent" => Edge::Parent,
                "knows" => Edge::Know,
                _ => Edge::Like,
            };
            link["edge"] = self.edge_filter(edge, depth, world);
        }
        if self.below(5) == 0 {
            json!({ "NOT": link })
        } else {
            link
        }
    }

    /// A condition on edges.
    pub fn edge_filter(&mut self, of: Edge, depth: u64, world: &Plain) -> Value {
        let (source, target, fields): (_, _, &[_]) = match of {
            Edge::Like => (
                Kind::A,
                Kind::B,
                &[
                    "source", "target", "kind", "weight", "since", "id", "OR", "NOT",
                ],
            ),
            Edge::Know => (Kind::A, Kind::A, &["source", "target", "weight"]),
            Edge::Parent => (Kind::Thing, Kind::Thing, &["source", "target", "id"]),
        };
        let mut filter = json!({});
        for _ in 0..1 + self.below(2) {
            let name = self.pick(fields);
            filter[name] = match name {
                "source" => self.filter(source, depth, world),
                "target" => self.filter(target, depth, world),
                "OR" => (0..2).map(|_| self.edge_filter(of, depth, world)).collect(),
                "NOT" => self.edge_filter(of, depth.saturating_sub(1), world),
                "id" => {
                    let ids: Vec<_> = world
                        .edges
                        .iter()
                        .map(edge_id)
                        .chain(["?".to_owned()])
                        .collect();
                    json!({"eq": ids[self.below(ids.len() as u64) as usize]})
                }
                _ => self.test(name, world),
            };
        }
        filter
    }

    /// An operator object for a field.
    fn test(&mut self, field: &str, world: &Plain) -> Value {
        let operators: &[&str] = match field {
            _ if self.below(6) == 0 => &["isNull"],
            "tags" => &["includes", "includesAny", "includesAll", "size"],
            "size" | "rank" | "weight" | "day" | "since" => {
                &["eq", "ne", "in", "notIn", "lt", "lte", "gt", "gte"]
            }
            "id" => &["eq", "in", "startsWith"],
            _ => &[
                "eq",
                "ne",
                "in",
                "notIn",
                "lt",
                "lte",
                "gt",
                "gte",
                "contains",
                "startsWith",
                "endsWith",
            ],
        };
        let operators = if operators == ["isNull"] && field == "id" {
            &["eq"]
        } else {
            operators
        };
        let operator = self.pick(operators);
        let mut value = || match field {
            "size" | "rank" | "weight" => self.number(),
            "day" | "since" => self.day(),
            "id" => id(&world.nodes[self.below(world.nodes.len() as u64) as usize]).into(),
            "kind" => self.pick(&["x", "y", "x>y"]).into(),
            _ => self.word(),
        };
        let wanted = match operator {
            "in" | "notIn" | "includesAny" | "includesAll" => vec![value(), value()].into(),
            "size" => json!({"gte": self.below(3)}),
            "isNull" => (self.below(2) == 0).into(),
            _ => value(),
        };
        let mut test = json!({ operator: wanted });
        let text = matches!(field, "name" | "word" | "code");
        if text && !matches!(operator, "isNull" | "lt" | "lte" | "gt" | "gte") && self.below(4) == 0
        {
            test["caseInsensitive"] = true.into();
        }
        if field == "name" && self.below(3) == 0 {
            test["lang"] = json!([self.pick(&["en", "fr", "zh", "it"])]);
        }
        test
    }

    /// An order of nodes.
    pub fn order(&mut self, of: Kind, depth: u64, world: &Plain) -> Value {
        let keys = (0..self.below(3)).map(|_| self.key(of, depth, world));
        keys.collect()
    }

    fn key(&mut self, of: Kind, depth: u64, world: &Plain) -> Value {
        let mut fields = vec!["size", "name", "nameIn"];
        if depth > 0 {
            fields.extend(["id", "parent"]);
        }
        fields.extend(["childrenConnection", "reachConnection"]);
        match of {
            Kind::A => {
                fields.extend(["code", "rank", "day", "word", "code", "rank", "day"]);
                fields.extend(["likesConnection", "knowsConnection"]);
            }
            Kind::B => fields.extend(["word", "likedByConnection"]),
            Kind::Thing => {}
        }
        let order = self.turn();
        match self.pick(&fields) {
            "nameIn" => json!({"nameIn": {"lang": self.pick(&["en", "fr"]), "order": order}}),
            "parent" => json!({"parent": self.key(Kind::Thing, 0, world)}),
            name if name.ends_with("Connection") => self.by_links(name, order, world),
            name => json!({ name: order }),
        }
    }

    pub fn turn(&mut self) -> Value {
        self.pick(&["ASC", "DESC", "ASC_NULLS_FIRST", "DESC_NULLS_FIRST"])
            .into()
    }
}

/// Which edges.
#[derive(Clone, Copy, PartialEq)]
pub enum Edge {
    Like,
    Know,
    Parent,
}

pub fn target(field: &str) -> Kind {
    match field.trim_end_matches("Connection") {
        "likes" => Kind::B,
        "likedBy" | "knows" => Kind::A,
        _ => Kind::Thing,
    }
}
