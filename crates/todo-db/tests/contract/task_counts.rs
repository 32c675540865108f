//! How many tasks an owner has.

use todo_db::{Db, SeaTaskRepo};
use todo_domain::{TaskCounts, TaskRepo as _, UserId};

use super::{at, task, user};

async fn counts(db: &Db, owner: &UserId) -> TaskCounts {
    SeaTaskRepo::new(db).count(owner).await.unwrap()
}

pub(crate) async fn counts_hide_other_users_tasks(db: Db) {
    let (ada, eve) = (user(&db, "ada").await, user(&db, "eve").await);
    let tasks = SeaTaskRepo::new(&db);
    for title in ["Milk", "Bread", "Butter"] {
        task(&db, &ada, title, at(0)).await;
        let done = task(&db, &eve, title, at(0)).await;
        tasks.toggle(&eve, done.id, at(1)).await.unwrap();
    }
    task(&db, &eve, "Poison", at(0)).await;
    assert_eq!(counts(&db, &ada).await, TaskCounts { pending: 3, completed: 0 });
    assert_eq!(counts(&db, &eve).await, TaskCounts { pending: 1, completed: 3 });
}

pub(crate) async fn counts_of_an_owner_without_tasks_are_zeros(db: Db) {
    let (ada, eve) = (user(&db, "ada").await, user(&db, "eve").await);
    task(&db, &eve, "Poison", at(0)).await;
    let none = TaskCounts { pending: 0, completed: 0 };
    assert_eq!(counts(&db, &ada).await, none);
    assert_eq!(counts(&db, &UserId::parse("nobody").unwrap()).await, none);
}

pub(crate) async fn counts_follow_every_change(db: Db) {
    let ada = user(&db, "ada").await;
    let tasks = SeaTaskRepo::new(&db);
    let milk = task(&db, &ada, "Milk", at(0)).await;
    let bread = task(&db, &ada, "Bread", at(0)).await;
    assert_eq!(counts(&db, &ada).await, TaskCounts { pending: 2, completed: 0 });
    tasks.toggle(&ada, milk.id, at(1)).await.unwrap();
    assert_eq!(counts(&db, &ada).await, TaskCounts { pending: 1, completed: 1 });
    tasks.delete(&ada, bread.id).await.unwrap();
    assert_eq!(counts(&db, &ada).await, TaskCounts { pending: 0, completed: 1 });
    tasks.toggle(&ada, milk.id, at(2)).await.unwrap();
    assert_eq!(counts(&db, &ada).await, TaskCounts { pending: 1, completed: 0 });
}
