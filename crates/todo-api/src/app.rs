//! The composition root: the only place that knows every adapter.

mod address;
mod database;
mod database_observer;
mod mailer;
mod opening;
mod scraping;
mod services;
mod start_error;
mod state;
mod web_app;

pub(crate) use self::database::{connect_to_current, connect_to_migrate, repos_to_read};
pub(crate) use self::services::{Repos, admin_service};
pub use self::start_error::StartError;

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use actix_cors::Cors;
use actix_web::http::header::{
    AUTHORIZATION, CONTENT_TYPE, HeaderName, LINK, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::middleware::from_fn;
use actix_web::{App, web};
use secrecy::{ExposeSecret as _, SecretString};
use todo_domain::{Clock, Mailer, PasswordService, SecurityLog};
use tokio::task::JoinHandle;
use tracing_actix_web::TracingLogger;

use self::database_observer::DatabaseObserver;
use self::scraping::MetricsServer;
use self::services::Services;
use self::state::State;
use crate::adapters::{
    Hs256Tokens, JwksTokens, MeasuredSecurityLog, TokenJudge, TracingSecurityLog,
};
use crate::config::{AppEnv, Config, RateLimit};
use crate::metrics::KeyFetches;
use crate::middleware::{
    HttpsOnly, RATE_LIMIT, RATE_LIMIT_POLICY, SecurityHeaders, chunked, connection, headers,
    https_only, measured, problems, rate_limit,
};
use crate::outbox::{Outbox, Postman};
use crate::rate_limit::RateLimiter;
use crate::server::{self, Draining, HttpServer, ServerOptions, Signals, Stop, Tls};
use crate::telemetry::{RequestSpan, Traces};
use crate::{maintenance, outbox, routes, secret_file};

/// How long a browser may remember what CORS allows.
const PREFLIGHT_MAX_AGE_SECONDS: usize = 600;

/// The service, listening.
pub struct Application {
    server: HttpServer,
    signals: [Signals; 2],
    port: u16,
    /// Ends only if the database cannot be opened.
    work: JoinHandle<Result<Infallible, StartError>>,
    postman: Option<Postman>,
    metrics_server: Option<MetricsServer>,
    traces: Option<Traces>,
}

impl Application {
    /// Listens, and opens the database and brings its schema up as soon as it is there.
    ///
    /// # Errors
    /// [`StartError`], whose message is fit for the operator.
    pub async fn build(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        config.check()?;
        let tls = config.tls_files()?.map(Tls::load).transpose()?;
        let web_app = web_app::web_app(&config)?.map(web::Data::new);
        let max_connections =
            server::connections(config.max_connections, config.db_max_connections)?;
        let db = database::prepare(&config).await?;
        if db.is_local() {
            opening::open(&config, &db).await?;
        }
        let secret = signing_secret(&config)?;
        let limiter = rate_limiter(&config, clock.clone());

        let address = (config.host.as_str(), config.port);
        let listen_error = |source| StartError::Listen {
            variables: "HOST and PORT",
            address: format!("{}:{}", config.host, config.port),
            source,
        };
        let listener = TcpListener::bind(address).map_err(listen_error)?;
        let port = listener.local_addr().map_err(listen_error)?.port();
        let base_url = config.base_url(port);
        let mailer = mailer::mailer(&config, &base_url, clock.clone())?;
        let metrics = scraping::metrics(&db)?;
        let log: Arc<dyn SecurityLog> =
            Arc::new(MeasuredSecurityLog::new(TracingSecurityLog, metrics.auth.clone()));
        let observer = DatabaseObserver { metrics: metrics.database.clone() };
        let db = db.observed_by(Arc::new(observer)).reporting_to(log.clone());
        let services = Services::new(&config, &db, &secret, clock, log, &metrics)?;
        let (outbox, postman) = post_office(&services.passwords, mailer);
        let housekeeping = services.housekeeping.clone();
        let draining = Draining::default();
        let state = State::new(
            &config,
            services,
            db.clone(),
            outbox,
            draining.clone(),
            port,
            metrics.clone(),
        );
        let metrics_server = MetricsServer::start(&config, &metrics)?;
        let scraped_here = metrics_server.is_none();
        let has_web_app = web_app.is_some();
        let origins = config.cors_allowed_origins.clone();
        let settings = SecurityHeaders { hsts: config.app_env == AppEnv::Production };
        let https = Arc::new(HttpsOnly::of(&config));
        let options = ServerOptions {
            threads: server::threads(),
            max_connections,
            tls,
            drain: config.shutdown_drain,
            draining: draining.clone(),
        };
        let database = db.clone();
        let server = HttpServer::new(listener, options, move || {
            database.keep_connections();
            let (limiter, https, draining) = (limiter.clone(), https.clone(), draining.clone());
            let metrics = metrics.clone();
            App::new()
                .configure(|app| state.configure(app))
                .configure(|app| {
                    if scraped_here {
                        routes::configure_metrics(app);
                    }
                })
                .configure(routes::configure)
                .configure(|app| routes::configure_pages(app, web_app.as_ref()))
                .wrap(from_fn(chunked))
                .wrap(from_fn(move |request, next| rate_limit(limiter.clone(), request, next)))
                .wrap(from_fn(move |request, next| https_only(https.clone(), request, next)))
                .wrap(cors(&origins))
                .wrap(from_fn(problems))
                .wrap(from_fn(move |request, next| headers(settings, request, next)))
                .wrap(from_fn(move |request, next| connection(draining.clone(), request, next)))
                .wrap(from_fn(move |request, next| measured(metrics.clone(), request, next)))
                .wrap(TracingLogger::<RequestSpan>::new())
        })
        .map_err(listen_error)?;

        // Before anybody is told that it listens: from then on signals are heeded.
        let [first, second] = [Signals::listen(), Signals::listen()];
        let signals = [first.map_err(StartError::Serve)?, second.map_err(StartError::Serve)?];
        tracing::info!("listening on {}", config.local_url(port));
        tracing::info!("docs at {base_url}/docs");
        if has_web_app {
            web_app::announce(&config, port);
        }
        let work = tokio::spawn(async move {
            if !db.is_local() {
                opening::open(&config, &db).await?;
            }
            Ok(maintenance::run(housekeeping).await)
        });
        Ok(Self { server, signals, port, work, postman, metrics_server, traces: None })
    }

    /// The same, which sends what is left of these traces at its end.
    pub(crate) fn with_traces(self, traces: Option<Traces>) -> Self {
        Self { traces, ..self }
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port that only the metrics are at, if there is one.
    #[must_use]
    pub fn metrics_port(&self) -> Option<u16> {
        self.metrics_server.as_ref().map(|server| server.port)
    }

    /// Serves until a signal tells the process to stop, and then until the requests at hand are
    /// answered and the mails that they asked for and their traces are sent, though no longer than 30
    /// seconds. A second signal ends all at once.
    ///
    /// # Errors
    /// [`StartError::Serve`], [`StartError::Interrupted`]; [`StartError::Connect`] and
    /// [`StartError::Schema`] if the database came and is of no use.
    pub async fn run_until_stopped(self) -> Result<(), StartError> {
        let Self {
            server,
            signals: [mut first, mut second],
            mut work,
            postman,
            metrics_server,
            traces,
            ..
        } = self;
        let mut useless = None;
        let stop = async {
            tokio::select! {
                stop = first.stop() => stop,
                error = failure(&mut work) => {
                    useless = Some(error);
                    Stop::Now
                }
            }
        };
        let in_good_order = async {
            let left = server.run(stop).await;
            if let (Some(postman), Ok(left)) = (postman, &left) {
                postman.drain(left.remaining()).await;
            }
            if let Some(metrics_server) = metrics_server {
                metrics_server.stop().await;
            }
            if let (Some(traces), Ok(left)) = (traces, &left) {
                traces.flush(left.remaining()).await;
            }
            left.map(drop).map_err(StartError::Serve)
        };
        let ended = tokio::select! {
            ended = in_good_order => ended,
            () = second.twice() => Err(StartError::Interrupted),
        };
        work.abort();
        useless.map_or(ended, Err)
    }
}

/// Why the database cannot be opened, once that is known.
async fn failure(work: &mut JoinHandle<Result<Infallible, StartError>>) -> StartError {
    match work.await {
        Ok(Err(error)) => error,
        Ok(Ok(never)) => match never {},
        // Work that no request asks for has broken down: requests are served all the same.
        Err(_) => std::future::pending().await,
    }
}

fn signing_secret(config: &Config) -> Result<SecretString, StartError> {
    if let Some(secret) = &config.better_auth_secret {
        return Ok(secret.clone());
    }
    let path = secret_file::path_for(config.database_url.expose_secret());
    let secret = secret_file::read_or_create(&path).map_err(|source| secret_file(&path, source))?;
    tracing::info!("BETTER_AUTH_SECRET is not set: signing with the secret in {}", path.display());
    Ok(secret)
}

/// The limiter that all workers share, if there is to be one.
fn rate_limiter(config: &Config, clock: Arc<dyn Clock>) -> Option<Arc<RateLimiter>> {
    match config.rate_limit {
        RateLimit::On => Some(Arc::new(RateLimiter::new(clock))),
        RateLimit::Off => {
            if config.app_env == AppEnv::Production {
                tracing::warn!(
                    "RATE_LIMIT is off, which is for load tests: any address may call, and guess \
                     passwords, without end"
                );
            }
            None
        }
    }
}

/// The shared secret, if there is one already.
///
/// # Errors
/// [`StartError::SecretFile`].
pub(crate) fn known_secret(config: &Config) -> Result<Option<SecretString>, StartError> {
    if let Some(secret) = &config.better_auth_secret {
        return Ok(Some(secret.clone()));
    }
    let path = secret_file::path_for(config.database_url.expose_secret());
    secret_file::read(&path).map_err(|source| secret_file(&path, source))
}

fn secret_file(path: &Path, source: io::Error) -> StartError {
    StartError::SecretFile { path: path.display().to_string(), source }
}

/// Judges tokens of this secret, and those of the issuer that `JWKS_URL` leads to.
///
/// # Errors
/// [`StartError::Config`], [`StartError::JwksClient`].
pub(crate) fn judge(
    config: &Config,
    shared_secret: Option<Arc<Hs256Tokens>>,
    fetches: Option<KeyFetches>,
) -> Result<TokenJudge, StartError> {
    let key_set =
        config.jwks()?.map(|settings| JwksTokens::measured(settings, fetches)).transpose();
    let key_set = key_set.map_err(StartError::JwksClient)?.map(Arc::new);
    Ok(TokenJudge { shared_secret, key_set })
}

/// The queue of mails that were asked for, and who takes them to `mailer`; nothing if there is none.
fn post_office(
    passwords: &PasswordService,
    mailer: Option<Arc<dyn Mailer>>,
) -> (Option<Outbox>, Option<Postman>) {
    let Some(mailer) = mailer else { return (None, None) };
    let passwords = passwords.clone();
    let (outbox, postman) = outbox::open(move |email| {
        let (passwords, mailer) = (passwords.clone(), mailer.clone());
        async move { passwords.send_reset(email, mailer.as_ref()).await }
    });
    (Some(outbox), Some(postman))
}

/// Lets pages of these origins call the API and read the headers that it speaks through.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([AUTHORIZATION, CONTENT_TYPE])
        .supports_credentials()
        .expose_headers([
            LINK,
            LOCATION,
            RATE_LIMIT,
            RATE_LIMIT_POLICY,
            RETRY_AFTER,
            WWW_AUTHENTICATE,
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(PREFLIGHT_MAX_AGE_SECONDS);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
