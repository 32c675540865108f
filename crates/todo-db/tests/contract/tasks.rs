//! One task: made, found, changed and deleted by its owner and nobody else.

use sea_orm::DbErr;
use todo_db::{Db, SeaTaskRepo};
use todo_domain::{
    NewTask, StoreError, Task, TaskChanges, TaskId, TaskRepo as _, Timestamp, UserId,
};
use tokio::task::JoinSet;

use super::{at, description, execute, task, title, user};

const TOGGLES: u64 = 50;

/// A task with every field set, and the repository that keeps it.
async fn milk(db: &Db) -> (SeaTaskRepo, UserId, Task) {
    let (repo, ada) = (SeaTaskRepo::new(db), user(db, "ada").await);
    let milk = NewTask { title: title("Milk"), description: Some(description("two litres")) };
    let task = repo.create(&ada, &milk, at(1)).await.unwrap();
    (repo, ada, task)
}

/// Writes a row of `ada`'s past the repository and its value types.
async fn insert(db: &Db, title: &str, description: &str) -> Result<(), DbErr> {
    let sql = "INSERT INTO tasks (user_id, title, description, completed, created_at, updated_at) \
               VALUES ('ada', $1, $2, false, '2026-11-21T08:00:00Z', '2026-11-21T08:00:00Z')";
    execute(db, sql, [title.into(), description.into()]).await
}

pub(crate) async fn a_task_is_made_pending_and_found_as_it_was_made(db: Db) {
    let (repo, ada, made) = milk(&db).await;
    assert_eq!(
        made,
        Task {
            id: made.id,
            user_id: ada.clone(),
            title: title("Milk"),
            description: Some(description("two litres")),
            completed: false,
            created_at: at(1),
            updated_at: at(1),
        }
    );
    assert_eq!(repo.find(&ada, made.id).await.unwrap(), Some(made));
}

pub(crate) async fn ids_grow_and_are_never_given_twice(db: Db) {
    let (repo, ada, first) = milk(&db).await;
    let second = task(&db, &ada, "Bread", at(0)).await;
    assert!(second.id > first.id);
    assert!(repo.delete(&ada, second.id).await.unwrap());
    assert!(task(&db, &ada, "Salt", at(0)).await.id > second.id);
}

pub(crate) async fn any_text_comes_back_as_it_was_written(db: Db) {
    let (repo, ada) = (SeaTaskRepo::new(&db), user(&db, "ada").await);
    for text in [
        "👩‍👩‍👧 🏳️‍🌈",
        "שלום עולם",
        "مرحبا \u{202e}abc",
        "e\u{301} and é",
        "'; DROP TABLE tasks; --",
        "%_\\\"$1?",
    ] {
        let new = NewTask { title: title(text), description: Some(description(text)) };
        let made = repo.create(&ada, &new, at(0)).await.unwrap();
        let found = repo.find(&ada, made.id).await.unwrap().unwrap();
        assert_eq!((found.title, found.description), (new.title, new.description));
    }
    let blank = NewTask { title: title("blank"), description: Some(description(" \n")) };
    let made = repo.create(&ada, &blank, at(0)).await.unwrap();
    assert_eq!(made.description, blank.description);
}

pub(crate) async fn the_longest_texts_fit_however_many_bytes_they_take(db: Db) {
    let (repo, ada) = (SeaTaskRepo::new(&db), user(&db, "ada").await);
    let (longest, more) = ("😀".repeat(200), "😀".repeat(1_000));
    let new = NewTask { title: title(&longest), description: Some(description(&more)) };
    let made = repo.create(&ada, &new, at(0)).await.unwrap();
    assert_eq!((made.title, made.description), (new.title, new.description));
}

