//! A user, the values an account is made of, and the secrets that open it.

use std::borrow::Cow;

use uuid::{NoContext, Uuid};

use crate::secret::{Secret, secret_text};
use crate::session::SessionId;
use crate::text;
use crate::timestamp::Timestamp;
use crate::validation::{Unit, Violation};

/// Names a user: 1 to 64 visible ASCII characters, none of `/ ? # % \`.
///
/// Our own users get a UUIDv7; users of another issuer keep the id that it gave them. The excluded
/// characters would change the meaning of a URL that holds the id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// The most characters an id may have.
    pub const MAX_CHARS: u32 = 64;

    /// Holds `text` to the rules.
    ///
    /// # Errors
    /// [`Violation::Required`], [`Violation::TooLong`], [`Violation::Malformed`].
    pub fn parse<'a>(text: impl Into<Cow<'a, str>>) -> Result<Self, Violation> {
        let text = text.into();
        if text.is_empty() {
            return Err(Violation::Required);
        }
        text::bounded(&text, Self::MAX_CHARS)?;
        let is_allowed = |byte: u8| {
            byte.is_ascii_graphic() && !matches!(byte, b'/' | b'?' | b'#' | b'%' | b'\\')
        };
        if text.bytes().all(is_allowed) {
            Ok(Self(text.into_owned()))
        } else {
            Err(Violation::Malformed { expected: "visible ASCII characters without / ? # % \\" })
        }
    }

    /// A fresh id for a user of our own: UUIDv7 (RFC 9562, section 5.7), so that ids sort by age.
    #[must_use]
    pub fn generate(now: Timestamp) -> Self {
        Self(uuid_v7(now).to_string())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        id.0
    }
}

impl std::fmt::Display for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A UUIDv7 of the instant `now`.
pub(crate) fn uuid_v7(now: Timestamp) -> Uuid {
    let micros = now.unix_micros().unsigned_abs();
    let nanos = u32::try_from(micros % 1_000_000 * 1_000).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, micros / 1_000_000, nanos))
}

/// An email address: trimmed, lower-cased, at most 255 characters, and valid as HTML has it
/// (section 4.10.5.1.5, which browsers hold `type=email` to) with a dot in its domain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The most characters an address may have.
    pub const MAX_CHARS: u32 = 255;

    /// Trims and lower-cases `text` and holds it to the rules.
    ///
    /// # Errors
    /// [`Violation::Required`], [`Violation::TooLong`], [`Violation::NulCharacter`],
    /// [`Violation::Malformed`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text::trimmed(text, Self::MAX_CHARS)?;
        if text.is_empty() {
            return Err(Violation::Required);
        }
        let (local, domain) = text.split_once('@').unwrap_or_default();
        if is_local_part(local) && domain.contains('.') && domain.split('.').all(is_label) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Violation::Malformed { expected: "an email address such as ada@example.com" })
        }
    }

    /// Stands in for the address of a user whose issuer told none. The top-level domain `invalid`
    /// belongs to nobody (RFC 2606, section 2), so no mail can ever reach it.
    #[must_use]
    pub fn unknown(now: Timestamp) -> Self {
        Self(format!("{}@users.invalid", uuid_v7(now)))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local_part(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    !text.is_empty() && text.chars().all(allowed)
}

/// Whether `text` can stand between the dots of a domain (RFC 1034, section 3.5).
fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// What a user wants to be called: trimmed, 1 to 100 characters, no U+0000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// The most Unicode scalar values a name may have.
    pub const MAX_CHARS: u32 = 100;

    /// Trims `text` and holds it to the rules; `None` if nothing is left, for a name is optional.
    ///
    /// # Errors
    /// [`Violation::TooLong`], [`Violation::NulCharacter`].
    pub fn parse(text: &str) -> Result<Option<Self>, Violation> {
        let name = text::trimmed(text, Self::MAX_CHARS)?;
        Ok((!name.is_empty()).then(|| Self(name.to_owned())))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password as a person typed it: at least 8 characters, at most 72 bytes, no U+0000.
///
/// bcrypt reads no more than 72 bytes, and some of its implementations stop at U+0000: what would
/// not count is refused, never cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password(Secret);

impl Password {
    /// The fewest Unicode scalar values a password may have.
    pub const MIN_CHARS: u32 = 8;
    /// The most bytes of UTF-8 a password may have.
    pub const MAX_BYTES: u32 = 72;

    /// Holds `text` to the rules.
    ///
    /// # Errors
    /// [`Violation::TooShort`], [`Violation::TooLong`], [`Violation::NulCharacter`].
    pub fn parse(text: String) -> Result<Self, Violation> {
        if text::length(&text) < Self::MIN_CHARS {
            return Err(Violation::TooShort { min: Self::MIN_CHARS, unit: Unit::Characters });
        }
        if text.len() > Self::MAX_BYTES as usize {
            return Err(Violation::TooLong { max: Self::MAX_BYTES, unit: Unit::Bytes });
        }
        if text.contains('\0') {
            return Err(Violation::NulCharacter);
        }
        Ok(Self(Secret(text)))
    }

    /// The text, for a hasher's eyes only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0.0
    }
}

secret_text! {
    /// What is kept of a password: a hash with its salt and cost, as its hasher writes it.
    PasswordHash
}

secret_text! {
    /// A signed token that opens the API for a while.
    AccessToken
}

/// Somebody with a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Names the user.
    pub id: UserId,
    /// Unique among all users.
    pub email: Email,
    /// What to call the user.
    pub name: Option<DisplayName>,
    /// When the user was first seen.
    pub created_at: Timestamp,
    /// When something about the user last changed.
    pub updated_at: Timestamp,
    /// Since when an operator keeps the user out; `None` for who may come in.
    pub disabled_at: Option<Timestamp>,
}

