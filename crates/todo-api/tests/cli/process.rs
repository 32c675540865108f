//! Runs of the real binary, in a directory of their own and with an empty environment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a run that should end may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A variable of the environment and its value.
pub(crate) type Variable<'a> = (&'a str, &'a str);

/// A working directory.
#[derive(Clone)]
pub(crate) struct Place(Arc<TempDir>);

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code; `None` if a signal ended the run.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    /// An empty directory.
    pub(crate) fn new() -> Self {
        Self(Arc::new(TempDir::new().expect("a directory")))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The names of the files in it.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).expect("a directory");
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.expect("an entry").file_name().to_string_lossy().into_owned()
        };
        entries.map(name).collect()
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, arguments: &[&str], environment: &[Variable]) -> Ended {
        self.run_with_input("", arguments, environment)
    }

    /// Runs the binary to its end, with this text as its standard input.
    pub(crate) fn run_with_input(
        &self,
        input: &str,
        arguments: &[&str],
        environment: &[Variable],
    ) -> Ended {
        let mut command = self.command(arguments, environment);
        command.stdin(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        let id = child.id();
        let mut stdin = child.stdin.take().expect("a pipe");
        // A run that has no use for its input may have ended by now.
        drop(stdin.write_all(input.as_bytes()));
        drop(stdin);
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || sender.send(child.wait_with_output()));
        let Ok(output) = receiver.recv_timeout(PATIENCE) else {
            signal("KILL", id);
            panic!("{arguments:?} {environment:?} does not end");
        };
        let output = output.expect("its output");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        Ended { code: output.status.code(), stdout, stderr }
    }

    /// Starts the server on a free port and waits until it is ready.
    pub(crate) fn serve(&self, environment: &[Variable]) -> Server {
        let server = self.start(environment);
        let deadline = Instant::now() + PATIENCE;
        // Said once requests are let at the database.
        while !server.log().contains("data in ") {
            assert!(Instant::now() < deadline, "it is not ready: {}", server.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Starts the server on a free port and waits until it listens, its database there or not.
    pub(crate) fn start(&self, environment: &[Variable]) -> Server {
        let defaults = [("PORT", "0"), ("BCRYPT_COST", "4"), ("SHUTDOWN_DRAIN", "0s")];
        let mut command = self.command(&[], &defaults);
        command.envs(environment.iter().copied());
        let mut child = command.spawn().expect("a process");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut start = String::new();
        let address: String = loop {
            let known = start.len();
            assert_ne!(stdout.read_line(&mut start).expect("a line"), 0, "it ended: {start}");
            if let Some((_, rest)) = start[known..].split_once("listening on ") {
                break rest.chars().take_while(|c| !c.is_whitespace() && *c != '"').collect();
            }
        };
        let log = Arc::new(Mutex::new(start));
        // A pipe holds little: nobody reading it, the server would wait for room.
        let written = log.clone();
        let reader = std::thread::spawn(move || {
            for line in stdout.lines() {
                written.lock().expect("a log").extend([&line.expect("UTF-8"), "\n"]);
            }
        });
        let port = address.rsplit(':').next().expect("a port").to_owned();
        Server { child, log, reader: Some(reader), address, port, _place: self.clone() }
    }

    fn command(&self, arguments: &[&str], environment: &[Variable]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_todo-api"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.envs(environment.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }
}

impl Ended {
    /// All that it wrote.
    pub(crate) fn output(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// A server that listens. It is killed when the test is done with it.
pub(crate) struct Server {
    child: Child,
    log: Arc<Mutex<String>>,
    /// Writes the log until the process has ended.
    reader: Option<JoinHandle<()>>,
    address: String,
    pub(crate) port: String,
    /// Its files are there for as long as it is.
    _place: Place,
}

impl Server {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged by now.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("a log").clone()
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        signal(name, self.id());
    }

    /// Waits for the end.
    pub(crate) fn ended(mut self) -> Ended {
        let status = self.child.wait().expect("an end");
        let reader = self.reader.take().expect("nobody waits twice");
        reader.join().expect("its output");
        Ended { code: status.code(), stdout: self.log(), stderr: String::new() }
    }

    /// Sends a signal, such as `TERM`, and waits for the end.
    pub(crate) fn stop(self, name: &str) -> Ended {
        self.signal(name);
        self.ended()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn signal(name: &str, process: u32) {
    let status = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).status();
    assert!(status.expect("the command `kill`").success());
}
