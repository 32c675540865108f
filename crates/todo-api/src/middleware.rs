//! What happens to every request and response, whatever the URL.

mod chunked;
mod connection;
mod deadline;
mod headers;
mod https_only;
mod measured;
mod problems;
mod rate_limit;
mod switched;

pub(crate) use chunked::chunked;
pub(crate) use connection::connection;
pub(crate) use deadline::{DEADLINE, deadline};
pub(crate) use headers::{SecurityHeaders, headers};
pub(crate) use https_only::{HttpsOnly, https_only};
pub(crate) use measured::{RoutePattern, measured};
pub(crate) use problems::problems;
pub(crate) use rate_limit::{RATE_LIMIT, RATE_LIMIT_POLICY, rate_limit};
pub(crate) use switched::switched;

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use tracing_actix_web::RequestId;
use uuid::fmt::Hyphenated;

/// The id of a request, as the log, the header and the problem document show it. Where no line is
/// logged, no request has one.
fn request_id(request: &HttpRequest) -> Option<Hyphenated> {
    request.extensions().get::<RequestId>().map(|id| id.hyphenated())
}
