//! How do sections become a graph? Two passes: keys first, then everything that refers to rows,
//! each on two threads.

use super::bytes::{Input, Wrong};
use super::jobs::{Job, job, on_two_threads};
use super::{ReadError, SectionSource, VERSION, column, named, texts};
use crate::graph::cells::Cells;
use crate::graph::column::Records;
use crate::graph::index::{Permutation, is_indexed, parts_of};
use crate::graph::ints::Series;
use crate::graph::references::{Reference, ReferenceLists};
use crate::graph::segment::{Segment, SegmentBase, Topology};
use crate::graph::snapshot::{Node, Snapshot};
use crate::graph::strings::Strings;
use crate::graph::table::{Table, TableBase};
use crate::graph::texts::TextIndex;
use crate::ontology::{Ontology, Property, RelationshipId, TypeId};
use crate::search::Index;
use crate::value::Scalar;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Snapshot {
    /// Reads a graph from its sections.
    ///
    /// # Errors
    /// If a section is missing, damaged or does not fit the ontology: the first such.
    pub fn read_sections(
        ontology: Arc<Ontology>,
        source: &dyn SectionSource,
    ) -> Result<Self, ReadError> {
        let mut reading = Reading::new(&ontology, source)?;
        let head = reading.head()?;
        let tables = reading.tables()?;
        let rows: Vec<usize> = tables.iter().map(|(keys, ..)| keys.len()).collect();
        let parts = reading.parts(&rows)?;
        let snapshot = reading.assemble(head, tables, parts)?;
        // Of an older program, or of other fields, there was none to read.
        snapshot.index_texts();
        Ok(snapshot)
    }
}

/// Sections by name, and what they stand for.
struct Reading<'a> {
    ontology: &'a Arc<Ontology>,
    source: &'a dyn SectionSource,
    bytes: BTreeMap<String, u64>,
    jobs: Vec<(String, Job)>,
}

/// What a section was read as.
enum Part {
    Column(Cells),
    Index(Permutation),
    Texts(Option<Index>),
    Segment(Topology, Series, Series),
}

type TableHead = (Strings, Series, Series);
type Parts = Vec<(String, Job, Part)>;

/// The version, revision and lists of references.
struct Head {
    revision: u64,
    lists: ReferenceLists,
}

fn failed(section: &str, what: impl Into<String>, unfit: bool) -> ReadError {
    ReadError {
        place: format!("section `{section}`"),
        what: what.into(),
        unfit,
    }
}

impl<'a> Reading<'a> {
    fn new(ontology: &'a Arc<Ontology>, source: &'a dyn SectionSource) -> Result<Self, ReadError> {
        let bytes: BTreeMap<String, u64> = source.sections().into_iter().collect();
        let mut jobs = Vec::new();
        for name in bytes.keys() {
            match job(ontology, name) {
                Ok(Some(job)) => jobs.push((name.clone(), job)),
                Ok(None) => {}
                Err(what) => return Err(failed(name, what, true)),
            }
        }
        jobs.sort_by_key(|(name, _)| std::cmp::Reverse(bytes[name]));
        Ok(Self {
            ontology,
            source,
            bytes,
            jobs,
        })
    }

