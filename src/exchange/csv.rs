//! Where do the cells of a CSV record begin and end?
//!
//! RFC 4180 in UTF-8, read strictly: a quote that never closes or text after a closing quote is an
//! error, where the `csv` crate would silently swallow the rest of the file into one cell. One
//! buffer serves all records. Not for: what the cells mean (`header`, `cell`).

use crate::change::Violation;
use std::io::{self, BufRead, Write};

/// The longest record: beyond it a quote was surely left open.
const LONGEST: usize = 64 << 20;

/// Reads the records of a CSV file, the header included.
pub(super) struct CsvReader<R> {
    input: R,
    /// Lines read so far.
    lines: u32,
    /// Bytes read so far.
    bytes: u64,
    raw: Vec<u8>,
}

/// The cells of one record.
#[derive(Default)]
pub(super) struct Record {
    /// The line in which it begins, from 1.
    pub(super) line: u32,
    text: String,
    cells: Vec<(u32, u32)>,
}

/// Why a record could not be read.
#[derive(Debug)]
pub(super) enum CsvError {
    /// Only this record is lost: the cell (from 0) and what is wrong.
    Record(Option<usize>, Violation),
    /// Nothing after it can be read.
    File(Violation),
}

impl<R: BufRead> CsvReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            lines: 0,
            bytes: 0,
            raw: Vec::new(),
        }
    }

    /// Lines read so far.
    pub(super) fn lines(&self) -> u32 {
        self.lines
    }

    /// Bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reads the next record that is not an empty line; false at the end. After
    /// [`CsvError::Record`] the next one can be read.
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool, CsvError> {
        loop {
            let mut bytes = std::mem::take(&mut record.text).into_bytes();
            bytes.clear();
            record.cells.clear();
            record.line = self.lines + 1;
            if !self.read_line()? {
                return Ok(false);
            }
            let content = content_length(&self.raw);
            if content == 0 {
                record.text = recover(bytes);
                continue;
            }
            if memchr::memchr(b'"', &self.raw).is_none() {
                split_plain(&self.raw[..content], &mut record.cells);
                std::mem::swap(&mut bytes, &mut self.raw);
                bytes.truncate(content);
            } else {
                self.split_quoted(record, &mut bytes)?;
            }
            return record.accept(bytes).map(|()| true);
        }
    }

    /// Reads one line over `raw`; false at the end of the file.
    fn read_line(&mut self) -> Result<bool, CsvError> {
        self.raw.clear();
        let more = self.append_line()?;
        if self.lines == 1 {
            if self.raw.starts_with(&[0xff, 0xfe]) || self.raw.starts_with(&[0xfe, 0xff]) {
                let wrong = Violation::new("the file is UTF-16");
                return Err(CsvError::File(wrong.hint("save it as UTF-8")));
            }
            if self.raw.starts_with(b"\xef\xbb\xbf") {
                self.raw.drain(..3);
            }
        }
        Ok(more)
    }

    /// Appends a line to `raw`; false at the end of the file.
    fn append_line(&mut self) -> Result<bool, CsvError> {
        let read = self.input.read_until(b'\n', &mut self.raw);
        let read = read.map_err(|error| CsvError::File(Violation::new(error.to_string())))?;
        self.bytes += read as u64;
        self.lines = self.lines.saturating_add(u32::from(read > 0));
        Ok(read > 0)
    }

    /// Splits a record that contains quotes, reading on while one is open.
    fn split_quoted(&mut self, record: &mut Record, text: &mut Vec<u8>) -> Result<(), CsvError> {
        let mut at = 0;
        loop {
            let start = text.len() as u32;
            let quoted = self.raw.get(at) == Some(&b'"');
            at = if quoted {
                self.read_quoted(at + 1, record, text)?
            } else {
                let rest = &self.raw[at..content_length(&self.raw)];
                let length = memchr::memchr(b',', rest).unwrap_or(rest.len());
                text.extend_from_slice(&rest[..length]);
                at + length
            };
            record.cells.push((start, text.len() as u32));
            match self.raw.get(at) {
                Some(b',') => at += 1,
                _ if at >= content_length(&self.raw) => return Ok(()),
                _ => return Err(self.after_quote(record, at)),
            }
        }
    }

    /// Reads a quoted cell from behind its opening quote to behind its closing one.
    fn read_quoted(
        &mut self,
        mut at: usize,
        record: &Record,
        text: &mut Vec<u8>,
    ) -> Result<usize, CsvError> {
        let opened = self.lines;
        loop {
            let Some(length) = memchr::memchr(b'"', &self.raw[at..]) else {
                text.extend_from_slice(&self.raw[at..]);
                at = self.raw.len();
                if at > LONGEST || !self.append_line()? {
                    return Err(unclosed(record, opened));
                }
                continue;
            };
            text.extend_from_slice(&self.raw[at..at + length]);
            at += length + 1;
            if self.raw.get(at) != Some(&b'"') {
                return Ok(at);
            }
            text.push(b'"');
            at += 1;
        }
    }

    fn after_quote(&self, record: &Record, at: usize) -> CsvError {
        let rest = String::from_utf8_lossy(&self.raw[at..content_length(&self.raw)]);
        let shown: String = rest.chars().take(20).collect();
        let wrong = Violation::new(format!("`{shown}` follows a closing quote"));
        let wrong = wrong.hint("inside a quoted cell write two quotes for one");
        CsvError::Record(Some(record.cells.len() - 1), wrong)
    }
}

