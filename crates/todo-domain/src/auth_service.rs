//! The use cases of accounts and sessions.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{AuthError, StoreError, TokenRejection};
use crate::password_guard::PasswordGuard;
use crate::ports::{Clock, SecurityLog, SessionRepo, TokenIssuer, TokenVerifier, UserRepo};
use crate::security::{Action, Subject};
use crate::session::{
    Caller, ClientInfo, NewSession, RefreshToken, Rotation, Session, SessionId, VerifiedToken,
};
use crate::timestamp::Timestamp;
use crate::user::{
    AccessToken, Account, DisplayName, Email, NewAccount, Password, Standing, User, UserId,
};
use crate::validation::{Faults, Violation};

/// How long a replaced refresh token still buys an access token: two tabs may refresh at once.
const REUSE_GRACE: Duration = Duration::from_secs(10);

/// How long tokens hold.
#[derive(Clone, Copy, Debug)]
pub struct TokenLifetimes {
    /// Of an access token.
    pub access: Duration,
    /// Of a refresh token, counted anew at each rotation.
    pub refresh: Duration,
}

/// An account to be made, as a client sent it.
#[derive(Clone, Default)]
pub struct RegisterDraft {
    /// Becomes an [`Email`].
    pub email: Option<String>,
    /// Becomes a [`Password`].
    pub password: Option<String>,
    /// Becomes a [`DisplayName`].
    pub name: Option<String>,
}

/// Credentials, as a client sent them.
#[derive(Clone, Default)]
pub struct LoginDraft {
    /// Becomes an [`Email`].
    pub email: Option<String>,
    /// Becomes a [`Password`].
    pub password: Option<String>,
}

/// What a client gets that has proved who it is.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who it is.
    pub user: User,
    /// Opens the API.
    pub access_token: AccessToken,
    /// How long the access token holds.
    pub expires_in: Duration,
    /// Buys the next access token. `None` when the presented one was replaced a moment ago by
    /// another call of the same client, which has the new one.
    pub refresh_token: Option<RefreshToken>,
}

/// What anybody can do to become, be and cease to be a caller.
///
/// # Errors
/// Each method fails with [`AuthError::Store`] when storage does; other errors are named at the
/// method.
#[derive(Clone)]
pub struct AuthService {
    /// Keeps users.
    pub users: Arc<dyn UserRepo>,
    /// Keeps sessions.
    pub sessions: Arc<dyn SessionRepo>,
    /// Compares and hashes passwords.
    pub guard: PasswordGuard,
    /// Makes tokens.
    pub issuer: Arc<dyn TokenIssuer>,
    /// Judges tokens.
    pub verifier: Arc<dyn TokenVerifier>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Writes down what happens.
    pub log: Arc<dyn SecurityLog>,
    /// How long tokens hold.
    pub lifetimes: TokenLifetimes,
}

impl AuthService {
    /// Makes an account and signs it in.
    ///
    /// # Errors
    /// [`AuthError::Invalid`], [`AuthError::EmailTaken`], [`AuthError::Hash`],
    /// [`AuthError::Signing`].
    pub async fn register(
        &self,
        draft: RegisterDraft,
        client: ClientInfo,
    ) -> Result<SignedIn, AuthError> {
        let RegisterDraft { email, password, name } = draft;
        let mut faults = Faults::default();
        let email = faults.check("email", parse_email(email));
        let password = faults.check("password", parse_password(password));
        let name =
            faults.check_optional("name", name.map(|text| DisplayName::parse(&text))).flatten();
        let (email, password) = faults.finish(email.zip(password))?;

        let mut subject = Subject::email(&email);
        let result = self.open_account(email, password, name, client).await;
        subject.user_id = result.as_ref().ok().map(|signed_in| signed_in.user.id.clone());
        self.log.outcome(Action::Register, subject, result)
    }

    async fn open_account(
        &self,
        email: Email,
        password: Password,
        name: Option<DisplayName>,
        client: ClientInfo,
    ) -> Result<SignedIn, AuthError> {
        let password_hash = Some(self.guard.hasher.hash(password).await?);
        let now = self.clock.now();
        let account =
            NewAccount { id: UserId::generate(now), email, name, password_hash, created_at: now };
        let (session, refresh_token) = self.new_session(account.id.clone(), client.clone(), now)?;
        let user = self.users.create(&account, &session).await.map_err(|error| match error {
            StoreError::Conflict => AuthError::EmailTaken,
            other => other.into(),
        })?;
        self.guard.welcome(&user, &client).await;
        self.signed_in(user, session.id, Some(refresh_token), now)
    }

