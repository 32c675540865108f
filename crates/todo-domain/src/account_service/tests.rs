//! The rules of a user's own account. A mocked port that is called without having been told to fails
//! the test: where a port is not mentioned, it is not touched.

use std::sync::Mutex;
use std::time::Duration;

use mockall::predicate::eq;

use super::*;
use crate::error::StoreError;
use crate::login_attempt::Admission;
use crate::ports::{
    HashPlace, MockClock, MockLoginAttemptRepo, MockPasswordHasher, MockSecurityLog,
    MockSessionRepo, MockUserRepo,
};
use crate::security::Outcome;
use crate::timestamp::Timestamp;
use crate::user::{Email, PasswordHash, UserId};

fn noon() -> Timestamp {
    Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap()
}

fn id() -> UserId {
    UserId::parse("ada").unwrap()
}

fn ada() -> User {
    let email = Email::parse("ada@example.com").unwrap();
    let (created_at, updated_at) = (noon(), noon());
    User { id: id(), email, name: None, created_at, updated_at, disabled_at: None }
}

fn name(text: &str) -> Option<DisplayName> {
    DisplayName::parse(text).unwrap()
}

fn hash_of(password: &str) -> PasswordHash {
    PasswordHash::new(format!("hash of {password}"))
}

fn caller() -> Caller {
    Caller { user_id: id(), session_id: None }
}

/// The ports of a service at noon, whose hasher and security log are at work.
struct Ports {
    users: MockUserRepo,
    sessions: MockSessionRepo,
    attempts: MockLoginAttemptRepo,
    outcomes: Arc<Mutex<Vec<Outcome>>>,
}

impl Ports {
    fn new() -> Self {
        Self {
            users: MockUserRepo::new(),
            sessions: MockSessionRepo::new(),
            attempts: MockLoginAttemptRepo::new(),
            outcomes: Arc::default(),
        }
    }

    /// With Ada's account, which has this password or none, and attempts that are admitted.
    fn with_password(password: Option<&str>) -> Self {
        let mut ports = Self::new();
        let account = Account { user: ada(), password_hash: password.map(hash_of) };
        ports.users.expect_find().with(eq(id())).returning(move |_| Ok(Some(account.clone())));
        ports.attempts.expect_admit().returning(|_| Ok(Admission::Admitted));
        ports.attempts.expect_succeed().returning(|_, _| Ok(()));
        ports
    }

    fn service(self) -> AccountService {
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
        let attempts: Arc<dyn LoginAttemptRepo> = Arc::new(self.attempts);
        AccountService {
            users: Arc::new(self.users),
            sessions: Arc::new(self.sessions),
            attempts: attempts.clone(),
            guard: PasswordGuard { attempts, hasher: Arc::new(hasher), clock: clock.clone() },
            clock,
            log: Arc::new(log),
        }
    }

    async fn delete(self, password: Option<&str>) -> Result<(), AuthError> {
        let password = password.map(str::to_owned);
        self.service().delete(&caller(), password, ClientInfo::default()).await
    }
}

fn fields(error: AuthError) -> Vec<&'static str> {
    let AuthError::Invalid(error) = error else { panic!("{error:?}") };
    error.errors().iter().map(|error| error.field).collect()
}

fn is_gone<T>(answer: &Result<T, AuthError>) -> bool {
    matches!(answer, Err(AuthError::InvalidToken(TokenRejection::UserDeleted)))
}

mod rename {
    use super::*;

    #[tokio::test]
    async fn trims_the_name_and_takes_null_and_blanks_for_none() {
        for (given, expected) in [
            (Some(" Ada Lovelace\n"), name("Ada Lovelace")),
            (Some(" \t"), None),
            (Some(""), None),
            (None, None),
        ] {
            let mut ports = Ports::new();
            let renamed = User { name: expected.clone(), ..ada() };
            let rename = ports.users.expect_rename().with(eq(id()), eq(expected), eq(noon()));
            let answer = renamed.clone();
            rename.once().return_once(move |_, _, _| Ok(Some(answer)));
            let given = Some(given.map(str::to_owned));
            assert_eq!(ports.service().rename(&caller(), given).await.unwrap(), renamed);
        }
    }

    #[tokio::test]
    async fn without_a_name_changes_nothing() {
        let ports = Ports::with_password(None);
        assert_eq!(ports.service().rename(&caller(), None).await.unwrap(), ada());
    }

    #[tokio::test]
    async fn refuses_a_name_that_breaks_a_rule_before_anything_is_changed() {
        for text in ["x".repeat(101), "A\0da".to_owned()] {
            let refused = Ports::new().service().rename(&caller(), Some(Some(text))).await;
            assert_eq!(fields(refused.unwrap_err()), ["name"]);
        }
    }

