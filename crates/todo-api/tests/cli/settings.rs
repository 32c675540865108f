//! Settings that cannot be used end the process before anything is done.

use crate::process::{Place, Variable};

/// What must never be shown.
const SECRET: &str = "hunter2";

/// What is written of these settings, which must end the run with code 2 and leave no file.
fn refused(environment: &[Variable]) -> String {
    let place = Place::new();
    let ended = place.run(&[], environment);
    assert_eq!(ended.code, Some(2), "{environment:?}: {ended:?}");
    assert_eq!(place.files(), [""; 0], "{environment:?}");
    assert!(!ended.output().contains(SECRET), "{ended:?}");
    ended.stderr
}

#[test]
fn a_setting_that_cannot_be_used_is_named_with_what_it_takes() {
    let mut silent = Vec::new();
    for (variable, value, takes) in [
        ("PORT", "abc", "65535"),
        ("PORT", "65536", "65535"),
        ("APP_ENV", "staging", "production"),
        ("BCRYPT_COST", "99", "from 4 to 16"),
        ("BCRYPT_COST", "3", "from 4 to 16"),
        ("ACCESS_TOKEN_TTL", "soon", "15m"),
        ("ACCESS_TOKEN_TTL", "0s", "at least 1s"),
        ("REFRESH_TOKEN_TTL", "", "12h"),
        ("MIGRATE_ON_START", "maybe", "true, false"),
        ("DB_MAX_CONNECTIONS", "0", "from 1 to 1000"),
        ("DB_MIN_CONNECTIONS", "21", "at most DB_MAX_CONNECTIONS (20)"),
        ("LOG_FORMAT", "xml", "pretty, json"),
        ("RUST_LOG", "todo_api=loud", "info"),
        ("RUST_LOG", "==,==", "info"),
        ("API_BASE_URL", "ftp://todo.example", "https://todo.example.com"),
        ("CORS_ALLOWED_ORIGINS", "*", "https://app.example.com"),
        ("RATE_LIMIT", "maybe", "on, off"),
        ("TRUSTED_PROXIES", "proxy", "10.0.0.1"),
        ("TRUSTED_PROXIES", "10.0.0.0/33", "10.0.0.1"),
        ("BETTER_AUTH_SECRET", SECRET, "at least 32 bytes"),
        ("BETTER_AUTH_SECRET", "", "at least 32 bytes"),
        ("JWKS_URL", "app.example.com", "https://app.example.com/api/auth/jwks"),
        ("JWKS_URL", "", "https://app.example.com/api/auth/jwks"),
        ("JWKS_URL", "https://u:hunter2@a.example/jwks", "without a user"),
        ("DATABASE_URL", "mysql://u:hunter2@h/d", "sqlite"),
        ("DATABASE_URL", "u:hunter2@h/d", "sqlite"),
        ("DATABASE_URL", "postgres://u:hunter2@h:port/d", "malformed"),
        ("DATABASE_URL", "sqlite://todo.db?mode=hunter2", "malformed"),
        ("DATABASE_DIRECT_URL", "postgres://u:hunter2@h/d", "DATABASE_URL is postgres"),
        ("SMTP_URL", "", "smtps://USER:PASSWORD@HOST:465"),
        ("SMTP_URL", "smtps://u:hunter2@h:port", "smtps://USER:PASSWORD@HOST:465"),
        ("SMTP_URL", "smtp://u:hunter2@h?tls=maybe", "tls=required"),
        ("MAIL_FROM", "nobody", "Todo <todo@example.com>"),
    ] {
        let message = refused(&[(variable, value)]);
        assert!(message.contains(variable), "{variable}={value}: {message}");
        if !message.contains(takes) {
            silent.push(message);
        }
    }
    assert!(silent.is_empty(), "these do not say what the setting takes: {silent:#?}");
}

#[test]
fn issuer_and_audience_must_not_be_empty_and_mean_nothing_without_a_key_set() {
    let jwks_url = ("JWKS_URL", "https://app.example.com/api/auth/jwks");
    for variable in ["JWT_ISSUER", "JWT_AUDIENCE"] {
        assert!(refused(&[jwks_url, (variable, "")]).contains(variable));
        Place::new().serve(&[(variable, "")]).stop("TERM");
    }
}

#[test]
fn production_refuses_what_is_only_fit_for_development() {
    let production = ("APP_ENV", "production");
    assert!(refused(&[production]).contains("BETTER_AUTH_SECRET"));
    let secret = ("BETTER_AUTH_SECRET", "0123456789abcdef0123456789abcdef");
    assert!(refused(&[production, secret, ("BCRYPT_COST", "9")]).contains("BCRYPT_COST"));
    let jwks_url = ("JWKS_URL", "http://app.example.com/api/auth/jwks");
    assert!(refused(&[production, secret, jwks_url]).contains("JWKS_URL must be https"));
    let plain = ("SMTP_URL", "smtp://u:hunter2@mail.example.com");
    let from = ("MAIL_FROM", "todo@example.com");
    assert!(refused(&[production, secret, plain, from]).contains("SMTP_URL must encrypt"));
}

