//! Mails that somebody asked for, sent off the path of the request.
//!
//! A request only puts the address into the queue. Whether there is an account, and whether a mail
//! goes out, is found out later, so that neither the answer nor its time tells.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use todo_domain::Email;
use tokio::sync::mpsc::{self, WeakSender};
use tokio::task::JoinHandle;
use tracing::{Instrument as _, Span};

use crate::telemetry;

/// How many addresses may wait.
const CAPACITY: usize = 1_000;
/// How many jobs run at once.
const AT_ONCE: usize = 4;
/// How long the jobs at hand may take when the process is told to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// What a request leaves in the queue.
#[derive(Debug)]
struct Asked {
    /// Whose mail it asked for.
    email: Email,
    /// The request itself.
    by: Span,
}

/// Where a request leaves the address that it asked a mail for.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    queue: WeakSender<Asked>,
}

/// Does the job of each address in the queue.
#[derive(Debug)]
pub(crate) struct Postman {
    /// Holds the queue open.
    queue: mpsc::Sender<Asked>,
    worker: JoinHandle<()>,
}

/// An empty outbox, and the postman who runs `job` for each address that is put into it. A job that
/// fails is logged and forgotten.
pub(crate) fn open<J, F, E>(job: J) -> (Outbox, Postman)
where
    J: Fn(Email) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: std::error::Error + Send + 'static,
{
    let (sender, mut queue) = mpsc::channel(CAPACITY);
    let outbox = Outbox { queue: sender.downgrade() };
    let worker = tokio::spawn(async move {
        stream::poll_fn(|context| queue.poll_recv(context))
            .for_each_concurrent(AT_ONCE, |Asked { email, by }| run(job(email), by))
            .await;
    });
    (outbox, Postman { queue: sender, worker })
}

impl Outbox {
    /// Puts an address into the queue. If there is no room, or the process is about to end, it is
    /// dropped: the caller must not learn more than that somebody asked, and whoever waits in vain
    /// asks again.
    pub(crate) fn put(&self, email: Email) {
        let asked = Asked { email, by: Span::current() };
        let put = self.queue.upgrade().map(|queue| queue.try_send(asked));
        if !matches!(put, Some(Ok(()))) {
            tracing::warn!("a mail was asked for and dropped: the outbox is full or closed");
        }
    }
}

impl Postman {
    /// Takes nothing more, and waits for what is at hand, though no longer than this, and never for
    /// ever.
    pub(crate) async fn drain(self, within: Duration) {
        drop(self.queue);
        if tokio::time::timeout(within.min(DRAIN_TIMEOUT), self.worker).await.is_err() {
            tracing::warn!("the process ends before every mail that was asked for was sent");
        }
    }
}

