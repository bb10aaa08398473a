//! Does any name that is declared, generated or built in stand for two things? Not for: what names
//! are generated (`names`) or two declarations of one name (`declare`).

use super::relation::Draft;
use super::report::{Located, Report, Span};
use super::shape::Shape;
use super::symbols::Symbols;
use crate::ontology::names::{self, RelationNames, TypeNames};
use crate::ontology::{EnumType, Field, NodeType, Ontology, Relationship, TypeId};
use std::collections::{BTreeMap, BTreeSet};

/// What a name stands for.
#[derive(Clone)]
struct Origin {
    /// Where it comes from; nowhere if the API brings it along.
    span: Option<Span>,
    /// What it is, for people.
    says: String,
}

/// Names of one namespace, each with what claimed it first.
struct Namespace {
    /// What the names are: `type`, `field`.
    kind: &'static str,
    /// What they are names in, if not in the whole: ` of County`.
    within: String,
    taken: BTreeMap<String, Origin>,
    /// Pairs of origins whose clash is reported: one report is enough.
    reported: BTreeSet<(Option<Span>, Option<Span>)>,
}

impl Namespace {
    /// A namespace in which the API has taken some names.
    fn new(kind: &'static str, within: String, built_in: &[&str]) -> Self {
        let origin = Origin {
            span: None,
            says: "built in".to_owned(),
        };
        let taken = built_in
            .iter()
            .map(|name| ((*name).to_owned(), origin.clone()));
        Self {
            kind,
            within,
            taken: taken.collect(),
            reported: BTreeSet::new(),
        }
    }

    /// Takes a name for something, or reports what has it already.
    fn claim(&mut self, report: &mut Report, name: String, span: Span, says: String, help: &str) {
        let origin = Origin {
            span: Some(span),
            says,
        };
        let Some(first) = self.taken.get(&name) else {
            self.taken.insert(name, origin);
            return;
        };
        let pair = (first.span.min(origin.span), first.span.max(origin.span));
        if first.span == origin.span || !self.reported.insert(pair) {
            return;
        }
        match first.span {
            None => report
                .error(format!(
                    "the {} `{name}`{} is built in",
                    self.kind, self.within
                ))
                .at(span, origin.says),
            Some(first_span) => report
                .error(format!(
                    "the {} `{name}`{} would stand for two things",
                    self.kind, self.within
                ))
                .at(span, origin.says)
                .at(first_span, first.says.clone()),
        }
        .help(help);
    }
}

/// What was declared and what was made of it.
pub(super) struct Declared<'a, 'd> {
    pub symbols: &'a Symbols<'d>,
    pub shapes: &'a [Shape<'d>],
    pub edges: &'a [Shape<'d>],
    pub drafts: &'a [Draft],
    pub types: &'a [NodeType],
    pub relationships: &'a [Relationship],
    pub enums: &'a [EnumType],
}

impl Declared<'_, '_> {
    /// Reports every clash of names.
    pub fn check_names(&self, report: &mut Report) {
        self.check_types(report);
        self.check_root_fields(report);
        self.check_conditions(report);
        self.check_files(report);
        for (at, (shape, node_type)) in self.shapes.iter().zip(self.types).enumerate() {
            check_fields(report, shape, node_type, TypeId(at as u16));
        }
        for shape in self.edges {
            check_edge_fields(report, shape);
        }
    }

    fn node(&self) -> usize {
        self.symbols.concrete
    }

    /// Where a relationship type's edge type is declared, or its name first written.
    fn edge_span(&self, at: usize) -> Span {
        let draft = &self.drafts[at];
        draft.edge.map_or(draft.ends[0].said, |edge| {
            self.symbols.edges[edge].name.span()
        })
    }

    fn check_types(&self, report: &mut Report) {
        let mut types = Namespace::new("type", String::new(), names::BUILT_IN_TYPES);
        self.claim_declared(report, &mut types);
        self.claim_generated(report, &mut types);
        self.claim_of_relations(report, &mut types);
        for (decl, it) in self.symbols.enums.iter().zip(self.enums) {
            for name in it.all_types() {
                claim_generated(report, &mut types, name, decl.name.span(), &it.name);
            }
        }
    }

