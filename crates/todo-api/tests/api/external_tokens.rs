//! Tokens that another issuer signed with the shared secret.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use jsonwebtoken::Algorithm;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, SECRET, TestApp, json_of, problem, sign};

#[actix_web::test]
async fn the_user_is_named_by_any_of_four_claims() {
    let app = TestApp::start().await;
    for claim in ["sub", "id", "user_id", "userId"] {
        let user_id = format!("user-of-{claim}");
        let grace = app.outsider(json!({claim: user_id}));
        for family in FAMILIES {
            let tasks = family.tasks_of(&user_id);
            let answer = grace.send(Method::POST, &tasks, json!({"title": "Buy milk"})).await;
            assert_eq!(json_of(answer, StatusCode::CREATED).await["user_id"], user_id);
        }
    }
}

#[actix_web::test]
async fn the_first_of_the_four_claims_counts() {
    let app = TestApp::start().await;
    let claims = json!({"userId": "d", "user_id": "c", "id": "b", "sub": "a"});
    let me = app.outsider(claims).get("/api/v1/auth/me").await;
    assert_eq!(json_of(me, StatusCode::OK).await["id"], "a");
}

#[actix_web::test]
async fn the_user_is_made_on_first_sight() {
    let app = TestApp::start().await;
    let claims = json!({"sub": "grace", "email": "Grace@Example.com", "name": "Grace Hopper"});
    let grace = app.outsider(claims);
    let me = json_of(grace.get("/api/v1/auth/me").await, StatusCode::OK).await;
    assert_eq!(me["id"], "grace");
    assert_eq!(me["email"], "grace@example.com");
    assert_eq!(me["name"], "Grace Hopper");
    let again = json_of(grace.get("/api/auth/me").await, StatusCode::OK).await;
    assert_eq!(again, me);
}

#[actix_web::test]
async fn the_first_sixteen_requests_may_arrive_at_once() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    for family in FAMILIES {
        let user_id = format!("grace-{family:?}");
        let grace =
            app.outsider(json!({"sub": user_id, "email": format!("{user_id}@example.com")}));
        let path = family.tasks_of(&user_id);
        let requests = (0..16).map(|number| {
            let process = if number % 2 == 0 { &app } else { &replica };
            process.request(Method::GET, &path).bearer_auth(&grace.access_token).send()
        });
        for answer in join_all(requests).await {
            assert_eq!(answer.unwrap().status(), StatusCode::OK);
        }
    }
}

#[actix_web::test]
async fn a_token_without_an_email_or_with_an_odd_one_is_good() {
    let app = TestApp::start().await;
    for (number, claims) in [
        json!({}),
        json!({}),
        json!({"email": null, "name": null}),
        json!({"email": "not an email", "name": 7}),
        json!({"email": "", "name": ""}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut claims = claims;
        claims["sub"] = json!(format!("grace{number}"));
        let grace = app.outsider(claims);
        let me = json_of(grace.get("/api/v1/auth/me").await, StatusCode::OK).await;
        assert_eq!(me["id"], grace.id);
        assert_eq!(me["name"], Value::Null);
        grace.task("Buy milk").await;
    }
}

#[actix_web::test]
async fn an_email_that_an_account_has_is_refused_and_nothing_is_merged() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    let eve = app.outsider(json!({"sub": "eve", "email": "ADA@example.com"}));
    for family in FAMILIES {
        let tasks = family.tasks_of(&eve.id);
        for path in [tasks.clone(), format!("{tasks}/{}", task["id"]), "/api/v1/auth/me".into()] {
            let document = problem(eve.get(&path).await, StatusCode::FORBIDDEN).await;
            let kind = "urn:todo:problem:email-belongs-to-another-account";
            assert_eq!(document["type"], kind);
        }
        let list: Value = ada.get(&family.tasks_of(&ada.id)).await.json().await.unwrap();
        assert_eq!(list, json!([task]));
    }
}

