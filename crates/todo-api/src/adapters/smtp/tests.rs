use std::net::TcpListener;

use lettre::transport::smtp::client::Certificate;
use todo_domain::{Email, MockClock, ResetToken, Timestamp};

use super::*;
use crate::adapters::RetryingMailer;
use crate::telemetry::capture::Capture;

#[path = "../../../tests/support/smtp_server.rs"]
mod smtp_server;

use smtp_server::SmtpServer;

/// 43 characters, as long as a real one, with all that is special in its alphabet.
const TOKEN: &str = "Zm9yZ290-dGVuX3Rva2Vu_aW4tYS1tYWlsLWxpbms-_";
const LINK: &str = "https://todo.example.com/reset-password?token=";

/// A mail to Ada, and the whole link in it.
fn mail() -> (Mail, String) {
    let to = Email::parse("ada@example.com").unwrap();
    let mail = Mail::PasswordReset { to, token: ResetToken::new(TOKEN.to_owned()) };
    (mail, format!("{LINK}{TOKEN}"))
}

/// A mailer of the application's, on a Saturday in 2026.
fn mailer(url: &str) -> SmtpMailer {
    let mut clock = MockClock::new();
    clock.expect_now().returning(|| Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap());
    let server = SmtpUrl::parse(url).unwrap();
    let from = "Todo <todo@example.com>".parse().unwrap();
    let writer = MailWriter::new("https://todo.example.com");
    SmtpMailer::new(server, from, writer, Arc::new(clock)).unwrap()
}

/// `url` with a user and a password.
fn with_login(url: &str, login: &str) -> String {
    url.replace("://", &format!("://{login}@"))
}

/// What an error says, to the last of its causes.
fn told(sent: Result<(), MailError>) -> (bool, String) {
    let error = sent.unwrap_err();
    (matches!(error, MailError::Refused(_)), crate::telemetry::chain(&error))
}

#[tokio::test]
async fn a_mail_arrives_with_its_headers_and_the_whole_link() {
    let Some(mut server) = SmtpServer::start(&[]) else { return };
    let (mail, link) = mail();
    mailer(&server.url()).send(&mail).await.unwrap();

    let message = server.next_message().await;
    assert_eq!(message.from, "todo@example.com");
    assert_eq!(message.to, ["ada@example.com"]);
    for header in [
        "From: Todo <todo@example.com>",
        "To: ada@example.com",
        "Subject: Reset your password",
        "Date: Sat, 21 Nov 2026 12:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(message.data.lines().any(|line| line == header), "{header}: {}", message.data);
    }
    assert!(message.text.lines().any(|line| line == link), "{}", message.text);
    assert!(message.data.lines().any(|line| line == link), "not even on the wire is it broken");
}

#[tokio::test]
async fn each_mail_has_a_name_of_its_own_that_a_second_try_keeps() {
    let Some(mut server) = SmtpServer::start(&[]) else { return };
    let mailer = mailer(&server.url());
    let (first, _) = mail();
    let to = Email::parse("ada@example.com").unwrap();
    let second = Mail::PasswordReset { to, token: ResetToken::new("another".to_owned()) };
    let mut names = Vec::new();
    for mail in [&first, &first, &second] {
        mailer.send(mail).await.unwrap();
        let data = server.next_message().await.data;
        names
            .extend(data.lines().find(|line| line.starts_with("Message-ID: <")).map(str::to_owned));
    }
    let [name, again, other] = names.as_slice() else { panic!("{names:?}") };
    assert!(name.ends_with("@example.com>") && !name.contains(TOKEN), "{name}");
    assert_eq!(name, again);
    assert_ne!(name, other);
}

#[tokio::test]
async fn a_server_that_wants_a_password_gets_it_and_a_wrong_one_is_refused() {
    let Some(mut server) = SmtpServer::start(&["--login=todo:correct horse"]) else { return };
    let (mail, _) = mail();
    let good = with_login(&server.url(), "todo:correct%20horse");
    mailer(&good).send(&mail).await.unwrap();
    server.next_message().await;

    let wrong = with_login(&server.url(), "todo:battery");
    let (refused, error) = told(mailer(&wrong).send(&mail).await);
    assert!(refused && error.ends_with("the server answered 535 5.7.8"), "{error}");
}

