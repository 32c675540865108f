//! Databases that are reached through a real PgBouncer, on a cluster of this process's own.

use std::sync::LazyLock;

use super::cluster::Cluster;
use super::pgbouncer::PgBouncer;
use super::{TestDatabase, no_server, setting};

/// The cluster behind the poolers of this process's tests, if the machine has PostgreSQL.
static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(Cluster::start);

/// A database, and a pooler in front of it.
pub(crate) struct Pooled {
    pub(crate) database: TestDatabase,
    pooler: PgBouncer,
}

impl Pooled {
    /// A new database behind a pooler with these settings; `None` if there is no PostgreSQL or no
    /// PgBouncer, which in CI is a failure.
    pub(crate) async fn create(settings: &str) -> Option<Self> {
        let Some(cluster) = CLUSTER.as_ref() else {
            assert_ne!(setting("CI").as_deref(), Some("true"), "{}", no_server());
            return None;
        };
        let pooler = PgBouncer::start(cluster, settings)?;
        Some(Self { database: TestDatabase::create_at(cluster.url()).await, pooler })
    }

    /// The pooled address of the database.
    pub(crate) fn url(&self) -> String {
        self.pooler.url(self.database.name())
    }
}