#[actix_web::test]
async fn a_token_that_names_a_user_of_ours_opens_that_account() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    let same = app.outsider(json!({"sub": ada.id, "email": ada.email}));
    for family in FAMILIES {
        let list: Value = same.get(&family.tasks_of(&ada.id)).await.json().await.unwrap();
        assert_eq!(list, json!([task]));
    }
}

#[actix_web::test]
async fn a_token_that_does_not_hold_is_refused() {
    let app = TestApp::start().await;
    let now = app.now().unix_seconds();
    let good = json!({"sub": "grace", "exp": now + 3_600});
    let with = |claim: &str, value: Value| {
        let mut claims = good.clone();
        claims[claim] = value;
        sign(Algorithm::HS256, SECRET, &claims)
    };
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = format!("{}.{}.", part(json!({"alg": "none"})), part(good.clone()));
    for (fault, token) in [
        ("the secret is another", sign(Algorithm::HS256, &SECRET.to_uppercase(), &good)),
        ("there is no signature", unsigned),
        ("the algorithm is HS384", sign(Algorithm::HS384, SECRET, &good)),
        ("the algorithm is HS512", sign(Algorithm::HS512, SECRET, &good)),
        ("it never expires", sign(Algorithm::HS256, SECRET, &json!({"sub": "grace"}))),
        ("it has expired", with("exp", json!(now - 1))),
        ("it is of the future", with("nbf", json!(now + 600))),
        ("its user is blank", with("sub", json!(""))),
        ("its user cannot stand in a URL", with("sub", json!("../ada"))),
        ("its user is too long", with("sub", json!("g".repeat(65)))),
        ("it claims to be ours", with("iss", json!("todo-api"))),
        ("it names nobody", sign(Algorithm::HS256, SECRET, &json!({"exp": now + 3_600}))),
    ] {
        for family in FAMILIES {
            let request = app.request(Method::GET, &family.tasks_of("grace"));
            let answer = request.bearer_auth(&token).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{fault}");
            assert_eq!(answer.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
            problem(answer, StatusCode::UNAUTHORIZED).await;
        }
    }
}

#[actix_web::test]
async fn an_odd_id_stands_percent_encoded_in_the_url() {
    let app = TestApp::start().await;
    for (id, encoded) in [
        ("auth0|5f7c8ec7", "auth0%7C5f7c8ec7"),
        ("grace@example.com", "grace%40example.com"),
        ("grace@example.com", "grace@example.com"),
        ("a+b=c&d;e:f", "a+b=c&d;e:f"),
        ("<\"grace\">", "%3C%22grace%22%3E"),
    ] {
        let grace = app.outsider(json!({"sub": id}));
        let tasks = format!("/api/{encoded}/tasks");
        for title in ["Buy milk", "Buy bread"] {
            let answer = grace.send(Method::POST, &tasks, json!({"title": title})).await;
            let location = answer.headers()["location"].to_str().unwrap().to_owned();
            let task = json_of(answer, StatusCode::CREATED).await;
            assert_eq!(task["user_id"], id);
            let found = json_of(grace.get(&location).await, StatusCode::OK).await;
            assert_eq!(found, task);
        }
        let page = grace.get(&format!("{tasks}?limit=1")).await;
        let link = page.headers()["link"].to_str().unwrap();
        let next = link.trim_start_matches('<').split_once('>').unwrap().0.to_owned();
        assert_eq!(grace.get(&next).await.status(), StatusCode::OK);
    }
}

#[actix_web::test]
async fn the_url_of_another_user_is_forbidden() {
    let app = TestApp::start().await;
    let grace = app.outsider(json!({"sub": "grace"}));
    for id in ["Grace", "grace%00", "grace%20", "%67race2", "*", "me", "%FF"] {
        let document = problem(grace.get(&format!("/api/{id}/tasks")).await, StatusCode::FORBIDDEN);
        assert_eq!(document.await["type"], "urn:todo:problem:other-user");
    }
    assert_eq!(grace.get("/api/%67race/tasks").await.status(), StatusCode::OK);
}
