//! What is read of a token's claims, whoever signed it (RFC 7519, section 4.1).

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use todo_domain::{
    DisplayName, Email, SessionId, Timestamp, TokenRejection, UserId, VerifiedToken,
};

/// The claims that are read. Each may be of any type: what is not needed is never a reason to
/// refuse. Better Auth and the front ends that mint tokens themselves name the user by one of four
/// claims.
#[derive(Deserialize)]
pub(super) struct Claims {
    exp: Option<Value>,
    nbf: Option<Value>,
    iat: Option<Value>,
    iss: Option<Value>,
    aud: Option<Value>,
    sid: Option<Value>,
    sub: Option<Value>,
    id: Option<Value>,
    user_id: Option<Value>,
    #[serde(rename = "userId")]
    user_id_in_camel_case: Option<Value>,
    email: Option<Value>,
    name: Option<Value>,
    session: Option<Value>,
    user: Option<Value>,
}

impl Claims {
    /// The issuer.
    pub(super) fn issuer(&self) -> Option<&str> {
        text(self.iss.as_ref())
    }

    /// Whether the audience, a text or a list of texts, is `audience` or has it in it.
    pub(super) fn is_for(&self, audience: &str) -> bool {
        match &self.aud {
            Some(Value::String(text)) => text == audience,
            Some(Value::Array(list)) => list.iter().any(|item| item == audience),
            _ => false,
        }
    }

    /// When the token holds. `exp` must be there.
    ///
    /// # Errors
    /// [`TokenRejection::Claim`].
    pub(super) fn times(&self) -> Result<Times, TokenRejection> {
        let expires = self.exp.as_ref().and_then(Value::as_f64);
        let not_before =
            self.nbf.as_ref().map(|nbf| nbf.as_f64().ok_or(TokenRejection::Claim("nbf")));
        Ok(Times {
            expires: expires.ok_or(TokenRejection::Claim("exp"))?,
            not_before: not_before.transpose()?,
        })
    }

    /// What a token of our own says.
    ///
    /// # Errors
    /// [`TokenRejection::Claim`].
    pub(super) fn read_own(&self) -> Result<VerifiedToken, TokenRejection> {
        let session_id = text(self.sid.as_ref()).and_then(SessionId::parse);
        Ok(VerifiedToken::Own {
            user_id: user_id(text(self.sub.as_ref()))?,
            session_id: session_id.ok_or(TokenRejection::Claim("sid"))?,
        })
    }

    /// What a token of another issuer says.
    ///
    /// # Errors
    /// [`TokenRejection::Claim`], [`TokenRejection::SessionCookie`].
    pub(super) fn read_external(&self) -> Result<VerifiedToken, TokenRejection> {
        let Self { sub, id, user_id: snake, user_id_in_camel_case: camel, .. } = self;
        let named = [sub, id, snake, camel].into_iter().find_map(|claim| text(claim.as_ref()));
        if named.is_none() && self.is_session_cookie() {
            return Err(TokenRejection::SessionCookie);
        }
        // What an issuer tells beside the id is welcome, and never a reason to refuse the token.
        let email = text(self.email.as_ref()).and_then(|email| Email::parse(email).ok());
        let name = text(self.name.as_ref()).and_then(|name| DisplayName::parse(name).ok());
        Ok(VerifiedToken::External {
            user_id: user_id(named)?,
            email,
            name: name.flatten(),
            issued_at: self.iat.as_ref().and_then(instant),
        })
    }

    /// Whether these are the claims of the cookie in which Better Auth keeps a copy of the session:
    /// the session and its user, each an object, and no user beside them.
    fn is_session_cookie(&self) -> bool {
        let is_object = |claim: &Option<Value>| claim.as_ref().is_some_and(Value::is_object);
        is_object(&self.session) && is_object(&self.user)
    }
}

/// When a token holds, in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    expires: f64,
    not_before: Option<f64>,
}

impl Times {
    /// Holds the times against the present. There is no leeway.
    ///
    /// # Errors
    /// [`TokenRejection::Expired`], [`TokenRejection::NotYetValid`].
    pub(super) fn check(self, now: Timestamp) -> Result<(), TokenRejection> {
        #[expect(clippy::cast_precision_loss, reason = "seconds until 9999 fit 53 bits")]
        let now = now.unix_seconds() as f64;
        if self.expires <= now {
            return Err(TokenRejection::Expired);
        }
        if self.not_before.is_some_and(|not_before| now < not_before) {
            return Err(TokenRejection::NotYetValid);
        }
        Ok(())
    }
}

/// The text of a claim; `None` if it is absent, empty or no text.
fn text(claim: Option<&Value>) -> Option<&str> {
    claim.and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn user_id(claim: Option<&str>) -> Result<UserId, TokenRejection> {
    claim.and_then(|id| UserId::parse(id).ok()).ok_or(TokenRejection::Claim("sub"))
}

/// The instant of a number of seconds since 1970 (RFC 7519, section 2, `NumericDate`).
pub(crate) fn instant(claim: &Value) -> Option<Timestamp> {
    let since_epoch = Duration::try_from_secs_f64(claim.as_f64()?).ok()?;
    Timestamp::from_unix_micros(i64::try_from(since_epoch.as_micros()).ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(claims: Value) -> Claims {
        serde_json::from_value(claims).unwrap()
    }

    #[test]
    fn an_audience_is_a_text_or_a_list() {
        for (aud, is_for) in [
            (json!("us"), true),
            (json!(["them", "us"]), true),
            (json!("us and them"), false),
            (json!(["them"]), false),
            (json!([]), false),
            (json!({"us": "us"}), false),
            (json!(null), false),
        ] {
            assert_eq!(claims(json!({"aud": aud})).is_for("us"), is_for, "{aud}");
        }
    }

    #[test]
    fn the_time_of_issue_is_told_if_it_is_an_instant() {
        for (iat, micros) in [
            (json!(1_000), Some(1_000_000_000)),
            (json!(1_000.5), Some(1_000_500_000)),
            (json!(-1), None),
            (json!(1e300), None),
            (json!("1000"), None),
            (json!(null), None),
        ] {
            let token = claims(json!({"sub": "a", "iat": iat})).read_external().unwrap();
            let VerifiedToken::External { issued_at, .. } = token else { panic!("{token:?}") };
            assert_eq!(issued_at.map(Timestamp::unix_micros), micros, "{iat}");
        }
    }

    #[test]
    fn the_session_cookie_of_better_auth_is_known_by_its_claims() {
        let cookie = json!({"session": {"token": "t"}, "user": {"id": "a"}, "version": "1"});
        assert_eq!(claims(cookie).read_external(), Err(TokenRejection::SessionCookie));
        let token = json!({"session": {}, "user": {}, "sub": "a"});
        assert!(claims(token).read_external().is_ok(), "a token may tell of both");
    }
}
