//! What the services need from the world, and what an adapter must do to provide it.

use std::any::Any;
use std::time::Duration;

use async_trait::async_trait;

use crate::error::{HashError, MailError, SigningError, StoreError, VerificationError};
use crate::login_attempt::{Admission, KnownNetwork, LoginAttempt};
use crate::mail::Mail;
use crate::password_reset::{
    IssuedResetToken, NewPasswordReset, RedeemedReset, ResetDigest, ResetToken,
};
use crate::security::SecurityEvent;
use crate::session::{
    IssuedRefreshToken, KeptSession, NewSession, OpenSession, RefreshDigest, RefreshToken,
    Rotation, SessionId, SessionState, VerifiedToken,
};
use crate::switch::Switch;
use crate::task::{NewTask, Task, TaskChanges, TaskId};
use crate::task_counts::TaskCounts;
use crate::task_list::{TaskPage, TaskQuery};
use crate::timestamp::Timestamp;
use crate::user::{
    AccessToken, Account, DisplayName, Email, NewAccount, NewPassword, Password, PasswordHash,
    Standing, User, UserId,
};

/// Keeps tasks.
///
/// Every method takes the owner, and an adapter MUST hold every statement to it: a task of another
/// user is not there. Each method is one atomic step.
///
/// # Errors
/// Each method fails with [`StoreError::Unavailable`] or [`StoreError::Corrupt`] as the database
/// does, and one that changes something with [`StoreError::FateUnknown`] if nobody can tell whether
/// it did; other errors are named at the method.
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

    /// How many tasks the owner has. The numbers MUST be exact, and of one moment. An adapter may take
    /// longer for an owner of more tasks, but not for more tasks of others.
    async fn count(&self, owner: &UserId) -> Result<TaskCounts, StoreError>;

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

    /// Makes sure that a user has a row, and tells how they stand. The row is made on first sight,
    /// by one statement that is safe when many requests see the user first; a row that is there
    /// stays. None is made for a user who was deleted at `vouched_at` or later; nobody knowing when
    /// that was, it counts as before any deletion.
    ///
    /// MUST fail with [`StoreError::Conflict`] if there is no row and the email belongs to another
    /// user. Where there is a row, an email that changed at the issuer is not looked at.
    async fn provision(
        &self,
        account: &NewAccount,
        vouched_at: Option<Timestamp>,
    ) -> Result<Standing, StoreError>;

    /// How a user stands for whom another issuer vouched at `vouched_at`, as
    /// [`UserRepo::provision`] would tell; `None` if it would make a row. Changes nothing.
    async fn standing(
        &self,
        id: &UserId,
        vouched_at: Option<Timestamp>,
    ) -> Result<Option<Standing>, StoreError>;

    /// The account of this user.
    async fn find(&self, id: &UserId) -> Result<Option<Account>, StoreError>;

    /// The account with this email.
    async fn find_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError>;

    /// At most `limit` users by their ids, from the first behind `after` on.
    async fn list(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>, StoreError>;

    /// Calls the user by another name, or by none, and returns them as they are then; `None` if
    /// there is no such user. `updated_at` MUST become `now` exactly when the name changes.
    async fn rename(
        &self,
        id: &UserId,
        name: Option<DisplayName>,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError>;

    /// Keeps the user out, or lets them in again. Whoever is kept out loses all sessions in the
    /// same step; they are named. `None` if there is no such user.
    async fn set_active(
        &self,
        id: &UserId,
        active: bool,
        now: Timestamp,
    ) -> Result<Option<Vec<SessionId>>, StoreError>;

    /// Deletes the user with all that is theirs, remembers that there was one, and names the
    /// sessions that ended with it: all or nothing. `None` if there is no such user.
    async fn delete(
        &self,
        id: &UserId,
        now: Timestamp,
    ) -> Result<Option<Vec<SessionId>>, StoreError>;
}

/// Keeps what passwords are set by.
///
/// # Errors
/// As for [`TaskRepo`].
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasswordRepo: Send + Sync {
    /// Sets a password, ends the user's other sessions, which are named, and forgets every link
    /// that could reset it: all or nothing. `None` if there is no such user, or their hash is not
    /// the one to be replaced.
    async fn set(&self, password: &NewPassword) -> Result<Option<Vec<SessionId>>, StoreError>;

    /// Keeps a way to reset a password; `false` if the user got one after `quiet_since`. Of many
    /// calls at once exactly one MUST make one.
    ///
    /// MUST fail with [`StoreError::Conflict`] if there is no such user.
    async fn create_reset(
        &self,
        reset: &NewPasswordReset,
        quiet_since: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Whose password can be reset by this at `now`.
    async fn find_reset(
        &self,
        digest: &ResetDigest,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError>;

    /// Sets the password of the user whom the digest was made for, as [`PasswordRepo::set`] does,
    /// and forgets the digest: of many calls with one digest exactly one MUST do it. `None` if
    /// there is none that holds at `now`, or its user is kept out.
    async fn redeem_reset(
        &self,
        digest: &ResetDigest,
        hash: &PasswordHash,
        now: Timestamp,
    ) -> Result<Option<RedeemedReset>, StoreError>;

    /// Forgets at most `limit` digests that do not hold any more at `now`, and tells how many.
    async fn delete_expired_resets(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// Counts attempts to log in, for all replicas together.
///
/// # Errors
/// As for [`TaskRepo`].
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LoginAttemptRepo: Send + Sync {
    /// Counts an attempt, if as many as there were allow it, before anybody knows what comes of it.
    ///
    /// Attempts of the account's own callers count together, and one from a network that the account
    /// knows against that network alone; all others count together. Of many attempts at once no more
    /// MUST be admitted than one after the other would be.
    async fn admit(&self, attempt: &LoginAttempt) -> Result<Admission, StoreError>;

    /// Forgets the attempts on the account, and remembers that it is used from this network.
    ///
    /// MUST fail with [`StoreError::Conflict`] if there is no such user.
    async fn succeed(&self, attempt: &LoginAttempt, user_id: &UserId) -> Result<(), StoreError>;

    /// The networks that the user's account knows, the last used first.
    async fn list_networks(&self, user_id: &UserId) -> Result<Vec<KnownNetwork>, StoreError>;

    /// Forgets at most `limit` counts from before `attempts_before`, and as many networks that were
    /// not used since `networks_before`, and tells how many.
    async fn delete_stale(
        &self,
        attempts_before: Timestamp,
        networks_before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError>;
}

/// Keeps which switches are off.
///
/// # Errors
/// As for [`TaskRepo`].
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SwitchRepo: Send + Sync {
    /// The switches that are off, and since when. An adapter may answer from memory for at most 5
    /// seconds.
    async fn list_off(&self) -> Result<Vec<(Switch, Timestamp)>, StoreError>;

    /// Turns a switch on or off; one that is so already stays as it is.
    async fn set(&self, switch: Switch, on: bool, now: Timestamp) -> Result<(), StoreError>;
}

/// Writes down what happens to accounts.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait SecurityLog: Send + Sync {
    /// Writes down one event. An adapter MUST add what it knows of the request: its id and where it
    /// came from.
    fn record(&self, event: &SecurityEvent);
}

/// Keeps sessions.
///
/// # Errors
/// As for [`TaskRepo`].
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SessionRepo: Send + Sync {
    /// Opens a session for who proved to be its user with the password of this hash.
    ///
    /// MUST fail with [`StoreError::Conflict`] if there is no such user, they are kept out, or their
    /// password has another hash by now: nothing that ends a user's sessions may miss one that is
    /// opened at the same time.
    async fn create(&self, session: &NewSession, proof: &PasswordHash) -> Result<(), StoreError>;

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

    /// Every session of the user that is kept, open or not, by their ids, from the first behind
    /// `after` on; at most [`OpenSession::MAX_LISTED`].
    async fn list_kept(
        &self,
        user_id: &UserId,
        after: Option<SessionId>,
    ) -> Result<Vec<KeptSession>, StoreError>;

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
    /// [`StoreError::Unavailable`] if there is none within 4 seconds, and always once the database has
    /// answered with a row that was not asked for.
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

    /// A new token that resets a password, with 256 bits from a cryptographic random source.
    ///
    /// # Errors
    /// [`SigningError`] if the random source fails.
    fn issue_reset(&self) -> Result<IssuedResetToken, SigningError>;

    /// The digest of a reset token; `None` for what cannot be one.
    fn read_reset(&self, token: &ResetToken) -> Option<ResetDigest>;

    /// The session that a refresh token names, and its digest; `None` for what is no refresh token.
    fn read_refresh(&self, token: &RefreshToken) -> Option<(SessionId, RefreshDigest)>;
}

/// A place in the queue of a [`PasswordHasher`], given back when it is dropped.
pub struct HashPlace(Box<dyn Any + Send>);

impl HashPlace {
    /// A place that is taken as long as `permit` is held.
    #[must_use]
    pub fn new(permit: impl Any + Send) -> Self {
        Self(Box::new(permit))
    }

    /// What holds the place, for the hasher that made it.
    #[must_use]
    pub fn into_permit(self) -> Box<dyn Any + Send> {
        self.0
    }
}

impl std::fmt::Debug for HashPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashPlace")
    }
}

/// Hashes passwords, slowly on purpose.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A place among those whose passwords wait to be compared.
    ///
    /// # Errors
    /// [`HashError::Busy`] when too many are waiting.
    fn queue(&self) -> Result<HashPlace, HashError>;

    /// A salted hash of the password.
    ///
    /// # Errors
    /// [`HashError::Busy`] when too many are waiting, [`HashError::Failed`].
    async fn hash(&self, password: Password) -> Result<PasswordHash, HashError>;

    /// Whether the password is the one that was hashed, when it is its turn. With no hash the answer
    /// is no, and MUST take as long as with one: time must not tell whether an account exists.
    ///
    /// # Errors
    /// [`HashError::Failed`].
    async fn verify(
        &self,
        place: HashPlace,
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
