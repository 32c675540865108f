//! The parts of a signed token, and what its header may say (RFC 7515, section 3.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use todo_domain::TokenRejection;

/// The kinds of token that are access tokens, as `typ` writes them (RFC 7519, section 5.1, and
/// RFC 9068, section 2.1).
const ACCESS_TOKEN_TYPES: [&str; 2] = ["jwt", "at+jwt"];

/// What is read of a token's header. A key or an address of one that stands there too (`jwk`, `jku`,
/// `x5c`, `x5u`) is the sender's own word and never used.
#[derive(Deserialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) kid: Option<String>,
    pub(crate) typ: Option<String>,
    /// Whether it is there, whatever it is.
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

impl Header {
    /// Whether the header is that of an access token, and demands nothing that is not understood.
    ///
    /// # Errors
    /// [`TokenRejection::Kind`], [`TokenRejection::Extension`].
    pub(super) fn check(&self) -> Result<(), TokenRejection> {
        if !self.typ.as_deref().is_none_or(is_access_token_type) {
            return Err(TokenRejection::Kind);
        }
        if self.crit {
            return Err(TokenRejection::Extension);
        }
        Ok(())
    }
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// A media type, in whatever case, with or without `application/` (RFC 7515, section 4.1.9).
fn is_access_token_type(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    ACCESS_TOKEN_TYPES.contains(&typ.strip_prefix("application/").unwrap_or(&typ))
}

/// A token in its parts. Nothing of it has been verified.
pub(crate) struct Jws<'a> {
    pub(crate) header: Header,
    /// What the signature is of.
    pub(super) signed: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Jws<'a> {
    /// Takes `token` apart.
    ///
    /// # Errors
    /// [`TokenRejection::Malformed`].
    pub(crate) fn parse(token: &'a str) -> Result<Self, TokenRejection> {
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenRejection::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenRejection::Malformed)?;
        Ok(Self { header: json(header)?, signed, payload, signature })
    }

    /// The claims, as far as `C` reads them.
    ///
    /// # Errors
    /// [`TokenRejection::Malformed`].
    pub(crate) fn claims<C: DeserializeOwned>(&self) -> Result<C, TokenRejection> {
        json(self.payload)
    }

    /// The bytes of the signature.
    ///
    /// # Errors
    /// [`TokenRejection::Malformed`].
    pub(super) fn signature(&self) -> Result<Vec<u8>, TokenRejection> {
        bytes(self.signature)
    }
}

fn json<T: DeserializeOwned>(part: &str) -> Result<T, TokenRejection> {
    serde_json::from_slice(&bytes(part)?).map_err(|_| TokenRejection::Malformed)
}

fn bytes(part: &str) -> Result<Vec<u8>, TokenRejection> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenRejection::Malformed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn check(header: &Value) -> Result<(), TokenRejection> {
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        Jws::parse(&format!("{header}.e30.c2ln")).unwrap().header.check()
    }

    #[test]
    fn the_kind_of_an_access_token_is_written_in_several_ways() {
        for typ in ["JWT", "jwt", "at+jwt", "AT+JWT", "application/jwt", "Application/at+JWT"] {
            assert_eq!(check(&json!({"alg": "EdDSA", "typ": typ})), Ok(()), "{typ}");
        }
        assert_eq!(check(&json!({"alg": "EdDSA"})), Ok(()));
    }

    #[test]
    fn a_token_of_another_kind_is_none_of_ours() {
        let cookie = "better-auth.session-cache+jwt";
        for typ in [cookie, "dpop+jwt", "logout+jwt", "id+jwt", "JWE", "text/jwt", ""] {
            let header = json!({"alg": "EdDSA", "typ": typ});
            assert_eq!(check(&header), Err(TokenRejection::Kind), "{typ}");
        }
    }

    #[test]
    fn a_header_that_demands_an_extension_is_refused() {
        for crit in [json!(["exp"]), json!([]), json!("b64"), json!(null)] {
            let header = json!({"alg": "EdDSA", "crit": crit});
            assert_eq!(check(&header), Err(TokenRejection::Extension), "{crit}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_token_or_refused_and_never_breaks(text in any::<String>()) {
            let _ = Jws::parse(&text);
        }
    }
}
