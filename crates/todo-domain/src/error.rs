//! What can go wrong, by who reports it.

use std::time::Duration;

use thiserror::Error;

use crate::validation::ValidationError;

/// The cause of a failure inside an adapter. Its `Display` holds no secret and no user's data.
type Source = Box<dyn std::error::Error + Send + Sync>;

/// A storage port could not do its work.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The change contradicts what is stored: a value that must be unique is taken, or a row that
    /// must exist does not.
    #[error("the change conflicts with what is stored")]
    Conflict,
    /// The database did not answer, or had no room. Nothing was changed; the same call may work
    /// later.
    #[error("the database is unavailable")]
    Unavailable(#[source] Source),
    /// The connection broke before the database said what came of a change: it may have been made or
    /// not, and must not be repeated without a look.
    #[error("the database did not say whether the change was made")]
    FateUnknown(#[source] Source),
    /// The database holds, or was asked for, what cannot be: a fault of ours.
    #[error("the database and the program disagree")]
    Corrupt(#[source] Source),
}

/// A password could not be hashed or compared.
#[derive(Debug, Error)]
pub enum HashError {
    /// Too many are waiting; the same call may work in a few seconds.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// The hasher failed, or a stored hash cannot be read.
    #[error("a password hash could not be computed")]
    Failed(#[source] Source),
}

/// A mail was not sent.
#[derive(Debug, Error)]
pub enum MailError {
    /// The server will not have the mail, or it cannot be written: trying again will not help.
    #[error("the mail was refused")]
    Refused(#[source] Source),
    /// The server was not there, or asked to come back; the same mail may go out later.
    #[error("the mail server is unavailable")]
    Unavailable(#[source] Source),
}

/// A token could not be made.
#[derive(Debug, Error)]
#[error("a token could not be made")]
pub struct SigningError(#[source] pub Source);

/// Why a token does not hold. For logs and operators: a client learns only that it does not.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TokenRejection {
    /// It is not a JWT.
    #[error("it is not a JSON Web Token")]
    Malformed,
    /// It is signed with an algorithm that is not allowed.
    #[error("its algorithm is not the one that is expected")]
    Algorithm,
    /// Its header says that it is a token of another kind (RFC 8725, section 3.11).
    #[error("its header `typ` names another kind of token")]
    Kind,
    /// Its header demands an extension that is not understood (RFC 7515, section 4.1.11).
    #[error("its header demands an extension that is not understood")]
    Extension,
    /// Its header does not name the key that it is signed with.
    #[error("its header does not name its key (`kid`)")]
    NoKeyId,
    /// Its issuer has no such key, or not any more.
    #[error("its key (`kid`) is not in the issuer's key set")]
    UnknownKey,
    /// Its header names another algorithm than the one that its key is for.
    #[error("its algorithm is not the one of its key")]
    KeyAlgorithm,
    /// The signature is not its own.
    #[error("its signature does not match")]
    Signature,
    /// It comes from another issuer than the one that has the key.
    #[error("its issuer (`iss`) is not the one that is expected")]
    Issuer,
    /// It is meant for somebody else.
    #[error("its audience (`aud`) does not name this service")]
    Audience,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Its time has not come.
    #[error("it is not valid yet")]
    NotYetValid,
    /// A claim is missing or is not what it must be.
    #[error("its claim `{0}` is missing or unusable")]
    Claim(&'static str),
    /// It is the copy of a session that Better Auth keeps in a cookie: signed with the shared secret
    /// too, but not made for us.
    #[error("it is the session cookie of Better Auth, not an access token")]
    SessionCookie,
    /// Its session has ended.
    #[error("its session has ended")]
    SessionEnded,
    /// An operator keeps its user out.
    #[error("its user is disabled")]
    UserDisabled,
    /// Its user was deleted after it was made.
    #[error("its user was deleted")]
    UserDeleted,
}

/// A token is not accepted.
#[derive(Debug, Error)]
pub enum VerificationError {
    /// It does not hold.
    #[error(transparent)]
    Rejected(#[from] TokenRejection),
    /// Nobody can tell whether it holds: the keys of its issuer could not be fetched, ever.
    #[error("the keys of the token's issuer cannot be fetched")]
    KeysUnavailable(#[source] Source),
}

/// A use case of tasks failed.
#[derive(Debug, Error)]
pub enum TaskError {
    /// Fields of the input break rules.
    #[error(transparent)]
    Invalid(#[from] ValidationError),
    /// There is no such task, or it is somebody else's: nobody can tell which.
    #[error("there is no such task")]
    NotFound,
    /// The owner's account is gone, though a token for it was still good.
    #[error("the owner of the task is gone")]
    OwnerGone,
    /// Storage failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for TaskError {
    fn from(error: StoreError) -> Self {
        match error {
            // The only rule between tasks and the rest of the data is that their owner exists.
            StoreError::Conflict => Self::OwnerGone,
            other => Self::Store(other),
        }
    }
}

/// A use case of a user's own sessions failed.
#[derive(Debug, Error)]
pub enum SessionError {
    /// There is no such open session, or it is somebody else's: nobody can tell which.
    #[error("there is no such session")]
    NotFound,
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A use case of accounts and sign-in failed.
#[derive(Debug, Error)]
pub enum AuthError {
    /// Fields of the input break rules.
    #[error(transparent)]
    Invalid(#[from] ValidationError),
    /// Somebody has an account with this email.
    #[error("the email is taken")]
    EmailTaken,
    /// A token of another issuer names an email that belongs to another account.
    #[error("the token's email belongs to another account")]
    EmailBelongsToAnother,
    /// No such email, or not its password: nobody can tell which.
    #[error("the email or the password is wrong")]
    InvalidCredentials,
    /// The password that must be given again is not the caller's.
    #[error("the password is wrong")]
    WrongPassword,
    /// Too many wrong passwords: the next may be tried after this time.
    #[error("too many attempts: the next in {0:.0?}")]
    TooManyAttempts(Duration),
    /// An operator keeps this user out.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The refresh token is unknown, expired, or of a session that has ended.
    #[error("the refresh token does not hold")]
    InvalidRefreshToken,
    /// The refresh token was used before: its session has been ended.
    #[error("the refresh token was used before, and its session has been ended")]
    RefreshTokenReused,
    /// The page that sent a refresh token as a cookie may not use it.
    #[error("the refresh cookie came from a page of another origin")]
    OriginNotAllowed,
    /// The token that resets a password is unknown, used or old.
    #[error("the reset token does not hold")]
    InvalidResetToken,
    /// The URL names another user than the token.
    #[error("the URL names another user than the token")]
    OtherUser,
    /// The access token does not hold.
    #[error(transparent)]
    InvalidToken(#[from] TokenRejection),
    /// Nobody can tell whether the access token holds.
    #[error("the keys of the token's issuer cannot be fetched")]
    KeysUnavailable(#[source] Source),
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A token could not be made.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<VerificationError> for AuthError {
    fn from(error: VerificationError) -> Self {
        match error {
            VerificationError::Rejected(rejection) => Self::InvalidToken(rejection),
            VerificationError::KeysUnavailable(source) => Self::KeysUnavailable(source),
        }
    }
}
impl AuthError {
    /// Whether somebody was refused, rather than asked for what breaks a rule or met a fault of
    /// ours.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::EmailTaken
            | Self::EmailBelongsToAnother
            | Self::InvalidCredentials
            | Self::WrongPassword
            | Self::TooManyAttempts(_)
            | Self::AccountDisabled
            | Self::InvalidRefreshToken
            | Self::RefreshTokenReused
            | Self::OriginNotAllowed
            | Self::InvalidResetToken
            | Self::OtherUser
            | Self::InvalidToken(_) => true,
            Self::Invalid(_)
            | Self::KeysUnavailable(_)
            | Self::Hash(_)
            | Self::Signing(_)
            | Self::Store(_) => false,
        }
    }
}

/// A link that resets a password could not be sent.
#[derive(Debug, Error)]
pub enum PasswordResetError {
    /// Its token could not be made.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be mailed.
    #[error(transparent)]
    Mail(#[from] MailError),
}

/// What an operator asked for cannot be done.
#[derive(Debug, Error)]
pub enum AdminError {
    /// Fields of the input break rules.
    #[error(transparent)]
    Invalid(#[from] ValidationError),
    /// There is no such user.
    #[error("there is no such user")]
    NoSuchUser,
    /// Somebody has an account with this email.
    #[error("the email is taken")]
    EmailTaken,
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