#[tokio::test]
async fn the_way_is_encrypted_to_a_server_whose_certificate_holds_and_to_no_other() {
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (key, certificate) = (certified.signing_key.serialize_pem(), certified.cert.pem());
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, format!("{key}{certificate}")).unwrap();
    let root = Certificate::from_pem(certificate.as_bytes()).unwrap();
    let trusting = TlsParameters::builder("127.0.0.1".to_owned()).add_root_certificate(root);
    let trusting = trusting.build().unwrap();

    for (flag, scheme, query, tls) in [
        ("--starttls", "smtp", "?tls=required", Tls::Required(trusting.clone())),
        ("--tls", "smtps", "", Tls::Wrapper(trusting)),
    ] {
        let flag = format!("{flag}={}", file.path().display());
        let Some(mut server) = SmtpServer::start(&[&flag]) else { return };
        let mut mailer = mailer(&format!("{}{query}", server.url().replace("smtp", scheme)));
        let (mail, _) = mail();
        let (refused, error) = told(mailer.send(&mail).await);
        assert!(!refused && error.contains("certificate"), "{flag}: {error}");

        mailer.tls = tls;
        mailer.send(&mail).await.unwrap();
        server.next_message().await;
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_cannot_encrypt_when_it_must() {
    let Some(mut server) = SmtpServer::start(&[]) else { return };
    let (mail, _) = mail();
    let (refused, error) =
        told(mailer(&format!("{}?tls=required", server.url())).send(&mail).await);
    assert!(refused && error.contains("STARTTLS"), "{error}");

    mailer(&format!("{}?tls=opportunistic", server.url())).send(&mail).await.unwrap();
    server.next_message().await;
}

#[tokio::test]
async fn a_busy_server_gets_the_mail_once_and_at_the_third_try() {
    let Some(mut server) = SmtpServer::start(&["--busy=2"]) else { return };
    let retrying = RetryingMailer::new(mailer(&server.url()), [Duration::ZERO; 2]);
    let (mail, link) = mail();
    retrying.send(&mail).await.unwrap();
    assert!(server.next_message().await.text.contains(&link));

    let to = Email::parse("grace@example.com").unwrap();
    let next = Mail::PasswordReset { to, token: ResetToken::new("another".to_owned()) };
    retrying.send(&next).await.unwrap();
    assert_eq!(server.next_message().await.to, ["grace@example.com"], "none was sent twice");
}

#[tokio::test]
async fn what_the_server_says_is_told_by_its_codes_alone() {
    for (flag, refused, code) in [("--refuse", true, "550 5.1.1"), ("--busy=1", false, "451 4.3.0")]
    {
        let Some(server) = SmtpServer::start(&[flag]) else { return };
        let (mail, _) = mail();
        let (for_good, error) = told(mailer(&server.url()).send(&mail).await);
        assert_eq!(for_good, refused, "{error}");
        assert!(error.ends_with(&format!("the server answered {code}")), "{error}");
        assert!(!error.contains("ada"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    let (refused, error) = told(mailer(&url).send(&mail().0).await);
    assert!(!refused && error.contains("refused"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (refused, error) = told(mailer(&url).send(&mail().0).await);
    assert!(!refused && error.contains("time"), "{error}");
}

#[tokio::test]
async fn an_address_that_cannot_stand_in_an_envelope_is_refused() {
    let to = Email::parse("ada..lovelace@example.com").unwrap();
    let mail = Mail::PasswordReset { to, token: ResetToken::new(TOKEN.to_owned()) };
    let (refused, error) = told(mailer("smtp://127.0.0.1:1").send(&mail).await);
    assert!(refused && !error.contains("lovelace"), "{error}");
}

#[tokio::test]
async fn no_log_holds_the_token_or_the_password() {
    let flags = ["--login=todo:hunter2", "--busy=1"];
    let Some(mut server) = SmtpServer::start(&flags) else { return };
    let capture = Capture::start();
    let (mail, _) = mail();
    let mailer = mailer(&with_login(&server.url(), "todo:hunter2"));
    tracing::info!(?mail, "the log is read");
    mailer.send(&mail).await.unwrap_err();
    mailer.send(&mail).await.unwrap();
    server.next_message().await;

    let log = capture.text();
    assert!(log.contains("the log is read"));
    assert!(!log.contains(TOKEN) && !log.contains("hunter2"), "{log}");
}