#[test]
fn production_reads_and_writes_no_database_of_another_machine_in_plain_sight() {
    let secret = ("BETTER_AUTH_SECRET", "0123456789abcdef0123456789abcdef");
    let production = [("APP_ENV", "production"), secret];
    let safe = ("DATABASE_URL", "postgres://u:hunter2@127.0.0.1/d");
    for options in ["", "?sslmode=prefer", "?sslmode=disable", "?sslmode=allow"] {
        let url = format!("postgres://u:hunter2@db.example.com/d{options}");
        let serving = [&production[..], &[("DATABASE_URL", &url)]].concat();
        let direct = [&production[..], &[safe, ("DATABASE_DIRECT_URL", &url)]].concat();
        for (environment, variable) in [(serving, "DATABASE_URL"), (direct, "DATABASE_DIRECT_URL")]
        {
            let message = refused(&environment);
            assert!(message.contains(&format!("{variable} must encrypt")), "{message}");
            let ended = Place::new().run(&["migrate", "up"], &environment);
            assert_eq!(ended.code, Some(2), "{ended:?}");
        }
    }
}

#[test]
fn both_addresses_of_a_database_are_of_one_kind() {
    let serving = ("DATABASE_URL", "postgres://u:hunter2@h/d");
    for direct in ["", "sqlite://todo.db?mode=rwc", "mysql://u:hunter2@h/d"] {
        let message = refused(&[serving, ("DATABASE_DIRECT_URL", direct)]);
        assert!(message.contains("DATABASE_DIRECT_URL must be postgres://"), "{message}");
    }
    let message = refused(&[serving, ("DATABASE_DIRECT_URL", "postgres://u:hunter2@h:port/d")]);
    assert!(message.contains("DATABASE_DIRECT_URL: the URL cannot be read"), "{message}");
}

#[test]
fn a_mail_server_without_a_sender_is_refused() {
    let message = refused(&[("SMTP_URL", "smtps://u:hunter2@mail.example.com")]);
    assert!(message.contains("MAIL_FROM is required"), "{message}");
}

#[test]
fn a_file_that_cannot_be_opened_is_told() {
    let ended = Place::new().run(&[], &[("DATABASE_URL", "sqlite://nowhere/todo.db?mode=rwc")]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("DATABASE_URL"), "{ended:?}");
}

#[test]
fn a_command_does_not_wait_for_a_database_and_tells_no_password() {
    let url = "postgres://u:hunter2@127.0.0.1:1/d";
    for command in [&["migrate", "status"][..], &["admin", "users", "list"]] {
        let ended = Place::new().run(command, &[("DATABASE_URL", url)]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains("DATABASE_URL"), "{ended:?}");
        assert!(!ended.output().contains(SECRET), "{ended:?}");
    }
}

#[test]
fn an_address_that_cannot_be_listened_on_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = Place::new().run(&[], &[("PORT", &port)]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("PORT") && ended.stderr.contains(&port), "{ended:?}");
}

#[test]
fn a_file_of_settings_is_read_and_the_environment_outweighs_it() {
    let place = Place::new();
    std::fs::write(place.path().join(".env"), "BCRYPT_COST=99\n").unwrap();
    let ended = place.run(&["openapi"], &[]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("BCRYPT_COST"), "{ended:?}");
    assert_eq!(place.run(&["openapi"], &[("BCRYPT_COST", "4")]).code, Some(0));
}

#[test]
fn help_names_every_setting_and_shows_no_value() {
    let environment = [
        ("BETTER_AUTH_SECRET", "hunter2hunter2hunter2hunter2hunter2"),
        ("DATABASE_URL", "postgres://u:hunter2@h/d"),
        ("SMTP_URL", "smtps://u:hunter2@h"),
    ];
    let ended = Place::new().run(&["--help"], &environment);
    assert_eq!(ended.code, Some(0));
    assert!(!ended.output().contains(SECRET), "{ended:?}");
    for variable in [
        "DATABASE_URL",
        "DATABASE_DIRECT_URL",
        "BETTER_AUTH_SECRET",
        "JWKS_URL",
        "JWT_ISSUER",
        "JWT_AUDIENCE",
        "APP_ENV",
        "HOST",
        "PORT",
        "API_BASE_URL",
        "SMTP_URL",
        "MAIL_FROM",
        "BCRYPT_COST",
        "ACCESS_TOKEN_TTL",
        "REFRESH_TOKEN_TTL",
        "CORS_ALLOWED_ORIGINS",
        "TRUSTED_PROXIES",
        "RATE_LIMIT",
        "DB_MIN_CONNECTIONS",
        "DB_MAX_CONNECTIONS",
        "MIGRATE_ON_START",
        "LOG_FORMAT",
        "RUST_LOG",
    ] {
        assert!(ended.stdout.contains(variable), "{variable}");
    }
}

#[test]
fn what_the_command_line_does_not_know_is_refused() {
    for arguments in [&["--prot=1"][..], &["fly"], &["migrate", "sideways"]] {
        let ended = Place::new().run(arguments, &[]);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(!ended.stderr.is_empty());
    }
}
