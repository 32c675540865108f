//! Requests and their answers.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, Result};

use super::{Held, entered};

/// Upper bounds in seconds. The alerts look at 0.2 and 5.
const BUCKETS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

const LABELS: [&str; 3] = ["route", "method", "status"];

/// The problems that the alerts look at, which are shown before the first has happened.
const WATCHED_PROBLEMS: [&str; 4] = ["internal", "invalid-token", "other-user", "unavailable"];

/// Counts requests by the pattern of their URL, never by the URL itself: the number of series must
/// not depend on what clients send.
#[derive(Clone, Debug)]
pub(crate) struct HttpMetrics {
    requests: IntCounterVec,
    duration: HistogramVec,
    in_flight: IntGauge,
    problems: IntCounterVec,
}

impl HttpMetrics {
    pub(super) fn new(registry: &Registry) -> Result<Self> {
        let requests = Opts::new(
            "todo_http_requests_total",
            "Requests answered, by the pattern of their URL, their method and the class of the status.",
        );
        let duration = HistogramOpts::new(
            "todo_http_request_duration_seconds",
            "Time from a request's headers to its answer's, bodies that are streamed not included.",
        );
        let in_flight =
            IntGauge::new("todo_http_requests_in_flight", "Requests that are being worked on.");
        let problems = Opts::new(
            "todo_problems_total",
            "Errors answered, by the last part of the problem document's type.",
        );
        let problems = entered(registry, IntCounterVec::new(problems, &["type"]))?;
        for slug in WATCHED_PROBLEMS {
            problems.with_label_values(&[slug]);
        }
        Ok(Self {
            requests: entered(registry, IntCounterVec::new(requests, &LABELS))?,
            duration: entered(
                registry,
                HistogramVec::new(duration.buckets(BUCKETS.to_vec()), &LABELS),
            )?,
            in_flight: entered(registry, in_flight)?,
            problems,
        })
    }

    /// Counts a request as being worked on while the value lives.
    pub(crate) fn begin(&self) -> Held {
        Held::in_gauge(&self.in_flight)
    }

    /// Counts an answer.
    pub(crate) fn answered(
        &self,
        route: &str,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        let labels = [route, method_label(method), class_of(status)];
        self.requests.with_label_values(&labels).inc();
        self.duration.with_label_values(&labels).observe(took.as_secs_f64());
    }

    /// Counts an error by the last part of its problem's type.
    pub(crate) fn problem(&self, slug: &str) {
        self.problems.with_label_values(&[slug]).inc();
    }
}

/// The method, if it is a usual one: a client may make up others without end.
fn method_label(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => method.as_str(),
        _ => "other",
    }
}

fn class_of(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_that_clients_make_up_are_one() {
        let made_up = Method::from_bytes(b"BREW").unwrap();
        assert_eq!(method_label(&made_up), "other");
        assert_eq!(method_label(&Method::PATCH), "PATCH");
    }

    #[test]
    fn a_status_is_counted_by_its_class() {
        let class = |code| class_of(StatusCode::from_u16(code).unwrap());
        assert_eq!([101, 204, 308, 422, 503].map(class), ["1xx", "2xx", "3xx", "4xx", "5xx"]);
    }
}
