//! The way to the database over TLS: who is believed to be the database, and who is not.

use crate::process::{Ended, Place};
use crate::tls_server::{Authority, TlsServer};

/// What comes of reaching the server at this address, where the machine trusts this authority.
fn reach(url: &str, trusted: &Authority) -> Ended {
    let file = trusted.file();
    let environment = [("DATABASE_URL", url), ("SSL_CERT_FILE", file.to_str().expect("UTF-8"))];
    let ended = Place::new().run(&["migrate", "status"], &environment);
    assert!(!ended.output().contains("hunter2"), "{ended:?}");
    ended
}

fn refused(url: &str, trusted: &Authority, reason: &str) {
    let ended = reach(url, trusted);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("DATABASE_URL") && ended.stderr.contains(reason), "{ended:?}");
}

#[actix_web::test]
async fn verify_full_believes_who_the_machine_or_the_named_file_vouches_for() {
    let (ours, other) = (Authority::new(), Authority::new());
    let Some(server) = TlsServer::certified(&ours, "127.0.0.1").await else { return };
    let named = format!("sslmode=verify-full&sslrootcert={}", ours.file().display());
    for (options, trusted) in [
        ("sslmode=verify-full", &ours),
        ("sslmode=verify-full&sslrootcert=system", &ours),
        ("sslmode=verify-full&channel_binding=require", &ours),
        (&named, &other),
    ] {
        let ended = reach(&server.url(options), trusted);
        assert_eq!(ended.code, Some(0), "{options}: {ended:?}");
    }
}

#[actix_web::test]
async fn verify_full_refuses_a_certificate_of_another_authority() {
    let (ours, other) = (Authority::new(), Authority::new());
    let Some(server) = TlsServer::certified(&ours, "127.0.0.1").await else { return };
    refused(&server.url("sslmode=verify-full"), &other, "certificate");
    let named = format!("sslmode=verify-full&sslrootcert={}", other.file().display());
    refused(&server.url(&named), &ours, "certificate");
    let ended = reach(&server.url("sslmode=require"), &other);
    assert_eq!(ended.code, Some(0), "which does not look: {ended:?}");
}

#[actix_web::test]
async fn verify_full_refuses_a_certificate_of_another_host() {
    let ours = Authority::new();
    let Some(server) = TlsServer::certified(&ours, "db.example.com").await else { return };
    refused(&server.url("sslmode=verify-full"), &ours, "certificate");
    let ended = reach(&server.url("sslmode=verify-ca"), &ours);
    assert_eq!(ended.code, Some(0), "which does not look at the name: {ended:?}");
}

#[actix_web::test]
async fn require_takes_no_server_without_tls() {
    let Some(server) = TlsServer::start() else { return };
    refused(&server.url("sslmode=require"), &Authority::new(), "TLS");
}

#[actix_web::test]
async fn production_serves_with_every_connection_encrypted() {
    let ours = Authority::new();
    let Some(server) = TlsServer::certified(&ours, "127.0.0.1").await else { return };
    let (url, file) = (server.url("sslmode=verify-full"), ours.file());
    let service = Place::new();
    let service = service.serve(&[
        ("APP_ENV", "production"),
        ("BETTER_AUTH_SECRET", "0123456789abcdef0123456789abcdef"),
        ("BCRYPT_COST", "10"),
        ("DATABASE_URL", &url),
        ("SSL_CERT_FILE", file.to_str().expect("UTF-8")),
    ]);
    let ready = reqwest::get(service.url("/health/ready")).await.expect("an answer");
    assert_eq!(ready.status(), 200);
    let (encrypted, plain) = server.connections().await;
    assert!(encrypted > 0 && plain == 0, "{encrypted} encrypted, {plain} plain");
    assert!(!service.stop("TERM").stdout.contains("hunter2"));
}
