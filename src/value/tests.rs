//! Values: reading, writing, order.

use super::*;

#[test]
fn dates_keep_their_precision_and_cover_their_interval() {
    for text in ["2016", "2016-04", "2016-04-08", "0000-01-01", "9999-12"] {
        let date = Date::parse(text).unwrap();
        assert_eq!(date.to_string(), text);
        assert_eq!(Date::from_bits(date.to_bits()), Some(date));
    }
    let [year, month, day] = ["2016", "2016-01", "2016-01-01"].map(|t| Date::parse(t).unwrap());
    assert!(day < month && month < year, "by start, then by end");
    assert_eq!(year.end(), Date::parse("2016-12-31").unwrap().start());
    assert_eq!(
        Date::parse("2016-02").unwrap().end(),
        Date::parse("2016-02-29").unwrap().start()
    );
    assert_eq!(day.truncate(Precision::Month), month);
}

#[test]
fn wrong_dates_are_refused() {
    for text in [
        "",
        "16",
        "2016-13",
        "2015-02-29",
        "2016-4",
        "2016-04-08-01",
        "2016/2017",
        "+016",
        "２０１６",
    ] {
        assert!(Date::parse(text).is_err(), "{text}");
    }
}

#[test]
fn periods_read_print_and_compare() {
    for text in ["2015/2016", "2014-10/..", "../2016-04-08"] {
        let period = Period::parse(text).unwrap();
        assert_eq!(period.to_string(), text);
        assert_eq!(Period::from_bits(period.to_bits()), Some(period));
    }
    let [a, b, c] = ["2015/2016", "2016-06/..", "2017/2018"].map(|t| Period::parse(t).unwrap());
    assert!(a.overlaps(b) && !a.overlaps(c) && c.is_within(b) && a.is_before(c));
    for text in ["2016", "../..", "2017/2016", "2015/", "2015/2016/2017"] {
        assert!(Period::parse(text).is_err(), "{text}");
    }
}

#[test]
fn instants_are_utc() {
    let instant = DateTime::parse("2016-04-08T09:30:00+08:00").unwrap();
    assert_eq!(instant.to_string(), "2016-04-08T01:30:00Z");
    assert!(DateTime::parse("2016-04-08").is_err());
}

#[test]
fn points_measure_metres() {
    let (shenzhen, puning) = (
        Point::parse("22.54,114.06").unwrap(),
        Point::parse("23.30, 116.17").unwrap(),
    );
    let distance = shenzhen.distance(puning);
    assert!((230_000.0..235_000.0).contains(&distance), "{distance}");
    assert!(Point::parse("91,0").is_err() && Point::parse("22.5").is_err());
}

#[test]
fn edge_ids_survive_any_key() {
    let id = EdgeId {
        type_name: "ROUTE".into(),
        source: "A:x>y%3E".into(),
        target: "B:%25:z".into(),
        unique: vec!["1>2".into()],
    };
    assert_eq!(EdgeId::parse(&id.to_string()), Some(id));
}

#[test]
fn chinese_sorts_by_pinyin() {
    let mut names = ["深圳", "石狮", "常熟", "普宁"];
    names.sort_by(|a, b| cmp_text("zh", a, b));
    assert_eq!(names, ["常熟", "普宁", "深圳", "石狮"]);
}
