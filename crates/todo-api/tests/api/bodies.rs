//! Bodies that cannot be used, on every call that takes one.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, TestApp, TestUser, faults, json_of, keys, problem};

/// The most bytes a body may have.
const LIMIT: usize = 64 * 1024;

/// Every call that takes a body, and the status of input that breaks a rule there.
async fn calls(user: &TestUser<'_>) -> Vec<(Method, String, StatusCode)> {
    let id = user.task("Buy milk").await["id"].clone();
    let mut calls = Vec::new();
    for family in FAMILIES {
        let tasks = family.tasks_of(&user.id);
        calls.extend([
            (Method::POST, tasks.clone(), family.invalid()),
            (Method::PUT, format!("{tasks}/{id}"), family.invalid()),
            (Method::PATCH, format!("{tasks}/{id}/complete"), family.invalid()),
        ]);
    }
    for prefix in ["/api/v1/auth", "/api/auth"] {
        for call in ["register", "signup", "login", "refresh"] {
            calls.push((Method::POST, format!("{prefix}/{call}"), StatusCode::BAD_REQUEST));
        }
    }
    calls
}

/// JSON of exactly this many bytes.
fn padded(value: &Value, bytes: usize) -> String {
    let json = value.to_string();
    let space = " ".repeat(bytes - json.len());
    json + &space
}

/// The status line and headers, and the body, of the answer to these bytes.
async fn raw(app: &TestApp, request: String) -> (String, Value) {
    let address = app.url("").replace("http://", "");
    let exchange = move || {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(request.as_bytes())?;
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head)? > 0 {}
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let mut body = vec![0; length.and_then(|it| it.parse().ok()).unwrap_or_default()];
        stream.read_exact(&mut body)?;
        Ok::<_, std::io::Error>((head, serde_json::from_slice(&body)?))
    };
    actix_web::rt::task::spawn_blocking(exchange).await.expect("no panic").expect("an answer")
}

/// A POST in chunks.
fn chunked(path: &str, token: &str, chunks: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{chunks}"
    )
}

#[actix_web::test]
async fn broken_json_is_a_400() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for (method, path, _) in calls(&ada).await {
        for body in
            ["{", "{\"title\": }", "{\"completed\": true}{}", "title=Buy+milk", "\u{feff}{}"]
        {
            let request = ada.request(method.clone(), &path);
            let request = request.header("content-type", "application/json").body(body);
            let document = problem(request.send().await.unwrap(), StatusCode::BAD_REQUEST).await;
            assert_eq!(document["type"], "urn:todo:problem:broken-json", "{path} {body}");
            assert_eq!(keys(&document), ["detail", "request_id", "status", "title", "type"]);
        }
    }
}

#[actix_web::test]
async fn json_that_is_not_utf_8_is_a_400() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let request = ada.request(Method::POST, &family.tasks_of(&ada.id));
        let request = request.header("content-type", "application/json");
        let answer = request.body(b"{\"title\": \"\xff\xfe\"}".to_vec()).send().await.unwrap();
        problem(answer, StatusCode::BAD_REQUEST).await;
    }
}

#[actix_web::test]
async fn a_body_of_no_bytes_is_a_400_where_one_is_needed() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for (method, path, _) in calls(&ada).await {
        if method != Method::PATCH && !path.ends_with("/refresh") {
            let request = ada.request(method, &path).header("content-type", "application/json");
            problem(request.send().await.unwrap(), StatusCode::BAD_REQUEST).await;
        }
    }
}

#[actix_web::test]
async fn json_that_is_no_object_breaks_a_rule() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for (method, path, invalid) in calls(&ada).await {
        for body in
            [json!([]), json!(["a", "b"]), json!([[true]]), json!("text"), json!(1), json!(null)]
        {
            let answer = ada.send(method.clone(), &path, body).await;
            let document = problem(answer, invalid).await;
            assert_eq!(faults(&document), [("body", "wrong_type")]);
            let members = ["detail", "errors", "request_id", "status", "title", "type"];
            assert_eq!(keys(&document), members);
            assert_eq!(keys(&document["errors"][0]), ["code", "field", "message"]);
        }
    }
}

#[actix_web::test]
async fn a_body_that_is_not_declared_as_json_is_a_415() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for (method, path, _) in calls(&ada).await {
        for content_type in [
            None,
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
            Some("application/jsonp"),
            Some("application/xml; note=application/json"),
        ] {
            let mut request = ada.request(method.clone(), &path).body("{}");
            if let Some(value) = content_type {
                request = request.header("content-type", value);
            }
            let answer = request.send().await.unwrap();
            let document = problem(answer, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
            assert_eq!(document["type"], "urn:todo:problem:not-json");
        }
    }
}

