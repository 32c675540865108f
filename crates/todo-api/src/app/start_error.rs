//! Why the service does not start, or has broken down.

use std::io;

use migration::MigrateError;
use thiserror::Error;
use todo_db::ConnectError;

use crate::config::ConfigError;
use crate::web_app::WebAppError;

/// The service could not start. Each message goes on with that of its source, if there is one.
#[derive(Debug, Error)]
pub enum StartError {
    /// A setting is wrong in itself.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database could not be opened.
    #[error("DATABASE_URL")]
    Connect(#[from] ConnectError),
    /// The database could not be opened where it is migrated.
    #[error("DATABASE_DIRECT_URL")]
    ConnectDirect(#[source] ConnectError),
    /// The schema is not fit for this release, and could not be or was not to be brought up.
    #[error("the database")]
    Schema(#[from] MigrateError),
    /// The address cannot be listened on.
    #[error("{variables}: cannot listen on {address}")]
    Listen {
        /// The settings that it is made of.
        variables: &'static str,
        /// The address, as configured.
        address: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The secret of development could not be kept.
    #[error("the secret file {path}")]
    SecretFile {
        /// The file.
        path: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The keys of `JWKS_URL` cannot be fetched from this machine.
    #[error("JWKS_URL: no client for HTTPS can be made")]
    JwksClient(#[source] reqwest::Error),
    /// The web app that comes with the service is broken.
    #[error("the web app in {place}")]
    WebApp {
        /// Where it is.
        place: &'static str,
        /// What is wrong with it.
        source: WebAppError,
    },
    /// Two metrics have the same name.
    #[error("the metrics")]
    Metrics(#[source] prometheus::Error),
    /// The server broke down.
    #[error("the server")]
    Serve(#[source] io::Error),
    /// The process was told to stop a second time before it had stopped in good order.
    #[error("told to stop twice: the requests at hand are broken off")]
    Interrupted,
}
