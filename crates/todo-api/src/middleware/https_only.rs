//! In production nobody is served who came to the proxy without encryption.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, LOCATION, TryIntoHeaderValue as _};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

use super::chunked::turn_away;
use crate::client_address::TrustedProxies;
use crate::config::{AppEnv, Config};
use crate::error::ApiError;
use crate::routes;

/// What is known of the way by which requests come.
#[derive(Debug)]
pub(crate) struct HttpsOnly {
    /// Whether it matters.
    required: bool,
    /// Who knows how a client came.
    proxies: TrustedProxies,
    /// The public address, if it is one of HTTPS.
    address: Option<String>,
}

impl HttpsOnly {
    /// What the settings say of it.
    pub(crate) fn of(config: &Config) -> Self {
        let address = config.api_base_url.clone().filter(|url| url.starts_with("https://"));
        let required = config.app_env == AppEnv::Production;
        Self { required, proxies: config.trusted_proxies.clone(), address }
    }

    fn is_broken_by(&self, request: &ServiceRequest) -> bool {
        let peer = request.peer_addr();
        self.required
            && peer.is_some_and(|peer| self.proxies.say_plain(peer.ip(), request.headers()))
    }

    /// Where a person's browser finds the same page over HTTPS. A call of the API is not sent on: that it
    /// had been read on its way would go unseen (RFC 6797, section 7.2, is about pages).
    fn elsewhere(&self, request: &ServiceRequest) -> Option<HttpResponse> {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        if routes::is_api(request.request()) || !is_read {
            return None;
        }
        let (address, path) = (self.address.as_deref()?, request.uri().path_and_query()?);
        let location = format!("{address}{path}").try_into_value().ok()?;
        Some(
            HttpResponse::PermanentRedirect()
                .insert_header((LOCATION, location))
                // The query goes along, and may hold a token.
                .insert_header((CACHE_CONTROL, "no-store"))
                .finish(),
        )
    }
}

/// Turns a request away that a trusted proxy took without encryption. Probes ask whomever they like.
pub(crate) async fn https_only(
    https: Arc<HttpsOnly>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !https.is_broken_by(&request) || routes::is_health(&request) {
        return next.call(request).await;
    }
    match https.elsewhere(&request) {
        Some(redirect) => Ok(request.into_response(redirect)),
        None => Ok(turn_away(request, ApiError::HttpsRequired)),
    }
}
