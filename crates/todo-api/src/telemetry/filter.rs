//! Which lines are let into the log.

use tracing_subscriber::filter::{EnvFilter, ParseError, Targets};

/// Libraries that repeat what we say ourselves, or that let any client write errors into the log.
/// `RUST_LOG` may name them and say otherwise.
const QUIET: &str =
    "actix_http=off,actix_server=warn,sqlx::postgres::notice=warn,sqlx::query=error";
/// What must be told however little is: the events of accounts, and the span that says which request
/// they are of. `RUST_LOG` may name them and say otherwise.
const TOLD: &str = "security=info,request=error";

/// What decides.
#[expect(clippy::large_enum_variant, reason = "there is one, for as long as it takes to start")]
pub(super) enum Filter {
    /// Where a line comes from and its level: all that most filters ask for. It knows of no span, and
    /// costs a request nothing.
    Targets(Targets),
    /// The spans that a line is in as well.
    Spans(EnvFilter),
}

impl Filter {
    /// What `RUST_LOG` says. `off` is meant as it is said.
    pub(super) fn new(rust_log: &str) -> Result<Self, ParseError> {
        let filter = match rust_log.trim() {
            off if off.eq_ignore_ascii_case("off") => EnvFilter::try_new(off)?,
            some => EnvFilter::try_new(format!("{QUIET},{TOLD},{some}"))?,
        };
        // As it was understood, so that both understand the same.
        let understood = filter.to_string();
        let names_spans = understood.contains('[');
        match understood.parse() {
            Ok(targets) if !names_spans => Ok(Self::Targets(targets)),
            _ => Ok(Self::Spans(filter)),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use tracing::Level;
    use tracing_actix_web::RootSpanBuilder as _;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::telemetry::RequestSpan;

    /// What comes of it where this filter decides.
    fn with<T>(rust_log: &str, told: impl FnOnce() -> T) -> T {
        let registry = tracing_subscriber::registry();
        match Filter::new(rust_log).unwrap() {
            Filter::Targets(it) => tracing::subscriber::with_default(registry.with(it), told),
            Filter::Spans(it) => tracing::subscriber::with_default(registry.with(it), told),
        }
    }

    /// Whether a security event and the span of its request get into the log.
    fn told(rust_log: &str) -> (bool, bool) {
        with(rust_log, || {
            let request = TestRequest::get().to_srv_request();
            let span = !RequestSpan::on_request_start(&request).is_disabled();
            (tracing::enabled!(target: "security", Level::INFO), span)
        })
    }

    /// The targets and levels that get through where this is asked.
    fn let_through() -> Vec<(&'static str, Level)> {
        let mut through = Vec::new();
        macro_rules! ask {
            ($($target:literal)*) => { $( ask!($target: ERROR WARN INFO DEBUG TRACE); )* };
            ($target:literal: $($level:ident)*) => { $(
                if tracing::enabled!(target: $target, Level::$level) {
                    through.push(($target, Level::$level));
                }
            )* };
        }
        ask!("todo_api" "todo_api::server" "todo_db" "x" "x::y" "x::y::z" "security" "request");
        ask!("actix_http" "actix_server" "sqlx::query" "sqlx::postgres::notice");
        through
    }

    #[test]
    fn security_events_are_told_with_their_request_however_little_is_logged() {
        for rust_log in ["trace", "info", "warn", "error", "todo_db=debug", "off,todo_db=warn", ""]
        {
            assert_eq!(told(rust_log), (true, true), "{rust_log}");
        }
    }

    #[test]
    fn security_events_are_silent_only_where_that_is_asked_for() {
        for rust_log in ["off", "OFF", " off "] {
            assert_eq!(told(rust_log), (false, false), "{rust_log}");
        }
        for rust_log in ["security=off", "info,security=off", "security=off,trace"] {
            assert_eq!(told(rust_log), (false, true), "{rust_log}");
        }
    }

    #[test]
    fn a_filter_that_names_spans_or_fields_is_heeded() {
        for rust_log in ["[request]=debug", "x[request{path=\"/\"}]=debug", "x[{path}]=info"] {
            assert!(matches!(Filter::new(rust_log).unwrap(), Filter::Spans(_)), "{rust_log}");
        }
        let (outside, inside) = with("warn,[request]=debug", || {
            let is_told = || tracing::enabled!(target: "x", Level::DEBUG);
            (is_told(), tracing::error_span!("request").in_scope(is_told))
        });
        assert_eq!((outside, inside), (false, true));
    }

    #[test]
    fn every_other_filter_is_of_targets_and_lets_the_same_through() {
        for rust_log in ["info", "todo_api=debug,warn", "WARN,,todo_api", "3", "off,x::y=TRACE", ""]
        {
            let env = EnvFilter::new(format!("{QUIET},{TOLD},{rust_log}"));
            let Filter::Targets(targets) = Filter::new(rust_log).unwrap() else {
                panic!("{rust_log}");
            };
            assert_eq!(targets.to_string(), env.to_string(), "{rust_log}");
            let registry = tracing_subscriber::registry;
            let expected = tracing::subscriber::with_default(registry().with(env), let_through);
            let found = tracing::subscriber::with_default(registry().with(targets), let_through);
            assert_eq!(found, expected, "{rust_log}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for rust_log in ["info=what", "todo_api=info=debug"] {
            assert!(Filter::new(rust_log).is_err(), "{rust_log}");
        }
    }
}
