//! The refresh token as a cookie of a browser.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{AUTH, PASSWORD, TestApp, TestUser, faults, json_of, problem, text};

const ALLOWED: &str = "http://localhost:3000";

/// The value of the cookie that an answer sets and its attributes, sorted; `None` if it sets none.
fn cookie(answer: &Response) -> Option<(String, Vec<String>)> {
    let mut cookies = answer.headers().get_all("set-cookie").iter();
    let cookie = cookies.next()?.to_str().expect("text").to_owned();
    assert!(cookies.next().is_none(), "one cookie");
    let mut parts = cookie.split("; ").map(str::to_owned);
    let pair = parts.next().expect("a pair");
    let value = pair.strip_prefix("todo_refresh=").expect("the cookie's name").to_owned();
    let mut attributes: Vec<_> = parts.collect();
    attributes.sort_unstable();
    Some((value, attributes))
}

/// A refresh without a body, with this token as a cookie.
fn refresh(app: &TestApp, scope: &str, token: &str) -> RequestBuilder {
    let request = app.request(Method::POST, &format!("{scope}/refresh"));
    request.header("cookie", format!("theme=dark; todo_refresh={token}"))
}

/// The token that this one buys from a page that may call the API.
async fn next(app: &TestApp, scope: &str, token: &str) -> String {
    let answer = refresh(app, scope, token).header("origin", ALLOWED).send().await.unwrap();
    text(&json_of(answer, StatusCode::OK).await["refresh_token"])
}

async fn log_in(app: &TestApp, scope: &str, user: &TestUser<'_>) -> Response {
    app.post(&format!("{scope}/login"), json!({"email": user.email, "password": PASSWORD})).await
}

#[actix_web::test]
async fn whatever_opens_or_prolongs_a_session_sets_the_cookie() {
    let app = TestApp::start_with(&["--refresh-token-ttl=90m"]).await;
    for (scope, names) in AUTH.into_iter().zip([["ada", "bob"], ["grace", "linus"]]) {
        let expected = ["HttpOnly", "Max-Age=5400", &format!("Path={scope}"), "SameSite=Strict"];
        let account = |name| json!({"email": format!("{name}@example.com"), "password": PASSWORD});
        let mut token = Value::Null;
        for (call, body) in [
            ("register", Some(account(names[0]))),
            ("signup", Some(account(names[1]))),
            ("login", Some(account(names[0]))),
            ("refresh", None),
        ] {
            let body = body.unwrap_or_else(|| json!({"refresh_token": token}));
            let answer = app.post(&format!("{scope}/{call}"), body).await;
            let (value, attributes) = cookie(&answer).expect(call);
            assert_eq!(attributes, expected, "{call}");
            token = answer.json::<Value>().await.unwrap()["refresh_token"].clone();
            assert_eq!(token, value, "{call}");
        }
    }
}

#[actix_web::test]
async fn the_cookie_is_secure_in_production_and_wherever_other_sites_may_send_it() {
    for (flags, same_site, secure) in [
        (vec!["--app-env=production", "--bcrypt-cost=10"], "SameSite=Strict", true),
        (vec!["--cookie-same-site=none"], "SameSite=None", true),
        (vec!["--cookie-same-site=lax"], "SameSite=Lax", false),
    ] {
        let app = TestApp::start_with(&flags).await;
        let ada = app.user("ada").await;
        for scope in AUTH {
            let (_, attributes) = cookie(&log_in(&app, scope, &ada).await).expect("a cookie");
            assert!(attributes.iter().any(|it| it == same_site), "{attributes:?}");
            assert_eq!(attributes.iter().any(|it| it == "Secure"), secure, "{attributes:?}");
        }
    }
}

#[actix_web::test]
async fn a_call_that_fails_sets_no_cookie() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for scope in AUTH {
        for (call, body) in [
            ("register", json!({"email": ada.email, "password": PASSWORD})),
            ("login", json!({"email": ada.email, "password": "incorrect horse"})),
            ("refresh", json!({"refresh_token": "garbage"})),
        ] {
            let answer = app.post(&format!("{scope}/{call}"), body).await;
            assert!(answer.status().is_client_error());
            assert_eq!(cookie(&answer), None, "{call}");
        }
    }
}

