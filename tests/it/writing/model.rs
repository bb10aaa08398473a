//! What should a mutation do? The plainest graph there is, and every write as a loop over all of it.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Something that must be refused.
#[derive(Debug)]
pub struct Refused;

type Done = Result<(), Refused>;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Town {
    pub name: Option<String>,
    pub size: Option<i64>,
    pub tags: Vec<String>,
}

/// The whole graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    pub towns: BTreeMap<String, Town>,
    pub people: BTreeMap<String, Option<String>>,
    /// Town and person.
    pub led: BTreeSet<(String, String)>,
    pub knows: BTreeMap<(String, String), i64>,
}

/// One root field of a mutation.
#[derive(Clone, Debug)]
pub enum Write {
    Town(String, Town, Option<String>),
    Person(String, Option<String>),
    Upsert(String, Option<String>),
    /// All of at least this size: what to add to it, a tag to add and one to remove.
    Grow(i64, i64, String, String),
    /// The new mayor of a town, in place of all others.
    Elect(String, Option<String>),
    /// The same beside all others.
    Join(String, String),
    Meet(String, String, i64),
    /// Connects a person to another, and disconnects from a third.
    Turn(String, String, i64, String),
    /// All acquaintances of less than this get more.
    Age(i64, i64),
    Forget(i64),
    DropTowns(Vec<String>, bool),
    DropPeople(Vec<String>, bool),
    /// A town with a mayor who is created along with it.
    Found(String, String, Option<String>),
    /// A town as it shall be, whether it is there or not, and its mayor in place of all others.
    Settle(String, Option<i64>, Option<String>),
    /// All of these people now know this one, and nobody else.
    Gather(Vec<String>, String, i64),
    /// When two met.
    Date(String, String, i64),
}

impl Model {
    /// The graph after all writes, or that it stays as it is.
    pub fn run(&self, writes: &[Write]) -> Result<Self, Refused> {
        let mut next = self.clone();
        writes.iter().try_for_each(|write| next.write(write))?;
        next.judged()
    }

    fn judged(self) -> Result<Self, Refused> {
        let names: Vec<_> = self.people.values().flatten().collect();
        let unique = names.iter().collect::<BTreeSet<_>>().len() == names.len();
        let led: BTreeSet<_> = self.led.iter().map(|(town, _)| town).collect();
        match unique && led.len() == self.led.len() {
            true => Ok(self),
            false => Err(Refused),
        }
    }

    fn write(&mut self, write: &Write) -> Done {
        match write {
            Write::Town(key, town, mayor) => {
                self.absent(self.towns.contains_key(key))?;
                fits(town.size)?;
                self.towns.insert(key.clone(), town.clone());
                if let Some(mayor) = mayor {
                    self.person(mayor)?;
                    self.led.insert((key.clone(), mayor.clone()));
                }
            }
            Write::Person(key, name) => {
                self.absent(self.people.contains_key(key))?;
                self.people.insert(key.clone(), name.clone());
            }
            Write::Upsert(key, name) => {
                self.people.insert(key.clone(), name.clone());
            }
            Write::Grow(least, by, add, remove) => {
                let all = self.towns.values_mut();
                for town in all.filter(|town| town.size.is_some_and(|size| size >= *least)) {
                    town.size = town.size.map(|size| size + by);
                    fits(town.size)?;
                    town.tags.push(add.clone());
                    town.tags.retain(|tag| tag != remove);
                }
            }
            Write::Elect(town, mayor) => {
                if self.towns.contains_key(town) {
                    self.led.retain(|(led, _)| led != town);
                    self.join(town, mayor.as_ref())?;
                }
            }
            Write::Join(town, mayor) if self.towns.contains_key(town) => {
                self.join(town, Some(mayor))?;
            }
            Write::Join(..) => {}
            Write::Meet(one, other, since) => {
                self.person(one)?;
                self.person(other)?;
                let pair = (one.clone(), other.clone());
                self.absent(self.knows.contains_key(&pair))?;
                self.knows.insert(pair, *since);
            }
            Write::Turn(one, to, since, from) if self.people.contains_key(one) => {
                self.knows.remove(&(one.clone(), from.clone()));
                self.person(to)?;
                self.knows.insert((one.clone(), to.clone()), *since);
            }
            Write::Turn(..) => {}
            Write::Age(below, by) => {
                let all = self.knows.values_mut();
                all.filter(|since| **since < *below)
                    .for_each(|since| *since += by);
            }
            Write::Forget(since) => self.knows.retain(|_, known| known != since),
            Write::DropTowns(keys, cascade) => {
                for key in keys.iter().filter(|key| self.towns.remove(*key).is_some()) {
                    let before = self.led.len();
                    self.led.retain(|(town, _)| town != key);
                    untied(*cascade, before == self.led.len())?;
                }
            }
            Write::DropPeople(keys, cascade) => self.drop_people(keys, *cascade)?,
            Write::Found(town, mayor, name) => {
                self.absent(self.towns.contains_key(town))?;
                self.absent(self.people.contains_key(mayor))?;
                self.towns.insert(town.clone(), Town::default());
                self.people.insert(mayor.clone(), name.clone());
                self.led.insert((town.clone(), mayor.clone()));
            }
            Write::Settle(town, size, mayor) => {
                fits(*size)?;
                self.towns.entry(town.clone()).or_default().size = *size;
                self.led.retain(|(led, _)| led != town);
                self.join(town, mayor.as_ref())?;
            }
            Write::Gather(keys, to, since) => {
                let all = keys.iter().filter(|key| self.people.contains_key(*key));
                let all: BTreeSet<String> = all.cloned().collect();
                self.knows.retain(|(one, _), _| !all.contains(one));
                for one in all {
                    self.person(to)?;
                    self.knows.insert((one, to.clone()), *since);
                }
            }
            Write::Date(one, other, since) => {
                if let Some(known) = self.knows.get_mut(&(one.clone(), other.clone())) {
                    *known = *since;
                }
            }
        }
        Ok(())
    }