pub(crate) async fn the_database_itself_refuses_texts_out_of_bounds(db: Db) {
    user(&db, "ada").await;
    let of = |count| "x".repeat(count);
    insert(&db, &of(200), &of(1_000)).await.unwrap();
    insert(&db, "x", "").await.unwrap();
    for (title, description) in [(of(201), of(0)), (of(0), of(0)), (of(1), of(1_001))] {
        let refused = insert(&db, &title, &description).await;
        assert!(refused.is_err(), "{} and {} characters", title.len(), description.len());
    }
}

pub(crate) async fn a_task_for_nobody_conflicts(db: Db) {
    let nobody = UserId::parse("nobody").unwrap();
    let new = NewTask { title: title("Milk"), description: None };
    let made = SeaTaskRepo::new(&db).create(&nobody, &new, at(0)).await;
    assert!(matches!(made, Err(StoreError::Conflict)), "{made:?}");
}

pub(crate) async fn an_update_leaves_what_it_does_not_name(db: Db) {
    let (repo, ada, milk) = milk(&db).await;
    let bystander = task(&db, &ada, "Bread", at(1)).await;
    let changes = TaskChanges { title: Some(title("Oat milk")), ..TaskChanges::default() };
    let updated = repo.update(&ada, milk.id, &changes, at(2)).await.unwrap().unwrap();
    assert_eq!(updated, Task { title: title("Oat milk"), updated_at: at(2), ..milk.clone() });

    let changes = TaskChanges { completed: Some(true), ..TaskChanges::default() };
    let completed = repo.update(&ada, milk.id, &changes, at(3)).await.unwrap().unwrap();
    assert_eq!(completed, Task { completed: true, updated_at: at(3), ..updated });
    assert_eq!(repo.find(&ada, milk.id).await.unwrap(), Some(completed));
    assert_eq!(repo.find(&ada, bystander.id).await.unwrap(), Some(bystander));
}

pub(crate) async fn an_update_clears_a_description(db: Db) {
    let (repo, ada, milk) = milk(&db).await;
    let changes = TaskChanges { description: Some(None), ..TaskChanges::default() };
    let cleared = repo.update(&ada, milk.id, &changes, at(2)).await.unwrap().unwrap();
    assert_eq!(cleared, Task { description: None, updated_at: at(2), ..milk });
}

/// `updated_at` after each of `changes`, one every second from the second 2 on.
async fn updates(
    repo: &SeaTaskRepo,
    task: &Task,
    changes: impl IntoIterator<Item = TaskChanges>,
) -> Vec<Timestamp> {
    let mut instants = Vec::new();
    for (second, changes) in (2..).zip(changes) {
        let updated = repo.update(&task.user_id, task.id, &changes, at(second)).await;
        let updated = updated.unwrap().unwrap();
        assert_eq!(updated.created_at, task.created_at);
        instants.push(updated.updated_at);
    }
    instants
}

pub(crate) async fn updated_at_moves_when_a_value_changes(db: Db) {
    let (repo, _, milk) = milk(&db).await;
    let changes = [
        TaskChanges { title: Some(title("milk")), ..TaskChanges::default() },
        TaskChanges { description: Some(Some(description(""))), ..TaskChanges::default() },
        TaskChanges { description: Some(None), ..TaskChanges::default() },
        TaskChanges { description: Some(Some(description("x"))), ..TaskChanges::default() },
        TaskChanges { completed: Some(true), ..TaskChanges::default() },
        TaskChanges {
            title: Some(title("milk")),
            description: Some(Some(description("y"))),
            completed: Some(true),
        },
    ];
    assert_eq!(updates(&repo, &milk, changes).await, [2, 3, 4, 5, 6, 7].map(at));
}

