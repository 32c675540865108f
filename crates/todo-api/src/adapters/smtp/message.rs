//! A mail as it goes over the wire.

use std::time::UNIX_EPOCH;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, SinglePart};
use lettre::{Address, Message};
use todo_domain::{MailError, Timestamp};

use crate::adapters::mail_text::MailText;

/// The most characters of a line that is not encoded (RFC 5322, section 2.1.1).
const MAX_LINE_CHARS: usize = 998;

/// The mail `text` from `from`, sent at `now` (RFC 5322): plain text in UTF-8.
///
/// # Errors
/// [`MailError::Refused`] if the address cannot stand in an envelope.
pub(super) fn message(
    text: &MailText,
    from: &Mailbox,
    now: Timestamp,
) -> Result<Message, MailError> {
    let to: Address =
        text.to.as_str().parse().map_err(|error| MailError::Refused(Box::new(error)))?;
    // So that nobody's automatic answer comes back (RFC 3834, section 5).
    let auto_submitted = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    Message::builder()
        .from(from.clone())
        .to(to.into())
        .subject(text.subject)
        .date(UNIX_EPOCH + now.since(Timestamp::EPOCH))
        .message_id(Some(message_id(text, from)))
        .raw_header(auto_submitted)
        .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body(&text.body)))
        .map_err(|error| MailError::Refused(Box::new(error)))
}

/// The body, sent as it is whenever it may be: left to itself `lettre` breaks lines of more than 76
/// characters, the link among them, for the mail client to join again.
fn body(text: &str) -> Body {
    let fits = text.is_ascii() && text.lines().all(|line| line.len() <= MAX_LINE_CHARS);
    if !fits {
        return Body::new(text.to_owned());
    }
    let lines = text.replace('\n', "\r\n").into_bytes();
    Body::dangerous_pre_encoded(lines, ContentTransferEncoding::SevenBit)
}

/// Names the mail (RFC 5322, section 3.6.4) by what it says, which holds a token and so is said only
/// once. Each try has the same name: a server whose answer was lost on the way, and who gets the
/// mail again, can tell.
fn message_id(text: &MailText, from: &Mailbox) -> String {
    let name = URL_SAFE_NO_PAD.encode(digest(&SHA256, text.body.as_bytes()));
    format!("<{name}@{}>", from.email.domain())
}
