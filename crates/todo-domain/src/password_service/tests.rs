//! The rules of passwords. A mocked port that is called without having been told to fails the test:
//! where a port is not mentioned, it is not touched.

use std::sync::Mutex;

use mockall::predicate::{always, eq};

use super::*;
use crate::error::{MailError, TokenRejection};
use crate::login_attempt::Admission;
use crate::password_reset::{IssuedResetToken, RedeemedReset, ResetDigest};
use crate::ports::{
    HashPlace, MockClock, MockLoginAttemptRepo, MockMailer, MockPasswordHasher, MockPasswordRepo,
    MockSecurityLog, MockTokenIssuer, MockUserRepo,
};
use crate::security::Outcome;
use crate::session::SessionId;
use crate::timestamp::Timestamp;
use crate::user::{Account, PasswordHash, User, UserId};

const DIGEST: ResetDigest = ResetDigest([1; 32]);

fn noon() -> Timestamp {
    Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap()
}

fn id() -> UserId {
    UserId::parse("ada").unwrap()
}

fn session_id() -> SessionId {
    SessionId::from_bytes([7; 16])
}

fn email() -> Email {
    Email::parse("ada@example.com").unwrap()
}

fn hash_of(password: &str) -> PasswordHash {
    PasswordHash::new(format!("hash of {password}"))
}

fn ada() -> Account {
    let (created_at, updated_at) = (noon(), noon());
    let user =
        User { id: id(), email: email(), name: None, created_at, updated_at, disabled_at: None };
    Account { user, password_hash: Some(hash_of("correct horse")) }
}

fn caller() -> Caller {
    Caller { user_id: id(), session_id: Some(session_id()) }
}

fn client() -> ClientInfo {
    ClientInfo { user_agent: None, address: Some([203, 0, 113, 7].into()) }
}

/// The ports of a service at noon, whose hasher, issuer and security log are at work.
struct Ports {
    users: MockUserRepo,
    passwords: MockPasswordRepo,
    attempts: MockLoginAttemptRepo,
    mailer: MockMailer,
    /// Where the hasher writes each password that it hashes.
    hashed: Arc<Mutex<Vec<String>>>,
    outcomes: Arc<Mutex<Vec<Outcome>>>,
}

impl Ports {
    fn new() -> Self {
        Self {
            users: MockUserRepo::new(),
            passwords: MockPasswordRepo::new(),
            attempts: MockLoginAttemptRepo::new(),
            mailer: MockMailer::new(),
            hashed: Arc::default(),
            outcomes: Arc::default(),
        }
    }

    /// With this account under Ada's id and email.
    fn knowing(account: Option<Account>) -> Self {
        let mut ports = Self::new();
        let found = account.clone();
        ports.users.expect_find().with(eq(id())).returning(move |_| Ok(found.clone()));
        let found = move |_: &Email| Ok(account.clone());
        ports.users.expect_find_by_email().with(eq(email())).returning(found);
        ports
    }

    /// Admits attempts, and takes the right ones.
    fn admitting(mut self) -> Self {
        self.attempts.expect_admit().returning(|_| Ok(Admission::Admitted));
        self.attempts.expect_succeed().with(always(), eq(id())).returning(|_, _| Ok(()));
        self
    }

    fn service(self) -> (PasswordService, MockMailer) {
        let mut clock = MockClock::new();
        clock.expect_now().returning(noon);
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let mut log = MockSecurityLog::new();
        let outcomes = self.outcomes;
        log.expect_record().returning(move |it| outcomes.lock().unwrap().push(it.outcome.clone()));
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_queue().returning(|| Ok(HashPlace::new(())));
        hasher
            .expect_verify()
            .returning(|_, password, hash| Ok(hash == Some(hash_of(password.expose()))));
        let seen = self.hashed;
        hasher.expect_hash().returning(move |password| {
            seen.lock().unwrap().push(password.expose().to_owned());
            Ok(hash_of(password.expose()))
        });
        let mut issuer = MockTokenIssuer::new();
        issuer.expect_issue_reset().returning(|| {
            Ok(IssuedResetToken { token: ResetToken::new("issued".to_owned()), digest: DIGEST })
        });
        issuer.expect_read_reset().returning(|it| (it.expose() == "issued").then_some(DIGEST));
        let service = PasswordService {
            users: Arc::new(self.users),
            passwords: Arc::new(self.passwords),
            guard: PasswordGuard {
                attempts: Arc::new(self.attempts),
                hasher: Arc::new(hasher),
                clock: clock.clone(),
            },
            issuer: Arc::new(issuer),
            clock,
            log: Arc::new(log),
        };
        (service, self.mailer)
    }

    async fn change(self, current: &str, new: &str) -> Result<(), AuthError> {
        let draft = ChangeDraft {
            current_password: Some(current.to_owned()),
            new_password: Some(new.to_owned()),
        };
        self.service().0.change(&caller(), draft, client()).await
    }

