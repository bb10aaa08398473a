//! Do all literals and variables fit the place where they stand? Fields of input objects given
//! once, `@oneOf`, the kinds of the api's own scalars, and the type and nullability of variables
//! inside lists and objects. Each operation checks the fragments that it uses, each once, with
//! its own variables.

use apollo_compiler::ast::{DirectiveList, InputValueDefinition};
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use rustc_hash::FxHashSet;

use crate::api::document::location;
use crate::api::error::{ErrorCode, GraphqlError};
use crate::api::input::{Arguments, InputTypes, Mismatch, VariableTable};

pub(super) fn check(
    document: &ExecutableDocument,
    schema: &Schema,
    types: &InputTypes,
) -> Vec<GraphqlError> {
    let mut errors = Vec::new();
    for operation in document.operations.iter() {
        match VariableTable::of(&operation.variables, types) {
            Ok(variables) => {
                let mut rule = Rule {
                    document,
                    schema,
                    types,
                    variables,
                    seen: FxHashSet::default(),
                    errors: &mut errors,
                };
                rule.operation(operation);
            }
            Err((wrong, name)) => {
                errors.push(tell(&wrong, "variable", &format!("${name}"), document));
            }
        }
    }
    errors
}

fn tell(wrong: &Mismatch, what: &str, root: &str, document: &ExecutableDocument) -> GraphqlError {
    let error = GraphqlError::new(ErrorCode::ValidationFailed, wrong.tell(what, root))
        .at(location(wrong.location, &document.sources));
    match &wrong.hint {
        Some(hint) => error.hint(hint.clone()),
        None => error,
    }
}

struct Rule<'a> {
    document: &'a ExecutableDocument,
    schema: &'a Schema,
    types: &'a InputTypes,
    variables: VariableTable,
    seen: FxHashSet<&'a Name>,
    errors: &'a mut Vec<GraphqlError>,
}

impl<'a> Rule<'a> {
    fn operation(&mut self, operation: &'a Operation) {
        self.directives(&operation.directives);
        for variable in &operation.variables {
            self.directives(&variable.directives);
        }
        self.selections(&operation.selection_set);
    }

    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.arguments, &field.definition.arguments);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set),
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name),
            }
        }
    }

    fn fragment(&mut self, name: &'a Name) {
        let document = self.document;
        if self.seen.insert(name)
            && let Some(fragment) = document.fragments.get(name)
        {
            self.directives(&fragment.directives);
            self.selections(&fragment.selection_set);
        }
    }

    fn directives(&mut self, directives: &DirectiveList) {
        let schema = self.schema;
        for directive in directives.iter() {
            if let Some(definition) = schema.directive_definitions.get(&directive.name) {
                self.arguments(&directive.arguments, &definition.arguments);
            }
        }
    }

    fn arguments(
        &mut self,
        given: &[Node<apollo_compiler::ast::Argument>],
        definitions: &[Node<InputValueDefinition>],
    ) {
        if given.is_empty() {
            return;
        }
        if let Err((name, wrong)) =
            Arguments::compile(given, definitions, self.types, &self.variables)
        {
            let error = tell(&wrong, "argument", &name, self.document);
            self.errors.push(error);
        }
    }
}
