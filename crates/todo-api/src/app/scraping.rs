//! Where Prometheus scrapes.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App, web};
use todo_db::{Db, PoolStatus};

use super::StartError;
use crate::config::{AppEnv, Config};
use crate::metrics::{Metrics, PoolReading};
use crate::middleware::{SecurityHeaders, chunked, connection, headers, problems};
use crate::routes;
use crate::server::{Draining, HttpServer, ServerOptions};

/// Connections of those who scrape that are taken at once.
const MAX_CONNECTIONS: usize = 32;

/// The metrics of an application on this database.
///
/// # Errors
/// [`StartError::Metrics`].
pub(super) fn metrics(db: &Db) -> Result<web::Data<Metrics>, StartError> {
    let metrics = Metrics::new().map_err(StartError::Metrics)?;
    // One that may be away has not answered yet.
    metrics.database.answered(db.is_local());
    let db = db.clone();
    metrics.show_pool(move || reading(&db)).map_err(StartError::Metrics)?;
    Ok(web::Data::new(metrics))
}

fn reading(db: &Db) -> PoolReading {
    let PoolStatus { size, idle, waiting, max } = db.pool_status();
    PoolReading { used: size.saturating_sub(idle), idle, waiting, max }
}

/// A server for the metrics alone.
pub(super) struct MetricsServer {
    pub(super) port: u16,
    handle: ServerHandle,
}

impl MetricsServer {
    /// Listens on `METRICS_PORT`, if it is set.
    ///
    /// # Errors
    /// [`StartError::Listen`].
    pub(super) fn start(
        config: &Config,
        metrics: &web::Data<Metrics>,
    ) -> Result<Option<Self>, StartError> {
        let Some(port) = config.metrics_port else {
            if config.app_env == AppEnv::Production {
                tracing::warn!(
                    "METRICS_PORT is not set: whoever reaches the API can read /metrics as well"
                );
            }
            return Ok(None);
        };
        let listen_error = |source| StartError::Listen {
            variables: "HOST and METRICS_PORT",
            address: format!("{}:{port}", config.host),
            source,
        };
        let listener = TcpListener::bind((config.host.as_str(), port)).map_err(listen_error)?;
        let port = listener.local_addr().map_err(listen_error)?.port();
        let (metrics, draining) = (metrics.clone(), Draining::default());
        let options = ServerOptions {
            threads: 1,
            max_connections: MAX_CONNECTIONS,
            tls: None,
            drain: Duration::ZERO,
            draining: draining.clone(),
        };
        let server = HttpServer::new(listener, options, move || {
            let draining = draining.clone();
            App::new()
                .app_data(metrics.clone())
                .configure(routes::configure_metrics)
                .wrap(from_fn(chunked))
                .wrap(from_fn(problems))
                .wrap(from_fn(|request, next| {
                    headers(SecurityHeaders { hsts: false }, request, next)
                }))
                .wrap(from_fn(move |request, next| connection(draining.clone(), request, next)))
        })
        .map_err(listen_error)?
        .bare();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        tracing::info!("metrics at {}/metrics", config.local_url(port));
        Ok(Some(Self { port, handle }))
    }

    /// Stops at once: whoever takes their time with a scrape does not hold the end up.
    pub(super) async fn stop(self) {
        drop(self.handle.pause());
        self.handle.stop(false).await;
    }
}
