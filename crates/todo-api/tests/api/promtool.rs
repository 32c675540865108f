//! Prometheus' own tool, which knows what is right in its files.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Where the alerts are.
pub(crate) fn directory() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/prometheus"))
}

/// Runs `promtool` beside the alerts with this text as its standard input, and fails with what it
/// says if it finds a fault. Without the tool nothing is checked: that is said past the test harness,
/// which would swallow it, and in CI it is a failure.
pub(crate) fn promtool(arguments: &[&str], input: &str) {
    let mut command = Command::new("promtool");
    command.args(arguments).current_dir(directory());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        assert!(!is_ci(), "there is no promtool: install Debian's `prometheus`");
        let line = format!("\nSKIPPED, promtool {arguments:?}: there is no promtool\n\n");
        std::io::stderr().write_all(line.as_bytes()).expect("room");
        return;
    };
    let mut stdin = child.stdin.take().expect("a pipe");
    // A tool that has no use for its input may have ended by now.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    let output = child.wait_with_output().expect("an end");
    let [stdout, stderr] = [output.stdout, output.stderr].map(String::from_utf8);
    let said = format!("{}{}", stdout.expect("UTF-8"), stderr.expect("UTF-8"));
    assert!(output.status.success(), "promtool {arguments:?}: {said}");
}

#[expect(clippy::disallowed_methods, reason = "what the tests need is not the service's setting")]
fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}
