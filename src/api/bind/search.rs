//! What is typed into a search, and where is it looked for? Not for: how texts match (`search`).

use super::{Binder, Given, Wrong};
use crate::api::input::Input;
use crate::plan::{Access, Filter, SearchCall, Start};
use crate::search::Pattern;
use crate::value::Value;
use std::sync::Arc;

/// How many characters may be typed.
const LONGEST: usize = 200;

impl Binder<'_> {
    /// The arguments of the root field `search`.
    pub(super) fn search(&self, given: Given<'_>) -> Result<SearchCall, Wrong> {
        let typed = super::text(given.value("query"));
        let pattern = self
            .pattern(given.value("query"))
            .map_err(|w| w.inside("query"))?;
        let node = self.ontology.node();
        let filter = given
            .value("where")
            .map(|input| self.node_filter(node, input));
        let filter = filter.transpose().map_err(|w| w.inside("where"))?;
        let types = self.named_types(given)?.into_iter();
        let types = types.filter(|of| self.ontology.node_type(*of).is_searched());
        let access = match self.optimize {
            true => Access::Search(pattern.clone()),
            false => Access::All,
        };
        let starts = types.map(|of| Start {
            of,
            filter: filter.as_ref().and_then(|filter| filter.of(of).cloned()),
            access: access.clone(),
        });
        let never = |start: &Start| matches!(start.filter.as_deref(), Some(Filter::Known(false)));
        let mark = crc32fast::hash(typed.as_bytes()) | 1;
        let window = self.window(given, &[], mark)?;
        let is_whole =
            |values: &[Value]| matches!(values, [Value::Int(_), Value::Int(_), Value::Int(_)]);
        if window
            .after
            .as_ref()
            .is_some_and(|after| !is_whole(&after.values))
        {
            return Err(Wrong::new("this is no cursor of a search").inside("after"));
        }
        Ok(SearchCall {
            pattern,
            starts: starts.filter(|start| !never(start)).collect(),
            window,
            mark,
        })
    }

    /// What a text that was typed means.
    pub(super) fn pattern(&self, typed: Option<&Input>) -> Result<Arc<Pattern>, Wrong> {
        self.bounds.text(typed)?;
        let typed = typed.and_then(Input::as_str).unwrap_or_default();
        if typed.chars().nth(LONGEST).is_some() {
            let message = format!("there are more than {LONGEST} characters to search for");
            return Err(Wrong::new(message).hint("give the words that matter"));
        }
        Ok(Arc::new(Pattern::new(typed)))
    }
}
