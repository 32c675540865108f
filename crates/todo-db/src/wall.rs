//! The wall between owners: what a row passes before anybody sees it.
//!
//! Every statement names whom it asks about. Nothing but a fault between the program and the database
//! can answer with somebody else's row, and there is one that is known to: a pooler that does not track
//! prepared statements hands the rows of one query to another.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use todo_domain::{Action, Outcome, SecurityEvent, SecurityLog, StoreError};

use crate::error::DatabaseFailure;

/// What an operator reads of it.
const FOREIGN: &str = "the database answered with a row that was not asked for; look for a pooler \
                       that does not track prepared statements, then restart this process";

/// A row that was asked for. Only a [`Wall`] makes one, and the values of the domain are made from
/// nothing else.
#[derive(Debug)]
pub(crate) struct Asked<M>(M);

impl<M> Asked<M> {
    /// The row itself, to be taken apart.
    pub(crate) fn into_inner(self) -> M {
        self.0
    }
}

impl<M> Deref for Asked<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}

/// Lets rows through that were asked for, and remembers whether there was another.
#[derive(Clone, Default)]
pub(crate) struct Wall {
    breached: Arc<AtomicBool>,
    log: Option<Arc<dyn SecurityLog>>,
}

impl Wall {
    /// The same wall, which tells `log` of each row that it holds back.
    pub(crate) fn reporting_to(self, log: Arc<dyn SecurityLog>) -> Self {
        Self { log: Some(log), ..self }
    }

    /// The row, if it `is_asked`.
    pub(crate) fn pass<M>(
        &self,
        row: M,
        is_asked: impl FnOnce(&M) -> bool,
    ) -> Result<Asked<M>, StoreError> {
        if is_asked(&row) { Ok(Asked(row)) } else { Err(self.breach()) }
    }

    /// The row, if there is one and it `is_asked`.
    pub(crate) fn pass_one<M>(
        &self,
        row: Option<M>,
        is_asked: impl FnOnce(&M) -> bool,
    ) -> Result<Option<Asked<M>>, StoreError> {
        row.map(|row| self.pass(row, is_asked)).transpose()
    }

    /// The rows, if each one `is_asked`.
    pub(crate) fn pass_all<M>(
        &self,
        rows: Vec<M>,
        is_asked: impl Fn(&M) -> bool,
    ) -> Result<Vec<Asked<M>>, StoreError> {
        rows.into_iter().map(|row| self.pass(row, &is_asked)).collect()
    }

    /// Fails once a row was held back: whatever did that may do more than can be seen from here.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.breached.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable(Box::new(DatabaseFailure::new(FOREIGN))));
        }
        Ok(())
    }

    fn breach(&self) -> StoreError {
        self.breached.store(true, Ordering::Relaxed);
        if let Some(log) = &self.log {
            log.record(&SecurityEvent {
                action: Action::IsolationBreach,
                outcome: Outcome::Refused(FOREIGN.to_owned()),
                user_id: None,
                email: None,
                object: None,
            });
        }
        StoreError::Corrupt(Box::new(DatabaseFailure::new(FOREIGN)))
    }
}

impl std::fmt::Debug for Wall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wall").field("breached", &self.breached).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_that_was_not_asked_for_holds_back_all_and_is_remembered() {
        let wall = Wall::default();
        let asked = |row: &i32| *row == 1;
        assert_eq!(wall.pass_all(vec![1, 1], asked).unwrap().len(), 2);
        assert!(wall.pass_one(None, asked).unwrap().is_none());
        assert!(wall.check().is_ok());

        let elsewhere = wall.clone();
        assert!(matches!(elsewhere.pass_all(vec![1, 2], asked), Err(StoreError::Corrupt(_))));
        assert!(matches!(wall.check(), Err(StoreError::Unavailable(_))));
        assert_eq!(*wall.pass(1, asked).unwrap(), 1, "what was asked for still passes");
    }
}