    fn drop_people(&mut self, keys: &[String], cascade: bool) -> Done {
        for key in keys {
            if self.people.remove(key).is_none() {
                continue;
            }
            let before = self.led.len() + self.knows.len();
            self.led.retain(|(_, person)| person != key);
            self.knows
                .retain(|(one, other), _| one != key && other != key);
            untied(cascade, before == self.led.len() + self.knows.len())?;
        }
        Ok(())
    }

    fn join(&mut self, town: &str, mayor: Option<&String>) -> Done {
        if let Some(mayor) = mayor {
            self.person(mayor)?;
            self.led.insert((town.to_owned(), mayor.clone()));
        }
        Ok(())
    }

    fn absent(&self, there: bool) -> Done {
        if there { Err(Refused) } else { Ok(()) }
    }

    fn person(&self, key: &str) -> Done {
        self.absent(!self.people.contains_key(key))
    }

    /// The answer to [`ALL`].
    pub fn told(&self) -> Value {
        let mayor = |key: &String| self.led.iter().find(|(town, _)| town == key);
        let towns = self.towns.iter().map(|(key, town)| {
            json!({"key": key, "name": town.name, "size": town.size, "tags": town.tags,
                "mayor": mayor(key).map(|(_, person)| json!({"key": person}))})
        });
        let people = self.people.iter().map(|(key, name)| {
            let leads = self.led.iter().filter(|(_, person)| person == key);
            let leads: Vec<_> = leads.map(|(town, _)| json!({"key": town})).collect();
            json!({"key": key, "name": name, "leads": leads})
        });
        let knows = self.knows.iter().map(|((one, other), since)| {
            json!({"source": {"key": one}, "target": {"key": other}, "since": since})
        });
        json!({"towns": towns.collect::<Vec<_>>(), "people": people.collect::<Vec<_>>(),
            "acquaintances": knows.collect::<Vec<_>>()})
    }
}

/// A value as GraphQL and JSON write it.
fn lit(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Asks for everything.
pub const ALL: &str =
    "{ towns { key name size tags mayor { key } } people { key name leads { key } }
    acquaintances { source { key } target { key } since } }";

fn fits(size: Option<i64>) -> Done {
    match size.is_none_or(|size| (-4..=12).contains(&size)) {
        true => Ok(()),
        false => Err(Refused),
    }
}

fn untied(cascade: bool, untied: bool) -> Done {
    match cascade || untied {
        true => Ok(()),
        false => Err(Refused),
    }
}