impl User {
    /// Whether the user may come in.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.disabled_at.is_none()
    }
}

/// How somebody whom another issuer vouches for stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The user may come in.
    Active,
    /// An operator keeps the user out.
    Disabled,
    /// The user's account was deleted after the issuer vouched.
    Deleted,
}

/// A user and what proves that it is them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub user: User,
    /// `None` for a user of another issuer, who cannot log in here.
    pub password_hash: Option<PasswordHash>,
}

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// Names the user.
    pub id: UserId,
    /// Must be nobody else's.
    pub email: Email,
    /// What to call the user.
    pub name: Option<DisplayName>,
    /// `None` for a user of another issuer.
    pub password_hash: Option<PasswordHash>,
    /// When the user was first seen.
    pub created_at: Timestamp,
}

/// A password to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPassword {
    /// Whose it is.
    pub user_id: UserId,
    /// The hash that it replaces; `None` replaces whatever is there.
    pub replaced: Option<PasswordHash>,
    /// What is kept of it.
    pub hash: PasswordHash,
    /// The session that goes on; all others of the user end.
    pub kept_session: Option<SessionId>,
    /// When it is set.
    pub now: Timestamp,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_email_is_trimmed_and_lower_cased() {
        assert_eq!(Email::parse("  Ada@Example.COM\n").unwrap().as_str(), "ada@example.com");
    }

    #[test]
    fn what_is_no_email_is_refused() {
        for text in [
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "ada@.com",
            "ada@example.",
            "a@b@c.com",
            "a da@example.com",
            "ada@exam\u{7f}ple.com",
            "ad\u{e4}@example.com",
            "\u{212a}elvin@example.com",
            "ada@exam_ple.com",
            "ada@-example.com",
            "a\"b@example.com",
        ] {
            assert!(matches!(Email::parse(text), Err(Violation::Malformed { .. })), "{text:?}");
        }
    }

    #[test]
    fn a_password_is_bounded_in_characters_below_and_in_bytes_above() {
        let parse = |text: &str| Password::parse(text.to_owned());
        assert!(parse("éééééééé").is_ok());
        assert!(parse(&"x".repeat(72)).is_ok());
        assert!(matches!(parse("seven77"), Err(Violation::TooShort { min: 8, .. })));
        assert!(matches!(parse(&"é".repeat(37)), Err(Violation::TooLong { max: 72, .. })));
        assert_eq!(parse("nul\0inside"), Err(Violation::NulCharacter));
    }

    #[test]
    fn debug_hides_every_secret() {
        let password = Password::parse("correct horse".to_owned()).unwrap();
        let shown = format!("{password:?}{:?}", PasswordHash::new("$2b$12$abc".to_owned()));
        assert!(!shown.contains("horse") && !shown.contains("$2b$"), "{shown}");
    }

    #[test]
    fn a_user_id_fits_a_url() {
        for text in ["u1", "018f2f6e-0000-7000-8000-000000000000", "auth0|5f7", "ada@example.com"] {
            assert!(UserId::parse(text).is_ok(), "{text:?}");
        }
        for text in ["", "a/b", "a b", "a%2Fb", "a?b", "a#b", "a\\b", "\u{e9}", &"x".repeat(65)] {
            assert!(UserId::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn ids_made_later_sort_later() {
        let at = |micros| UserId::generate(Timestamp::from_unix_micros(micros).unwrap());
        assert!(at(1_700_000_000_000_000) < at(1_700_000_000_001_000));
    }

    proptest! {
        #[test]
        fn an_email_that_exists_keeps_its_rules(text in "[ -~\u{e9}]{0,20}@[ -~.]{0,20}") {
            if let Ok(email) = Email::parse(&text) {
                let email = email.as_str().to_owned();
                prop_assert_eq!(email.matches('@').count(), 1);
                prop_assert!(email.chars().all(|c| c.is_ascii_graphic() && !c.is_ascii_uppercase()));
                let again = Email::parse(&email).unwrap();
                prop_assert_eq!(again.as_str(), email);
            }
        }

        #[test]
        fn any_text_is_an_email_or_refused_and_never_breaks(text in any::<String>()) {
            let _ = Email::parse(&text);
        }

        #[test]
        fn a_plain_email_is_taken(
            text in "[a-z0-9.+_-]{1,64}@[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?\\.[a-z]{2,10}",
        ) {
            prop_assert!(Email::parse(&text).is_ok());
        }
    }
}
