//! HTTPS in the server itself.

use std::path::PathBuf;
use std::time::Duration;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use reqwest::{Certificate, Client, Error, StatusCode};

use crate::process::{Place, Server};
use crate::tools::until;
use crate::wire::Wire;

/// A certificate for this machine, and its key.
struct Identity(CertifiedKey<KeyPair>);

impl Identity {
    fn new() -> Self {
        Self(generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap())
    }

    /// Writes both to where the server looks for them.
    fn write_to(&self, place: &Place) {
        std::fs::write(certificate(place), self.0.cert.pem()).unwrap();
        std::fs::write(key(place), self.0.signing_key.serialize_pem()).unwrap();
    }

    /// The status of a call by a client that trusts this certificate and no other.
    async fn call(&self, server: &Server) -> Result<StatusCode, Error> {
        let root = Certificate::from_der(self.0.cert.der())?;
        let client = Client::builder().tls_certs_only([root]).build()?;
        Ok(client.get(server.url("/health/ready")).send().await?.status())
    }
}

fn certificate(place: &Place) -> PathBuf {
    place.path().join("server.pem")
}

fn key(place: &Place) -> PathBuf {
    place.path().join("server.key")
}

const FILES: [(&str, &str); 2] = [("TLS_CERT", "server.pem"), ("TLS_KEY", "server.key")];

/// A server that shows this certificate.
fn serve(place: &Place, identity: &Identity) -> Server {
    identity.write_to(place);
    place.serve(&FILES)
}

#[actix_web::test]
async fn clients_that_trust_the_certificate_are_served() {
    let (place, identity) = (Place::new(), Identity::new());
    let server = serve(&place, &identity);
    assert!(server.url("").starts_with("https://"));
    assert_eq!(identity.call(&server).await.unwrap(), StatusCode::OK);
    Identity::new().call(&server).await.unwrap_err();
    let health = place.run(&["health"], &[&FILES[..], &[("PORT", &server.port)]].concat());
    assert_eq!(health.code, Some(0), "{health:?}");
    assert_eq!(server.stop("TERM").code, Some(0));
}

#[actix_web::test]
async fn a_hang_up_shows_new_clients_the_new_certificate() {
    let (place, old, new) = (Place::new(), Identity::new(), Identity::new());
    let server = serve(&place, &old);
    assert_eq!(old.call(&server).await.unwrap(), StatusCode::OK);
    new.write_to(&place);
    server.signal("HUP");
    until("it is read", || server.log().contains("was read anew"));
    assert_eq!(new.call(&server).await.unwrap(), StatusCode::OK);
    old.call(&server).await.unwrap_err();
}

#[actix_web::test]
async fn files_that_cannot_be_used_leave_the_old_certificate() {
    let (place, old) = (Place::new(), Identity::new());
    let server = serve(&place, &old);
    assert_eq!(old.call(&server).await.unwrap(), StatusCode::OK);
    std::fs::write(key(&place), "hunter2").unwrap();
    server.signal("HUP");
    until("it is told", || server.log().contains("the old one stays"));
    assert_eq!(old.call(&server).await.unwrap(), StatusCode::OK);
    assert!(!server.log().contains("hunter2"), "{}", server.log());
}

#[actix_web::test]
async fn plain_http_gets_nowhere_and_harms_nobody() {
    let (place, identity) = (Place::new(), Identity::new());
    let server = serve(&place, &identity);
    let mut plain = Wire::to(&server);
    plain.send("GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n");
    let (_, heard) = plain.trickle("");
    assert!(!heard.contains("HTTP"), "{heard:?}");
    assert_eq!(identity.call(&server).await.unwrap(), StatusCode::OK);
}

#[actix_web::test]
async fn a_client_that_does_not_finish_the_handshake_is_cut_off() {
    let (place, identity) = (Place::new(), Identity::new());
    let server = serve(&place, &identity);
    let mut silent: Vec<_> = (0..600).map(|_| Wire::to(&server)).collect();
    assert_eq!(identity.call(&server).await.unwrap(), StatusCode::OK, "others are served");
    let (took, heard) = silent.pop().unwrap().trickle("");
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert_eq!(heard, "");
}

/// What is said of these files, which end the start with 2.
fn refused(certificate_text: &str, key_text: &str) -> String {
    let place = Place::new();
    std::fs::write(certificate(&place), certificate_text).unwrap();
    std::fs::write(key(&place), key_text).unwrap();
    let ended = place.run(&[], &[&FILES[..], &[("PORT", "0")]].concat());
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(!ended.output().contains("hunter2"), "{ended:?}");
    ended.stderr
}

#[test]
fn files_that_cannot_be_used_at_the_start_are_named() {
    let (one, other) = (Identity::new(), Identity::new());
    let (certificate, key) = (one.0.cert.pem(), one.0.signing_key.serialize_pem());
    assert!(refused("hunter2", &key).contains("TLS_CERT must be a file in PEM"));
    assert!(refused(&certificate, "hunter2").contains("TLS_KEY must be a file in PEM"));
    assert!(refused(&certificate, &other.0.signing_key.serialize_pem()).contains("TLS_KEY"));
    for (given, missing) in [(FILES[0], "TLS_KEY is required"), (FILES[1], "TLS_CERT is required")]
    {
        let ended = Place::new().run(&[], &[given]);
        assert!(ended.code == Some(2) && ended.stderr.contains(missing), "{ended:?}");
    }
    let ended = Place::new().run(&[], &FILES);
    assert!(ended.code == Some(2) && ended.stderr.contains("TLS_CERT cannot be read"), "{ended:?}");
}
