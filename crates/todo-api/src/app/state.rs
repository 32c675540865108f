//! What the handlers share, as the web framework hands it to them.

use std::sync::Arc;

use actix_web::cookie::SameSite;
use actix_web::error::QueryPayloadError;
use actix_web::web;
use todo_db::Db;
use todo_domain::{
    AccountService, AuthService, Database, PasswordService, SessionService, SwitchRepo, TaskService,
};

use super::Services;
use crate::adapters::MeasuredDatabase;
use crate::auth::RefreshCookies;
use crate::client_address::TrustedProxies;
use crate::config::{AppEnv, Config, CookieSameSite};
use crate::error::ApiError;
use crate::handlers::docs::OpenApiJson;
use crate::json::MAX_BODY_BYTES;
use crate::metrics::Metrics;
use crate::openapi;
use crate::outbox::Outbox;
use crate::server::Draining;
use crate::telemetry::AreTracesSent;

/// What the handlers share.
#[derive(Clone)]
pub(super) struct State {
    tasks: web::Data<TaskService>,
    auth: web::Data<AuthService>,
    accounts: web::Data<AccountService>,
    passwords: web::Data<PasswordService>,
    sessions: web::Data<SessionService>,
    switches: web::Data<dyn SwitchRepo>,
    database: web::Data<dyn Database>,
    outbox: Option<web::Data<Outbox>>,
    draining: web::Data<Draining>,
    cookies: web::Data<RefreshCookies>,
    proxies: web::Data<TrustedProxies>,
    openapi: web::Data<OpenApiJson>,
    metrics: web::Data<Metrics>,
    traced: web::Data<AreTracesSent>,
}

impl State {
    /// The services, and what else the handlers need, for a server on `port`.
    pub(super) fn new(
        config: &Config,
        services: Services,
        db: Db,
        outbox: Option<Outbox>,
        draining: Draining,
        port: u16,
        metrics: web::Data<Metrics>,
    ) -> Self {
        let Services { tasks, auth, accounts, passwords, sessions, switches, .. } = services;
        let database = MeasuredDatabase::new(db, metrics.database.clone());
        let database: Arc<dyn Database> = Arc::new(database);
        Self {
            tasks: web::Data::new(tasks),
            auth: web::Data::new(auth),
            accounts: web::Data::new(accounts),
            passwords: web::Data::new(passwords),
            sessions: web::Data::new(sessions),
            switches: web::Data::from(switches),
            database: web::Data::from(database),
            outbox: outbox.map(web::Data::new),
            draining: web::Data::new(draining),
            cookies: web::Data::new(refresh_cookies(config, port)),
            proxies: web::Data::new(config.trusted_proxies.clone()),
            openapi: web::Data::new(OpenApiJson(openapi::to_json().into())),
            metrics,
            traced: web::Data::new(AreTracesSent(config.otel_exporter_otlp_endpoint.is_some())),
        }
    }

    /// Hands everything to an application, once for each of its threads.
    pub(super) fn configure(&self, app: &mut web::ServiceConfig) {
        if let Some(outbox) = &self.outbox {
            app.app_data(outbox.clone());
        }
        app.app_data(self.tasks.clone())
            .app_data(self.auth.clone())
            .app_data(self.accounts.clone())
            .app_data(self.passwords.clone())
            .app_data(self.sessions.clone())
            .app_data(self.switches.clone())
            .app_data(self.database.clone())
            .app_data(self.draining.clone())
            .app_data(self.cookies.clone())
            .app_data(self.proxies.clone())
            .app_data(self.openapi.clone())
            .app_data(self.metrics.clone())
            .app_data(self.traced.clone())
            .app_data(web::PayloadConfig::new(MAX_BODY_BYTES))
            .app_data(web::QueryConfig::default().error_handler(|error, _| {
                ApiError::Query(match error {
                    QueryPayloadError::Deserialize(error) => error.to_string(),
                    error => error.to_string(),
                })
                .into()
            }));
    }
}

/// The refresh cookie, for pages that may call the API and those that it serves itself.
fn refresh_cookies(config: &Config, port: u16) -> RefreshCookies {
    let origins = [config.own_origins(port), config.cors_allowed_origins.clone()].concat();
    let same_site = match config.cookie_same_site {
        CookieSameSite::Strict => SameSite::Strict,
        CookieSameSite::Lax => SameSite::Lax,
        CookieSameSite::None => SameSite::None,
    };
    // A browser keeps a cookie for other sites only if it is secure.
    let secure = config.app_env == AppEnv::Production || same_site == SameSite::None;
    RefreshCookies { secure, same_site, lifetime: config.refresh_token_ttl, origins }
}
