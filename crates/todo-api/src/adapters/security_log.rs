//! Security events as lines of the log.

use todo_domain::{Email, Outcome, SecurityEvent, SecurityLog, UserId};

/// Writes each event to the log, with the target `security`. The request's id and the client's
/// address stand in the span of the request, and so in the same line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TracingSecurityLog;

impl SecurityLog for TracingSecurityLog {
    fn record(&self, event: &SecurityEvent) {
        let SecurityEvent { action, outcome, user_id, email, object } = event;
        let action = action.as_str();
        let user_id = user_id.as_ref().map(UserId::as_str);
        let email = email.as_ref().map(Email::as_str);
        let object = object.as_deref();
        match outcome {
            Outcome::Success => {
                tracing::info!(
                    target: "security",
                    action, outcome = "success", user_id, email, object, "{action} succeeded"
                );
            }
            Outcome::Refused(reason) => {
                tracing::warn!(
                    target: "security",
                    action, outcome = "refused", reason, user_id, email, object, "{action} refused"
                );
            }
        }
    }
}
