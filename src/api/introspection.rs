//! Which part of an operation asks about the schema? That part is cut out as an operation of its
//! own, for `schema` to answer, and bounded by what it would cost. Not for answering it.

use std::collections::BTreeSet;
use std::sync::Arc;

use apollo_compiler::executable::{
    Field, Fragment, InlineFragment, Operation, Selection, SelectionSet,
};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use rustc_hash::FxHashMap;

use super::error::GraphqlError;
use super::limits::exceeded;

/// What the root fields of an operation ask about.
#[derive(Clone, Debug, PartialEq)]
pub enum RootKind {
    /// Only about the schema (`__schema`, `__type`, `__typename`): the text of the operation
    /// with the fragments that it uses.
    Introspection(Arc<str>),
    /// Only about the data, `__typename` included.
    Data,
    /// About both: the text of an operation with only the fields `__schema` and `__type`.
    Mixed(Arc<str>),
}

/// How much the introspection of a schema costs.
#[derive(Debug)]
pub struct Introspection {
    types: usize,
    /// Entries of a list field of the introspection types, on average over the schema.
    average: FxHashMap<&'static str, usize>,
    /// Most objects that an operation may ask for.
    allowed: usize,
}

/// Lists inside lists of the same kind make introspection grow without bound.
const LISTS: usize = 3;

impl Introspection {
    /// Measures a schema. An operation may ask for twice the whole schema.
    pub(super) fn of(schema: &Schema) -> Self {
        let mut count = Counts::default();
        for ty in schema.types.values() {
            count.add(ty);
        }
        let types = schema.types.len();
        let per_type = |total: usize| total / types.max(1) + 1;
        let average = FxHashMap::from_iter([
            ("types", types),
            ("directives", schema.directive_definitions.len()),
            ("fields", per_type(count.fields)),
            ("args", count.arguments / count.fields.max(1) + 1),
            ("inputFields", per_type(count.input_fields)),
            ("enumValues", per_type(count.enum_values)),
            ("interfaces", 2),
            ("possibleTypes", 8),
        ]);
        let mut introspection = Self {
            types,
            average,
            allowed: usize::MAX,
        };
        introspection.allowed = introspection.whole().saturating_mul(2);
        introspection
    }

    /// The objects of a full introspection: of each entry its type with eight wrappers.
    fn whole(&self) -> usize {
        let each = |name: &str| self.average.get(name).copied().unwrap_or(1);
        let reference = 12;
        let input = 2 + reference;
        let field = 2 + reference + each("args") * input;
        let ty = 8
            + each("fields") * field
            + each("inputFields") * input
            + each("enumValues") * 4
            + (each("interfaces") + each("possibleTypes")) * reference;
        self.types * ty + each("directives") * (6 + 4 * input)
    }

    /// What an operation asks about; fails when its introspection is over the limits.
    pub(super) fn split(
        &self,
        operation: &Node<Operation>,
        document: &Valid<ExecutableDocument>,
    ) -> Result<RootKind, GraphqlError> {
        let (mut schema, mut data) = (false, false);
        for field in operation.root_fields(document) {
            match field.name.as_str() {
                "__schema" | "__type" => schema = true,
                "__typename" => {}
                _ => data = true,
            }
        }
        if data && !schema {
            return Ok(RootKind::Data);
        }
        let mut cost = Cost {
            introspection: self,
            document,
            known: FxHashMap::default(),
        };
        let total = cost.selections(&operation.selection_set, 0, !data)?;
        if total > self.allowed {
            let hint = "ask for the schema once, or get it at /schema.graphql";
            return Err(exceeded("introspection", self.allowed, hint));
        }
        let text = cut(operation, document, !data);
        Ok(if data {
            RootKind::Mixed(text)
        } else {
            RootKind::Introspection(text)
        })
    }
}

#[derive(Default)]
struct Counts {
    fields: usize,
    arguments: usize,
    input_fields: usize,
    enum_values: usize,
}

impl Counts {
    fn add(&mut self, ty: &ExtendedType) {
        match ty {
            ExtendedType::Object(ty) => self.fields(ty.fields.values().map(|f| f.arguments.len())),
            ExtendedType::Interface(ty) => {
                self.fields(ty.fields.values().map(|f| f.arguments.len()));
            }
            ExtendedType::InputObject(ty) => self.input_fields += ty.fields.len(),
            ExtendedType::Enum(ty) => self.enum_values += ty.values.len(),
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
        }
    }

    fn fields(&mut self, arguments: impl Iterator<Item = usize>) {
        for count in arguments {
            self.fields += 1;
            self.arguments += count;
        }
    }
}

/// Adds up what the introspection of one operation costs.
struct Cost<'a> {
    introspection: &'a Introspection,
    document: &'a ExecutableDocument,
    /// Cost of a fragment by its name and the lists around it.
    known: FxHashMap<(&'a str, usize), usize>,
}

