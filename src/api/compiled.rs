//! What is kept of a document beside itself? Its operations, lowered for the values of the variables
//! that `@skip` and `@include` use. Not for: the document (`cache`).

use super::document::Document;
use super::error::GraphqlError;
use super::input::Variables;
use super::lower::{Asked, Lowered, lower};
use super::operation::Operation;
use super::service::RequestId;
use crate::ontology::Ontology;
use apollo_compiler::ast::{DirectiveList, Value};
use apollo_compiler::executable::{Selection, SelectionSet};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// How many forms of a document are kept.
const KEPT: usize = 16;

/// The lowered forms of a document's operations.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    /// The variables that decide what is included.
    conditions: Vec<String>,
    forms: Mutex<Vec<Form>>,
}

/// An operation for given conditions.
#[derive(Debug)]
struct Form {
    operation: Option<String>,
    conditions: Vec<bool>,
    lowered: Arc<Lowered>,
}

impl Compiled {
    pub(super) fn new(document: &Document) -> Self {
        let executable = document.executable();
        let mut names = BTreeSet::new();
        let operations = executable
            .operations
            .iter()
            .map(|operation| &operation.selection_set);
        let fragments = executable
            .fragments
            .values()
            .map(|fragment| &fragment.selection_set);
        operations
            .chain(fragments)
            .for_each(|set| collect(set, &mut names));
        Self {
            conditions: names.into_iter().collect(),
            forms: Mutex::default(),
        }
    }

    /// An operation, lowered for the values of its variables.
    pub(super) fn lowered(
        &self,
        ontology: &Ontology,
        document: &Document,
        operation: &Operation,
        variables: &Variables,
        request: RequestId,
    ) -> Result<Arc<Lowered>, GraphqlError> {
        let table = operation.variables();
        let value = |name: &str| {
            table
                .value(name, variables)
                .and_then(|input| input.as_bool())
                .unwrap_or(false)
        };
        let conditions: Vec<bool> = self.conditions.iter().map(|name| value(name)).collect();
        if let Some(known) = self.known(operation.name(), &conditions) {
            return Ok(known);
        }
        let asked = Asked {
            ontology,
            document: document.executable(),
            operation: operation.node(),
            types: document.types(),
            variables: table,
            request,
        };
        let lowered = Arc::new(lower(&asked, &value)?);
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        forms.truncate(KEPT - 1);
        forms.insert(
            0,
            Form {
                operation: operation.name().map(str::to_owned),
                conditions,
                lowered: lowered.clone(),
            },
        );
        Ok(lowered)
    }

    fn known(&self, operation: Option<&str>, conditions: &[bool]) -> Option<Arc<Lowered>> {
        let forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        let mut forms = forms.iter();
        let known = forms
            .find(|form| form.operation.as_deref() == operation && form.conditions == conditions);
        known.map(|form| form.lowered.clone())
    }
}

fn collect(set: &SelectionSet, names: &mut BTreeSet<String>) {
    for selection in &set.selections {
        of_directives(selection.directives(), names);
        match selection {
            Selection::Field(field) => collect(&field.selection_set, names),
            Selection::InlineFragment(inline) => collect(&inline.selection_set, names),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn of_directives(directives: &DirectiveList, names: &mut BTreeSet<String>) {
    for name in ["skip", "include"] {
        let value = directives
            .get(name)
            .and_then(|directive| directive.specified_argument_by_name("if"));
        if let Some(Value::Variable(variable)) = value.map(|value| &**value) {
            names.insert(variable.to_string());
        }
    }
}
