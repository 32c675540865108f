//! Lines of the log as JSON objects, one each.
//!
//! They are those of tracing-subscriber's own format, flattened and without its list of spans. That one
//! keeps the fields of a span as an object, and reads it and writes it anew for each line. Here they are
//! kept as members that lack only the braces, and are copied.

#[cfg(test)]
mod tests;

use std::fmt::{self, Debug};

use serde::Serialize;
use serde::de::IgnoredAny;
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing::{Event, Subscriber};
use tracing_log::NormalizeEvent as _;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// What the fields of a line and of its span usually take.
const USUAL_BYTES: usize = 512;

/// The fields of a span: members of an object, each with a comma behind it.
pub(super) struct JsonMembers;

impl<'writer> FormatFields<'writer> for JsonMembers {
    fn format_fields<R: RecordFields>(
        &self,
        mut writer: Writer<'writer>,
        fields: R,
    ) -> fmt::Result {
        writer.write_str(&Members::of(fields).text()?)
    }

    fn add_fields(
        &self,
        current: &'writer mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        fields.record(&mut Forget(&mut current.fields));
        current.fields.push_str(&Members::of(fields).text()?);
        Ok(())
    }
}

/// A line: an object with the time, the level, the fields of the event, its target, and the span that it
/// is in.
pub(super) struct JsonLines;

impl<S> FormatEvent<S, JsonMembers> for JsonLines
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonMembers>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        // A record of the crate `log` has its target among its fields.
        let normalized = event.normalized_metadata();
        let metadata = normalized.as_ref().unwrap_or_else(|| event.metadata());
        writer.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut writer)?;
        writer.write_str("\",\"level\":\"")?;
        writer.write_str(metadata.level().as_str())?;
        writer.write_str("\",")?;
        let mut members = Members::of(event);
        members.add("target", metadata.target());
        if let Some(span) = context.parent_span() {
            members.json.extend_from_slice(b"\"span\":{");
            if let Some(fields) = span.extensions().get::<FormattedFields<JsonMembers>>() {
                members.json.extend_from_slice(fields.as_bytes());
            }
            members.add("name", span.name());
            members.end();
            members.json.push(b',');
        }
        members.end();
        writer.write_str(&members.text()?)?;
        writer.write_char('\n')
    }
}

/// Members of an object, each with a comma behind it.
struct Members {
    json: Vec<u8>,
    written: serde_json::Result<()>,
}

impl Members {
    /// Those of the fields.
    fn of(fields: impl RecordFields) -> Self {
        let mut members = Self { json: Vec::with_capacity(USUAL_BYTES), written: Ok(()) };
        fields.record(&mut members);
        members
    }

    fn add(&mut self, name: &str, value: &(impl Serialize + ?Sized)) {
        if self.written.is_ok() {
            self.written = self.try_add(name, value);
        }
    }

    fn try_add(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
        serde_json::to_writer(&mut self.json, name)?;
        self.json.push(b':');
        serde_json::to_writer(&mut self.json, value)?;
        self.json.push(b',');
        Ok(())
    }

    /// Ends the object after the member that was added last.
    fn end(&mut self) {
        self.json.pop();
        self.json.push(b'}');
    }

    fn text(self) -> Result<String, fmt::Error> {
        self.written.map_err(|_| fmt::Error)?;
        String::from_utf8(self.json).map_err(|_| fmt::Error)
    }
}

impl Visit for Members {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field.name(), &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field.name(), &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field.name(), &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field.name(), &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field.name(), &format_args!("{value:?}"));
    }
}

/// Takes out the members whose fields are about to be written again.
struct Forget<'a>(&'a mut String);

impl Visit for Forget<'_> {
    fn record_debug(&mut self, field: &Field, _: &dyn Debug) {
        // Within a value each quote has a backslash before it, so that only a name matches.
        let name = format!("\"{}\":", field.name());
        let Some(start) = self.0.find(&name) else { return };
        let value = start + name.len();
        let mut values = serde_json::Deserializer::from_str(&self.0[value..]).into_iter();
        if let Some(Ok(IgnoredAny)) = values.next() {
            let comma = value + values.byte_offset();
            self.0.replace_range(start..=comma, "");
        }
    }
}
