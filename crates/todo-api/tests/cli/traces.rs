//! Traces: what is sent to a collector, and what its absence costs.

use std::net::TcpListener;

use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use reqwest::Client;
use serde_json::{Value, json};

use crate::collector::{Collector, attribute};
use crate::process::{Place, Server};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "00f067aa0ba902b7";

fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| format!("{byte:02x}");
    bytes.iter().map(digits).collect()
}

/// Asks for a path with this `traceparent`; the request's id.
async fn get(server: &Server, path: &str, traceparent: &str) -> String {
    let request = Client::new().get(server.url(path)).header("traceparent", traceparent);
    let answer = request.send().await.expect("an answer");
    answer.headers()["x-request-id"].to_str().expect("text").to_owned()
}

/// The span of a request, which was sent once.
fn span_of(spans: &[Span], request_id: &str) -> Span {
    let is_of = |span: &&Span| {
        attribute(&span.attributes, "todo.request_id").as_deref() == Some(request_id)
    };
    let found: Vec<_> = spans.iter().filter(is_of).collect();
    assert_eq!(found.len(), 1, "{request_id}");
    found[0].clone()
}

#[actix_web::test]
async fn a_span_goes_to_the_collector_below_the_callers() {
    let (collector, place) = (Collector::start(), Place::new());
    let server = place.serve(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hunter%3D2"),
        ("OTEL_SERVICE_NAME", "todo-test"),
    ]);
    let path = "/api/v1/tasks/7?cursor=the-words-of-a-user";
    let id = get(&server, path, &format!("00-{TRACE}-{CALLER}-01")).await;
    assert_eq!(server.stop("TERM").code, Some(0));

    assert_eq!(collector.calls(), [("/v1/traces".to_owned(), "hunter=2".to_owned())]);
    let (spans, resource) = collector.spans();
    assert_eq!(attribute(&resource, "service.name").as_deref(), Some("todo-test"));
    assert_eq!(attribute(&resource, "service.version").as_deref(), Some(env!("CARGO_PKG_VERSION")));
    let span = span_of(&spans, &id);
    assert_eq!((hex(&span.trace_id).as_str(), hex(&span.parent_span_id).as_str()), (TRACE, CALLER));
    assert_eq!(span.name, "GET /api/v1/tasks/{task_id}");
    assert_eq!(span.kind(), SpanKind::Server);
    for (name, value) in [
        ("http.request.method", "GET"),
        ("http.route", "/api/v1/tasks/{task_id}"),
        ("http.response.status_code", "401"),
        ("url.path", "/api/v1/tasks/7"),
        ("url.scheme", "http"),
        ("client.address", "127.0.0.1"),
    ] {
        assert_eq!(attribute(&span.attributes, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(span.attributes.len(), 7, "{:?}", span.attributes);
    assert_ne!(span.status.unwrap_or_default().code(), StatusCode::Error);
}

#[actix_web::test]
async fn a_caller_who_does_not_sample_is_heard_and_nonsense_is_not() {
    let (collector, place) = (Collector::start(), Place::new());
    let server = place.serve(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint)]);
    let unsampled = get(&server, "/health", &format!("00-{TRACE}-{CALLER}-00")).await;
    let nonsense = get(&server, "/nowhere", &format!("00-{TRACE}-{CALLER}")).await;
    server.stop("TERM");

    let (spans, _) = collector.spans();
    let ids = spans.iter().map(|span| attribute(&span.attributes, "todo.request_id"));
    assert!(!ids.flatten().any(|id| id == unsampled));
    let span = span_of(&spans, &nonsense);
    assert_eq!(span.name, "GET unmatched");
    assert!(span.parent_span_id.is_empty());
    assert_ne!(hex(&span.trace_id), TRACE);
}

#[actix_web::test]
async fn the_log_and_the_collector_know_a_trace_by_the_same_id() {
    let (collector, place) = (Collector::start(), Place::new());
    let server = place
        .serve(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint), ("LOG_FORMAT", "json")]);
    let id = get(&server, "/health", "").await;
    let log = server.stop("TERM").stdout;
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let line = lines.into_iter().find(|line| line["span"]["request_id"] == id).unwrap();
    let (spans, _) = collector.spans();
    assert_eq!(line["span"]["trace_id"], hex(&span_of(&spans, &id).trace_id));
}

#[actix_web::test]
async fn nothing_secret_goes_to_the_collector_and_its_key_is_not_logged() {
    let (collector, place) = (Collector::start(), Place::new());
    let server = place.serve(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hunter2"),
        ("RUST_LOG", "trace"),
    ]);
    let account = json!({"email": "ada@example.com", "password": "correct horse", "name": "Ada"});
    let register = Client::new().post(server.url("/api/v1/auth/register")).json(&account);
    let answer: Value = register.send().await.unwrap().json().await.unwrap();
    let token = answer["access_token"].as_str().unwrap();
    let task = Client::new().post(server.url("/api/v1/tasks")).bearer_auth(token);
    task.json(&json!({"title": "Buy milk"})).send().await.unwrap();
    let forgot = Client::new().post(server.url("/api/v1/auth/password/forgot"));
    forgot.json(&json!({"email": "ada@example.com"})).send().await.unwrap();

    let log = server.stop("TERM").stdout;
    assert!(!log.contains("hunter2"));
    let sent = String::from_utf8_lossy(&collector.bytes()).into_owned();
    assert!(sent.contains(answer["user"]["id"].as_str().unwrap()), "the user's id is");
    for secret in ["correct horse", token, "ada@example.com", "milk", "hunter2", "reset-password"] {
        assert!(!sent.contains(secret), "{secret}");
    }
}

#[actix_web::test]
async fn a_collector_that_is_away_costs_one_line_of_the_log() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let place = Place::new();
    let server = place.serve(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
    for _ in 0..20 {
        get(&server, "/health", "").await;
    }
    let ended = server.stop("TERM");
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.stdout.matches("does not take traces").count(), 1, "{}", ended.stdout);
}

#[actix_web::test]
async fn a_collector_that_never_answers_holds_up_neither_requests_nor_the_end() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let place = Place::new();
    let server = place.serve(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
    get(&server, "/health", "").await;
    let ended = server.stop("TERM");
    assert_eq!(ended.code, Some(0));
    let lost = ["does not take traces", "the last traces could not be sent"];
    assert!(lost.iter().any(|words| ended.stdout.contains(words)), "{}", ended.stdout);
}
