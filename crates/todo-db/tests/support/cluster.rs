//! A PostgreSQL cluster of the tests' own, made from the machine's PostgreSQL.
//!
//! The cluster is the charge of a shell script whose standard input is a pipe from this process.
//! When this process ends, killed or not, the pipe closes; then the script stops the cluster and
//! removes its files.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};

const SCRIPT: &str = include_str!("cluster.sh");

/// What the script ends with on a machine without PostgreSQL.
const NO_POSTGRESQL: i32 = 69;

/// A running cluster.
pub(crate) struct Cluster {
    /// Holds the pipe open.
    script: Child,
    answers: BufReader<ChildStdout>,
    socket_dir: String,
}

impl Cluster {
    /// Starts a cluster and waits until it answers; `None` if the machine has no PostgreSQL.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// Starts a cluster whose server gets these arguments as well.
    pub(crate) fn start_with(arguments: &[&str]) -> Option<Self> {
        let mut script = Command::new("sh")
            .args(["-c", SCRIPT, "cluster.sh"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C at a terminal must not end the script before it has cleaned up.
            .process_group(0)
            .spawn()
            .unwrap();
        let mut answers = BufReader::new(script.stdout.take().unwrap());
        let mut socket_dir = String::new();
        answers.read_line(&mut socket_dir).unwrap();
        if socket_dir.is_empty() {
            let status = script.wait().unwrap();
            assert_eq!(status.code(), Some(NO_POSTGRESQL), "PostgreSQL cannot be started");
            return None;
        }
        Some(Self { script, answers, socket_dir: socket_dir.trim_end().to_owned() })
    }

    /// The URL of the database that every cluster has.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.socket_dir)
    }

    /// Where its socket is.
    pub(crate) fn socket_dir(&self) -> &str {
        &self.socket_dir
    }

    /// Ends the server as its own shutdown does: whoever is connected is turned out.
    pub(crate) fn stop(&mut self) {
        self.order("stop");
    }

    /// Ends the server as a crash does.
    pub(crate) fn crash(&mut self) {
        self.order("crash");
    }

    /// Starts the server again and waits until it answers.
    pub(crate) fn restart(&mut self) {
        self.order("start");
    }

    /// Makes a black hole of the server: it takes connections and never answers.
    pub(crate) fn freeze(&mut self) {
        self.order("freeze");
    }

    /// Lets it go on where it was.
    pub(crate) fn thaw(&mut self) {
        self.order("thaw");
    }

    fn order(&mut self, order: &str) {
        writeln!(self.script.stdin.as_mut().unwrap(), "{order}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "done\n", "{order}");
    }
}