#[actix_web::test]
async fn a_page_that_may_call_the_api_refreshes_without_a_body() {
    let flag = format!("--cors-allowed-origins={ALLOWED},https://app.example.com");
    let app = TestApp::start_with(&[&flag]).await;
    let own = app.url("");
    let localhost = own.replace("127.0.0.1", "localhost");
    let mut token = app.user("ada").await.refresh_token;
    for scope in AUTH {
        for origin in [ALLOWED, "https://app.example.com", &own, &localhost] {
            let request = refresh(&app, scope, &token).header("origin", origin);
            let answer = request.header("content-type", "application/json").send().await.unwrap();
            let (value, _) = cookie(&answer).expect(origin);
            let tokens = json_of(answer, StatusCode::OK).await;
            assert_ne!(value, token);
            assert_eq!(tokens["refresh_token"], value);
            assert!(app.is_good(tokens["access_token"].as_str().unwrap()).await);
            token = value;
        }
    }
}

#[actix_web::test]
async fn a_service_on_every_address_knows_its_own_pages_by_those_of_its_machine() {
    let app = TestApp::start_with(&["--host=0.0.0.0"]).await;
    let mut token = app.user("ada").await.refresh_token;
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let origin = app.url("").replace("127.0.0.1", host);
        let answer = refresh(&app, AUTH[0], &token).header("origin", origin).send().await.unwrap();
        token = text(&json_of(answer, StatusCode::OK).await["refresh_token"]);
    }
}

#[actix_web::test]
async fn any_other_page_is_refused_and_the_session_is_untouched() {
    let app = TestApp::start().await;
    let own = app.url("");
    let mut token = app.user("ada").await.refresh_token;
    for scope in AUTH {
        for origin in [
            None,
            Some("null"),
            Some(""),
            Some("https://eve.example"),
            Some("https://localhost:3000"),
            Some("http://localhost:30000"),
            Some("http://localhost:3000.eve.example"),
            Some("http://localhost:3000/"),
            Some("http://localhost"),
            Some(own.replace("http:", "https:").as_str()),
        ] {
            let mut request = refresh(&app, scope, &token);
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(cookie(&answer), None);
            let document = problem(answer, StatusCode::FORBIDDEN).await;
            assert_eq!(document["type"], "urn:todo:problem:origin-not-allowed", "{origin:?}");
        }
        // A token that had been used would be told so by now.
        app.advance(Duration::from_secs(11));
        token = next(&app, scope, &token).await;
    }
}

#[actix_web::test]
async fn the_public_address_takes_the_place_of_the_local_ones() {
    let app = TestApp::start_with(&["--api-base-url=https://todo.example.com"]).await;
    let token = app.user("ada").await.refresh_token;
    let local = app.url("");
    for origin in [local.replace("127.0.0.1", "localhost"), local] {
        let answer = refresh(&app, AUTH[0], &token).header("origin", origin).send().await.unwrap();
        problem(answer, StatusCode::FORBIDDEN).await;
    }
    let request = refresh(&app, AUTH[0], &token).header("origin", "https://todo.example.com");
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
}

#[actix_web::test]
async fn a_body_counts_whatever_the_cookie_and_whatever_the_page() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for scope in AUTH {
        let kept = app.log_in(&ada.email).await.refresh_token;
        let mut sent = app.log_in(&ada.email).await.refresh_token;
        for origin in [None, Some("https://eve.example"), Some(ALLOWED)] {
            let mut request = refresh(&app, scope, &kept).json(&json!({"refresh_token": sent}));
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            sent = text(
                &json_of(request.send().await.unwrap(), StatusCode::OK).await["refresh_token"],
            );
        }
        for (body, status) in [
            (json!({"refresh_token": "garbage"}), StatusCode::UNAUTHORIZED),
            (json!({"refresh_token": null}), StatusCode::BAD_REQUEST),
            (json!({}), StatusCode::BAD_REQUEST),
        ] {
            let request = refresh(&app, scope, &kept).header("origin", ALLOWED).json(&body);
            problem(request.send().await.unwrap(), status).await;
        }
        app.advance(Duration::from_secs(11));
        next(&app, scope, &kept).await;
    }
}

