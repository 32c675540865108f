//! How often a password may be given for one account.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use todo_api::Hs256Tokens;
use todo_db::SeaPasswordRepo;
use todo_domain::{NewPasswordReset, PasswordRepo as _, TokenIssuer as _, UserId};

use crate::support::{PASSWORD, SECRET, TestApp, TestUser, anonymous, json_of, problem};
use crate::support::{retry_after, text};

/// Attempts are counted, behind a proxy that tells who calls.
const FLAGS: [&str; 2] = ["--rate-limit=on", "--trusted-proxies=127.0.0.1"];
/// Attempts that cost nothing.
const FREE: usize = 5;
const WRONG: &str = "incorrect horse battery";
const OWNER: &str = "198.51.100.7";
const STRANGER: &str = "203.0.113.66";
const TOO_MANY: StatusCode = StatusCode::TOO_MANY_REQUESTS;

/// An application whose time passes only when a test says so.
async fn start() -> TestApp {
    let app = TestApp::start_with(&FLAGS).await;
    app.stop_clock();
    app
}

/// The answer to a login by the client with this address.
async fn login(app: &TestApp, email: &str, password: &str, address: &str) -> Response {
    let request = app.request(Method::POST, "/api/v1/auth/login");
    let request = request.header("x-forwarded-for", address);
    let body = json!({"email": email, "password": password});
    request.json(&body).send().await.expect("an answer")
}

