//! The middleware that lets only callers with a good token in.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest as _, HttpMessage as _, web};
use serde::Deserialize;
use todo_domain::{AuthService, Caller};
use tracing::Span;

use super::CurrentCaller;
use crate::error::ApiError;
use crate::family::Family;
use crate::middleware::DEADLINE;

/// The part of a path that names a user, where there is one.
#[derive(Deserialize)]
struct UserPath {
    user_id: Option<String>,
}

/// Verifies the token and stores who bears it. It comes before every extractor: an anonymous
/// request is 401 whatever its body holds.
pub(crate) async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match caller_of(&request).await {
        Ok(caller) => {
            Span::current().record("user_id", caller.user_id.as_str());
            request.extensions_mut().insert(CurrentCaller(caller));
            next.call(request).await.map(ServiceResponse::map_into_boxed_body)
        }
        // `into_response` would lose the error, which is told further out.
        Err(error) => Ok(request.error_response(error)),
    }
}

/// [`authenticate`] for a scope of tasks: puts the scope's family into the request as well.
pub(crate) async fn authenticate_family(
    family: Family,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    request.extensions_mut().insert(family);
    authenticate(request, next).await
}

async fn caller_of(request: &ServiceRequest) -> Result<Caller, ApiError> {
    let auth = request.app_data::<web::Data<AuthService>>().ok_or(ApiError::NoToken)?;
    let token = bearer_token(request).ok_or(ApiError::NoToken)?;
    let named = named_user(request);
    let caller = auth.authenticate(token, named.as_deref());
    let caller = tokio::time::timeout(DEADLINE, caller).await;
    Ok(caller.map_err(|_| ApiError::Deadline)??)
}

/// The token of the header `Authorization: Bearer …` (RFC 6750, section 2.1).
fn bearer_token(request: &ServiceRequest) -> Option<&str> {
    // `to_str` looks at each byte of a long text by itself.
    let header = std::str::from_utf8(request.headers().get(AUTHORIZATION)?.as_bytes()).ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_ascii())
}

/// The user whom the path names, if it names one.
fn named_user(request: &ServiceRequest) -> Option<String> {
    let path = web::Path::<UserPath>::extract(request.request()).into_inner();
    // A text that cannot even be decoded is nobody's id, and neither is an empty one.
    path.map_or_else(|_| Some(String::new()), |path| path.into_inner().user_id)
}
