//! Every setting: environment variables, a `.env` file and flags, one struct.

#![expect(clippy::doc_markdown, reason = "the docs of the fields are the text of --help")]

use std::fmt::Display;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use actix_web::http::uri::Authority;
use clap::{Args, ValueEnum};
use lettre::message::Mailbox;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use crate::client_address::TrustedProxies;
use crate::smtp_url::SmtpUrl;
use crate::trace_collector::TraceCollector;

/// The least bytes of a shared secret: the output of SHA-256 (RFC 7518, section 3.2).
pub(crate) const MIN_SECRET_BYTES: usize = 32;
/// The least cost of a password hash that production takes.
const MIN_PRODUCTION_BCRYPT_COST: u32 = 10;
/// The longest drain: requests and mails must have time left of the 30 seconds that the end may take.
const MAX_DRAIN: Duration = Duration::from_secs(15);

/// How people write the address of the machine that they sit at.
const THIS_MACHINE: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

/// A setting that cannot be used. The message names the variable and what it takes, and never
/// holds the value of a secret.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{variable} {problem}")]
pub struct ConfigError {
    /// The environment variable.
    pub variable: &'static str,
    /// What is wrong, as the rest of a sentence.
    pub problem: String,
}

impl ConfigError {
    pub(crate) fn new(variable: &'static str, problem: impl Into<String>) -> Self {
        Self { variable, problem: problem.into() }
    }
}

/// Reads the file `.env` of the working directory, if there is one. What the environment says
/// already stays.
///
/// # Errors
/// If the file cannot be read. The message leaves out its lines, which may hold secrets.
pub(crate) fn load_env_file() -> Result<(), ConfigError> {
    match dotenvy::dotenv() {
        Err(error) if !error.not_found() => {
            Err(ConfigError::new(".env", "cannot be read: each line must be NAME=value"))
        }
        _ => Ok(()),
    }
}

/// Where the service runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AppEnv {
    /// On somebody's machine: what is missing is made.
    Development,
    /// For real: what is only fit for development is refused.
    Production,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For a person at a terminal.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Whether auth calls are counted by the address that they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RateLimit {
    /// Whoever calls too often must wait.
    On,
    /// For load tests.
    Off,
}

/// An issuer that publishes its keys, and what its tokens must say.
#[derive(Clone, Debug)]
pub struct JwksSettings {
    /// Where the keys are.
    pub url: Url,
    /// What `iss` must be.
    pub issuer: String,
    /// What `aud` must be or hold.
    pub audience: String,
}

/// The files of a certificate, for HTTPS in the server itself.
#[derive(Clone, Debug)]
pub(crate) struct TlsFiles {
    /// The certificate, and those that lead from it to an authority.
    pub(crate) certificate: PathBuf,
    /// Its private key.
    pub(crate) key: PathBuf,
}

/// With which requests of other sites' pages a browser sends the refresh cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CookieSameSite {
    /// With none.
    Strict,
    /// When a person follows a link, which this service has no use for.
    Lax,
    /// With all, as a front end on another site needs; over HTTPS alone.
    None,
}

