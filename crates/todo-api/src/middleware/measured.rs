//! Every request is counted, whoever answers it.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, web};

use crate::metrics::Metrics;
use crate::routes;

/// The pattern of the URL that a request was routed by, such as `/api/v1/tasks/{task_id}`.
pub(crate) struct RoutePattern(pub(crate) String);

impl RoutePattern {
    /// What stands in its place where the URL leads nowhere.
    const UNMATCHED: &str = "unmatched";

    /// The pattern that the request of this response was routed by.
    fn of<B>(response: &ServiceResponse<B>) -> Self {
        let pattern = routes::pattern(response.request());
        Self(pattern.unwrap_or_else(|| Self::UNMATCHED.to_owned()))
    }
}

/// Counts and times a request. What it was routed by is left in it for the line of the log.
pub(crate) async fn measured<B: MessageBody>(
    metrics: web::Data<Metrics>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let _in_flight = metrics.http.begin();
    let (started, method) = (Instant::now(), request.method().clone());
    let response = next.call(request).await?;
    let route = RoutePattern::of(&response);
    metrics.http.answered(&route.0, &method, response.status(), started.elapsed());
    response.request().extensions_mut().insert(route);
    Ok(response)
}