    #[tokio::test]
    async fn of_an_account_that_is_gone_is_refused_as_its_tokens_are() {
        let mut ports = Ports::new();
        ports.users.expect_rename().returning(|_, _, _| Ok(None));
        assert!(is_gone(&ports.service().rename(&caller(), Some(None)).await));
    }
}

mod delete {
    use super::*;

    /// With a repository that deletes Ada.
    fn deleting(mut ports: Ports) -> Ports {
        let delete = ports.users.expect_delete().with(eq(id()), eq(noon()));
        delete.once().returning(|_, _| Ok(Some(Vec::new())));
        ports
    }

    #[tokio::test]
    async fn takes_the_password_of_whoever_has_one() {
        let ports = deleting(Ports::with_password(Some("correct horse")));
        let outcomes = ports.outcomes.clone();
        ports.delete(Some("correct horse")).await.unwrap();
        assert_eq!(*outcomes.lock().unwrap(), [Outcome::Success]);
    }

    #[tokio::test]
    async fn takes_the_token_alone_of_a_user_of_another_issuer() {
        for unneeded in [None, Some("correct horse"), Some("short")] {
            deleting(Ports::with_password(None)).delete(unneeded).await.unwrap();
        }
    }

    #[tokio::test]
    async fn with_a_wrong_password_deletes_nothing_and_is_written_down() {
        let ports = Ports::with_password(Some("correct horse"));
        let outcomes = ports.outcomes.clone();
        let refused = ports.delete(Some("incorrect horse")).await;
        assert!(matches!(refused, Err(AuthError::WrongPassword)));
        assert!(matches!(outcomes.lock().unwrap().as_slice(), [Outcome::Refused(_)]));
    }

    #[tokio::test]
    async fn without_a_password_that_could_be_right_compares_nothing() {
        for password in [None, Some("short")] {
            let ports = Ports::with_password(Some("correct horse"));
            let outcomes = ports.outcomes.clone();
            assert_eq!(fields(ports.delete(password).await.unwrap_err()), ["password"]);
            assert!(outcomes.lock().unwrap().is_empty());
        }
    }

    #[tokio::test]
    async fn that_comes_too_soon_is_refused_whatever_the_password() {
        let wait = Duration::from_secs(5);
        for password in ["correct horse", "incorrect horse"] {
            let mut ports = Ports::new();
            let account = Account { user: ada(), password_hash: Some(hash_of("correct horse")) };
            ports.users.expect_find().returning(move |_| Ok(Some(account.clone())));
            ports.attempts.expect_admit().returning(move |_| Ok(Admission::Wait(wait)));
            let refused = ports.delete(Some(password)).await;
            assert!(matches!(refused, Err(AuthError::TooManyAttempts(time)) if time == wait));
        }
    }

    #[tokio::test]
    async fn of_an_account_that_another_call_deleted_is_refused_as_its_tokens_are() {
        let mut ports = Ports::with_password(None);
        ports.users.expect_delete().returning(|_, _| Ok(None));
        let outcomes = ports.outcomes.clone();
        assert!(is_gone(&ports.delete(None).await));
        assert!(outcomes.lock().unwrap().is_empty(), "that call has told it");
        let mut ports = Ports::new();
        ports.users.expect_find().returning(|_| Ok(None));
        assert!(is_gone(&ports.delete(Some("correct horse")).await));
    }

    #[tokio::test]
    async fn that_storage_refuses_is_no_success() {
        let mut ports = Ports::with_password(None);
        let lost = || StoreError::Unavailable("gone".into());
        ports.users.expect_delete().returning(move |_, _| Err(lost()));
        let outcomes = ports.outcomes.clone();
        assert!(matches!(ports.delete(None).await, Err(AuthError::Store(_))));
        assert!(outcomes.lock().unwrap().is_empty());
    }
}

mod what_is_held {
    use super::*;

    #[tokio::test]
    async fn is_asked_for_under_the_callers_id_alone() {
        let after = Some(SessionId::from_bytes([7; 16]));
        let mut ports = Ports::new();
        ports.attempts.expect_list_networks().with(eq(id())).returning(|_| Ok(Vec::new()));
        let kept = ports.sessions.expect_list_kept().with(eq(id()), eq(after));
        kept.returning(|_, _| Ok(Vec::new()));
        let service = ports.service();
        assert!(service.networks(&caller()).await.unwrap().is_empty());
        assert!(service.kept_sessions(&caller(), after).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn on_an_account_that_is_gone_is_refused_as_its_tokens_are() {
        let mut ports = Ports::new();
        ports.users.expect_find().returning(|_| Ok(None));
        assert!(is_gone(&ports.service().me(&caller()).await));
    }
}
