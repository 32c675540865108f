//! The statements of the hot path, as the repositories send them.

use std::sync::{Arc, Mutex};

use todo_db::{Db, DbObserver, Execution, SeaSessionRepo, SeaSwitchRepo, SeaTaskRepo, SeaUserRepo};
use todo_domain::{
    Cursor, Direction, PageSize, SessionId, SessionRepo as _, SortKey, StatusFilter,
    SwitchRepo as _, TaskChanges, TaskOrder, TaskQuery, TaskRepo as _, UserRepo as _,
};

use crate::contract::{account, at, task, title, user};

/// How many tasks the page of a list has.
const PAGE: usize = 20;

/// A statement, and what it is called with.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// What it is called.
    pub(crate) name: String,
    /// As it is sent.
    pub(crate) sql: String,
    /// What `$1`, `$2` and so on are; one value may be there twice.
    pub(crate) parameters: Vec<&'static str>,
}

impl Statement {
    /// The index that a list of tasks must be read from, in its order.
    pub(crate) fn list_index(&self) -> Option<&'static str> {
        let filtered = self.parameters.contains(&"completed");
        match self.name.strip_prefix("list")? {
            order if order.contains("-by-title") => Some("tasks_by_title_and_status"),
            _ if filtered => Some("tasks_by_completed"),
            _ => Some("tasks_by_created"),
        }
    }

    /// Whether it goes straight to its rows. The one list that passes others by, in its index, is that of
    /// a status by title.
    pub(crate) fn is_direct(&self) -> bool {
        self.list_index() != Some("tasks_by_title_and_status")
            || !self.parameters.contains(&"completed")
    }

    /// Whether it is one of those that the service lives on. Lists from their other end are the same,
    /// read backwards.
    pub(crate) fn is_hot(&self) -> bool {
        let from_other_end = ["-oldest-first", "-backwards"];
        self.is_direct() && !from_other_end.iter().any(|end| self.name.contains(end))
    }

    /// Whether it looks at all of the caller's tasks, in the place of one or of a page.
    pub(crate) fn counts_all(&self) -> bool {
        self.name == "counts"
    }

    /// How many rows answer it at most. A list reads one more than its page has.
    pub(crate) fn limit(&self) -> usize {
        if self.list_index().is_some() { PAGE + 1 } else { 1 }
    }
}

/// What the parts of a list's name stand for; the usual list is called no more than that.
const STATUSES: [(&str, StatusFilter); 3] = [
    ("", StatusFilter::All),
    ("-pending", StatusFilter::Pending),
    ("-completed", StatusFilter::Completed),
];
const ORDERS: [(&str, TaskOrder); 4] = [
    ("", order(SortKey::Created, Direction::Descending)),
    ("-oldest-first", order(SortKey::Created, Direction::Ascending)),
    ("-by-title", order(SortKey::Title, Direction::Ascending)),
    ("-by-title-backwards", order(SortKey::Title, Direction::Descending)),
];

const fn order(key: SortKey, direction: Direction) -> TaskOrder {
    TaskOrder { key, direction }
}

/// A statement's name, and those of its parameters.
type Named<'a> = (&'a str, &'a [&'static str]);

/// Hears what is sent.
#[derive(Default)]
struct Ear(Mutex<Vec<String>>);

impl DbObserver for Ear {
    fn executed(&self, execution: &Execution<'_>) {
        self.0.lock().unwrap().push(execution.sql.to_owned());
    }
}

impl Ear {
    /// An ear at the way to a database.
    fn at(db: &Db) -> (Db, Arc<Self>) {
        let ear = Arc::<Self>::default();
        (db.clone().observed_by(ear.clone()), ear)
    }

    /// What was sent since, which must be as many statements as there are names.
    fn heard(&self, names: &[Named]) -> Vec<Statement> {
        let heard = std::mem::take(&mut *self.0.lock().unwrap());
        assert_eq!(heard.len(), names.len(), "{heard:#?}");
        let statement = |((name, parameters), sql): (&Named, String)| {
            let (name, parameters) = ((*name).to_owned(), parameters.to_vec());
            Statement { name, sql, parameters }
        };
        names.iter().zip(heard).map(statement).collect()
    }
}

