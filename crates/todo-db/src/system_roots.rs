//! The certificate authorities that this machine trusts.

use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::RootCertStore;

/// Read once: a pool connects often, and the files hardly ever change.
static PEM: LazyLock<String> = LazyLock::new(load);

/// The certificates in PEM (RFC 7468), those of the files that `SSL_CERT_FILE` and `SSL_CERT_DIR` name
/// if they are set; `None` if there are none, as in a container without them.
pub(crate) fn pem() -> Option<&'static str> {
    Some(PEM.as_str()).filter(|pem| !pem.is_empty())
}

fn load() -> String {
    let mut pem = String::new();
    // The driver fails at the first certificate that it cannot use, and machines have such.
    let mut usable = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        let text = STANDARD.encode(&certificate);
        if usable.add(certificate).is_ok() {
            // A string takes whatever is written to it.
            writeln!(pem, "-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----").ok();
        }
    }
    pem
}
