//! What the domain's ports need besides the database: each adapter implements one.

mod bcrypt;
mod claims;
mod hs256;
mod judged_tokens;
mod jwks;
mod jws;
mod log_mailer;
mod mail_text;
mod measured_database;
mod measured_security_log;
mod measured_verifier;
mod remembering_passwords;
mod retrying_mailer;
mod security_log;
mod session_cache;
mod session_memory;
mod smtp;
mod switch_cache;
mod system_clock;
mod token_judge;
mod unthrottled;
mod user_cache;

pub use bcrypt::BcryptHasher;
pub(crate) use claims::instant;
pub use hs256::Hs256Tokens;
pub(crate) use jwks::Algorithm;
pub use jwks::JwksTokens;
pub(crate) use jws::{Header, Jws};
pub(crate) use log_mailer::LogMailer;
pub(crate) use mail_text::MailWriter;
pub(crate) use measured_database::MeasuredDatabase;
pub(crate) use measured_security_log::MeasuredSecurityLog;
pub(crate) use measured_verifier::MeasuredVerifier;
pub(crate) use remembering_passwords::RememberingPasswordRepo;
pub(crate) use retrying_mailer::RetryingMailer;
pub(crate) use security_log::TracingSecurityLog;
pub(crate) use session_cache::CachedSessionRepo;
pub(crate) use session_memory::SessionMemory;
pub(crate) use smtp::SmtpMailer;
pub(crate) use switch_cache::CachedSwitchRepo;
pub use system_clock::SystemClock;
pub(crate) use token_judge::TokenJudge;
pub(crate) use unthrottled::UnthrottledAttempts;
pub(crate) use user_cache::CachedUserRepo;

use std::time::Duration;

use aws_lc_rs::digest;
use todo_domain::Timestamp;

/// How long a replica may believe what it last read of a session or a user. What another replica
/// ends is over here after this time at the latest, and the promise is 30 seconds.
const CACHE_MAX_AGE: Duration = Duration::from_secs(20);

/// Whether what was read at `before` may still be believed at `now`.
fn is_fresh(before: Timestamp, now: Timestamp) -> bool {
    apart(before, now) < CACHE_MAX_AGE
}

/// The time between two instants. A clock that was set back must not keep old readings alive.
fn apart(a: Timestamp, b: Timestamp) -> Duration {
    a.since(b).max(b.since(a))
}

/// How many sessions, and how many users, a replica remembers: some 10 MB of each at most.
const CACHE_CAPACITY: u64 = 50_000;

/// The digest that a secret text is kept as.
fn sha256(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    bytes
}