    async fn send_reset(self) -> Result<(), PasswordResetError> {
        let (service, mailer) = self.service();
        service.send_reset(email(), &mailer).await
    }

    async fn reset(self, token: &str, new: &str) -> Result<(), AuthError> {
        let draft =
            ResetDraft { token: Some(token.to_owned()), new_password: Some(new.to_owned()) };
        self.service().0.reset(draft, client()).await
    }
}

fn fields(error: AuthError) -> Vec<&'static str> {
    let AuthError::Invalid(error) = error else { panic!("{error:?}") };
    error.errors().iter().map(|error| error.field).collect()
}

mod change {
    use super::*;

    #[tokio::test]
    async fn replaces_the_hash_that_was_compared_and_keeps_the_session_of_the_call() {
        let mut ports = Ports::knowing(Some(ada())).admitting();
        let expected = NewPassword {
            user_id: id(),
            replaced: Some(hash_of("correct horse")),
            hash: hash_of("battery staple"),
            kept_session: Some(session_id()),
            now: noon(),
        };
        ports.passwords.expect_set().with(eq(expected)).once().returning(|_| Ok(Some(Vec::new())));
        let outcomes = ports.outcomes.clone();
        ports.change("correct horse", "battery staple").await.unwrap();
        assert_eq!(*outcomes.lock().unwrap(), [Outcome::Success]);
    }

    #[tokio::test]
    async fn with_a_wrong_password_hashes_nothing_and_is_written_down() {
        let ports = Ports::knowing(Some(ada())).admitting();
        let (hashed, outcomes) = (ports.hashed.clone(), ports.outcomes.clone());
        let refused = ports.change("incorrect horse", "battery staple").await;
        assert!(matches!(refused, Err(AuthError::WrongPassword)));
        assert!(hashed.lock().unwrap().is_empty());
        assert!(matches!(outcomes.lock().unwrap().as_slice(), [Outcome::Refused(_)]));
    }

    #[tokio::test]
    async fn is_refused_to_a_user_of_another_issuer() {
        let outsider = Account { password_hash: None, ..ada() };
        let refused = Ports::knowing(Some(outsider)).admitting();
        let refused = refused.change("correct horse", "battery staple").await;
        assert!(matches!(refused, Err(AuthError::WrongPassword)));
    }

    #[tokio::test]
    async fn is_refused_if_another_call_was_faster() {
        let mut ports = Ports::knowing(Some(ada())).admitting();
        ports.passwords.expect_set().returning(|_| Ok(None));
        let refused = ports.change("correct horse", "battery staple").await;
        assert!(matches!(refused, Err(AuthError::WrongPassword)));
    }

    #[tokio::test]
    async fn that_comes_too_soon_is_refused_whatever_the_password() {
        let wait = std::time::Duration::from_secs(5);
        for current in ["correct horse", "incorrect horse"] {
            let mut ports = Ports::knowing(Some(ada()));
            ports.attempts.expect_admit().returning(move |_| Ok(Admission::Wait(wait)));
            let refused = ports.change(current, "battery staple").await;
            assert!(matches!(refused, Err(AuthError::TooManyAttempts(time)) if time == wait));
        }
    }

    #[tokio::test]
    async fn of_an_account_that_is_gone_is_refused_as_its_tokens_are() {
        let refused = Ports::knowing(None).change("correct horse", "battery staple").await;
        let gone = TokenRejection::UserDeleted;
        assert!(matches!(refused, Err(AuthError::InvalidToken(reason)) if reason == gone));
    }

    #[tokio::test]
    async fn tells_all_faults_at_once_before_anything_is_compared() {
        let refused = Ports::new().change("short", &"x".repeat(73)).await;
        assert_eq!(fields(refused.unwrap_err()), ["current_password", "new_password"]);
        let (service, _) = Ports::new().service();
        let refused = service.change(&caller(), ChangeDraft::default(), client()).await;
        assert_eq!(fields(refused.unwrap_err()), ["current_password", "new_password"]);
    }
}

mod sending_a_link {
    use super::*;

    /// With a repository that keeps the link, or says why not.
    fn keeping(answer: Result<bool, StoreError>) -> Ports {
        let mut ports = Ports::knowing(Some(ada()));
        let expected = NewPasswordReset {
            digest: DIGEST,
            user_id: id(),
            created_at: noon(),
            expires_at: noon().plus(NewPasswordReset::LIFETIME),
        };
        let quiet_since = noon().minus(NewPasswordReset::QUIET);
        let create = ports.passwords.expect_create_reset().with(eq(expected), eq(quiet_since));
        create.return_once(move |_, _| answer);
        ports
    }

    fn is_the_link(mail: &Mail) -> bool {
        let Mail::PasswordReset { to, token } = mail;
        *to == email() && token.expose() == "issued"
    }