#[actix_web::test]
async fn json_may_be_declared_in_any_case_and_with_a_charset() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        for content_type in [
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
            "Application/JSON",
            "application/json ; x=y",
        ] {
            let request = ada.request(Method::POST, &family.tasks_of(&ada.id));
            let request = request.header("content-type", content_type);
            let answer = request.body(r#"{"title": "Buy milk"}"#).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::CREATED, "{content_type}");
        }
    }
}

#[actix_web::test]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_a_413() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for (method, path, _) in calls(&ada).await {
        let send = |bytes: usize| {
            let body = padded(&json!({"completed": true}), bytes);
            let request = ada.request(method.clone(), &path);
            request.header("content-type", "application/json").body(body).send()
        };
        assert_ne!(send(LIMIT).await.unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
        for bytes in [LIMIT + 1, 4 * LIMIT] {
            let answer = send(bytes).await.unwrap();
            let document = problem(answer, StatusCode::PAYLOAD_TOO_LARGE).await;
            assert_eq!(document["type"], "urn:todo:problem:body-too-large");
        }
    }
    let body = padded(&json!({"title": "Buy milk"}), LIMIT);
    let request = ada.request(Method::POST, "/api/v1/tasks");
    let answer = request.header("content-type", "application/json").body(body).send().await;
    json_of(answer.unwrap(), StatusCode::CREATED).await;
}

#[actix_web::test]
async fn the_limit_holds_for_a_body_in_chunks() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        for (bytes, status) in [(LIMIT, "201"), (LIMIT + 1, "413")] {
            let body = padded(&json!({"title": "Buy milk"}), bytes);
            let (one, two) = body.split_at(bytes / 2);
            let chunks =
                format!("{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n", one.len(), two.len());
            let (head, _) =
                raw(&app, chunked(&family.tasks_of(&ada.id), &ada.access_token, &chunks)).await;
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
        }
    }
}

#[actix_web::test]
async fn a_body_that_breaks_off_is_a_400() {
    let app = TestApp::start().await;
    for path in ["/api/v1/auth/login", "/api/auth/login"] {
        let chunks = "9\r\n{\"email\":\r\nnonsense\r\n";
        let (head, document) = raw(&app, chunked(path, "none", chunks)).await;
        assert!(head.starts_with("HTTP/1.1 400 "), "{head}");
        assert!(head.contains("content-type: application/problem+json"), "{head}");
        assert_eq!(document["type"], "urn:todo:problem:body-interrupted");
    }
}

#[actix_web::test]
async fn deep_nesting_breaks_nothing() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
    for (method, path, _) in calls(&ada).await {
        for field in ["title", "completed", "email", "refresh_token", "x"] {
            let request = ada.request(method.clone(), &path);
            let request = request.header("content-type", "application/json");
            let answer = request.body(format!("{{\"{field}\": {deep}}}")).send().await.unwrap();
            assert!(!answer.status().is_server_error(), "{path} {field}");
        }
    }
    assert_eq!(ada.get("/api/v1/tasks").await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn a_client_whose_body_does_not_end_is_answered_and_disconnected() {
    let app = TestApp::start().await;
    for path in ["/api/v1/auth/login", "/nowhere", "/health"] {
        let endless = format!("{:x}\r\n{}", 2 * LIMIT, "x".repeat(LIMIT + 1));
        let heard = app.exchange(chunked(path, "none", &endless)).await;
        assert!(heard.starts_with("HTTP/1.1 413 "), "{heard}");
        assert!(heard.contains("urn:todo:problem:body-too-large"), "{heard}");
        assert!(heard.contains("access-control-expose-headers"), "{heard}");
    }
}

#[actix_web::test]
async fn an_encoded_body_is_a_415() {
    let app = TestApp::start().await;
    let request = app.request(Method::POST, "/api/v1/auth/login");
    let answer = request.header("content-encoding", "gzip").json(&json!({})).send().await;
    problem(answer.expect("an answer"), StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
}

#[actix_web::test]
async fn a_value_of_the_wrong_type_is_named_and_not_shown() {
    let app = TestApp::start().await;
    let secret = json!({"email": "ada@example.com", "password": 1_234_567_890_123_u64});
    let document =
        problem(app.post("/api/v1/auth/login", secret).await, StatusCode::BAD_REQUEST).await;
    assert_eq!(document["errors"][0]["message"], "must be a string");
    assert!(!document.to_string().contains("1234567890123"), "{document}");
}

#[actix_web::test]
async fn a_field_that_is_given_twice_is_named() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let request = ada.request(Method::POST, &family.tasks_of(&ada.id));
        let request = request.header("content-type", "application/json");
        let answer = request.body(r#"{"title": "a", "title": "b"}"#).send().await;
        let document = problem(answer.expect("an answer"), family.invalid()).await;
        assert_eq!(faults(&document), [("title", "duplicate")]);
    }
}
