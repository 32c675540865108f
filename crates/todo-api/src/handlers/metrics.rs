//! What Prometheus scrapes.

use actix_web::{HttpResponse, web};

use crate::error::ApiError;
use crate::metrics::Metrics;

/// Metrics
///
/// Everything that the service counts and measures, in the text format of Prometheus. Served here
/// unless the service has a port of its own for it.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = "health",
    responses((
        status = 200,
        description = "The metrics",
        content_type = "text/plain; version=0.0.4; charset=utf-8",
        body = String,
    )),
)]
pub(crate) async fn metrics(metrics: web::Data<Metrics>) -> Result<HttpResponse, ApiError> {
    let text = metrics.render().map_err(ApiError::Metrics)?;
    Ok(HttpResponse::Ok().content_type(Metrics::MEDIA_TYPE).body(text))
}
