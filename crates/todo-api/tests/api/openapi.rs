//! The description of the API, held against the API.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{TestApp, json_of};

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/openapi.json");

fn document() -> Value {
    serde_json::to_value(todo_api::openapi_document()).expect("JSON")
}

/// Every operation with its path and method.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("a path item") {
            operations.push((path.clone(), method.to_uppercase(), operation.clone()));
        }
    }
    operations
}

fn statuses(operation: &Value) -> BTreeSet<&str> {
    operation["responses"].as_object().expect("responses").keys().map(String::as_str).collect()
}

#[test]
fn the_snapshot_is_up_to_date() {
    let kept = std::fs::read_to_string(SNAPSHOT).unwrap_or_default();
    let made = todo_api::openapi_document().to_pretty_json().unwrap();
    assert!(
        kept.trim_end() == made.trim_end(),
        "specs/openapi.json is out of date: run `just openapi`, that is \
         `cargo run -- openapi > specs/openapi.json`, and look at what changed"
    );
}

#[actix_web::test]
async fn the_service_serves_the_document() {
    let app = TestApp::start().await;
    let answer = app.get("/openapi.json").await;
    let served = json_of(answer, StatusCode::OK).await;
    assert_eq!(served, document());
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1."));
}

#[test]
fn every_call_of_both_families_is_described() {
    let mut expected: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for path in ["/health", "/health/live", "/health/ready", "/metrics"] {
        expected.insert(path.to_owned(), vec!["GET"]);
    }
    for prefix in ["/api/v1/auth", "/api/auth"] {
        for call in ["register", "signup", "login", "refresh", "logout"] {
            expected.insert(format!("{prefix}/{call}"), vec!["POST"]);
        }
        for call in ["password/change", "password/forgot", "password/reset"] {
            expected.insert(format!("{prefix}/{call}"), vec!["POST"]);
        }
        expected.insert(format!("{prefix}/me"), vec!["DELETE", "GET", "PATCH"]);
        expected.insert(format!("{prefix}/me/export"), vec!["GET"]);
        expected.insert(format!("{prefix}/sessions"), vec!["DELETE", "GET"]);
        expected.insert(format!("{prefix}/sessions/{{session_id}}"), vec!["DELETE"]);
    }
    for tasks in ["/api/v1/tasks", "/api/{user_id}/tasks"] {
        expected.insert(tasks.to_owned(), vec!["GET", "POST"]);
        expected.insert(format!("{tasks}/counts"), vec!["GET"]);
        expected.insert(format!("{tasks}/{{task_id}}"), vec!["DELETE", "GET", "PUT"]);
        expected.insert(format!("{tasks}/{{task_id}}/complete"), vec!["PATCH"]);
    }
    let document = document();
    let mut described: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, method, _) in operations(&document) {
        described.entry(path).or_default().push(method);
    }
    for methods in described.values_mut() {
        methods.sort_unstable();
    }
    assert_eq!(json!(described), json!(expected));
}

#[actix_web::test]
async fn every_call_that_is_described_is_there() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for (path, method, _) in operations(&document()) {
        let user = app.log_in(&ada.email).await;
        let task_id = user.task("Buy milk").await["id"].to_string();
        let sessions = json_of(user.get("/api/v1/auth/sessions").await, StatusCode::OK).await;
        let path = path
            .replace("{user_id}", &user.id)
            .replace("{task_id}", &task_id)
            .replace("{session_id}", sessions[0]["id"].as_str().unwrap());
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = user.send(method.clone(), &path, json!({})).await;
        let absent = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED];
        assert!(!absent.contains(&answer.status()), "{method} {path}");
    }
}

#[test]
fn no_two_operations_have_one_id() {
    let document = document();
    let operations = operations(&document);
    let ids: HashSet<_> =
        operations.iter().map(|(.., it)| it["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), operations.len());
}

#[test]
fn every_operation_describes_every_status_that_it_may_have() {
    for (path, method, operation) in operations(&document()) {
        let mut expected = BTreeSet::from(["500", "503"]);
        let tasks = path.contains("/tasks");
        let sessions = path.contains("/sessions");
        if tasks || sessions || path.ends_with("/me") || path.ends_with("/logout") {
            expected.extend(["401", "403"]);
            assert_eq!(operation["security"], json!([{"bearer": []}]), "{method} {path}");
        }
        if operation.get("requestBody").is_some() {
            expected.extend(["400", "413", "415"]);
        }
        if path.starts_with("/api/v1/tasks") && ["POST", "PUT", "PATCH"].contains(&&*method) {
            expected.insert("422");
        }
        if path.contains("{task_id}") || path.contains("{session_id}") {
            expected.insert("404");
        }
        let described = statuses(&operation);
        assert!(expected.is_subset(&described), "{method} {path}: {described:?}");
    }
}

#[test]
fn the_two_families_differ_as_is_promised() {
    let document = document();
    let find = |path: &str, method: &str| document["paths"][path][method].clone();
    let (token, user) = ("/api/v1/tasks", "/api/{user_id}/tasks");
    let one = |tasks: &str| format!("{tasks}/{{task_id}}");
    assert!(statuses(&find(&one(token), "delete")).contains("200"));
    assert!(!statuses(&find(&one(token), "delete")).contains("204"));
    assert!(statuses(&find(&one(user), "delete")).contains("204"));
    assert!(!statuses(&find(&one(user), "delete")).contains("200"));
    for method in ["get", "post"] {
        assert!(statuses(&find(token, method)).contains("422"));
        assert!(statuses(&find(user, method)).contains("400"));
        assert!(!statuses(&find(user, method)).contains("422"));
        let parameters = find(user, method)["parameters"].clone();
        assert_eq!(
            (&parameters[0]["name"], &parameters[0]["in"]),
            (&json!("user_id"), &json!("path"))
        );
    }
}

#[test]
fn errors_are_described_as_problem_documents() {
    for (path, method, operation) in operations(&document()) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let content = &response["content"]["application/problem+json"]["schema"];
            let reference = json!({"$ref": "#/components/schemas/ProblemDocument"});
            let is_error = status.starts_with(['4', '5']);
            assert_eq!(*content == reference, is_error, "{method} {path} {status}");
        }
    }
}

#[test]
fn the_limits_of_fields_are_described() {
    let document = document();
    let field = |schema: &str, field: &str, rule: &str| {
        document["components"]["schemas"][schema]["properties"][field][rule].clone()
    };
    for schema in ["CreateTask", "UpdateTask"] {
        assert_eq!(field(schema, "title", "minLength"), 1);
        assert_eq!(field(schema, "title", "maxLength"), 200);
        assert_eq!(field(schema, "description", "maxLength"), 1_000);
    }
    for schema in ["RegisterRequest", "LoginRequest"] {
        assert_eq!(field(schema, "email", "maxLength"), 255);
        assert_eq!(field(schema, "password", "minLength"), 8);
        assert_eq!(field(schema, "password", "maxLength"), 72);
    }
    let parameters = document["paths"]["/api/v1/tasks"]["get"]["parameters"].as_array().unwrap();
    let schema = |name: &str| {
        let parameter = parameters.iter().find(|parameter| parameter["name"] == name).unwrap();
        parameter["schema"].clone()
    };
    assert_eq!(
        (&schema("limit")["minimum"], &schema("limit")["maximum"]),
        (&json!(1), &json!(100))
    );
    assert_eq!(schema("status")["enum"], json!(["all", "pending", "completed"]));
    assert_eq!(schema("sort")["enum"], json!(["created", "title"]));
    assert_eq!(schema("order")["enum"], json!(["asc", "desc"]));
}
