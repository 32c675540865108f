//! How PostgreSQL answers the statements of the hot path, among enough rows that it has a choice. The
//! statements and their plans are kept in `bench/plans/`.

mod kept;
mod plan;
mod rows;
mod statements;

use plan::{Plan, PlanFor};
use rows::{Caller, FEW, MANY};
use statements::Statement;
use todo_db::Db;

use crate::contract::{self, column};
use crate::support::{TestDatabase, say_skipped};

/// A database full of rows, what drops it, and the statements; `None` without PostgreSQL.
async fn full_database() -> Option<(Db, TestDatabase, Vec<Statement>)> {
    let (db, kept) = crate::empty_database().await?;
    contract::migrated(&db).await;
    let statements = statements::all(&db).await;
    rows::fill(&db).await;
    Some((db, kept, statements))
}

/// How many pages of tables and indexes a statement of this caller may look at.
fn most_pages(statement: &Statement, caller: &Caller) -> usize {
    if statement.counts_all() {
        // The caller's part of an index, whose pages are half full at least, and the way to it.
        caller.tasks / 80 + 7
    } else if !statement.is_direct() {
        // Most of the index: a status is looked for among ten thousand titles.
        statement.limit() + 150
    } else if statement.sql.starts_with("SELECT") {
        // Each row on a page of its own, and the way to them through the index.
        statement.limit() + 7
    } else {
        // The way through each index of the table, and what is changed there.
        40
    }
}

/// What a file of a plan says first.
async fn version(db: &Db) -> String {
    let number: String = column(db, "SHOW server_version_num").await.remove(0);
    format!("-- PostgreSQL {}, ", &number[..2])
}

#[tokio::test]
async fn hot_statements_are_kept_as_they_are_sent() {
    let Some((db, _kept)) = crate::empty_database().await else { return };
    contract::migrated(&db).await;
    let statements = statements::all(&db).await;
    let mut names = Vec::new();
    for statement in statements.iter().filter(|it| it.is_hot()) {
        kept::compare(&format!("{}.sql", statement.name), &kept::sql_file(statement));
        names.push(statement.name.as_str());
    }
    let others: Vec<_> = kept::names().into_iter().filter(|it| !names.contains(&&**it)).collect();
    assert_eq!(others, ["README"], "lies in bench/plans/");
}

#[tokio::test]
async fn hot_statements_are_answered_by_the_plans_that_are_kept() {
    let Some((db, _kept, statements)) = full_database().await else { return };
    let version = version(&db).await;
    let many = Caller::find(&db, MANY).await;
    for statement in statements.iter().filter(|it| it.is_hot()) {
        let plan = Plan::explain(&db, statement, &many, PlanFor::AnyValues).await;
        let file = format!("{}.txt", statement.name);
        if !kept::is_of_version(&file, &version) {
            return say_skipped("the comparison of plans", "they are of another PostgreSQL");
        }
        let pages = most_pages(statement, &many);
        let about = format!("any values; a user with 10,000 tasks; at most {pages} buffers");
        kept::compare(&file, &format!("{version}{about}\n{plan}"));
    }
}

#[tokio::test]
async fn every_list_is_read_in_its_order_from_its_index() {
    let Some((db, _kept, statements)) = full_database().await else { return };
    let many = Caller::find(&db, MANY).await;
    for statement in &statements {
        let Some(index) = statement.list_index() else { continue };
        let plan = Plan::explain(&db, statement, &many, PlanFor::AnyValues).await;
        assert!(plan.says("Index Scan") && plan.says(&format!("using {index} on tasks")), "{plan}");
        assert!(!plan.says("Sort") && !plan.says("Seq Scan") && !plan.says("Bitmap"), "{plan}");
        let is_behind = statement.name.ends_with("-after");
        assert_eq!(plan.says("Index Cond") && plan.says("ROW("), is_behind, "{plan}");
    }
}

#[tokio::test]
async fn no_more_rows_and_pages_are_read_of_ten_thousand_tasks_than_of_a_hundred() {
    let Some((db, _kept, statements)) = full_database().await else { return };
    for user in [FEW, MANY] {
        let caller = Caller::find(&db, user).await;
        for statement in statements.iter().filter(|it| !it.counts_all()) {
            for plan_for in [PlanFor::AnyValues, PlanFor::TheseValues] {
                let plan = Plan::explain(&db, statement, &caller, plan_for).await;
                let (rows, pages) = (plan.rows(), plan.pages());
                let case =
                    format!("{} of {user}, {plan_for:?}: {pages} pages\n{plan}", statement.name);
                assert!(rows <= statement.limit(), "{case}");
                assert!((1..=most_pages(statement, &caller)).contains(&pages), "{case}");
                // No more switches can be off than there are.
                let reads_all = plan.says("Seq Scan") && statement.name != "switches";
                assert!(!reads_all, "{case}");
            }
        }
    }
}

#[tokio::test]
async fn a_count_reads_the_callers_part_of_an_index_and_nothing_else() {
    let Some((db, _kept, statements)) = full_database().await else { return };
    let statement = statements.iter().find(|it| it.counts_all()).unwrap();
    for user in [FEW, MANY] {
        let caller = Caller::find(&db, user).await;
        for plan_for in [PlanFor::AnyValues, PlanFor::TheseValues] {
            let plan = Plan::explain(&db, statement, &caller, plan_for).await;
            let pages = plan.pages();
            let case = format!("{user}, {plan_for:?}: {pages} pages\n{plan}");
            assert!(plan.says("Index Only Scan using tasks_by_completed on tasks"), "{case}");
            assert!(plan.says("Heap Fetches: 0") && !plan.says("Sort"), "{case}");
            // Of 30,000 tasks those of others cost nothing.
            assert_eq!(plan.rows(), caller.tasks, "{case}");
            assert!((1..=most_pages(statement, &caller)).contains(&pages), "{case}");
        }
    }
}