    /// Reads a whole section.
    fn read<T>(
        &self,
        name: &str,
        read: impl FnOnce(&mut Input<'_>) -> Result<T, Wrong>,
    ) -> Result<T, ReadError> {
        let bytes = self.bytes.get(name).copied();
        let bytes = bytes.ok_or_else(|| failed(name, "it is missing", false))?;
        let reader = self.source.read(name);
        let reader = reader.map_err(|error| failed(name, error.to_string(), false))?;
        let mut input = Input::new(reader, bytes);
        let read = read(&mut input).and_then(|read| input.end().map(|()| read));
        read.map_err(|wrong| failed(name, wrong.what, wrong.unfit))
    }

    fn head(&self) -> Result<Head, ReadError> {
        self.read(named::HEAD, |input| {
            let version: u32 = input.number()?;
            if version != VERSION {
                return Err(
                    format!("version {version} is unknown: this is version {VERSION}").into(),
                );
            }
            let revision = input.number()?;
            for _ in 0..input.length(1)? {
                let name = input.text()?;
                if !self.bytes.contains_key(&name) {
                    return Err(format!("it names `{name}`, which is missing").into());
                }
            }
            let lists = lists(input)?;
            Ok(Head { revision, lists })
        })
    }

    fn tables(&self) -> Result<Vec<TableHead>, ReadError> {
        let types: Vec<TypeId> = self.ontology.concrete_ids().collect();
        on_two_threads(&types, |of| {
            let name = named::table(&self.ontology.node_type(*of).name);
            if !self.bytes.contains_key(&name) {
                return Ok(TableHead::default());
            }
            self.read(&name, |input| {
                let keys = input.strings()?;
                let mut order = 1..keys.len();
                if !order.all(|at| keys.at(at - 1) < keys.at(at)) {
                    return Err("keys are not in order".into());
                }
                let count = keys.len();
                Ok((keys, input.series(count)?, input.series(count)?))
            })
        })
    }

    /// Reads everything that refers to rows; `rows` is by concrete type.
    fn parts(&mut self, rows: &[usize]) -> Result<Parts, ReadError> {
        let jobs = std::mem::take(&mut self.jobs);
        let segments = |job: &Job| matches!(job, Job::Segment(..));
        let (first, second): (Vec<_>, Vec<_>) =
            jobs.into_iter().partition(|(_, job)| segments(job));
        let mut edges = BTreeMap::new();
        let mut parts = on_two_threads(&first, |(name, job)| self.part(name, *job, rows, &edges))?;
        for (_, job, part) in &parts {
            if let (Job::Segment(of, source, target), Part::Segment(topology, ..)) = (job, part) {
                edges.insert((*of, *source, *target), topology.targets.len());
            }
        }
        let rest = on_two_threads(&second, |(name, job)| self.part(name, *job, rows, &edges));
        parts.extend(rest?);
        Ok(parts)
    }

    fn part(
        &self,
        name: &str,
        job: Job,
        rows: &[usize],
        edges: &BTreeMap<(RelationshipId, TypeId, TypeId), usize>,
    ) -> Result<(String, Job, Part), ReadError> {
        let rows = |of: TypeId| rows[of.0 as usize];
        let cells = |property: &Property, len| {
            self.read(name, |input| {
                column::read(input, self.ontology, property, len)
            })
        };
        let part = match job {
            Job::Column(of, at) => {
                let property = &self.ontology.node_type(of).properties[at];
                Part::Column(cells(property, rows(of))?)
            }
            Job::EdgeColumn(of, source, target, at) => {
                let property = &self.ontology.relationship(of).properties[at];
                let len = edges.get(&(of, source, target)).copied();
                let len = len.ok_or_else(|| failed(name, "its edges are missing", false));
                Part::Column(cells(property, len?)?)
            }
            Job::Index(..) => Part::Index(self.read(name, permutation)?),
            Job::Texts(of) => {
                let declared = self.ontology.node_type(of);
                Part::Texts(self.read(name, |input| texts::read(input, declared, rows(of)))?)
            }
            Job::Segment(_, source, target) => {
                self.read(name, |input| segment(input, rows(source), rows(target)))?
            }
        };
        Ok((name.to_owned(), job, part))
    }

    fn assemble(
        &self,
        head: Head,
        tables: Vec<TableHead>,
        parts: Parts,
    ) -> Result<Snapshot, ReadError> {
        let sources = tables[Ontology::SOURCE.0 as usize].0.len() as u32;
        let mut references = head.lists.iter().flat_map(|list| list.iter());
        let is_dangling = references.any(|reference| reference.source.row >= sources);
        drop(references);
        if is_dangling {
            return Err(failed(named::HEAD, "a reference has no source", false));
        }
        let mut bases = self.bases(tables);
        let mut segments = BTreeMap::new();
        for (name, job, part) in parts {
            put(&mut bases, &mut segments, (job, part))
                .map_err(|wrong| failed(&name, wrong.what, wrong.unfit))?;
        }
        self.complete_indexes(&mut bases)?;
        let mut snapshot = Snapshot::empty(self.ontology.clone());
        let codes = bases.iter().map(|base| &base.records.references);
        let edge_codes = segments
            .values()
            .map(|s: &SegmentBase| &s.records.references);
        let lists = Arc::new(head.lists);
        check_codes(codes.chain(edge_codes), lists.len())?;
        snapshot.revision = head.revision;
        snapshot.lists = lists;
        snapshot.tables = bases.into_iter().map(Table::from).collect();
        let ranks = snapshot.ranks.clone();
        let mut segments: Vec<Segment> = segments.into_iter().map(named_segment).collect();
        let rank = |of: TypeId| ranks[of.0 as usize];
        segments.sort_by_key(|s| (s.relationship, rank(s.source), rank(s.target)));
        snapshot.arrange(segments);
        Ok(snapshot)
    }

    fn bases(&self, tables: Vec<TableHead>) -> Vec<TableBase> {
        let types = self.ontology.concrete_ids().zip(tables);
        let base = |(of, (keys, references, changed)): (TypeId, TableHead)| {
            let properties = self.ontology.node_type(of).properties.len();
            TableBase {
                keys,
                records: Records {
                    columns: (0..properties).map(|_| None).collect(),
                    references,
                    changed,
                },
                indexes: (0..properties).map(|_| None).collect(),
                texts: TextIndex::default(),
            }
        };
        types.map(base).collect()
    }

    /// Checks the indexes that were read and makes those that are missing.
    fn complete_indexes(&self, bases: &mut [TableBase]) -> Result<(), ReadError> {
        for (of, base) in self.ontology.concrete_ids().zip(bases) {
            let declared = self.ontology.node_type(of);
            for (at, property) in declared.properties.iter().enumerate() {
                let cells = base.records.columns[at].as_ref();
                let index = &mut base.indexes[at];
                // Codes of enum values may have been translated, which changes their order.
                if matches!(property.scalar, Scalar::Enum(_)) {
                    *index = None;
                }
                if !is_indexed(self.ontology, declared, at) {
                    *index = None;
                } else if let Some(index) = index
                    && !in_range(cells, index)
                {
                    let column = named::column(&named::table(&declared.name), &property.name);
                    let name = named::index(&column);
                    return Err(failed(
                        &name,
                        "it points to values that are not there",
                        false,
                    ));
                } else if index.is_none() {
                    *index = Some(cells.map(Permutation::new).unwrap_or_default());
                }
            }
        }
        Ok(())
    }
}

impl From<TableBase> for Table {
    fn from(base: TableBase) -> Self {
        Self {
            base: Arc::new(base),
            over: None,
        }
    }
}

type Pair = (RelationshipId, TypeId, TypeId);

fn named_segment(((relationship, source, target), base): (Pair, SegmentBase)) -> Segment {
    Segment {
        relationship,
        source,
        target,
        base: Arc::new(base),
        over: None,
    }
}

/// Puts a part where it belongs. Segments come before their columns.
fn put(
    bases: &mut [TableBase],
    segments: &mut BTreeMap<Pair, SegmentBase>,
    part: (Job, Part),
) -> Result<(), Wrong> {
    match part {
        (Job::Column(of, at), Part::Column(cells)) => {
            bases[of.0 as usize].records.columns[at] = Some(cells);
        }
        (Job::Index(of, at), Part::Index(index)) => {
            bases[of.0 as usize].indexes[at] = Some(index);
        }
        (Job::Texts(of), Part::Texts(index)) => {
            bases[of.0 as usize].texts = index.map(TextIndex::stored).unwrap_or_default();
        }
        (Job::Segment(of, source, target), Part::Segment(topology, references, changed)) => {
            let records = Records {
                columns: Vec::new(),
                references,
                changed,
            };
            segments.insert((of, source, target), SegmentBase { topology, records });
        }
        (Job::EdgeColumn(of, source, target, at), Part::Column(cells)) => {
            let segment = segments.get_mut(&(of, source, target));
            let columns = &mut segment.ok_or("its edges are missing")?.records.columns;
            columns.resize(columns.len().max(at + 1), None);
            columns[at] = Some(cells);
        }
        _ => return Err("it is of another kind than its name says".into()),
    }
    Ok(())
}

fn lists(input: &mut Input<'_>) -> Result<ReferenceLists, Wrong> {
    let mut lists: Vec<Arc<[Reference]>> = Vec::new();
    for _ in 0..input.length(1)? {
        let count = input.length(1)?;
        let list = (0..count).map(|_| reference(input));
        lists.push(list.collect::<Result<_, _>>()?);
    }
    match lists.first() {
        Some(first) if first.is_empty() => Ok(ReferenceLists::new(lists)),
        _ => Err("the first list of references is not empty".into()),
    }
}

fn reference(input: &mut Input<'_>) -> Result<Reference, Wrong> {
    let row = input.number()?;
    let locator = optional(input)?;
    let note = optional(input)?;
    let has_fields = input.number::<u8>()? != 0;
    let count = input.length(1)?;
    let fields = (0..count).map(|_| input.text().map(Into::into));
    let fields: Box<[Box<str>]> = fields.collect::<Result<_, Wrong>>()?;
    Ok(Reference {
        source: Node {
            of: Ontology::SOURCE,
            row,
        },
        locator,
        fields: has_fields.then_some(fields),
        note,
    })
}

fn optional(input: &mut Input<'_>) -> Result<Option<Box<str>>, Wrong> {
    let is_given = input.number::<u8>()? != 0;
    let text = input.text()?;
    Ok(is_given.then(|| text.into()))
}

fn permutation(input: &mut Input<'_>) -> Result<Permutation, Wrong> {
    let count = input.length(1)?;
    let parts = (0..count).map(|_| input.list());
    Ok(Permutation {
        parts: parts.collect::<Result<_, _>>()?,
    })
}

/// Whether an index points to values that are there.
fn in_range(cells: Option<&Cells>, index: &Permutation) -> bool {
    let parts = cells.map_or_else(Vec::new, parts_of);
    let right = |(part, order): (&&Cells, &Vec<u32>)| order.iter().all(|at| part.has(*at as usize));
    parts.len() == index.parts.len() && parts.iter().zip(&index.parts).all(right)
}

fn segment(input: &mut Input<'_>, sources: usize, rows: usize) -> Result<Part, Wrong> {
    let out: Vec<u32> = input.list()?;
    let targets: Vec<u32> = input.list()?;
    let count = targets.len();
    let last = out.last().map_or(0, |end| *end as usize);
    if out.len() != sources || !out.is_sorted() || last != count {
        return Err("offsets of edges are wrong".into());
    }
    if targets.iter().any(|target| *target as usize >= rows) {
        return Err("an edge has no target".into());
    }
    let mut start = 0;
    for end in &out {
        if !targets[start..*end as usize].is_sorted() {
            return Err("edges are not in order".into());
        }
        start = *end as usize;
    }
    let (references, changed) = (input.series(count)?, input.series(count)?);
    Ok(Part::Segment(
        Topology::new(out, targets, rows),
        references,
        changed,
    ))
}

fn check_codes<'a>(
    mut series: impl Iterator<Item = &'a Series>,
    count: usize,
) -> Result<(), ReadError> {
    let range = 0..count as i64;
    let right = |series: &Series| match series {
        Series::Constant(code, len) => *len == 0 || range.contains(code),
        Series::Each(ints) => (0..ints.len()).all(|at| range.contains(&ints.at(at))),
    };
    match series.all(right) {
        true => Ok(()),
        false => Err(failed(
            named::HEAD,
            "a list of references is missing",
            false,
        )),
    }
}