/// Every setting of the service.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Where tasks are kept: `sqlite://FILE?mode=rwc` or `postgres://USER:PASSWORD@HOST/DATABASE`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    #[arg(value_name = "DATABASE_URL", default_value = "sqlite://todo.db?mode=rwc")]
    pub database_url: SecretString,

    /// The same database past its pooler, where migrations are run: `postgres://…`; DATABASE_URL if it is
    /// not given
    #[arg(long, env = "DATABASE_DIRECT_URL", hide_env_values = true, global = true)]
    #[arg(value_name = "DATABASE_DIRECT_URL")]
    pub database_direct_url: Option<SecretString>,

    /// The secret that access tokens are signed with, shared with Better Auth: at least 32 bytes.
    /// In development one is made at the first start and kept beside the database
    #[arg(long, env = "BETTER_AUTH_SECRET", hide_env_values = true, global = true)]
    #[arg(value_name = "BETTER_AUTH_SECRET")]
    pub better_auth_secret: Option<SecretString>,

    /// Where the issuer of other tokens publishes its keys, such as
    /// `https://app.example.com/api/auth/jwks` of Better Auth. Without it only HS256 is taken
    #[arg(long, env = "JWKS_URL", hide_env_values = true, global = true)]
    #[arg(value_name = "JWKS_URL")]
    pub jwks_url: Option<String>,

    /// The `iss` of tokens that are signed with a key of JWKS_URL; its origin if it is not given
    #[arg(long, env = "JWT_ISSUER", hide_env_values = true, global = true)]
    #[arg(value_name = "JWT_ISSUER")]
    pub jwt_issuer: Option<String>,

    /// The `aud` of tokens that are signed with a key of JWKS_URL; its origin if it is not given
    #[arg(long, env = "JWT_AUDIENCE", hide_env_values = true, global = true)]
    #[arg(value_name = "JWT_AUDIENCE")]
    pub jwt_audience: Option<String>,

    /// Production refuses what is only fit for development
    #[arg(long, env = "APP_ENV", hide_env_values = true, global = true)]
    #[arg(value_name = "APP_ENV", value_enum, default_value = "development")]
    pub app_env: AppEnv,

    /// The address to listen on
    #[arg(long, env = "HOST", hide_env_values = true, global = true)]
    #[arg(value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,

    /// The port to listen on; 0 takes any that is free
    #[arg(long, env = "PORT", hide_env_values = true, global = true)]
    #[arg(value_name = "PORT", default_value_t = 8000)]
    #[arg(value_parser = whole_number::<u16>(0..=65_535))]
    pub port: u16,

    /// A file with the certificate of the server and those that lead from it to an authority, in PEM:
    /// with it, HTTPS is spoken on PORT. Read anew on SIGHUP
    #[arg(long, env = "TLS_CERT", hide_env_values = true, global = true)]
    #[arg(value_name = "TLS_CERT")]
    pub tls_cert: Option<PathBuf>,

    /// A file with the private key of TLS_CERT, in PEM; required with it
    #[arg(long, env = "TLS_KEY", hide_env_values = true, global = true)]
    #[arg(value_name = "TLS_KEY")]
    pub tls_key: Option<PathBuf>,

    /// Connections of clients that are taken at once; more wait. 5000, or what the limit of open files
    /// allows, if it is not given
    #[arg(long, env = "MAX_CONNECTIONS", hide_env_values = true, global = true)]
    #[arg(value_name = "MAX_CONNECTIONS")]
    #[arg(value_parser = whole_number::<u32>(1..=1_000_000))]
    pub max_connections: Option<u32>,

    /// How long requests are still taken after SIGTERM, while /health/ready says 503: at most 15s
    #[arg(long, env = "SHUTDOWN_DRAIN", hide_env_values = true, global = true)]
    #[arg(value_name = "SHUTDOWN_DRAIN", default_value = "5s")]
    #[arg(value_parser = duration)]
    pub shutdown_drain: Duration,

    /// The port that /metrics is at, and nothing else; 0 takes any that is free. Without it the
    /// metrics are among the other URLs, for whoever reaches them
    #[arg(long, env = "METRICS_PORT", hide_env_values = true, global = true)]
    #[arg(value_name = "METRICS_PORT", value_parser = whole_number::<u16>(0..=65_535))]
    pub metrics_port: Option<u16>,

    /// The public address of the service, such as `https://todo.example.com`; made from HOST and
    /// PORT if it is not given
    #[arg(long, env = "API_BASE_URL", hide_env_values = true, global = true)]
    #[arg(value_name = "API_BASE_URL")]
    pub api_base_url: Option<String>,

    /// A directory with a built web app (`frontend/out`), served in place of the one that is built into the
    /// binary. It is read once, at start
    #[arg(long, env = "WEB_APP_DIR", hide_env_values = true, global = true)]
    #[arg(value_name = "WEB_APP_DIR")]
    pub web_app_dir: Option<PathBuf>,

    /// The server that sends mail: `smtps://USER:PASSWORD@HOST:465` or
    /// `smtp://USER:PASSWORD@HOST:587?tls=required`. Without it development writes mails to the log,
    /// and production sends none
    #[arg(long, env = "SMTP_URL", hide_env_values = true, global = true)]
    #[arg(value_name = "SMTP_URL")]
    pub smtp_url: Option<SecretString>,

    /// Whom mails come from, such as `Todo <todo@example.com>`; required with SMTP_URL
    #[arg(long, env = "MAIL_FROM", hide_env_values = true, global = true)]
    #[arg(value_name = "MAIL_FROM", value_parser = mailbox)]
    pub mail_from: Option<Mailbox>,

    /// The cost of a password hash, 4 to 16: each step doubles the time. Production takes no less
    /// than 10
    #[arg(long, env = "BCRYPT_COST", hide_env_values = true, global = true)]
    #[arg(value_name = "BCRYPT_COST", default_value_t = 12)]
    #[arg(value_parser = whole_number::<u32>(4..=16))]
    pub bcrypt_cost: u32,

    /// How long an access token holds, such as 15m or 24h
    #[arg(long, env = "ACCESS_TOKEN_TTL", hide_env_values = true, global = true)]
    #[arg(value_name = "ACCESS_TOKEN_TTL", default_value = "24h")]
    #[arg(value_parser = duration)]
    pub access_token_ttl: Duration,

    /// How long a refresh token holds, such as 12h or 30d
    #[arg(long, env = "REFRESH_TOKEN_TTL", hide_env_values = true, global = true)]
    #[arg(value_name = "REFRESH_TOKEN_TTL", default_value = "30d")]
    #[arg(value_parser = duration)]
    pub refresh_token_ttl: Duration,

    /// The origins of web pages that may call the API, separated by commas
    #[arg(long, env = "CORS_ALLOWED_ORIGINS", hide_env_values = true, global = true)]
    #[arg(value_name = "CORS_ALLOWED_ORIGINS", default_value = "http://localhost:3000")]
    #[arg(value_delimiter = ',')]
    pub cors_allowed_origins: Vec<String>,

    /// The proxies in front of the service, addresses and networks separated by commas: a client's
    /// address is what they say in X-Forwarded-For
    #[arg(long, env = "TRUSTED_PROXIES", hide_env_values = true, global = true)]
    #[arg(value_name = "TRUSTED_PROXIES", default_value = "", hide_default_value = true)]
    pub trusted_proxies: TrustedProxies,

    /// Whether auth calls are counted by address, and wrong passwords by account; off is for load
    /// tests
    #[arg(long, env = "RATE_LIMIT", hide_env_values = true, global = true)]
    #[arg(value_name = "RATE_LIMIT", value_enum, default_value = "on")]
    pub rate_limit: RateLimit,

    /// The attribute SameSite of the refresh cookie: none if the front end is on another site than
    /// the API
    #[arg(long, env = "COOKIE_SAME_SITE", hide_env_values = true, global = true)]
    #[arg(value_name = "COOKIE_SAME_SITE", value_enum, default_value = "strict")]
    pub cookie_same_site: CookieSameSite,

    /// Connections to the database that are kept open
    #[arg(long, env = "DB_MIN_CONNECTIONS", hide_env_values = true, global = true)]
    #[arg(value_name = "DB_MIN_CONNECTIONS", default_value_t = 5)]
    #[arg(value_parser = whole_number::<u32>(0..=1_000))]
    pub db_min_connections: u32,

    /// Connections to the database that are opened at most; never more than 4 on SQLite
    #[arg(long, env = "DB_MAX_CONNECTIONS", hide_env_values = true, global = true)]
    #[arg(value_name = "DB_MAX_CONNECTIONS", default_value_t = 20)]
    #[arg(value_parser = whole_number::<u32>(1..=1_000))]
    pub db_max_connections: u32,

    /// Bring the schema up at start; false only checks that it is
    #[arg(long, env = "MIGRATE_ON_START", hide_env_values = true, global = true)]
    #[arg(value_name = "MIGRATE_ON_START", default_value_t = true)]
    #[arg(action = clap::ArgAction::Set)]
    pub migrate_on_start: bool,

    /// Where traces are sent, with OTLP over HTTP, such as `http://localhost:4318`. Without it none
    /// are made
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", hide_env_values = true, global = true)]
    #[arg(value_name = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub otel_exporter_otlp_endpoint: Option<String>,

    /// Headers that are sent with traces, such as `api-key=…,x-team=todo`; values are
    /// percent-encoded
    #[arg(long, env = "OTEL_EXPORTER_OTLP_HEADERS", hide_env_values = true, global = true)]
    #[arg(value_name = "OTEL_EXPORTER_OTLP_HEADERS")]
    pub otel_exporter_otlp_headers: Option<SecretString>,

    /// What the service is called in traces
    #[arg(long, env = "OTEL_SERVICE_NAME", hide_env_values = true, global = true)]
    #[arg(value_name = "OTEL_SERVICE_NAME", default_value = "todo-api")]
    pub otel_service_name: String,

    /// How log lines are written; pretty on a terminal, else json, if it is not given
    #[arg(long, env = "LOG_FORMAT", hide_env_values = true, global = true)]
    #[arg(value_name = "LOG_FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,

    /// What is logged, such as info or todo_api=debug,warn
    #[arg(long, env = "RUST_LOG", hide_env_values = true, global = true)]
    #[arg(value_name = "RUST_LOG", default_value = "info")]
    pub rust_log: String,
}

