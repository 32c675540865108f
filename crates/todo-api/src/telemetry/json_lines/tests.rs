//! The lines against those of tracing-subscriber's own format, which they must be equal to.

use std::io;

use proptest::prelude::*;
use tracing::field::{self, Empty};
use tracing_log::log;
use tracing_subscriber::layer::SubscriberExt as _;

use super::*;
use crate::telemetry::capture::Lines;

const TIMESTAMP: &str = r#"{"timestamp":"2026-11-21T05:43:05.971542Z","#;

/// What is logged to a layer that `layer` makes.
fn logged<L>(layer: impl FnOnce(Lines) -> L, told: impl FnOnce()) -> String
where
    L: tracing_subscriber::Layer<tracing_subscriber::Registry> + Send + Sync,
{
    let lines = Lines::default();
    let subscriber = tracing_subscriber::registry().with(layer(lines.clone()));
    tracing::subscriber::with_default(subscriber, told);
    lines.text()
}

/// What is logged with our format.
fn ours(told: impl FnOnce()) -> String {
    let layer = |lines: Lines| {
        let layer = tracing_subscriber::fmt::layer().with_writer(move || lines.clone());
        layer.fmt_fields(JsonMembers).event_format(JsonLines)
    };
    logged(layer, told)
}

/// What is logged with the library's.
fn theirs(told: impl FnOnce()) -> String {
    let layer = |lines: Lines| {
        let layer = tracing_subscriber::fmt::layer().with_writer(move || lines.clone());
        layer.json().flatten_event(true).with_span_list(false)
    };
    logged(layer, told)
}

/// The lines without their times.
fn timeless(lines: &str) -> Vec<&str> {
    lines.lines().map(|line| &line[TIMESTAMP.len()..]).collect()
}

/// Both formats must have the same lines for what is told, byte by byte.
fn same(told: impl Fn()) {
    let (ours, theirs) = (ours(&told), theirs(&told));
    assert!(!ours.is_empty());
    assert_eq!(timeless(&ours), timeless(&theirs));
}

#[test]
fn an_event_is_a_line_with_its_time_level_fields_and_target() {
    let line = ours(|| tracing::info!(target: "here", status = 200, "answered"));
    let (time, rest) = line.split_at(TIMESTAMP.len());
    assert_eq!(
        rest,
        "\"level\":\"INFO\",\"message\":\"answered\",\"status\":200,\"target\":\"here\"}\n"
    );
    let digits = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(digits(time), digits(TIMESTAMP));
}

#[test]
fn values_of_every_kind_are_written_as_the_library_does() {
    let error = io::Error::other("no \"way\"");
    let error: &(dyn std::error::Error + 'static) = &error;
    let event = || {
        tracing::error!(
            error,
            int = -1_i64,
            big = u64::MAX,
            huge = u128::MAX,
            float = 1.5,
            tiny = 1e-300,
            nan = f64::NAN,
            yes = true,
            text = "Ada",
            debug = ?Some("Ada"),
            display = %"Ada",
            none = Option::<u64>::None,
            some = Some("Ada"),
            "http.route" = "/health",
            empty = Empty,
        );
        tracing::trace!("{} tasks", 3);
        tracing::debug!(alone = 1);
    };
    same(event);
    let line = ours(event);
    assert!(line.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[test]
fn the_span_of_an_event_follows_it_and_those_around_it_do_not() {
    same(|| {
        let outer = tracing::info_span!("outer", a = 1, b = "two").entered();
        tracing::info!("in the outer one");
        let inner = tracing::info_span!("inner", c = %3, d = ?"four", none = Empty);
        inner.in_scope(|| tracing::warn!("in the inner one"));
        tracing::info!(parent: &inner, "of the inner one");
        tracing::info_span!("bare").in_scope(|| tracing::info!("in one without fields"));
        drop(outer);
        tracing::info!("after it");
    });
}

#[test]
fn what_a_span_learns_later_is_added_to_it() {
    same(|| {
        let span = tracing::info_span!("request", a = Empty, b = Empty, c = Empty);
        let _entered = span.enter();
        tracing::info!("nothing is known");
        span.record("b", "who \"they\" are");
        tracing::info!("one thing is");
        span.record("c", field::display("what"));
        tracing::info!("two things are");
    });
}

#[test]
fn what_a_span_learns_again_replaces_what_it_knew() {
    let lines = ours(|| {
        let text = r#""a":"b","#;
        let span = tracing::info_span!("request", text, a = 1, b = "x,\"a\":2,", c = true);
        let _entered = span.enter();
        for value in ["one", "an\"other"] {
            span.record("a", value);
        }
        span.record("b", 7);
        span.record("c", 1.5);
        tracing::info!("");
    });
    let span = r#""span":{"text":"\"a\":\"b\",","a":"an\"other","b":7,"c":1.5,"name":"request"}}"#;
    assert!(lines.trim_end().ends_with(span), "{lines}");
}

#[test]
fn records_of_the_crate_log_have_their_own_target() {
    same(|| {
        let mut record = log::Record::builder();
        record.level(log::Level::Warn).target("a_library").module_path(Some("a::module"));
        let message = format_args!("it \"says\"");
        tracing_log::format_trace(&record.args(message).build()).unwrap();
    });
}

proptest! {
    #[test]
    fn whatever_the_values_are_the_lines_are_those_of_the_library(
        text in any::<String>(),
        control in "[\u{0}-\u{9f}\"\\\\]{0,20}",
        int in any::<i64>(),
        float in any::<f64>(),
    ) {
        let told = || {
            let span = tracing::info_span!("span", control, int, text, then = Empty);
            let _entered = span.enter();
            tracing::info!(text, int, float, control = ?control, "{control}");
            span.record("then", control.as_str());
            tracing::info!(shown = %text);
        };
        let (ours, theirs) = (ours(told), theirs(told));
        prop_assert_eq!(timeless(&ours), timeless(&theirs));
    }
}
