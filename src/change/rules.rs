//! Is a record allowed, looked at by itself? Not for: rules over several records (`explain`).

use super::{Violation, check_language, suggest};
use crate::ontology::{Ontology, Property, Relationship, RelationshipId, TypeId};
use crate::value::{Scalar, Value};
use regex::Regex;
use std::sync::Arc;

/// What a record is: a node of a type or an edge of a relationship type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A node of a concrete type.
    Node(TypeId),
    /// An edge.
    Edge(RelationshipId),
}

impl Kind {
    /// The name in files: `County`, `RETURN_ROUTE`.
    pub fn name(self, ontology: &Ontology) -> &str {
        match self {
            Self::Node(of) => &ontology.node_type(of).name,
            Self::Edge(of) => &ontology.relationship(of).name,
        }
    }

    /// The properties that records of this kind have.
    pub fn properties(self, ontology: &Ontology) -> &[Property] {
        match self {
            Self::Node(of) => &ontology.node_type(of).properties,
            Self::Edge(of) => &ontology.relationship(of).properties,
        }
    }
}

/// The rules of an ontology, ready to be applied.
#[derive(Clone, Debug)]
pub struct Rules {
    ontology: Arc<Ontology>,
    nodes: Vec<Vec<PropertyRule>>,
    edges: Vec<Vec<PropertyRule>>,
}

/// The rule of one property.
#[derive(Clone, Debug)]
pub struct PropertyRule {
    pattern: Option<Regex>,
}

impl Rules {
    /// Prepares the rules of an ontology.
    ///
    /// # Errors
    /// A pattern that is no regular expression.
    pub fn new(ontology: Arc<Ontology>) -> Result<Self, Violation> {
        let prepare = |properties: &[Property]| -> Result<Vec<_>, Violation> {
            properties.iter().map(PropertyRule::new).collect()
        };
        let nodes = ontology.types.iter().map(|of| prepare(&of.properties));
        let edges = ontology
            .relationships
            .iter()
            .map(|of| prepare(&of.properties));
        Ok(Self {
            nodes: nodes.collect::<Result<_, _>>()?,
            edges: edges.collect::<Result<_, _>>()?,
            ontology: ontology.clone(),
        })
    }

    /// The ontology whose rules these are.
    pub fn ontology(&self) -> &Arc<Ontology> {
        &self.ontology
    }

    /// Checks one value of one property (a position in the kind's properties); null is always right
    /// here, see [`Rules::check_required`].
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn check_value(&self, kind: Kind, property: usize, value: &Value) -> Result<(), Violation> {
        let rule = match kind {
            Kind::Node(of) => &self.nodes[of.0 as usize][property],
            Kind::Edge(of) => &self.edges[of.0 as usize][property],
        };
        let declared = &kind.properties(&self.ontology)[property];
        rule.check(&self.ontology, declared, value)
            .map_err(|violation| violation.at(&declared.name))
    }

    /// Checks that a record has all required properties, told which of them are null.
    ///
    /// # Errors
    /// The first that is missing.
    pub fn check_required(
        &self,
        kind: Kind,
        is_null: impl Fn(usize) -> bool,
    ) -> Result<(), Violation> {
        let properties = kind.properties(&self.ontology);
        let missing = (0..properties.len()).find(|at| {
            let property = &properties[*at];
            property.required && !property.list && is_null(*at)
        });
        missing.map_or(Ok(()), |at| Err(missing_value(&properties[at])))
    }

    /// Checks that a record has references where the ontology wants every record to be cited
    /// (sources themselves need none).
    ///
    /// # Errors
    /// That there is none.
    pub fn check_cited(&self, kind: Kind, references: usize) -> Result<(), Violation> {
        let exempt = !self.ontology.cited || kind == Kind::Node(Ontology::SOURCE);
        if exempt || references > 0 {
            return Ok(());
        }
        Err(uncited())
    }
}

