//! The todo service over HTTP.
//!
//! ```text
//! request ─ routes ─ authenticate ─ handler(Caller, path, body) ─ service ─ port ─ adapter
//!                    this crate                                  todo-domain    todo-db, adapters/
//! ```
//!
//! [`Application`] is the composition root: the tests start the very same thing on port 0.

mod adapters;
mod admin;
mod app;
mod auth;
mod cli;
mod client_address;
mod config;
mod error;
mod explain;
mod family;
mod handlers;
mod json;
mod maintenance;
mod metrics;
mod middleware;
mod openapi;
mod outbox;
mod printable;
mod problem;
mod rate_limit;
mod routes;
mod secret_file;
mod server;
mod smtp_url;
mod telemetry;
mod trace_collector;
mod web_app;

pub use adapters::{BcryptHasher, Hs256Tokens, JwksTokens, SystemClock};
pub use admin::{AdminCommand, SwitchCommand, UsersCommand};
pub use app::{Application, StartError};
pub use cli::{Cli, Command, MigrateCommand, TokenCommand, run};
pub use client_address::{TrustedProxies, TrustedProxiesError};
pub use config::{AppEnv, Config, ConfigError, CookieSameSite, JwksSettings, LogFormat, RateLimit};
pub use openapi::document as openapi_document;
pub use web_app::WebAppError;
