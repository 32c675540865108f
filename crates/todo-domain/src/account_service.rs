//! The use cases of a user's own account.

use std::sync::Arc;

use crate::auth_service::parse_password;
use crate::error::{AuthError, TokenRejection};
use crate::login_attempt::KnownNetwork;
use crate::password_guard::PasswordGuard;
use crate::ports::{Clock, LoginAttemptRepo, SecurityLog, SessionRepo, UserRepo};
use crate::security::{Action, Subject};
use crate::session::{Caller, ClientInfo, KeptSession, SessionId};
use crate::user::{Account, DisplayName, User};
use crate::validation::Faults;

/// What users can do with their accounts.
///
/// # Errors
/// Each method fails with [`AuthError::Store`] when storage does, and with
/// [`AuthError::InvalidToken`] if the account is gone; other errors are named at the method.
#[derive(Clone)]
pub struct AccountService {
    /// Keeps users.
    pub users: Arc<dyn UserRepo>,
    /// Keeps sessions.
    pub sessions: Arc<dyn SessionRepo>,
    /// Keeps the networks that accounts know.
    pub attempts: Arc<dyn LoginAttemptRepo>,
    /// Compares passwords.
    pub guard: PasswordGuard,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Writes down what happens.
    pub log: Arc<dyn SecurityLog>,
}

impl AccountService {
    /// The caller's user.
    ///
    /// # Errors
    /// None but those of all.
    pub async fn me(&self, caller: &Caller) -> Result<User, AuthError> {
        Ok(self.account(caller).await?.user)
    }

    /// Calls the caller by another name: `None` leaves the name, `Some(None)` takes it away.
    ///
    /// # Errors
    /// [`AuthError::Invalid`].
    pub async fn rename(
        &self,
        caller: &Caller,
        name: Option<Option<String>>,
    ) -> Result<User, AuthError> {
        let Some(name) = name else { return self.me(caller).await };
        let mut faults = Faults::default();
        let name = faults.check("name", name.map_or(Ok(None), |text| DisplayName::parse(&text)));
        let name = faults.finish(name)?;
        let renamed = self.users.rename(&caller.user_id, name, self.clock.now()).await?;
        renamed.ok_or_else(gone)
    }

    /// Deletes the caller's account with all that is in it. Whoever has a password here must give
    /// it; for a user of another issuer the token is proof enough.
    ///
    /// # Errors
    /// [`AuthError::Invalid`], [`AuthError::WrongPassword`], [`AuthError::TooManyAttempts`],
    /// [`AuthError::Hash`].
    pub async fn delete(
        &self,
        caller: &Caller,
        password: Option<String>,
        client: ClientInfo,
    ) -> Result<(), AuthError> {
        if self.account(caller).await?.password_hash.is_some() {
            let mut faults = Faults::default();
            let password = faults.check("password", parse_password(password));
            let password = faults.finish(password)?;
            let given = self.guard.require(caller, password, &client, self.users.as_ref()).await;
            given.map_err(|error| {
                self.log.failure(Action::DeleteAccount, Subject::user(&caller.user_id), error)
            })?;
        }
        self.users.delete(&caller.user_id, self.clock.now()).await?.ok_or_else(gone)?;
        self.log.success(Action::DeleteAccount, Subject::user(&caller.user_id));
        Ok(())
    }

    /// The networks that the caller's account knows.
    ///
    /// # Errors
    /// None but those of all.
    pub async fn networks(&self, caller: &Caller) -> Result<Vec<KnownNetwork>, AuthError> {
        Ok(self.attempts.list_networks(&caller.user_id).await?)
    }

    /// Some of the caller's sessions as they are kept, open or not, behind `after`; none if there
    /// are no more.
    ///
    /// # Errors
    /// None but those of all.
    pub async fn kept_sessions(
        &self,
        caller: &Caller,
        after: Option<SessionId>,
    ) -> Result<Vec<KeptSession>, AuthError> {
        Ok(self.sessions.list_kept(&caller.user_id, after).await?)
    }

    async fn account(&self, caller: &Caller) -> Result<Account, AuthError> {
        self.users.find(&caller.user_id).await?.ok_or_else(gone)
    }
}

/// The token is still good, but its user's account was deleted a moment ago.
fn gone() -> AuthError {
    TokenRejection::UserDeleted.into()
}

#[cfg(test)]
mod tests;
