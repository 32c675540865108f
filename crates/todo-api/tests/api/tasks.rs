//! What a user does with tasks.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, Family, TestApp, json_of, keys, problem};

#[actix_web::test]
async fn a_task_is_created_with_its_address() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        let body = json!({"title": "  Buy milk ", "description": "two litres"});
        let answer = ada.send(Method::POST, &tasks, body).await;
        assert_eq!(answer.status(), StatusCode::CREATED);
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        let task: Value = answer.json().await.unwrap();
        assert_eq!(location, format!("{tasks}/{}", task["id"]));
        assert_eq!(task["user_id"], ada.id);
        assert_eq!(task["title"], "Buy milk");
        assert_eq!(task["description"], "two litres");
        assert_eq!(task["completed"], false);
        assert_eq!(task["created_at"], task["updated_at"]);
        let found: Value = ada.get(&location).await.json().await.unwrap();
        assert_eq!(found, task);
    }
}

#[actix_web::test]
async fn a_task_is_the_same_seen_from_either_family() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    for family in FAMILIES {
        let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
        let found = json_of(ada.get(&path).await, StatusCode::OK).await;
        assert_eq!(found, task);
        let fields =
            ["completed", "created_at", "description", "id", "title", "updated_at", "user_id"];
        assert_eq!(keys(&found), fields);
        assert!(found["id"].is_u64());
        assert_eq!(found["description"], Value::Null);
        assert!(found["created_at"].as_str().unwrap().ends_with('Z'), "UTC");
    }
}

#[actix_web::test]
async fn a_task_needs_no_description_and_takes_a_null_one() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for body in [
            json!({"title": "Buy milk"}),
            json!({"title": "Buy milk", "description": null}),
            json!({"title": "Buy milk", "completed": true, "id": 7, "user_id": "eve"}),
        ] {
            let answer = ada.send(Method::POST, &tasks, body).await;
            let task = json_of(answer, StatusCode::CREATED).await;
            assert_eq!(task["description"], Value::Null);
            assert_eq!(task["completed"], false, "what is not a new task's to say is ignored");
            assert_eq!(task["user_id"], ada.id);
        }
    }
}

#[actix_web::test]
async fn a_change_touches_only_the_fields_that_it_names() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        let body = json!({"title": "Buy milk", "description": "two litres"});
        let task: Value = ada.send(Method::POST, &tasks, body).await.json().await.unwrap();
        let path = format!("{tasks}/{}", task["id"]);
        for (field, value) in [
            ("title", json!("Buy oat milk")),
            ("description", json!("one litre")),
            ("completed", json!(true)),
        ] {
            let before: Value = ada.get(&path).await.json().await.unwrap();
            let answer = ada.send(Method::PUT, &path, json!({field: value})).await;
            let after = json_of(answer, StatusCode::OK).await;
            let mut expected = before.clone();
            expected[field] = value;
            expected["updated_at"] = after["updated_at"].clone();
            assert_eq!(after, expected);
        }
    }
}

#[actix_web::test]
async fn a_whole_task_may_be_sent_back() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let task = ada.task("Buy milk").await;
        let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
        let same = json_of(ada.send(Method::PUT, &path, task.clone()).await, StatusCode::OK).await;
        assert_eq!(same, task);
        let mut sent = task.clone();
        sent["completed"] = json!(true);
        sent["id"] = json!(1_000_000);
        sent["user_id"] = json!("eve");
        sent["created_at"] = json!("1815-12-10T00:00:00Z");
        let after = json_of(ada.send(Method::PUT, &path, sent).await, StatusCode::OK).await;
        assert_eq!(after["completed"], true);
        for kept in ["id", "user_id", "title", "created_at"] {
            assert_eq!(after[kept], task[kept], "{kept}");
        }
    }
}

#[actix_web::test]
async fn an_empty_change_changes_nothing() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    for family in FAMILIES {
        app.advance(Duration::from_mins(1));
        let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
        for nothing in [json!({}), json!({"colour": "red"})] {
            let answer = ada.send(Method::PUT, &path, nothing).await;
            assert_eq!(json_of(answer, StatusCode::OK).await, task);
        }
    }
}

#[actix_web::test]
async fn a_null_description_clears_it() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        let body = json!({"title": "Buy milk", "description": "two litres"});
        let task: Value = ada.send(Method::POST, &tasks, body).await.json().await.unwrap();
        let path = format!("{tasks}/{}", task["id"]);
        app.advance(Duration::from_secs(1));
        let answer = ada.send(Method::PUT, &path, json!({"description": null})).await;
        let cleared = json_of(answer, StatusCode::OK).await;
        assert_eq!(cleared["description"], Value::Null);
        assert_ne!(cleared["updated_at"], task["updated_at"]);
        assert_eq!(ada.get(&path).await.json::<Value>().await.unwrap(), cleared);
    }
}

#[actix_web::test]
async fn the_same_values_again_do_not_move_updated_at() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    for family in FAMILIES {
        app.advance(Duration::from_mins(1));
        let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
        for same in [
            json!({"title": "Buy milk"}),
            json!({"title": "  Buy milk  "}),
            json!({"description": null}),
            json!({"completed": false}),
            json!({"title": "Buy milk", "description": null, "completed": false}),
        ] {
            let answer = ada.send(Method::PUT, &path, same).await;
            assert_eq!(json_of(answer, StatusCode::OK).await, task);
        }
    }
}

#[actix_web::test]
async fn a_change_moves_updated_at_and_never_created_at() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let mut before = ada.task("Buy milk").await;
        let path = format!("{}/{}", family.tasks_of(&ada.id), before["id"]);
        for change in [
            json!({"title": "buy milk"}),
            json!({"description": ""}),
            json!({"completed": true}),
            json!({"title": "Buy milk", "description": null, "completed": false}),
        ] {
            app.advance(Duration::from_secs(1));
            let after: Value = ada.send(Method::PUT, &path, change).await.json().await.unwrap();
            assert!(after["updated_at"].as_str() > before["updated_at"].as_str(), "{after}");
            assert_eq!(after["created_at"], before["created_at"]);
            before = after;
        }
    }
}

#[actix_web::test]
async fn a_deleted_task_is_gone() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let task = ada.task("Buy milk").await;
        let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
        let delete = || ada.request(Method::DELETE, &path).send();
        let answer = delete().await.unwrap();
        match family {
            Family::TokenScoped => {
                let body = json_of(answer, StatusCode::OK).await;
                assert_eq!(body, json!({"message": "Task deleted successfully"}));
            }
            Family::UserScoped => {
                assert_eq!(answer.status(), StatusCode::NO_CONTENT);
                assert_eq!(answer.text().await.unwrap(), "");
            }
        }
        problem(ada.get(&path).await, StatusCode::NOT_FOUND).await;
        problem(delete().await.unwrap(), StatusCode::NOT_FOUND).await;
    }
}

#[actix_web::test]
async fn the_id_of_a_deleted_task_is_not_given_again() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let first = ada.task("Buy milk").await;
    let path = format!("/api/v1/tasks/{}", first["id"]);
    ada.request(Method::DELETE, &path).send().await.unwrap();
    let second = ada.task("Buy bread").await;
    assert!(second["id"].as_i64() > first["id"].as_i64());
}
