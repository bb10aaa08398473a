//! What does `access.toml` say? Roles with their rules, where the keys are, which tokens to trust.
//! Not for: whether the conditions of rules are right (`api`), which needs the schema.

use super::jwt::JwtSettings;
use super::policy::{Condition, Extent, Policy, Records, Role, Scope};
use super::problems::{Problems, instead, place};
use crate::ontology::{Ontology, RelationshipId, TypeId};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What the file says.
#[derive(Debug, Default)]
pub struct AccessFile {
    /// The roles.
    pub policy: Policy,
    /// Where API keys are kept.
    pub keys: Option<PathBuf>,
    /// Which tokens are trusted.
    pub jwt: Option<JwtSettings>,
}

/// A name or value and where it stands.
type Entry<'a> = (&'a str, &'a Spanned<DeValue<'a>>, Range<usize>);

impl AccessFile {
    /// Reads the file; paths in it start at its folder. What could be understood, and all that is
    /// wrong, each with its place and what would be accepted.
    pub fn read(path: &Path, ontology: &Ontology) -> (Self, Problems) {
        let name = path.display().to_string();
        let mut problems = Problems::default();
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let folder = path.parent().unwrap_or(Path::new(""));
                Self::parse(&name, &text, folder, ontology)
            }
            Err(wrong) => {
                let wrong = format!("cannot be read: {wrong}");
                problems.add(&name, wrong, "name a file with --access");
                (Self::default(), problems)
            }
        }
    }

    /// Reads a text, as [`AccessFile::read`].
    pub fn parse(name: &str, text: &str, folder: &Path, ontology: &Ontology) -> (Self, Problems) {
        let mut reader = Reader {
            name,
            text,
            folder,
            ontology,
            problems: Problems::default(),
        };
        let file = match DeTable::parse(text) {
            Ok(root) => reader.file(root.get_ref()),
            Err(wrong) => {
                let at = wrong.span().unwrap_or_default();
                reader.wrong(&at, wrong.message(), "the file is written in TOML");
                Self::default()
            }
        };
        (file, reader.problems)
    }
}

pub(super) struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    pub(super) folder: &'a Path,
    ontology: &'a Ontology,
    problems: Problems,
}

/// The entries of a table in the order of the file.
pub(super) fn entries<'a>(table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let entry = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| -> Entry<'a> {
        let name: &std::borrow::Cow<'a, str> = key.get_ref();
        (name, value, key.span())
    };
    let mut all: Vec<Entry<'a>> = table.iter().map(entry).collect();
    all.sort_by_key(|(.., at)| at.start);
    all
}

