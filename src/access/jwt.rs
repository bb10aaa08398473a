//! Is this token signed by whom we trust, for us, and still valid? Not for: what its roles may do
//! (`policy`).

use super::principal::Credential;
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Header, Validation, decode, decode_header,
};
use serde_json::Value;
use std::fmt;

/// Seconds by which clocks may differ.
const LEEWAY: u64 = 30;

/// The algorithms that can be named.
pub const ALGORITHMS: [(&str, Algorithm); 4] = [
    ("RS256", Algorithm::RS256),
    ("ES256", Algorithm::ES256),
    ("EdDSA", Algorithm::EdDSA),
    ("HS256", Algorithm::HS256),
];

/// Which tokens are trusted.
pub struct JwtSettings {
    /// A secret that is shared with the issuer, or the issuer's public keys.
    pub trust: Trust,
    /// The algorithms accepted; each fits the keys.
    pub algorithms: Vec<Algorithm>,
    /// Issuers of which one must be named as `iss`; empty: any.
    pub issuers: Vec<String>,
    /// Audiences of which one must be named as `aud`; empty: any.
    pub audiences: Vec<String>,
    /// The claim with the names of roles: a list, or one string with spaces; dots lead inside.
    pub roles_claim: String,
}

/// What signatures are checked with.
pub enum Trust {
    /// A shared secret (HS256).
    Secret(DecodingKey),
    /// Public keys, with the id and the algorithm that each is for, if it says so.
    Keys(Vec<PublicKey>),
}

/// A public key.
pub struct PublicKey {
    id: Option<String>,
    algorithm: Option<KeyAlgorithm>,
    key: DecodingKey,
}

impl fmt::Debug for JwtSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtSettings")
            .field("algorithms", &self.algorithms)
            .field("issuers", &self.issuers)
            .field("audiences", &self.audiences)
            .finish_non_exhaustive()
    }
}

/// What a token says of its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Its subject.
    pub name: Option<Box<str>>,
    /// The names of roles.
    pub roles: Vec<String>,
    /// Until when it is valid.
    pub credential: Credential,
}

impl Trust {
    /// The public keys of a JWK set. Symmetric keys are refused: they are no public keys.
    ///
    /// # Errors
    /// If it is no JWK set, or has no key to check signatures with.
    pub fn public(jwks: &str) -> Result<Self, String> {
        let set: JwkSet = serde_json::from_str(jwks).map_err(|wrong| wrong.to_string())?;
        let keys = set.keys.iter().map(PublicKey::of);
        let keys = keys.collect::<Result<Vec<_>, String>>()?;
        match keys.is_empty() {
            true => Err("the set has no keys".to_owned()),
            false => Ok(Self::Keys(keys)),
        }
    }

    /// Whether an algorithm can be checked with it.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        let is_secret = algorithm.family() == AlgorithmFamily::Hmac;
        matches!(self, Self::Secret(_)) == is_secret
    }

    /// The key that a token's header names.
    fn key(&self, header: &Header) -> Option<&DecodingKey> {
        let family = header.alg.family();
        match self {
            Self::Secret(key) => Some(key).filter(|key| key.family() == family),
            Self::Keys(keys) => {
                let fit = keys.iter().filter(|key| key.fits(header));
                let mut fit = fit.filter(|key| key.key.family() == family);
                let first = fit.next()?;
                // Without an id there must be no choice.
                (header.kid.is_some() || fit.next().is_none()).then_some(&first.key)
            }
        }
    }
}

impl PublicKey {
    fn of(jwk: &Jwk) -> Result<Self, String> {
        let id = jwk.common.key_id.clone();
        let name = id.clone().unwrap_or_else(|| "without a kid".to_owned());
        let key = DecodingKey::from_jwk(jwk).map_err(|wrong| format!("key {name}: {wrong}"))?;
        if key.family() == AlgorithmFamily::Hmac {
            return Err(format!(
                "key {name} is symmetric; only public keys belong here"
            ));
        }
        let algorithm = jwk.common.key_algorithm;
        Ok(Self { id, algorithm, key })
    }

    fn fits(&self, header: &Header) -> bool {
        let id = header.kid.is_none() || header.kid == self.id;
        let named = self.algorithm.map(|algorithm| algorithm.to_string());
        id && named.is_none_or(|named| named == format!("{:?}", header.alg))
    }
}

impl JwtSettings {
    /// What a token says, if it is signed, meant for us, and valid now.
    ///
    /// # Errors
    /// Why not, for people; nothing that helps to forge one.
    pub fn check(&self, token: &str) -> Result<Claims, String> {
        let header = decode_header(token).map_err(|_| "it is not a signed token".to_owned())?;
        if !self.algorithms.contains(&header.alg) {
            return Err(format!(
                "it is signed by {:?}, which is not accepted",
                header.alg
            ));
        }
        let key = self.trust.key(&header).ok_or("its key is not known")?;
        let claims = decode::<Value>(token, key, &self.validation(header.alg));
        let claims = claims.map_err(|wrong| wrong.to_string())?.claims;
        let until = claims["exp"].as_f64().unwrap_or(0.0) as u64;
        Ok(Claims {
            name: claims["sub"].as_str().map(Into::into),
            roles: self.roles(&claims),
            credential: Credential::Token(until.saturating_add(LEEWAY)),
        })
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        let mut required = vec!["exp"];
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.validate_aud = !self.audiences.is_empty();
        if !self.audiences.is_empty() {
            validation.set_audience(&self.audiences);
            required.push("aud");
        }
        if !self.issuers.is_empty() {
            validation.set_issuer(&self.issuers);
            required.push("iss");
        }
        validation.set_required_spec_claims(&required);
        validation
    }

    fn roles(&self, claims: &Value) -> Vec<String> {
        let whole = claims.get(&self.roles_claim);
        let inside = || {
            let mut steps = self.roles_claim.split('.');
            steps.try_fold(claims, |value, step| value.get(step))
        };
        match whole.or_else(inside) {
            Some(Value::Array(names)) => {
                let names = names.iter().filter_map(Value::as_str);
                names.map(str::to_owned).collect()
            }
            Some(Value::String(names)) => names.split(' ').map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }
}
