//! What is logged and traced, and how: one line a request, never a secret.

#[cfg(test)]
pub(crate) mod capture;
mod filter;
mod gathered_lines;
mod json_lines;
mod request_span;
mod semantics;
mod trace_context;
mod traces;

pub(crate) use gathered_lines::LastLines;
pub(crate) use request_span::{AreTracesSent, RequestSpan};
pub(crate) use traces::Traces;

use std::io::{self, IsTerminal as _};

use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::{self, Layer, Layered, SubscriberExt as _};
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use self::filter::Filter;
use self::gathered_lines::GatheredLines;
use self::json_lines::{JsonLines, JsonMembers};
use crate::config::{Config, ConfigError, LogFormat};

/// Where log lines go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LogTo {
    /// For a server, whose output they are.
    Stdout,
    /// For a command, whose output is something else.
    Stderr,
}

/// Writes lines to the output.
type Lines = Box<dyn Layer<Registry> + Send + Sync>;

/// Starts logging, and tracing if traces are sent. What is traced does not depend on `RUST_LOG`. What is
/// returned, if there is anything, must live as long as the server: its end is that of the log.
///
/// # Errors
/// If `RUST_LOG` cannot be read.
pub(crate) fn init(
    config: &Config,
    to: LogTo,
    traces: Option<&Traces>,
) -> Result<Option<LastLines>, ConfigError> {
    let filter = Filter::new(&config.rust_log).map_err(|_| {
        ConfigError::new("RUST_LOG", "must be a filter such as info or todo_api=debug,warn")
    })?;
    let is_terminal = match to {
        LogTo::Stdout => io::stdout().is_terminal(),
        LogTo::Stderr => io::stderr().is_terminal(),
    };
    let (writer, last_lines) = writer(to, is_terminal);
    let format =
        config.log_format.unwrap_or(if is_terminal { LogFormat::Pretty } else { LogFormat::Json });
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = match format {
        LogFormat::Pretty => lines.with_ansi(is_terminal).boxed(),
        LogFormat::Json => lines.fmt_fields(JsonMembers).event_format(JsonLines).boxed(),
    };
    let started = match filter {
        Filter::Targets(filter) => start(lines, filter, traces),
        Filter::Spans(filter) => start(lines, filter, traces),
    };
    // Only a second start in one process can fail, and then logging is already there.
    drop(started);
    Ok(last_lines)
}

/// What writes lines: gathered where nobody watches them come, else each at once.
fn writer(to: LogTo, is_terminal: bool) -> (BoxMakeWriter, Option<LastLines>) {
    match to {
        LogTo::Stdout if !is_terminal => {
            let (lines, last_lines) = GatheredLines::start(io::stdout());
            lines.write_at_panics();
            (BoxMakeWriter::new(lines), Some(last_lines))
        }
        LogTo::Stdout => (BoxMakeWriter::new(io::stdout), None),
        LogTo::Stderr => (BoxMakeWriter::new(io::stderr), None),
    }
}

fn start<F>(lines: Lines, filter: F, traces: Option<&Traces>) -> Result<(), TryInitError>
where
    F: Layer<Layered<Lines, Registry>> + layer::Filter<Registry> + Send + Sync,
{
    let registry = tracing_subscriber::registry();
    match traces {
        None => registry.with(lines).with(filter).try_init(),
        Some(traces) => registry.with(lines.with_filter(filter)).with(traces.layer()).try_init(),
    }
}

/// What an error says, and what each of its causes says.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
