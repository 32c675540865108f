//! What the settings take, and what they refuse.

use clap::Parser;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

fn check(flags: &[&str]) -> Result<(), ConfigError> {
    let line = std::iter::once("todo-api").chain(flags.iter().copied());
    Line::try_parse_from(line).unwrap().config.check()
}

fn refused(flags: &[&str]) -> String {
    check(flags).unwrap_err().to_string()
}

#[test]
fn the_defaults_hold() {
    assert_eq!(check(&[]), Ok(()));
}

#[test]
fn production_needs_a_secret_of_its_own() {
    assert!(refused(&["--app-env=production"]).starts_with("BETTER_AUTH_SECRET is required"));
}

#[test]
fn a_short_secret_is_refused_without_being_shown() {
    let message = refused(&["--better-auth-secret=hunter2"]);
    assert!(message.contains("BETTER_AUTH_SECRET must have at least 32 bytes"));
    assert!(!message.contains("hunter2"));
}

#[test]
fn production_refuses_cheap_hashes() {
    let secret = format!("--better-auth-secret={}", "s".repeat(32));
    let flags = ["--app-env=production", &secret, "--bcrypt-cost=9"];
    assert!(refused(&flags).starts_with("BCRYPT_COST must be at least 10"));
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let flags = ["--db-min-connections=9", "--db-max-connections=8"];
    assert!(refused(&flags).starts_with("DB_MIN_CONNECTIONS must be at most"));
}

#[test]
fn the_metrics_have_another_port_than_the_api() {
    assert!(refused(&["--port=8000", "--metrics-port=8000"]).starts_with("METRICS_PORT must be"));
    assert_eq!(check(&["--port=0", "--metrics-port=0"]), Ok(()));
}

#[test]
fn a_collector_of_traces_is_checked_at_the_start() {
    let endpoint = "--otel-exporter-otlp-endpoint=";
    let error = refused(&[&format!("{endpoint}localhost:4318")]);
    assert!(error.starts_with("OTEL_EXPORTER_OTLP_ENDPOINT must be"), "{error}");
    let flags = [&format!("{endpoint}http://h"), "--otel-exporter-otlp-headers=hunter2"];
    let error = refused(&flags);
    assert!(error.starts_with("OTEL_EXPORTER_OTLP_HEADERS must be") && !error.contains("hunter2"));
    assert_eq!(check(&[endpoint]), Ok(()), "as if it were not set");
}

#[test]
fn an_origin_has_no_path_and_no_wildcard() {
    for origins in [
        "*",
        "https://a.example/",
        "a.example",
        "https://a.example, https://b",
        "http://[",
        "http://a:b",
        "http://:",
        "http://:80",
        "https://A.example",
        "https://u@a.example",
        "https://*.example",
        "ftp://a.example",
        "http://a:99999",
        "http://a:80",
        "https://a:443",
        "",
    ] {
        let flag = format!("--cors-allowed-origins={origins}");
        assert!(refused(&[&flag]).starts_with("CORS_ALLOWED_ORIGINS"), "{origins}");
    }
    assert_eq!(check(&["--cors-allowed-origins=http://localhost:3000,https://a.example"]), Ok(()));
}

fn jwks(flags: &[&str]) -> JwksSettings {
    let line = std::iter::once("todo-api").chain(flags.iter().copied());
    Line::try_parse_from(line).unwrap().config.jwks().unwrap().unwrap()
}

#[test]
fn issuer_and_audience_are_the_origin_of_the_key_set_unless_they_are_given() {
    let settings = jwks(&["--jwks-url=https://App.example.com:443/api/auth/jwks"]);
    assert_eq!(settings.issuer, "https://app.example.com");
    assert_eq!(settings.audience, "https://app.example.com");
    let settings = jwks(&["--jwks-url=http://[::1]:3000/jwks", "--jwt-issuer=a"]);
    assert_eq!((settings.issuer.as_str(), settings.audience.as_str()), ("a", "http://[::1]:3000"));
}

#[test]
fn the_address_of_a_key_set_is_one_of_the_web() {
    for url in ["", "app.example", "ftp://a.example/jwks", "http://", "https://u:p@a.example/"] {
        assert!(refused(&[&format!("--jwks-url={url}")]).starts_with("JWKS_URL"), "{url}");
    }
}

