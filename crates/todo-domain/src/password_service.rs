//! The use cases of changing and resetting a password.

use std::sync::Arc;

use crate::auth_service::{parse_email, parse_password};
use crate::error::{AuthError, PasswordResetError, StoreError};
use crate::mail::Mail;
use crate::password_guard::PasswordGuard;
use crate::password_reset::{NewPasswordReset, ResetToken};
use crate::ports::{Clock, Mailer, PasswordRepo, SecurityLog, TokenIssuer, UserRepo};
use crate::security::{Action, Subject};
use crate::session::{Caller, ClientInfo};
use crate::user::{Email, NewPassword, Password};
use crate::validation::{Faults, Violation};

/// A password to be changed, as a client sent it.
#[derive(Clone, Default)]
pub struct ChangeDraft {
    /// The one that holds: a [`Password`].
    pub current_password: Option<String>,
    /// Becomes a [`Password`].
    pub new_password: Option<String>,
}

/// A password to be reset, as a client sent it.
#[derive(Clone, Default)]
pub struct ResetDraft {
    /// From the link in the mail.
    pub token: Option<String>,
    /// Becomes a [`Password`].
    pub new_password: Option<String>,
}

/// What users can do about their passwords.
///
/// # Errors
/// Each method fails with [`AuthError::Store`] when storage does; other errors are named at the
/// method.
#[derive(Clone)]
pub struct PasswordService {
    /// Keeps users.
    pub users: Arc<dyn UserRepo>,
    /// Keeps what passwords are set by.
    pub passwords: Arc<dyn PasswordRepo>,
    /// Compares and hashes passwords.
    pub guard: PasswordGuard,
    /// Makes tokens.
    pub issuer: Arc<dyn TokenIssuer>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Writes down what happens.
    pub log: Arc<dyn SecurityLog>,
}

impl PasswordService {
    /// Changes the caller's password, and ends all of their sessions but the one of this call.
    ///
    /// # Errors
    /// [`AuthError::Invalid`]; [`AuthError::WrongPassword`], also for a user of another issuer, who
    /// has none here; [`AuthError::TooManyAttempts`], [`AuthError::Hash`].
    pub async fn change(
        &self,
        caller: &Caller,
        draft: ChangeDraft,
        client: ClientInfo,
    ) -> Result<(), AuthError> {
        let ChangeDraft { current_password, new_password } = draft;
        let mut faults = Faults::default();
        let current = faults.check("current_password", parse_password(current_password));
        let new = faults.check("new_password", parse_password(new_password));
        let (current, new) = faults.finish(current.zip(new))?;

        let subject = Subject::user(&caller.user_id);
        let result = self.replace(caller, current, new, &client).await;
        self.log.outcome(Action::ChangePassword, subject, result)
    }

    async fn replace(
        &self,
        caller: &Caller,
        current: Password,
        new: Password,
        client: &ClientInfo,
    ) -> Result<(), AuthError> {
        let account = self.guard.require(caller, current, client, self.users.as_ref()).await?;
        let password = NewPassword {
            user_id: caller.user_id.clone(),
            replaced: account.password_hash,
            hash: self.guard.hasher.hash(new).await?,
            kept_session: caller.session_id,
            now: self.clock.now(),
        };
        // Nothing is changed if another call was faster: the password given is not current any more.
        self.passwords.set(&password).await?.map(drop).ok_or(AuthError::WrongPassword)
    }

    /// The address that somebody asks a link for. Whether it has an account is not looked at here:
    /// the answer must be the same, in the same time.
    ///
    /// # Errors
    /// [`AuthError::Invalid`].
    pub fn address(&self, email: Option<String>) -> Result<Email, AuthError> {
        let mut faults = Faults::default();
        let email = faults.check("email", parse_email(email));
        Ok(faults.finish(email)?)
    }

    /// Sends a link that resets the password of the account with this address; nothing to an
    /// address without one, to a user who is kept out or has no password here, and to one who got a
    /// link a moment ago.
    ///
    /// # Errors
    /// [`PasswordResetError`].
    pub async fn send_reset(
        &self,
        email: Email,
        mailer: &dyn Mailer,
    ) -> Result<(), PasswordResetError> {
        let mut subject = Subject::email(&email);
        let account = self.users.find_by_email(&email).await?;
        let account = account.filter(|it| it.user.is_active() && it.password_hash.is_some());
        let Some(account) = account else {
            self.log.refusal(Action::RequestReset, subject, "no account with a password here");
            return Ok(());
        };
        subject = subject.with(&account.user.id);

        let issued = self.issuer.issue_reset()?;
        let now = self.clock.now();
        let reset = NewPasswordReset {
            digest: issued.digest,
            user_id: account.user.id,
            created_at: now,
            expires_at: now.plus(NewPasswordReset::LIFETIME),
        };
        let quiet_since = now.minus(NewPasswordReset::QUIET);
        match self.passwords.create_reset(&reset, quiet_since).await {
            Ok(true) => {}
            Ok(false) => {
                self.log.refusal(Action::RequestReset, subject, "a link was sent a moment ago");
                return Ok(());
            }
            // The account was deleted meanwhile.
            Err(StoreError::Conflict) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        mailer.send(&Mail::PasswordReset { to: email, token: issued.token }).await?;
        self.log.success(Action::RequestReset, subject);
        Ok(())
    }

    /// Sets a password by the token of a link, and ends all of the user's sessions.
    ///
    /// # Errors
    /// [`AuthError::Invalid`]; [`AuthError::InvalidResetToken`] for one that is unknown, used or
    /// old; [`AuthError::Hash`].
    pub async fn reset(&self, draft: ResetDraft, client: ClientInfo) -> Result<(), AuthError> {
        let ResetDraft { token, new_password } = draft;
        let mut faults = Faults::default();
        let token = faults.check("token", token.ok_or(Violation::Required));
        let new = faults.check("new_password", parse_password(new_password));
        let (token, new) = faults.finish(token.zip(new))?;

        let mut subject = Subject::default();
        let result = self.redeem(&ResetToken::new(token), new, client, &mut subject).await;
        self.log.outcome(Action::ResetPassword, subject, result)
    }

    /// Sets the password, and names whose it is in `subject` as soon as that is known.
    async fn redeem(
        &self,
        token: &ResetToken,
        new: Password,
        client: ClientInfo,
        subject: &mut Subject,
    ) -> Result<(), AuthError> {
        let digest = self.issuer.read_reset(token).ok_or(AuthError::InvalidResetToken)?;
        // Before the password is hashed: made-up tokens must cost nothing.
        let found = self.passwords.find_reset(&digest, self.clock.now()).await?;
        subject.user_id = Some(found.ok_or(AuthError::InvalidResetToken)?);
        let hash = self.guard.hasher.hash(new).await?;
        let redeemed = self.passwords.redeem_reset(&digest, &hash, self.clock.now()).await?;
        let user_id = redeemed.ok_or(AuthError::InvalidResetToken)?.user_id;
        // Whoever reads the account's mail is no stranger: failed logins of others, counted up to
        // now, must not keep them waiting.
        if let Some(account) = self.users.find(&user_id).await? {
            self.guard.welcome(&account.user, &client).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
