//! The span of a request, and the line that ends it.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage as _, HttpRequest, web};
use tracing::{Span, field};
use tracing_actix_web::{RequestId, RootSpanBuilder};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use uuid::Uuid;

use super::{semantics, trace_context};
use crate::client_address::client_address;
use crate::middleware::RoutePattern;

/// When work on a request began.
struct Started(Instant);

/// Whether traces are sent, so that the ids of traces are made by whoever makes the traces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AreTracesSent(pub(crate) bool);

/// The span of a request, and the line that ends it. The path is logged without its query, which
/// may hold what a user wrote.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        request.extensions_mut().insert(Started(Instant::now()));
        let id = request.extensions().get::<RequestId>().map(|id| id.hyphenated());
        let mut id_text = Uuid::encode_buffer();
        let parent = trace_context::parent(request.headers());
        let given = parent.as_ref().map(trace_context::trace_id);
        let trace_id = given
            .or_else(|| (!are_traces_sent(request.request())).then(trace_context::new_id))
            .map(trace_context::digits);
        let mut trace_text = Uuid::encode_buffer();
        // A span whose level is filtered out is lost to every event in it: at the highest level, a
        // warning has its request id even where `RUST_LOG` hides what is merely informative.
        let span = tracing::error_span!(
            target: "request",
            "request",
            client = client_address(request.request()).map(field::display),
            method = request.method().as_str(),
            path = request.path(),
            request_id = id.as_ref().map(|id| &*id.encode_lower(&mut id_text)),
            trace_id = trace_id.as_ref().map(|id| &*id.encode_lower(&mut trace_text)),
            user_id = field::Empty,
        );
        if let Some(parent) = parent {
            // It fails where nothing is traced, and then there is nothing to do.
            span.set_parent(parent).ok();
        }
        if trace_id.is_none() {
            let made = trace_context::traced_id(&span).unwrap_or_else(trace_context::new_id);
            let made = trace_context::digits(made);
            span.record("trace_id", &*made.encode_lower(&mut trace_text));
        }
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        // What is no response is answered further out, where nobody knows the request any more.
        let Ok(response) = outcome else { return };
        let (request, status) = (response.request(), response.status().as_u16());
        let extensions = request.extensions();
        let started = extensions.get::<Started>().map(|started| started.0);
        let milliseconds = started.map_or(0.0, |started| started.elapsed().as_secs_f64() * 1e3);
        let route = extensions.get::<RoutePattern>().map(|route| route.0.as_str());
        if are_traces_sent(request) {
            semantics::end(&span, route, status, request.app_config().secure());
        }
        tracing::info!(parent: &span, route, status, milliseconds, "answered");
    }
}

fn are_traces_sent(request: &HttpRequest) -> bool {
    request.app_data::<web::Data<AreTracesSent>>().is_some_and(|sent| sent.0)
}