pub(crate) async fn updated_at_stays_when_no_value_changes(db: Db) {
    let (repo, ada, milk) = milk(&db).await;
    let same = [
        TaskChanges { title: Some(title("Milk")), ..TaskChanges::default() },
        TaskChanges { description: Some(milk.description.clone()), ..TaskChanges::default() },
        TaskChanges { completed: Some(false), ..TaskChanges::default() },
        TaskChanges {
            title: Some(title("Milk")),
            description: Some(milk.description.clone()),
            completed: Some(false),
        },
    ];
    assert_eq!(updates(&repo, &milk, same).await, [milk.created_at; 4]);

    let bare = task(&db, &ada, "Bread", at(1)).await;
    let cleared = TaskChanges { description: Some(None), ..TaskChanges::default() };
    assert_eq!(updates(&repo, &bare, [cleared]).await, [bare.created_at]);
}

pub(crate) async fn an_update_without_changes_returns_the_task(db: Db) {
    let (repo, ada, milk) = milk(&db).await;
    let updated = repo.update(&ada, milk.id, &TaskChanges::default(), at(2)).await.unwrap();
    assert_eq!(updated, Some(milk));
}

pub(crate) async fn a_toggle_turns_a_task_over_each_time(db: Db) {
    let (repo, ada, milk) = milk(&db).await;
    let done = repo.toggle(&ada, milk.id, at(2)).await.unwrap().unwrap();
    assert_eq!(done, Task { completed: true, updated_at: at(2), ..milk.clone() });
    let pending = repo.toggle(&ada, milk.id, at(3)).await.unwrap().unwrap();
    assert_eq!(pending, Task { completed: false, updated_at: at(3), ..milk });
}

pub(crate) async fn toggles_at_the_same_time_all_count(db: Db) {
    let (repo, ada, milk) = milk(&db).await;
    let mut toggles = JoinSet::new();
    for second in 2..2 + TOGGLES {
        let (repo, ada) = (repo.clone(), ada.clone());
        toggles.spawn(async move { repo.toggle(&ada, milk.id, at(second)).await });
    }
    let answers = toggles.join_all().await;
    let completed =
        answers.into_iter().filter(|task| task.as_ref().unwrap().as_ref().unwrap().completed);
    assert_eq!(completed.count() as u64, TOGGLES / 2, "every second one completes the task");
    assert!(!repo.find(&ada, milk.id).await.unwrap().unwrap().completed);
}

pub(crate) async fn a_deleted_task_is_gone(db: Db) {
    let (repo, ada, milk) = milk(&db).await;
    let bystander = task(&db, &ada, "Bread", at(1)).await;
    assert!(repo.delete(&ada, milk.id).await.unwrap());
    assert_eq!(repo.find(&ada, milk.id).await.unwrap(), None);
    assert!(!repo.delete(&ada, milk.id).await.unwrap());
    assert_eq!(repo.find(&ada, bystander.id).await.unwrap(), Some(bystander));
}

/// Asks everything about a task that `owner` does not have.
async fn assert_not_there(repo: &SeaTaskRepo, owner: &UserId, id: TaskId) {
    let renamed = TaskChanges { title: Some(title("Mine")), ..TaskChanges::default() };
    assert_eq!(repo.find(owner, id).await.unwrap(), None);
    assert_eq!(repo.update(owner, id, &renamed, at(9)).await.unwrap(), None);
    assert_eq!(repo.update(owner, id, &TaskChanges::default(), at(9)).await.unwrap(), None);
    assert_eq!(repo.toggle(owner, id, at(9)).await.unwrap(), None);
    assert!(!repo.delete(owner, id).await.unwrap());
}

pub(crate) async fn a_task_that_never_was_is_not_there(db: Db) {
    let (repo, ada, _) = milk(&db).await;
    assert_not_there(&repo, &ada, TaskId::new(i64::MAX).unwrap()).await;
}

pub(crate) async fn a_strangers_task_is_not_there_and_stays_untouched(db: Db) {
    let (repo, ada, milk) = milk(&db).await;
    let eve = user(&db, "eve").await;
    assert_not_there(&repo, &eve, milk.id).await;
    assert_eq!(repo.find(&ada, milk.id).await.unwrap(), Some(milk));
}
