//! How does a column become bytes and back? Not for: which columns there are.

use super::bytes::{Input, Output, Wrong};
use crate::graph::cells::{Cells, Data, Texts};
use crate::graph::ints::Ints;
use crate::graph::strings::Strings;
use crate::ontology::{Ontology, Property};
use crate::value::{Date, Period, Point, Scalar};
use std::io;

/// What kind of values stands in a column: written before them.
fn tag(data: &Data) -> u8 {
    match data {
        Data::Bool(_) => 0,
        Data::Int(_) => 1,
        Data::Float(_) => 2,
        Data::Date(_) => 3,
        Data::DateTime(_) => 4,
        Data::Period(_) => 5,
        Data::Point(_) => 6,
        Data::Str(_) => 7,
        Data::Coded(..) => 8,
        Data::Json(_) => 9,
        Data::Enum(_) => 10,
        Data::List(..) => 11,
        Data::Texts(_) => 12,
    }
}

/// What a kind is called.
fn name(tag: u8) -> &'static str {
    match tag {
        0 => "Boolean",
        1 => "Int",
        2 => "Float",
        3 => "Date",
        4 => "DateTime",
        5 => "Period",
        6 => "Point",
        7 | 8 => "String",
        9 => "JSON",
        10 => "an enum",
        11 => "a list",
        12 => "localized text",
        _ => "something unknown",
    }
}

/// Whether values of a kind fit a property.
fn fits(tag: u8, property: &Property, in_list: bool) -> bool {
    if property.localized || property.list && !in_list {
        return tag == if property.localized { 12 } else { 11 };
    }
    match property.scalar {
        Scalar::Id | Scalar::String => tag == 7 || tag == 8,
        Scalar::Int | Scalar::BigInt => tag == 1,
        Scalar::Float => tag == 2,
        Scalar::Boolean => tag == 0,
        Scalar::Date => tag == 3,
        Scalar::DateTime => tag == 4,
        Scalar::Period => tag == 5,
        Scalar::Point => tag == 6,
        Scalar::Json => tag == 9,
        Scalar::Enum(_) => tag == 10,
    }
}

/// Writes a column. Enums are written with the names of their values.
pub(super) fn write(
    out: &mut Output<'_>,
    ontology: &Ontology,
    property: &Property,
    cells: &Cells,
) -> io::Result<()> {
    out.number(tag(&cells.data))?;
    out.number(cells.len as u64)?;
    out.number(u8::from(cells.valid.is_some()))?;
    if let Some(valid) = &cells.valid {
        out.bits(valid)?;
    }
    match &cells.data {
        Data::Bool(v) => out.bits(v),
        Data::Int(v) | Data::DateTime(v) => out.ints(v),
        Data::Float(v) => out.list(v),
        Data::Date(v) => out.list(&v.iter().map(|d| d.to_bits()).collect::<Vec<_>>()),
        Data::Period(v) => out.list(&v.iter().flat_map(|p| [p.0, p.1]).collect::<Vec<_>>()),
        Data::Point(v) => {
            let numbers = v.iter().flat_map(|p| [p.latitude, p.longitude]);
            out.list(&numbers.collect::<Vec<_>>())
        }
        Data::Str(v) | Data::Json(v) => out.strings(v),
        Data::Coded(codes, v) => out.strings(v).and_then(|()| out.ints(codes)),
        Data::Enum(v) => out
            .strings(&names(ontology, property))
            .and_then(|()| out.ints(v)),
        Data::List(ends, items) => {
            out.list(ends)?;
            write(out, ontology, property, items)
        }
        Data::Texts(texts) => write_texts(out, ontology, property, texts),
    }
}

fn write_texts(
    out: &mut Output<'_>,
    ontology: &Ontology,
    property: &Property,
    texts: &Texts,
) -> io::Result<()> {
    out.number(texts.columns.len() as u64)?;
    for (language, column) in texts.languages.iter().zip(&texts.columns) {
        out.text(language)?;
        write(out, ontology, property, column)?;
    }
    Ok(())
}

/// The names of an enum's values.
fn names(ontology: &Ontology, property: &Property) -> Strings {
    let mut names = Strings::default();
    if let Scalar::Enum(of) = property.scalar {
        let values = ontology.enums[of as usize].values.iter();
        values.for_each(|value| names.push(&value.name));
    }
    names
}

/// Reads a column of `len` values that fits a property.
pub(super) fn read(
    input: &mut Input<'_>,
    ontology: &Ontology,
    property: &Property,
    len: usize,
) -> Result<Cells, Wrong> {
    let tag: u8 = input.number()?;
    if !fits(tag, property, false) {
        return Err(Wrong::unfit(format!(
            "it holds {}, which the ontology does not say",
            name(tag)
        )));
    }
    let cells = read_as(tag, input, ontology, property)?;
    match cells.len == len {
        true => Ok(cells),
        false => Err(format!("it has {} values for {len} records", cells.len).into()),
    }
}

fn read_as(
    tag: u8,
    input: &mut Input<'_>,
    ontology: &Ontology,
    property: &Property,
) -> Result<Cells, Wrong> {
    let len = input.number::<u64>()? as usize;
    let valid = match input.number::<u8>()? {
        0 => None,
        _ => Some(input.bits()?),
    };
    let data = read_data(tag, input, ontology, property)?;
    let is_whole = valid.as_ref().is_none_or(|valid| valid.len() == len) && data_len(&data, len);
    match is_whole {
        true => Ok(Cells { data, valid, len }),
        false => Err("its parts differ in length".into()),
    }
}

