//! HTTPS in the server itself.

use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, InconsistentKeys, ServerConfig};
use tokio_rustls::server::TlsStream;

use crate::config::{ConfigError, TlsFiles};

/// How long a client may take to agree on encryption.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// What is spoken inside (RFC 7301, section 6). HTTP/2 has ways of its own to be slow, against which
/// nothing here would stand.
const HTTP_1_1: &[u8] = b"http/1.1";

/// How clients are met that speak TLS.
#[derive(Clone)]
pub(crate) struct Tls {
    files: TlsFiles,
    shown: Arc<Shown>,
    acceptor: TlsAcceptor,
}

/// The certificate that clients are shown. Another one may take its place.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Tls {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    /// The setting whose file cannot be used.
    pub(crate) fn load(files: TlsFiles) -> Result<Self, ConfigError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let key = Arc::new(read(&files, &provider)?);
        let shown = Arc::new(Shown(RwLock::new(key)));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| ConfigError::new("TLS_CERT", "cannot be used: TLS is not available"))?;
        let mut config = config.with_no_client_auth().with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![HTTP_1_1.to_vec()];
        Ok(Self { files, shown, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// Agrees with a client on encryption.
    ///
    /// # Errors
    /// If the client does not speak TLS, or not in time.
    pub(super) async fn accept(&self, client: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        tokio::time::timeout(HANDSHAKE_TIMEOUT, self.acceptor.accept(client)).await?
    }

    /// Reads the files anew. New connections are shown what they hold then; if that cannot be used, all
    /// stays as it is.
    pub(super) fn reload(&self) {
        match read(&self.files, self.acceptor.config().crypto_provider()) {
            Ok(key) => {
                *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
                tracing::info!("the certificate in TLS_CERT was read anew");
            }
            Err(error) => {
                let cause = error.to_string();
                tracing::error!(cause, "the certificate was not read anew: the old one stays");
            }
        }
    }
}

fn read(files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, ConfigError> {
    let chain = CertificateDer::pem_file_iter(&files.certificate).and_then(Iterator::collect);
    let chain: Vec<_> =
        chain.map_err(|error| unreadable("TLS_CERT", &files.certificate, &error))?;
    if chain.is_empty() {
        return Err(unreadable("TLS_CERT", &files.certificate, &PemError::NoItemsFound));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key);
    let key = key.map_err(|error| unreadable("TLS_KEY", &files.key, &error))?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            ConfigError::new("TLS_KEY", "must be the key of the first certificate in TLS_CERT")
        }
        Error::InvalidCertificate(_) => {
            ConfigError::new("TLS_CERT", "must hold the server's own certificate first")
        }
        _ => ConfigError::new("TLS_KEY", "must be a key of RSA, ECDSA or Ed25519"),
    })
}

/// Says why a file cannot be used, without what stands in it.
fn unreadable(variable: &'static str, path: &Path, error: &PemError) -> ConfigError {
    let path = path.display();
    ConfigError::new(
        variable,
        match error {
            PemError::Io(error) => format!("cannot be read: {path}: {error}"),
            _ => format!("must be a file in PEM, with what {variable} is for: {path} is not"),
        },
    )
}
