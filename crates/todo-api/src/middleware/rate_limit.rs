//! Auth calls are counted by the network that they come from.

use std::sync::Arc;

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;

use super::chunked::turn_away;
use crate::client_address::client_address;
use crate::error::ApiError;
use crate::rate_limit::{CALLS, RateLimiter, WINDOW};
use crate::routes;

/// Tells the limit (draft-ietf-httpapi-ratelimit-headers-11, section 3).
pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Tells where the client stands (the same, section 4).
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Lets an auth call in if its network has not called too often, and tells each where it stands. It
/// comes before a token is looked at or a body read.
pub(crate) async fn rate_limit(
    limiter: Option<Arc<RateLimiter>>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(limiter) = limiter.filter(|_| routes::is_auth(&request)) else {
        return next.call(request).await;
    };
    let admitted = limiter.admit(client_address(request.request()));
    let mut response = match admitted {
        Ok(_) => next.call(request).await?,
        Err(standing) => {
            turn_away(request, ApiError::RateLimited { retry_after: standing.seconds })
        }
    };
    let (Ok(standing) | Err(standing)) = admitted;
    let headers = response.headers_mut();
    let policy = format!(r#""address";q={CALLS};w={}"#, WINDOW.as_secs());
    let current = format!(r#""address";r={};t={}"#, standing.remaining, standing.seconds);
    for (name, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, current)] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}
