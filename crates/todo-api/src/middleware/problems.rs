//! Turns every error into a problem document, the framework's own included. Only a page that tells a person of
//! an error stays as it is.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use super::request_id;
use crate::error::{ApiError, Description};
use crate::family::Family;
use crate::metrics::Metrics;
use crate::problem::ProblemDocument;
use crate::telemetry;

/// The media type of a problem document (RFC 9457, section 6.1).
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Writes the problem document of every response that is an error and does not tell so itself, and logs the cause of a fault
/// of ours, once, under the request's id.
pub(crate) async fn problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || is_told(&response) {
        return Ok(response);
    }
    Ok(with_problem(response))
}

/// Whether the response says itself what went wrong: to a program, or by a page to a person.
fn is_told(response: &ServiceResponse<BoxBody>) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    content_type.is_some_and(|it| it == PROBLEM_JSON.as_bytes() || it.starts_with(b"text/html"))
}

pub(super) fn with_problem(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let request_id = request_id(response.request());
    let request_id = request_id.map(|id| id.to_string()).unwrap_or_default();
    let error = response.response().error();
    let description = match error.and_then(|error| error.as_error::<ApiError>()) {
        Some(error) => error.describe(Family::of(response.request())),
        None => Description::of_status(response.status()),
    };
    let Description { status, slug, title, detail, errors, headers } = description;
    if let Some(error) = error
        && status.is_server_error()
    {
        log(status.as_u16(), error.as_error());
    }
    if let Some(metrics) = response.request().app_data::<web::Data<Metrics>>() {
        metrics.http.problem(slug);
    }

    *response.response_mut().status_mut() = status;
    for (name, value) in headers {
        response.headers_mut().insert(name, value);
    }
    response.headers_mut().insert(CONTENT_TYPE, PROBLEM_JSON);
    response.headers_mut().remove(CONTENT_LENGTH);
    let kind = format!("urn:todo:problem:{slug}");
    let status = status.as_u16();
    let document = ProblemDocument { kind, title, status, detail, request_id, errors };
    // Strings and numbers always serialise.
    let body = serde_json::to_vec(&document).unwrap_or_default();
    response.map_body(|_, _| BoxBody::new(body))
}

fn log(status: u16, error: Option<&ApiError>) {
    let cause = error.map(|error| telemetry::chain(error)).unwrap_or_default();
    if error.is_some_and(ApiError::is_passing) {
        tracing::warn!(status, cause, "the request was turned away");
    } else {
        tracing::error!(status, cause, "the request failed");
    }
}
