//! The rules of accounts and sessions. A mocked port that is called without having been told to
//! fails the test: where a port is not mentioned, it is not touched.

use std::sync::Mutex;

use mockall::predicate::eq;

use super::*;
use crate::error::{HashError, VerificationError};
use crate::login_attempt::Admission;
use crate::network::Network;
use crate::ports::{
    HashPlace, MockClock, MockLoginAttemptRepo, MockPasswordHasher, MockSecurityLog,
    MockSessionRepo, MockTokenIssuer, MockTokenVerifier, MockUserRepo,
};
use crate::security::{Outcome, SecurityEvent};
use crate::session::{IssuedRefreshToken, RefreshDigest, SessionState};
use crate::user::PasswordHash;

const LIFETIMES: TokenLifetimes =
    TokenLifetimes { access: Duration::from_mins(5), refresh: Duration::from_hours(24) };
const PRESENTED: RefreshDigest = RefreshDigest([1; 32]);
const ISSUED: RefreshDigest = RefreshDigest([2; 32]);

fn noon() -> Timestamp {
    Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap()
}

/// The instant `micros` microseconds before noon.
fn before_noon(micros: i64) -> Timestamp {
    Timestamp::from_unix_micros(noon().unix_micros() - micros).unwrap()
}

fn id(text: &str) -> UserId {
    UserId::parse(text).unwrap()
}

fn ada() -> User {
    let email = Email::parse("ada@example.com").unwrap();
    let (created_at, updated_at) = (noon(), noon());
    User { id: id("ada"), email, name: None, created_at, updated_at, disabled_at: None }
}

fn hash() -> PasswordHash {
    PasswordHash::new("hash of correct horse".to_owned())
}

fn ada_with(password_hash: Option<PasswordHash>) -> Account {
    Account { user: ada(), password_hash }
}

fn session_id() -> SessionId {
    SessionId::from_bytes([7; 16])
}

fn session() -> Session {
    Session { id: session_id(), user_id: id("ada") }
}

/// Where the client of every test comes from.
fn client() -> ClientInfo {
    ClientInfo { user_agent: None, address: Some([203, 0, 113, 7].into()) }
}

/// The ports of a service at noon, whose issuer and security log are at work.
struct Ports {
    users: MockUserRepo,
    sessions: MockSessionRepo,
    attempts: MockLoginAttemptRepo,
    hasher: MockPasswordHasher,
    issuer: MockTokenIssuer,
    verifier: MockTokenVerifier,
    events: Events,
}

/// What the security log of a service has got.
type Events = Arc<Mutex<Vec<SecurityEvent>>>;

/// The one event that was written down, as far as it is told apart.
fn written(events: &Events) -> (Action, Outcome, Option<String>) {
    let events = events.lock().unwrap();
    let [SecurityEvent { action, outcome, user_id, .. }] = events.as_slice() else {
        panic!("{events:?}")
    };
    (*action, outcome.clone(), user_id.as_ref().map(ToString::to_string))
}

fn refused(reason: &str) -> Outcome {
    Outcome::Refused(reason.to_owned())
}

impl Ports {
    fn new() -> Self {
        let mut issuer = MockTokenIssuer::new();
        issuer
            .expect_issue_access()
            .returning(|user, _, _, _| Ok(AccessToken::new(format!("access of {user}"))));
        issuer.expect_issue_refresh().returning(|_| {
            Ok(IssuedRefreshToken { token: RefreshToken::new("issued".to_owned()), digest: ISSUED })
        });
        issuer.expect_read_refresh().returning(|token| {
            (token.expose() == "presented").then_some((session_id(), PRESENTED))
        });
        Self {
            users: MockUserRepo::new(),
            sessions: MockSessionRepo::new(),
            attempts: MockLoginAttemptRepo::new(),
            hasher: MockPasswordHasher::new(),
            issuer,
            verifier: MockTokenVerifier::new(),
            events: Events::default(),
        }
    }