/// Runs a job to its end. It is a task of its own: a job that breaks down takes no other with it. What
/// it logs is logged of the request that asked for it.
async fn run<E: std::error::Error + Send + 'static>(
    job: impl Future<Output = Result<(), E>> + Send + 'static,
    by: Span,
) {
    let cause = match tokio::spawn(job.instrument(by.clone())).await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => telemetry::chain(&error),
        // What a panic says may hold anything.
        Err(_) => "the job broke down".to_owned(),
    };
    tracing::warn!(parent: &by, cause, "a mail that was asked for could not be sent");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use todo_domain::MailError;
    use tokio::sync::Semaphore;
    use tokio::time::{Instant, sleep};

    use super::*;
    use crate::telemetry::capture::Capture;

    fn email(number: usize) -> Email {
        Email::parse(&format!("user{number}@example.com")).unwrap()
    }

    /// An outbox whose jobs, `long` each, are counted when they are done.
    fn counting(long: Duration) -> (Outbox, Postman, Arc<AtomicUsize>) {
        let done = Arc::new(AtomicUsize::new(0));
        let counter = done.clone();
        let (outbox, postman) = open(move |_| {
            let counter = counter.clone();
            async move {
                sleep(long).await;
                counter.fetch_add(1, Ordering::Relaxed);
                Ok::<_, MailError>(())
            }
        });
        (outbox, postman, done)
    }

    #[tokio::test(start_paused = true)]
    async fn four_jobs_run_at_once_and_each_address_gets_its_own() {
        let (outbox, postman, done) = counting(Duration::from_secs(1));
        (0..10).for_each(|number| outbox.put(email(number)));
        for expected in [4, 8, 10] {
            sleep(Duration::from_millis(1_001)).await;
            assert_eq!(done.load(Ordering::Relaxed), expected);
        }
        postman.drain(Duration::MAX).await;
    }

    #[tokio::test]
    async fn putting_never_waits_and_what_has_no_room_is_dropped_with_a_warning() {
        let capture = Capture::start();
        let gate = Arc::new(Semaphore::new(0));
        let (passed, counted) = (gate.clone(), Arc::new(AtomicUsize::new(0)));
        let done = counted.clone();
        let (outbox, postman) = open(move |_| {
            let (passed, done) = (passed.clone(), done.clone());
            async move {
                drop(passed.acquire().await);
                done.fetch_add(1, Ordering::Relaxed);
                Ok::<_, MailError>(())
            }
        });
        (0..CAPACITY + 2).for_each(|number| outbox.put(email(number)));
        gate.add_permits(AT_ONCE);
        postman.drain(Duration::MAX).await;

        assert_eq!(counted.load(Ordering::Relaxed), CAPACITY);
        let log = capture.text();
        assert_eq!(log.lines().count(), 2, "{log}");
        assert!(log.contains("WARN") && !log.contains("example.com"), "{log}");
    }

    #[tokio::test]
    async fn a_job_that_fails_is_logged_once_with_its_cause_and_without_its_address() {
        let capture = Capture::start();
        let (outbox, postman) = open(|_| async { Err(MailError::Refused("550".into())) });
        outbox.put(email(1));
        postman.drain(Duration::MAX).await;
        let log = capture.text();
        assert_eq!(log.lines().count(), 1, "{log}");
        assert!(log.contains("the mail was refused: 550"), "{log}");
        assert!(!log.contains("user1"), "{log}");
    }

    #[tokio::test]
    async fn a_job_that_breaks_down_takes_no_other_with_it() {
        let capture = Capture::start();
        let done = Arc::new(AtomicUsize::new(0));
        let counter = done.clone();
        let (outbox, postman) = open(move |address| {
            let counter = counter.clone();
            async move {
                assert_ne!(address, email(0), "the first job breaks down");
                counter.fetch_add(1, Ordering::Relaxed);
                Ok::<_, MailError>(())
            }
        });
        (0..8).for_each(|number| outbox.put(email(number)));
        postman.drain(Duration::MAX).await;
        assert_eq!(done.load(Ordering::Relaxed), 7);
        assert!(!capture.text().contains("user0"), "{}", capture.text());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_at_hand_is_done_before_the_end_and_nothing_new_is_taken() {
        let (outbox, postman, done) = counting(Duration::from_secs(2));
        (0..8).for_each(|number| outbox.put(email(number)));
        let start = Instant::now();
        postman.drain(Duration::MAX).await;
        assert_eq!(start.elapsed().as_secs(), 4);
        assert_eq!(done.load(Ordering::Relaxed), 8);
        outbox.put(email(9));
        sleep(Duration::from_mins(1)).await;
        assert_eq!(done.load(Ordering::Relaxed), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_is_not_held_up_for_more_than_ten_seconds_nor_than_there_are() {
        for (within, seconds) in [(Duration::MAX, 10), (Duration::from_secs(3), 3)] {
            let capture = Capture::start();
            let (outbox, postman, _) = counting(Duration::from_hours(1));
            outbox.put(email(1));
            let start = Instant::now();
            postman.drain(within).await;
            assert_eq!(start.elapsed().as_secs(), seconds);
            assert!(capture.text().contains("WARN"), "{}", capture.text());
        }
    }
}
