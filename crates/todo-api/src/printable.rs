//! Texts of anybody's, made fit for an operator's terminal.

use std::fmt::Write as _;

use serde_json::Value;

/// The most characters of a text that are shown.
const MAX_CHARS: usize = 120;

/// `text` without what a terminal would obey, and not too long.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars().take(MAX_CHARS) {
        match c {
            '"' | '\'' | '\\' => shown.push(c),
            c => shown.extend(c.escape_debug()),
        }
    }
    if text.chars().nth(MAX_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

/// A JSON document over several lines, in which what a terminal would obey is escaped (RFC 8259,
/// section 7). The serializer leaves what is not ASCII as it is.
pub(crate) fn printable_json(value: &Value) -> String {
    let mut shown = String::new();
    for c in format!("{value:#}").chars() {
        if c == '\n' || (!c.is_control() && (c.is_ascii() || c.escape_debug().len() == 1)) {
            shown.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // A String takes whatever is written to it.
            write!(shown, "\\u{unit:04x}").unwrap_or_default();
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const UNRULY: &str = "Ada\u{1b}[2J\u{7}\n\u{9b}1m\u{202e}\u{7f}evil";

    #[test]
    fn nothing_is_left_that_a_terminal_would_obey() {
        let shown = printable(UNRULY);
        assert_eq!(shown, "Ada\\u{1b}[2J\\u{7}\\n\\u{9b}1m\\u{202e}\\u{7f}evil");
        assert_eq!(printable("Zoë's \"list\" 👩"), "Zoë's \"list\" 👩");
        assert!(printable(&"x".repeat(200)).chars().count() <= MAX_CHARS + 1);
    }

    #[test]
    fn a_document_keeps_its_meaning() {
        let value = json!({"name": UNRULY, "other": "Zoë 👩 \u{e0001}"});
        let shown = printable_json(&value);
        assert!(
            !shown.contains(['\u{1b}', '\u{7f}', '\u{9b}', '\u{202e}', '\u{e0001}']),
            "{shown}"
        );
        assert!(shown.contains("Zoë 👩"), "{shown}");
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
    }
}