    fn service(self) -> AuthService {
        let mut clock = MockClock::new();
        clock.expect_now().returning(noon);
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let mut log = MockSecurityLog::new();
        let events = self.events;
        log.expect_record().returning(move |event| events.lock().unwrap().push(event.clone()));
        AuthService {
            users: Arc::new(self.users),
            sessions: Arc::new(self.sessions),
            guard: PasswordGuard {
                attempts: Arc::new(self.attempts),
                hasher: Arc::new(self.hasher),
                clock: clock.clone(),
            },
            issuer: Arc::new(self.issuer),
            verifier: Arc::new(self.verifier),
            clock,
            log: Arc::new(log),
            lifetimes: LIFETIMES,
        }
    }

    async fn register(self, email: &str, password: &str) -> Result<SignedIn, AuthError> {
        let draft = RegisterDraft {
            email: Some(email.to_owned()),
            password: Some(password.to_owned()),
            name: None,
        };
        self.service().register(draft, ClientInfo::default()).await
    }

    async fn login(self) -> Result<SignedIn, AuthError> {
        let draft = LoginDraft {
            email: Some(" Ada@Example.com".to_owned()),
            password: Some("correct horse".to_owned()),
        };
        self.service().login(draft, client()).await
    }

    async fn refresh(self, token: &str) -> Result<SignedIn, AuthError> {
        self.service().refresh(Some(token.to_owned())).await
    }

    async fn authenticate(self) -> Result<Caller, AuthError> {
        self.service().authenticate("token", None).await
    }
}

fn fields(error: AuthError) -> Vec<&'static str> {
    let AuthError::Invalid(error) = error else { panic!("{error:?}") };
    error.errors().iter().map(|error| error.field).collect()
}

fn is_ended<T>(answer: &Result<T, AuthError>) -> bool {
    matches!(answer, Err(AuthError::InvalidToken(TokenRejection::SessionEnded)))
}

fn refresh_token(signed_in: &SignedIn) -> Option<&str> {
    signed_in.refresh_token.as_ref().map(RefreshToken::expose)
}

mod register {
    use super::*;

    fn hashing() -> Ports {
        let mut ports = Ports::new();
        ports.hasher.expect_hash().returning(|_| Ok(hash()));
        ports.attempts.expect_succeed().returning(|_, _| Ok(()));
        ports
    }

    #[tokio::test]
    async fn keeps_the_email_in_lower_case_and_of_the_password_a_hash() {
        let mut ports = hashing();
        ports
            .users
            .expect_create()
            .withf(|account, session| {
                account.email.as_str() == "ada@example.com"
                    && account.password_hash == Some(hash())
                    && session.user_id == account.id
                    && session.refresh_digest == ISSUED
                    && session.expires_at == noon().plus(LIFETIMES.refresh)
            })
            .returning(|_, _| Ok(ada()));
        let signed_in = ports.register(" Ada@Example.COM ", "correct horse").await.unwrap();
        assert_eq!(signed_in.access_token.expose(), "access of ada");
        assert_eq!(refresh_token(&signed_in), Some("issued"));
        assert_eq!(signed_in.expires_in, LIFETIMES.access);
    }

    #[tokio::test]
    async fn refuses_an_email_that_is_taken() {
        let mut ports = hashing();
        ports.users.expect_create().returning(|_, _| Err(StoreError::Conflict));
        let refused = ports.register("ada@example.com", "correct horse").await;
        assert!(matches!(refused, Err(AuthError::EmailTaken)));
    }

    #[tokio::test]
    async fn tells_all_faults_at_once_before_anything_is_hashed() {
        let draft = RegisterDraft {
            email: None,
            password: Some("short".to_owned()),
            name: Some("x".repeat(101)),
        };
        let refused = Ports::new().service().register(draft, ClientInfo::default()).await;
        assert_eq!(fields(refused.unwrap_err()), ["email", "password", "name"]);
    }
}

mod login {
    use super::*;

