//! Tokens signed with the shared secret: our own, and those that another issuer makes with it.

use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use todo_domain::{
    AccessToken, IssuedRefreshToken, IssuedResetToken, RefreshDigest, RefreshToken, ResetDigest,
    ResetToken, SessionId, SigningError, Timestamp, TokenIssuer, TokenRejection, TokenVerifier,
    UserId, VerificationError, VerifiedToken,
};
use uuid::Uuid;

use super::claims::Claims;
use super::judged_tokens::JudgedTokens;
use super::jws::Jws;
use super::sha256;

/// The claim `iss` of our own tokens. A token without it comes from another issuer.
const ISSUER: &str = "todo-api";

/// Bytes of a session's id at the head of a refresh token, and of the secret behind it or in a reset
/// token.
const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// The claims of our own access tokens (RFC 7519, section 4.1).
#[derive(Serialize)]
struct OwnClaims<'a> {
    sub: &'a str,
    sid: String,
    iat: i64,
    exp: i64,
    iss: &'static str,
    jti: Uuid,
}

/// Signs and judges tokens with HMAC-SHA-256 and one secret (RFC 7518, section 3.2).
pub struct Hs256Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    refresh: hmac::Key,
    judged: JudgedTokens,
}

impl Hs256Tokens {
    /// What the header calls the algorithm.
    pub(crate) const ALGORITHM: &str = "HS256";

    /// Tokens of this secret.
    #[must_use]
    pub fn new(secret: &SecretString) -> Self {
        let secret = secret.expose_secret().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp"]);
        // Times are held against the domain's clock, and a shared secret has no audience.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        // A key of its own, so that no signature of one kind of token passes for one of the other.
        let secret_of_keys = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let refresh = hmac::sign(&secret_of_keys, b"todo-api refresh token");
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            refresh: hmac::Key::new(hmac::HMAC_SHA256, refresh.as_ref()),
            judged: JudgedTokens::new(),
        }
    }

    /// What the token says and whether its time is `now`, if it was verified before.
    pub(super) fn recall(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Option<Result<VerifiedToken, TokenRejection>> {
        self.judged.recall(token, now)
    }
}

#[async_trait]
impl TokenVerifier for Hs256Tokens {
    async fn verify(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<VerifiedToken, VerificationError> {
        let data = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|error| rejection(error.kind()))?;
        Jws::parse(token)?.header.check()?;
        let claims = data.claims;
        let times = claims.times()?;
        times.check(now)?;
        let own = claims.issuer() == Some(ISSUER);
        let verified = if own { claims.read_own() } else { claims.read_external() }?;
        self.judged.remember(token, times, verified.clone());
        Ok(verified)
    }
}

fn rejection(kind: &ErrorKind) -> TokenRejection {
    match kind {
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => TokenRejection::Algorithm,
        ErrorKind::InvalidSignature => TokenRejection::Signature,
        ErrorKind::MissingRequiredClaim(_) => TokenRejection::Claim("exp"),
        _ => TokenRejection::Malformed,
    }
}

