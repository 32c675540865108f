//! A token's header and claims, short and readable.

use std::time::Duration;

use serde_json::Value;
use todo_domain::{SessionId, Timestamp};

use crate::adapters::{Header, instant};
use crate::printable::printable;

/// The claims whose values are shown. Others may hold secrets, as a session's own token does.
const SHOWN: [&str; 9] = ["iss", "aud", "sub", "id", "user_id", "userId", "email", "name", "sid"];
/// The claims that are instants.
const TIMES: [&str; 3] = ["iat", "nbf", "exp"];

/// What the header and the claims say, as far as they can be read.
pub(super) fn summary(
    header: Option<&Header>,
    claims: Option<&Value>,
    now: Timestamp,
) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(Header { alg, kid, typ, .. }) = header {
        lines.push("Header".to_owned());
        for (name, value) in [("alg", Some(alg)), ("kid", kid.as_ref()), ("typ", typ.as_ref())] {
            lines.extend(value.map(|value| line(name, &printable(value))));
        }
    }
    if let Some(Value::Object(claims)) = claims {
        lines.push("Claims".to_owned());
        let told = |names: &[&'static str]| {
            let told = names.iter().filter_map(|name| Some((*name, claims.get(*name)?)));
            told.filter(|(name, value)| is_fit(name, value)).collect::<Vec<_>>()
        };
        lines.extend(told(&SHOWN).into_iter().map(|(name, value)| line(name, &text_of(value))));
        lines
            .extend(told(&TIMES).into_iter().map(|(name, value)| line(name, &time_of(value, now))));
        let others: Vec<_> = claims
            .iter()
            .filter(|(name, value)| !is_fit(name, value))
            .map(|(name, _)| printable(name))
            .collect();
        if !others.is_empty() {
            lines.push(line("others", &others.join(", ")));
        }
    }
    lines
}

/// Whether a claim is fit to be shown. The `sid` of Better Auth is the secret that opens the session;
/// ours only names one.
fn is_fit(name: &str, value: &Value) -> bool {
    match name {
        "sid" => value.as_str().and_then(SessionId::parse).is_some(),
        name => SHOWN.contains(&name) || TIMES.contains(&name),
    }
}

fn line(name: &str, value: &str) -> String {
    format!("  {name:<8}{value}")
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}

fn time_of(value: &Value, now: Timestamp) -> String {
    let Some(time) = instant(value) else { return format!("{} (no instant)", text_of(value)) };
    let apart = if time > now {
        format!("in {}", span(time.since(now)))
    } else {
        format!("{} ago", span(now.since(time)))
    };
    format!("{time} ({apart})")
}

/// A span of time in whole seconds, such as `14m 3s`.
pub(super) fn span(span: Duration) -> String {
    humantime::format_duration(Duration::from_secs(span.as_secs())).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(claims: &Value) -> Vec<String> {
        summary(None, Some(claims), Timestamp::EPOCH.plus(Duration::from_secs(1_000)))
    }

    #[test]
    fn times_are_shown_as_instants_and_from_now() {
        let lines = lines(&json!({"exp": 1_065, "iat": 940, "nbf": "soon"}));
        assert_eq!(lines[1], "  iat     1970-01-01T00:15:40.000000Z (1m ago)");
        assert_eq!(lines[2], "  nbf     soon (no instant)");
        assert_eq!(lines[3], "  exp     1970-01-01T00:17:45.000000Z (in 1m 5s)");
    }

    #[test]
    fn of_claims_that_may_hold_secrets_only_the_names_are_shown() {
        let claims = json!({"sid": "hunter2", "session": {"token": "hunter3"}, "key": "hunter4"});
        let lines = lines(&claims);
        assert_eq!(lines[1..], ["  others  key, session, sid".to_owned()]);
    }

    #[test]
    fn nothing_is_shown_that_a_terminal_would_obey() {
        let lines = lines(&json!({"sub": "\u{1b}[2J\u{9b}1m\u{202e}", "\u{7}": 1}));
        assert_eq!(lines[1], "  sub     \\u{1b}[2J\\u{9b}1m\\u{202e}");
        assert_eq!(lines[2], "  others  \\u{7}");
    }
}
