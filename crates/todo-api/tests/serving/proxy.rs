//! Two replicas behind a real HAProxy with the configuration that operators get.
//!
//! Each test has a network of its own below 127.0.0.0/8, so that all may use the same ports.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rcgen::generate_simple_self_signed;
use reqwest::{Certificate, Client};
use tempfile::TempDir;
use uuid::Uuid;

use crate::process::{Place, Server};
use crate::tools::{program, until};

/// One of the replicas: its name in the configuration, and the last part of its address.
pub(crate) type Replica = (&'static str, u8);

/// Both replicas.
pub(crate) const REPLICAS: [Replica; 2] = [("one", 11), ("two", 12)];
const PORT: &str = "8000";
const SECRET: &str = "the-secret-of-both-replicas-and-nobody-else";

/// The addresses of one test.
#[derive(Clone, Debug)]
pub(crate) struct Network(String);

impl Network {
    /// A network that nobody else uses.
    pub(crate) fn new() -> Self {
        let [a, b, ..] = *Uuid::new_v4().as_bytes();
        Self(format!("127.{}.{b}", a.max(1)))
    }

    fn address(&self, last: u8) -> String {
        format!("{}.{last}", self.0)
    }

    /// Starts a replica on a database.
    pub(crate) fn replica(&self, (_, last): Replica, database_url: &str) -> Server {
        let host = self.address(last);
        Place::new().serve(&[
            ("APP_ENV", "production"),
            ("BETTER_AUTH_SECRET", SECRET),
            ("DATABASE_URL", database_url),
            ("HOST", &host),
            ("PORT", PORT),
            ("BCRYPT_COST", "10"),
            ("RATE_LIMIT", "off"),
            ("TRUSTED_PROXIES", "127.0.0.0/8"),
            ("SHUTDOWN_DRAIN", "5s"),
        ])
    }
}

/// A running HAProxy; it ends with this value.
pub(crate) struct Proxy {
    process: Child,
    certificate: Certificate,
    network: Network,
    dir: TempDir,
}

impl Proxy {
    /// Starts HAProxy; `None` if it is not installed, which in CI is a failure.
    pub(crate) fn start(network: &Network) -> Option<Self> {
        let program = program("haproxy")?;
        let dir = TempDir::new().unwrap();
        let key = generate_simple_self_signed([network.address(10)]).unwrap();
        let pem = dir.path().join("todo.pem");
        std::fs::write(&pem, key.cert.pem() + &key.signing_key.serialize_pem()).unwrap();
        let config = dir.path().join("haproxy.cfg");
        std::fs::write(&config, configuration(network, &pem)).unwrap();
        let extra = dir.path().join("tests.cfg");
        let socket = socket(dir.path());
        std::fs::write(&extra, format!("global\n    stats socket {}\n", socket.display())).unwrap();
        let process = Command::new(program)
            .args([Path::new("-q"), Path::new("-db"), Path::new("-f"), &config])
            .args([Path::new("-f"), &extra])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let certificate = Certificate::from_der(key.cert.der()).unwrap();
        let proxy = Self { process, certificate, network: network.clone(), dir };
        until("HAProxy answers", || proxy.status().is_some());
        Some(proxy)
    }

    /// A client that knows its certificate and keeps its connections.
    pub(crate) fn client(&self) -> Client {
        let client = Client::builder().tls_certs_only([self.certificate.clone()]);
        client.build().unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{}:8443{path}", self.network.address(10))
    }

    pub(crate) fn plain_url(&self, path: &str) -> String {
        format!("http://{}:8080{path}", self.network.address(10))
    }

    /// Waits until it sends requests to all of these replicas.
    pub(crate) fn sees(&self, replicas: &[Replica]) {
        until("the replicas are up", || {
            let status = self.status().unwrap_or_default();
            replicas.iter().all(|(name, _)| {
                let name = format!("todo_api,{name},");
                let line = status.lines().find(|line| line.starts_with(&name));
                line.is_some_and(|line| line.contains(",UP,"))
            })
        });
    }

    fn status(&self) -> Option<String> {
        let mut stream = UnixStream::connect(socket(self.dir.path())).ok()?;
        stream.write_all(b"show stat\n").ok()?;
        let mut status = String::new();
        stream.read_to_string(&mut status).ok()?;
        Some(status)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // If it has ended of its own accord there is nothing to do.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn socket(dir: &Path) -> PathBuf {
    dir.join("haproxy.sock")
}

/// The configuration that operators get, with this test's addresses and certificate.
fn configuration(network: &Network, pem: &Path) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/haproxy/haproxy.cfg");
    let mut text = std::fs::read_to_string(file).unwrap();
    let front = network.address(10);
    for (given, own) in [
        ("bind :80\n", format!("bind {front}:8080\n")),
        ("bind :443 ", format!("bind {front}:8443 ")),
        ("/etc/haproxy/todo.pem", pem.display().to_string()),
        ("server one 10.0.0.11:8000", format!("server one {}:{PORT}", network.address(11))),
        ("server two 10.0.0.12:8000", format!("server two {}:{PORT}", network.address(12))),
    ] {
        assert_eq!(text.matches(given).count(), 1, "{given}");
        text = text.replace(given, &own);
    }
    text
}