/// That a property has no value.
pub(super) fn missing_value(property: &Property) -> Violation {
    let hint = match property.localized {
        true => format!("give {} in one language at least", property.name),
        false => format!("give {}", property.name),
    };
    Violation::new("is required but has no value")
        .at(&property.name)
        .hint(hint)
}

/// That a record has no references.
pub(super) fn uncited() -> Violation {
    Violation::new("no reference is given, but every record must cite a source")
        .at("references")
        .hint("name the source that says so, and where in it")
}

impl PropertyRule {
    fn new(property: &Property) -> Result<Self, Violation> {
        let compile = |pattern: &String| Regex::new(&format!("^(?:{pattern})$"));
        let pattern = property.pattern.as_ref().map(compile).transpose();
        let wrong = |error| Violation::new(format!("@pattern: {error}")).at(&property.name);
        Ok(Self {
            pattern: pattern.map_err(wrong)?,
        })
    }

    /// Checks a value against its property.
    fn check(&self, ontology: &Ontology, of: &Property, value: &Value) -> Result<(), Violation> {
        match value {
            Value::Null => Ok(()),
            Value::List(items) if of.list => items
                .iter()
                .try_for_each(|item| self.check_item(ontology, of, item)),
            Value::Texts(texts) if of.localized => texts.iter().try_for_each(|(tag, text)| {
                check_language(tag)?;
                self.check_text(of, text)
            }),
            _ if of.list => Err(Violation::new("must be a list")),
            _ if of.localized => Err(Violation::new("needs a language for its text")),
            _ => self.check_item(ontology, of, value),
        }
    }

    fn check_item(
        &self,
        ontology: &Ontology,
        of: &Property,
        value: &Value,
    ) -> Result<(), Violation> {
        match (of.scalar, value) {
            (Scalar::Id | Scalar::String, Value::Str(text)) => self.check_text(of, text),
            (Scalar::Int, Value::Int(v)) => check_int(*v).and_then(|()| check_range(of, *v as f64)),
            (Scalar::BigInt, Value::Int(v)) => check_range(of, *v as f64),
            (Scalar::Float, Value::Float(v)) => check_float(*v).and_then(|()| check_range(of, *v)),
            (Scalar::Enum(at), Value::Enum(v)) => check_enum(ontology, at, *v),
            (Scalar::Boolean, Value::Bool(_))
            | (Scalar::Date, Value::Date(_))
            | (Scalar::DateTime, Value::DateTime(_))
            | (Scalar::Period, Value::Period(_))
            | (Scalar::Point, Value::Point(_))
            | (Scalar::Json, Value::Json(_)) => Ok(()),
            _ => Err(Violation::new(format!(
                "takes {}",
                describe(ontology, of.scalar)
            ))),
        }
    }

    fn check_text(&self, of: &Property, text: &str) -> Result<(), Violation> {
        match &self.pattern {
            Some(pattern) if !pattern.is_match(text) => {
                let wrong = format!("`{text}` does not match the pattern of `{}`", of.name);
                let pattern = of.pattern.as_deref().unwrap_or_default();
                Err(Violation::new(wrong).hint(format!("it must match {pattern} as a whole")))
            }
            _ => Ok(()),
        }
    }
}

fn check_int(v: i64) -> Result<(), Violation> {
    match i32::try_from(v) {
        Ok(_) => Ok(()),
        Err(_) => Err(Violation::new(format!("`{v}` does not fit a 32-bit Int"))
            .hint("declare the field as BigInt")),
    }
}

fn check_float(v: f64) -> Result<(), Violation> {
    match v.is_finite() {
        true => Ok(()),
        false => Err(Violation::new(format!("`{v}` is not a finite number"))),
    }
}

