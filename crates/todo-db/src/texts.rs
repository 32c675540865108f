//! Statements that are written once and sent often.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::{DbBackend, Statement, StatementBuilder, Value, Values};

/// The texts of statements, each written when it is first needed. Writing one takes longer than
/// everything else that is done here for a request of a single row.
#[derive(Debug)]
pub(crate) struct Texts<Shape> {
    backend: DbBackend,
    written: RwLock<HashMap<Shape, Arc<str>>>,
}

impl<Shape: Copy + Eq + Hash> Texts<Shape> {
    /// No texts yet, for this kind of database.
    pub(crate) fn new(backend: DbBackend) -> Self {
        Self { backend, written: RwLock::default() }
    }

    /// The statement of this shape with `values`, which must be in the order of its placeholders. All
    /// statements of one shape differ in their values alone.
    pub(crate) fn statement<S: StatementBuilder>(
        &self,
        shape: Shape,
        values: Vec<Value>,
        write: impl FnOnce() -> S,
    ) -> Statement {
        let known =
            self.written.read().unwrap_or_else(PoisonError::into_inner).get(&shape).cloned();
        let sql = known.unwrap_or_else(|| {
            let written = write().build(&self.backend);
            debug_assert_eq!(written.values, Some(Values(values.clone())), "{}", written.sql);
            let sql: Arc<str> = written.sql.into();
            let mut texts = self.written.write().unwrap_or_else(PoisonError::into_inner);
            texts.insert(shape, sql.clone());
            sql
        });
        Statement::from_sql_and_values(self.backend, &*sql, values)
    }
}