    #[tokio::test]
    async fn mails_the_token_whose_digest_is_kept() {
        let mut ports = keeping(Ok(true));
        ports.mailer.expect_send().withf(is_the_link).once().returning(|_| Ok(()));
        let outcomes = ports.outcomes.clone();
        ports.send_reset().await.unwrap();
        assert_eq!(*outcomes.lock().unwrap(), [Outcome::Success]);
    }

    #[tokio::test]
    async fn mails_nothing_a_moment_after_the_last() {
        keeping(Ok(false)).send_reset().await.unwrap();
    }

    #[tokio::test]
    async fn mails_nothing_if_the_account_goes_meanwhile() {
        keeping(Err(StoreError::Conflict)).send_reset().await.unwrap();
    }

    #[tokio::test]
    async fn keeps_and_mails_nothing_where_there_is_no_password_to_reset() {
        let user = User { disabled_at: Some(noon()), ..ada().user };
        let disabled = Account { user, ..ada() };
        let outsider = Account { password_hash: None, ..ada() };
        for account in [None, Some(disabled), Some(outsider)] {
            let ports = Ports::knowing(account);
            let outcomes = ports.outcomes.clone();
            ports.send_reset().await.unwrap();
            assert!(matches!(outcomes.lock().unwrap().as_slice(), [Outcome::Refused(_)]));
        }
    }

    #[tokio::test]
    async fn tells_if_the_mail_does_not_go_out() {
        let mut ports = keeping(Ok(true));
        ports.mailer.expect_send().returning(|_| Err(MailError::Unavailable("gone".into())));
        let outcomes = ports.outcomes.clone();
        assert!(matches!(ports.send_reset().await, Err(PasswordResetError::Mail(_))));
        assert!(outcomes.lock().unwrap().is_empty());
    }

    #[test]
    fn goes_to_an_address_that_is_tidied_and_held_to_the_rules() {
        let (service, _) = Ports::new().service();
        assert_eq!(service.address(Some(" Ada@Example.com".to_owned())).unwrap(), email());
        for text in [None, Some("ada".to_owned())] {
            assert_eq!(fields(service.address(text).unwrap_err()), ["email"]);
        }
    }
}

mod reset {
    use super::*;

    /// With a link that is found, and redeemed unless another call was faster.
    fn holding(redeemed: bool) -> Ports {
        let mut ports = Ports::knowing(Some(ada()));
        let find = ports.passwords.expect_find_reset().with(eq(DIGEST), eq(noon()));
        find.returning(|_, _| Ok(Some(id())));
        let redeem = ports.passwords.expect_redeem_reset();
        let redeem = redeem.with(eq(DIGEST), eq(hash_of("battery staple")), eq(noon()));
        let reset = redeemed.then(|| RedeemedReset { user_id: id(), ended: Vec::new() });
        redeem.once().return_once(|_, _, _| Ok(reset));
        ports
    }

    #[tokio::test]
    async fn sets_the_password_and_ends_the_wait_of_whoever_reads_the_mail() {
        let mut ports = holding(true);
        let succeed = ports.attempts.expect_succeed();
        let succeed = succeed.withf(|attempt, user| attempt.email == email() && *user == id());
        succeed.once().returning(|_, _| Ok(()));
        let outcomes = ports.outcomes.clone();
        ports.reset("issued", "battery staple").await.unwrap();
        assert_eq!(*outcomes.lock().unwrap(), [Outcome::Success]);
    }

    #[tokio::test]
    async fn is_refused_if_another_call_was_faster() {
        let refused = holding(false).reset("issued", "battery staple").await;
        assert!(matches!(refused, Err(AuthError::InvalidResetToken)));
    }

    #[tokio::test]
    async fn by_a_token_that_does_not_hold_hashes_nothing() {
        for token in ["issued", "made up"] {
            let mut ports = Ports::new();
            ports.passwords.expect_find_reset().returning(|_, _| Ok(None));
            let (hashed, outcomes) = (ports.hashed.clone(), ports.outcomes.clone());
            let refused = ports.reset(token, "battery staple").await;
            assert!(matches!(refused, Err(AuthError::InvalidResetToken)));
            assert!(hashed.lock().unwrap().is_empty());
            assert!(matches!(outcomes.lock().unwrap().as_slice(), [Outcome::Refused(_)]));
        }
    }

    #[tokio::test]
    async fn with_a_password_that_breaks_a_rule_leaves_the_token_alone() {
        let refused = Ports::new().reset("issued", "short").await;
        assert_eq!(fields(refused.unwrap_err()), ["new_password"]);
        let refused = Ports::new().service().0.reset(ResetDraft::default(), client()).await;
        assert_eq!(fields(refused.unwrap_err()), ["token", "new_password"]);
    }
}
