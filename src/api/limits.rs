//! How much may one document ask for? The limits, and the count of an operation's fields and
//! depth with fragments expanded, in time linear in the document. Not for costs that depend on
//! the data: those are the plan's.

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection};
use rustc_hash::FxHashMap;

use super::error::{ErrorCode, GraphqlError, Location};

/// What one document and its variables may have at most.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Levels of fields below the root (20).
    pub depth: usize,
    /// Fields and aliases of an operation, fragments expanded (2,000). A document may have twice
    /// as many, as they are written.
    pub fields: usize,
    /// Open brackets of any kind at one place of the document, and levels of objects and lists
    /// in the variables (100).
    pub nesting: usize,
    /// Names, numbers, strings and punctuators of a document (100,000).
    pub tokens: usize,
    /// Operations in a document (50).
    pub operations: usize,
    /// Fragment definitions in a document (500).
    pub fragments: usize,
    /// Variables of an operation (500).
    pub variables: usize,
    /// Errors told about one document; the rest is left out (20).
    pub errors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 20,
            fields: 2_000,
            nesting: 100,
            tokens: 100_000,
            operations: 50,
            fragments: 500,
            variables: 500,
            errors: 20,
        }
    }
}

/// A `LIMIT_EXCEEDED` that names the limit, its value and the way out.
pub fn exceeded(limit: &str, allowed: usize, hint: &str) -> GraphqlError {
    GraphqlError::new(
        ErrorCode::LimitExceeded,
        format!("the limit `{limit}` of {allowed} is exceeded"),
    )
    .hint(hint)
}

/// Fails when a parsed document is over one of the limits. The document need not be valid.
pub(super) fn check_document(document: &Document, limits: &Limits) -> Result<(), GraphqlError> {
    let mut measure = Measure::of(document, limits)?;
    let fragments: Vec<_> = measure.fragments.values().copied().collect();
    for fragment in fragments {
        measure
            .fragment(&fragment.name, 0)?
            .check(limits, place(fragment, document))?;
    }
    for definition in &document.definitions {
        let Definition::OperationDefinition(operation) = definition else {
            continue;
        };
        if operation.variables.len() > limits.variables {
            let hint = "pass one variable with a list or an object";
            return Err(exceeded("variables", limits.variables, hint));
        }
        measure
            .selections(&operation.selection_set, 0)?
            .check(limits, place(operation, document))?;
    }
    let most = limits.fields.saturating_mul(2);
    if measure.written > most {
        let hint = "send the operations in several documents";
        return Err(exceeded("fields of all operations", most, hint));
    }
    Ok(())
}

fn place<T>(node: &Node<T>, document: &Document) -> Option<Location> {
    let range = node.line_column_range(&document.sources)?;
    Some(Location {
        line: range.start.line,
        column: range.start.column,
    })
}

/// Fields and depth of a selection set, fragments expanded.
#[derive(Clone, Copy, Default)]
struct Size {
    fields: usize,
    depth: usize,
    /// Longest chain of fragments that spread each other.
    chain: usize,
}

impl Size {
    fn check(self, limits: &Limits, at: Option<Location>) -> Result<(), GraphqlError> {
        if self.depth > limits.depth {
            let hint = "ask in several requests, each starting deeper";
            return Err(exceeded("depth", limits.depth, hint).at(at));
        }
        if self.fields > limits.fields {
            let hint = "fragments count wherever they are spread; ask in several requests";
            return Err(exceeded("fields", limits.fields, hint).at(at));
        }
        if self.chain > FRAGMENT_CHAIN {
            return Err(long_chain().at(at));
        }
        Ok(())
    }
}

/// Longest chain of fragments that spread each other; apollo-compiler follows no longer one.
const FRAGMENT_CHAIN: usize = 80;

fn long_chain() -> GraphqlError {
    let hint = "spread fewer fragments inside fragments";
    exceeded("fragment chain", FRAGMENT_CHAIN, hint)
}

struct Measure<'a> {
    fragments: FxHashMap<&'a str, &'a Node<FragmentDefinition>>,
    /// `None` while a fragment is being measured: meeting it then is a cycle.
    sizes: FxHashMap<&'a str, Option<Size>>,
    /// Fields as they are written, each once.
    written: usize,
}

impl<'a> Measure<'a> {
    fn of(document: &'a Document, limits: &Limits) -> Result<Self, GraphqlError> {
        let mut fragments = FxHashMap::default();
        let (mut operations, mut definitions) = (0, 0);
        for definition in &document.definitions {
            match definition {
                Definition::FragmentDefinition(fragment) => {
                    definitions += 1;
                    fragments.entry(fragment.name.as_str()).or_insert(fragment);
                }
                Definition::OperationDefinition(_) => operations += 1,
                _ => {}
            }
        }
        if operations > limits.operations {
            let hint = "send the operations in several documents";
            return Err(exceeded("operations", limits.operations, hint));
        }
        if definitions > limits.fragments {
            let hint = "send only the fragments that the operation needs";
            return Err(exceeded("fragments", limits.fragments, hint));
        }
        Ok(Self {
            fragments,
            sizes: FxHashMap::default(),
            written: 0,
        })
    }

    fn selections(&mut self, set: &'a [Selection], chain: usize) -> Result<Size, GraphqlError> {
        let mut total = Size::default();
        for selection in set {
            let size = match selection {
                Selection::Field(field) => {
                    self.written += 1;
                    let inner = self.selections(&field.selection_set, chain)?;
                    Size {
                        fields: inner.fields.saturating_add(1),
                        depth: inner.depth + 1,
                        ..inner
                    }
                }
                Selection::InlineFragment(inline) => {
                    self.selections(&inline.selection_set, chain)?
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name, chain)?,
            };
            total.fields = total.fields.saturating_add(size.fields);
            total.depth = total.depth.max(size.depth);
            total.chain = total.chain.max(size.chain);
        }
        Ok(total)
    }

    /// Each fragment is measured once. A cycle counts as nothing here: validation reports it.
    fn fragment(&mut self, name: &str, chain: usize) -> Result<Size, GraphqlError> {
        let Some(&fragment) = self.fragments.get(name) else {
            return Ok(Size::default());
        };
        if let Some(known) = self.sizes.get(name) {
            return Ok(known.unwrap_or_default());
        }
        if chain >= FRAGMENT_CHAIN {
            return Err(long_chain());
        }
        self.sizes.insert(&fragment.name, None);
        let mut size = self.selections(&fragment.selection_set, chain + 1)?;
        size.chain += 1;
        self.sizes.insert(&fragment.name, Some(size));
        Ok(size)
    }
}
