//! Where is the collector? Not for: talking to it (`collector`).

use http::Uri;
use std::fmt;
use std::str::FromStr;

/// What OpenTelemetry puts after the address of a collector that takes traces over HTTP.
const PATH: &str = "/v1/traces";

/// The address of a collector that takes OTLP over plain HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("{why}: give a collector as http://127.0.0.1:4318");
        let uri: Uri = text.parse().map_err(|_| wrong("it is no URL"))?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => {
                let why = "only plain HTTP is spoken, to a collector that is near";
                return Err(wrong(why));
            }
            _ => return Err(wrong("it does not begin with http://")),
        }
        if uri.query().is_some() {
            return Err(wrong("it has a `?`"));
        }
        let base = text.trim_end_matches('/');
        let base = base.strip_suffix(PATH).unwrap_or(base);
        Ok(Self(format!("{base}{PATH}")))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_that_of_traces_whether_it_is_given_or_not() {
        for (given, meant) in [
            ("http://a:4318", "http://a:4318/v1/traces"),
            ("http://a:4318/", "http://a:4318/v1/traces"),
            ("http://a/v1/traces", "http://a/v1/traces"),
            ("http://[::1]:1/otlp", "http://[::1]:1/otlp/v1/traces"),
        ] {
            assert_eq!(given.parse::<Endpoint>().unwrap().to_string(), meant);
        }
    }

    #[test]
    fn what_is_no_collector_is_told() {
        for (given, says) in [
            ("https://a:4318", "plain HTTP"),
            ("localhost:4318", "http://"),
            ("http://a?b", "`?`"),
            ("", "no URL"),
        ] {
            let wrong = given.parse::<Endpoint>().unwrap_err();
            assert!(wrong.contains(says), "{given}: {wrong}");
            assert!(wrong.contains("http://127.0.0.1:4318"), "{wrong}");
        }
    }
}
