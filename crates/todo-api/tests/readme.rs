//! The documents hold: the README's session works when it is pasted, its settings are those that exist,
//! and so are the tests that `specs/security.md` names.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What stands before the session in the README, and how the session ends.
const SESSION: (&str, &str) = ("<!-- test: curl-session -->\n```bash\n", "```\n");
/// What stands before a table of settings, and how the table ends.
const SETTINGS: (&str, &str) = ("<!-- test: settings -->\n", "\n\n");

#[test]
fn the_session_works_when_it_is_pasted() {
    let server = Server::start();
    let readme = read("README.md");
    let session = between(&readme, SESSION);
    let (first, rest) = session.split_once('\n').unwrap();
    assert_eq!(first, "API=http://127.0.0.1:8000");
    let session = format!("API={}\n{rest}", server.address);

    let dir = TempDir::new().unwrap();
    let bash = command("bash", dir.path()).args(["-euo", "pipefail", "-c", &session]).output();
    let output = bash.unwrap();
    let (shown, errors) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{}\n{shown}{errors}", output.status);

    let answers: Vec<Value> =
        shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [created, pending, completed, deleted] = answers.as_slice() else { panic!("{shown}") };
    assert_eq!(created["title"], "Buy milk");
    assert_eq!(created["completed"], false);
    assert_eq!(pending.as_array(), Some(&vec![created.clone()]));
    assert_eq!(completed["id"], created["id"]);
    assert_eq!(completed["completed"], true);
    assert_eq!(deleted["message"], "Task deleted successfully");
}

#[test]
fn every_test_that_the_security_page_names_is_there() {
    let page = read("specs/security.md");
    let named: Vec<_> = page.split('`').filter_map(|text| text.split_once("::")).collect();
    assert!(named.len() > 40, "{named:?}");
    for (file, test) in named.into_iter().filter(|(_, test)| *test != "name") {
        let file = if file.contains('/') { file.to_owned() } else { format!("api/{file}") };
        let source = read(&format!("crates/todo-api/tests/{file}.rs"));
        assert!(source.contains(&format!("fn {test}()")), "{file}::{test}");
    }
    let in_a_browser = page.split('`').filter(|text| text.ends_with(".spec.ts"));
    assert!(in_a_browser.map(read).all(|source| source.contains("test(")));
}

#[test]
fn every_setting_is_documented_and_no_other() {
    let dir = TempDir::new().unwrap();
    let help = command(env!("CARGO_BIN_EXE_todo-api"), dir.path()).arg("--help").output().unwrap();
    let help = text(help.stdout);
    let settings: BTreeSet<_> = help
        .lines()
        .filter_map(|line| line.trim().strip_prefix("[env: ")?.strip_suffix(']'))
        .collect();
    assert!(settings.contains("DATABASE_URL"), "{help}");

    for file in ["README.md", "specs/contract.md"] {
        let text = read(file);
        let rows = between(&text, SETTINGS).lines();
        let named = rows.filter_map(|row| row.strip_prefix("| `")?.split('`').next());
        assert_eq!(named.collect::<BTreeSet<_>>(), settings, "{file}");
    }
    let example = read(".env.example");
    let named = example.lines().filter_map(|line| {
        let (name, _) = line.trim_start_matches(['#', ' ']).split_once('=')?;
        name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_').then_some(name)
    });
    assert_eq!(named.collect::<BTreeSet<_>>(), settings, ".env.example");
}

/// The service as a fresh `cargo run` starts it, but for its port; ends with this value.
struct Server {
    process: Child,
    address: String,
    /// Held open, for the service writes its log to the other end.
    _log: BufReader<ChildStdout>,
    _dir: TempDir,
}

impl Server {
    fn start() -> Self {
        let dir = TempDir::new().expect("a directory");
        let mut process = command(env!("CARGO_BIN_EXE_todo-api"), dir.path())
            .env("PORT", "0")
            .env("LOG_FORMAT", "json")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service");
        let mut log = BufReader::new(process.stdout.take().expect("a pipe"));
        let address = address_in(&mut log);
        Self { process, address, _log: log, _dir: dir }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If it has ended of its own accord there is nothing to do.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Where the service says that it listens.
fn address_in(log: &mut BufReader<ChildStdout>) -> String {
    log.lines()
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
        .find_map(|line| line["message"].as_str()?.strip_prefix("listening on ").map(str::to_owned))
        .expect("the service listens")
}

/// A command in `dir`, with nothing of this process's environment but where programs are.
fn command(program: &str, dir: &Path) -> Command {
    #[expect(clippy::disallowed_methods, reason = "no setting: where bash, curl and sed are")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command.current_dir(dir).env_clear().env("PATH", path);
    command
}

/// A file of the repository.
fn read(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(file)).expect(file)
}

/// What stands in `text` behind the first mark and before the next second one.
fn between<'a>(text: &'a str, (start, end): (&str, &str)) -> &'a str {
    let (_, rest) = text.split_once(start).expect(start);
    rest.split_once(end).expect(end).0
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}
