//! Whether the service is well.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use todo_domain::Database;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::server::Draining;

/// How the service is.
#[derive(Serialize, ToSchema)]
pub(crate) struct HealthResponse {
    /// `ok`, or `degraded` while the database does not answer.
    #[schema(example = "ok")]
    status: &'static str,
    /// The version of the service.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// `up` or `down`.
    #[schema(example = "up")]
    database: &'static str,
}

/// That the service is there.
#[derive(Serialize, ToSchema)]
pub(crate) struct AliveResponse {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Health
///
/// A report for people and dashboards; always 200 while the process answers.
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "health",
    tag = "health",
    responses((status = 200, description = "How the service is", body = HealthResponse)),
)]
pub(crate) async fn health(database: web::Data<dyn Database>) -> HttpResponse {
    let (status, state) = match database.ping().await {
        Ok(()) => ("ok", "up"),
        Err(_) => ("degraded", "down"),
    };
    let version = env!("CARGO_PKG_VERSION");
    HttpResponse::Ok().json(HealthResponse { status, version, database: state })
}

/// Liveness
///
/// Whether the process answers at all. If it does not, restart it.
#[utoipa::path(
    get,
    path = "/health/live",
    operation_id = "healthLive",
    tag = "health",
    responses((status = 200, description = "The process answers", body = AliveResponse)),
)]
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(AliveResponse { status: "ok" })
}

/// Readiness
///
/// Whether requests should be sent here. If not, send them elsewhere for a while.
#[utoipa::path(
    get,
    path = "/health/ready",
    operation_id = "healthReady",
    tag = "health",
    responses(
        (status = 200, description = "Send requests", body = AliveResponse),
        (
            status = 503,
            description = "The database does not answer, or has answered with a row that was not \
                           asked for, or the server is about to stop",
        ),
    ),
)]
pub(crate) async fn ready(
    draining: web::Data<Draining>,
    database: web::Data<dyn Database>,
) -> Result<HttpResponse, ApiError> {
    if draining.is_on() {
        return Err(ApiError::Draining);
    }
    database.ping().await?;
    Ok(HttpResponse::Ok().json(AliveResponse { status: "ok" }))
}
