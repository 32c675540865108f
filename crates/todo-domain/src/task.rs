//! A task and the values it is made of.

use std::borrow::Cow;

use crate::text;
use crate::timestamp::Timestamp;
use crate::user::UserId;
use crate::validation::{Faults, ValidationError, Violation};

/// The number that names a task; positive, given by the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(i64);

impl TaskId {
    /// The id, or `None` for a number that no task can have.
    #[must_use]
    pub fn new(id: i64) -> Option<Self> {
        (id > 0).then_some(Self(id))
    }

    /// Reads decimal digits; `None` for a text that can name no task.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text::digits(text).and_then(Self::new)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

impl std::fmt::Display for TaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What is to be done: trimmed, 1 to 200 characters, no U+0000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title(String);

impl Title {
    /// The most Unicode scalar values a title may have.
    pub const MAX_CHARS: u32 = 200;

    /// Trims `text` and holds it to the rules.
    ///
    /// # Errors
    /// [`Violation::Required`] if nothing is left, [`Violation::TooLong`],
    /// [`Violation::NulCharacter`].
    pub fn parse<'a>(text: impl Into<Cow<'a, str>>) -> Result<Self, Violation> {
        let text = text.into();
        match text::trimmed(&text, Self::MAX_CHARS)? {
            "" => Err(Violation::Required),
            title if title.len() == text.len() => Ok(Self(text.into_owned())),
            title => Ok(Self(title.to_owned())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Title> for String {
    fn from(title: Title) -> Self {
        title.0
    }
}

/// More about a task: at most 1,000 characters, kept as written, no U+0000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// The most Unicode scalar values a description may have.
    pub const MAX_CHARS: u32 = 1_000;

    /// Holds `text` to the rules.
    ///
    /// # Errors
    /// [`Violation::TooLong`], [`Violation::NulCharacter`].
    pub fn parse<'a>(text: impl Into<Cow<'a, str>>) -> Result<Self, Violation> {
        let text = text.into();
        text::bounded(&text, Self::MAX_CHARS)?;
        Ok(Self(text.into_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Description> for String {
    fn from(description: Description) -> Self {
        description.0
    }
}

/// Something that its owner means to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Names the task.
    pub id: TaskId,
    /// The only user who can see it.
    pub user_id: UserId,
    /// What is to be done.
    pub title: Title,
    /// More about it.
    pub description: Option<Description>,
    /// Whether it is done.
    pub completed: bool,
    /// When it was made; never moves.
    pub created_at: Timestamp,
    /// When it last changed; moves with every change and never otherwise.
    pub updated_at: Timestamp,
}

/// A task to be made, valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What is to be done.
    pub title: Title,
    /// More about it.
    pub description: Option<Description>,
}

/// Changes to a task, valid; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskChanges {
    /// A new title.
    pub title: Option<Title>,
    /// A new description, or `Some(None)` to clear it.
    pub description: Option<Option<Description>>,
    /// Done or not.
    pub completed: Option<bool>,
}

/// A task to be made, as a client sent it.
#[derive(Clone, Debug, Default)]
pub struct TaskDraft {
    /// Becomes a [`Title`].
    pub title: Option<String>,
    /// Becomes a [`Description`].
    pub description: Option<String>,
}

impl TaskDraft {
    /// The task it describes.
    pub(crate) fn parse(self) -> Result<NewTask, ValidationError> {
        let Self { title, description } = self;
        let mut faults = Faults::default();
        let title = faults.check("title", title.ok_or(Violation::Required).and_then(Title::parse));
        let description = faults.check_optional("description", description.map(Description::parse));
        faults.finish(title.map(|title| NewTask { title, description }))
    }
}

/// Changes to a task, as a client sent them; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct TaskPatch {
    /// Becomes a [`Title`].
    pub title: Option<String>,
    /// Becomes a [`Description`]; `Some(None)` clears it.
    pub description: Option<Option<String>>,
    /// Done or not.
    pub completed: Option<bool>,
}

impl TaskPatch {
    /// The changes it describes.
    pub(crate) fn parse(self) -> Result<TaskChanges, ValidationError> {
        let Self { title, description, completed } = self;
        let mut faults = Faults::default();
        let title = faults.check_optional("title", title.map(Title::parse));
        let description = faults.check_optional(
            "description",
            description.map(|text| text.map(Description::parse).transpose()),
        );
        faults.finish(Some(TaskChanges { title, description, completed }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::validation::Unit;

    #[test]
    fn a_title_is_trimmed_before_it_is_measured() {
        let padded = format!("  {}\t\n", "x".repeat(200));
        assert_eq!(Title::parse(&padded).unwrap().as_str().len(), 200);
        assert_eq!(Title::parse(" \u{a0}\n"), Err(Violation::Required));
    }

    #[test]
    fn limits_count_characters_and_not_bytes() {
        assert!(Title::parse("𝄞".repeat(200)).is_ok());
        assert!(Description::parse("𝄞".repeat(1_000)).is_ok());
        let too_long = |max| Violation::TooLong { max, unit: Unit::Characters };
        assert_eq!(Title::parse("é".repeat(201)), Err(too_long(200)));
        assert_eq!(Description::parse("é".repeat(1_001)), Err(too_long(1_000)));
    }

    #[test]
    fn a_description_is_kept_as_written() {
        assert_eq!(Description::parse("  two\n lines ").unwrap().as_str(), "  two\n lines ");
        assert_eq!(Description::parse("").unwrap().as_str(), "");
    }

    #[test]
    fn every_fault_of_a_draft_is_reported_at_once() {
        let draft = TaskDraft { title: None, description: Some("a\0b".to_owned()) };
        let fields: Vec<_> = draft.parse().unwrap_err().errors().iter().map(|e| e.field).collect();
        assert_eq!(fields, ["title", "description"]);
    }

    #[test]
    fn an_id_is_a_positive_number_in_plain_digits() {
        assert_eq!(TaskId::parse("42").map(TaskId::get), Some(42));
        for text in ["", "0", "-1", "+1", " 1", "1.0", "1e3", "x", "９", "9223372036854775808"] {
            assert_eq!(TaskId::parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_title_that_exists_keeps_its_rules(text in any::<String>()) {
            if let Ok(title) = Title::parse(&text) {
                let title = title.as_str();
                prop_assert!((1..=200).contains(&title.chars().count()));
                prop_assert_eq!(title, text.trim());
                prop_assert!(!title.contains('\0'));
            }
        }

        #[test]
        fn a_title_is_refused_only_for_a_reason(text in "[^\0]{1,200}") {
            prop_assert_eq!(Title::parse(&text).is_ok(), !text.trim().is_empty());
        }

        #[test]
        fn a_description_is_taken_exactly_when_it_fits(text in any::<String>()) {
            let fits = text.chars().count() <= 1_000 && !text.contains('\0');
            prop_assert_eq!(Description::parse(&text).is_ok(), fits);
        }
    }
}
