//! Who is at the door? From what a request shows to a [`Principal`]. Not for: what they may then do
//! (`policy`).

use super::jwt::JwtSettings;
use super::keys::{Keys, Look, Secret, StoredKey};
use super::{AccessFile, Credential, Policy, Principal, Problems, Roles};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Knows who has which roles.
#[derive(Debug)]
pub struct Door {
    policy: Arc<Policy>,
    keys: Option<Keys>,
    jwt: Option<JwtSettings>,
}

/// What is known at once of whoever asks.
#[derive(Debug)]
pub enum Known {
    /// Who it is.
    Is(Arc<Principal>),
    /// A key that must be checked, with [`Door::prove`], away from threads that others wait for.
    Unproven(Secret),
}

/// Why somebody is turned away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// They showed no credentials, and those are needed.
    Missing,
    /// What they showed is no credentials.
    Malformed,
    /// The key is wrong, expired or revoked.
    Wrong,
    /// The token is not accepted; why, for people.
    Token(String),
    /// Too many wrong secrets were shown for this key; try again in some seconds.
    TooMany,
}

impl Denied {
    /// What is wrong and what to do, for people.
    pub fn told(&self) -> (String, &'static str) {
        let show = "send `Authorization: Bearer` and an API key or a token";
        match self {
            Self::Missing => (
                "this server answers only who shows credentials".to_owned(),
                show,
            ),
            Self::Malformed => (
                "`Authorization` is not of the form `Bearer …`".to_owned(),
                show,
            ),
            Self::Wrong => (
                "this API key is wrong, expired or revoked".to_owned(),
                "ask for a new one: `guitu key create`",
            ),
            Self::Token(wrong) => (
                format!("this token is not accepted: {wrong}"),
                "get a new token",
            ),
            Self::TooMany => (
                "too many wrong keys were shown lately".to_owned(),
                "try again in ten seconds",
            ),
        }
    }
}

impl Door {
    /// The door of an access file.
    ///
    /// # Errors
    /// If its keys cannot be read.
    pub fn new(file: AccessFile) -> Result<Self, Problems> {
        let keys = file.keys.as_deref().map(Keys::open).transpose();
        let mut problems = Problems::default();
        let keys = keys.unwrap_or_else(|wrong| {
            problems.add("keys", wrong, "`guitu key create` makes such a file");
            None
        });
        problems.or(Self {
            policy: Arc::new(file.policy),
            keys,
            jwt: file.jwt,
        })
    }

    /// The roles and their rules.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// Who shows this `Authorization`. Cost: microseconds for a key that was shown before, up to a
    /// millisecond for a token.
    ///
    /// # Errors
    /// Whoever shows what is not right is turned away, even where nobody need show anything.
    pub fn recognize(&self, authorization: Option<&str>) -> Result<Known, Denied> {
        let Some(authorization) = authorization else {
            let roles = self.policy.anonymous.clone().ok_or(Denied::Missing)?;
            return Ok(Known::Is(Arc::new(Principal {
                name: None,
                roles,
                credential: Credential::None,
            })));
        };
        let (scheme, shown) = authorization.split_once(' ').ok_or(Denied::Malformed)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Denied::Malformed);
        }
        let shown = shown.trim();
        match (Secret::is_meant(shown), &self.keys, &self.jwt) {
            (true, Some(keys), _) => match keys.look(shown)? {
                Look::Is(key) => Ok(Known::Is(self.holder(&key))),
                Look::Unproven(secret) => Ok(Known::Unproven(secret)),
            },
            (false, _, Some(jwt)) => self.bearer(jwt, shown),
            _ => Err(Denied::Wrong),
        }
    }

    /// Checks a key. Cost: some 20 ms.
    ///
    /// # Errors
    /// If it is wrong.
    pub fn prove(&self, secret: &Secret) -> Result<Arc<Principal>, Denied> {
        let keys = self.keys.as_ref().ok_or(Denied::Wrong)?;
        keys.prove(secret).map(|key| self.holder(&key))
    }

    /// Whether what somebody showed is still valid; for conversations that go on.
    pub fn admits(&self, principal: &Principal) -> bool {
        match &principal.credential {
            Credential::None => true,
            Credential::Key(id) => self.keys.as_ref().is_some_and(|keys| keys.has(id)),
            Credential::Token(until) => now() < *until,
        }
    }

    fn holder(&self, key: &StoredKey) -> Arc<Principal> {
        let names = key.roles.iter().map(String::as_str);
        Arc::new(Principal {
            name: Some(key.name.clone()),
            roles: self.policy.roles_named(names),
            credential: Credential::Key(key.id.clone()),
        })
    }

    fn bearer(&self, jwt: &JwtSettings, token: &str) -> Result<Known, Denied> {
        let claims = jwt.check(token).map_err(Denied::Token)?;
        let roles: Roles = self
            .policy
            .roles_named(claims.roles.iter().map(String::as_str));
        Ok(Known::Is(Arc::new(Principal {
            name: claims.name,
            roles,
            credential: claims.credential,
        })))
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