#[actix_web::test]
async fn without_a_body_and_without_a_cookie_there_is_nothing_to_trade() {
    let app = TestApp::start().await;
    for scope in AUTH {
        let bare = || app.request(Method::POST, &format!("{scope}/refresh"));
        for request in [
            bare(),
            bare().header("origin", ALLOWED),
            bare().header("origin", "https://eve.example"),
            bare().header("cookie", "theme=dark"),
            refresh(&app, scope, "").header("origin", ALLOWED),
            refresh(&app, scope, "garbage").header("origin", ALLOWED),
        ] {
            let answer = request.send().await.unwrap();
            assert_eq!(cookie(&answer), None);
            let document = problem(answer, StatusCode::UNAUTHORIZED).await;
            assert_eq!(document["type"], "urn:todo:problem:invalid-refresh-token");
        }
        let document =
            problem(bare().json(&json!({})).send().await.unwrap(), StatusCode::BAD_REQUEST);
        assert_eq!(faults(&document.await), [("refresh_token", "required")]);
    }
}

#[actix_web::test]
async fn two_tabs_at_once_set_one_cookie() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for scope in AUTH {
        let token = app.log_in(&ada.email).await.refresh_token;
        let newest = next(&app, scope, &token).await;
        let late = refresh(&app, scope, &token).header("origin", ALLOWED).send().await.unwrap();
        assert_eq!(cookie(&late), None, "the cookie of the other tab stays");
        assert!(json_of(late, StatusCode::OK).await.get("refresh_token").is_none());
        next(&app, scope, &newest).await;
    }
}

#[actix_web::test]
async fn logging_out_and_deleting_the_account_clear_the_cookie() {
    let app = TestApp::start().await;
    for (scope, name) in AUTH.into_iter().zip(["ada", "grace"]) {
        let user = app.user(name).await;
        let again = app.log_in(&user.email).await;
        let logout = user.call(Method::POST, &format!("{scope}/logout")).await;
        let body = json!({"password": PASSWORD});
        let deletion = again.send(Method::DELETE, &format!("{scope}/me"), body).await;
        let expected = ["HttpOnly", "Max-Age=0", &format!("Path={scope}"), "SameSite=Strict"];
        for answer in [logout, deletion] {
            assert_eq!(answer.status(), StatusCode::NO_CONTENT);
            let (value, attributes) = cookie(&answer).expect("a cookie");
            assert_eq!(
                (value.as_str(), attributes.as_slice()),
                ("", &expected.map(str::to_owned)[..])
            );
        }
    }
}

#[actix_web::test]
async fn a_page_may_read_what_its_cookie_bought_only_if_it_may_call_the_api() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for scope in AUTH {
        let token = app.log_in(&ada.email).await.refresh_token;
        for (origin, allowed) in [("https://eve.example", false), (ALLOWED, true)] {
            let request = refresh(&app, scope, &token).header("origin", origin);
            let answer = request.send().await.unwrap();
            let header = |name: &str| answer.headers().get(name).map(|it| it.to_str().unwrap());
            let origin = allowed.then_some(origin);
            assert_eq!(header("access-control-allow-origin"), origin);
            let credentials = header("access-control-allow-credentials");
            assert_eq!(credentials == Some("true") && origin.is_some(), allowed);
        }
    }
}

#[actix_web::test]
async fn of_two_cookies_neither_counts() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let cookies = format!("todo_refresh=planted; todo_refresh={}", ada.refresh_token);
    let refresh = app.request(Method::POST, "/api/v1/auth/refresh").header("cookie", cookies);
    let answer = refresh.header("origin", "http://localhost:3000").send().await.unwrap();
    problem(answer, StatusCode::UNAUTHORIZED).await;
}