    /// An account that is found, and what the hasher says to `expected`.
    fn knowing(account: Option<Account>, expected: Option<PasswordHash>, matches: bool) -> Ports {
        let mut ports = Ports::new();
        ports.users.expect_find_by_email().with(eq(ada().email)).return_once(move |_| Ok(account));
        ports
            .attempts
            .expect_admit()
            .withf(|attempt| {
                attempt.email == ada().email
                    && !attempt.is_caller
                    && attempt.network == client().address.map(Network::of)
                    && attempt.now == noon()
            })
            .once()
            .returning(|_| Ok(Admission::Admitted));
        if matches {
            ports.attempts.expect_succeed().once().returning(|_, _| Ok(()));
        }
        ports.hasher.expect_queue().once().returning(|| Ok(HashPlace::new(())));
        ports
            .hasher
            .expect_verify()
            .withf(move |_, password, hash| {
                password.expose() == "correct horse" && *hash == expected
            })
            .once()
            .returning(move |_, _, _| Ok(matches));
        ports
    }

    #[tokio::test]
    async fn opens_a_session_of_the_configured_length() {
        let mut ports = knowing(Some(ada_with(Some(hash()))), Some(hash()), true);
        ports
            .sessions
            .expect_create()
            .withf(|session, proof| {
                session.user_id == id("ada")
                    && session.refresh_digest == ISSUED
                    && session.created_at == noon()
                    && session.expires_at == noon().plus(LIFETIMES.refresh)
                    && *proof == hash()
            })
            .returning(|_, _| Ok(()));
        let events = ports.events.clone();
        let signed_in = ports.login().await.unwrap();
        assert_eq!(signed_in.user, ada());
        assert_eq!(refresh_token(&signed_in), Some("issued"));
        assert_eq!(written(&events), (Action::Login, Outcome::Success, Some("ada".to_owned())));
    }

    #[tokio::test]
    async fn that_comes_too_soon_is_refused_before_anything_is_compared() {
        let mut ports = Ports::new();
        ports.users.expect_find_by_email().returning(|_| Ok(Some(ada_with(Some(hash())))));
        let wait = Duration::from_secs(5);
        ports.hasher.expect_queue().returning(|| Ok(HashPlace::new(())));
        ports.attempts.expect_admit().returning(move |_| Ok(Admission::Wait(wait)));
        let refused = ports.login().await;
        assert!(matches!(refused, Err(AuthError::TooManyAttempts(time)) if time == wait));
    }

    #[tokio::test]
    async fn to_a_disabled_account_is_refused_to_who_knows_the_password() {
        let user = User { disabled_at: Some(noon()), ..ada() };
        let disabled = Account { user, password_hash: Some(hash()) };
        let right = knowing(Some(disabled.clone()), Some(hash()), true).login().await;
        assert!(matches!(right, Err(AuthError::AccountDisabled)));
        let wrong = knowing(Some(disabled), Some(hash()), false).login().await;
        assert!(matches!(wrong, Err(AuthError::InvalidCredentials)));
    }

    #[tokio::test]
    async fn that_finds_no_place_to_wait_is_not_counted() {
        let mut ports = Ports::new();
        ports.users.expect_find_by_email().returning(|_| Ok(Some(ada_with(Some(hash())))));
        ports.hasher.expect_queue().returning(|| Err(HashError::Busy));
        assert!(matches!(ports.login().await, Err(AuthError::Hash(HashError::Busy))));
    }

    #[tokio::test]
    async fn with_an_unknown_email_takes_a_comparison_all_the_same() {
        let refused = knowing(None, None, false).login().await;
        assert!(matches!(refused, Err(AuthError::InvalidCredentials)));
    }

    #[tokio::test]
    async fn without_a_password_here_takes_a_comparison_all_the_same() {
        let refused = knowing(Some(ada_with(None)), None, false).login().await;
        assert!(matches!(refused, Err(AuthError::InvalidCredentials)));
    }