impl TokenIssuer for Hs256Tokens {
    fn issue_access(
        &self,
        user_id: &UserId,
        session_id: SessionId,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<AccessToken, SigningError> {
        let claims = OwnClaims {
            sub: user_id.as_str(),
            sid: session_id.to_string(),
            iat: now.unix_seconds(),
            exp: now.plus(lifetime).unix_seconds(),
            iss: ISSUER,
            jti: Uuid::new_v4(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map(AccessToken::new)
            .map_err(|error| SigningError(error.into()))
    }

    /// The session's id, 256 random bits, and a signature of both, in base64url. The id lets a token
    /// of any age be traced to its session, so that its reuse is seen however often it has been
    /// replaced since. The signature keeps others from naming a session that they know of.
    fn issue_refresh(&self, session_id: SessionId) -> Result<IssuedRefreshToken, SigningError> {
        let secret = random()?;
        let named = [session_id.as_bytes().as_slice(), &secret].concat();
        let tag = hmac::sign(&self.refresh, &named);
        let text = URL_SAFE_NO_PAD.encode([&named, tag.as_ref()].concat());
        let digest = RefreshDigest(sha256(&text));
        Ok(IssuedRefreshToken { token: RefreshToken::new(text), digest })
    }

    fn read_refresh(&self, token: &RefreshToken) -> Option<(SessionId, RefreshDigest)> {
        let bytes = URL_SAFE_NO_PAD.decode(token.expose()).ok()?;
        let (named, tag) = bytes.split_at_checked(ID_BYTES + SECRET_BYTES)?;
        hmac::verify(&self.refresh, named, tag).ok()?;
        let session_id = SessionId::from_bytes(*named.first_chunk()?);
        Some((session_id, RefreshDigest(sha256(token.expose()))))
    }

    /// 256 random bits in base64url: 43 characters.
    fn issue_reset(&self) -> Result<IssuedResetToken, SigningError> {
        let text = URL_SAFE_NO_PAD.encode(random()?);
        let digest = ResetDigest(sha256(&text));
        Ok(IssuedResetToken { token: ResetToken::new(text), digest })
    }

    fn read_reset(&self, token: &ResetToken) -> Option<ResetDigest> {
        let bytes = URL_SAFE_NO_PAD.decode(token.expose()).ok()?;
        (bytes.len() == SECRET_BYTES).then(|| ResetDigest(sha256(token.expose())))
    }
}

fn random() -> Result<[u8; SECRET_BYTES], SigningError> {
    let mut bytes = [0; SECRET_BYTES];
    rand::fill(&mut bytes).map_err(|error| SigningError(error.into()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &str = "a secret of at least thirty-two bytes";

    fn tokens() -> Hs256Tokens {
        Hs256Tokens::new(&SecretString::from(SECRET))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_micros(seconds * 1_000_000).unwrap()
    }

    fn sign(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
        let key = EncodingKey::from_secret(secret.as_bytes());
        jsonwebtoken::encode(&Header::new(algorithm), claims, &key).unwrap()
    }

    async fn verify(token: &str, now: Timestamp) -> Result<VerifiedToken, TokenRejection> {
        tokens().verify(token, now).await.map_err(|error| match error {
            VerificationError::Rejected(rejection) => rejection,
            error @ VerificationError::KeysUnavailable(_) => panic!("{error}"),
        })
    }

    async fn judge(claims: Value) -> Result<VerifiedToken, TokenRejection> {
        verify(&sign(Algorithm::HS256, SECRET, &claims), at(1_000)).await
    }

    #[actix_web::test]
    async fn our_own_token_is_read_back_until_the_second_it_expires() {
        let user_id = UserId::parse("ada").unwrap();
        let session_id = SessionId::generate(at(1_000));
        let lifetime = Duration::from_mins(1);
        let token = tokens().issue_access(&user_id, session_id, at(1_000), lifetime).unwrap();
        let own = VerifiedToken::Own { user_id, session_id };
        assert_eq!(verify(token.expose(), at(1_059)).await, Ok(own));
        let late = verify(token.expose(), at(1_060)).await;
        assert_eq!(late, Err(TokenRejection::Expired));
    }

    #[actix_web::test]
    async fn the_user_of_another_issuer_is_named_by_the_first_claim_that_is_there() {
        for (claims, user) in [
            (json!({"exp": 2e3, "sub": "a", "id": "b", "user_id": "c", "userId": "d"}), "a"),
            (json!({"exp": 2e3, "id": "b", "user_id": "c", "userId": "d"}), "b"),
            (json!({"exp": 2e3, "user_id": "c", "userId": "d"}), "c"),
            (json!({"exp": 2e3, "userId": "d"}), "d"),
            (json!({"exp": 2e3, "sub": "a", "id": 5, "sid": 5}), "a"),
            (json!({"exp": 2e3, "sub": "", "id": 5, "user_id": "c"}), "c"),
        ] {
            let token = judge(claims).await.unwrap();
            let VerifiedToken::External { user_id, email: None, name: None, .. } = token else {
                panic!("{token:?}")
            };
            assert_eq!(user_id.as_str(), user);
        }
    }

    #[actix_web::test]
    async fn email_and_name_of_another_issuer_are_read_when_they_can_be() {
        let claims =
            json!({"exp": 2e3, "sub": "a", "aud": "x", "email": "A@B.co", "name": " Ada "});
        let token = judge(claims).await.unwrap();
        let VerifiedToken::External { email, name, .. } = token else { panic!("{token:?}") };
        assert_eq!(email.unwrap().as_str(), "a@b.co");
        assert_eq!(name.unwrap().as_str(), "Ada");
        let odd = json!({"exp": 2e3, "sub": "a", "email": 7, "name": "x".repeat(101)});
        assert!(matches!(
            judge(odd).await,
            Ok(VerifiedToken::External { email: None, name: None, .. })
        ));
    }

    #[actix_web::test]
    async fn what_does_not_hold_is_refused_with_its_reason() {
        let good = json!({"exp": 2_000, "sub": "a"});
        for (token, reason) in [
            (sign(Algorithm::HS256, "another secret", &good), TokenRejection::Signature),
            (sign(Algorithm::HS384, SECRET, &good), TokenRejection::Algorithm),
            (sign(Algorithm::HS256, SECRET, &json!({"sub": "a"})), TokenRejection::Claim("exp")),
            ("not.a.token".to_owned(), TokenRejection::Malformed),
            (String::new(), TokenRejection::Malformed),
        ] {
            assert_eq!(verify(&token, at(1_000)).await, Err(reason), "{token}");
        }
        for (claims, reason) in [
            (json!({"exp": 1_000, "sub": "a"}), TokenRejection::Expired),
            (json!({"exp": 2_000, "nbf": 1_001, "sub": "a"}), TokenRejection::NotYetValid),
            (json!({"exp": "2000", "sub": "a"}), TokenRejection::Claim("exp")),
            (json!({"exp": 2_000, "nbf": "0", "sub": "a"}), TokenRejection::Claim("nbf")),
            (json!({"exp": 2_000}), TokenRejection::Claim("sub")),
            (json!({"exp": 2_000, "sub": "a/b"}), TokenRejection::Claim("sub")),
            (json!({"exp": 2_000, "sub": "a", "iss": ISSUER}), TokenRejection::Claim("sid")),
        ] {
            assert_eq!(judge(claims.clone()).await, Err(reason), "{claims}");
        }
    }

    #[actix_web::test]
    async fn a_token_without_a_signature_is_refused() {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = part(json!({"alg": "none", "typ": "JWT"}));
        let token = format!("{header}.{}.", part(json!({"exp": 2_000, "sub": "a"})));
        assert!(verify(&token, at(1_000)).await.is_err());
    }

    #[actix_web::test]
    async fn a_token_with_an_extension_that_must_be_understood_is_refused() {
        let header = Header { crit: Some(vec!["b64".to_owned()]), ..Header::new(Algorithm::HS256) };
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        let claims = json!({"exp": 2_000, "sub": "a"});
        let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
        assert_eq!(verify(&token, at(1_000)).await, Err(TokenRejection::Extension));
    }

    #[actix_web::test]
    async fn a_token_is_known_again_and_expires_all_the_same() {
        let tokens = tokens();
        let token =
            sign(Algorithm::HS256, SECRET, &json!({"exp": 2_000, "nbf": 1_000, "sub": "a"}));
        assert_eq!(tokens.recall(&token, at(1_000)), None);
        let verified = tokens.verify(&token, at(1_000)).await.unwrap();
        assert_eq!(tokens.recall(&token, at(1_999)), Some(Ok(verified)));
        assert_eq!(tokens.recall(&token, at(2_000)), Some(Err(TokenRejection::Expired)));
        assert_eq!(tokens.recall(&token, at(999)), Some(Err(TokenRejection::NotYetValid)));
    }

    #[actix_web::test]
    async fn what_was_refused_is_not_known_and_neither_is_what_resembles_a_known_token() {
        let tokens = tokens();
        let claims = json!({"exp": 2_000, "sub": "a"});
        let forged = sign(Algorithm::HS256, "another secret", &claims);
        assert!(tokens.verify(&forged, at(1_000)).await.is_err());
        assert_eq!(tokens.recall(&forged, at(1_000)), None);
        let good = sign(Algorithm::HS256, SECRET, &claims);
        tokens.verify(&good, at(1_000)).await.unwrap();
        for other in [&good[1..], &good[..good.len() - 1], &format!("{good}=")] {
            assert_eq!(tokens.recall(other, at(1_000)), None, "{other}");
        }
    }

    #[actix_web::test]
    async fn what_was_refused_although_its_signature_holds_is_not_known() {
        let tokens = tokens();
        let good = json!({"exp": 2_000, "sub": "a"});
        let plain = Header::new(Algorithm::HS256);
        let crit = Header { crit: Some(vec!["b64".to_owned()]), ..plain.clone() };
        let typ = Header { typ: Some("dpop+jwt".to_owned()), ..plain.clone() };
        for (header, claims, reason) in [
            (&crit, &good, TokenRejection::Extension),
            (&typ, &good, TokenRejection::Kind),
            (&plain, &json!({"exp": 2_000}), TokenRejection::Claim("sub")),
            (&plain, &json!({"exp": 1_000, "sub": "a"}), TokenRejection::Expired),
        ] {
            let key = EncodingKey::from_secret(SECRET.as_bytes());
            let token = jsonwebtoken::encode(header, claims, &key).unwrap();
            let refused = tokens.verify(&token, at(1_000)).await;
            assert!(
                matches!(refused, Err(VerificationError::Rejected(it)) if it == reason),
                "{reason:?}"
            );
            assert_eq!(tokens.recall(&token, at(999)), None, "{reason:?}");
        }
    }

    #[test]
    fn nobody_else_can_make_a_refresh_token_of_a_session() {
        let session_id = SessionId::generate(at(1_000));
        let issued = tokens().issue_refresh(session_id).unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(issued.token.expose()).unwrap();
        bytes[ID_BYTES] ^= 1;
        for forged in [bytes.clone(), bytes[..ID_BYTES + SECRET_BYTES].to_vec()] {
            let forged = RefreshToken::new(URL_SAFE_NO_PAD.encode(forged));
            assert_eq!(tokens().read_refresh(&forged), None);
        }
        let other = Hs256Tokens::new(&SecretString::from("another secret of at least 32 bytes"));
        assert_eq!(other.read_refresh(&issued.token), None);
    }

    #[test]
    fn a_refresh_token_leads_to_its_session_and_digest() {
        let session_id = SessionId::generate(at(1_000));
        let issued = tokens().issue_refresh(session_id).unwrap();
        assert_eq!(tokens().read_refresh(&issued.token), Some((session_id, issued.digest)));
        let another = tokens().issue_refresh(session_id).unwrap();
        assert_ne!(issued.token, another.token);
    }

    #[test]
    fn a_reset_token_leads_to_its_digest() {
        let issued = tokens().issue_reset().unwrap();
        assert_eq!(issued.token.expose().len(), 43);
        assert_eq!(tokens().read_reset(&issued.token), Some(issued.digest));
        let another = tokens().issue_reset().unwrap();
        assert_ne!(issued.token, another.token);
        assert_ne!(issued.digest, another.digest);
    }

    #[test]
    fn what_is_no_reset_token_has_no_digest() {
        let good = "A".repeat(43);
        assert!(tokens().read_reset(&ResetToken::new(good.clone())).is_some());
        for wrong in [
            String::new(),
            good[1..].to_owned(),
            format!("{good}A"),
            format!("{good}="),
            format!("{}+", &good[1..]),
            format!(" {}", &good[1..]),
            // Bits beyond the 256: a second way to write a token would be a second digest of it.
            format!("{}B", &good[1..]),
        ] {
            let token = ResetToken::new(wrong.clone());
            assert_eq!(tokens().read_reset(&token), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_reset_token_or_refused_and_never_breaks(text in any::<String>()) {
            let _ = tokens().read_reset(&ResetToken::new(text));
        }

        #[test]
        fn any_text_is_a_refresh_token_or_refused_and_never_breaks(text in any::<String>()) {
            let _ = tokens().read_refresh(&RefreshToken::new(text));
        }
    }
}
