//! What does the part `[jwt]` of `access.toml` say?

use super::file::{Reader, entries};
use super::jwt::{ALGORITHMS, JwtSettings, Trust};
use super::problems::instead;
use jsonwebtoken::{Algorithm, DecodingKey};
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

/// The names that the part knows.
const NAMES: [&str; 7] = [
    "algorithms",
    "audience",
    "issuer",
    "jwks",
    "roles_claim",
    "secret",
    "secret_env",
];

/// The least bytes of a secret: as many as the hash has.
const SECRET: usize = 32;

impl Reader<'_> {
    pub(super) fn jwt(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        at: &Range<usize>,
    ) -> Option<JwtSettings> {
        let Some(table) = value.get_ref().as_table() else {
            self.kind(value, "a table [jwt]");
            return None;
        };
        let (mut trust, mut algorithms) = (Vec::new(), Vec::new());
        let (mut issuers, mut audiences) = (Vec::new(), Vec::new());
        let mut roles_claim = "roles".to_owned();
        for (name, value, at) in entries(table) {
            match name {
                "secret" | "secret_env" | "jwks" => trust.push(self.trust(name, value)),
                "algorithms" => algorithms = self.algorithms(value),
                "issuer" => issuers = self.one_or_more(value),
                "audience" => audiences = self.one_or_more(value),
                "roles_claim" => roles_claim = self.string(value).unwrap_or_default(),
                _ => self.unknown(name, &at, &NAMES),
            }
        }
        let [trust] = <[_; 1]>::try_from(trust).ok().unwrap_or_else(|| {
            let hint = "give exactly one of `secret`, `secret_env` and `jwks`";
            self.wrong(at, "[jwt] must say what signatures are checked with", hint);
            [None]
        });
        let trust = trust?;
        if algorithms.is_empty() {
            let fit = ALGORITHMS.iter().filter(|(_, each)| trust.fits(*each));
            algorithms = fit.map(|(_, each)| *each).collect();
        }
        if let Some(unfit) = algorithms.iter().find(|each| !trust.fits(**each)) {
            let wrong = format!("{unfit:?} does not fit what signatures are checked with");
            self.wrong(
                at,
                wrong,
                "HS256 goes with a secret, the others with `jwks`",
            );
        }
        Some(JwtSettings {
            trust,
            algorithms,
            issuers,
            audiences,
            roles_claim,
        })
    }

    fn trust(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Option<Trust> {
        let said = self.string(value)?;
        let read = match name {
            "secret_env" => std::env::var(&said).map_err(|wrong| format!("`{said}`: {wrong}")),
            _ => {
                let path = self.folder.join(&said);
                let read = std::fs::read_to_string(&path);
                read.map_err(|wrong| format!("{}: {wrong}", path.display()))
            }
        };
        let trust = read.and_then(|text| match name {
            "jwks" => Trust::public(&text),
            _ => secret(text.trim_end_matches(['\r', '\n'])),
        });
        let told = |wrong| self.wrong(&value.span(), wrong, "signatures are checked with it");
        trust.map_err(told).ok()
    }

    fn algorithms(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<Algorithm> {
        let named = self.texts(value).unwrap_or_default();
        let mut algorithms = Vec::new();
        for (name, at) in named {
            match ALGORITHMS.iter().find(|(known, _)| *known == name) {
                Some((_, algorithm)) => algorithms.push(*algorithm),
                None => {
                    let hint = instead(&name, ALGORITHMS.iter().map(|(known, _)| *known));
                    self.wrong(&at, format!("the algorithm `{name}` is not known"), hint);
                }
            }
        }
        algorithms
    }

    /// A string or a list of them.
    fn one_or_more(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        if let Some(one) = value.get_ref().as_str() {
            return vec![one.to_owned()];
        }
        let texts = self.texts(value).unwrap_or_default();
        texts.into_iter().map(|(text, _)| text).collect()
    }
}

fn secret(text: &str) -> Result<Trust, String> {
    match text.len() {
        SECRET.. => Ok(Trust::Secret(DecodingKey::from_secret(text.as_bytes()))),
        short => Err(format!(
            "the secret has {short} bytes; at least {SECRET} are needed"
        )),
    }
}