fn unclosed(record: &Record, opened: u32) -> CsvError {
    let cell = record.cells.len() + 1;
    let wrong = format!("the quote that opens cell {cell} in line {opened} is never closed");
    CsvError::File(Violation::new(wrong).hint("close it, or write two quotes for one"))
}

/// An emptied buffer as an empty text with its capacity.
fn recover(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// The length without the line's end.
fn content_length(line: &[u8]) -> usize {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line).len()
}

fn split_plain(line: &[u8], cells: &mut Vec<(u32, u32)>) {
    let mut start = 0;
    for comma in memchr::memchr_iter(b',', line) {
        cells.push((start, comma as u32));
        start = comma as u32 + 1;
    }
    cells.push((start, line.len() as u32));
}

impl Record {
    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// A cell's text.
    pub(super) fn cell(&self, at: usize) -> &str {
        let (start, end) = self.cells[at];
        &self.text[start as usize..end as usize]
    }

    /// All cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.cell(at))
    }

    /// Takes the record's bytes if they are UTF-8.
    fn accept(&mut self, bytes: Vec<u8>) -> Result<(), CsvError> {
        match String::from_utf8(bytes) {
            Ok(text) => self.text = text,
            Err(error) => return Err(self.broken(&error)),
        }
        Ok(())
    }

    fn broken(&self, error: &std::string::FromUtf8Error) -> CsvError {
        let at = error.utf8_error().valid_up_to() as u32;
        let cell = self.cells.iter().position(|(_, end)| at < *end);
        let start = cell.map_or(0, |cell| self.cells[cell].0) as usize;
        let end = (start + 40).min(error.as_bytes().len());
        let shown = error.as_bytes()[start..end].utf8_chunks();
        let shown: String = shown.map(|chunk| show_chunk(&chunk)).collect();
        let wrong = Violation::new(format!("`{shown}` is not UTF-8"));
        CsvError::Record(cell, wrong.hint("save the file as UTF-8"))
    }
}

fn show_chunk(chunk: &std::str::Utf8Chunk<'_>) -> String {
    let invalid = chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}"));
    chunk
        .valid()
        .chars()
        .map(String::from)
        .chain(invalid)
        .collect()
}

/// Writes one record, quoting where needed.
pub(super) fn write_record<'a>(
    output: &mut impl Write,
    cells: impl IntoIterator<Item = &'a str>,
) -> io::Result<()> {
    let mut between: &[u8] = b"";
    for cell in cells {
        output.write_all(between)?;
        between = b",";
        match needs_quotes(cell) {
            true => write!(output, "\"{}\"", cell.replace('"', "\"\""))?,
            false => output.write_all(cell.as_bytes())?,
        }
    }
    output.write_all(b"\n")
}

/// Quotes keep separators, and what a spreadsheet or this reader would drop at the edges.
fn needs_quotes(cell: &str) -> bool {
    cell.contains(['"', ',', '\n', '\r'])
        || cell.starts_with([' ', '\u{feff}'])
        || cell.ends_with(' ')
}