/// Uses up what is free for this address.
async fn exhaust(app: &TestApp, email: &str, address: &str) {
    for _ in 0..FREE {
        let answer = login(app, email, WRONG, address).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(login(app, email, WRONG, address).await.status(), TOO_MANY);
}

/// What is said of an attempt that comes too soon.
async fn refusal(answer: Response) -> Value {
    let document = problem(answer, TOO_MANY).await;
    assert_eq!(document["type"], "urn:todo:problem:too-many-attempts");
    anonymous(document)
}

/// The token of a link that resets the user's password.
async fn reset_token(app: &TestApp, user: &TestUser<'_>) -> String {
    let issued = Hs256Tokens::new(&SECRET.into()).issue_reset().expect("a token");
    let (created_at, user_id) = (app.now(), UserId::parse(&user.id).expect("an id"));
    let expires_at = created_at.plus(NewPasswordReset::LIFETIME);
    let reset = NewPasswordReset { digest: issued.digest, user_id, created_at, expires_at };
    let passwords = SeaPasswordRepo::new(&app.database().await);
    passwords.create_reset(&reset, created_at).await.expect("a link");
    issued.token.expose().to_owned()
}

#[actix_web::test]
async fn after_five_attempts_each_must_wait_longer_whether_there_is_an_account_or_not() {
    let app = start().await;
    app.user("ada").await;
    for seconds in [5, 10, 20, 40, 80, 160, 300, 300] {
        let mut refusals = Vec::new();
        for (email, address) in [("ada@example.com", OWNER), ("eve@example.com", STRANGER)] {
            if seconds == 5 {
                exhaust(&app, email, address).await;
            }
            for password in [WRONG, PASSWORD] {
                let answer = login(&app, email, password, address).await;
                assert_eq!(retry_after(&answer), Duration::from_secs(seconds), "{email}");
                refusals.push(refusal(answer).await);
            }
        }
        assert!(refusals.iter().all(|refusal| *refusal == refusals[0]), "{refusals:?}");
        app.advance(Duration::from_secs(seconds));
        for (email, address) in [("ada@example.com", OWNER), ("eve@example.com", STRANGER)] {
            let admitted = login(&app, email, WRONG, address).await;
            assert_eq!(admitted.status(), StatusCode::UNAUTHORIZED, "{email} {seconds}");
        }
    }
}

#[actix_web::test]
async fn a_wait_ends_to_the_microsecond_and_is_told_in_whole_seconds() {
    let app = start().await;
    exhaust(&app, "eve@example.com", STRANGER).await;
    app.advance(Duration::from_micros(3_999_999));
    let answer = login(&app, "eve@example.com", WRONG, STRANGER).await;
    assert_eq!(retry_after(&answer), Duration::from_secs(2));
    app.advance(Duration::from_secs(1));
    let answer = login(&app, "eve@example.com", WRONG, STRANGER).await;
    assert_eq!(retry_after(&answer), Duration::from_secs(1));
    app.advance(Duration::from_micros(1));
    let answer = login(&app, "eve@example.com", WRONG, STRANGER).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_success_forgets_what_was_counted() {
    let app = start().await;
    app.user("ada").await;
    exhaust(&app, "ada@example.com", STRANGER).await;
    app.advance(Duration::from_secs(5));
    let answer = login(&app, "ADA@example.com", PASSWORD, OWNER).await;
    assert_eq!(answer.status(), StatusCode::OK);
    exhaust(&app, "ada@example.com", STRANGER).await;
}

#[actix_web::test]
async fn an_hour_without_attempts_forgets_what_was_counted() {
    let app = start().await;
    exhaust(&app, "eve@example.com", STRANGER).await;
    app.advance(Duration::from_hours(1));
    let sixth = login(&app, "eve@example.com", WRONG, STRANGER).await;
    assert_eq!(sixth.status(), StatusCode::UNAUTHORIZED);
    let seventh = login(&app, "eve@example.com", WRONG, STRANGER).await;
    assert_eq!(retry_after(&seventh), Duration::from_secs(10), "an hour is not yet over");
    app.advance(Duration::from_secs(3_601));
    exhaust(&app, "eve@example.com", STRANGER).await;
}

#[actix_web::test]
async fn what_cannot_be_a_password_is_no_attempt() {
    let app = start().await;
    for _ in 0..2 * FREE {
        let answer = login(&app, "eve@example.com", "short", STRANGER).await;
        problem(answer, StatusCode::BAD_REQUEST).await;
    }
    exhaust(&app, "eve@example.com", STRANGER).await;
}

#[actix_web::test]
async fn every_answer_tells_where_the_address_stands() {
    let app = start().await;
    for left in (60 - FREE - 1..60).rev() {
        let answer = login(&app, "eve@example.com", WRONG, STRANGER).await;
        assert_eq!(answer.headers()["ratelimit-policy"], r#""address";q=60;w=60"#);
        assert_eq!(answer.headers()["ratelimit"], format!(r#""address";r={left};t=1"#));
        assert_eq!(answer.status() == TOO_MANY, left == 60 - FREE - 1);
    }
}

#[actix_web::test]
async fn replicas_count_together() {
    let app = start().await;
    let replica = app.replica().await;
    for number in 0..FREE {
        let process = if number % 2 == 0 { &app } else { &replica };
        let answer = login(process, "eve@example.com", WRONG, STRANGER).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    for process in [&app, &replica] {
        refusal(login(process, "eve@example.com", WRONG, STRANGER).await).await;
    }
}

#[actix_web::test]
async fn of_many_attempts_at_once_five_are_compared() {
    let app = start().await;
    let replica = app.replica().await;
    app.user("ada").await;
    let attempts = (0..16).map(|number| {
        let process = if number % 2 == 0 { &app } else { &replica };
        login(process, "ada@example.com", WRONG, STRANGER)
    });
    let answers = join_all(attempts).await;
    let compared = answers.iter().filter(|it| it.status() == StatusCode::UNAUTHORIZED).count();
    let refused = answers.iter().filter(|it| it.status() == TOO_MANY).count();
    assert_eq!((compared, refused), (FREE, 11));
}

#[actix_web::test]
async fn a_password_that_is_given_again_counts_wherever_that_is() {
    for prefix in ["/api/v1/auth", "/api/auth"] {
        let app = start().await;
        let ada = app.user("ada").await;
        let change = |current: &'static str| {
            let body = json!({"current_password": current, "new_password": "battery staple"});
            ada.request(Method::POST, &format!("{prefix}/password/change")).json(&body).send()
        };
        let delete = |password: &'static str| {
            let body = json!({"password": password});
            ada.request(Method::DELETE, &format!("{prefix}/me")).json(&body).send()
        };
        for _ in 0..2 {
            for answer in [change(WRONG).await.unwrap(), delete(WRONG).await.unwrap()] {
                assert_eq!(
                    problem(answer, StatusCode::UNAUTHORIZED).await["title"],
                    "Wrong password"
                );
            }
        }
        assert_eq!(change(WRONG).await.unwrap().status(), StatusCode::UNAUTHORIZED);
        for answer in [change(PASSWORD).await.unwrap(), delete(PASSWORD).await.unwrap()] {
            assert_eq!(retry_after(&answer), Duration::from_secs(5));
            refusal(answer).await;
        }
        app.advance(Duration::from_secs(5));
        assert_eq!(change(PASSWORD).await.unwrap().status(), StatusCode::NO_CONTENT);
        assert_eq!(delete("battery staple").await.unwrap().status(), StatusCode::NO_CONTENT);
    }
}

#[actix_web::test]
async fn strangers_do_not_keep_a_caller_from_giving_the_password_again() {
    let app = start().await;
    let ada = app.user("ada").await;
    exhaust(&app, &ada.email, STRANGER).await;
    let body = json!({"current_password": PASSWORD, "new_password": "battery staple"});
    let change = ada.request(Method::POST, "/api/v1/auth/password/change");
    let change = change.header("x-forwarded-for", STRANGER).json(&body).send().await.unwrap();
    assert_eq!(change.status(), StatusCode::NO_CONTENT);
}

#[actix_web::test]
async fn strangers_do_not_keep_the_owner_out_of_a_network_that_the_account_knows() {
    for (known, same, stranger) in
        [(OWNER, OWNER, STRANGER), ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")]
    {
        let app = start().await;
        app.user("ada").await;
        let first = login(&app, "ada@example.com", PASSWORD, known).await;
        assert_eq!(first.status(), StatusCode::OK);
        exhaust(&app, "ada@example.com", stranger).await;
        for address in ["192.0.2.1", "2001:db8:9::1"] {
            refusal(login(&app, "ada@example.com", PASSWORD, address).await).await;
        }
        let owner = login(&app, "ada@example.com", PASSWORD, same).await;
        assert_eq!(owner.status(), StatusCode::OK, "{same}");
    }
}

#[actix_web::test]
async fn a_known_network_may_guess_no_more_than_others() {
    let app = start().await;
    app.user("ada").await;
    login(&app, "ada@example.com", PASSWORD, OWNER).await;
    exhaust(&app, "ada@example.com", OWNER).await;
    refusal(login(&app, "ada@example.com", PASSWORD, OWNER).await).await;
    app.user("eve").await;
    exhaust(&app, "eve@example.com", STRANGER).await;
    let other = login(&app, "eve@example.com", PASSWORD, OWNER).await;
    refusal(other).await;
}

#[actix_web::test]
async fn an_address_that_a_client_writes_itself_opens_no_known_network() {
    let app = start().await;
    app.user("ada").await;
    login(&app, "ada@example.com", PASSWORD, OWNER).await;
    let forged = format!("{OWNER}, {STRANGER}");
    exhaust(&app, "ada@example.com", &forged).await;
    refusal(login(&app, "ada@example.com", WRONG, STRANGER).await).await;
    let owner = login(&app, "ada@example.com", PASSWORD, OWNER).await;
    assert_eq!(owner.status(), StatusCode::OK);
}

#[actix_web::test]
async fn the_network_of_a_registration_is_known() {
    let app = start().await;
    let register = app.request(Method::POST, "/api/v1/auth/register");
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let register = register.header("x-forwarded-for", OWNER).json(&body).send().await;
    json_of(register.unwrap(), StatusCode::CREATED).await;
    exhaust(&app, "ada@example.com", STRANGER).await;
    let login = login(&app, "ada@example.com", PASSWORD, OWNER).await;
    json_of(login, StatusCode::OK).await;
}

#[actix_web::test]
async fn a_reset_link_ends_the_wait_and_makes_its_network_known() {
    let app = start().await;
    let ada = app.user("ada").await;
    exhaust(&app, &ada.email, STRANGER).await;
    let body = json!({"token": reset_token(&app, &ada).await, "new_password": "battery staple"});
    let reset = app.request(Method::POST, "/api/v1/auth/password/reset").json(&body);
    let reset = reset.header("x-forwarded-for", OWNER).send().await.unwrap();
    assert_eq!(reset.status(), StatusCode::NO_CONTENT);
    exhaust(&app, &ada.email, STRANGER).await;
    let login = login(&app, &ada.email, "battery staple", OWNER).await;
    assert_eq!(text(&json_of(login, StatusCode::OK).await["user"]["id"]), ada.id);
}

#[actix_web::test]
async fn off_means_off() {
    let app = TestApp::start_with(&["--rate-limit=off", FLAGS[1]]).await;
    app.user("ada").await;
    for _ in 0..4 * FREE {
        let answer = login(&app, "ada@example.com", WRONG, STRANGER).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let answer = login(&app, "ada@example.com", PASSWORD, STRANGER).await;
    assert_eq!(answer.status(), StatusCode::OK);
}