impl Config {
    /// Checks what one value alone does not show.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.check_secret()?;
        self.jwks()?;
        self.check_hashing()?;
        if self.db_min_connections > self.db_max_connections {
            return Err(ConfigError::new(
                "DB_MIN_CONNECTIONS",
                format!("must be at most DB_MAX_CONNECTIONS ({})", self.db_max_connections),
            ));
        }
        if self.metrics_port.is_some_and(|port| port != 0 && port == self.port) {
            return Err(ConfigError::new("METRICS_PORT", "must be another port than PORT"));
        }
        for (variable, ttl) in [
            ("ACCESS_TOKEN_TTL", self.access_token_ttl),
            ("REFRESH_TOKEN_TTL", self.refresh_token_ttl),
        ] {
            if ttl < Duration::from_secs(1) {
                return Err(ConfigError::new(variable, "must be at least 1s"));
            }
        }
        if let Some(url) = &self.api_base_url
            && !is_origin(url)
        {
            return Err(ConfigError::new(
                "API_BASE_URL",
                "must be a scheme and a host, such as https://todo.example.com",
            ));
        }
        if self.cors_allowed_origins.iter().any(|url| !is_origin(url)) {
            return Err(ConfigError::new(
                "CORS_ALLOWED_ORIGINS",
                "must be origins such as https://app.example.com, separated by commas, \
                 each without a path, without a slash at its end, and without the scheme's own port",
            ));
        }
        self.mail_server()?;
        self.tls_files()?;
        if self.shutdown_drain > MAX_DRAIN {
            let problem = format!("must be at most {}s", MAX_DRAIN.as_secs());
            return Err(ConfigError::new("SHUTDOWN_DRAIN", problem));
        }
        self.trace_collector()?;
        Ok(())
    }

    /// The files of the server's certificate; `None` if it speaks plain HTTP.
    ///
    /// # Errors
    /// If one is missing.
    pub(crate) fn tls_files(&self) -> Result<Option<TlsFiles>, ConfigError> {
        match (self.tls_cert.clone(), self.tls_key.clone()) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
            (Some(_), None) => Err(ConfigError::new("TLS_KEY", "is required with TLS_CERT")),
            (None, Some(_)) => Err(ConfigError::new("TLS_CERT", "is required with TLS_KEY")),
        }
    }

    /// Where traces are sent, and with which headers; `None` if none are made.
    ///
    /// # Errors
    /// If `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_HEADERS` cannot be used.
    pub(crate) fn trace_collector(&self) -> Result<Option<TraceCollector>, ConfigError> {
        // OpenTelemetry takes an empty variable for one that is not set.
        let endpoint = self.otel_exporter_otlp_endpoint.as_ref().filter(|it| !it.is_empty());
        let Some(endpoint) = endpoint else { return Ok(None) };
        let headers = self.otel_exporter_otlp_headers.as_ref();
        TraceCollector::parse(endpoint, headers.map_or("", |it| it.expose_secret())).map(Some)
    }

    /// The server that sends mail, and whom mails come from; `None` if no server is named.
    ///
    /// # Errors
    /// If `SMTP_URL` cannot be used, or what has to be set with it is missing.
    pub(crate) fn mail_server(&self) -> Result<Option<(SmtpUrl, Mailbox)>, ConfigError> {
        let Some(url) = &self.smtp_url else { return Ok(None) };
        let server = SmtpUrl::parse(url.expose_secret()).ok_or_else(|| {
            ConfigError::new(
                "SMTP_URL",
                "must be smtps://USER:PASSWORD@HOST:465 or \
                 smtp://USER:PASSWORD@HOST:587?tls=required, \
                 with what is special in USER and PASSWORD percent-encoded",
            )
        })?;
        let from = self.mail_from.clone().ok_or_else(|| {
            ConfigError::new("MAIL_FROM", "is required with SMTP_URL: Todo <todo@example.com>")
        })?;
        if self.app_env == AppEnv::Production {
            if !server.is_private() {
                return Err(ConfigError::new(
                    "SMTP_URL",
                    "must encrypt in production: smtps://… or smtp://…?tls=required, \
                     unless the server runs on this machine",
                ));
            }
            if self.api_base_url.is_none() {
                return Err(ConfigError::new(
                    "API_BASE_URL",
                    "is required with SMTP_URL in production: the links in mails lead there",
                ));
            }
        }
        Ok(Some((server, from)))
    }

    /// The public address of the service, which listens on `port`; without a slash at its end.
    #[must_use]
    pub fn base_url(&self, port: u16) -> String {
        self.api_base_url.clone().unwrap_or_else(|| self.local_url(port))
    }

    /// The origins of pages that the service itself serves, if it listens on `port`: its public address
    /// and, where that is this machine, the others that people write for it.
    #[must_use]
    pub fn own_origins(&self, port: u16) -> Vec<String> {
        let base_url = self.base_url(port);
        let Ok(mut url) = Url::parse(&base_url) else { return vec![base_url] };
        let mut origins = vec![url.origin().ascii_serialization()];
        if is_loopback(&url) || is_unspecified(&url) {
            for host in THIS_MACHINE {
                // None of them fails: each is a host.
                url.set_host(Some(host)).ok();
                origins.push(url.origin().ascii_serialization());
            }
        }
        origins.sort_unstable();
        origins.dedup();
        origins
    }

    /// The address of the service on this machine, if it listens on `port`.
    #[must_use]
    pub fn local_url(&self, port: u16) -> String {
        let scheme = self.local_scheme();
        if self.host.contains(':') {
            format!("{scheme}://[{}]:{port}", self.host)
        } else {
            format!("{scheme}://{}:{port}", self.host)
        }
    }

    /// What is spoken on the port.
    fn local_scheme(&self) -> &'static str {
        if self.tls_cert.is_some() { "https" } else { "http" }
    }

    /// The issuer that publishes its keys, if there is one.
    ///
    /// # Errors
    /// The setting that cannot be used.
    pub(crate) fn jwks(&self) -> Result<Option<JwksSettings>, ConfigError> {
        let Some(url) = &self.jwks_url else { return Ok(None) };
        let Some(url) = Url::parse(url).ok().filter(is_web_address) else {
            return Err(ConfigError::new(
                "JWKS_URL",
                "must be an address of http or https without a user, \
                 such as https://app.example.com/api/auth/jwks",
            ));
        };
        if self.app_env == AppEnv::Production && url.scheme() == "http" && !is_loopback(&url) {
            return Err(ConfigError::new(
                "JWKS_URL",
                "must be https in production, unless its host is this machine: \
                 whoever can change the answer chooses the keys",
            ));
        }
        let or_origin = |variable, value: &Option<String>| match value.as_deref() {
            Some("") => Err(ConfigError::new(variable, "must not be empty")),
            Some(value) => Ok(value.to_owned()),
            None => Ok(url.origin().ascii_serialization()),
        };
        let issuer = or_origin("JWT_ISSUER", &self.jwt_issuer)?;
        let audience = or_origin("JWT_AUDIENCE", &self.jwt_audience)?;
        Ok(Some(JwksSettings { url, issuer, audience }))
    }

    /// Checks what hashing passwords needs, with the server or without.
    ///
    /// # Errors
    /// If `BCRYPT_COST` is too low for production.
    pub(crate) fn check_hashing(&self) -> Result<(), ConfigError> {
        if self.app_env == AppEnv::Production && self.bcrypt_cost < MIN_PRODUCTION_BCRYPT_COST {
            let problem = format!("must be at least {MIN_PRODUCTION_BCRYPT_COST} in production");
            return Err(ConfigError::new("BCRYPT_COST", problem));
        }
        Ok(())
    }

    fn check_secret(&self) -> Result<(), ConfigError> {
        let variable = "BETTER_AUTH_SECRET";
        match &self.better_auth_secret {
            Some(secret) if secret.expose_secret().len() < MIN_SECRET_BYTES => {
                let problem = format!("must have at least {MIN_SECRET_BYTES} bytes");
                Err(ConfigError::new(variable, problem))
            }
            None if self.app_env == AppEnv::Production => Err(ConfigError::new(
                variable,
                "is required in production: at least 32 random bytes, \
                 such as `openssl rand -base64 32` prints",
            )),
            _ => Ok(()),
        }
    }
}

