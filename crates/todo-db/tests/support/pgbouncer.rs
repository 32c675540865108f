//! Real PgBouncers in front of a cluster of the tests' own.
//!
//! Like the cluster, each is the charge of a shell script that ends it when the pipe from this process
//! closes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::cluster::Cluster;

const SCRIPT: &str = include_str!("pgbouncer.sh");

/// As Neon runs it. There are fewer connections to the server than any test has clients.
pub(crate) const TRACKING: &str =
    "pool_mode = transaction\nmax_prepared_statements = 200\ndefault_pool_size = 4";
/// Without an eye for prepared statements.
pub(crate) const NOT_TRACKING: &str =
    "pool_mode = transaction\nmax_prepared_statements = 0\ndefault_pool_size = 4";
/// With a connection to the server for each client, until the client goes.
pub(crate) const SESSIONS: &str = "pool_mode = session\nmax_prepared_statements = 0";

/// A running PgBouncer; it ends with this value.
pub(crate) struct PgBouncer {
    /// Holds the pipe open.
    script: Child,
    socket_dir: String,
}

impl PgBouncer {
    /// Starts one with these settings in front of `cluster` and waits until it answers; `None` if there
    /// is none to start, which in CI is a failure.
    pub(crate) fn start(cluster: &Cluster, settings: &str) -> Option<Self> {
        let program = program()?;
        let mut script = Command::new("sh")
            .args(["-c", SCRIPT, "pgbouncer.sh"])
            .args([program.as_os_str(), cluster.socket_dir().as_ref(), settings.as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C at a terminal must not end the script before it has cleaned up.
            .process_group(0)
            .spawn()
            .unwrap();
        let mut socket_dir = String::new();
        BufReader::new(script.stdout.take().unwrap()).read_line(&mut socket_dir).unwrap();
        assert!(!socket_dir.is_empty(), "PgBouncer cannot be started");
        Some(Self { script, socket_dir: socket_dir.trim_end().to_owned() })
    }

    /// The URL of a database behind it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost:6432/{database}?host={}", self.socket_dir)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        self.script.wait().ok();
    }
}

/// The PgBouncer that `.ci/pgbouncer` has put there. That there is none must not go unseen: it is said
/// past the test harness, which would swallow it.
fn program() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = super::setting("CARGO_TARGET_DIR").unwrap_or("target".to_owned());
    let program = root.join(target).join("pgbouncer/pgbouncer");
    if program.exists() {
        return Some(program.canonicalize().unwrap());
    }
    let line = format!("there is no {}; fetch it with `just test-tools`", program.display());
    assert_ne!(super::setting("CI").as_deref(), Some("true"), "{line}");
    let line = format!("\nSKIPPED, a test of PgBouncer: {line}\n\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    None
}