    /// Opens a session for whoever knows the password.
    ///
    /// # Errors
    /// [`AuthError::Invalid`]; [`AuthError::InvalidCredentials`], which takes the same time for an
    /// unknown email as for a wrong password; [`AuthError::TooManyAttempts`];
    /// [`AuthError::AccountDisabled`], which only who knows the password learns;
    /// [`AuthError::Hash`], [`AuthError::Signing`].
    pub async fn login(
        &self,
        draft: LoginDraft,
        client: ClientInfo,
    ) -> Result<SignedIn, AuthError> {
        let LoginDraft { email, password } = draft;
        let mut faults = Faults::default();
        let email = faults.check("email", parse_email(email));
        let password = faults.check("password", parse_password(password));
        let (email, password) = faults.finish(email.zip(password))?;

        let account = self.users.find_by_email(&email).await?;
        let mut subject = Subject::email(&email);
        subject.user_id = account.as_ref().map(|account| account.user.id.clone());
        let result = self.open_session(&email, password, account, client).await;
        self.log.outcome(Action::Login, subject, result)
    }

    async fn open_session(
        &self,
        email: &Email,
        password: Password,
        account: Option<Account>,
        client: ClientInfo,
    ) -> Result<SignedIn, AuthError> {
        let matches = self.guard.matches(password, email, account.as_ref(), &client).await?;
        let account = account.filter(|_| matches).ok_or(AuthError::InvalidCredentials)?;
        let proof = account.password_hash.ok_or(AuthError::InvalidCredentials)?;
        if !account.user.is_active() {
            return Err(AuthError::AccountDisabled);
        }

        let now = self.clock.now();
        let (session, refresh_token) = self.new_session(account.user.id.clone(), client, now)?;
        self.sessions.create(&session, &proof).await.map_err(|error| match error {
            // While the password was being compared it was changed, or its account was deleted or
            // disabled.
            StoreError::Conflict => AuthError::InvalidCredentials,
            other => other.into(),
        })?;
        self.signed_in(account.user, session.id, Some(refresh_token), now)
    }

    /// Trades a refresh token for a new pair, or, if the token was replaced within the last 10
    /// seconds, for an access token alone. A token that was used before that ends its session: one
    /// of the two who used it is a thief (RFC 9700, section 4.14.2).
    ///
    /// # Errors
    /// [`AuthError::Invalid`], [`AuthError::InvalidRefreshToken`],
    /// [`AuthError::RefreshTokenReused`], [`AuthError::Signing`].
    pub async fn refresh(&self, refresh_token: Option<String>) -> Result<SignedIn, AuthError> {
        let mut faults = Faults::default();
        let presented = faults.check("refresh_token", refresh_token.ok_or(Violation::Required));
        let presented = RefreshToken::new(faults.finish(presented)?);
        let mut subject = Subject::default();
        let result = self.trade(&presented, &mut subject).await;
        self.log.outcome(Action::Refresh, subject, result)
    }

    /// Trades `presented`, and names whose it is in `subject` as soon as that is known.
    async fn trade(
        &self,
        presented: &RefreshToken,
        subject: &mut Subject,
    ) -> Result<SignedIn, AuthError> {
        let (session_id, digest) =
            self.issuer.read_refresh(presented).ok_or(AuthError::InvalidRefreshToken)?;

        let replacement = self.issuer.issue_refresh(session_id)?;
        let now = self.clock.now();
        let expires_at = now.plus(self.lifetimes.refresh);
        let rotation =
            self.sessions.rotate(session_id, &digest, &replacement.digest, now, expires_at).await?;
        subject.user_id = rotation.session().map(|session| session.user_id.clone());
        match rotation {
            Rotation::Rotated(session) => {
                self.refreshed(session, Some(replacement.token), now).await
            }
            Rotation::Replaced { session, replaced_at }
                if now.since(replaced_at) <= REUSE_GRACE =>
            {
                self.refreshed(session, None, now).await
            }
            // Three tabs: nothing tells when the oldest token was used first.
            Rotation::Superseded { replaced_at, .. } if now.since(replaced_at) <= REUSE_GRACE => {
                Err(AuthError::InvalidRefreshToken)
            }
            Rotation::Replaced { session, .. } | Rotation::Superseded { session, .. } => {
                self.sessions.revoke(session.id, now).await?;
                Err(AuthError::RefreshTokenReused)
            }
            Rotation::Unknown => Err(AuthError::InvalidRefreshToken),
        }
    }

    /// Refuses a refresh token for the way that it came, and hands the reason on.
    #[must_use]
    pub fn refuse_refresh(&self, reason: AuthError) -> AuthError {
        self.log.failure(Action::Refresh, Subject::default(), reason)
    }

