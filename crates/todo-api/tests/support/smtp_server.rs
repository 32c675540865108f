//! A real mail server on this machine, for one test: `tests/smtp/server.py` in Python.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::mpsc::{self, UnboundedReceiver};

/// How long a mail that was sent may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running mail server; it ends with this value.
pub(crate) struct SmtpServer {
    process: Child,
    port: u16,
    messages: UnboundedReceiver<Message>,
}

/// A mail that the server has taken.
#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    /// The sender of the envelope.
    pub(crate) from: String,
    /// The recipients of the envelope.
    pub(crate) to: Vec<String>,
    /// Headers and body as they came.
    pub(crate) data: String,
    /// The body as a mail client shows it.
    pub(crate) text: String,
}

impl SmtpServer {
    /// Starts a server with these flags (`server.py --help` explains them); `None` if its Python is
    /// not installed, which in CI is a failure.
    pub(crate) fn start(flags: &[&str]) -> Option<Self> {
        let python = python()?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp/server.py");
        let mut process = Command::new(python)
            .arg(script)
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a mail server");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let port = lines.next().expect("a port").expect("a line").parse().expect("a number");
        let (sender, messages) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let message = serde_json::from_str(&line).expect("a message");
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Some(Self { process, port, messages })
    }

    /// The server's address as `SMTP_URL` takes it, without a user.
    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The next mail that arrives.
    pub(crate) async fn next_message(&mut self) -> Message {
        let message = tokio::time::timeout(PATIENCE, self.messages.recv()).await;
        message.expect("a mail in time").expect("a running server")
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        // If it has ended of its own accord there is nothing to do.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The Python that has what the server needs. That there is none must not go unseen: it is said past
/// the test harness, which would swallow it.
fn python() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = setting("CARGO_TARGET_DIR").unwrap_or("target".to_owned());
    let python = root.join(target).join("smtp/bin/python");
    if python.exists() {
        return Some(python);
    }
    let line = format!("there is no {}; make it with `just test-tools`", python.display());
    assert_ne!(setting("CI").as_deref(), Some("true"), "{line}");
    let line = format!("\nSKIPPED, a test of mail: {line}\n\n");
    std::io::stderr().write_all(line.as_bytes()).expect("room");
    None
}

#[expect(clippy::disallowed_methods, reason = "what the tests need is not the service's setting")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