impl Reader<'_> {
    pub(super) fn wrong(
        &mut self,
        at: &Range<usize>,
        wrong: impl std::fmt::Display,
        hint: impl std::fmt::Display,
    ) {
        let place = place(self.name, self.text, at);
        self.problems.add(&place, wrong, hint);
    }

    fn file(&mut self, root: &DeTable<'_>) -> AccessFile {
        let mut file = AccessFile::default();
        let all = entries(root);
        if let Some((_, roles, _)) = all.iter().find(|(name, ..)| *name == "roles") {
            self.roles(roles, &mut file.policy);
        }
        for (name, value, at) in all {
            match name {
                "roles" => {}
                "anonymous" => {
                    let names = self.texts(value).unwrap_or_default();
                    let roles = self.known(&names, &file.policy);
                    file.policy.anonymous = Some(roles.into_iter().collect());
                }
                "keys" => file.keys = self.string(value).map(|path| self.folder.join(path)),
                "jwt" => file.jwt = self.jwt(value, &at),
                _ => self.unknown(name, &at, &["anonymous", "keys", "jwt", "roles"]),
            }
        }
        file
    }

    pub(super) fn unknown(&mut self, name: &str, at: &Range<usize>, known: &[&str]) {
        let hint = instead(name, known.iter().copied());
        self.wrong(at, format!("`{name}` means nothing here"), hint);
    }

    fn known(&mut self, names: &[(String, Range<usize>)], policy: &Policy) -> Vec<u16> {
        let mut roles = Vec::new();
        for (name, at) in names {
            match policy.role_named(name) {
                Some(role) => roles.push(role),
                None => {
                    let hint = instead(name, policy.roles.iter().map(|role| &*role.name));
                    self.wrong(at, format!("there is no role `{name}`"), hint);
                }
            }
        }
        roles
    }

    pub(super) fn string(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.kind(value, "a string");
        }
        text
    }

    pub(super) fn kind(&mut self, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.wrong(
            &value.span(),
            format!("this is of the kind {found}"),
            format!("write {wanted}"),
        );
    }

    fn flag(&mut self, value: &Spanned<DeValue<'_>>) -> bool {
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.kind(value, "true or false");
        }
        flag.unwrap_or(false)
    }

    pub(super) fn texts(
        &mut self,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Vec<(String, Range<usize>)>> {
        let Some(items) = value.get_ref().as_array() else {
            self.kind(value, "a list of strings, such as [\"reader\"]");
            return None;
        };
        let items = items.iter();
        let texts = items.filter_map(|item| Some((self.string(item)?, item.span())));
        Some(texts.collect())
    }

    fn roles(&mut self, value: &Spanned<DeValue<'_>>, policy: &mut Policy) {
        let Some(table) = value.get_ref().as_table() else {
            return self.kind(value, "a table for each role, such as [roles.reader.read]");
        };
        for (name, value, _) in entries(table) {
            let role = self.role(name, value, &mut policy.conditions);
            policy.roles.push(role);
        }
    }

    fn role(
        &mut self,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        conditions: &mut Vec<Condition>,
    ) -> Role {
        let nothing = Scope::of_all(self.ontology, &Extent::None);
        let mut role = Role {
            name: name.into(),
            read: nothing.clone(),
            write: nothing,
            ..Role::default()
        };
        let Some(table) = value.get_ref().as_table() else {
            self.kind(value, "a table, such as [roles.reader.read]");
            return role;
        };
        for (part, value, at) in entries(table) {
            match part {
                "admin" => role.admin = self.flag(value),
                "metrics" => role.metrics = self.flag(value),
                "read" => role.read = self.scope(value, &format!("roles.{name}.read"), conditions),
                "write" => {
                    role.write = self.scope(value, &format!("roles.{name}.write"), conditions)
                }
                _ => self.unknown(part, &at, &["admin", "metrics", "read", "write"]),
            }
        }
        role
    }

    fn scope(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        path: &str,
        conditions: &mut Vec<Condition>,
    ) -> Scope {
        let mut scope = Scope::of_all(self.ontology, &Extent::None);
        let Some(table) = value.get_ref().as_table() else {
            self.kind(value, "a table of types, such as { \"*\" = true }");
            return scope;
        };
        let mut rules = Vec::new();
        for (name, value, at) in entries(table) {
            let Some(of) = self.records(name, &at) else {
                continue;
            };
            let extent = self.extent(value, of, &format!("{path}.{name}"), conditions);
            rules.extend(extent.map(|extent| (of, extent, at)));
        }
        // The more special rule stands: a type's, then an interface's, then that for all.
        for of in self.ontology.concrete_ids() {
            scope.nodes[of.0 as usize] = self.extent_of(of, &rules);
        }
        for of in (0..self.ontology.relationships.len() as u16).map(RelationshipId) {
            let own = rules.iter().find(|(named, ..)| *named == Named::Edges(of));
            scope.edges[of.0 as usize] =
                own.map_or_else(|| of_all(&rules), |(_, extent, _)| extent.clone());
        }
        scope
    }

    fn extent_of(&mut self, of: TypeId, rules: &[(Named, Extent, Range<usize>)]) -> Extent {
        let own = rules.iter().find(|(named, ..)| *named == Named::Nodes(of));
        if let Some((_, extent, _)) = own {
            return extent.clone();
        }
        let ontology = self.ontology;
        let declared = ontology.node_type(of);
        let said = |id: &TypeId| rules.iter().any(|(named, ..)| *named == Named::Nodes(*id));
        let said: Vec<TypeId> = declared.interfaces.iter().copied().filter(said).collect();
        // The rule of an interface that implements another stands above that one's.
        let is_above = |id: &TypeId| {
            let mut others = said.iter().filter(|other| *other != id);
            others.any(|other| ontology.node_type(*other).interfaces.contains(id))
        };
        let mut through = rules.iter().filter(|(named, ..)| match named {
            Named::Nodes(id) => said.contains(id) && !is_above(id),
            _ => false,
        });
        let Some((Named::Nodes(first), extent, _)) = through.next() else {
            return of_all(rules);
        };
        if let Some((Named::Nodes(second), _, at)) = through.find(|(_, other, _)| other != extent) {
            let names = [first, second].map(|id| &ontology.node_type(*id).name);
            let wrong = format!(
                "{} belongs to {} and to {}, whose rules differ",
                declared.name, names[0], names[1]
            );
            let hint = format!("give {} a rule of its own", declared.name);
            self.wrong(at, wrong, hint);
        }
        extent.clone()
    }

    /// The records that a rule's name means.
    fn records(&mut self, name: &str, at: &Range<usize>) -> Option<Named> {
        if name == "*" {
            return Some(Named::All);
        }
        let ontology = self.ontology;
        let node = ontology.node();
        let of = ontology
            .type_named(name)
            .filter(|of| *of != node)
            .map(Named::Nodes);
        let of = of.or_else(|| ontology.relationship_named(name).map(Named::Edges));
        if of.is_none() {
            let types = ontology.types.iter().map(|of| of.name.as_str());
            let relationships = ontology.relationships.iter().map(|of| of.name.as_str());
            let types = types.filter(|name| *name != ontology.node_type(node).name);
            let all = types.chain(relationships).chain(["*"]);
            let wrong = format!("there is no node type, interface or relationship type `{name}`");
            self.wrong(at, wrong, instead(name, all));
        }
        of
    }

    fn extent(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        of: Named,
        path: &str,
        conditions: &mut Vec<Condition>,
    ) -> Option<Extent> {
        match (value.get_ref(), of.records()) {
            (DeValue::Boolean(true), _) => Some(Extent::All),
            (DeValue::Boolean(false), _) => Some(Extent::None),
            (DeValue::String(_), Some(Records::Edges(of)))
                if !self.ontology.relationship(of).declared =>
            {
                let wrong = "edges of this type have no fields for a condition";
                let hint = "write true or false; who sees an end decides, too";
                self.wrong(&value.span(), wrong, hint);
                None
            }
            (DeValue::String(text), Some(on)) => {
                let place = place(self.name, self.text, &value.span());
                conditions.push(Condition {
                    on,
                    text: (**text).into(),
                    place: format!("{place}: {path}").into(),
                });
                Some(Extent::Where(vec![conditions.len() - 1]))
            }
            (_, None) => {
                self.kind(value, "true or false: conditions are on one type each");
                None
            }
            _ => {
                self.kind(
                    value,
                    "true, false, or a condition such as '{ key: { eq: \"a\" } }'",
                );
                None
            }
        }
    }
}

/// What a rule's name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    All,
    Nodes(TypeId),
    Edges(RelationshipId),
}

impl Named {
    fn records(self) -> Option<Records> {
        match self {
            Self::All => None,
            Self::Nodes(of) => Some(Records::Nodes(of)),
            Self::Edges(of) => Some(Records::Edges(of)),
        }
    }
}

/// What is said of all that is not named.
fn of_all(rules: &[(Named, Extent, Range<usize>)]) -> Extent {
    let all = rules.iter().find(|(named, ..)| *named == Named::All);
    all.map_or(Extent::None, |(_, extent, _)| extent.clone())
}
