//! A small graph to write into, and short ways to ask for changes of it.

use crate::change::*;
use crate::graph::{Builder, Citation, Node, Snapshot};
use crate::ontology::{Field, Ontology, RelationshipId, TypeId};
use crate::value::{Cell, Value};
use std::sync::Arc;

pub(super) const SDL: &str = r#"
interface Place @node @unique(fields: ["stamp"]) { name: String! @localized  stamp: String }
type City implements Place @node @unique(fields: ["zone", "number"]) {
  name: String! @localized
  stamp: String
  code: String @unique @pattern(regex: "[A-Z]+")
  zone: String
  number: Int
  size: Int @range(min: 1, max: 10)
  weight: Float
  tags: [String!]!
  rank: Int! @default(value: 7)
  mayor: Person @relationship(type: "GOVERNS", direction: IN)
  inside: Country! @relationship(type: "INSIDE", direction: OUT)
  lines: [City!]! @relationship(type: "LINE", direction: OUT, properties: "Line")
  twins: [City!]! @relationship(type: "TWIN", symmetric: true)
}
type Village implements Place @node { name: String! @localized  stamp: String }
type Country @node { name: String! }
type Person @node {
  name: String!
  governs: City @relationship(type: "GOVERNS", direction: OUT)
  visits: [Place!]! @relationship(type: "VISITS", direction: OUT)
}
type Line @relationshipProperties { number: Int! @unique  note: String  length: Int @range(min: 0) }
"#;

/// An ontology with its rules and a graph: Country:c, City:a and City:b inside it, Person:p who
/// governs a, Source:s, and a line 1 from a to b.
pub(super) struct World {
    pub(super) rules: Rules,
    pub(super) graph: Snapshot,
}

impl World {
    pub(super) fn new() -> Self {
        Self::of(SDL)
    }

    pub(super) fn of(sdl: &str) -> Self {
        let ontology = Ontology::parse("schema.graphql", sdl);
        let ontology = Arc::new(ontology.unwrap_or_else(|wrong| panic!("{wrong}")));
        let rules = Rules::new(ontology.clone()).unwrap();
        let mut builder = Builder::new(ontology.clone());
        let of = |name: &str| ontology.type_named(name).unwrap();
        let text = |text: &str| Value::Texts(vec![("en".into(), text.into())]);
        let (country, _) = builder.node(of("Country"), "c");
        builder.set(of("Country"), country, 0, Cell::Str("C"));
        let (person, _) = builder.node(of("Person"), "p");
        builder.set(of("Person"), person, 0, Cell::Str("P"));
        let (source, _) = builder.node(Ontology::SOURCE, "s");
        builder.set(Ontology::SOURCE, source, 0, text("S").as_cell());
        let relation = |name: &str| ontology.relationship_named(name).unwrap();
        let mut cities = Vec::new();
        for key in ["a", "b"] {
            let (city, _) = builder.node(of("City"), key);
            builder.set(of("City"), city, 0, text(key).as_cell());
            let code = key.to_uppercase();
            builder.set(of("City"), city, 2, Cell::Str(&code));
            builder.edge(
                relation("INSIDE"),
                (of("City"), city),
                (of("Country"), country),
            );
            cities.push((of("City"), city));
        }
        builder.edge(relation("GOVERNS"), (of("Person"), person), cities[0]);
        let line = builder.edge(relation("LINE"), cities[0], cities[1]);
        builder.set_edge(line, 0, Cell::Int(1));
        let graph = builder.finish(1).unwrap().snapshot;
        assert!(crate::graph::check::check(&graph).is_empty());
        Self { rules, graph }
    }

    pub(super) fn of_type(&self, name: &str) -> TypeId {
        self.rules.ontology().type_named(name).unwrap()
    }

    pub(super) fn relation(&self, name: &str) -> RelationshipId {
        self.rules.ontology().relationship_named(name).unwrap()
    }

    pub(super) fn node(&self, id: &str) -> Node {
        self.graph.node_of_id(id).unwrap()
    }

