//! Text of a document → a document that is safe, limited, parsed and valid, with what execution
//! needs to know of its operations. Each step is linear in the text (see `rules/` for the one
//! that is quadratic in the bounded number of fields). Not for running it.

use std::sync::Arc;

use apollo_compiler::ast;
use apollo_compiler::parser::{Parser, SourceMap, SourceSpan};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Name, Schema};

use super::error::{ErrorCode, GraphqlError, Location, excerpt};
use super::guard::check_text;
use super::hints::{hint, plain};
use super::input::InputTypes;
use super::introspection::Introspection;
use super::limits::{Limits, check_document};
use super::operation::Operation;
use super::rules;
use super::syntax::check_syntax;

/// Checks documents against one schema.
#[derive(Debug)]
pub struct Validator {
    schema: Arc<Valid<Schema>>,
    types: Arc<InputTypes>,
    introspection: Introspection,
    limits: Limits,
}

/// A valid document.
#[derive(Debug)]
pub struct Document {
    executable: Valid<ExecutableDocument>,
    operations: Vec<Operation>,
    types: Arc<InputTypes>,
    nesting: usize,
}

/// What the specification's introspection has and apollo-compiler's built-in types lack.
const INTROSPECTION: &str = "extend type __Type { isOneOf: Boolean }";
/// The directive that apollo-compiler does not know by itself.
const ONE_OF: &str = "directive @oneOf on INPUT_OBJECT";

impl Validator {
    /// Reads the served schema. The error tells what is wrong with it, for developers.
    pub fn new(sdl: &str, limits: Limits) -> Result<Self, String> {
        let mut builder = Schema::builder()
            .ignore_builtin_redefinitions()
            .parse(sdl, "schema.graphql")
            .parse(INTROSPECTION, "introspection.graphql");
        if !sdl.contains("directive @oneOf") {
            builder = builder.parse(ONE_OF, "oneof.graphql");
        }
        let schema = builder.build().map_err(|wrong| wrong.errors.to_string())?;
        let schema = schema
            .validate()
            .map_err(|wrong| wrong.errors.to_string())?;
        Ok(Self::over(Arc::new(schema), limits))
    }

    /// Over a schema that is read already, whose `__Type` has `isOneOf`.
    pub fn over(schema: Arc<Valid<Schema>>, limits: Limits) -> Self {
        Self {
            introspection: Introspection::of(&schema),
            types: Arc::new(InputTypes::of(&schema)),
            schema,
            limits,
        }
    }

    /// The schema that documents are checked against.
    pub fn schema(&self) -> &Arc<Valid<Schema>> {
        &self.schema
    }

    /// The input types of the schema.
    pub fn types(&self) -> &Arc<InputTypes> {
        &self.types
    }

    /// Checks a document; all its errors at once, up to `Limits::errors`.
    pub fn check(&self, text: &str) -> Result<Document, Vec<GraphqlError>> {
        let mut document = self.read(text)?;
        let executable = document
            .to_executable(&self.schema)
            .map_err(|wrong| self.tell(&wrong.errors, ErrorCode::ValidationFailed))?;
        give_each_field_an_alias(&mut document);
        document
            .to_executable_validate(&self.schema)
            .map_err(|wrong| self.tell(&wrong.errors, ErrorCode::ValidationFailed))?;
        let executable = Valid::assume_valid(executable);
        let mut errors = rules::check(&executable, &self.schema, &self.types);
        if !errors.is_empty() {
            errors.truncate(self.limits.errors);
            return Err(errors);
        }
        self.finish(executable)
    }

    /// The text as syntax, within the limits.
    fn read(&self, text: &str) -> Result<ast::Document, Vec<GraphqlError>> {
        check_text(text, &self.limits).map_err(|error| vec![error])?;
        let text = check_syntax(text).map_err(|error| vec![error])?;
        let document = Parser::new()
            .recursion_limit(2 * self.limits.nesting)
            .parse_ast(text.into_owned(), "document")
            .map_err(|wrong| self.tell(&wrong.errors, ErrorCode::ParseFailed))?;
        if document.definitions.is_empty() {
            let message = "the document is empty";
            let error = GraphqlError::new(ErrorCode::ParseFailed, message);
            return Err(vec![error.hint("write an operation: { … }")]);
        }
        check_document(&document, &self.limits).map_err(|error| vec![error])?;
        Ok(document)
    }