    /// Ends the caller's session, and with it its access tokens. A token of another issuer has no
    /// session here, and nothing happens.
    ///
    /// # Errors
    /// None but the storage's.
    pub async fn logout(&self, caller: &Caller) -> Result<(), AuthError> {
        if let Some(session_id) = caller.session_id {
            self.sessions.revoke(session_id, self.clock.now()).await?;
        }
        self.log.success(Action::Logout, Subject::user(&caller.user_id));
        Ok(())
    }

    /// Who bears this access token, for a URL that names the user `named`, if it names one. The
    /// user of another issuer gets a row on first sight.
    ///
    /// # Errors
    /// [`AuthError::InvalidToken`]; [`AuthError::KeysUnavailable`];
    /// [`AuthError::EmailBelongsToAnother`] for a token of another issuer whose email an account
    /// here has; [`AuthError::OtherUser`].
    pub async fn authenticate(
        &self,
        token: &str,
        named: Option<&str>,
    ) -> Result<Caller, AuthError> {
        let mut subject = Subject::default();
        let identified = self.identify(token, named, &mut subject).await;
        identified.map_err(|error| self.log.failure(Action::Authenticate, subject, error))
    }

    /// Judges `token`, and names whose it is in `subject` as soon as its signature holds.
    async fn identify(
        &self,
        token: &str,
        named: Option<&str>,
        subject: &mut Subject,
    ) -> Result<Caller, AuthError> {
        let now = self.clock.now();
        let caller = match self.verifier.verify(token, now).await? {
            VerifiedToken::Own { user_id, session_id } => {
                subject.user_id = Some(user_id.clone());
                let state = self.sessions.find_state(session_id).await?;
                state
                    .filter(|state| state.user_id == user_id && state.is_open(now))
                    .ok_or(TokenRejection::SessionEnded)?;
                Caller { user_id, session_id: Some(session_id) }
            }
            VerifiedToken::External { user_id, email, name, issued_at } => {
                subject.user_id = Some(user_id.clone());
                let account = NewAccount {
                    id: user_id.clone(),
                    email: email.unwrap_or_else(|| Email::unknown(now)),
                    name,
                    password_hash: None,
                    created_at: now,
                };
                let vouched_at = VerifiedToken::vouched_at(issued_at, now);
                let standing = self.users.provision(&account, vouched_at).await;
                match standing.map_err(|error| match error {
                    StoreError::Conflict => AuthError::EmailBelongsToAnother,
                    other => other.into(),
                })? {
                    Standing::Active => Caller { user_id, session_id: None },
                    Standing::Disabled => return Err(TokenRejection::UserDisabled.into()),
                    Standing::Deleted => return Err(TokenRejection::UserDeleted.into()),
                }
            }
        };
        if named.is_some_and(|named| named != caller.user_id.as_str()) {
            return Err(AuthError::OtherUser);
        }
        Ok(caller)
    }

    fn new_session(
        &self,
        user_id: UserId,
        client: ClientInfo,
        now: Timestamp,
    ) -> Result<(NewSession, RefreshToken), AuthError> {
        let id = SessionId::generate(now);
        let issued = self.issuer.issue_refresh(id)?;
        let session = NewSession {
            id,
            user_id,
            refresh_digest: issued.digest,
            client,
            created_at: now,
            expires_at: now.plus(self.lifetimes.refresh),
        };
        Ok((session, issued.token))
    }

    async fn refreshed(
        &self,
        session: Session,
        refresh_token: Option<RefreshToken>,
        now: Timestamp,
    ) -> Result<SignedIn, AuthError> {
        let account = self.users.find(&session.user_id).await?;
        let account = account.filter(|account| account.user.is_active());
        let user = account.ok_or(AuthError::InvalidRefreshToken)?.user;
        self.signed_in(user, session.id, refresh_token, now)
    }

    fn signed_in(
        &self,
        user: User,
        session_id: SessionId,
        refresh_token: Option<RefreshToken>,
        now: Timestamp,
    ) -> Result<SignedIn, AuthError> {
        let expires_in = self.lifetimes.access;
        let access_token = self.issuer.issue_access(&user.id, session_id, now, expires_in)?;
        Ok(SignedIn { user, access_token, expires_in, refresh_token })
    }
}

pub(crate) fn parse_email(text: Option<String>) -> Result<Email, Violation> {
    text.ok_or(Violation::Required).and_then(|text| Email::parse(&text))
}

pub(crate) fn parse_password(text: Option<String>) -> Result<Password, Violation> {
    text.ok_or(Violation::Required).and_then(Password::parse)
}

#[cfg(test)]
mod tests;
