//! URLs and methods that lead nowhere, and HEAD.

use reqwest::{Method, StatusCode};

use crate::support::{FAMILIES, TestApp, TestUser, keys, problem};

/// Every resource and the methods that it takes, as the header `Allow` lists them.
async fn resources(user: &TestUser<'_>) -> Vec<(String, &'static str)> {
    let id = user.task("Buy milk").await["id"].clone();
    let mut resources: Vec<_> =
        ["/", "/health", "/health/live", "/health/ready", "/openapi.json", "/docs", "/docs/"]
            .map(|path| (path.to_owned(), "GET, HEAD"))
            .into();
    for prefix in ["/api/v1/auth", "/api/auth"] {
        for call in ["register", "signup", "login", "refresh", "logout"] {
            resources.push((format!("{prefix}/{call}"), "POST"));
        }
        for call in ["password/change", "password/forgot", "password/reset"] {
            resources.push((format!("{prefix}/{call}"), "POST"));
        }
        resources.push((format!("{prefix}/me"), "GET, HEAD, PATCH, DELETE"));
        resources.push((format!("{prefix}/me/export"), "GET, HEAD"));
    }
    for family in FAMILIES {
        let tasks = family.tasks_of(&user.id);
        resources.push((tasks.clone(), "GET, HEAD, POST"));
        resources.push((format!("{tasks}/counts"), "GET, HEAD"));
        resources.push((format!("{tasks}/{id}"), "GET, HEAD, PUT, DELETE"));
        resources.push((format!("{tasks}/{id}/complete"), "PATCH"));
    }
    resources
}

#[actix_web::test]
async fn a_method_that_a_url_does_not_take_is_a_405_that_names_the_others() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let methods = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::from_bytes(b"PURGE").unwrap(),
    ];
    for (path, allow) in resources(&ada).await {
        let refused =
            methods.iter().filter(|method| !allow.split(", ").any(|it| it == method.as_str()));
        for method in refused {
            let answer = ada.request(method.clone(), &path).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(answer.headers()["allow"], allow, "{method} {path}");
            let document = problem(answer, StatusCode::METHOD_NOT_ALLOWED).await;
            assert_eq!(document["type"], "urn:todo:problem:method-not-allowed");
        }
    }
}

#[actix_web::test]
async fn a_url_that_leads_nowhere_is_a_404() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for path in [
        "/nothing",
        "/favicon.ico",
        "/health/",
        "/health/nothing",
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v2/auth/me",
        "/api/v1/auth",
        "/api/v1/auth/nothing",
        "/api/auth/nothing",
        "/api/v1/tasks/",
        "/api/v1/tasks/1/nothing",
        "/docs/nothing",
        "/docs/../Cargo.toml",
        "/docs/%2e%2e/Cargo.toml",
        "/docs/..%2fCargo.toml",
        "/%00",
        "/%FF",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            if path.starts_with("/docs/") && method != Method::GET {
                continue;
            }
            let answer = ada.request(method, path).send().await.unwrap();
            assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
            let document = problem(answer, StatusCode::NOT_FOUND).await;
            assert_eq!(document["type"], "urn:todo:problem:not-found", "{path}");
            assert_eq!(keys(&document), ["detail", "request_id", "status", "title", "type"]);
        }
    }
}

#[actix_web::test]
async fn the_first_family_wins_where_a_url_could_be_of_both() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    assert_eq!(ada.get("/api/v1/tasks").await.status(), StatusCode::OK);
    let auth = app.outsider(serde_json::json!({"sub": "auth"}));
    problem(auth.get("/api/auth/tasks").await, StatusCode::NOT_FOUND).await;
}

#[actix_web::test]
async fn head_is_get_without_a_body() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for (path, allow) in resources(&ada).await {
        let head = ada.request(Method::HEAD, &path).send().await.unwrap();
        let get = ada.get(&path).await;
        assert_eq!(head.status(), get.status(), "{path}");
        assert_eq!(head.status().is_success(), allow.contains("HEAD"), "{path}");
        assert_eq!(head.headers()["content-type"], get.headers()["content-type"], "{path}");
        assert_eq!(head.text().await.unwrap(), "");
    }
}

#[actix_web::test]
async fn head_of_a_list_has_the_link_to_the_next_page() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for title in ["a", "b"] {
        ada.task(title).await;
    }
    for family in FAMILIES {
        let path = format!("{}?limit=1", family.tasks_of(&ada.id));
        let head = ada.request(Method::HEAD, &path).send().await.unwrap();
        assert_eq!(head.headers()["link"], ada.get(&path).await.headers()["link"]);
    }
}

#[actix_web::test]
async fn head_of_what_is_not_there_is_a_404_without_a_body() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for path in ["/nothing", "/api/v1/tasks/1000000"] {
        let head = ada.request(Method::HEAD, path).send().await.unwrap();
        assert_eq!(head.status(), StatusCode::NOT_FOUND);
        assert_eq!(head.headers()["content-type"], "application/problem+json");
        assert_eq!(head.text().await.unwrap(), "");
    }
}
