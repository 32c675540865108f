//! What an operator can do. A mocked port that is called without having been told to fails the test:
//! where a port is not mentioned, it is not touched.

use std::sync::Mutex;

use mockall::predicate::eq;

use super::*;
use crate::ports::{
    MockClock, MockPasswordHasher, MockPasswordRepo, MockSecurityLog, MockSessionRepo,
    MockSwitchRepo, MockUserRepo,
};
use crate::security::Outcome;
use crate::session::SessionId;
use crate::user::{Account, PasswordHash, Standing};

fn noon() -> Timestamp {
    Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap()
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn hash() -> PasswordHash {
    PasswordHash::new("hash".to_owned())
}

/// An account with this id, and with a password.
fn account(id: &str) -> Account {
    let id = UserId::parse(id).unwrap();
    let (email, created_at, updated_at) = (email("ada@example.com"), noon(), noon());
    let user = User { id, email, name: None, created_at, updated_at, disabled_at: None };
    Account { user, password_hash: Some(hash()) }
}

fn draft() -> AdminDraft {
    let (email, password) = ("Ada@Example.com".to_owned(), "correct horse".to_owned());
    AdminDraft { email, password, name: None }
}

/// What was done, to whom, and to which object.
type Told = (Action, Option<String>, Option<String>);

/// The ports of a service at noon, and what its log was told.
#[derive(Default)]
struct Ports {
    users: MockUserRepo,
    sessions: MockSessionRepo,
    passwords: MockPasswordRepo,
    switches: MockSwitchRepo,
    hasher: MockPasswordHasher,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Ports {
    /// A user is there, with this id, and no session is open.
    fn knowing(id: &'static str) -> Self {
        let mut ports = Self::default();
        ports.users.expect_find_by_email().returning(|_| Ok(None));
        let user_id = account(id).user.id;
        ports.users.expect_find().with(eq(user_id)).returning(move |_| Ok(Some(account(id))));
        ports.sessions.expect_list().returning(|_, _| Ok(Vec::new()));
        ports
    }

    /// Nobody is there.
    fn empty() -> Self {
        let mut ports = Self::default();
        ports.users.expect_find_by_email().returning(|_| Ok(None));
        ports.users.expect_find().returning(|_| Ok(None));
        ports
    }

    fn service(self) -> AdminService {
        let mut clock = MockClock::new();
        clock.expect_now().returning(noon);
        let (mut log, told) = (MockSecurityLog::new(), self.told);
        log.expect_record().returning(move |event| {
            assert_eq!(event.outcome, Outcome::Success);
            let user_id = event.user_id.as_ref().map(ToString::to_string);
            told.lock().unwrap().push((event.action, user_id, event.object.clone()));
        });
        AdminService {
            users: Arc::new(self.users),
            sessions: Arc::new(self.sessions),
            passwords: Arc::new(self.passwords),
            switches: Arc::new(self.switches),
            hasher: Arc::new(self.hasher),
            clock: Arc::new(clock),
            log: Arc::new(log),
        }
    }
}

fn of_ada(action: Action) -> Vec<Told> {
    vec![(action, Some("ada".to_owned()), None)]
}

#[tokio::test]
async fn a_list_goes_on_behind_the_user_that_it_is_told() {
    let mut ports = Ports::default();
    let after = Some(UserId::parse("ada").unwrap());
    ports
        .users
        .expect_list()
        .with(eq(after.clone()), eq(PAGE))
        .returning(|_, _| Ok(vec![account("bob").user]));
    assert_eq!(ports.service().list(after).await.unwrap(), [account("bob").user]);
}

#[tokio::test]
async fn a_user_is_found_by_email_or_id_and_an_id_may_look_like_an_email() {
    let report = Ports::knowing("ada").service().show("ada").await.unwrap();
    assert_eq!((report.user, report.has_password), (account("ada").user, true));
    let report = Ports::knowing("ada@issuer.example").service().show("ada@issuer.example").await;
    assert_eq!(report.unwrap().user, account("ada@issuer.example").user);

    let mut ports = Ports::default();
    ports
        .users
        .expect_find_by_email()
        .with(eq(email("ada@example.com")))
        .returning(|_| Ok(Some(Account { password_hash: None, ..account("ada") })));
    ports.sessions.expect_list().returning(|_, _| Ok(Vec::new()));
    let report = ports.service().show(" ADA@example.com").await.unwrap();
    assert_eq!((report.user, report.has_password), (account("ada").user, false));
}

#[tokio::test]
async fn whoever_is_not_there_is_not_found_and_nothing_is_told() {
    for name in ["nobody", "nobody@example.com", "", "no/body"] {
        let ports = Ports::empty();
        let told = ports.told.clone();
        let mut service = ports.service();
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_hash().returning(|_| Ok(hash()));
        service.hasher = Arc::new(hasher);
        let refusals = [
            service.show(name).await.err(),
            service.set_active(name, false).await.err(),
            service.set_password(name, "correct horse".to_owned()).await.err(),
            service.revoke_sessions(name).await.err(),
        ];
        for refusal in refusals {
            assert!(matches!(refusal, Some(AdminError::NoSuchUser)), "{name}: {refusal:?}");
        }
        assert_eq!(*told.lock().unwrap(), []);
    }
}

#[tokio::test]
async fn a_user_who_is_deleted_meanwhile_is_not_found() {
    let mut ports = Ports::knowing("ada");
    ports.users.expect_set_active().returning(|_, _, _| Ok(None));
    ports.hasher.expect_hash().returning(|_| Ok(hash()));
    ports.passwords.expect_set().returning(|_| Ok(None));
    let told = ports.told.clone();
    let service = ports.service();
    let disabled = service.set_active("ada", false).await;
    assert!(matches!(disabled, Err(AdminError::NoSuchUser)));
    let set = service.set_password("ada", "correct horse".to_owned()).await;
    assert!(matches!(set, Err(AdminError::NoSuchUser)));
    assert_eq!(*told.lock().unwrap(), []);
}

#[tokio::test]
async fn an_account_is_made_with_a_hash_of_its_password() {
    let mut ports = Ports::default();
    ports.hasher.expect_hash().once().returning(|_| Ok(hash()));
    ports
        .users
        .expect_provision()
        .withf(|account, vouched_at| {
            account.email == email("ada@example.com")
                && account.password_hash == Some(hash())
                && account.created_at == noon()
                && *vouched_at == Some(noon())
        })
        .once()
        .returning(|_, _| Ok(Standing::Active));
    ports.users.expect_find().returning(|id| Ok(Some(account(id.as_str()))));
    ports.sessions.expect_list().returning(|_, _| Ok(Vec::new()));
    let told = ports.told.clone();
    let report = ports.service().create(draft()).await.unwrap();
    let expected = (Action::AdminCreate, Some(report.user.id.to_string()), None);
    assert_eq!(*told.lock().unwrap(), [expected]);
}

#[tokio::test]
async fn an_email_that_is_taken_makes_no_account() {
    let mut ports = Ports::default();
    ports.hasher.expect_hash().returning(|_| Ok(hash()));
    ports.users.expect_provision().returning(|_, _| Err(StoreError::Conflict));
    let made = ports.service().create(draft()).await;
    assert!(matches!(made, Err(AdminError::EmailTaken)));
}

#[tokio::test]
async fn all_faults_of_an_account_are_told_before_anything_is_hashed() {
    let (email, password) = ("ada".to_owned(), "short".to_owned());
    let draft = AdminDraft { email, password, name: Some("x".repeat(101)) };
    let Err(AdminError::Invalid(error)) = Ports::default().service().create(draft).await else {
        panic!("it is made")
    };
    let fields: Vec<_> = error.errors().iter().map(|error| error.field).collect();
    assert_eq!(fields, ["email", "password", "name"]);
}

#[tokio::test]
async fn a_user_is_kept_out_and_let_in_again() {
    for (active, action) in [(false, Action::AdminDisable), (true, Action::AdminEnable)] {
        let mut ports = Ports::knowing("ada");
        ports
            .users
            .expect_set_active()
            .with(eq(account("ada").user.id), eq(active), eq(noon()))
            .once()
            .returning(|_, _, _| Ok(Some(Vec::new())));
        let told = ports.told.clone();
        ports.service().set_active("ada", active).await.unwrap();
        assert_eq!(*told.lock().unwrap(), of_ada(action));
    }
}

#[tokio::test]
async fn a_password_is_set_whatever_it_was_and_no_session_is_kept() {
    let mut ports = Ports::knowing("ada");
    ports.hasher.expect_hash().once().returning(|_| Ok(hash()));
    let (user_id, hash, now) = (account("ada").user.id, hash(), noon());
    let expected = NewPassword { user_id, replaced: None, hash, kept_session: None, now };
    ports.passwords.expect_set().with(eq(expected)).once().returning(|_| Ok(Some(Vec::new())));
    let told = ports.told.clone();
    ports.service().set_password("ada", "correct horse".to_owned()).await.unwrap();
    assert_eq!(*told.lock().unwrap(), of_ada(Action::AdminSetPassword));
}

#[tokio::test]
async fn a_password_that_breaks_a_rule_is_not_set() {
    let set = Ports::default().service().set_password("ada", "short".to_owned()).await;
    assert!(matches!(set, Err(AdminError::Invalid(_))));
}

#[tokio::test]
async fn all_sessions_of_a_user_end_and_are_counted() {
    let mut ports = Ports::knowing("ada");
    ports
        .sessions
        .expect_revoke_others()
        .with(eq(account("ada").user.id), eq(None), eq(noon()))
        .once()
        .returning(|_, _, _| Ok([1, 2].map(|byte| SessionId::from_bytes([byte; 16])).to_vec()));
    let told = ports.told.clone();
    assert_eq!(ports.service().revoke_sessions("ada").await.unwrap(), 2);
    assert_eq!(*told.lock().unwrap(), of_ada(Action::AdminRevokeSessions));
}

#[tokio::test]
async fn every_switch_is_shown_with_the_time_since_when_it_is_off() {
    let mut ports = Ports::default();
    ports.switches.expect_list_off().returning(|| Ok(vec![(Switch::Login, noon())]));
    let switches = ports.service().switches().await.unwrap();
    let off = |switch: Switch| (switch == Switch::Login).then(noon);
    assert_eq!(switches, Switch::ALL.map(|switch| (switch, off(switch))));
}

#[tokio::test]
async fn a_switch_that_is_turned_is_named_in_the_log() {
    for (on, object) in [(false, "task-writes off"), (true, "task-writes on")] {
        let mut ports = Ports::default();
        let set = ports.switches.expect_set().with(eq(Switch::TaskWrites), eq(on), eq(noon()));
        set.once().returning(|_, _, _| Ok(()));
        let told = ports.told.clone();
        ports.service().turn(Switch::TaskWrites, on).await.unwrap();
        let expected = (Action::AdminSwitch, None, Some(object.to_owned()));
        assert_eq!(*told.lock().unwrap(), [expected]);
    }
}
