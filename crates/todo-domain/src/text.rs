//! The one way a text from outside is measured.

use crate::validation::{Unit, Violation};

/// `text` without white space at its ends, if it has at most `max_chars` Unicode scalar values and
/// no U+0000.
///
/// # Errors
/// [`Violation::TooLong`], [`Violation::NulCharacter`].
pub(crate) fn trimmed(text: &str, max_chars: u32) -> Result<&str, Violation> {
    bounded(text.trim(), max_chars)
}

/// `text` as it is, under the same two rules as [`trimmed`].
///
/// # Errors
/// [`Violation::TooLong`], [`Violation::NulCharacter`].
pub(crate) fn bounded(text: &str, max_chars: u32) -> Result<&str, Violation> {
    if length(text) > max_chars {
        return Err(Violation::TooLong { max: max_chars, unit: Unit::Characters });
    }
    if text.contains('\0') {
        return Err(Violation::NulCharacter);
    }
    Ok(text)
}

/// How many Unicode scalar values `text` has, as far as a `u32` counts.
pub(crate) fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// The number that `text` writes in plain decimal digits: no sign, no white space.
pub(crate) fn digits<N: std::str::FromStr>(text: &str) -> Option<N> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
