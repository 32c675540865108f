//! Signs of life of the database, counted.

use async_trait::async_trait;
use todo_domain::{Database, StoreError};

use crate::metrics::DatabaseMetrics;

/// Notes whether `database` answered when it was asked.
pub(crate) struct MeasuredDatabase<D> {
    database: D,
    metrics: DatabaseMetrics,
}

impl<D: Database> MeasuredDatabase<D> {
    /// In front of `database`.
    pub(crate) fn new(database: D, metrics: DatabaseMetrics) -> Self {
        Self { database, metrics }
    }
}

#[async_trait]
impl<D: Database> Database for MeasuredDatabase<D> {
    async fn ping(&self) -> Result<(), StoreError> {
        let result = self.database.ping().await;
        self.metrics.answered(result.is_ok());
        result
    }
}

#[cfg(test)]
mod tests {
    use todo_domain::MockDatabase;

    use super::*;
    use crate::metrics::Metrics;

    #[actix_web::test]
    async fn whether_the_database_is_up_is_what_the_last_sign_of_life_said() {
        let metrics = Metrics::new().unwrap();
        let mut database = MockDatabase::new();
        let away = || Err(StoreError::Unavailable("away".into()));
        database.expect_ping().times(1).returning(away);
        database.expect_ping().times(1).returning(|| Ok(()));
        let measured = MeasuredDatabase::new(database, metrics.database.clone());

        assert!(measured.ping().await.is_err());
        assert!(metrics.render().unwrap().contains("\ntodo_database_up 0\n"));
        assert!(measured.ping().await.is_ok());
        assert!(metrics.render().unwrap().contains("\ntodo_database_up 1\n"));
    }
}
