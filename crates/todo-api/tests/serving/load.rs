//! Users who write and read without pause, and remember what they were told.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use futures_util::future::join_all;
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::account::{all_tasks, sign_up};
use crate::proxy::Proxy;
use crate::tools::until;

/// Users who are at work until they are asked what came of it.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    users: JoinHandle<Outcome>,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// How many requests were answered as they should be.
    pub(crate) good: usize,
    /// What happened to each of the others.
    pub(crate) failures: Vec<String>,
    /// Tasks whose creation was acknowledged and that are not there.
    pub(crate) lost: Vec<String>,
    /// Tasks that are there more than once.
    pub(crate) doubled: Vec<String>,
}

struct User {
    client: Client,
    service: String,
    token: String,
    acknowledged: Vec<String>,
    good: usize,
    failures: Vec<String>,
}

impl Load {
    /// Lets this many users sign up and go to work, each on a connection that is kept. They have a thread
    /// of their own.
    pub(crate) fn start(proxy: &Proxy, users: usize) -> Self {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let clients: Vec<_> = (0..users).map(|_| proxy.client()).collect();
        let address = proxy.url("");
        let (until, count) = (stop.clone(), done.clone());
        let work = async move {
            let users = clients.into_iter().map(|client| User::sign_up(client, &address));
            // Nobody goes to work before all are there: signing up is not what is tried.
            let users = join_all(users).await;
            join_all(users.into_iter().map(async |mut user| {
                while !until.load(Ordering::Relaxed) {
                    user.work().await;
                    count.fetch_add(1, Ordering::Relaxed);
                }
                user
            }))
            .await
        };
        let users = std::thread::spawn(|| {
            actix_web::rt::System::new().block_on(async { Outcome::of(work.await).await })
        });
        Self { stop, done, users }
    }

    /// Waits until so much more has been done.
    pub(crate) fn goes_on(&self, rounds: usize) {
        let done = self.done.load(Ordering::Relaxed);
        until("the load goes on", || self.done.load(Ordering::Relaxed) >= done + rounds);
    }

    /// Lets them stop, and counts.
    pub(crate) fn outcome(self) -> Outcome {
        self.stop.store(true, Ordering::Relaxed);
        self.users.join().expect("no panic")
    }
}

impl Outcome {
    async fn of(users: Vec<User>) -> Self {
        let mut outcome = Self::default();
        for user in users {
            let there = user.titles().await;
            outcome.good += user.good;
            outcome.failures.extend(user.failures);
            outcome.lost.extend(user.acknowledged.into_iter().filter(|it| !there.contains_key(it)));
            let doubled = there.into_iter().filter(|(_, times)| *times > 1);
            outcome.doubled.extend(doubled.map(|(title, _)| title));
        }
        outcome
    }
}

impl User {
    async fn sign_up(client: Client, service: &str) -> Self {
        let token = sign_up(&client, service).await;
        let (service, acknowledged) = (service.to_owned(), Vec::new());
        Self { client, service, token, acknowledged, good: 0, failures: Vec::new() }
    }

    /// Creates a task and lists the newest.
    async fn work(&mut self) {
        let title = format!("task {}", self.good + self.failures.len());
        let tasks = format!("{}/api/v1/tasks", self.service);
        let create = self.client.post(&tasks).bearer_auth(&self.token);
        let created = create.json(&json!({"title": title})).send().await;
        if self.count("POST", created, StatusCode::CREATED) {
            self.acknowledged.push(title);
        }
        let list = self.client.get(format!("{tasks}?limit=3")).bearer_auth(&self.token);
        let listed = list.send().await;
        self.count("GET", listed, StatusCode::OK);
    }

    fn count(
        &mut self,
        what: &str,
        answer: reqwest::Result<reqwest::Response>,
        expected: StatusCode,
    ) -> bool {
        match answer {
            Ok(answer) if answer.status() == expected => {
                self.good += 1;
                return true;
            }
            Ok(answer) => self.failures.push(format!("{what}: {}", answer.status())),
            Err(error) => self.failures.push(format!("{what}: {error:?}")),
        }
        false
    }

    /// The titles of all tasks that are there, and how often each is.
    async fn titles(&self) -> HashMap<String, usize> {
        let mut titles = HashMap::new();
        for task in all_tasks(&self.client, &self.service, &self.token).await {
            *titles.entry(task["title"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        titles
    }
}
