//! Which tasks a list holds, in which order, and how it is cut into pages.

use crate::cursor::Cursor;
use crate::task::Task;
use crate::text;
use crate::validation::{Faults, ValidationError, Violation};

/// Which tasks to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusFilter {
    /// Every task.
    #[default]
    All,
    /// Those not completed.
    Pending,
    /// Those completed.
    Completed,
}

impl StatusFilter {
    /// Reads the filter's name.
    ///
    /// # Errors
    /// [`Violation::NotOneOf`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        match text {
            "all" => Ok(Self::All),
            "pending" => Ok(Self::Pending),
            "completed" => Ok(Self::Completed),
            _ => Err(Violation::NotOneOf { allowed: "all, pending, completed" }),
        }
    }

    /// The value of `completed` that it asks for, if it asks for one.
    #[must_use]
    pub fn completed(self) -> Option<bool> {
        match self {
            Self::All => None,
            Self::Pending => Some(false),
            Self::Completed => Some(true),
        }
    }
}

/// What a list is sorted by; ties break by id, in the same direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// The instant a task was made.
    #[default]
    Created,
    /// The title, whatever its case.
    Title,
}

impl SortKey {
    /// Reads the key's name.
    ///
    /// # Errors
    /// [`Violation::NotOneOf`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        match text {
            "created" => Ok(Self::Created),
            "title" => Ok(Self::Title),
            _ => Err(Violation::NotOneOf { allowed: "created, title" }),
        }
    }

    /// Newest first, or A to Z.
    fn usual_direction(self) -> Direction {
        match self {
            Self::Created => Direction::Descending,
            Self::Title => Direction::Ascending,
        }
    }
}

/// Which end of the sorted list comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

impl Direction {
    /// Reads the direction's name.
    ///
    /// # Errors
    /// [`Violation::NotOneOf`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        match text {
            "asc" => Ok(Self::Ascending),
            "desc" => Ok(Self::Descending),
            _ => Err(Violation::NotOneOf { allowed: "asc, desc" }),
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskOrder {
    /// What it is sorted by.
    pub key: SortKey,
    /// Which end comes first.
    pub direction: Direction,
}

/// How many tasks a page holds at most: 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize(u32);

impl PageSize {
    /// The least a client may ask for.
    pub const MIN: u32 = 1;
    /// The most a client may ask for, and what it gets without asking.
    pub const MAX: u32 = 100;

    /// Reads decimal digits.
    ///
    /// # Errors
    /// [`Violation::OutOfRange`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        text::digits(text)
            .filter(|size| (Self::MIN..=Self::MAX).contains(size))
            .map(Self)
            .ok_or(Violation::OutOfRange { min: Self::MIN, max: Self::MAX })
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(Self::MAX)
    }
}

/// One page of a list, valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskQuery {
    /// Which tasks.
    pub status: StatusFilter,
    /// In which order.
    pub order: TaskOrder,
    /// How many.
    pub size: PageSize,
    /// Only those behind this place; it has the key of `order`.
    pub after: Option<Cursor>,
}

/// One page of a list, as a client asked for it.
#[derive(Clone, Debug, Default)]
pub struct TaskQueryDraft {
    /// Becomes a [`StatusFilter`].
    pub status: Option<String>,
    /// Becomes a [`SortKey`].
    pub sort: Option<String>,
    /// Becomes a [`Direction`].
    pub order: Option<String>,
    /// Becomes a [`PageSize`].
    pub limit: Option<String>,
    /// Becomes a [`Cursor`].
    pub cursor: Option<String>,
}

impl TaskQueryDraft {
    /// The page it asks for.
    pub(crate) fn parse(self) -> Result<TaskQuery, ValidationError> {
        let Self { status, sort, order, limit, cursor } = self;
        let mut faults = Faults::default();
        let status = faults.check_optional("status", status.map(|text| StatusFilter::parse(&text)));
        let key = faults.check_optional("sort", sort.map(|text| SortKey::parse(&text)));
        let direction = faults.check_optional("order", order.map(|text| Direction::parse(&text)));
        let size = faults.check_optional("limit", limit.map(|text| PageSize::parse(&text)));
        let key = key.unwrap_or_default();
        let after = faults.check_optional(
            "cursor",
            cursor.map(|text| Cursor::parse(&text).and_then(|cursor| of_list(cursor, key))),
        );
        faults.finish(Some(TaskQuery {
            status: status.unwrap_or_default(),
            order: TaskOrder { key, direction: direction.unwrap_or_else(|| key.usual_direction()) },
            size: size.unwrap_or_default(),
            after,
        }))
    }
}

/// `cursor`, if it comes from a list sorted by `key`.
fn of_list(cursor: Cursor, key: SortKey) -> Result<Cursor, Violation> {
    if cursor.key() == key {
        Ok(cursor)
    } else {
        Err(Violation::Malformed { expected: "a cursor from a list with the same sort" })
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskPage {
    /// The tasks, in order.
    pub tasks: Vec<Task>,
    /// Where the next page starts, if there is one.
    pub next: Option<Cursor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(sort: &str, order: Option<&str>) -> TaskQueryDraft {
        TaskQueryDraft {
            sort: Some(sort.to_owned()),
            order: order.map(str::to_owned),
            ..TaskQueryDraft::default()
        }
    }

    #[test]
    fn without_parameters_the_newest_hundred_are_listed() {
        let query = TaskQueryDraft::default().parse().unwrap();
        let newest_first = TaskOrder { key: SortKey::Created, direction: Direction::Descending };
        assert_eq!((query.order, query.size.get()), (newest_first, 100));
        assert_eq!((query.status, query.after), (StatusFilter::All, None));
    }

    #[test]
    fn titles_go_from_a_to_z_unless_told_otherwise() {
        let direction = |order| draft("title", order).parse().unwrap().order.direction;
        assert_eq!(direction(None), Direction::Ascending);
        assert_eq!(direction(Some("desc")), Direction::Descending);
    }

    #[test]
    fn a_cursor_of_another_sort_is_refused() {
        let query = TaskQueryDraft { cursor: Some("c-1-0".to_owned()), ..draft("title", None) };
        assert_eq!(query.parse().unwrap_err().errors()[0].field, "cursor");
    }

    #[test]
    fn a_page_holds_one_to_a_hundred() {
        assert_eq!(PageSize::parse("100").unwrap().get(), 100);
        for text in ["", "0", "101", "-1", "+1", "ten", "99999999999"] {
            assert!(PageSize::parse(text).is_err(), "{text:?}");
        }
    }
}
