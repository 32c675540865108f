//! The sessions that a user can see and end.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use todo_domain::{
    Caller, ClientInfo, OpenSession, SessionError, SessionId, SessionService, UserAgent,
};
use utoipa::{IntoParams, ToSchema};

use crate::auth::CurrentCaller;
use crate::error::ApiError;
use crate::openapi::fields;

/// The part of a path that names a session.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SessionPath {
    /// The session's id.
    #[param(value_type = String, example = "019aa5f0-5d2c-7cc0-b1f4-3a1f5c9a7e11")]
    session_id: String,
}

/// What is told of any session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionDetails {
    /// Names the session.
    #[schema(example = "019aa5f0-5d2c-7cc0-b1f4-3a1f5c9a7e11")]
    id: String,
    /// The software that opened it, by its own account.
    #[schema(required = true, example = "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0")]
    user_agent: Option<String>,
    /// The address that it was opened from.
    #[schema(required = true, example = "203.0.113.7")]
    ip: Option<String>,
    /// When it was opened (RFC 3339, UTC).
    #[schema(schema_with = fields::instant)]
    created_at: String,
    /// When it was last refreshed, or opened (RFC 3339, UTC).
    #[schema(schema_with = fields::instant)]
    last_used_at: String,
    /// When it ends if it is not refreshed before (RFC 3339, UTC).
    #[schema(schema_with = fields::instant)]
    expires_at: String,
}

impl From<OpenSession> for SessionDetails {
    fn from(session: OpenSession) -> Self {
        let OpenSession { id, client, created_at, last_used_at, expires_at } = session;
        let ClientInfo { user_agent, address } = client;
        Self {
            id: id.to_string(),
            user_agent: user_agent.as_ref().map(UserAgent::as_str).map(str::to_owned),
            ip: address.map(|address| address.to_string()),
            created_at: created_at.to_string(),
            last_used_at: last_used_at.to_string(),
            expires_at: expires_at.to_string(),
        }
    }
}

/// An open session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionResponse {
    #[serde(flatten)]
    details: SessionDetails,
    /// Whether it is the session of this very call.
    current: bool,
}

impl SessionResponse {
    fn new(session: OpenSession, caller: &Caller) -> Self {
        let current = caller.session_id == Some(session.id);
        Self { details: session.into(), current }
    }
}

/// List sessions
///
/// Your open sessions, the last used first. A token of another issuer has no session here.
#[utoipa::path(
    get,
    path = "/sessions",
    operation_id = "listSessions",
    tag = "sessions",
    responses((status = 200, description = "The sessions", body = Vec<SessionResponse>)),
    security(("bearer" = [])),
)]
pub(crate) async fn list(
    CurrentCaller(caller): CurrentCaller,
    sessions: web::Data<SessionService>,
) -> Result<HttpResponse, ApiError> {
    let open = sessions.list(&caller).await?;
    let open = open.into_iter().map(|session| SessionResponse::new(session, &caller));
    Ok(HttpResponse::Ok().json(open.collect::<Vec<_>>()))
}

/// End a session
///
/// Its access tokens and its refresh token stop working. Ending the session of this very call is
/// logging out.
#[utoipa::path(
    delete,
    path = "/sessions/{session_id}",
    operation_id = "endSession",
    tag = "sessions",
    params(SessionPath),
    responses(
        (status = 204, description = "The session has ended"),
        (status = 404, description = "You have no such open session"),
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn end(
    CurrentCaller(caller): CurrentCaller,
    path: web::Path<SessionPath>,
    sessions: web::Data<SessionService>,
) -> Result<HttpResponse, ApiError> {
    let id = SessionId::parse(&path.session_id).ok_or(SessionError::NotFound)?;
    sessions.end(&caller, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all other sessions
///
/// Every session of yours but the one of this call ends.
#[utoipa::path(
    delete,
    path = "/sessions",
    operation_id = "endOtherSessions",
    tag = "sessions",
    responses((status = 204, description = "The other sessions have ended")),
    security(("bearer" = [])),
)]
pub(crate) async fn end_others(
    CurrentCaller(caller): CurrentCaller,
    sessions: web::Data<SessionService>,
) -> Result<HttpResponse, ApiError> {
    sessions.end_others(&caller).await?;
    Ok(HttpResponse::NoContent().finish())
}
