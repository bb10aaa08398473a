//! What does an API key look like, and how is it hashed?

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;

/// What every key begins with, so that leaked ones can be found.
const PREFIX: &str = "guitu_";

/// Random bytes of an id and of a secret.
const ID: usize = 6;
const SECRET: usize = 32;

/// An API key as its owner has it: `guitu_ID_SECRET`. Its debug form does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    text: Box<str>,
    id: Box<str>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}_…", self.id)
    }
}

impl Secret {
    /// A new key, from the system's randomness.
    ///
    /// # Errors
    /// If the system has none.
    pub fn new() -> Result<Self, String> {
        let mut bytes = [0; ID + SECRET];
        getrandom::fill(&mut bytes).map_err(|wrong| wrong.to_string())?;
        let (id, secret) = bytes.split_at(ID);
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = format!("{PREFIX}{id}_{}", URL_SAFE_NO_PAD.encode(secret));
        Ok(Self {
            text: text.into(),
            id: id.into(),
        })
    }

    /// Whether a text has the form of a key.
    pub fn is_meant(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Reads a key; none if it has not the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        let is_id = id.len() == 2 * ID && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_id && secret.len() == (SECRET * 4).div_ceil(3)).then(|| Self {
            text: text.into(),
            id: id.into(),
        })
    }

    /// What names it in the file; no secret.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The whole key.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its hash by argon2id, with a salt of its own. Cost: as checking it.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn hash(&self) -> Result<String, String> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|wrong| wrong.to_string())?;
        let argon2 = Argon2::default();
        let hash = argon2.hash_password_with_salt(self.text.as_bytes(), &salt);
        let hash: argon2::password_hash::phc::PasswordHash =
            hash.map_err(|wrong| wrong.to_string())?;
        Ok(hash.to_string())
    }

    /// Whether it has this hash.
    pub fn is_hashed_as(&self, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else {
            return false;
        };
        let verified = Argon2::default().verify_password(self.text.as_bytes(), &hash);
        verified.is_ok()
    }
}
