//! What a task may hold, and how a client learns what it may not.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, TestApp, faults, json_of, problem};

#[actix_web::test]
async fn a_title_has_at_most_two_hundred_characters_of_whatever_width() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for character in ["x", "é", "語", "𝄞"] {
            let longest = character.repeat(200);
            let padded = format!(" \t{longest}\n ");
            let answer = ada.send(Method::POST, &tasks, json!({"title": padded})).await;
            let task = json_of(answer, StatusCode::CREATED).await;
            assert_eq!(task["title"], longest);
            let answer =
                ada.send(Method::POST, &tasks, json!({"title": character.repeat(201)})).await;
            let document = problem(answer, family.invalid()).await;
            assert_eq!(faults(&document), [("title", "too_long")]);
        }
    }
}

#[actix_web::test]
async fn a_description_has_at_most_a_thousand_characters_and_is_kept_as_written() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for longest in ["x".repeat(1_000), "𝄞".repeat(1_000), "  two\n lines ".to_owned()] {
            let body = json!({"title": "Buy milk", "description": longest});
            let task = json_of(ada.send(Method::POST, &tasks, body).await, StatusCode::CREATED);
            assert_eq!(task.await["description"], longest);
        }
        let body = json!({"title": "Buy milk", "description": "é".repeat(1_001)});
        let document = problem(ada.send(Method::POST, &tasks, body).await, family.invalid()).await;
        assert_eq!(faults(&document), [("description", "too_long")]);
    }
}

#[actix_web::test]
async fn every_fault_is_reported_at_once() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let id = ada.task("Buy milk").await["id"].clone();
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        let body = json!({"title": "  ", "description": "x".repeat(1_001)});
        for (method, path) in
            [(Method::POST, tasks.clone()), (Method::PUT, format!("{tasks}/{id}"))]
        {
            let answer = ada.send(method, &path, body.clone()).await;
            let document = problem(answer, family.invalid()).await;
            assert_eq!(document["type"], "urn:todo:problem:invalid-input");
            let expected = [("title", "required"), ("description", "too_long")];
            assert_eq!(faults(&document), expected);
            assert_eq!(document["errors"][0]["message"], "is required");
        }
    }
}

#[actix_web::test]
async fn a_title_that_is_missing_blank_or_unstorable_is_refused() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for (body, code) in [
            (json!({}), "required"),
            (json!({"title": ""}), "required"),
            (json!({"title": " \t\u{a0}\u{3000}\n"}), "required"),
            (json!({"title": "Buy\u{0}milk"}), "nul_character"),
            (json!({"title": null}), "wrong_type"),
            (json!({"title": 5}), "wrong_type"),
            (json!({"title": ["Buy milk"]}), "wrong_type"),
        ] {
            let answer = ada.send(Method::POST, &tasks, body).await;
            let document = problem(answer, family.invalid()).await;
            assert_eq!(faults(&document), [("title", code)]);
        }
    }
}

#[actix_web::test]
async fn a_change_that_breaks_a_rule_changes_nothing() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    for family in FAMILIES {
        let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
        for (body, field, code) in [
            (json!({"title": null, "completed": true}), "title", "wrong_type"),
            (json!({"completed": null}), "completed", "wrong_type"),
            (json!({"completed": "yes"}), "completed", "wrong_type"),
            (json!({"completed": true, "title": ""}), "title", "required"),
            (json!({"completed": true, "title": "a\u{0}"}), "title", "nul_character"),
            (json!({"title": "x".repeat(201)}), "title", "too_long"),
            (json!({"description": 5}), "description", "wrong_type"),
            (json!({"description": "a\u{0}"}), "description", "nul_character"),
        ] {
            let answer = ada.send(Method::PUT, &path, body).await;
            let document = problem(answer, family.invalid()).await;
            assert_eq!(faults(&document), [(field, code)]);
        }
        assert_eq!(ada.get(&path).await.json::<Value>().await.unwrap(), task);
    }
}

#[actix_web::test]
async fn markup_sql_and_emoji_come_back_as_they_were() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for words in [
            "<script>alert(1)</script>",
            "'; DROP TABLE tasks; --",
            "\" OR 1=1 --",
            "%_\\ $1 ?1 {{7*7}} ${7*7}",
            "👩‍👩‍👧 \u{202e}odot\u{202c} e\u{301}",
            "\u{1}\u{7f}\u{ffff}",
        ] {
            let body = json!({"title": words, "description": words});
            let task =
                json_of(ada.send(Method::POST, &tasks, body).await, StatusCode::CREATED).await;
            let found = ada.get(&format!("{tasks}/{}", task["id"])).await;
            let found = json_of(found, StatusCode::OK).await;
            assert_eq!((&found["title"], &found["description"]), (&json!(words), &json!(words)));
        }
    }
}
