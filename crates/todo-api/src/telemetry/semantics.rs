//! The span of a request in the words of OpenTelemetry's semantic conventions for HTTP.
//!
//! Only what is named here leaves the service. The conventions are applied by whoever sends the spans,
//! off the path of requests.

use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

const ROUTE: &str = "http.route";
const METHOD: &str = "http.request.method";
const STATUS: &str = "http.response.status_code";
const SCHEME: &str = "url.scheme";

/// The fields of the span that are sent, and what each is called then.
const FIELDS: [(&str, &str); 9] = [
    ("method", METHOD),
    ("path", "url.path"),
    ("client", "client.address"),
    ("user_id", "user.id"),
    ("request_id", "todo.request_id"),
    (ROUTE, ROUTE),
    (STATUS, STATUS),
    (SCHEME, SCHEME),
    ("error.type", "error.type"),
];

/// Tells the span what is known at the end of its request. Without traces this does nothing.
pub(super) fn end(span: &Span, route: Option<&str>, status: u16, secure: bool) {
    if let Some(route) = route {
        span.set_attribute(ROUTE, route.to_owned());
    }
    span.set_attribute(STATUS, i64::from(status));
    span.set_attribute(SCHEME, if secure { "https" } else { "http" });
}

/// The span as it is sent: of a server, with the attributes of the conventions and no other, named by
/// method and route. It failed if the status is one of the server's own faults.
pub(super) fn conventional(mut span: SpanData) -> SpanData {
    span.attributes = span.attributes.into_iter().filter_map(renamed).collect();
    let status = match attribute(&span, STATUS) {
        Some(Value::I64(status)) => *status,
        _ => 0,
    };
    if status >= 500 {
        span.status = Status::error("");
        span.attributes.push(KeyValue::new("error.type", status.to_string()));
    }
    let word = |name| attribute(&span, name).map(|value| value.as_str().into_owned());
    let words = [word(METHOD), word(ROUTE)].into_iter().flatten().collect::<Vec<_>>();
    span.name = words.join(" ").into();
    span.span_kind = SpanKind::Server;
    span
}

fn renamed(attribute: KeyValue) -> Option<KeyValue> {
    let (_, name) = FIELDS.iter().find(|(field, _)| *field == attribute.key.as_str())?;
    Some(KeyValue::new(*name, attribute.value))
}

fn attribute<'a>(span: &'a SpanData, name: &str) -> Option<&'a Value> {
    let mut attributes = span.attributes.iter();
    attributes.find(|attribute| attribute.key.as_str() == name).map(|attribute| &attribute.value)
}
