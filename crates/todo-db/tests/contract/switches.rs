//! Kill switches.

use todo_db::{Db, SeaSwitchRepo};
use todo_domain::{Switch, SwitchRepo as _};

use super::{at, execute};

pub(crate) async fn a_switch_is_off_since_it_was_first_turned_off(db: Db) {
    let repo = SeaSwitchRepo::new(&db);
    assert_eq!(repo.list_off().await.unwrap(), []);
    repo.set(Switch::Login, false, at(1)).await.unwrap();
    repo.set(Switch::Login, false, at(2)).await.unwrap();
    assert_eq!(repo.list_off().await.unwrap(), [(Switch::Login, at(1))]);
    for _ in 0..2 {
        repo.set(Switch::Login, true, at(3)).await.unwrap();
        assert_eq!(repo.list_off().await.unwrap(), []);
    }
}

pub(crate) async fn a_switch_of_a_newer_release_is_passed_over(db: Db) {
    let sql = "INSERT INTO switches_off (name, since) VALUES ($1, '2026-11-21T08:00:00Z')";
    execute(&db, sql, ["gravity".into()]).await.unwrap();
    assert_eq!(SeaSwitchRepo::new(&db).list_off().await.unwrap(), []);
}