    #[tokio::test]
    async fn with_a_wrong_password_is_refused_with_the_same_words() {
        let ports = knowing(Some(ada_with(Some(hash()))), Some(hash()), false);
        let events = ports.events.clone();
        assert!(matches!(ports.login().await, Err(AuthError::InvalidCredentials)));
        let reason = refused("the email or the password is wrong");
        assert_eq!(written(&events), (Action::Login, reason, Some("ada".to_owned())));
    }

    #[tokio::test]
    async fn to_an_account_that_is_changed_or_gone_meanwhile_is_refused() {
        let mut ports = knowing(Some(ada_with(Some(hash()))), Some(hash()), true);
        ports.sessions.expect_create().returning(|_, _| Err(StoreError::Conflict));
        assert!(matches!(ports.login().await, Err(AuthError::InvalidCredentials)));
    }

    #[tokio::test]
    async fn tells_all_faults_at_once() {
        let service = Ports::new().service();
        let refused = service.login(LoginDraft::default(), ClientInfo::default()).await;
        assert_eq!(fields(refused.unwrap_err()), ["email", "password"]);
    }
}

mod refresh {
    use super::*;

    /// What storage makes of the presented token.
    fn rotating(rotation: Rotation) -> Ports {
        let mut ports = Ports::new();
        ports
            .sessions
            .expect_rotate()
            .withf(|id, presented, replacement, now, expires_at| {
                (*id, *presented, *replacement) == (session_id(), PRESENTED, ISSUED)
                    && (*now, *expires_at) == (noon(), noon().plus(LIFETIMES.refresh))
            })
            .return_once(move |_, _, _, _, _| Ok(rotation));
        ports
    }

    fn replaced(replaced_at: Timestamp) -> Ports {
        rotating(Rotation::Replaced { session: session(), replaced_at })
    }

    fn superseded(replaced_at: Timestamp) -> Ports {
        rotating(Rotation::Superseded { session: session(), replaced_at })
    }

    async fn assert_ends_the_session(mut ports: Ports) {
        let revoke = ports.sessions.expect_revoke().with(eq(session_id()), eq(noon()));
        revoke.once().returning(|_, _| Ok(()));
        let events = ports.events.clone();
        assert!(matches!(ports.refresh("presented").await, Err(AuthError::RefreshTokenReused)));
        let reason = refused("the refresh token was used before, and its session has been ended");
        assert_eq!(written(&events), (Action::Refresh, reason, Some("ada".to_owned())));
    }

    #[tokio::test]
    async fn trades_the_newest_token_for_a_pair() {
        let mut ports = rotating(Rotation::Rotated(session()));
        ports.users.expect_find().with(eq(id("ada"))).returning(|_| Ok(Some(ada_with(None))));
        let signed_in = ports.refresh("presented").await.unwrap();
        assert_eq!(signed_in.access_token.expose(), "access of ada");
        assert_eq!(refresh_token(&signed_in), Some("issued"));
    }

    #[tokio::test]
    async fn of_a_token_replaced_ten_seconds_ago_gives_an_access_token_alone() {
        for micros in [0, 10_000_000] {
            let mut ports = replaced(before_noon(micros));
            ports.users.expect_find().returning(|_| Ok(Some(ada_with(None))));
            let signed_in = ports.refresh("presented").await.unwrap();
            assert_eq!(signed_in.access_token.expose(), "access of ada");
            assert_eq!(refresh_token(&signed_in), None);
        }
    }

    #[tokio::test]
    async fn of_a_token_replaced_any_longer_ago_ends_the_session() {
        assert_ends_the_session(replaced(before_noon(10_000_001))).await;
    }

    #[tokio::test]
    async fn of_an_even_older_token_ends_the_session() {
        assert_ends_the_session(superseded(before_noon(10_000_001))).await;
    }

    #[tokio::test]
    async fn of_an_even_older_token_fails_alone_while_the_newest_is_fresh() {
        let refused = superseded(before_noon(10_000_000)).refresh("presented").await;
        assert!(matches!(refused, Err(AuthError::InvalidRefreshToken)));
    }

