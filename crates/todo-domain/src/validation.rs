//! What can be wrong with a value from outside, and how faults in several fields are gathered.

use thiserror::Error;

/// What a length is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode scalar values.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Characters => "characters",
            Self::Bytes => "bytes",
        })
    }
}

/// The one rule that a value breaks. Its `Display` is fit for the person who sent the value.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Violation {
    /// The value is missing, or nothing is left of it after trimming.
    #[error("is required")]
    Required,
    /// The value is shorter than `min`.
    #[error("must have at least {min} {unit}")]
    TooShort {
        /// The least length allowed.
        min: u32,
        /// What `min` counts.
        unit: Unit,
    },
    /// The value is longer than `max`.
    #[error("must have at most {max} {unit}")]
    TooLong {
        /// The greatest length allowed.
        max: u32,
        /// What `max` counts.
        unit: Unit,
    },
    /// The value holds U+0000, which PostgreSQL cannot store.
    #[error("must not contain the character U+0000")]
    NulCharacter,
    /// The value is a number outside `min..=max`.
    #[error("must be a whole number from {min} to {max}")]
    OutOfRange {
        /// The least value allowed.
        min: u32,
        /// The greatest value allowed.
        max: u32,
    },
    /// The value is none of the words that are allowed.
    #[error("must be one of: {allowed}")]
    NotOneOf {
        /// The allowed words, for a person to read.
        allowed: &'static str,
    },
    /// The value does not have the form it must have.
    #[error("must be {expected}")]
    Malformed {
        /// The form, as the end of a sentence that starts with "must be".
        expected: &'static str,
    },
}

impl Violation {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::NulCharacter => "nul_character",
            Self::OutOfRange { .. } => "out_of_range",
            Self::NotOneOf { .. } => "not_one_of",
            Self::Malformed { .. } => "malformed",
        }
    }
}

/// A field and the rule that its value breaks.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{field} {violation}")]
pub struct FieldError {
    /// The field's name, as the client wrote it.
    pub field: &'static str,
    /// The rule.
    pub violation: Violation,
}

/// Every field of one input that breaks a rule; never empty.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct ValidationError(Vec<FieldError>);

impl ValidationError {
    /// The faults, in the order of the fields.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.0
    }
}

/// Gathers the faults of several fields, so that a client learns of all of them at once.
#[derive(Default)]
pub(crate) struct Faults(Vec<FieldError>);

impl Faults {
    /// Keeps the value, or notes against `field` what is wrong with it.
    pub(crate) fn check<T>(
        &mut self,
        field: &'static str,
        parsed: Result<T, Violation>,
    ) -> Option<T> {
        parsed.map_err(|violation| self.0.push(FieldError { field, violation })).ok()
    }

    /// Like [`Self::check`] for a field that may be absent.
    pub(crate) fn check_optional<T>(
        &mut self,
        field: &'static str,
        parsed: Option<Result<T, Violation>>,
    ) -> Option<T> {
        parsed.and_then(|parsed| self.check(field, parsed))
    }

    /// `valid` if no field was at fault and all of it was there.
    ///
    /// # Errors
    /// Every fault that was noted.
    pub(crate) fn finish<T>(self, valid: Option<T>) -> Result<T, ValidationError> {
        match valid {
            Some(valid) if self.0.is_empty() => Ok(valid),
            _ => Err(ValidationError(self.0)),
        }
    }
}