/// Everything that is asked on the hot path.
pub(crate) async fn all(db: &Db) -> Vec<Statement> {
    [single(db).await, lists(db).await].concat()
}

/// What is asked about one task, or all in one number, and before a call is let in, if nothing is
/// remembered of the caller.
async fn single(db: &Db) -> Vec<Statement> {
    let ada = user(db, "ada").await;
    let made = task(db, &ada, "Milk", at(0)).await;
    let (db, ear) = Ear::at(db);
    let tasks = SeaTaskRepo::new(&db);
    let mut statements = Vec::new();
    let mut hear = |names: &[Named]| statements.extend(ear.heard(names));

    tasks.find(&ada, made.id).await.unwrap();
    hear(&[("get", &["task_id", "user_id", "limit"])]);
    tasks.count(&ada).await.unwrap();
    hear(&[("counts", &["user_id"])]);
    task(&db, &ada, "Bread", at(1)).await;
    hear(&[("create", &["user_id", "title", "description", "completed", "now", "now"])]);
    let changes = TaskChanges { title: Some(title("Butter")), ..TaskChanges::default() };
    tasks.update(&ada, made.id, &changes, at(2)).await.unwrap();
    hear(&[("update", &["title", "title", "now", "task_id", "user_id"])]);
    let changes = TaskChanges { completed: Some(true), ..TaskChanges::default() };
    tasks.update(&ada, made.id, &changes, at(3)).await.unwrap();
    hear(&[("complete", &["completed", "completed", "now", "task_id", "user_id"])]);
    tasks.toggle(&ada, made.id, at(4)).await.unwrap();
    hear(&[("toggle", &["now", "task_id", "user_id"])]);
    tasks.delete(&ada, made.id).await.unwrap();
    hear(&[("delete", &["task_id", "user_id"])]);

    SeaSessionRepo::new(&db).find_state(SessionId::from_bytes([7; 16])).await.unwrap();
    hear(&[("session", &["session_id", "limit"])]);
    SeaUserRepo::new(&db).provision(&account("grace"), Some(at(0))).await.unwrap();
    let row = ["user_id", "email", "name", "password_hash", "now", "now"];
    hear(&[
        ("user-deletion", &["user_id", "vouched_at", "limit"]),
        ("user", &["user_id", "limit"]),
        ("user-provision", &[&row[..], &["one", "user_id", "vouched_at"]].concat()),
    ]);
    SeaSwitchRepo::new(&db).list_off().await.unwrap();
    hear(&[("switches", &[])]);
    statements
}

/// Lists of every status in every order: the first page, and one behind it.
pub(crate) async fn lists(db: &Db) -> Vec<Statement> {
    let ada = user(db, "ada").await;
    let made = task(db, &ada, "Milk", at(0)).await;
    let (db, ear) = Ear::at(db);
    let mut statements = Vec::new();
    for (filtered, status) in STATUSES {
        for (ordered, order) in ORDERS {
            for after in [None, Some(Cursor::at(&made, order.key))] {
                let behind = if after.is_some() { "-after" } else { "" };
                let name = format!("list{filtered}{ordered}{behind}");
                let mut parameters = vec!["user_id"];
                parameters.extend(status.completed().map(|_| "completed"));
                parameters.extend(match after {
                    None => &[][..],
                    Some(Cursor::Created { .. }) => &["after_created_at", "after_id"],
                    Some(Cursor::Title { .. }) => &["after_title", "after_id", "after_title"],
                });
                parameters.push("limit");
                let size = PageSize::parse(&PAGE.to_string()).unwrap();
                let query = TaskQuery { status, order, size, after };
                SeaTaskRepo::new(&db).list(&ada, &query).await.unwrap();
                statements.extend(ear.heard(&[(&name, &parameters)]));
            }
        }
    }
    statements
}