fn check_range(of: &Property, v: f64) -> Result<(), Violation> {
    let below = of.min.is_some_and(|min| v < min);
    let above = of.max.is_some_and(|max| v > max);
    if !below && !above {
        return Ok(());
    }
    let accepted = match (of.min, of.max) {
        (Some(min), Some(max)) => format!("{min} to {max} is accepted"),
        (Some(min), None) => format!("{min} or more is accepted"),
        (None, Some(max)) => format!("{max} or less is accepted"),
        (None, None) => return Ok(()),
    };
    Err(Violation::new(format!("`{v}` is out of range")).hint(accepted))
}

fn check_enum(ontology: &Ontology, at: u16, v: u16) -> Result<(), Violation> {
    let known = ontology.enums.get(at as usize);
    match known.is_some_and(|of| (v as usize) < of.values.len()) {
        true => Ok(()),
        false => Err(Violation::new(format!("{v} is no position of the enum"))),
    }
}

/// What a scalar accepts, for people.
fn describe(ontology: &Ontology, scalar: Scalar) -> &str {
    match scalar {
        Scalar::Id | Scalar::String => "text",
        Scalar::Int => "a whole number of 32 bits",
        Scalar::Float => "a number",
        Scalar::Boolean => "true or false",
        Scalar::BigInt => "a whole number of 64 bits",
        Scalar::Date => "a date such as 2016-04-08, 2016-04 or 2016",
        Scalar::DateTime => "an instant such as 2016-04-08T09:30:00Z",
        Scalar::Period => "a period such as 2015/2016 or 2014-10/..",
        Scalar::Point => "a latitude and a longitude",
        Scalar::Json => "JSON",
        Scalar::Enum(at) => &ontology.enums[at as usize].name,
    }
}

/// Checks a key: not empty, no control characters, no space around it.
///
/// # Errors
/// What is wrong with the key.
pub fn check_key(key: &str) -> Result<(), Violation> {
    let wrong = match key {
        "" => "is empty",
        _ if key.chars().any(char::is_control) => "contains a control character",
        _ if key.trim() != key => "has space around it",
        _ => return Ok(()),
    };
    let wrong = Violation::new(format!("the key `{}` {wrong}", key.escape_debug()));
    Err(wrong.hint("a key is any text without control characters and outer space"))
}

/// Checks that edges of a relationship type may join two concrete types, in this order (for a
/// symmetric one, in either).
///
/// # Errors
/// That they may not, and which may.
pub fn check_pair(
    ontology: &Ontology,
    of: &Relationship,
    source: TypeId,
    target: TypeId,
) -> Result<(), Violation> {
    let joins = |pair| of.pairs.contains(&pair);
    if joins((source, target)) || of.symmetric && joins((target, source)) {
        return Ok(());
    }
    let name = |id| ontology.node_type(id).name.as_str();
    let shown = |(a, b): &(TypeId, TypeId)| format!("{} to {}", name(*a), name(*b));
    let pairs: Vec<String> = of.pairs.iter().map(shown).collect();
    let (a, b) = (name(source), name(target));
    let wrong = Violation::new(format!("{} does not join {a} to {b}", of.name));
    let hint = suggest(&format!("{a} to {b}"), pairs.iter().map(String::as_str));
    Err(Violation {
        hint: Some(format!("it joins {}", pairs.join(", ")))
            .filter(|_| pairs.len() < 9)
            .or(hint),
        ..wrong
    })
}

/// Checks that a reference may be for a field of this name.
///
/// # Errors
/// That there is no such field.
pub fn check_field(ontology: &Ontology, kind: Kind, name: &str) -> Result<(), Violation> {
    let known: Vec<&str> = match kind {
        Kind::Node(of) => {
            let of = ontology.node_type(of);
            of.fields.iter().map(|field| field.name(of)).collect()
        }
        Kind::Edge(_) => {
            let properties = kind.properties(ontology).iter();
            properties.map(|property| property.name.as_str()).collect()
        }
    };
    if known.contains(&name) {
        return Ok(());
    }
    let wrong = format!("`{name}` is no field of {}", kind.name(ontology));
    let hint = suggest(name, known);
    Err(Violation {
        hint,
        ..Violation::new(wrong)
    })
}