impl Write {
    /// The root field, under an alias.
    pub fn text(&self, at: usize) -> String {
        let field = match self {
            Self::Town(key, town, mayor) => {
                let mayor = mayor.as_ref().map(|mayor| {
                    format!("mayor: {{connect: {{node: {{id: \"Person:{mayor}\"}}}}}}")
                });
                let (mayor, tags) = (mayor.unwrap_or_default(), lit(&town.tags));
                let (name, size) = (lit(&town.name), lit(&town.size));
                format!(
                    "createTowns(input: [{{key: \"{key}\", name: {name}, size: {size}, tags: {tags}, {mayor}}}])"
                )
            }
            Self::Person(key, name) => {
                format!(
                    "createPeople(input: [{{key: \"{key}\", name: {}}}])",
                    lit(name)
                )
            }
            Self::Upsert(key, name) => {
                format!(
                    "upsertPeople(input: [{{key: \"{key}\", set: {{name: {}}}}}])",
                    lit(name)
                )
            }
            Self::Grow(least, by, add, remove) => format!(
                "updateTowns(where: {{size: {{gte: {least}}}}}, increment: {{size: {by}}}, \
                 add: {{tags: [\"{add}\"]}}, remove: {{tags: [\"{remove}\"]}})"
            ),
            Self::Elect(town, None) => {
                format!("updateTowns(where: {{key: {{eq: \"{town}\"}}}}, set: {{mayor: null}})")
            }
            Self::Elect(town, Some(mayor)) => format!(
                "updateTowns(where: {{key: {{eq: \"{town}\"}}}}, set: {{mayor: {{disconnect: {{}}, \
                 connect: {{node: {{id: \"Person:{mayor}\"}}}}}}}})"
            ),
            Self::Join(town, mayor) => format!(
                "updateTowns(where: {{key: {{eq: \"{town}\"}}}}, set: {{mayor: {{connect: {{node: \
                 {{where: {{key: {{eq: \"{mayor}\"}}}}}}}}}}}})"
            ),
            Self::Meet(one, other, since) => format!(
                "createAcquaintances(input: [{{source: {{id: \"Person:{one}\"}}, \
                 target: {{where: {{key: {{eq: \"{other}\"}}}}}}, since: {since}}}])"
            ),
            Self::Turn(one, to, since, from) => format!(
                "updatePeople(where: {{key: {{eq: \"{one}\"}}}}, set: {{knows: {{connect: [{{node: \
                 {{id: \"Person:{to}\"}}, edge: {{since: {since}}}}}], disconnect: [{{where: {{node: \
                 {{key: {{eq: \"{from}\"}}}}}}}}]}}}})"
            ),
            Self::Age(below, by) => format!(
                "updateAcquaintances(where: {{since: {{lt: {below}}}}}, increment: {{since: {by}}})"
            ),
            Self::Forget(since) => {
                format!("deleteAcquaintances(where: {{since: {{eq: {since}}}}})")
            }
            Self::DropTowns(keys, cascade) => {
                let keys = lit(keys);
                format!("deleteTowns(where: {{key: {{in: {keys}}}}}, cascade: {cascade})")
            }
            Self::DropPeople(keys, cascade) => {
                let keys = lit(keys);
                format!("deletePeople(where: {{key: {{in: {keys}}}}}, cascade: {cascade})")
            }
            Self::Found(town, mayor, name) => format!(
                "createTowns(input: [{{key: \"{town}\", mayor: {{create: {{node: {{key: \"{mayor}\", name: {}}}}}}}}}])",
                lit(name)
            ),
            Self::Settle(town, size, mayor) => {
                let mayor = mayor
                    .as_ref()
                    .map(|mayor| format!("connect: {{node: {{id: \"Person:{mayor}\"}}}}"));
                format!(
                    "upsertTowns(input: [{{key: \"{town}\", set: {{size: {}, mayor: {{disconnect: {{}}, {}}}}}}}])",
                    lit(size),
                    mayor.unwrap_or_default()
                )
            }
            Self::Gather(keys, to, since) => format!(
                "updatePeople(where: {{key: {{in: {}}}}}, set: {{knows: {{disconnect: [{{}}], connect: [{{node: \
                 {{where: {{key: {{eq: \"{to}\"}}}}}}, edge: {{since: {since}}}}}]}}}})",
                lit(keys)
            ),
            Self::Date(one, other, since) => format!(
                "updateAcquaintances(where: {{source: {{key: {{eq: \"{one}\"}}}}, target: {{key: {{eq: \"{other}\"}}}}}}, \
                 set: {{since: {since}}})"
            ),
        };
        format!("w{at}: {field} {{ created updated deleted revision }}")
    }
}