    fn finish(&self, executable: Valid<ExecutableDocument>) -> Result<Document, Vec<GraphqlError>> {
        let mut operations = Vec::with_capacity(executable.operations.len());
        for operation in executable.operations.iter() {
            let read = Operation::of(operation, &executable, &self.types, &self.introspection);
            operations.push(read.map_err(|error| vec![error])?);
        }
        Ok(Document {
            executable,
            operations,
            types: self.types.clone(),
            nesting: self.limits.nesting,
        })
    }

    fn tell(&self, errors: &DiagnosticList, code: ErrorCode) -> Vec<GraphqlError> {
        let told = errors.iter().take(self.limits.errors);
        told.map(|each| {
            let place = each.line_column_range().map(|range| Location {
                line: range.start.line,
                column: range.start.column,
            });
            let message = each.error.to_string();
            let message = plain(&message);
            let mut error = GraphqlError::new(code, excerpt(&message, 400)).at(place);
            error.hint = hint(&message, &self.schema);
            error
        })
        .collect()
    }
}

impl Document {
    /// The typed document. All its fields and fragments exist, and its fields can be merged.
    pub fn executable(&self) -> &Valid<ExecutableDocument> {
        &self.executable
    }

    /// The input types of the schema.
    pub fn types(&self) -> &InputTypes {
        &self.types
    }

    /// The operations, in the order of the document.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation to run: the one with this name, or without a name the only one.
    pub fn operation(&self, name: Option<&str>) -> Result<&Operation, GraphqlError> {
        match (name, self.operations.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => Err(self.unnamed()),
            (Some(name), all) => all
                .iter()
                .find(|operation| operation.name() == Some(name))
                .ok_or_else(|| self.unknown(name)),
        }
    }

    fn unnamed(&self) -> GraphqlError {
        let message = "the document has several operations and `operationName` names none";
        GraphqlError::new(ErrorCode::BadUserInput, message).hint(self.names())
    }

    fn unknown(&self, name: &str) -> GraphqlError {
        let message = format!("the document has no operation named `{name}`");
        GraphqlError::new(ErrorCode::BadUserInput, message).hint(self.names())
    }

    fn names(&self) -> String {
        let names = self.operations.iter().filter_map(Operation::name);
        let names: Vec<_> = names.take(20).collect();
        if names.is_empty() {
            return "leave `operationName` out: the operation has no name".to_owned();
        }
        format!("set `operationName` to one of: {}", names.join(", "))
    }

    /// The variables of a request, from the text of its `variables`.
    pub fn variables(
        &self,
        operation: &Operation,
        text: Option<&str>,
    ) -> Result<super::input::Variables, GraphqlError> {
        operation
            .variables()
            .coerce(text, &self.types, self.nesting)
    }
}

/// The line and column where a part of a document begins.
pub fn location(span: Option<SourceSpan>, sources: &SourceMap) -> Option<Location> {
    let range = span?.line_column_range(sources)?;
    Some(Location {
        line: range.start.line,
        column: range.start.column,
    })
}

/// Whether fields can be merged is checked by `rules::overlap`, which is exact and bounded;
/// apollo-compiler's check takes lists of different length for equal and time that doubles with
/// each level for some documents. Under names of their own no two fields merge.
fn give_each_field_an_alias(document: &mut ast::Document) {
    let mut count = 0;
    for definition in &mut document.definitions {
        match definition {
            ast::Definition::OperationDefinition(operation) => {
                alias_selections(&mut operation.make_mut().selection_set, &mut count);
            }
            ast::Definition::FragmentDefinition(fragment) => {
                alias_selections(&mut fragment.make_mut().selection_set, &mut count);
            }
            _ => {}
        }
    }
}

fn alias_selections(selections: &mut [ast::Selection], count: &mut usize) {
    for selection in selections {
        match selection {
            ast::Selection::Field(field) => {
                let field = field.make_mut();
                *count += 1;
                field.alias = Some(Name::new_unchecked(&format!("f{count}")));
                alias_selections(&mut field.selection_set, count);
            }
            ast::Selection::InlineFragment(inline) => {
                alias_selections(&mut inline.make_mut().selection_set, count);
            }
            ast::Selection::FragmentSpread(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
