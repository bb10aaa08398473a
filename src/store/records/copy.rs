//! How is all that is kept told in the order in which it happened, while writing goes on?
//!
//! What is copied is the durable state of the moment in which this begins. Commits and the checkpoints
//! of the past do not go meanwhile (`forget` waits); only the current checkpoint may be replaced, so
//! it is held open until its turn comes. Not for the form of the file: that is `backup`.

use std::io::{BufRead, Write};

use super::{Durable, Records};
use crate::store::backup::{Kind, Out, Role, announce};
use crate::store::checkpoint::Superblock;
use crate::store::shelf::Shelves;
use crate::store::{Checkpoint, Copied, Revision, Store, StoreError};

pub(super) fn copy<S: Shelves>(
    records: &Records<S>,
    to: &mut dyn Write,
) -> Result<Copied, StoreError> {
    let (state, current) = held(records)?;
    let mut copy = Copy {
        records,
        out: Out::begin(to)?,
        copied: Copied {
            revision: state.revision,
            oldest: state.oldest(),
            ..Copied::default()
        },
    };
    copy.all(&state, current.as_ref())?;
    let bytes = copy.out.end(&copy.copied)?;
    Ok(Copied {
        bytes,
        ..copy.copied
    })
}

/// The durable state, with its current checkpoint open.
fn held<S: Shelves>(records: &Records<S>) -> Result<(Durable, Option<Checkpoint>), StoreError> {
    loop {
        let state = records.durable().clone();
        let current = state.current();
        let open = current.map(|superblock| records.open_checkpoint(superblock));
        match open.transpose() {
            Ok(open) => return Ok((state, open)),
            // It was replaced just now.
            Err(_) if records.durable().version != state.version => {}
            Err(error) => return Err(error),
        }
    }
}

struct Copy<'a, S> {
    records: &'a Records<S>,
    out: Out<'a>,
    copied: Copied,
}

impl<S: Shelves> Copy<'_, S> {
    fn all(&mut self, state: &Durable, current: Option<&Checkpoint>) -> Result<(), StoreError> {
        let head = announce(state.revision, state.oldest(), "");
        self.out.frame(Kind::Head, &head)?;
        let mut at = state.oldest();
        for superblock in &state.root.older {
            let checkpoint = self.records.open_checkpoint(superblock)?;
            at = self.state(superblock, &checkpoint, at)?;
        }
        if let (Some(superblock), Some(checkpoint)) = (state.current(), current) {
            at = self.state(superblock, checkpoint, at)?;
        }
        self.commits(at, state.revision)?;
        state.root.named().try_for_each(|(name, value)| {
            let begun = announce(0, value.len() as u64, name);
            self.out.frame(Kind::Value, &begun)?;
            self.out.data(value)
        })
    }

    /// A checkpoint and the commits on the way to it; how far that is.
    fn state(
        &mut self,
        superblock: &Superblock,
        checkpoint: &Checkpoint,
        at: Revision,
    ) -> Result<Revision, StoreError> {
        let revision = superblock.revision;
        let is_commit = superblock.whole && revision > at;
        self.commits(at, revision - u64::from(is_commit))?;
        let role = match is_commit {
            true => Role::Commit,
            false => Role::State,
        };
        let sections = checkpoint.sections();
        let begun = announce(revision, sections.len() as u64, role.name());
        self.out.frame(Kind::Checkpoint, &begun)?;
        for section in sections {
            let begun = announce(0, section.bytes, &section.name);
            self.out.frame(Kind::Section, &begun)?;
            self.section(checkpoint, &section.name)?;
        }
        self.copied.checkpoints += 1;
        self.commits(revision - u64::from(is_commit), revision)?;
        Ok(revision)
    }

    fn section(&mut self, checkpoint: &Checkpoint, name: &str) -> Result<(), StoreError> {
        let mut reader = checkpoint.read(name)?;
        loop {
            let chunk = reader.fill_buf().map_err(StoreError::within)?;
            let length = chunk.len();
            if length == 0 {
                return Ok(());
            }
            self.out.data(chunk)?;
            reader.consume(length);
        }
    }

    fn commits(&mut self, after: Revision, to: Revision) -> Result<(), StoreError> {
        if after >= to {
            return Ok(());
        }
        let (out, commits) = (&mut self.out, &mut self.copied.commits);
        self.records.read(after + 1..=to, &mut |revision, record| {
            *commits += 1;
            out.frame(Kind::Commit, &announce(revision, record.len() as u64, ""))?;
            out.data(record)
        })
    }
}
