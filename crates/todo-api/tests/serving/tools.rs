//! Programs that some tests need, and patience with processes.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long something may take that must happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until something holds.
pub(crate) fn until(what: &str, holds: impl FnMut() -> bool) {
    until_within(PATIENCE, what, holds);
}

/// Waits until something holds, for no longer than this.
pub(crate) fn until_within(patience: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < patience, "in {patience:?} it is not so that {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Where a program is; `None` if it is not installed, which in CI is a failure. That it is missing must
/// not go unseen: it is said past the test harness, which would swallow it.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = setting("PATH").unwrap_or_default();
    let folders = path.split(':').chain(["/usr/sbin", "/usr/local/sbin"]);
    let found = folders.map(|folder| PathBuf::from(folder).join(name)).find(|file| file.exists());
    if found.is_none() {
        let line = format!("there is no {name}; install the package of this name");
        assert_ne!(setting("CI").as_deref(), Some("true"), "{line}");
        let line = format!("\nSKIPPED, a test with {name}: {line}\n\n");
        std::io::stderr().write_all(line.as_bytes()).expect("room");
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "what the tests need is not the service's setting")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
