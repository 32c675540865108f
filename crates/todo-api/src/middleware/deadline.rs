//! No request is worked on for ever.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

use crate::error::ApiError;

/// How long a handler may take, and the look at a token before it: longer than anything it waits for is allowed to.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Answers 503 in the place of a handler that takes longer than [`DEADLINE`]. Wraps a resource, not
/// a scope: further out the router still needs the request to itself.
pub(crate) async fn deadline(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let kept = request.request().clone();
    let missed =
        if kept.method().is_safe() { ApiError::Deadline } else { ApiError::DeadlineOfChange };
    match tokio::time::timeout(DEADLINE, next.call(request)).await {
        Ok(response) => response.map(ServiceResponse::map_into_boxed_body),
        Err(_) => Ok(ServiceResponse::new(kept, HttpResponse::from_error(missed))),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, web};

    use super::*;

    #[actix_web::test]
    async fn who_changes_something_is_told_that_it_may_have_been_done() {
        tokio::time::pause();
        let endless = web::resource("/").to(std::future::pending::<HttpResponse>);
        let app = init_service(App::new().service(endless.wrap(from_fn(deadline)))).await;
        for (method, slug) in [
            (Method::GET, "unavailable"),
            (Method::POST, "outcome-unknown"),
            (Method::DELETE, "outcome-unknown"),
        ] {
            let request = TestRequest::default().method(method).to_request();
            let answer = call_service(&app, request).await;
            let error = answer.response().error().and_then(|error| error.as_error::<ApiError>());
            assert_eq!(error.unwrap().describe(None).slug, slug);
        }
    }
}
