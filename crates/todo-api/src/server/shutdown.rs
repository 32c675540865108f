//! The end of the process: what it is told by signals, and how long it may take.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// How long the requests at hand may take, from the signal: what is left of the 30 seconds after which
/// an orchestrator kills is for mails, and to spare.
pub(super) const REQUESTS_TIMEOUT: Duration = Duration::from_secs(25);
/// When all must be done, from the signal.
const TIMEOUT: Duration = Duration::from_secs(29);

/// How the process is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Others have to learn first that no requests may come here any more: SIGTERM.
    Drain,
    /// A person at a terminal waits for it: SIGINT.
    Now,
}

/// When everything must be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLeft {
    until: Instant,
}

impl TimeLeft {
    /// The time that there is, beginning now.
    pub(super) fn start() -> Self {
        Self { until: Instant::now() + TIMEOUT }
    }

    /// How long it is until then.
    pub(crate) fn remaining(self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

/// Whether the process is about to end: no new requests should be sent to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draining(Arc<AtomicBool>);

impl Draining {
    /// It is from now on.
    pub(super) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is.
    pub(crate) fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The signals that the process heeds from now on.
pub(crate) struct Signals(system::Signals);

impl Signals {
    /// Listens to them.
    ///
    /// # Errors
    /// If the system does not let it.
    pub(crate) fn listen() -> io::Result<Self> {
        system::Signals::listen().map(Self)
    }

    /// The next signal to end.
    pub(crate) async fn stop(&mut self) -> Stop {
        self.0.stop().await
    }

    /// Waits for two of them.
    pub(crate) async fn twice(&mut self) {
        self.stop().await;
        self.stop().await;
    }
}

/// The signals to read files anew, which the process heeds from now on.
pub(super) struct HangUps(system::HangUps);

impl HangUps {
    /// Listens to them.
    ///
    /// # Errors
    /// If the system does not let it.
    pub(super) fn listen() -> io::Result<Self> {
        system::HangUps::listen().map(Self)
    }

    /// The next one.
    pub(super) async fn next(&mut self) {
        self.0.next().await;
    }
}

#[cfg(unix)]
mod system {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::Stop;

    pub(super) struct Signals {
        terminate: Signal,
        interrupt: Signal,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            let terminate = signal(SignalKind::terminate())?;
            Ok(Self { terminate, interrupt: signal(SignalKind::interrupt())? })
        }

        pub(super) async fn stop(&mut self) -> Stop {
            tokio::select! {
                _ = self.terminate.recv() => Stop::Drain,
                _ = self.interrupt.recv() => Stop::Now,
            }
        }
    }

    pub(super) struct HangUps(Signal);

    impl HangUps {
        pub(super) fn listen() -> io::Result<Self> {
            signal(SignalKind::hangup()).map(Self)
        }

        pub(super) async fn next(&mut self) {
            if self.0.recv().await.is_none() {
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

    use super::Stop;

    pub(super) struct Signals;

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn stop(&mut self) -> Stop {
            match tokio::signal::ctrl_c().await {
                Ok(()) => Stop::Now,
                Err(_) => std::future::pending().await,
            }
        }
    }

    pub(super) struct HangUps;

    impl HangUps {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(&mut self) {
            std::future::pending().await
        }
    }
}
