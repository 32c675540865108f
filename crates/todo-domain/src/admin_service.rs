//! The use cases of an operator, who has the database's credentials and no token.

use std::sync::Arc;

use crate::auth_service::{parse_email, parse_password};
use crate::error::{AdminError, StoreError};
use crate::ports::{
    Clock, PasswordHasher, PasswordRepo, SecurityLog, SessionRepo, SwitchRepo, UserRepo,
};
use crate::security::{Action, Subject};
use crate::session::OpenSession;
use crate::switch::Switch;
use crate::timestamp::Timestamp;
use crate::user::{DisplayName, Email, NewAccount, NewPassword, User, UserId};
use crate::validation::Faults;

/// How many users one page of a list has.
const PAGE: u32 = 500;

/// An account to be made by an operator.
#[derive(Clone, Default)]
pub struct AdminDraft {
    /// Becomes an [`Email`].
    pub email: String,
    /// Becomes a [`Password`](crate::Password).
    pub password: String,
    /// Becomes a [`DisplayName`].
    pub name: Option<String>,
}

/// A user as an operator sees them.
#[derive(Clone, Debug)]
pub struct UserReport {
    /// The user.
    pub user: User,
    /// Whether the user can log in here with a password.
    pub has_password: bool,
    /// The user's open sessions, the last used first.
    pub sessions: Vec<OpenSession>,
}

/// What an operator can do in an emergency.
///
/// # Errors
/// Each method fails with [`AdminError::Store`] when storage does; other errors are named at the
/// method.
#[derive(Clone)]
pub struct AdminService {
    /// Keeps users.
    pub users: Arc<dyn UserRepo>,
    /// Keeps sessions.
    pub sessions: Arc<dyn SessionRepo>,
    /// Keeps what passwords are set by.
    pub passwords: Arc<dyn PasswordRepo>,
    /// Keeps the switches.
    pub switches: Arc<dyn SwitchRepo>,
    /// Hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Writes down what happens.
    pub log: Arc<dyn SecurityLog>,
}

impl AdminService {
    /// One page of all users by their ids, from the first behind `after` on; empty behind the last.
    ///
    /// # Errors
    /// None but the storage's.
    pub async fn list(&self, after: Option<UserId>) -> Result<Vec<User>, AdminError> {
        Ok(self.users.list(after, PAGE).await?)
    }

    /// The user with this email or id.
    ///
    /// # Errors
    /// [`AdminError::NoSuchUser`].
    pub async fn show(&self, name: &str) -> Result<UserReport, AdminError> {
        let account = match Email::parse(name) {
            Ok(email) => self.users.find_by_email(&email).await?,
            Err(_) => None,
        };
        // An issuer may use addresses as ids.
        let account = match (account, UserId::parse(name)) {
            (None, Ok(id)) => self.users.find(&id).await?,
            (account, _) => account,
        };
        let account = account.ok_or(AdminError::NoSuchUser)?;
        let sessions = self.sessions.list(&account.user.id, self.clock.now()).await?;
        let has_password = account.password_hash.is_some();
        Ok(UserReport { user: account.user, has_password, sessions })
    }

    /// Makes an account, whatever the switches say.
    ///
    /// # Errors
    /// [`AdminError::Invalid`], [`AdminError::EmailTaken`], [`AdminError::Hash`].
    pub async fn create(&self, draft: AdminDraft) -> Result<UserReport, AdminError> {
        let AdminDraft { email, password, name } = draft;
        let mut faults = Faults::default();
        let email = faults.check("email", parse_email(Some(email)));
        let password = faults.check("password", parse_password(Some(password)));
        let name =
            faults.check_optional("name", name.map(|text| DisplayName::parse(&text))).flatten();
        let (email, password) = faults.finish(email.zip(password))?;

        let now = self.clock.now();
        let password_hash = Some(self.hasher.hash(password).await?);
        let id = UserId::generate(now);
        let account = NewAccount { id, email, name, password_hash, created_at: now };
        let made = self.users.provision(&account, Some(now)).await;
        made.map_err(|error| match error {
            StoreError::Conflict => AdminError::EmailTaken,
            other => other.into(),
        })?;
        self.log.success(Action::AdminCreate, Subject::user(&account.id));
        self.show(account.id.as_str()).await
    }

    /// Keeps the user out and ends all of their sessions, or lets them in again.
    ///
    /// # Errors
    /// [`AdminError::NoSuchUser`].
    pub async fn set_active(&self, name: &str, active: bool) -> Result<UserReport, AdminError> {
        let id = self.show(name).await?.user.id;
        let ended = self.users.set_active(&id, active, self.clock.now()).await?;
        ended.ok_or(AdminError::NoSuchUser)?;
        let action = if active { Action::AdminEnable } else { Action::AdminDisable };
        self.log.success(action, Subject::user(&id));
        self.show(id.as_str()).await
    }

    /// Sets the user's password and ends all of their sessions.
    ///
    /// # Errors
    /// [`AdminError::Invalid`], [`AdminError::NoSuchUser`], [`AdminError::Hash`].
    pub async fn set_password(
        &self,
        name: &str,
        password: String,
    ) -> Result<UserReport, AdminError> {
        let mut faults = Faults::default();
        let password = faults.check("password", parse_password(Some(password)));
        let password = faults.finish(password)?;
        let user_id = self.show(name).await?.user.id;
        let password = NewPassword {
            user_id: user_id.clone(),
            replaced: None,
            hash: self.hasher.hash(password).await?,
            kept_session: None,
            now: self.clock.now(),
        };
        self.passwords.set(&password).await?.ok_or(AdminError::NoSuchUser)?;
        self.log.success(Action::AdminSetPassword, Subject::user(&user_id));
        self.show(user_id.as_str()).await
    }

    /// Ends all sessions of the user, and tells how many there were.
    ///
    /// # Errors
    /// [`AdminError::NoSuchUser`].
    pub async fn revoke_sessions(&self, name: &str) -> Result<usize, AdminError> {
        let id = self.show(name).await?.user.id;
        let ended = self.sessions.revoke_others(&id, None, self.clock.now()).await?;
        self.log.success(Action::AdminRevokeSessions, Subject::user(&id));
        Ok(ended.len())
    }

    /// Every switch, and since when it is off.
    ///
    /// # Errors
    /// None but the storage's.
    pub async fn switches(&self) -> Result<Vec<(Switch, Option<Timestamp>)>, AdminError> {
        let off = self.switches.list_off().await?;
        let since = |switch| off.iter().find(|(it, _)| *it == switch).map(|(_, since)| *since);
        Ok(Switch::ALL.map(|switch| (switch, since(switch))).to_vec())
    }

    /// Turns a switch.
    ///
    /// # Errors
    /// None but the storage's.
    pub async fn turn(&self, switch: Switch, on: bool) -> Result<(), AdminError> {
        self.switches.set(switch, on, self.clock.now()).await?;
        let state = if on { "on" } else { "off" };
        let object = Some(format!("{switch} {state}"));
        self.log.success(Action::AdminSwitch, Subject { object, ..Subject::default() });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
