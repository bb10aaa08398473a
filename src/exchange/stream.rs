//! How do many files become one stream of rows, read on a thread of its own?
//!
//! Nodes come first, then edges; a file that holds both is read twice. Not for: what rows mean
//! (`load`).

use super::discover::{DataFile, Format};
use super::ndjson::read_lines;
use super::problem::Problems;
use super::row::{Context, Pass, Row};
use super::table::read_table;
use crate::change::{Kind, Rules, Violation};
use crate::ontology::Ontology;
use std::fs::File;
use std::io::BufReader;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

/// Rows in a batch.
const ROWS: usize = 1024;
/// Batches that may wait.
const WAITING: usize = 8;
/// Bytes read from a file at a time.
const BUFFER: usize = 256 << 10;

/// Some rows of one file.
pub(super) struct Batch {
    /// The file's number.
    pub(super) file: usize,
    pub(super) pass: Pass,
    rows: Vec<Row>,
    length: usize,
    /// What is wrong, found while these rows were read.
    pub(super) problems: Problems,
    /// Bytes read since the batch before.
    pub(super) bytes: u64,
    /// Bytes that are to be read again later.
    pub(super) again: u64,
    /// With the last rows of a file: how many lines it has.
    pub(super) lines: Option<u32>,
}

impl Batch {
    fn new() -> Self {
        Self {
            file: 0,
            pass: Pass::Nodes,
            rows: Vec::new(),
            length: 0,
            problems: Problems::default(),
            bytes: 0,
            again: 0,
            lines: None,
        }
    }

    /// The rows.
    pub(super) fn rows(&mut self) -> &mut [Row] {
        &mut self.rows[..self.length]
    }
}

/// Reads all files on another thread and hands the batches to `each`, in order.
pub(super) fn stream(rules: &Rules, files: &[DataFile], mut each: impl FnMut(&mut Batch)) {
    std::thread::scope(|scope| {
        let (sender, full) = sync_channel(WAITING);
        let (recycle, empty) = channel();
        scope.spawn(move || Source::new(rules, files, sender, empty).read_all());
        receive(&full, &recycle, &mut each);
    });
}

fn receive(full: &Receiver<Batch>, recycle: &Sender<Batch>, each: &mut impl FnMut(&mut Batch)) {
    for mut batch in full {
        each(&mut batch);
        batch.length = 0;
        // The reader is done when it takes no more.
        let _ = recycle.send(batch);
    }
}

/// The reading thread.
struct Source<'a> {
    rules: &'a Rules,
    files: &'a [DataFile],
    full: SyncSender<Batch>,
    empty: Receiver<Batch>,
    batch: Batch,
}

impl<'a> Source<'a> {
    fn new(
        rules: &'a Rules,
        files: &'a [DataFile],
        full: SyncSender<Batch>,
        empty: Receiver<Batch>,
    ) -> Self {
        Self {
            rules,
            files,
            full,
            empty,
            batch: Batch::new(),
        }
    }

    fn read_all(mut self) {
        let holds_nodes = |file: &DataFile| !matches!(file.format, Format::Csv(Kind::Edge(_)));
        let mut later: Vec<usize> = Vec::new();
        for (at, file) in self.files.iter().enumerate() {
            if !holds_nodes(file) || self.read(at, Pass::Nodes) {
                later.push(at);
            }
        }
        for at in later {
            self.read(at, Pass::Edges);
        }
    }

    /// Reads a file; whether it is to be read again for its edges.
    fn read(&mut self, at: usize, pass: Pass) -> bool {
        let file = &self.files[at];
        let again = pass == Pass::Edges && !matches!(file.format, Format::Csv(Kind::Edge(_)));
        let mut context = Context {
            rules: self.rules,
            file: &file.path,
            pass,
            again,
            has_edges: false,
            lines: 0,
            problems: Problems::default(),
        };
        (self.batch.file, self.batch.pass) = (at, pass);
        let mut before = 0;
        let mut each = |row: &mut Row, problems: &mut Problems, bytes: u64| {
            self.batch.bytes += bytes - before;
            before = bytes;
            self.push(row, problems);
        };
        match File::open(&file.path) {
            Ok(input) => {
                let input = BufReader::with_capacity(BUFFER, input);
                match file.format {
                    Format::Csv(kind) => read_table(input, kind, &mut context, &mut each),
                    Format::Ndjson => read_lines(input, &mut context, &mut each),
                }
            }
            Err(error) => context.report_form(None, Violation::new(error.to_string())),
        }
        let more = context.has_edges && pass == Pass::Nodes;
        self.batch.again = if more { file.length } else { 0 };
        self.batch.lines = Some(context.lines);
        self.send(&mut context.problems);
        more
    }

    fn push(&mut self, row: &mut Row, problems: &mut Problems) {
        let length = self.batch.length;
        if length == self.batch.rows.len() {
            self.batch.rows.push(Row::new(Kind::Node(Ontology::SOURCE)));
        }
        std::mem::swap(row, &mut self.batch.rows[length]);
        self.batch.length += 1;
        if self.batch.length == ROWS {
            self.send(problems);
        }
    }

    fn send(&mut self, problems: &mut Problems) {
        let mut next = self.empty.try_recv().unwrap_or_else(|_| Batch::new());
        (next.file, next.pass) = (self.batch.file, self.batch.pass);
        (next.bytes, next.again, next.lines) = (0, 0, None);
        let mut batch = std::mem::replace(&mut self.batch, next);
        batch.problems.append(problems);
        // Nobody receives only when the receiving thread panics, which ends the scope.
        let _ = self.full.send(batch);
    }
}