    fn claim_declared(&self, report: &mut Report, types: &mut Namespace) {
        let nodes = self.symbols.nodes.iter().map(|decl| &decl.name);
        let edges = self.symbols.edges.iter().map(|decl| &decl.name);
        let enums = self.symbols.enums.iter().map(|decl| &decl.name);
        for name in nodes.chain(edges).chain(enums) {
            if report.is_built_in(name.span()) {
                continue;
            }
            if name.starts_with("__") {
                report
                    .error(format!("`{name}` cannot be the name of a type"))
                    .at(name.span(), "")
                    .help("names that begin with `__` belong to GraphQL: choose another");
            }
            let help = match name.as_str() {
                "Query" | "Mutation" | "Subscription" => {
                    "the roots are generated from the other types: leave this out"
                }
                _ => "choose another name",
            };
            types.claim(
                report,
                name.to_string(),
                name.span(),
                "declared here".to_owned(),
                help,
            );
        }
        for (at, made) in self
            .relationships
            .iter()
            .enumerate()
            .filter(|(_, made)| !made.declared)
        {
            let says = format!("names the edge type of `{}`", made.name);
            let help = "choose another `type`, or give it `properties` with a name of their own";
            types.claim(
                report,
                made.type_name.clone(),
                self.edge_span(at),
                says,
                help,
            );
        }
    }

    fn claim_generated(&self, report: &mut Report, types: &mut Namespace) {
        for (at, (shape, it)) in self.shapes.iter().zip(self.types).enumerate() {
            let on = it.names().on();
            for name in it.names().all_types() {
                if at >= self.node() || name != on {
                    claim_generated(report, types, name, shape.decl.name.span(), &it.name);
                }
            }
        }
        for (at, made) in self.relationships.iter().enumerate() {
            let on = made.names().on();
            for name in made
                .names()
                .all_types()
                .into_iter()
                .filter(|name| *name != on)
            {
                claim_generated(report, types, name, self.edge_span(at), &made.type_name);
            }
        }
    }

    fn claim_of_relations(&self, report: &mut Report, types: &mut Namespace) {
        let mut seen = BTreeSet::new();
        for (shape, node_type) in self.shapes.iter().zip(self.types) {
            for field in &node_type.fields {
                let Field::Relation(relation) = field else {
                    continue;
                };
                let Some(declared) = shape.field(&relation.name) else {
                    continue;
                };
                let made = &self.relationships[relation.relationship.0 as usize];
                let target = &self.types[relation.target.0 as usize].name;
                for edge_type in [made.type_name.as_str(), made.group_name()] {
                    if !seen.insert((edge_type, target)) {
                        continue;
                    }
                    let of = format!("{edge_type}` to `{target}");
                    for name in RelationNames::new(edge_type, target).all_types() {
                        claim_generated(report, types, name, declared.node.name.span(), &of);
                    }
                }
            }
        }
    }

    fn check_root_fields(&self, report: &mut Report) {
        let mut roots = Namespace::new("root field", String::new(), names::BUILT_IN_ROOT_FIELDS);
        let all = self.shapes.iter().zip(self.types).enumerate();
        for (_, (shape, it)) in all.filter(|(at, _)| *at != self.node()) {
            claim_root_fields(
                report,
                &mut roots,
                it.names(),
                shape.decl.name.span(),
                &it.name,
            );
        }
        for (at, made) in self
            .relationships
            .iter()
            .enumerate()
            .filter(|(_, made)| made.declared)
        {
            claim_root_fields(
                report,
                &mut roots,
                made.names(),
                self.edge_span(at),
                &made.type_name,
            );
        }
    }

