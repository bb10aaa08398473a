//! Which sections are there to read, and who reads them? Not for: what is in them.

use super::ReadError;
use crate::ontology::{Ontology, RelationshipId, TypeId};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a section is.
#[derive(Clone, Copy)]
pub(super) enum Job {
    Column(TypeId, usize),
    Index(TypeId, usize),
    /// The full-text index.
    Texts(TypeId),
    Segment(RelationshipId, TypeId, TypeId),
    /// Of the segment with the same relationship type and ends.
    EdgeColumn(RelationshipId, TypeId, TypeId, usize),
}

/// What a section is by its name; none: the head, or a table's own section.
pub(super) fn job(ontology: &Ontology, name: &str) -> Result<Option<Job>, String> {
    let parts: Vec<&str> = name.split('/').collect();
    let node_type = |name: &str| {
        let of = ontology
            .type_named(name)
            .filter(|of| ontology.is_concrete(*of));
        of.ok_or_else(|| format!("the ontology has no node type {name} any more"))
    };
    let relationship = |name: &str| {
        let of = ontology.relationship_named(name);
        of.ok_or_else(|| format!("the ontology has no relationship type {name} any more"))
    };
    let gone = |property: &str, of: &str| {
        format!("the ontology has no property `{property}` of {of} any more")
    };
    match parts[..] {
        ["node", of] => node_type(of).map(|_| None),
        ["node", name, property] | ["node", name, property, "index"] => {
            let of = node_type(name)?;
            let at = ontology.node_type(of).property(property);
            let at = at.ok_or_else(|| gone(property, name))?;
            let is_index = parts.len() == 4;
            Ok(Some(if is_index {
                Job::Index(of, at)
            } else {
                Job::Column(of, at)
            }))
        }
        ["search", of] => Ok(Some(Job::Texts(node_type(of)?))),
        ["edge", of, source, target] => {
            let (source, target) = (node_type(source)?, node_type(target)?);
            Ok(Some(Job::Segment(relationship(of)?, source, target)))
        }
        ["edge", name, source, target, property] => {
            let (source, target) = (node_type(source)?, node_type(target)?);
            let of = relationship(name)?;
            let at = ontology.relationship(of).property(property);
            let at = at.ok_or_else(|| gone(property, name))?;
            Ok(Some(Job::EdgeColumn(of, source, target, at)))
        }
        ["node" | "edge", ..] => Err("this program knows no such section".to_owned()),
        _ => Ok(None),
    }
}

/// Does something with each item on two threads; the results are in order of the items.
pub(super) fn on_two_threads<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, ReadError> + Sync,
) -> Result<Vec<R>, ReadError> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let run = || {
        while let Some((at, item)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            items.get(at).map(|item| (at, item))
        } {
            let result = work(item);
            let mut done = done.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            done.push((at, result));
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(run);
        run();
    });
    let mut done = done
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
