//! What the services need from the world, and what an adapter must do to provide it.

use std::time::Duration;

use async_trait::async_trait;

use crate::error::{HashError, MailError, SigningError, StoreError, VerificationError};
use crate::mail::Mail;
use crate::password_reset::{IssuedResetToken, ResetDigest, ResetToken};
use crate::session::{
    IssuedRefreshToken, NewSession, OpenSession, RefreshDigest, RefreshToken, Rotation, SessionId,
    SessionState, VerifiedToken,
};
use crate::task::{NewTask, Task, TaskChanges, TaskId};
use crate::task_list::{TaskPage, TaskQuery};
use crate::timestamp::Timestamp;
use crate::user::{AccessToken, Account, Email, NewAccount, Password, PasswordHash, User, UserId};

/// Keeps tasks.
///
/// Every method takes the owner, and an adapter MUST hold every statement to it: a task of another
/// user is not there. Each method is one atomic step.
///
/// # Errors
/// Each method fails with [`StoreError::Unavailable`] or [`StoreError::Corrupt`] as the database
/// does; other errors are named at the method.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TaskRepo: Send + Sync {
    /// Makes a task, not completed, and returns it with the id that the database gave it.
    ///
    /// MUST fail with [`StoreError::Conflict`] if there is no such owner.
    async fn create(
        &self,
        owner: &UserId,
        task: &NewTask,
        now: Timestamp,
    ) -> Result<Task, StoreError>;

    /// One page of the owner's tasks. `next` MUST be set exactly when a task follows the page.
    async fn list(&self, owner: &UserId, query: &TaskQuery) -> Result<TaskPage, StoreError>;

    /// The task, if the owner has it.
    async fn find(&self, owner: &UserId, id: TaskId) -> Result<Option<Task>, StoreError>;

    /// Changes the fields that are given and returns the task as it is then; `None` if the owner
    /// has no such task. `updated_at` MUST become `now` exactly when a value changes.
    async fn update(
        &self,
        owner: &UserId,
        id: TaskId,
        changes: &TaskChanges,
        now: Timestamp,
    ) -> Result<Option<Task>, StoreError>;

    /// Completes the task if it is pending and the other way round, in one atomic statement:
    /// toggles at the same time MUST all count. `None` if the owner has no such task.
    async fn toggle(
        &self,
        owner: &UserId,
        id: TaskId,
        now: Timestamp,
    ) -> Result<Option<Task>, StoreError>;

    /// Deletes the task; `false` if the owner has no such task.
    async fn delete(&self, owner: &UserId, id: TaskId) -> Result<bool, StoreError>;
}

/// Keeps users.
///
/// # Errors
/// As for [`TaskRepo`].
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait UserRepo: Send + Sync {
    /// Makes an account together with its first session, both or neither.
    ///
    /// MUST fail with [`StoreError::Conflict`] if the email or the id is taken, however many try at
    /// once.
    async fn create(&self, account: &NewAccount, session: &NewSession) -> Result<User, StoreError>;

    /// Makes sure that the user of another issuer has a row. The row is made on first sight, by one
    /// statement that is safe when many requests see the user first; a row that is there stays.
    ///
    /// MUST fail with [`StoreError::Conflict`] if there is no row and the email belongs to another
    /// user. Where there is a row, an email that changed at the issuer is not looked at.
    async fn provision(&self, account: &NewAccount) -> Result<(), StoreError>;

    /// The user with this id.
    async fn find(&self, id: &UserId) -> Result<Option<User>, StoreError>;

    /// The account with this email.
    async fn find_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError>;
}

