//! What is logged and traced, and how: one line a request, never a secret.

#[cfg(test)]
pub(crate) mod capture;
mod json_lines;
mod request_span;
mod semantics;
mod trace_context;
mod traces;

pub(crate) use request_span::{AreTracesSent, RequestSpan};
pub(crate) use traces::Traces;

use std::io::{self, IsTerminal as _};

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{EnvFilter, ParseError};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::json_lines::{JsonLines, JsonMembers};
use crate::config::{Config, ConfigError, LogFormat};

/// Libraries that repeat what we say ourselves, or that let any client write errors into the log.
/// `RUST_LOG` may name them and say otherwise.
const QUIET: &str =
    "actix_http=off,actix_server=warn,sqlx::postgres::notice=warn,sqlx::query=error";
/// What must be told however little is: the events of accounts, and the span that says which request
/// they are of. `RUST_LOG` may name them and say otherwise.
const TOLD: &str = "security=info,request=error";

/// Where log lines go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LogTo {
    /// For a server, whose output they are.
    Stdout,
    /// For a command, whose output is something else.
    Stderr,
}

/// Starts logging, and tracing if traces are sent. What is traced does not depend on `RUST_LOG`.
///
/// # Errors
/// If `RUST_LOG` cannot be read.
pub(crate) fn init(config: &Config, to: LogTo, traces: Option<&Traces>) -> Result<(), ConfigError> {
    let filter = filter(&config.rust_log).map_err(|_| {
        ConfigError::new("RUST_LOG", "must be a filter such as info or todo_api=debug,warn")
    })?;
    let (writer, pretty) = match to {
        LogTo::Stdout => (BoxMakeWriter::new(io::stdout), io::stdout().is_terminal()),
        LogTo::Stderr => (BoxMakeWriter::new(io::stderr), io::stderr().is_terminal()),
    };
    let format =
        config.log_format.unwrap_or(if pretty { LogFormat::Pretty } else { LogFormat::Json });
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = match format {
        LogFormat::Pretty => lines.with_ansi(pretty).boxed(),
        LogFormat::Json => lines.fmt_fields(JsonMembers).event_format(JsonLines).boxed(),
    };
    let registry = tracing_subscriber::registry();
    let started = match traces {
        None => registry.with(lines).with(filter).try_init(),
        Some(traces) => registry.with(lines.with_filter(filter)).with(traces.layer()).try_init(),
    };
    // Only a second start in one process can fail, and then logging is already there.
    drop(started);
    Ok(())
}

/// What is let through. `RUST_LOG=off` is meant as it is said.
fn filter(rust_log: &str) -> Result<EnvFilter, ParseError> {
    match rust_log.trim() {
        off if off.eq_ignore_ascii_case("off") => EnvFilter::try_new(off),
        some => EnvFilter::try_new(format!("{QUIET},{TOLD},{some}")),
    }
}

/// What an error says, and what each of its causes says.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use tracing::Level;
    use tracing_actix_web::RootSpanBuilder as _;

    use super::*;

    /// Whether a security event and the span of its request get into the log.
    fn told(rust_log: &str) -> (bool, bool) {
        let subscriber = tracing_subscriber::fmt().with_env_filter(filter(rust_log).unwrap());
        tracing::subscriber::with_default(subscriber.finish(), || {
            let request = TestRequest::get().to_srv_request();
            let span = !RequestSpan::on_request_start(&request).is_disabled();
            (tracing::enabled!(target: "security", Level::INFO), span)
        })
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
}
