//! In which of a column's languages is a text given? Found once for each field and type of a run, as
//! comparing tags again for each record costs more than the text. Not for: the texts (`records`).

use crate::graph::Column;
use crate::ontology::TypeId;
use crate::plan::Slot;
use rustc_hash::FxHashMap;

/// Positions of languages, by the slot that names them and the type whose column has them.
#[derive(Default)]
pub(super) struct Tongues(FxHashMap<(Slot, TypeId), Box<[usize]>>);

impl Tongues {
    /// The text of a row in the first language that has one, else in any.
    pub(super) fn text<'a>(
        &mut self,
        column: Column<'a>,
        row: u32,
        (slot, of): (Slot, TypeId),
        languages: &[String],
    ) -> Option<&'a str> {
        let positions = self.0.entry((slot, of));
        let positions = positions.or_insert_with(|| positions_of(languages, column));
        column.text(row, positions)
    }
}

/// Where some languages stand among a column's.
pub(super) fn positions_of(languages: &[String], column: Column<'_>) -> Box<[usize]> {
    let tags = column.languages();
    let position = |language: &String| tags.iter().position(|tag| tag == language);
    languages.iter().filter_map(position).collect()
}
