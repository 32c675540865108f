//! A PostgreSQL that speaks TLS, with a certificate of an authority that the test made.

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;
use todo_db::{Db, PoolOptions, connect};

use crate::support::cluster::Cluster;

/// A certificate authority, and its certificate in a file.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    dir: TempDir,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        let authority = Self { issuer, dir: TempDir::new().expect("a directory") };
        std::fs::write(authority.file(), authority.issuer.pem()).expect("room");
        authority
    }

    /// Its certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// A certificate for `host`, and its key, both in PEM.
    fn certify(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new([host.to_owned()]).expect("a name");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }
}

/// A server that listens on 127.0.0.1.
pub(crate) struct TlsServer {
    _cluster: Cluster,
    port: u16,
    own_url: String,
}

impl TlsServer {
    /// Starts a server without TLS; `None` if the machine has no PostgreSQL, which in CI is a failure.
    pub(crate) fn start() -> Option<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let listen = ["-c", "listen_addresses=127.0.0.1", "-c", &format!("port={port}")];
        let cluster = Cluster::start_with(&listen);
        let Some(cluster) = cluster else {
            assert_ne!(crate::support::setting("CI").as_deref(), Some("true"), "no PostgreSQL");
            return None;
        };
        let socket_dir = cluster.socket_dir();
        let own_url = format!("postgres://postgres@localhost:{port}/postgres?host={socket_dir}");
        Some(Self { _cluster: cluster, port, own_url })
    }

    /// Starts a server with a certificate for `host`.
    pub(crate) async fn certified(authority: &Authority, host: &str) -> Option<Self> {
        let server = Self::start()?;
        let (certificate, key) = authority.certify(host);
        let db = server.open().await;
        // The server itself writes them, as the user that it runs as.
        for (file, pem) in [("server.crt", certificate), ("server.key", key)] {
            let lines = format!("unnest(string_to_array('{}', E'\\n'))", pem.trim());
            let write = format!("COPY (SELECT {lines}) TO PROGRAM 'umask 077; cat >{file}'");
            db.connection().execute_unprepared(&write).await.expect("room");
        }
        db.connection().execute_unprepared("ALTER SYSTEM SET ssl = on").await.expect("obeyed");
        db.connection().execute_unprepared("SELECT pg_reload_conf()").await.expect("obeyed");
        Some(server)
    }

    /// Its address, with a password that must not be shown and these options.
    pub(crate) fn url(&self, options: &str) -> String {
        format!("postgres://postgres:hunter2@127.0.0.1:{}/postgres?{options}", self.port)
    }

    /// How many connections of the service there are over TLS, and how many without.
    pub(crate) async fn connections(&self) -> (i64, i64) {
        let ask = "SELECT count(*) FILTER (WHERE ssl), count(*) FILTER (WHERE NOT ssl) \
                   FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL";
        let ask = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, ask);
        let row = self.open().await.connection().query_one_raw(ask).await.expect("good SQL");
        let row = row.expect("a row");
        (row.try_get_by_index(0).expect("a number"), row.try_get_by_index(1).expect("a number"))
    }

    /// The server, past TLS.
    async fn open(&self) -> Db {
        let options = PoolOptions {
            min_connections: 0,
            max_connections: 1,
            acquire_timeout: Duration::from_secs(30),
        };
        connect(&self.own_url, options).await.expect("a connection")
    }
}
