//! What a client did, what it was told, and whether the service still knows it.
//!
//! A writer changes tasks of its own, one call after the other, and notes each answer. A call without
//! a good answer may have happened or not: either state is then as good as the other.

use std::collections::BTreeMap;

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::account::{all_tasks, sign_up};

/// A title and whether it is completed; `None` for a task that is not there.
type State = Option<(String, bool)>;

/// One user who changes tasks and keeps a record.
pub(crate) struct Writer {
    client: Client,
    token: String,
    /// By the word that begins each title of a task: the states that it may be in.
    tasks: BTreeMap<String, Vec<State>>,
    /// How many changes were acknowledged.
    pub(crate) acknowledged: usize,
    /// How many were not.
    pub(crate) unanswered: usize,
}

impl Writer {
    /// A new user at `service`.
    pub(crate) async fn register(service: &str) -> Self {
        let client = Client::builder().no_proxy().build().expect("a client");
        let token = sign_up(&client, service).await;
        Self { client, token, tasks: BTreeMap::new(), acknowledged: 0, unanswered: 0 }
    }

    /// Makes a task, then changes it, completes it, or deletes it; stops at the first call without a
    /// good answer and tells whether there was none.
    pub(crate) async fn write(&mut self, service: &str) -> bool {
        let key = format!("{:05}", self.tasks.len());
        let made = Some((key.clone(), false));
        let create = json!({"title": key});
        let answer = self.call(service, Method::POST, "", Some(create), StatusCode::CREATED).await;
        let Some(answer) = answer else { return self.unsure(&key, made) };
        let task: Value = answer.json().await.unwrap_or_default();
        let Some(id) = task["id"].as_i64() else { return self.unsure(&key, made) };
        self.sure(&key, made);

        let (method, path, body, state) = match self.tasks.len() % 4 {
            0 => return true,
            1 => {
                let title = format!("{key} changed");
                (Method::PUT, format!("/{id}"), Some(json!({"title": title})), Some((title, false)))
            }
            2 => (Method::PATCH, format!("/{id}/complete"), None, Some((key.clone(), true))),
            _ => (Method::DELETE, format!("/{id}"), None, None),
        };
        match self.call(service, method, &path, body, StatusCode::OK).await {
            Some(_) => self.sure(&key, state),
            None => self.unsure(&key, state),
        }
    }

    /// The differences between the record and what the service at `service` holds.
    pub(crate) async fn compare(&self, service: &str) -> Vec<String> {
        let found = self.list(service).await;
        let mut differences = Vec::new();
        for (key, allowed) in &self.tasks {
            let state = found.get(key).map_or(&[][..], Vec::as_slice);
            let same = match state {
                [] => allowed.contains(&None),
                [one] => allowed.contains(&Some(one.clone())),
                _ => false,
            };
            if !same {
                differences.push(format!("{key}: {state:?} in the place of {allowed:?}"));
            }
        }
        let strangers = found.keys().filter(|key| !self.tasks.contains_key(*key));
        differences.extend(strangers.map(|key| format!("{key} was never written")));
        differences
    }

    /// Every task, by the word that begins its title.
    async fn list(&self, service: &str) -> BTreeMap<String, Vec<(String, bool)>> {
        let mut found = BTreeMap::<_, Vec<_>>::new();
        for task in all_tasks(&self.client, service, &self.token).await {
            let title = task["title"].as_str().expect("a title").to_owned();
            let key = title.split(' ').next().unwrap_or_default().to_owned();
            let completed = task["completed"].as_bool().expect("a state");
            found.entry(key).or_default().push((title, completed));
        }
        found
    }

    /// The answer, if it is the one that was hoped for.
    async fn call(
        &self,
        service: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
        good: StatusCode,
    ) -> Option<Response> {
        let url = format!("{service}/api/v1/tasks{path}");
        let mut call = self.client.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            call = call.json(&body);
        }
        call.send().await.ok().filter(|answer| answer.status() == good)
    }

    fn sure(&mut self, key: &str, state: State) -> bool {
        self.tasks.insert(key.to_owned(), vec![state]);
        self.acknowledged += 1;
        true
    }

    fn unsure(&mut self, key: &str, state: State) -> bool {
        self.tasks.entry(key.to_owned()).or_insert_with(|| vec![None]).push(state);
        self.unanswered += 1;
        false
    }
}