fn read_data(
    tag: u8,
    input: &mut Input<'_>,
    ontology: &Ontology,
    property: &Property,
) -> Result<Data, Wrong> {
    Ok(match tag {
        0 => Data::Bool(input.bits()?),
        1 => Data::Int(input.ints()?),
        2 => Data::Float(input.list()?),
        3 => Data::Date(dates(&input.list()?)?),
        4 => Data::DateTime(input.ints()?),
        5 => Data::Period(periods(&input.list()?)?),
        6 => Data::Point(points(&input.list()?)?),
        7 => Data::Str(input.strings()?),
        8 => {
            let strings = input.strings()?;
            let codes = input.ints()?;
            check_codes(&codes, strings.len())?;
            Data::Coded(codes, strings)
        }
        9 => Data::Json(input.strings()?),
        10 => Data::Enum(enums(input, ontology, property)?),
        11 => read_list(input, ontology, property)?,
        12 => Data::Texts(read_texts(input, ontology, property)?),
        _ => return Err(format!("{tag} is no kind of values").into()),
    })
}

fn read_list(
    input: &mut Input<'_>,
    ontology: &Ontology,
    property: &Property,
) -> Result<Data, Wrong> {
    let ends: Vec<u32> = input.list()?;
    let tag: u8 = input.number()?;
    if !fits(tag, property, true) {
        return Err(Wrong::unfit(format!(
            "it holds lists of {}, which the ontology does not say",
            name(tag)
        )));
    }
    let items = read_as(tag, input, ontology, property)?;
    let last = ends.last().map_or(0, |end| *end as usize);
    match ends.is_sorted() && last == items.len {
        true => Ok(Data::List(ends, Box::new(items))),
        false => Err("offsets of lists are wrong".into()),
    }
}

fn read_texts(
    input: &mut Input<'_>,
    ontology: &Ontology,
    property: &Property,
) -> Result<Texts, Wrong> {
    let mut texts = Texts::default();
    for _ in 0..input.length(1)? {
        texts.languages.push(input.text()?.into());
        let tag = input.number::<u8>()?;
        if !matches!(tag, 7 | 8) {
            return Err(format!("its texts are {}", name(tag)).into());
        }
        texts.columns.push(read_as(tag, input, ontology, property)?);
    }
    match texts.languages.is_sorted_by(|a, b| a < b) {
        true => Ok(texts),
        false => Err("its languages are not in order".into()),
    }
}

/// Whether values are as many as they should be.
fn data_len(data: &Data, len: usize) -> bool {
    match data {
        Data::Bool(v) => v.len() == len,
        Data::Int(v) | Data::DateTime(v) | Data::Enum(v) | Data::Coded(v, _) => v.len() == len,
        Data::Float(v) => v.len() == len,
        Data::Date(v) => v.len() == len,
        Data::Period(v) => v.len() == len,
        Data::Point(v) => v.len() == len,
        Data::Str(v) | Data::Json(v) => v.len() == len,
        Data::List(ends, _) => ends.len() == len,
        Data::Texts(texts) => texts.columns.iter().all(|column| column.len == len),
    }
}

fn dates(bits: &[i32]) -> Result<Vec<Date>, Wrong> {
    let dates = bits.iter().map(|bits| Date::from_bits(*bits));
    dates
        .collect::<Option<_>>()
        .ok_or_else(|| "a date is none".into())
}

fn periods(bits: &[i32]) -> Result<Vec<(i32, i32)>, Wrong> {
    let periods = bits.chunks_exact(2).map(|p| (p[0], p[1]));
    let right = periods
        .clone()
        .all(|bits| Period::from_bits(bits).is_some());
    match right && bits.len().is_multiple_of(2) {
        true => Ok(periods.collect()),
        false => Err("a period is none".into()),
    }
}

fn points(numbers: &[f64]) -> Result<Vec<Point>, Wrong> {
    let points = numbers
        .chunks(2)
        .map(|p| Point::new(p[0], *p.get(1).unwrap_or(&f64::NAN)));
    points.collect::<Result<_, String>>().map_err(Wrong::from)
}

fn check_codes(codes: &Ints, count: usize) -> Result<(), Wrong> {
    let range = 0..count as i64;
    match (0..codes.len()).all(|at| range.contains(&codes.at(at))) {
        true => Ok(()),
        false => Err("a code has no meaning".into()),
    }
}

/// Reads enum values and translates them by name.
fn enums(input: &mut Input<'_>, ontology: &Ontology, property: &Property) -> Result<Ints, Wrong> {
    let names = input.strings()?;
    let codes = input.ints()?;
    check_codes(&codes, names.len().max(1))?;
    let Scalar::Enum(of) = property.scalar else {
        return Err("the ontology has no enum here".into());
    };
    let declared = &ontology.enums[of as usize];
    let now = |at: usize| declared.value(names.at(at));
    if (0..names.len()).all(|at| now(at) == Some(at as u16)) {
        return Ok(codes);
    }
    let mut translated = Ints::default();
    for at in 0..codes.len() {
        let name = codes.at(at) as usize;
        let code = now(name).ok_or_else(|| {
            let (name, of) = (names.at(name), &declared.name);
            Wrong::unfit(format!(
                "it uses {name}, which is no value of {of} any more"
            ))
        });
        translated.push(i64::from(code?));
    }
    Ok(translated)
}
