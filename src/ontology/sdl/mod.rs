//! How does the text of an ontology become its model? Parse, declare, lower, check: every violation
//! is reported at once. Not for: what the model holds (`model`).

mod clash;
mod closures;
mod declare;
mod directions;
mod directives;
mod ends;
mod interfaces;
mod literal;
mod property;
mod relation;
mod report;
mod schema;
mod shape;
mod symbols;
mod types;

use super::{Diagnostics, EnumType, Ontology};
use apollo_compiler::ast::Document;
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::parser::SourceSpan;
use declare::Declarations;
use relation::Relations;
use report::{BuiltIn, Report};
use symbols::Symbols;

const BUILT_IN: &str = include_str!("built_in.graphql");

impl Ontology {
    /// Reads an ontology from SDL; `file_name` is what diagnostics call it.
    ///
    /// # Errors
    /// Everything that is wrong with it, with positions and what would be accepted.
    pub fn parse(file_name: &str, sdl: &str) -> Result<Self, Diagnostics> {
        let built_in = parse(BUILT_IN, "built in").0;
        let file = built_in.sources.keys().copied().find(|_| true);
        let mut report = Report::new(
            file_name,
            sdl,
            BuiltIn {
                sdl: BUILT_IN,
                file,
            },
        );
        let (document, errors) = parse(sdl, file_name);
        let sdl_is_empty = document.definitions.is_empty() && errors.len() <= 1;
        for (span, message) in errors {
            report.mark_partial();
            if sdl_is_empty && message.contains("<EOF>") {
                nothing_declared(&mut report, span);
                continue;
            }
            report
                .error(&message)
                .at(span.into(), "")
                .help(syntax_help(&message));
        }
        let declared = Declarations::collect(&mut report, &[&built_in, &document]);
        let ontology = lower(&mut report, &declared, sdl);
        report.finish().map(|()| ontology)
    }
}

type SyntaxError = (Option<SourceSpan>, String);

/// What could be read of a text, and its syntax errors.
fn parse(sdl: &str, file_name: &str) -> (Document, Vec<SyntaxError>) {
    match Document::parse(sdl, file_name) {
        Ok(document) => (document, Vec::new()),
        Err(broken) => {
            let errors = broken
                .errors
                .iter()
                .map(|it| (it.error.location(), plain(&it.error.to_string())));
            let errors = errors.collect();
            (broken.partial, errors)
        }
    }
}

fn nothing_declared(report: &mut Report, span: Option<SourceSpan>) {
    report
        .error("the ontology declares nothing")
        .at(span.into(), "")
        .help("declare what exists: `type Film @node { title: String! @search }`");
}

/// What to do about a syntax error.
fn syntax_help(message: &str) -> &'static str {
    if message.contains("extension") {
        "nothing may stand before `extend`: turn a description into a comment (#)"
    } else {
        "https://graphql.org/learn/schema shows how types, fields and directives are written"
    }
}

/// A message of the parser with the signs that it has names for.
fn plain(message: &str) -> String {
    let signs = [
        ("L_CURLY", "{"),
        ("R_CURLY", "}"),
        ("L_PAREN", "("),
        ("R_PAREN", ")"),
        ("L_BRACK", "["),
        ("R_BRACK", "]"),
        ("COLON", ":"),
    ];
    signs.iter().fold(message.to_owned(), |text, (name, sign)| {
        text.replace(name, &format!("`{sign}`"))
    })
}

fn lower(report: &mut Report, declared: &Declarations, sdl: &str) -> Ontology {
    let symbols = Symbols::new(declared);
    let interfaces = interfaces::interfaces(report, &symbols);
    let shapes = shape::shapes(report, &symbols, &interfaces);
    interfaces::check_conformance(report, &shapes, &interfaces);
    let mut relations = Relations {
        symbols: &symbols,
        drafts: Vec::new(),
        named: Default::default(),
    };
    let types = types::lower_types(report, &mut relations, &shapes, &interfaces);
    ends::prune(&mut relations.drafts, &types);
    let edges = ends::edge_shapes(report, &relations);
    let relationships = ends::lower_relationships(report, &types, &relations, &edges);
    closures::check_closures(report, &shapes, &types, &relationships);
    let enums: Vec<EnumType> = declared
        .enums
        .iter()
        .map(|decl| types::lower_enum(report, decl))
        .collect();
    let settings = schema::settings(report, &declared.schema);
    clash::Declared {
        symbols: &symbols,
        shapes: &shapes,
        edges: &edges,
        drafts: &relations.drafts,
        types: &types,
        relationships: &relationships,
        enums: &enums,
    }
    .check_names(report);
    Ontology {
        concrete: symbols.concrete as u16,
        languages: settings.languages,
        cited: settings.cited,
        sdl: sdl.to_owned(),
        types,
        relationships,
        enums,
    }
}
