//! Where traces are sent: `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_EXPORTER_OTLP_HEADERS`, as the
//! OpenTelemetry Protocol Exporter specification has them.

use std::collections::HashMap;

use actix_web::http::header::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::config::{ConfigError, is_web_address};

/// A collector of traces.
#[derive(Clone)]
pub(crate) struct TraceCollector {
    /// Where it takes them.
    pub(crate) url: String,
    /// What it wants to see with them: secrets, as a rule.
    pub(crate) headers: HashMap<String, String>,
}

impl TraceCollector {
    /// The collector at `endpoint`, to which the path of traces is appended.
    ///
    /// # Errors
    /// The setting that cannot be used.
    pub(crate) fn parse(endpoint: &str, headers: &str) -> Result<Self, ConfigError> {
        let plain = |url: &Url| url.query().is_none() && url.fragment().is_none();
        let url = Url::parse(endpoint).ok().filter(is_web_address).filter(plain);
        let url = url.ok_or_else(|| {
            ConfigError::new(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "must be an address of http or https without a user or a query, \
                 such as http://localhost:4318",
            )
        })?;
        let pairs = headers.split(',').filter(|pair| !pair.trim().is_empty()).map(header);
        let headers = pairs.collect::<Option<_>>().ok_or_else(|| {
            ConfigError::new(
                "OTEL_EXPORTER_OTLP_HEADERS",
                "must be headers such as api-key=…,x-team=todo, with percent-encoded values",
            )
        })?;
        Ok(Self { url: format!("{}/v1/traces", url.as_str().trim_end_matches('/')), headers })
    }
}

/// A name and a value with `=` between them.
fn header(pair: &str) -> Option<(String, String)> {
    let (name, value) = pair.split_once('=')?;
    let name = HeaderName::try_from(name.trim()).ok()?;
    let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
    HeaderValue::from_str(&value).ok()?;
    Some((name.to_string(), value.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_have_a_path_of_their_own_below_the_endpoint() {
        for (endpoint, url) in [
            ("http://localhost:4318", "http://localhost:4318/v1/traces"),
            ("https://otlp.example.com/team/", "https://otlp.example.com/team/v1/traces"),
        ] {
            assert_eq!(TraceCollector::parse(endpoint, "").unwrap().url, url);
        }
    }

    #[test]
    fn headers_are_percent_encoded() {
        let collector = TraceCollector::parse("http://h", "Api-Key=a%3Db, x-team = todo,").unwrap();
        assert_eq!(collector.headers["api-key"], "a=b");
        assert_eq!(collector.headers["x-team"], "todo");
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_being_shown() {
        for endpoint in ["", "localhost:4318", "ftp://h", "https://u:hunter2@h", "http://h?a=b"] {
            let error = TraceCollector::parse(endpoint, "").err().unwrap();
            assert_eq!(error.variable, "OTEL_EXPORTER_OTLP_ENDPOINT", "{endpoint}");
            assert!(!error.to_string().contains("hunter2"));
        }
        for headers in ["hunter2", "a b=hunter2", "a=hunter2%00"] {
            let error = TraceCollector::parse("http://h", headers).err().unwrap();
            assert_eq!(error.variable, "OTEL_EXPORTER_OTLP_HEADERS", "{headers}");
            assert!(!error.to_string().contains("hunter2"));
        }
    }
}
