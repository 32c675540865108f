//! The addresses of the database: what is required of them, and how they are opened.
//!
//! `DATABASE_URL` serves and may lead through a pooler. `DATABASE_DIRECT_URL` is for what needs a session,
//! as migrations may.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use todo_db::{ConnectError, Db, PoolOptions, Pooling, ProbeError};

use super::StartError;
use crate::adapters::TracingSecurityLog;
use crate::config::{AppEnv, Config, ConfigError};

const SERVING: &str = "DATABASE_URL";
const DIRECT: &str = "DATABASE_DIRECT_URL";

/// How long the database may take to show what leads to it.
const PROBE_TIMEOUT: Duration = Duration::from_secs(15);

/// One of the two, and the setting that names it.
#[derive(Clone, Copy)]
pub(super) struct Address<'a> {
    variable: &'static str,
    url: &'a str,
}

impl<'a> Address<'a> {
    /// Where the database serves.
    ///
    /// # Errors
    /// [`StartError::Config`] and [`StartError::Connect`], if one of the addresses cannot be used.
    pub(super) fn serving(config: &'a Config) -> Result<Self, StartError> {
        let serving = Self { variable: SERVING, url: config.database_url.expose_secret() };
        serving.check(config.app_env)?;
        Self::direct_of(config).transpose()?;
        Ok(serving)
    }

    /// Where the database is migrated: directly, if there is a way.
    ///
    /// # Errors
    /// As for [`Address::serving`], and [`StartError::ConnectDirect`].
    pub(super) fn migrating(config: &'a Config) -> Result<Self, StartError> {
        let serving = Self::serving(config)?;
        Ok(Self::direct_of(config).transpose()?.unwrap_or(serving))
    }

    /// Whether this is no other address than the one that serves.
    pub(super) fn is_serving(self) -> bool {
        self.variable == SERVING
    }

    pub(super) fn url(self) -> &'a str {
        self.url
    }

    fn direct_of(config: &'a Config) -> Option<Result<Self, StartError>> {
        let url = config.database_direct_url.as_ref()?.expose_secret();
        let direct = Self { variable: DIRECT, url };
        let problem = if !todo_db::is_postgres(config.database_url.expose_secret()) {
            "must not be set unless DATABASE_URL is postgres://…: SQLite has one address"
        } else if !todo_db::is_postgres(url) {
            "must be postgres://USER:PASSWORD@HOST/DATABASE"
        } else {
            return Some(direct.check(config.app_env).map(|()| direct));
        };
        Some(Err(ConfigError::new(DIRECT, problem).into()))
    }

    fn check(self, app_env: AppEnv) -> Result<(), StartError> {
        let private = todo_db::is_private(self.url).map_err(|error| self.failed(error))?;
        if app_env == AppEnv::Production && !private {
            return Err(self.wrong(
                "must encrypt in production: ?sslmode=verify-full, or at least ?sslmode=require, \
                 unless the database runs on this machine",
            ));
        }
        Ok(())
    }

    /// The database here, which may be away.
    ///
    /// # Errors
    /// [`StartError::Connect`], [`StartError::ConnectDirect`].
    pub(super) async fn prepare(self, options: PoolOptions) -> Result<Db, StartError> {
        let db = todo_db::prepare(self.url, options).await.map_err(|error| self.failed(error))?;
        Ok(db.reporting_to(Arc::new(TracingSecurityLog)))
    }

    /// Opens the database here.
    ///
    /// # Errors
    /// [`StartError::Config`], [`StartError::Connect`], [`StartError::ConnectDirect`].
    pub(super) async fn open(self, options: PoolOptions) -> Result<Db, StartError> {
        let db = todo_db::connect(self.url, options).await.map_err(|error| self.failed(error))?;
        self.guarded(db).await
    }

    /// The open database, if what leads to it keeps the rows of its clients apart.
    ///
    /// # Errors
    /// As for [`Address::open`].
    pub(super) async fn guarded(self, db: Db) -> Result<Db, StartError> {
        self.probe().await?;
        Ok(db.reporting_to(Arc::new(TracingSecurityLog)))
    }

    /// Shows that the database answers, and that what leads to it keeps the rows of its clients apart.
    /// Tells what leads to it.
    ///
    /// # Errors
    /// [`StartError::Config`] if it does not; else as for [`Address::open`].
    pub(super) async fn probe(self) -> Result<Pooling, StartError> {
        match todo_db::probe(self.url, PROBE_TIMEOUT).await {
            Ok(Pooling::Direct) => Ok(Pooling::Direct),
            Ok(Pooling::Pooled) => {
                tracing::info!(
                    "{} leads through a pooler that tracks prepared statements",
                    self.variable
                );
                Ok(Pooling::Pooled)
            }
            Err(ProbeError::Connect(error)) => Err(self.failed(error)),
            Err(ProbeError::Untracked) => Err(self.wrong(
                "leads through a transaction pooler that does not track prepared statements, \
                 which would hand one user's rows to another: set its max_prepared_statements \
                 above 0 (PgBouncer 1.21 or later), or put the direct address, as \
                 DATABASE_DIRECT_URL takes it, here",
            )),
        }
    }

    fn wrong(self, problem: &str) -> StartError {
        ConfigError::new(self.variable, problem).into()
    }

    fn failed(self, error: ConnectError) -> StartError {
        if self.is_serving() {
            StartError::Connect(error)
        } else {
            StartError::ConnectDirect(error)
        }
    }
}
