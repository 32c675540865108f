//! The headers that every response carries.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use uuid::Uuid;

use super::request_id;

/// The header that names the request, also in the log.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Which of the headers depend on where the service runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecurityHeaders {
    /// Whether browsers are told to use HTTPS alone (RFC 6797).
    pub(crate) hsts: bool,
}

/// Adds the headers; what a handler has set itself stays.
pub(crate) async fn headers<B: MessageBody>(
    settings: SecurityHeaders,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let is_api = request.path().starts_with("/api/");
    let mut response = next.call(request).await?;
    let id = request_id(response.request());
    let headers = response.headers_mut();
    if let Some(id) = id
        && let Ok(id) = HeaderValue::from_str(id.encode_lower(&mut Uuid::encode_buffer()))
    {
        headers.insert(X_REQUEST_ID, id);
    }
    default(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(headers, REFERRER_POLICY, "no-referrer");
    default(headers, X_FRAME_OPTIONS, "DENY");
    default(headers, CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    if settings.hsts {
        default(headers, STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    if is_api {
        // Tokens and tasks are for one person and no cache.
        default(headers, CACHE_CONTROL, "no-store");
    }
    Ok(response)
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
