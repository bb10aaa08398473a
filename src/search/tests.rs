//! Are texts found as people look for them, and does the index miss none?

use super::{Builder, Extent, Kind, Pattern, Scratch};

fn found(typed: &str, text: &str) -> Option<(Kind, Extent)> {
    let found = Pattern::new(typed).find_in(text, &mut Scratch::default());
    found.map(|found| (found.kind, found.extent))
}

#[test]
fn a_place_is_found_however_it_is_typed() {
    use {Extent::*, Kind::*};
    let cases = [
        ("石狮", "石狮", Exact, Whole),
        ("石狮", "石狮市", Prefix, Start),
        ("狮市", "石狮市", Word, Inside),
        ("石獅", "石狮", Variant, Whole),
        ("石狮", "石獅市", Variant, Start),
        ("shishi", "石狮", Pinyin, Whole),
        ("Shi Shi", "石狮", Pinyin, Whole),
        ("shis", "石狮市", Pinyin, Start),
        ("ss", "石狮", Initials, Whole),
        ("ss", "石狮市", Initials, Start),
        ("shenzen", "深圳", Fuzzy, Whole),
        ("shenzhne", "深圳", Fuzzy, Whole),
        ("shenzen", "Shenzhen", Fuzzy, Whole),
        ("chongqing", "重庆", Pinyin, Whole),
        ("zhongqing", "重庆", Pinyin, Whole),
        ("luan", "六安", Pinyin, Whole),
        ("liuan", "六安", Pinyin, Whole),
        ("yueqing", "乐清", Pinyin, Whole),
        ("leqing", "乐清", Pinyin, Whole),
        ("xi'an", "西安", Pinyin, Whole),
        ("lvliang", "吕梁", Pinyin, Whole),
        (
            "wild goose return project",
            "Wild Goose Return Project",
            Exact,
            Whole,
        ),
        ("goose wild", "Wild Goose Return Project", Word, Inside),
        ("proj", "Wild Goose Return Project", Word, Inside),
        ("Ｓｈｉ", "Shishi", Prefix, Start),
        ("zurich", "Zürich", Exact, Whole),
        ("lüliang", "吕梁", Pinyin, Whole),
        ("石shi", "石狮", Pinyin, Inside),
        ("shishi", "福建省石狮市", Pinyin, Inside),
        ("shi shi", "Qian Shi Shishan", Word, Inside),
    ];
    for (typed, text, kind, extent) in cases {
        assert_eq!(
            found(typed, text),
            Some((kind, extent)),
            "{typed} in {text}"
        );
    }
}

#[test]
fn what_is_meant_otherwise_is_not_found() {
    let cases = [
        ("shi shi", "Shi Qian"),
        ("", "石狮"),
        ("!?", "石狮"),
        ("石市", "石狮市"),
        ("shi shi", "石头"),
        ("xi an", "仙"),
        ("shen", "Shan"),
        ("s", "石狮"),
        ("shenzhenabc", "深圳"),
        ("goose house", "Wild Goose Return Project"),
    ];
    for (typed, text) in cases {
        assert_eq!(found(typed, text), None, "{typed} in {text}");
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn text(&mut self, parts: &[&str], most: usize) -> String {
        let count = 1 + self.below(most);
        (0..count).map(|_| self.of(parts)).collect()
    }
}

/// Few enough that most patterns match something.
const TEXTS: &[&str] = &[
    "石", "狮", "獅", "深", "圳", "重", "庆", "慶", "六", "安", "乐", "清", "西", "长", "市", "女",
    "か", "shi", "Shishi", "shen", "zhen", " ", " ", "·", "Xi'an", "an", "project", "é", "2015",
    "，",
];
const TYPED: &[&str] = &[
    "石", "狮", "獅", "重", "庆", "安", "市", "shi", "sh", "s", "shen", "zhen", "zen", "chong",
    "zhong", "qing", "lu", "liu", "an", "xi", "nv", " ", "'", "x", "a", "c", "q", "pro", "ject",
    "20", "e",
];

#[test]
fn the_index_finds_what_the_judge_finds() {
    let mut random = Random(0x5eed_1234_5678_9abc);
    let mut scratch = Scratch::default();
    for _ in 0..12 {
        let texts: Vec<String> = (0..200).map(|_| random.text(TEXTS, 6)).collect();
        let mut builder = Builder::default();
        for (row, text) in (0..).zip(&texts) {
            builder.add(row / 2, text);
        }
        let index = builder.finish(100, "name").unwrap();
        for _ in 0..120 {
            let typed = random.text(TYPED, 4);
            let pattern = Pattern::new(&typed);
            let is_match = |row: &u32| {
                let own = &texts[*row as usize * 2..][..2];
                own.iter()
                    .any(|text| pattern.is_in(text, &mut Scratch::default()))
            };
            let expected: Vec<u32> = (0..100).filter(is_match).collect();
            let mut may = index.rows_of(&pattern);
            assert!(may.is_sorted());
            may.retain(is_match);
            assert_eq!(may, expected, "{typed:?} in {texts:?}");
            for way in super::Way::ALL {
                let before = super::Way::ALL.iter().take_while(|other| **other != way);
                let ways = before.copied().chain([way]);
                let so_far: Vec<u32> = ways.flat_map(|way| index.rows_by(&pattern, way)).collect();
                for row in &expected {
                    let own = &texts[*row as usize * 2..][..2];
                    let best = own
                        .iter()
                        .filter_map(|t| pattern.find_in(t, &mut scratch))
                        .min();
                    let due = best.is_some_and(|best| best.kind <= way.up_to());
                    assert!(!due || so_far.contains(row), "{typed:?} {way:?} {own:?}");
                }
            }
        }
    }
}