#[test]
fn production_fetches_keys_from_others_over_https_alone() {
    let secret = format!("--better-auth-secret={}", "s".repeat(32));
    let production =
        |url: &str| check(&["--app-env=production", &secret, &format!("--jwks-url={url}")]);
    for url in ["https://a.example", "http://localhost:3000", "http://127.0.0.2", "http://[::1]"] {
        assert_eq!(production(url), Ok(()), "{url}");
    }
    for url in ["http://a.example", "http://10.0.0.1", "http://localhost.example", "http://127.1.a"]
    {
        assert!(production(url).is_err(), "{url}");
    }
}

#[test]
fn a_mail_server_needs_a_sender() {
    let server = "--smtp-url=smtps://u:hunter2@mail.example.com";
    assert!(refused(&[server]).starts_with("MAIL_FROM is required with SMTP_URL"));
    for from in ["Todo <todo@example.com>", "todo@example.com"] {
        assert_eq!(check(&[server, &format!("--mail-from={from}")]), Ok(()));
    }
    for from in ["", "todo", "Todo <todo@example.com", "a@example.com, b@example.com"] {
        let line = ["todo-api", &format!("--mail-from={from}")];
        assert!(Line::try_parse_from(line).is_err(), "{from}");
    }
}

#[test]
fn production_sends_mail_only_where_nobody_reads_along_and_with_links_that_lead_back() {
    let secret = format!("--better-auth-secret={}", "s".repeat(32));
    let production = ["--app-env=production", &secret, "--mail-from=todo@example.com"];
    let with = |flags: &[&'static str]| [&production[..], flags].concat();
    let address = "--api-base-url=https://todo.example.com";
    for server in ["--smtp-url=smtp://h", "--smtp-url=smtp://h?tls=opportunistic"] {
        assert!(refused(&with(&[server, address])).starts_with("SMTP_URL must encrypt"));
    }
    let server = "--smtp-url=smtp://h?tls=required";
    assert!(refused(&with(&[server])).starts_with("API_BASE_URL is required"));
    assert_eq!(check(&with(&[server, address])), Ok(()));
    assert_eq!(check(&with(&["--smtp-url=smtp://localhost", address])), Ok(()));
    assert_eq!(check(&with(&[])), Ok(()), "a server is not required");
}

fn own_origins(flags: &[&str], port: u16) -> Vec<String> {
    let line = std::iter::once("todo-api").chain(flags.iter().copied());
    Line::try_parse_from(line).unwrap().config.own_origins(port)
}

#[test]
fn pages_are_the_services_own_however_people_write_the_address_of_their_own_machine() {
    let local = ["http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost:8000"];
    for flag in ["--host=127.0.0.1", "--host=localhost", "--host=0.0.0.0", "--host=::"] {
        let own = own_origins(&[flag], 8000);
        assert!(local.iter().all(|it| own.iter().any(|own| own == it)), "{flag}: {own:?}");
    }
    let published = own_origins(&["--host=0.0.0.0", "--api-base-url=http://127.0.0.1:9000"], 8000);
    assert_eq!(published, local.map(|it| it.replace("8000", "9000")));
    let tls = own_origins(&["--host=0.0.0.0", "--tls-cert=a", "--tls-key=b"], 8443);
    assert!(tls.contains(&"https://localhost:8443".to_owned()), "{tls:?}");
}

#[test]
fn a_public_address_on_another_machine_is_the_only_one() {
    for address in ["https://todo.example.com", "http://192.0.2.7:8000"] {
        assert_eq!(own_origins(&[&format!("--api-base-url={address}")], 8000), [address]);
    }
    assert_eq!(own_origins(&["--host=192.0.2.7"], 8000), ["http://192.0.2.7:8000"]);
}

#[test]
fn an_own_origin_is_written_as_browsers_write_it() {
    let own = own_origins(&["--host=0.0.0.0"], 80);
    assert!(own.contains(&"http://localhost".to_owned()), "{own:?}");
}

#[test]
fn debug_hides_secrets() {
    let flags = [
        "todo-api",
        "--database-url=postgres://u:hunter2@h/d",
        "--better-auth-secret=hunter3",
        "--smtp-url=smtps://u:hunter4@h",
        "--otel-exporter-otlp-headers=api-key=hunter5",
    ];
    let shown = format!("{:?}", Line::try_parse_from(flags).unwrap().config);
    assert!(!shown.contains("hunter"), "{shown}");
}
