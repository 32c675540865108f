//! What happens to accounts that somebody may have to explain later.

use crate::error::AuthError;
use crate::ports::SecurityLog;
use crate::user::{Email, UserId};

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To call the API with an access token.
    Authenticate,
    /// To make an account.
    Register,
    /// To log in with a password.
    Login,
    /// To trade a refresh token.
    Refresh,
    /// To end the session of the call.
    Logout,
    /// To end other sessions.
    EndSessions,
    /// To change a password by the current one.
    ChangePassword,
    /// To have a link sent that resets a password.
    RequestReset,
    /// To reset a password by such a link.
    ResetPassword,
    /// To delete an account.
    DeleteAccount,
    /// An operator: to make an account.
    AdminCreate,
    /// An operator: to disable an account.
    AdminDisable,
    /// An operator: to enable an account again.
    AdminEnable,
    /// An operator: to set a password.
    AdminSetPassword,
    /// An operator: to end all sessions of a user.
    AdminRevokeSessions,
    /// An operator: to turn a kill switch.
    AdminSwitch,
    /// Nobody's wish: the database answered with a row that was not asked for.
    IsolationBreach,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 17] = [
        Self::Authenticate,
        Self::Register,
        Self::Login,
        Self::Refresh,
        Self::Logout,
        Self::EndSessions,
        Self::ChangePassword,
        Self::RequestReset,
        Self::ResetPassword,
        Self::DeleteAccount,
        Self::AdminCreate,
        Self::AdminDisable,
        Self::AdminEnable,
        Self::AdminSetPassword,
        Self::AdminRevokeSessions,
        Self::AdminSwitch,
        Self::IsolationBreach,
    ];

    /// A stable word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authenticate => "authenticate",
            Self::Register => "register",
            Self::Login => "login",
            Self::Refresh => "refresh",
            Self::Logout => "logout",
            Self::EndSessions => "end_sessions",
            Self::ChangePassword => "change_password",
            Self::RequestReset => "request_reset",
            Self::ResetPassword => "reset_password",
            Self::DeleteAccount => "delete_account",
            Self::AdminCreate => "admin_create",
            Self::AdminDisable => "admin_disable",
            Self::AdminEnable => "admin_enable",
            Self::AdminSetPassword => "admin_set_password",
            Self::AdminRevokeSessions => "admin_revoke_sessions",
            Self::AdminSwitch => "admin_switch",
            Self::IsolationBreach => "isolation_breach",
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused, for a reason that is fit for an operator and holds no secret.
    Refused(String),
}

/// One thing that happened. Where from and in which request is known to the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityEvent {
    /// What was tried.
    pub action: Action,
    /// What came of it.
    pub outcome: Outcome,
    /// Whose account it is about, if there is one.
    pub user_id: Option<UserId>,
    /// The address that was named, where an account is named by its address.
    pub email: Option<Email>,
    /// What it was done to, where that is no account.
    pub object: Option<String>,
}

/// Who or what an event is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    pub(crate) user_id: Option<UserId>,
    pub(crate) email: Option<Email>,
    pub(crate) object: Option<String>,
}

impl Subject {
    pub(crate) fn user(user_id: &UserId) -> Self {
        Self { user_id: Some(user_id.clone()), ..Self::default() }
    }

    pub(crate) fn email(email: &Email) -> Self {
        Self { email: Some(email.clone()), ..Self::default() }
    }

    pub(crate) fn with(self, user_id: &UserId) -> Self {
        Self { user_id: Some(user_id.clone()), ..self }
    }
}

impl dyn SecurityLog {
    /// Records that `action` was done.
    pub(crate) fn success(&self, action: Action, subject: Subject) {
        self.write(action, subject, Outcome::Success);
    }

    /// Records what came of `action`, and hands it on.
    pub(crate) fn outcome<T>(
        &self,
        action: Action,
        subject: Subject,
        result: Result<T, AuthError>,
    ) -> Result<T, AuthError> {
        match result {
            Ok(done) => {
                self.success(action, subject);
                Ok(done)
            }
            Err(error) => Err(self.failure(action, subject, error)),
        }
    }

    /// Records that `action` failed, if that was a refusal, and hands the error on. Input that
    /// breaks a rule and faults of ours are no news of an account.
    pub(crate) fn failure(&self, action: Action, subject: Subject, error: AuthError) -> AuthError {
        if error.is_refusal() {
            self.write(action, subject, Outcome::Refused(error.to_string()));
        }
        error
    }

    /// Records that `action` came to nothing, which the one who asked does not learn.
    pub(crate) fn refusal(&self, action: Action, subject: Subject, reason: &str) {
        self.write(action, subject, Outcome::Refused(reason.to_owned()));
    }

    fn write(&self, action: Action, subject: Subject, outcome: Outcome) {
        let Subject { user_id, email, object } = subject;
        self.record(&SecurityEvent { action, outcome, user_id, email, object });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_has_a_word_of_its_own() {
        let words: BTreeSet<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(words.len(), Action::ALL.len());
        assert_eq!(Action::ALL.last().map(|last| *last as usize), Some(Action::ALL.len() - 1));
    }
}
