//! All that is held on a user, as one document.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{AUTH, PASSWORD, TestApp, TestUser, json_of, keys, problem};

async fn export(user: &TestUser<'_>, scope: &str) -> Value {
    json_of(user.get(&format!("{scope}/me/export")).await, StatusCode::OK).await
}

/// As many tasks of this user as are asked for, all of one instant.
async fn fill(app: &TestApp, user: &TestUser<'_>, count: usize) {
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO tasks (user_id, title, completed, created_at, updated_at)
         SELECT id, 'Task ' || i, false, created_at, created_at FROM users, n WHERE id = '{}'",
        user.id
    );
    app.execute(&sql).await;
}

#[actix_web::test]
async fn every_task_is_there_once_however_many_pages_that_takes() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for (count, scope) in [(100, AUTH[0]), (250, AUTH[1])] {
        app.execute("DELETE FROM tasks").await;
        fill(&app, &ada, count).await;
        let document = export(&ada, scope).await;
        let exported = document["tasks"].as_array().unwrap();
        let titles: BTreeSet<_> = exported.iter().map(|it| it["title"].as_str().unwrap()).collect();
        assert_eq!((exported.len(), titles.len()), (count, count));
        let listed = json_of(ada.get("/api/v1/tasks").await, StatusCode::OK).await;
        assert_eq!(exported[..100], listed.as_array().unwrap()[..], "the newest first");
    }
}

#[actix_web::test]
async fn every_session_that_is_kept_is_there_and_which_were_ended() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let ended = app.log_in(&ada.email).await;
    ended.call(Method::POST, "/api/v1/auth/logout").await;
    for _ in 0..119 {
        app.log_in(&ada.email).await;
    }
    for scope in AUTH {
        let document = export(&ada, scope).await;
        let sessions = document["sessions"].as_array().unwrap();
        let ids: BTreeSet<_> = sessions.iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert_eq!((sessions.len(), ids.len()), (121, 121));
        let revoked = sessions.iter().filter(|session| session["revoked_at"].is_string());
        assert_eq!(revoked.count(), 1);
    }
}

#[actix_web::test]
async fn no_digest_no_hash_and_no_token_is_in_it() {
    let app = TestApp::start_with(&["--rate-limit=on"]).await;
    app.user("ada").await;
    let ada = app.log_in("ada@example.com").await;
    ada.task("Buy milk").await;
    for scope in AUTH {
        let document = export(&ada, scope).await;
        assert_eq!(keys(&document), ["networks", "sessions", "tasks", "user"]);
        assert_eq!(keys(&document["user"]), ["created_at", "email", "id", "name", "updated_at"]);
        assert_eq!(keys(&document["networks"][0]), ["last_used_at", "network"]);
        let session = ["created_at", "expires_at", "id", "ip", "last_used_at", "revoked_at"];
        assert_eq!(keys(&document["sessions"][0]), [&session[..], &["user_agent"]].concat());
        let task = ["completed", "created_at", "description", "id", "title", "updated_at"];
        assert_eq!(keys(&document["tasks"][0]), [&task[..], &["user_id"]].concat());
        let text = document.to_string();
        for secret in [&ada.access_token, &ada.refresh_token, "$2b$", PASSWORD] {
            assert!(!text.contains(secret));
        }
    }
}

#[actix_web::test]
async fn what_is_another_users_is_not_in_it() {
    let app = TestApp::start().await;
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    let task = ada.task("Buy milk").await;
    fill(&app, &grace, 3).await;
    for scope in AUTH {
        let document = export(&ada, scope).await;
        assert_eq!(document["tasks"], json!([task]));
        assert_eq!(document["user"]["id"], ada.id);
        assert_eq!(document["sessions"].as_array().unwrap().len(), 1);
        assert!(!document.to_string().contains("grace"));
    }
}

#[actix_web::test]
async fn a_user_of_another_issuer_has_tasks_and_little_else() {
    let app = TestApp::start().await;
    for (scope, sub) in AUTH.into_iter().zip(["grace", "linus"]) {
        let user = app.outsider(json!({"sub": sub}));
        let empty = export(&user, scope).await;
        for list in ["networks", "sessions", "tasks"] {
            assert_eq!(empty[list], json!([]), "{list}");
        }
        let task = user.task("Buy milk").await;
        assert_eq!(export(&user, scope).await["tasks"], json!([task]));
    }
}

#[actix_web::test]
async fn a_browser_saves_it_as_a_file_and_keeps_no_copy() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for scope in AUTH {
        let path = format!("{scope}/me/export");
        for method in [Method::GET, Method::HEAD] {
            let answer = ada.call(method.clone(), &path).await;
            assert_eq!(answer.status(), StatusCode::OK);
            let disposition = answer.headers()["content-disposition"].to_str().unwrap();
            assert!(disposition.starts_with("attachment; filename="), "{disposition}");
            assert_eq!(answer.headers()["content-type"], "application/json");
            assert_eq!(answer.headers()["cache-control"], "no-store");
            assert_eq!(answer.text().await.unwrap().is_empty(), method == Method::HEAD);
        }
        problem(app.get(&path).await, StatusCode::UNAUTHORIZED).await;
    }
}
