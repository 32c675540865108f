//! Which tasks a list holds, and in which order.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, TestApp, TestUser, faults, json_of, problem};

/// The titles of the list at `path`, in its order.
async fn titles(user: &TestUser<'_>, path: &str) -> Vec<String> {
    let list = json_of(user.get(path).await, StatusCode::OK).await;
    let title = |task: &Value| task["title"].as_str().expect("a title").to_owned();
    list.as_array().expect("a bare array").iter().map(title).collect()
}

#[actix_web::test]
async fn a_list_is_a_bare_array_with_the_newest_task_first() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let path = family.tasks_of(&ada.id);
        let older: Vec<Value> = ada.get(&path).await.json().await.unwrap();
        let first = ada.task("Buy milk").await;
        let second = ada.task("Buy bread").await;
        let list: Vec<Value> = ada.get(&path).await.json().await.unwrap();
        assert_eq!(list[..2], [second, first], "each as it is by itself");
        assert_eq!(list[2..], older);
    }
}

#[actix_web::test]
async fn a_user_without_tasks_has_an_empty_list() {
    let app = TestApp::start().await;
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    ada.task("Buy milk").await;
    for family in FAMILIES {
        let answer = grace.get(&family.tasks_of(&grace.id)).await;
        assert!(!answer.headers().contains_key("link"));
        assert_eq!(json_of(answer, StatusCode::OK).await, json!([]));
    }
}

#[actix_web::test]
async fn a_list_is_sorted_as_it_is_asked_for() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for title in ["banana", "Apple", "cherry", "apple", "Banana"] {
        ada.task(title).await;
    }
    let by_age = ["banana", "Apple", "cherry", "apple", "Banana"];
    let by_title = ["Apple", "apple", "banana", "Banana", "cherry"];
    let reversed = |titles: [&'static str; 5]| titles.into_iter().rev().collect::<Vec<_>>();
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for (query, expected) in [
            ("", reversed(by_age)),
            ("?sort=created", reversed(by_age)),
            ("?sort=created&order=desc", reversed(by_age)),
            ("?order=asc", by_age.to_vec()),
            ("?sort=title", by_title.to_vec()),
            ("?sort=title&order=asc", by_title.to_vec()),
            ("?sort=title&order=desc", reversed(by_title)),
        ] {
            assert_eq!(titles(&ada, &format!("{tasks}{query}")).await, expected, "{query}");
        }
    }
}

#[actix_web::test]
async fn a_list_holds_the_tasks_of_the_status_that_is_asked_for() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    ada.task("pending").await;
    let id = ada.task("completed").await["id"].clone();
    let path = format!("/api/v1/tasks/{id}");
    ada.send(Method::PUT, &path, json!({"completed": true})).await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for (query, expected) in [
            ("?status=all", vec!["completed", "pending"]),
            ("?status=pending", vec!["pending"]),
            ("?status=completed", vec!["completed"]),
            ("?status=completed&sort=title&order=desc&limit=1", vec!["completed"]),
        ] {
            assert_eq!(titles(&ada, &format!("{tasks}{query}")).await, expected, "{query}");
        }
    }
}

#[actix_web::test]
async fn a_parameter_that_breaks_a_rule_is_named() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for (query, field, code) in [
            ("status=done", "status", "not_one_of"),
            ("status=", "status", "not_one_of"),
            ("status=All", "status", "not_one_of"),
            ("sort=updated", "sort", "not_one_of"),
            ("sort=title;drop", "sort", "not_one_of"),
            ("order=up", "order", "not_one_of"),
            ("limit=0", "limit", "out_of_range"),
            ("limit=101", "limit", "out_of_range"),
            ("limit=-1", "limit", "out_of_range"),
            ("limit=ten", "limit", "out_of_range"),
            ("limit=", "limit", "out_of_range"),
            ("limit=1.5", "limit", "out_of_range"),
            ("limit=99999999999999999999", "limit", "out_of_range"),
            ("cursor=", "cursor", "malformed"),
            ("cursor=abc", "cursor", "malformed"),
            ("cursor=%00", "cursor", "malformed"),
        ] {
            let answer = ada.get(&format!("{tasks}?{query}")).await;
            let document = problem(answer, family.invalid()).await;
            assert_eq!(faults(&document), [(field, code)], "{query}");
        }
    }
}

#[actix_web::test]
async fn every_parameter_at_fault_is_named_at_once() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let query = "status=x&sort=x&order=x&limit=x&cursor=x";
        let answer = ada.get(&format!("{}?{query}", family.tasks_of(&ada.id))).await;
        let document = problem(answer, family.invalid()).await;
        let named: Vec<_> = faults(&document).into_iter().map(|(field, _)| field).collect();
        assert_eq!(named, ["status", "sort", "order", "limit", "cursor"]);
    }
}

#[actix_web::test]
async fn a_parameter_that_is_sent_twice_is_refused() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let path = format!("{}?limit=1&limit=2", family.tasks_of(&ada.id));
        let document = problem(ada.get(&path).await, family.invalid()).await;
        assert_eq!(faults(&document), [("limit", "duplicate")]);
    }
}
