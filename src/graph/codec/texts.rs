//! How does a full-text index become bytes and back? Not for: what is in it (`search`).

use super::bytes::{Input, Output, Wrong};
use crate::graph::texts::fields;
use crate::ontology::NodeType;
use crate::search::{Index, VERSION};
use std::io;

pub(in crate::graph) fn write(out: &mut Output<'_>, index: &Index) -> io::Result<()> {
    let (terms, lists) = index.parts();
    out.number(VERSION)?;
    out.text(index.fields())?;
    out.number(index.rows())?;
    out.bytes(terms)?;
    out.bytes(lists)
}

/// None if it is of another version or of other fields than are searched now.
pub(super) fn read(
    input: &mut Input<'_>,
    of: &NodeType,
    rows: usize,
) -> Result<Option<Index>, Wrong> {
    let version: u32 = input.number()?;
    if version != VERSION || input.text()? != fields(of) {
        input.skip()?;
        return Ok(None);
    }
    let count: u32 = input.number()?;
    if count as usize != rows {
        return Err(format!("it is of {count} rows, and there are {rows}").into());
    }
    let (terms, lists) = (input.bytes()?, input.bytes()?);
    Ok(Some(Index::new(count, &fields(of), terms, lists)?))
}
