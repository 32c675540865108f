//! How many tasks a user has.

/// How many tasks a user has of each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// Those not completed.
    pub pending: u64,
    /// Those completed.
    pub completed: u64,
}

impl TaskCounts {
    /// Every task: each is either pending or completed.
    #[must_use]
    pub fn all(self) -> u64 {
        self.pending + self.completed
    }
}