    #[tokio::test]
    async fn of_a_session_that_is_not_open_fails_and_ends_nothing() {
        let refused = rotating(Rotation::Unknown).refresh("presented").await;
        assert!(matches!(refused, Err(AuthError::InvalidRefreshToken)));
    }

    #[tokio::test]
    async fn of_what_is_no_token_fails_without_asking_storage() {
        let refused = Ports::new().refresh("no token").await;
        assert!(matches!(refused, Err(AuthError::InvalidRefreshToken)));
    }

    #[tokio::test]
    async fn without_a_token_names_the_field() {
        let refused = Ports::new().service().refresh(None).await;
        assert_eq!(fields(refused.unwrap_err()), ["refresh_token"]);
    }

    #[test]
    fn by_a_page_that_may_not_is_refused_and_written_down() {
        let ports = Ports::new();
        let events = ports.events.clone();
        assert!(matches!(
            ports.service().refuse_refresh(AuthError::OriginNotAllowed),
            AuthError::OriginNotAllowed
        ));
        let reason = refused("the refresh cookie came from a page of another origin");
        assert_eq!(written(&events), (Action::Refresh, reason, None));
    }

    #[tokio::test]
    async fn for_an_account_that_is_gone_or_disabled_fails() {
        let user = User { disabled_at: Some(noon()), ..ada() };
        for account in [None, Some(Account { user, password_hash: None })] {
            let mut ports = rotating(Rotation::Rotated(session()));
            ports.users.expect_find().return_once(|_| Ok(account));
            let refused = ports.refresh("presented").await;
            assert!(matches!(refused, Err(AuthError::InvalidRefreshToken)));
        }
    }
}

mod authenticate {
    use super::*;

    /// A token of ours, and what storage knows of its session.
    fn own(state: Option<SessionState>) -> Ports {
        let mut ports = Ports::new();
        let token = VerifiedToken::Own { user_id: id("ada"), session_id: session_id() };
        ports.verifier.expect_verify().return_once(|_, _| Ok(token));
        ports.sessions.expect_find_state().with(eq(session_id())).return_once(|_| Ok(state));
        ports
    }

    /// A token of another issuer, for a user whose row must hold what `expected` says.
    fn external(
        email: Option<Email>,
        expected: fn(&NewAccount) -> bool,
        answer: Result<Standing, StoreError>,
    ) -> Ports {
        let mut ports = Ports::new();
        let name = DisplayName::parse("Bob").unwrap();
        let (user_id, issued_at) = (id("bob"), Some(noon()));
        let token = VerifiedToken::External { user_id, email, name, issued_at };
        ports.verifier.expect_verify().return_once(|_, _| Ok(token));
        ports
            .users
            .expect_provision()
            .withf(move |account, vouched_at| {
                expected(account) && *vouched_at == Some(noon().minus(Duration::from_mins(1)))
            })
            .return_once(|_, _| answer);
        ports
    }

    fn open() -> SessionState {
        let expires_at = noon().plus(Duration::from_micros(1));
        SessionState { user_id: id("ada"), expires_at, revoked: false }
    }

    #[tokio::test]
    async fn takes_our_token_while_its_session_is_open() {
        let caller = own(Some(open())).authenticate().await.unwrap();
        assert_eq!(caller, Caller { user_id: id("ada"), session_id: Some(session_id()) });
    }

    #[tokio::test]
    async fn refuses_our_token_when_its_session_is_not() {
        for state in [
            None,
            Some(SessionState { user_id: id("eve"), ..open() }),
            Some(SessionState { revoked: true, ..open() }),
            Some(SessionState { expires_at: noon(), ..open() }),
        ] {
            let refused = own(state.clone()).authenticate().await;
            assert!(is_ended(&refused), "{state:?}");
        }
    }