    /// The position of a property.
    pub(super) fn at(&self, of: &str, property: &str) -> usize {
        let ontology = self.rules.ontology();
        let of = ontology.node_type(self.of_type(of));
        of.property(property).unwrap()
    }

    /// A node input with these values.
    pub(super) fn input(&self, of: &str, key: &str, values: &[(&str, Value)]) -> NodeInput {
        NodeInput {
            key: (!key.is_empty()).then(|| key.into()),
            edit: self.set(of, values),
        }
    }

    /// An edit that sets values.
    pub(super) fn set(&self, of: &str, values: &[(&str, Value)]) -> Edit {
        let set = values.iter();
        let set = set.map(|(name, value)| (self.at(of, name), Given::Value(value.clone())));
        Edit {
            set: set.collect(),
            ..Edit::default()
        }
    }

    /// An input of a relationship field.
    pub(super) fn links(&self, of: &str, field: &str) -> Links {
        let declared = self.rules.ontology().node_type(self.of_type(of));
        let is = |other: &Field| other.name(declared) == field;
        Links {
            field: declared.fields.iter().position(is).unwrap(),
            disconnect: Vec::new(),
            connect: Vec::new(),
            create: Vec::new(),
        }
    }

    /// An input of a relationship field that connects with nodes by their ids.
    pub(super) fn connect(&self, of: &str, field: &str, ids: &[&str]) -> Links {
        let connect = ids.iter().map(|id| Connect {
            node: Target::Id((*id).into()),
            edge: Edit::default(),
        });
        Links {
            connect: connect.collect(),
            ..self.links(of, field)
        }
    }

    /// A city that may be, inside the country.
    pub(super) fn city(&self, key: &str, values: &[(&str, Value)]) -> NodeInput {
        let mut input = self.input("City", key, &[("name", en(key))]);
        input.edit.set.extend(self.set("City", values).set);
        input
            .edit
            .links
            .push(self.connect("City", "inside", &["Country:c"]));
        input
    }

    pub(super) fn create(&self, of: &str, input: Vec<NodeInput>) -> Operation {
        let of = self.of_type(of);
        Operation::CreateNodes { of, input }
    }

    pub(super) fn update(&self, ids: &[&str], edit: Edit) -> Operation {
        Operation::UpdateNodes {
            nodes: ids.iter().map(|id| self.node(id)).collect(),
            edit,
            if_revision: None,
        }
    }

    /// Runs operations as one transaction; the root fields are named `r0`, `r1`, ….
    pub(super) fn run(&self, operations: &[Operation]) -> Result<Checked, Refusals> {
        let mut transaction = Transaction::new(&self.rules, &self.graph);
        for (at, operation) in operations.iter().enumerate() {
            transaction.run(&format!("r{at}"), operation);
        }
        let checked = transaction.finish()?;
        let whole = crate::graph::check::check(&checked.graph);
        assert!(whole.is_empty(), "{whole:?}");
        let applied = self.graph.apply(&checked.changes).unwrap();
        assert_eq!(ids(&applied), ids(&checked.graph));
        Ok(checked)
    }

    /// What is said to operations that are refused, line by line.
    pub(super) fn refused(&self, operations: &[Operation]) -> Vec<String> {
        let refusals = self.run(operations).map(|_| ()).unwrap_err();
        assert_eq!(refusals.count, refusals.first.len());
        refusals.first.iter().map(Refusal::to_string).collect()
    }
}

pub(super) fn en(text: &str) -> Value {
    Value::Texts(vec![("en".into(), text.into())])
}

pub(super) fn text(text: &str) -> Value {
    Value::Str(text.into())
}

pub(super) fn cite(source: &str) -> Citation {
    Citation {
        source: source.into(),
        locator: None,
        fields: None,
        note: None,
    }
}

/// The ids of all records.
pub(super) fn ids(graph: &Snapshot) -> Vec<String> {
    let types = graph.ontology().concrete_ids();
    let nodes = types.flat_map(|of| graph.nodes(of).map(|node| graph.id(node)));
    let segments = graph.all_segments().flat_map(|(id, _)| graph.edges(id));
    let edges = segments.map(|edge| graph.edge_id(edge).to_string());
    nodes.chain(edges).collect()
}
