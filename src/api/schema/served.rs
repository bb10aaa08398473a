//! What does the server hold of a schema? Its SDL, the checked schema, and the answers to
//! introspection, the last few of them kept. Not for: which types there are.

use super::{definitions, introspect, print};
use crate::ontology::Ontology;
use apollo_compiler::collections::HashMap;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Schema};
use serde_json::Map;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What the specification's introspection has and apollo-compiler's built-in types lack.
const ONE_OF: &str = "extend type __Type { isOneOf: Boolean }";

/// How many answers are kept, and the longest question of which one is.
const KEPT: usize = 8;
const LONGEST: usize = 16 * 1024;

/// The API of an ontology. Making one costs some milliseconds for each hundred types.
#[derive(Debug)]
pub struct Served {
    sdl: Arc<str>,
    schema: Arc<Valid<Schema>>,
    implementers: HashMap<Name, Implementers>,
    /// Question and answer, the latest first.
    answers: Mutex<VecDeque<(String, Arc<str>)>>,
}

/// Why an ontology gives no valid schema, or a document no introspection: a fault of this program,
/// as the ontology and the document have been checked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(String);

impl SchemaError {
    pub(super) fn new(wrong: impl fmt::Display) -> Self {
        Self(wrong.to_string())
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

impl Served {
    /// Generates the API of an ontology.
    ///
    /// # Errors
    /// What a checked ontology still clashes with; for developers.
    pub fn new(ontology: &Ontology) -> Result<Self, SchemaError> {
        let sdl: Arc<str> = print::sdl(&definitions(ontology)).into();
        let builder = Schema::builder().parse(&*sdl, "schema.graphql");
        let schema = builder.parse(ONE_OF, "introspection.graphql").build();
        let schema = schema.map_err(|wrong| SchemaError::new(wrong.errors))?;
        let schema = schema.validate();
        let schema = schema.map_err(|wrong| SchemaError::new(wrong.errors))?;
        Ok(Self {
            sdl,
            implementers: schema.implementers_map(),
            schema: Arc::new(schema),
            answers: Mutex::default(),
        })
    }

    /// The schema as `guitu schema` and `/schema.graphql` give it.
    pub fn sdl(&self) -> &Arc<str> {
        &self.sdl
    }

    /// The schema that documents are checked against; `__Type` has `isOneOf`.
    pub fn schema(&self) -> &Arc<Valid<Schema>> {
        &self.schema
    }

    /// The `data`, as JSON, of an operation that asks about the schema; its fields of data are left
    /// out. Answers to the latest few questions are kept; another one costs in proportion to its
    /// answer, some milliseconds for the whole schema.
    ///
    /// # Errors
    /// The document is not valid, or has not the operation. What is checked before never is.
    pub fn introspect(
        &self,
        query: &str,
        variables: &Map<String, serde_json::Value>,
        operation: Option<&str>,
    ) -> Result<Arc<str>, SchemaError> {
        let variables_text = serde_json::Value::Object(variables.clone());
        let question = format!(
            "{}\n{variables_text}\n{query}",
            operation.unwrap_or_default()
        );
        if let Some(known) = self.known(&question) {
            return Ok(known);
        }
        let document = ExecutableDocument::parse_and_validate(&self.schema, query, "query.graphql");
        let document = document.map_err(|wrong| SchemaError::new(wrong.errors))?;
        let variables = serde_json::from_value(variables_text).map_err(SchemaError::new)?;
        let (schema, implementers) = (&self.schema, &self.implementers);
        let answer = introspect::answer(schema, implementers, document, operation, &variables)?;
        let answer: Arc<str> = answer.into();
        self.keep(question, &answer);
        Ok(answer)
    }

    fn known(&self, question: &str) -> Option<Arc<str>> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let known = answers.iter().find(|(known, _)| known == question);
        known.map(|(_, answer)| answer.clone())
    }

    fn keep(&self, question: String, answer: &Arc<str>) {
        if question.len() > LONGEST {
            return;
        }
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.push_front((question, answer.clone()));
        answers.truncate(KEPT);
    }
}
