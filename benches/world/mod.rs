//! The worlds that benches ask: data files shaped like the subject, the same bytes on every run.
//!
//! `write(folder, 1)` makes M, of 200,000 nodes and 1,000,000 edges; `write(folder, 10)` makes L, of
//! ten times that. Places grow with the people, so that one city has as many routes in L as in M.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The ontology of the worlds.
pub const SCHEMA: &str = include_str!("schema.graphql");

const PROVINCES: u64 = 30;
const PRODUCTS: u64 = 500;
const PLATFORMS: u64 = 20;
const CITIES: u64 = 300;
const COUNTIES: u64 = 3_000;
const NODES: u64 = 200_000;
const EDGES: u64 = 1_000_000;

/// A small generator of random numbers (SplitMix64, Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// Small numbers far more often than large ones.
    fn skewed(&mut self, limit: u64) -> u64 {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((unit * unit * unit) * limit as f64) as u64
    }
}

/// How many of what a world has.
pub struct Sizes {
    pub cities: u64,
    pub counties: u64,
    pub people: u64,
}

impl Sizes {
    /// The sizes at a scale.
    pub fn of(scale: u64) -> Self {
        let (cities, counties) = (CITIES * scale, COUNTIES * scale);
        let people = NODES * scale - PROVINCES - PRODUCTS - PLATFORMS - cities - counties;
        Self {
            cities,
            counties,
            people,
        }
    }
}

/// Writes the data files of a world.
pub fn write(folder: &Path, scale: u64) -> io::Result<()> {
    let sizes = Sizes::of(scale);
    let mut random = Random(7);
    places(folder, &sizes, &mut random)?;
    people(folder, &sizes, &mut random)?;
    edges(folder, &sizes, scale, &mut random)
}

fn file(folder: &Path, name: &str, header: &str) -> io::Result<BufWriter<File>> {
    let mut file = BufWriter::new(File::create(folder.join(format!("{name}.csv")))?);
    writeln!(file, "{header}")?;
    Ok(file)
}

fn places(folder: &Path, sizes: &Sizes, random: &mut Random) -> io::Result<()> {
    let mut out = file(folder, "Province", "key,name:zh,name:en")?;
    (0..PROVINCES).try_for_each(|at| writeln!(out, "v{at},省{at},Province {at}"))?;
    let mut out = file(folder, "City", "key,name:zh,name:en,partOf")?;
    for at in 0..sizes.cities {
        writeln!(out, "c{at},城{at},City {at},Province:v{}", at % PROVINCES)?;
    }
    let mut out = file(
        folder,
        "County",
        "key,name:zh,name:en,code,population,partOf",
    )?;
    for at in 0..sizes.counties {
        let people = 100_000 + random.below(1_000_000);
        writeln!(
            out,
            "x{at},县{at},County {at},{:06},{people},City:c{}",
            at + 100_000,
            at % sizes.cities
        )?;
    }
    let mut out = file(folder, "Product", "key,name:zh,name:en")?;
    (0..PRODUCTS).try_for_each(|at| writeln!(out, "p{at},产品{at},Product {at}"))?;
    let mut out = file(folder, "Platform", "key,name:zh,name:en")?;
    (0..PLATFORMS).try_for_each(|at| writeln!(out, "f{at},平台{at},Platform {at}"))
}

fn people(folder: &Path, sizes: &Sizes, random: &mut Random) -> io::Result<()> {
    let mut out = file(
        folder,
        "Person",
        "key,name:zh,name:en,born,joined,income,active,role,cameFrom,platform",
    )?;
    let roles = ["FARMER", "SELLER", "COURIER", "DESIGNER", "TEACHER"];
    for at in 0..sizes.people {
        let (born, role) = (1950 + random.below(55), roles[random.below(5) as usize]);
        let (year, month, day) = (
            2003 + random.below(20),
            1 + random.below(12),
            1 + random.below(28),
        );
        let income = random.below(10_000_000) as f64 / 100.0;
        let active = random.below(10) > 2;
        let (city, platform) = (random.below(sizes.cities), random.skewed(PLATFORMS));
        writeln!(
            out,
            "n{at},人{at},Person {at},{born},{year}-{month:02}-{day:02},{income},{active},{role},c{city},f{platform}"
        )?;
    }
    Ok(())
}

fn edges(folder: &Path, sizes: &Sizes, scale: u64, random: &mut Random) -> io::Result<()> {
    let mut left = EDGES * scale - sizes.cities - sizes.counties - 3 * sizes.people;
    let mut out = file(folder, "RETURNED_TO", "source,target,year")?;
    for at in 0..sizes.people {
        writeln!(
            out,
            "n{at},x{},{}",
            random.below(sizes.counties),
            2005 + random.below(15)
        )?;
    }
    let mut out = file(folder, "RETURN_ROUTE", "source,target,scope,period,people")?;
    for at in 0..sizes.counties {
        let first = random.below(sizes.cities);
        for nth in 0..10 {
            let scope = if nth < 4 {
                "WITHIN_PROVINCE"
            } else {
                "ACROSS_PROVINCES"
            };
            let city = (first + nth * 31) % sizes.cities;
            writeln!(
                out,
                "c{city},x{at},{scope},2015/2016,{}",
                random.below(5_000)
            )?;
            left -= 1;
        }
    }
    let mut out = file(folder, "HAS_CLUSTER", "source,target,rank,basis")?;
    for at in 0..sizes.counties {
        let first = random.skewed(PRODUCTS - 100);
        for nth in 0..3 {
            writeln!(
                out,
                "x{at},p{},{},specialty column",
                first + nth * 17,
                nth + 1
            )?;
            left -= 1;
        }
    }
    knows(folder, sizes, left, random)
}

/// Few people know many: how many one knows falls with the power 2/3 of their number. Each pair
/// once, whichever way round.
fn knows(folder: &Path, sizes: &Sizes, count: u64, random: &mut Random) -> io::Result<()> {
    let mut out = file(folder, "KNOWS", "source,target,since,weight")?;
    let mut pairs = HashSet::new();
    while (pairs.len() as u64) < count {
        let (a, b) = (random.skewed(sizes.people), random.below(sizes.people));
        if a == b || !pairs.insert((a.min(b), a.max(b))) {
            continue;
        }
        let (year, weight) = (2000 + random.below(20), 1 + random.below(9));
        writeln!(out, "n{a},n{b},{year},0.{weight}")?;
    }
    Ok(())
}
