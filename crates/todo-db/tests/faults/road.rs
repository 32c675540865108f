//! A road to PostgreSQL on which connections are forgotten without a word.

use std::path::Path;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

use crate::support::Cluster;

/// Leads to a server's socket until it is dropped.
pub(crate) struct Road {
    /// The address of the server's first database, by this road.
    pub(crate) url: String,
    forgotten: watch::Sender<()>,
}

impl Road {
    /// A road to the server of this cluster.
    pub(crate) async fn build(cluster: &Cluster) -> Self {
        let socket = Path::new(cluster.socket_dir()).join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap();
        let (forgotten, forgetting) = watch::channel(());
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut server = UnixStream::connect(&socket).await.unwrap();
                let mut forgetting = forgetting.clone();
                forgetting.mark_unchanged();
                tokio::spawn(async move {
                    let is_over = tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => true,
                        changed = forgetting.changed() => changed.is_err(),
                    };
                    if !is_over {
                        // Neither end hears of it.
                        std::future::pending::<()>().await;
                    }
                });
            }
        });
        Self { url: format!("postgres://postgres@{here}/postgres"), forgotten }
    }

    /// Lets nothing more through on the connections that there are.
    pub(crate) fn forget(&self) {
        self.forgotten.send_replace(());
    }
}