/// Keeps sessions.
///
/// # Errors
/// As for [`TaskRepo`].
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SessionRepo: Send + Sync {
    /// Opens a session.
    ///
    /// MUST fail with [`StoreError::Conflict`] if there is no such user.
    async fn create(&self, session: &NewSession) -> Result<(), StoreError>;

    /// What decides whether the session's tokens are good; `None` if there is no such session.
    async fn find_state(&self, id: SessionId) -> Result<Option<SessionState>, StoreError>;

    /// Replaces the digest `presented` by `replacement` if it is the session's newest and the
    /// session is open at `now`, and says what it was otherwise. Of many calls with one digest,
    /// exactly one MUST rotate. A rotation sets the session's end to `expires_at`.
    async fn rotate(
        &self,
        id: SessionId,
        presented: &RefreshDigest,
        replacement: &RefreshDigest,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Rotation, StoreError>;

    /// Ends the session; nothing happens if it has ended or never was.
    async fn revoke(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError>;

    /// The user's sessions that are open at `now`, the last used first, at most
    /// [`OpenSession::MAX_LISTED`].
    async fn list(&self, user_id: &UserId, now: Timestamp) -> Result<Vec<OpenSession>, StoreError>;

    /// Ends the session; `false` if the user has no such session that is open at `now`.
    async fn revoke_one(
        &self,
        user_id: &UserId,
        id: SessionId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Ends all of the user's sessions but `kept`, and names those that it ended.
    async fn revoke_others(
        &self,
        user_id: &UserId,
        kept: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// Deletes at most `limit` sessions that expired or were revoked before `before`, and tells how
    /// many.
    async fn delete_ended(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// The database as a whole.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait Database: Send + Sync {
    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if there is none within the time a connection may take.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// Judges access tokens.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TokenVerifier: Send + Sync {
    /// What `token` says, if its signature, its algorithm and its times hold at `now`.
    ///
    /// An adapter MUST pin the algorithm and MUST refuse a token without `exp`. It does not know
    /// whether a session is still open.
    ///
    /// # Errors
    /// [`VerificationError::Rejected`] with the reason why the token does not hold;
    /// [`VerificationError::KeysUnavailable`] if it cannot be told.
    async fn verify(&self, token: &str, now: Timestamp)
    -> Result<VerifiedToken, VerificationError>;
}

/// Makes tokens.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait TokenIssuer: Send + Sync {
    /// Signs an access token that holds from `now` for `lifetime`.
    ///
    /// # Errors
    /// [`SigningError`] if the key cannot be used.
    fn issue_access(
        &self,
        user_id: &UserId,
        session_id: SessionId,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<AccessToken, SigningError>;

    /// A new refresh token of the session, with 256 bits from a cryptographic random source.
    ///
    /// # Errors
    /// [`SigningError`] if the random source fails.
    fn issue_refresh(&self, session_id: SessionId) -> Result<IssuedRefreshToken, SigningError>;

    /// The session that a refresh token names, and its digest; `None` for what is no refresh token.
    fn read_refresh(&self, token: &RefreshToken) -> Option<(SessionId, RefreshDigest)>;

    /// A new reset token, with 256 bits from a cryptographic random source.
    ///
    /// # Errors
    /// [`SigningError`] if the random source fails.
    fn issue_reset(&self) -> Result<IssuedResetToken, SigningError>;

    /// The digest of a reset token; `None` for what cannot be one.
    fn read_reset(&self, token: &ResetToken) -> Option<ResetDigest>;
}

/// Hashes passwords, slowly on purpose.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A salted hash of the password.
    ///
    /// # Errors
    /// [`HashError::Busy`] when too many are waiting, [`HashError::Failed`].
    async fn hash(&self, password: Password) -> Result<PasswordHash, HashError>;

    /// Whether the password is the one that was hashed. With no hash the answer is no, and MUST
    /// take as long as with one: time must not tell whether an account exists.
    ///
    /// # Errors
    /// [`HashError::Busy`] when too many are waiting, [`HashError::Failed`].
    async fn verify(
        &self,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Result<bool, HashError>;
}

/// Sends mail.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands the mail to the server that delivers it.
    ///
    /// An adapter MUST hand the mail over once and return `Ok`, or fail; and it MUST do so within a
    /// bounded time. Neither a log nor an error may hold the token. Only an adapter that stands in
    /// for a server in development writes it to the log, and sends nothing.
    ///
    /// # Errors
    /// [`MailError::Refused`] if trying again will not help, [`MailError::Unavailable`] if it may.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// Tells the time.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}
