//! A user of a service that runs, whichever way it is reached.

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

/// Signs a new user up at `service`; the access token.
pub(crate) async fn sign_up(client: &Client, service: &str) -> String {
    let email = format!("{}@example.com", Uuid::new_v4());
    let account = json!({"email": email, "password": "correct horse"});
    let register = client.post(format!("{service}/api/v1/auth/register")).json(&account);
    let answer = register.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::CREATED);
    let answer: Value = answer.json().await.expect("JSON");
    answer["access_token"].as_str().expect("a token").to_owned()
}

/// Every task of the user, page by page.
pub(crate) async fn all_tasks(client: &Client, service: &str, token: &str) -> Vec<Value> {
    let mut tasks = Vec::new();
    let mut next = Some("/api/v1/tasks?limit=100".to_owned());
    while let Some(path) = next {
        let page = client.get(format!("{service}{path}")).bearer_auth(token).send().await;
        let page = page.expect("an answer").error_for_status().expect("a page");
        next = next_page(&page);
        tasks.extend(page.json::<Vec<Value>>().await.expect("JSON"));
    }
    tasks
}

/// The path of the next page.
fn next_page(page: &Response) -> Option<String> {
    let link = page.headers().get("link")?.to_str().ok()?;
    let (path, _) = link.strip_prefix('<')?.split_once(">; rel=\"next\"")?;
    Some(path.to_owned())
}