/// Reads a whole number of `range`, or says which it takes.
fn whole_number<N>(range: RangeInclusive<N>) -> impl Fn(&str) -> Result<N, String> + Clone
where
    N: FromStr + PartialOrd + Display + Clone,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let (min, max) = (range.start(), range.end());
        number.ok_or_else(|| format!("must be a whole number from {min} to {max}"))
    }
}

/// Reads a span of time, or says how one is written.
fn duration(text: &str) -> Result<Duration, String> {
    let span = humantime::parse_duration(text);
    span.map_err(|_| "must be a span of time such as 90s, 15m, 12h or 30d".to_owned())
}

/// Reads a mailbox (RFC 5322, section 3.4), or says how one is written.
fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse().map_err(|_| "must be a mailbox such as Todo <todo@example.com>".to_owned())
}

/// Whether `url` leads to a host of the web, and names nobody whose password it might hold.
pub(crate) fn is_web_address(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Whether `url` leads to this machine itself, so that nobody stands in between.
fn is_loopback(url: &Url) -> bool {
    address_in(url).map_or(url.host_str() == Some("localhost"), |address| address.is_loopback())
}

/// Whether `url` is of who listens on every address of this machine.
fn is_unspecified(url: &Url) -> bool {
    address_in(url).is_some_and(|address| address.is_unspecified())
}

/// The host of `url`, if it is written as an address.
fn address_in(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether `url` is an origin as browsers write it (RFC 6454, section 6.2): a scheme of the web, a
/// host in lower case, and a port if it is not the scheme's own.
fn is_origin(url: &str) -> bool {
    let Some((scheme, authority)) = url.split_once("://") else { return false };
    let Ok(parsed) = Authority::from_str(authority) else { return false };
    let (host, port) = (parsed.host(), parsed.port_u16());
    let usual = matches!((scheme, port), ("http", Some(80)) | ("https", Some(443)));
    let whole = port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    matches!(scheme, "http" | "https")
        && !host.is_empty()
        && !url.contains(|c: char| c.is_ascii_uppercase() || c == '*')
        && whole == authority
        && !usual
}

#[cfg(test)]
mod tests;
