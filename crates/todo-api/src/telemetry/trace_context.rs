//! Which trace a request belongs to (W3C Trace Context).

use actix_web::http::header::{HeaderMap, HeaderName};
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{TraceContextExt as _, TraceId};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{IdGenerator as _, RandomIdGenerator};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use uuid::Uuid;
use uuid::fmt::Simple;

/// The header that names the trace and the caller's span (section 3.2).
const TRACEPARENT: &str = "traceparent";

/// The caller's span, if the caller names one. A header that is malformed is as good as none
/// (section 4.3).
pub(super) fn parent(headers: &HeaderMap) -> Option<Context> {
    let carrier = Carrier(headers);
    carrier.get(TRACEPARENT).filter(|value| has_form(value))?;
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    context.span().span_context().is_valid().then_some(context)
}

/// Whether the fields are of the digits that they must have (section 3.2.2), and nothing follows those
/// of version 00. The propagator, which judges the rest, reads any number, also a shorter one.
fn has_form(value: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let fields = || value.split('-').take(4);
    fields().map(str::len).eq([2, 32, 16, 2])
        && fields().all(|field| field.bytes().all(is_digit))
        && (value.len() == 55 || !value.starts_with("00"))
}

/// The trace that a span belongs to.
pub(super) fn trace_id(context: &Context) -> TraceId {
    context.span().span_context().trace_id()
}

/// The id that the span has where traces are sent, if it has one.
pub(super) fn traced_id(span: &Span) -> Option<TraceId> {
    Some(trace_id(&span.context())).filter(|id| *id != TraceId::INVALID)
}

/// The id of a new trace.
pub(super) fn new_id() -> TraceId {
    RandomIdGenerator::default().new_trace_id()
}

/// The id as it is written (section 3.2.2.3): 32 digits, as a UUID without its hyphens has them.
pub(super) fn digits(id: TraceId) -> Simple {
    Uuid::from_bytes(id.to_bytes()).simple()
}

/// The headers of a request, as the propagator reads them.
struct Carrier<'a>(&'a HeaderMap);

impl Extractor for Carrier<'_> {
    /// The value of a header that is given once: of two callers nobody could tell the right one.
    fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.get_all(name);
        let value = values.next()?;
        if values.next().is_some() { None } else { value.to_str().ok() }
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    fn traced(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            let name = HeaderName::from_static(TRACEPARENT);
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        parent(&headers).as_ref().map(|context| trace_id(context).to_string())
    }

    #[test]
    fn a_valid_header_names_the_trace() {
        for rest in ["00f067aa0ba902b7-01", "00f067aa0ba902b7-00"] {
            assert_eq!(traced(&[&format!("00-{TRACE}-{rest}")]).as_deref(), Some(TRACE));
        }
        let newer = format!("cc-{TRACE}-00f067aa0ba902b7-01-what-the-future-brings");
        assert_eq!(traced(&[&newer]).as_deref(), Some(TRACE), "of a later version");
    }

    #[test]
    fn a_header_that_breaks_a_rule_is_as_good_as_none() {
        let good = format!("00-{TRACE}-00f067aa0ba902b7-01");
        for bad in [
            "",
            "nonsense",
            &good[3..],
            &good.to_uppercase(),
            &good.replace("00-", "ff-"),
            &good.replace(TRACE, &"0".repeat(32)),
            &good.replace("00f067aa0ba902b7", &"0".repeat(16)),
            &good.replace(TRACE, "0af7651916cd43dd8448eb211c80319"),
            &format!("{good}-more"),
            &format!("{good}-"),
            &good.replace("0af7", "+af7"),
        ] {
            assert_eq!(traced(&[bad]), None, "{bad}");
        }
        assert_eq!(traced(&[&good, &good]), None, "two of them");
        assert_eq!(traced(&[]), None);
    }

    #[test]
    fn an_id_is_written_as_its_digits() {
        let id = TraceId::from_hex(TRACE).unwrap();
        assert_eq!(digits(id).to_string(), TRACE);
        assert_eq!(digits(TraceId::from(7)).to_string(), format!("{:032}", 7));
    }

    #[test]
    fn each_new_trace_has_an_id_of_its_own() {
        assert_ne!(new_id(), new_id());
    }
}