    #[tokio::test]
    async fn refuses_what_the_verifier_refuses() {
        let mut ports = Ports::new();
        ports.verifier.expect_verify().returning(|_, _| Err(TokenRejection::Signature.into()));
        let refused = ports.authenticate().await;
        assert!(matches!(refused, Err(AuthError::InvalidToken(TokenRejection::Signature))));
    }

    #[tokio::test]
    async fn refuses_nothing_that_the_verifier_cannot_judge() {
        let mut ports = Ports::new();
        let down = || VerificationError::KeysUnavailable("down".into());
        ports.verifier.expect_verify().returning(move |_, _| Err(down()));
        let events = ports.events.clone();
        assert!(matches!(ports.authenticate().await, Err(AuthError::KeysUnavailable(_))));
        assert!(events.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn refuses_a_token_of_a_user_who_is_disabled_or_deleted() {
        for (standing, reason) in [
            (Standing::Disabled, TokenRejection::UserDisabled),
            (Standing::Deleted, TokenRejection::UserDeleted),
        ] {
            let ports = external(None, |_| true, Ok(standing));
            let events = ports.events.clone();
            let answer = ports.authenticate().await;
            assert!(
                matches!(answer, Err(AuthError::InvalidToken(rejection)) if rejection == reason)
            );
            let (action, outcome, user_id) = written(&events);
            assert_eq!((action, user_id.as_deref()), (Action::Authenticate, Some("bob")));
            assert!(matches!(outcome, Outcome::Refused(_)));
        }
    }

    #[tokio::test]
    async fn refuses_a_url_that_names_another_user() {
        for (named, good) in [("ada", true), ("Ada", false), ("eve", false), ("", false)] {
            let ports = own(Some(open()));
            let events = ports.events.clone();
            let answer = ports.service().authenticate("token", Some(named)).await;
            if good {
                assert!(answer.is_ok());
                continue;
            }
            assert!(matches!(answer, Err(AuthError::OtherUser)), "{named}");
            let reason = refused("the URL names another user than the token");
            let expected = (Action::Authenticate, reason, Some("ada".to_owned()));
            assert_eq!(written(&events), expected);
        }
    }

    #[tokio::test]
    async fn makes_a_row_for_the_user_of_another_issuer() {
        let email = Email::parse("bob@example.com").ok();
        let as_told = |account: &NewAccount| {
            account.id == id("bob")
                && account.email.as_str() == "bob@example.com"
                && account.name.as_ref().is_some_and(|name| name.as_str() == "Bob")
                && account.password_hash.is_none()
        };
        let caller = external(email, as_told, Ok(Standing::Active)).authenticate().await.unwrap();
        assert_eq!(caller, Caller { user_id: id("bob"), session_id: None });
    }

    #[tokio::test]
    async fn gives_a_user_without_an_email_one_that_reaches_nobody() {
        let nobodys = |account: &NewAccount| account.email.as_str().ends_with("@users.invalid");
        external(None, nobodys, Ok(Standing::Active)).authenticate().await.unwrap();
    }

    #[tokio::test]
    async fn refuses_an_email_that_belongs_to_another() {
        let email = Email::parse("ada@example.com").ok();
        let refused = external(email, |_| true, Err(StoreError::Conflict)).authenticate().await;
        assert!(matches!(refused, Err(AuthError::EmailBelongsToAnother)));
    }
}

#[tokio::test]
async fn logout_ends_the_callers_session() {
    let mut ports = Ports::new();
    let revoke = ports.sessions.expect_revoke().with(eq(session_id()), eq(noon()));
    revoke.once().returning(|_, _| Ok(()));
    let caller = Caller { user_id: id("ada"), session_id: Some(session_id()) };
    ports.service().logout(&caller).await.unwrap();
}

#[tokio::test]
async fn logout_of_another_issuers_user_touches_nothing() {
    let caller = Caller { user_id: id("bob"), session_id: None };
    Ports::new().service().logout(&caller).await.unwrap();
}
