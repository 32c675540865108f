//! The schemas of single fields, and what clients read about them. Their limits are the domain's.

#[cfg(doc)]
use todo_domain::{Cursor, Direction, SortKey, StatusFilter};
use todo_domain::{Description, DisplayName, Email, PageSize, Password, Title};
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, SchemaType, Type};

/// Any text.
pub(crate) fn text() -> Object {
    ObjectBuilder::new().schema_type(Type::String).build()
}

/// White space as Rust trims it, for the inside of a `[…]`. Each engine has its own idea of `\s`.
macro_rules! white_space {
    () => {
        r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    };
}

/// Something besides white space, and no U+0000.
const TITLE_PATTERN: &str = concat!(r"^[^\u0000]*[^\u0000", white_space!(), r"][^\u0000]*$");

/// [`Title`], before it is trimmed.
pub(crate) fn title() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(Title::MAX_CHARS as usize))
        .pattern(Some(TITLE_PATTERN))
        .description(Some("What is to be done. White space at its ends is trimmed."))
        .examples(["Buy milk"])
        .build()
}

/// [`Description`], or null.
pub(crate) fn description() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .max_length(Some(Description::MAX_CHARS as usize))
        .pattern(Some(r"^[^\u0000]*$"))
        .description(Some("More about it, kept as written; `null` for nothing."))
        .examples(["Two litres, the blue one"])
        .build()
}

/// What HTML takes for an email address (section 4.10.5.1.5), with a dot in its domain and white
/// space around it, which is trimmed.
const EMAIL_PATTERN: &str = concat!(
    "^[",
    white_space!(),
    r"]*[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+",
    r"@[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?",
    r"(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+[",
    white_space!(),
    "]*$",
);

/// [`Email`], before it is trimmed and lower-cased.
pub(crate) fn email() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(Email::MAX_CHARS as usize))
        .pattern(Some(EMAIL_PATTERN))
        .description(Some("Trimmed and lower-cased: one account an address, in whatever case."))
        .examples(["ada@example.com"])
        .build()
}

/// [`Password`]. JSON Schema counts characters; the limit above is one of bytes.
pub(crate) fn password() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
        .min_length(Some(Password::MIN_CHARS as usize))
        .max_length(Some(Password::MAX_BYTES as usize))
        .pattern(Some(r"^[^\u0000]*$"))
        .description(Some(format!(
            "At least {} characters and at most {} bytes of UTF-8, without U+0000.",
            Password::MIN_CHARS,
            Password::MAX_BYTES
        )))
        .examples(["correct horse"])
        .build()
}

/// [`DisplayName`], or null.
pub(crate) fn name() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .max_length(Some(DisplayName::MAX_CHARS as usize))
        .pattern(Some(r"^[^\u0000]*$"))
        .description(Some("What to call the user. White space at its ends is trimmed."))
        .examples(["Ada"])
        .build()
}

/// A user's id in a URL. It has one rule: to be the id of the token's user.
pub(crate) fn user_id() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .examples(["019aa5f0-5d2c-7cc0-b1f4-3a1f5c9a7e11"])
        .build()
}

/// An instant in UTC.
pub(crate) fn instant() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .examples(["2026-11-21T07:06:05.000001Z"])
        .build()
}

/// [`StatusFilter`].
pub(crate) fn status() -> Object {
    one_of(["all", "pending", "completed"], "Only tasks of this status.")
        .default(Some("all".into()))
        .build()
}

/// [`SortKey`].
pub(crate) fn sort() -> Object {
    one_of(
        ["created", "title"],
        "`created` lists the newest first, `title` from A to Z whatever the case.",
    )
    .default(Some("created".into()))
    .build()
}

/// [`Direction`]. Its default depends on the sort.
pub(crate) fn order() -> Object {
    one_of(
        ["asc", "desc"],
        "Which end comes first; without it `desc` for `created` and `asc` for `title`.",
    )
    .build()
}

/// [`PageSize`].
pub(crate) fn limit() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(PageSize::MIN))
        .maximum(Some(PageSize::MAX))
        .default(Some(PageSize::MAX.into()))
        .description(Some("How many tasks a page holds at most."))
        .build()
}

/// [`Cursor`].
pub(crate) fn cursor() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^(c-[1-9][0-9]*-[0-9]+|t-[1-9][0-9]*-([0-9a-f]{2})+)$"))
        .description(Some(
            "Where the page starts. Opaque: take it from the header `Link` of the page before.",
        ))
        .build()
}

/// One of some words.
fn one_of<const N: usize>(words: [&'static str; N], description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .description(Some(description))
}

#[cfg(test)]
mod tests {
    #[test]
    fn white_space_is_what_rust_trims() {
        let class = concat!('"', white_space!(), '"');
        let class: Vec<char> = serde_json::from_str::<String>(class).unwrap().chars().collect();
        let is_listed = |c: char| match class.iter().position(|listed| *listed == c) {
            Some(_) => c != '-',
            None => class.windows(3).any(|it| it[1] == '-' && (it[0]..=it[2]).contains(&c)),
        };
        for c in '\0'..=char::MAX {
            assert_eq!(is_listed(c), c.is_whitespace(), "{c:?}");
        }
    }
}
