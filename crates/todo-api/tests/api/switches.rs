//! Parts of the service that an operator turns off, in the database alone.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use todo_db::SeaSwitchRepo;
use todo_domain::{Switch, SwitchRepo as _};

use crate::support::{FAMILIES, Family, PASSWORD, TestApp, json_of, problem, retry_after};

/// Both prefixes of the calls of auth.
const PREFIXES: [&str; 2] = ["/api/v1/auth", "/api/auth"];

/// Turns a switch on or off, and lets the time pass in which every replica must heed it.
async fn turn(app: &TestApp, switch: Switch, on: bool) {
    let switches = SeaSwitchRepo::new(&app.database().await);
    switches.set(switch, on, app.now()).await.expect("it is turned");
    app.advance(Duration::from_secs(5));
}

/// The calls that change tasks of a user, of whom this one is a task.
fn writes(family: Family, user_id: &str, id: &Value) -> [(Method, String); 4] {
    let tasks = family.tasks_of(user_id);
    [
        (Method::POST, tasks.clone()),
        (Method::PUT, format!("{tasks}/{id}")),
        (Method::PATCH, format!("{tasks}/{id}/complete")),
        (Method::DELETE, format!("{tasks}/{id}")),
    ]
}

/// Every call that this switch turns off.
fn calls(switch: Switch, user_id: &str) -> Vec<(Method, String)> {
    let paths: &[&str] = match switch {
        Switch::Signup => &["/register", "/signup"],
        Switch::Login => &["/login"],
        Switch::PasswordReset => &["/password/forgot", "/password/reset"],
        Switch::TaskWrites => {
            let writes = |family| writes(family, user_id, &json!(1));
            return FAMILIES.into_iter().flat_map(writes).collect();
        }
    };
    let call = |prefix: &str, path: &&str| (Method::POST, format!("{prefix}{path}"));
    PREFIXES
        .into_iter()
        .flat_map(|prefix| paths.iter().map(move |path| call(prefix, path)))
        .collect()
}

/// Whether an answer is that of a switch; what it says then is looked at too.
async fn is_off(answer: Response) -> bool {
    if answer.status() != StatusCode::SERVICE_UNAVAILABLE {
        return false;
    }
    assert_eq!(retry_after(&answer), Duration::from_mins(1));
    let document = problem(answer, StatusCode::SERVICE_UNAVAILABLE).await;
    assert_eq!(document["type"], "urn:todo:problem:switched-off");
    true
}

async fn post(app: &TestApp, path: &str, body: Value) -> Response {
    app.post(&format!("/api/v1/auth{path}"), body).await
}

fn credentials(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD})
}

#[actix_web::test]
async fn what_is_off_is_off_on_every_replica_within_five_seconds_and_so_is_what_is_on_again() {
    let app = TestApp::start().await;
    app.stop_clock();
    let replica = app.replica().await;
    let ada = app.user("ada").await;
    for turned in Switch::ALL {
        for on in [true, false, true] {
            turn(&app, turned, on).await;
            for process in [&app, &replica] {
                for switch in Switch::ALL {
                    for (method, path) in calls(switch, &ada.id) {
                        let request = process.request(method, &path).bearer_auth(&ada.access_token);
                        let answer = request.json(&json!({})).send().await.unwrap();
                        let expected = switch == turned && !on;
                        assert_eq!(is_off(answer).await, expected, "{turned} {on}: {path}");
                    }
                }
            }
        }
    }
}

#[actix_web::test]
async fn nobody_signs_up_while_that_is_off_and_those_who_have_an_account_log_in() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    turn(&app, Switch::Signup, false).await;
    for path in ["/register", "/signup"] {
        assert!(is_off(post(&app, path, credentials("eve@example.com")).await).await);
    }
    app.log_in(&ada.email).await.task("Buy milk").await;
    let login = post(&app, "/login", credentials("eve@example.com")).await;
    assert_eq!(login.status(), StatusCode::UNAUTHORIZED, "no account was made");
    turn(&app, Switch::Signup, true).await;
    app.user("eve").await;
}

#[actix_web::test]
async fn sessions_go_on_while_nobody_can_log_in() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    turn(&app, Switch::Login, false).await;
    assert!(is_off(post(&app, "/login", credentials(&ada.email)).await).await);
    let trade = post(&app, "/refresh", json!({"refresh_token": ada.refresh_token})).await;
    json_of(trade, StatusCode::OK).await;
    for prefix in PREFIXES {
        assert_eq!(ada.get(&format!("{prefix}/me")).await.status(), StatusCode::OK);
    }
    ada.task("Buy milk").await;
    let logout = ada.request(Method::POST, "/api/v1/auth/logout").send().await.unwrap();
    assert_eq!(logout.status(), StatusCode::NO_CONTENT);
    app.user("eve").await;
    turn(&app, Switch::Login, true).await;
    app.log_in(&ada.email).await;
}

#[actix_web::test]
async fn a_password_can_be_changed_while_none_can_be_reset() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    turn(&app, Switch::PasswordReset, false).await;
    assert!(is_off(post(&app, "/password/forgot", json!({"email": ada.email})).await).await);
    let body = json!({"current_password": PASSWORD, "new_password": "battery staple"});
    let change = ada.send(Method::POST, "/api/v1/auth/password/change", body).await;
    assert_eq!(change.status(), StatusCode::NO_CONTENT);
    turn(&app, Switch::PasswordReset, true).await;
    let forgot = post(&app, "/password/forgot", json!({"email": ada.email})).await;
    assert_eq!(forgot.status(), StatusCode::ACCEPTED);
}

#[actix_web::test]
async fn tasks_can_be_read_and_none_is_changed_while_writing_is_off() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    turn(&app, Switch::TaskWrites, false).await;
    for family in FAMILIES {
        for (method, path) in writes(family, &ada.id, &task["id"]) {
            let body = json!({"title": "Sell milk", "completed": true});
            assert!(is_off(ada.send(method, &path, body).await).await, "{path}");
        }
        let tasks = family.tasks_of(&ada.id);
        let list = json_of(ada.get(&tasks).await, StatusCode::OK).await;
        assert_eq!(list, json!([task]));
        let path = format!("{tasks}/{}", task["id"]);
        assert_eq!(json_of(ada.get(&path).await, StatusCode::OK).await, task);
        let counts = format!("{tasks}/counts");
        let counted = json_of(ada.get(&counts).await, StatusCode::OK).await;
        assert_eq!(counted, json!({"all": 1, "pending": 1, "completed": 0}));
        for path in [tasks, path, counts] {
            let head = ada.request(Method::HEAD, &path).send().await.unwrap();
            assert_eq!(head.status(), StatusCode::OK);
        }
    }
    turn(&app, Switch::TaskWrites, true).await;
    ada.task("Buy bread").await;
}

#[actix_web::test]
async fn whoever_may_not_write_does_not_learn_that_writing_is_off() {
    let app = TestApp::start().await;
    let (ada, eve) = (app.user("ada").await, app.user("eve").await);
    turn(&app, Switch::TaskWrites, false).await;
    for family in FAMILIES {
        for (method, path) in writes(family, &ada.id, &json!(1)) {
            let anonymous = app.request(method.clone(), &path).json(&json!({"title": "Spam"}));
            let anonymous = anonymous.send().await.unwrap();
            assert_eq!(
                problem(anonymous, StatusCode::UNAUTHORIZED).await["title"],
                "Authentication required"
            );
            if family == Family::UserScoped {
                let stranger = eve.send(method, &path, json!({"title": "Spam"})).await;
                problem(stranger, StatusCode::FORBIDDEN).await;
            }
        }
    }
}
