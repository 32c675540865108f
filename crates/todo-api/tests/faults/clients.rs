//! Clients who go on calling whatever they are told, and keep a record.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::account::{all_tasks, sign_up};
use crate::until;

/// How a call ended: its status, and the last part of a problem's type.
pub(crate) type Answer = (u16, String);

/// A user who is signed in.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) client: Client,
    pub(crate) tasks: String,
    pub(crate) token: String,
}

impl User {
    /// A new user of the service at `url`.
    pub(crate) async fn register(url: &str) -> Self {
        let client = Client::builder().no_proxy().build().expect("a client");
        let token = sign_up(&client, url).await;
        Self { client, tasks: format!("{url}/api/v1/tasks"), token }
    }

    /// Reads the first page of tasks.
    pub(crate) async fn read(&self) -> Answer {
        let list = self.client.get(&self.tasks).bearer_auth(&self.token);
        answer(list.send().await.expect("an answer")).await
    }

    /// Makes a task.
    pub(crate) async fn write(&self, title: &str) -> Answer {
        let create = self.client.post(&self.tasks).bearer_auth(&self.token);
        answer(create.json(&json!({"title": title})).send().await.expect("an answer")).await
    }

    /// How often there is a task with each title.
    pub(crate) async fn titles(&self) -> BTreeMap<String, usize> {
        let mut titles = BTreeMap::new();
        let service = self.tasks.trim_end_matches("/api/v1/tasks");
        for task in all_tasks(&self.client, service, &self.token).await {
            let title = task["title"].as_str().expect("a title").to_owned();
            *titles.entry(title).or_default() += 1;
        }
        titles
    }
}

/// What an answer says; a 503 must say when to try again.
async fn answer(answer: Response) -> Answer {
    let status = answer.status();
    assert_eq!(
        status == StatusCode::SERVICE_UNAVAILABLE,
        answer.headers().contains_key("retry-after"),
        "{status}"
    );
    let body = answer.bytes().await.expect("a whole answer");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let kind = body["type"].as_str().and_then(|kind| kind.rsplit(':').next());
    (status.as_u16(), kind.unwrap_or_default().to_owned())
}

/// Clients that call at the same time until they are stopped.
pub(crate) struct Crowd<T> {
    stopped: Arc<AtomicBool>,
    calls: Arc<AtomicUsize>,
    at_work: JoinSet<Vec<(T, Instant, Duration)>>,
}

impl<T: Send + 'static> Crowd<T> {
    /// `size` clients, who make one call after the other. A call gets the number of its client and
    /// its own.
    pub(crate) fn gather<F>(
        size: usize,
        call: impl Fn(usize, usize) -> F + Clone + Send + 'static,
    ) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (stopped, calls) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let mut at_work = JoinSet::new();
        for client in 0..size {
            let (stopped, calls, call) = (stopped.clone(), calls.clone(), call.clone());
            at_work.spawn(async move {
                let mut made = Vec::new();
                while !stopped.load(Ordering::Relaxed) {
                    let started_at = Instant::now();
                    let outcome = call(client, made.len()).await;
                    made.push((outcome, Instant::now(), started_at.elapsed()));
                    calls.fetch_add(1, Ordering::Relaxed);
                }
                made
            });
        }
        Self { stopped, calls, at_work }
    }

    /// Waits until as many calls more were answered.
    pub(crate) async fn answered(&self, more: usize) {
        let enough = self.calls.load(Ordering::Relaxed) + more;
        until("calls are answered", async || self.calls.load(Ordering::Relaxed) >= enough).await;
    }

    /// Every call's outcome, when it was answered, and how long that took.
    pub(crate) async fn stop(self) -> Vec<(T, Instant, Duration)> {
        self.stopped.store(true, Ordering::Relaxed);
        self.at_work.join_all().await.into_iter().flatten().collect()
    }
}