impl<'a> Cost<'a> {
    /// Objects below a selection set that is inside so many lists. At the root, fields of data
    /// cost nothing here.
    fn selections(
        &mut self,
        set: &'a SelectionSet,
        lists: usize,
        all: bool,
    ) -> Result<usize, GraphqlError> {
        let mut total = 0_usize;
        for selection in &set.selections {
            let cost = match selection {
                Selection::Field(field) if all || about_schema(field) => {
                    self.field(field, lists)?
                }
                Selection::Field(_) => 0,
                Selection::InlineFragment(inline) => {
                    self.selections(&inline.selection_set, lists, all)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.fragment_name, lists, all)?
                }
            };
            total = total.saturating_add(cost);
        }
        Ok(total)
    }

    fn field(&mut self, field: &'a Node<Field>, lists: usize) -> Result<usize, GraphqlError> {
        let name = field.name.as_str();
        let nests = matches!(
            name,
            "fields" | "interfaces" | "possibleTypes" | "inputFields"
        );
        let lists = lists + usize::from(nests);
        if lists >= LISTS {
            let hint = "introspect the types by name with `__type`";
            return Err(exceeded("introspection depth", LISTS, hint));
        }
        let inner = self.selections(&field.selection_set, lists, true)?;
        let entries = self.introspection.average.get(name).copied().unwrap_or(1);
        let object = usize::from(!field.selection_set.is_empty());
        Ok(entries.saturating_mul(inner.saturating_add(object)))
    }

    fn fragment(&mut self, name: &'a Name, lists: usize, all: bool) -> Result<usize, GraphqlError> {
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(0);
        };
        let key = (fragment.name.as_str(), lists);
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let cost = self.selections(&fragment.selection_set, lists, all)?;
        self.known.insert(key, cost);
        Ok(cost)
    }
}

fn about_schema(field: &Field) -> bool {
    matches!(field.name.as_str(), "__schema" | "__type")
}

/// The text of the operation with only the root fields about the schema (and `__typename` if
/// `all`), fragments at the root written out, and with what those use.
fn cut(operation: &Node<Operation>, document: &ExecutableDocument, all: bool) -> Arc<str> {
    let mut used = Used::default();
    let mut kept = Operation::clone(operation);
    kept.selection_set = keep(&operation.selection_set, document, all);
    used.selections(&kept.selection_set, document);
    used.directives(&kept.directives);
    kept.variables
        .retain(|each| used.variables.contains(&each.name));
    let mut text = kept.to_string();
    for name in &used.fragments {
        if let Some(fragment) = document.fragments.get(name) {
            text.push('\n');
            text.push_str(&fragment.to_string());
        }
    }
    text.into()
}

fn keep(set: &SelectionSet, document: &ExecutableDocument, all: bool) -> SelectionSet {
    let mut kept = SelectionSet::new(set.ty.clone());
    for selection in &set.selections {
        let selection = match selection {
            Selection::Field(field) if all || about_schema(field) => selection.clone(),
            Selection::Field(_) => continue,
            Selection::InlineFragment(inline) => {
                let mut inner = InlineFragment::clone(inline);
                inner.selection_set = keep(&inline.selection_set, document, all);
                Selection::InlineFragment(Node::new(inner))
            }
            Selection::FragmentSpread(spread) => {
                let Some(fragment) = document.fragments.get(&spread.fragment_name) else {
                    continue;
                };
                written_out(fragment, &spread.directives, document, all)
            }
        };
        let empty =
            matches!(&selection, Selection::InlineFragment(i) if i.selection_set.is_empty());
        if !empty {
            kept.push(selection);
        }
    }
    kept
}

fn written_out(
    fragment: &Fragment,
    directives: &apollo_compiler::ast::DirectiveList,
    document: &ExecutableDocument,
    all: bool,
) -> Selection {
    let ty = fragment.type_condition().clone();
    let mut inline = InlineFragment::with_type_condition(ty);
    inline.directives = directives.clone();
    inline.selection_set = keep(&fragment.selection_set, document, all);
    Selection::InlineFragment(Node::new(inline))
}

/// The fragments and variables that a selection set uses.
#[derive(Default)]
struct Used {
    fragments: BTreeSet<Name>,
    variables: BTreeSet<Name>,
}

impl Used {
    fn selections(&mut self, set: &SelectionSet, document: &ExecutableDocument) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    for argument in &field.arguments {
                        self.value(&argument.value);
                    }
                    self.selections(&field.selection_set, document);
                }
                Selection::InlineFragment(inline) => {
                    self.selections(&inline.selection_set, document);
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.fragment_name, document);
                }
            }
        }
    }

    fn fragment(&mut self, name: &Name, document: &ExecutableDocument) {
        if self.fragments.insert(name.clone())
            && let Some(fragment) = document.fragments.get(name)
        {
            self.directives(&fragment.directives);
            self.selections(&fragment.selection_set, document);
        }
    }

    fn directives(&mut self, directives: &apollo_compiler::ast::DirectiveList) {
        for directive in directives.iter() {
            for argument in &directive.arguments {
                self.value(&argument.value);
            }
        }
    }

    fn value(&mut self, value: &apollo_compiler::ast::Value) {
        use apollo_compiler::ast::Value;
        match value {
            Value::Variable(name) => {
                self.variables.insert(name.clone());
            }
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.iter().for_each(|(_, field)| self.value(field)),
            _ => {}
        }
    }
}
