//! Which fields does a selection have for a type? Fragments merged by their type conditions, in the
//! order of the specification. Not for: what the fields are.

use super::{Lowering, Sets};
use apollo_compiler::ast::{DirectiveList, Value};
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::{Name, Node};
use indexmap::IndexMap;
use std::collections::HashSet;

/// The fields under one response key; the first one has the name and arguments of all.
pub(super) struct Merged<'d> {
    pub(super) key: &'d str,
    pub(super) fields: Vec<&'d Node<Field>>,
}

impl<'d> Merged<'d> {
    pub(super) fn name(&self) -> &'d str {
        self.fields[0].name.as_str()
    }

    /// What is selected of the field.
    pub(super) fn sets(&self) -> Sets<'d> {
        self.fields
            .iter()
            .map(|field| &field.selection_set)
            .collect()
    }

    /// Tells equal merges apart from others.
    pub(super) fn places(&self) -> Vec<usize> {
        self.fields
            .iter()
            .map(|field| std::ptr::from_ref(&***field) as usize)
            .collect()
    }
}

impl<'a> Lowering<'a> {
    /// The fields of selection sets on a type, given which type conditions it meets.
    pub(super) fn fields(
        &self,
        sets: &[&'a SelectionSet],
        meets: &dyn Fn(&str) -> bool,
    ) -> Vec<Merged<'a>> {
        let mut found = IndexMap::new();
        let mut seen = HashSet::new();
        for set in sets {
            self.collect(set, meets, &mut seen, &mut found);
        }
        found
            .into_iter()
            .map(|(key, fields)| Merged { key, fields })
            .collect()
    }

    /// The fields of selection sets on an object that no fragment can be about in part.
    pub(super) fn all_fields(&self, sets: &[&'a SelectionSet]) -> Vec<Merged<'a>> {
        self.fields(sets, &|_| true)
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        meets: &dyn Fn(&str) -> bool,
        seen: &mut HashSet<&'a Name>,
        found: &mut IndexMap<&'a str, Vec<&'a Node<Field>>>,
    ) {
        for selection in &set.selections {
            if !self.is_included(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => found
                    .entry(field.response_key().as_str())
                    .or_default()
                    .push(field),
                Selection::InlineFragment(inline) => {
                    if inline
                        .type_condition
                        .as_ref()
                        .is_none_or(|name| meets(name))
                    {
                        self.collect(&inline.selection_set, meets, seen, found);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    if !seen.insert(&spread.fragment_name) {
                        continue;
                    }
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && meets(fragment.type_condition())
                    {
                        self.collect(&fragment.selection_set, meets, seen, found);
                    }
                }
            }
        }
    }

    fn is_included(&self, directives: &DirectiveList) -> bool {
        let flag = |name: &str| {
            let value = directives.get(name)?.specified_argument_by_name("if")?;
            Some(match &**value {
                Value::Variable(name) => (self.condition)(name),
                value => value.to_bool().unwrap_or(false),
            })
        };
        flag("skip") != Some(true) && flag("include") != Some(false)
    }
}
