//! A way to PostgreSQL on which every question is heard.
//!
//! What a client sends is read as messages of PostgreSQL's protocol
//! (<https://www.postgresql.org/docs/15/protocol-message-formats.html>). A round trip ends with a `Sync` or
//! a simple `Query`, for which the client waits.

use std::collections::HashMap;
use std::io::{Error, ErrorKind};
use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::{TcpListener, TcpStream, UnixStream};

use crate::storage::Cluster;

/// A way to the first database of a cluster, for as long as the test's runtime is there.
pub(crate) struct Wiretap {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Wiretap {
    /// A way to this cluster.
    pub(crate) async fn install(cluster: &Cluster) -> Self {
        let socket = Path::new(cluster.socket_dir()).join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "postgres://postgres@{}/postgres?sslmode=disable",
            listener.local_addr().unwrap()
        );
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let hearing = heard.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&socket).await.unwrap();
                tokio::spawn(listen(client, server, hearing.clone()));
            }
        });
        Self { url, heard }
    }

    /// What was asked since this was last looked at: one text for each round trip, `ping` if it
    /// asked for nothing.
    pub(crate) fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

/// Lets everything through on one connection until it ends.
async fn listen(client: TcpStream, server: UnixStream, heard: Arc<Mutex<Vec<String>>>) {
    let (mut questions, mut to_client) = client.into_split();
    let (mut answers, mut to_server) = server.into_split();
    tokio::spawn(async move { copy(&mut answers, &mut to_client).await });
    let mut conversation = Conversation::default();
    // The first message has no type.
    let mut message = body(&mut questions).await.unwrap();
    while to_server.write_all(&message).await.is_ok() {
        let Ok(kind) = questions.read_u8().await else { break };
        let Ok(rest) = body(&mut questions).await else { break };
        if let Some(asked) = conversation.hear(kind, &rest[4..]) {
            heard.lock().unwrap().push(asked);
        }
        message = [&[kind], &*rest].concat();
    }
}

/// A message without its type: its length, which counts itself, and what it says.
async fn body(questions: &mut (impl tokio::io::AsyncRead + Unpin)) -> Result<Vec<u8>, Error> {
    let length = questions.read_u32().await?;
    let mut body = length.to_be_bytes().to_vec();
    body.resize(usize::try_from(length).map_err(|_| ErrorKind::InvalidData)?, 0);
    questions.read_exact(&mut body[4..]).await?;
    Ok(body)
}

/// What one connection has asked so far.
#[derive(Default)]
struct Conversation {
    /// The prepared statements by their names.
    prepared: HashMap<String, String>,
    /// The statement that values were bound to last.
    bound: String,
    /// Since the last round trip.
    asked: Vec<String>,
}

impl Conversation {
    /// Hears a message; what was asked, if a round trip ends with it.
    fn hear(&mut self, kind: u8, message: &[u8]) -> Option<String> {
        let mut texts = message.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let mut text = || texts.next().unwrap_or_default().into_owned();
        match kind {
            b'P' => {
                let (name, sql) = (text(), text());
                self.asked.push(format!("PREPARE {sql}"));
                self.prepared.insert(name, sql);
            }
            b'B' => {
                let (_portal, name) = (text(), text());
                self.bound = self.prepared[&name].clone();
            }
            b'E' => self.asked.push(self.bound.clone()),
            b'Q' => self.asked.push(text()),
            _ => {}
        }
        if kind == b'S' && self.asked.is_empty() {
            self.asked.push("ping".to_owned());
        }
        b"QS".contains(&kind).then(|| std::mem::take(&mut self.asked).join("; "))
    }
}
