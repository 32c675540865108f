//! A connection whose every byte a test decides.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::process::Server;

/// How long a read waits.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection to a server.
pub(crate) struct Wire(TcpStream);

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The status line and the headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Whether it says that the connection ends.
    pub(crate) fn closes(&self) -> bool {
        self.head.contains("\r\nconnection: close\r\n")
    }
}

impl Wire {
    pub(crate) fn to(server: &Server) -> Self {
        Self::try_to(server).expect("a connection")
    }

    /// A connection to the port that its metrics are at.
    pub(crate) fn to_metrics(server: &Server) -> Self {
        let log = server.log();
        let address =
            log.split("metrics at http://").nth(1).and_then(|rest| rest.split('/').next());
        Self::try_at(address.expect("an address")).expect("a connection")
    }

    /// A connection, unless the server does not listen.
    pub(crate) fn try_to(server: &Server) -> Option<Self> {
        Self::try_at(&format!("127.0.0.1:{}", server.port))
    }

    fn try_at(address: &str) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        Some(Self(stream))
    }

    /// Sends these bytes. Whether the server takes them shows in what it answers.
    pub(crate) fn send(&mut self, text: &str) {
        drop(self.0.write_all(text.as_bytes()));
    }

    /// Sends a request that is complete.
    pub(crate) fn ask(&mut self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n"));
        self.answer().expect("an answer")
    }

    /// The next answer; `None` if the connection ends instead.
    pub(crate) fn answer(&mut self) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if self.0.read(&mut byte).unwrap_or_default() == 0 {
                return None;
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).expect("UTF-8").to_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a number"))];
        self.0.read_exact(&mut body).ok()?;
        let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
        Some(Answer { status, head, body: String::from_utf8(body).expect("UTF-8") })
    }

    /// Whether no answer comes within this time, and the connection stays.
    pub(crate) fn is_silent(&mut self, time: Duration) -> bool {
        self.0.set_read_timeout(Some(time)).expect("a limit");
        let error = self.0.read(&mut [0]).err().map(|error| error.kind());
        self.0.set_read_timeout(Some(PATIENCE)).expect("a limit");
        matches!(error, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut))
    }

    /// Sends this again and again, twice a second, until the server ends the connection. Tells after how
    /// long it did, and what it said.
    pub(crate) fn trickle(&mut self, text: &str) -> (Duration, String) {
        let start = Instant::now();
        self.0.set_read_timeout(Some(Duration::from_millis(500))).expect("a limit");
        let (mut heard, mut some) = (Vec::new(), [0; 4_096]);
        loop {
            assert!(start.elapsed() < PATIENCE, "nobody ends it");
            self.send(text);
            match self.0.read(&mut some) {
                Ok(0) => break,
                Ok(bytes) => heard.extend(&some[..bytes]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                Err(_) => {}
            }
        }
        (start.elapsed(), String::from_utf8(heard).expect("UTF-8"))
    }
}
