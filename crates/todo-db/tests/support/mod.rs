//! Databases on a real PostgreSQL server, one for each test.

pub(crate) mod cluster;
pub(crate) mod pgbouncer;
pub(crate) mod pooled;

use std::io::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use todo_db::{Db, PoolOptions, connect};
use uuid::Uuid;

pub(crate) use cluster::Cluster;

const URL_SETTING: &str = "TEST_DATABASE_URL";

/// The server of this process's tests, if there is one.
static SERVER: LazyLock<Option<Server>> = LazyLock::new(Server::find);

enum Server {
    /// Named by the environment.
    Given(String),
    /// Made for this process.
    Own(Cluster),
}

impl Server {
    /// The server that the environment names, else one of our own. That there is none must not go
    /// unseen: it is said past the test harness, which would swallow it.
    fn find() -> Option<Self> {
        let given = setting(URL_SETTING).map(Self::Given);
        let server = given.or_else(|| Cluster::start().map(Self::Own));
        if server.is_none() {
            say_skipped("every test on PostgreSQL", &no_server());
        }
        server
    }

    fn url(&self) -> String {
        match self {
            Self::Given(url) => url.clone(),
            Self::Own(cluster) => cluster.url(),
        }
    }
}

/// A cluster that a test may stop; `None` if the machine has no PostgreSQL, which in CI is a failure.
pub(crate) fn own_cluster() -> Option<Cluster> {
    let cluster = Cluster::start();
    if cluster.is_none() {
        let reason = "there is no PostgreSQL; install its server";
        assert_ne!(setting("CI").as_deref(), Some("true"), "{reason}");
        say_skipped("a test that stops PostgreSQL", reason);
    }
    cluster
}

/// An empty database of a test's own, dropped with this value.
pub(crate) struct TestDatabase {
    server_url: String,
    name: String,
}

impl TestDatabase {
    /// A new database; `None` if there is no server, which in CI is a failure.
    pub(crate) async fn create() -> Option<Self> {
        let Some(server) = SERVER.as_ref() else {
            assert_ne!(setting("CI").as_deref(), Some("true"), "{}", no_server());
            return None;
        };
        Some(Self::create_at(server.url()).await)
    }

    /// A new database on the server of this URL.
    pub(crate) async fn create_at(server_url: String) -> Self {
        let name = format!("test_{}", Uuid::new_v4().simple());
        execute(&server_url, &format!("CREATE DATABASE {name}")).await;
        Self { server_url, name }
    }

    /// The direct address of the database.
    pub(crate) fn url(&self) -> String {
        with_database(&self.server_url, &self.name)
    }

    /// The database, open.
    pub(crate) async fn open(&self, options: PoolOptions) -> Db {
        connect(&self.url(), options).await.unwrap()
    }

    /// What the database is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // FORCE, because the test's pool may still be open.
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // A thread of its own, for the test's runtime cannot be entered a second time.
        let drop_database = || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            runtime.enable_all().build().unwrap().block_on(execute(&self.server_url, &sql));
        };
        std::thread::scope(|scope| scope.spawn(drop_database).join()).ok();
    }
}

pub(crate) fn say_skipped(what: &str, reason: &str) {
    let line = format!("\nSKIPPED, {what}: {reason}\n\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn no_server() -> String {
    format!("there is no PostgreSQL; install its server or set {URL_SETTING}")
}

async fn execute(url: &str, sql: &str) {
    let one = PoolOptions {
        min_connections: 0,
        max_connections: 1,
        acquire_timeout: Duration::from_secs(30),
    };
    let db = connect(url, one).await.unwrap();
    db.connection().execute_unprepared(sql).await.unwrap();
}

/// `url` with another database's name in its path.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = base.split_once("://").unwrap();
    let authority = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{authority}/{name}?{query}")
}

#[expect(clippy::disallowed_methods, reason = "what the tests need is not the service's setting")]
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