    /// Conditions on what searches follow are named after edge types, also those without properties.
    fn check_conditions(&self, report: &mut Report) {
        let mut fields = Namespace::new("field", " of `FollowWhere`".to_owned(), &[]);
        for (at, made) in self.relationships.iter().enumerate() {
            let field = made.names().single();
            let says = format!("`{field}` is generated for `{}`", made.type_name);
            fields.claim(
                report,
                field,
                self.edge_span(at),
                says,
                "rename one of them",
            );
        }
    }

    /// Data files and ids are named by node types and relationship types alike.
    fn check_files(&self, report: &mut Report) {
        for draft in self.drafts {
            if let Some(id) = self.symbols.node(&draft.name) {
                report
                    .error(format!(
                        "`{}` names both a relationship type and a node type",
                        draft.name
                    ))
                    .at(draft.ends[0].said, "a relationship type")
                    .at(self.symbols.decl(id).name.span(), "a node type")
                    .help(
                        "data files and ids tell them apart by name alone: choose another `type`",
                    );
            }
        }
    }
}

fn claim_generated(report: &mut Report, types: &mut Namespace, name: String, span: Span, of: &str) {
    let says = format!("`{name}` is generated for `{of}`");
    types.claim(report, name, span, says, "rename one of them");
}

fn claim_root_fields(
    report: &mut Report,
    roots: &mut Namespace,
    of: TypeNames,
    span: Span,
    name: &str,
) {
    for field in [of.single(), of.list(), of.list_connection()] {
        let says = format!("`{field}` is generated for `{name}`");
        let help = "rename the type, or give it another plural: @plural(value: \"…\")";
        if field == of.list() && field == of.single() {
            report
                .error(format!(
                    "one `{name}` and many have the same root field `{field}`"
                ))
                .at(span, "")
                .help("give it another plural: @plural(value: \"…\")");
        }
        roots.claim(report, field, span, says, help);
    }
}

/// Checks the fields that are generated beside declared ones.
fn check_fields(report: &mut Report, shape: &Shape, node_type: &NodeType, id: TypeId) {
    let built_in: &[&str] = if id == Ontology::SOURCE {
        &["citedBy"]
    } else {
        &[]
    };
    let mut fields = Namespace::new("field", format!(" of `{}`", shape.decl.name), built_in);
    claim_declared_fields(report, &mut fields, shape);
    for field in &node_type.fields {
        let name = field.name(node_type);
        let made = match field {
            Field::Relation(_) | Field::Closure(_) => vec![names::connection_field(name)],
            Field::Property(at) if node_type.properties[*at].localized => of_texts(name),
            Field::Property(_) => Vec::new(),
        };
        claim_fields(report, &mut fields, shape, name, made);
    }
}

fn check_edge_fields(report: &mut Report, shape: &Shape) {
    let mut fields = Namespace::new("field", format!(" of `{}`", shape.decl.name), &[]);
    claim_declared_fields(report, &mut fields, shape);
    for field in &shape.fields {
        if field.directives.find("localized").is_some() {
            claim_fields(
                report,
                &mut fields,
                shape,
                field.name(),
                of_texts(field.name()),
            );
        }
    }
}

fn of_texts(name: &str) -> Vec<String> {
    vec![names::texts_field(name), names::language_sort_field(name)]
}

fn claim_declared_fields(report: &mut Report, fields: &mut Namespace, shape: &Shape) {
    let mut seen = BTreeSet::new();
    for field in shape
        .fields
        .iter()
        .filter(|field| seen.insert(field.name()))
    {
        let span = field.node.name.span();
        fields.claim(
            report,
            field.name().to_owned(),
            span,
            "declared here".to_owned(),
            "choose another name",
        );
    }
}

fn claim_fields(
    report: &mut Report,
    fields: &mut Namespace,
    shape: &Shape,
    of: &str,
    made: Vec<String>,
) {
    let Some(field) = shape.field(of) else { return };
    for name in made {
        let says = format!("`{name}` is generated for `{of}`");
        fields.claim(
            report,
            name,
            field.node.name.span(),
            says,
            "rename one of the two fields",
        );
    }
}
