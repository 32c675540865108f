//! Where a page of tasks ended, and how that is written down for a client to hand back.

use crate::task::{Task, TaskId, Title};
use crate::task_list::SortKey;
use crate::timestamp::Timestamp;
use crate::validation::Violation;

/// The last task of a page, by the keys that the list is sorted by.
///
/// Its text is opaque to clients and safe in a URL as it is. It may be forged without harm: it
/// only says where to start reading among the tasks of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// In a list sorted by [`SortKey::Created`].
    Created {
        /// The task's `created_at`.
        at: Timestamp,
        /// Breaks ties.
        id: TaskId,
    },
    /// In a list sorted by [`SortKey::Title`].
    Title {
        /// The task's title, as it was then.
        title: Title,
        /// Breaks ties.
        id: TaskId,
    },
}

impl Cursor {
    /// The place of `task` in a list sorted by `key`.
    #[must_use]
    pub fn at(task: &Task, key: SortKey) -> Self {
        match key {
            SortKey::Created => Self::Created { at: task.created_at, id: task.id },
            SortKey::Title => Self::Title { title: task.title.clone(), id: task.id },
        }
    }

    /// Reads what `Display` wrote.
    ///
    /// # Errors
    /// [`Violation::Malformed`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        Self::read(text).ok_or(Violation::Malformed {
            expected: "a cursor from the Link header of this same list",
        })
    }

    /// The key of the lists that this cursor belongs to.
    #[must_use]
    pub fn key(&self) -> SortKey {
        match self {
            Self::Created { .. } => SortKey::Created,
            Self::Title { .. } => SortKey::Title,
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let (kind, id, value) = (parts.next()?, TaskId::parse(parts.next()?)?, parts.next()?);
        match kind {
            "c" => {
                let micros: i64 = value.parse().ok()?;
                let at = Timestamp::from_unix_micros(micros)?;
                Some(Self::Created { at, id })
            }
            "t" => {
                let title = Title::parse(&from_hex(value)?).ok()?;
                Some(Self::Title { title, id })
            }
            _ => None,
        }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Created { at, id } => write!(f, "c-{id}-{}", at.unix_micros()),
            Self::Title { title, id } => {
                write!(f, "t-{id}-")?;
                title.as_str().bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

/// The text whose UTF-8 bytes `hex` writes, two digits a byte.
fn from_hex(hex: &str) -> Option<String> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    String::from_utf8(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cursors() -> impl Strategy<Value = Cursor> {
        let id = (1..=i64::MAX).prop_map(|id| TaskId::new(id).unwrap());
        let at = (0..=253_402_300_799_999_999_i64)
            .prop_map(|micros| Timestamp::from_unix_micros(micros).unwrap());
        let title = any::<String>().prop_filter_map("a title", |text| Title::parse(&text).ok());
        prop_oneof![
            (at, id.clone()).prop_map(|(at, id)| Cursor::Created { at, id }),
            (title, id).prop_map(|(title, id)| Cursor::Title { title, id }),
        ]
    }

    proptest! {
        #[test]
        fn reads_back_what_it_wrote(cursor in cursors()) {
            prop_assert_eq!(Cursor::parse(&cursor.to_string()), Ok(cursor));
        }

        #[test]
        fn is_safe_in_a_url_as_it_is(cursor in cursors()) {
            let text = cursor.to_string();
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{}", text);
        }

        #[test]
        fn any_text_is_read_or_refused_and_never_breaks(text in any::<String>()) {
            let _ = Cursor::parse(&text);
        }

        #[test]
        fn a_text_close_to_a_cursor_never_breaks(text in "[ct]-[0-9]{1,20}-[0-9a-f\u{e9}]{0,12}") {
            if let Ok(cursor) = Cursor::parse(&text) {
                prop_assert_eq!(Cursor::parse(&cursor.to_string()), Ok(cursor));
            }
        }
    }
}
