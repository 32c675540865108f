//! The address of a PostgreSQL server: how it is read, and how far it can be trusted.

use std::fs::{self, File};
use std::io;
use std::net::IpAddr;
use std::str::FromStr;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::connect::ConnectError;
use crate::system_roots;

/// What libpq calls the authorities of the system (PostgreSQL 16, section 34.1.2).
const SYSTEM_ROOTS: &str = "sslrootcert=system";

/// Options that name a file of authorities, in the spellings that the driver takes.
const ROOTS: [&str; 3] = ["sslrootcert", "ssl-root-cert", "ssl-ca"];
/// Options that name a file of a client's certificate or its key.
const CLIENT_FILES: [&str; 4] = ["sslcert", "ssl-cert", "sslkey", "ssl-key"];
/// The options of a URL in which a person may be named, or a secret.
const USERS: [&str; 2] = ["user", "password"];
/// The other options of a URL that the driver knows, but for `options[…]`.
const OTHERS: [&str; 11] = [
    "sslmode",
    "ssl-mode",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// Whether `url` names a PostgreSQL server.
#[must_use]
pub fn is_postgres(url: &str) -> bool {
    matches!(url.split_once(':'), Some(("postgres" | "postgresql", _)))
}

/// Whether nobody on the way to the database can read along: it is encrypted whatever the server says,
/// or does not leave this machine. It is the effective options that count, those of `PGSSLMODE` and
/// `PGHOST` included.
///
/// # Errors
/// [`ConnectError::Url`].
pub fn is_private(url: &str) -> Result<bool, ConnectError> {
    if !is_postgres(url) {
        return Ok(true);
    }
    let options = parse(url)?;
    let encrypted = matches!(
        options.get_ssl_mode(),
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull
    );
    Ok(encrypted || options.get_socket().is_some() || is_this_machine(options.get_host()))
}

/// How to connect to the server that `url` names.
pub(crate) fn connect_options(url: &str) -> Result<PgConnectOptions, ConnectError> {
    let options = parse(url)?;
    require_files(url, options.get_ssl_mode())?;
    let options = options
        .application_name("todo-api")
        // Old PgBouncers refuse whoever asks for it, and no column of ours has a fraction in it.
        .extra_float_digits(None);
    let verifies = matches!(options.get_ssl_mode(), PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    // The driver knows the public authorities, to which it adds those of one source: the file that
    // the URL names, else what this machine trusts.
    Ok(match system_roots::pem() {
        Some(roots) if verifies && !names_roots(url) => {
            options.ssl_root_cert_from_pem(roots.as_bytes().to_vec())
        }
        _ => options,
    })
}

/// The host, the port and the database, without user or password.
pub(crate) fn location(options: &PgConnectOptions) -> String {
    let (host, port) = (options.get_host(), options.get_port());
    format!("PostgreSQL at {host}:{port}/{}", options.get_database().unwrap_or_default())
}

fn parse(url: &str) -> Result<PgConnectOptions, ConnectError> {
    // A password with a `/`, a `?` or a `#` that is not encoded ends there. What is before it would be
    // taken for a host and a port, and its rest for names, and both are shown.
    let authority = url.split_once("://").map_or("", |(_, rest)| rest);
    let names_user = authority.split(['/', '?']).next().is_some_and(|it| it.contains('@'));
    let is_astray = |option: &str| {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        name.contains('@') || value.contains('@') && !names_user && !USERS.contains(&name)
    };
    if url.contains('#') || options_of(url).any(is_astray) {
        return Err(ConnectError::Url);
    }
    let options = PgConnectOptions::from_str(&without_foreign_options(url));
    let options = options.map_err(|_| ConnectError::Url)?;
    if options.get_database().is_some_and(|name| name.contains('@')) {
        return Err(ConnectError::Url);
    }
    Ok(options)
}

/// Refuses a URL that names a file which is needed and cannot be read. The driver reads it at each
/// connection, and what it says then cannot be told from a socket that is not there yet.
fn require_files(url: &str, mode: PgSslMode) -> Result<(), ConnectError> {
    let verifies = matches!(mode, PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    let encrypts = !matches!(mode, PgSslMode::Disable | PgSslMode::Allow);
    let options = options_of(url).filter(|option| *option != SYSTEM_ROOTS);
    for (name, path) in options.filter_map(|option| option.split_once('=')) {
        let is_needed =
            verifies && ROOTS.contains(&name) || encrypts && CLIENT_FILES.contains(&name);
        // One that is percent-encoded is left to the driver, which decodes it.
        if is_needed && !path.contains(['%', '+']) {
            require_file(path).map_err(|error| {
                ConnectError::Refused(format!(
                    "{path}, which {name} names, cannot be read: {error}"
                ))
            })?;
        }
    }
    Ok(())
}

fn require_file(path: &str) -> io::Result<()> {
    // A directory can be opened as well.
    if fs::metadata(path)?.is_file() {
        File::open(path).map(drop)
    } else {
        Err(io::Error::other("it is no file"))
    }
}

/// Whether the URL names a file of authorities.
fn names_roots(url: &str) -> bool {
    options_of(url).any(|option| option != SYSTEM_ROOTS && ROOTS.contains(&name_of(option)))
}

fn options_of(url: &str) -> impl Iterator<Item = &str> {
    url.split_once('?').map_or("", |(_, query)| query).split('&')
}

/// `url` without what the driver would warn of at each connection: the `channel_binding` of Neon's
/// connection strings, for TLS itself is asked for by `sslmode`. Of another option that it does not know
/// it gets the name alone, for its warning shows the value, which may be a password (`sslpassword`).
fn without_foreign_options(url: &str) -> String {
    let Some((base, _)) = url.split_once('?') else { return url.to_owned() };
    let options = options_of(url)
        .filter(|option| !option.starts_with("channel_binding=") && *option != SYSTEM_ROOTS);
    let options = options.map(|option| {
        let name = name_of(option);
        if is_known(name) { option.to_owned() } else { format!("{name}=") }
    });
    format!("{base}?{}", options.collect::<Vec<_>>().join("&"))
}

/// Whether the driver knows the option of this name.
fn is_known(name: &str) -> bool {
    [&ROOTS[..], &CLIENT_FILES, &OTHERS].iter().any(|names| names.contains(&name))
        || name.starts_with("options[")
}

fn name_of(option: &str) -> &str {
    option.split_once('=').map_or(option, |(name, _)| name)
}

/// Whether `host` is this machine itself, so that nobody stands in between.
fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.starts_with('/')
        || address.map_or(host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neons_connection_string_is_taken_without_its_channel_binding() {
        let url = "postgres://u:p@ep-x.neon.tech/db?sslmode=require&channel_binding=require";
        let kept = without_foreign_options(url);
        assert_eq!(kept, "postgres://u:p@ep-x.neon.tech/db?sslmode=require");
        assert!(connect_options(url).is_ok());
        let alone = "postgres://h/db?channel_binding=require";
        assert_eq!(without_foreign_options(alone), "postgres://h/db?");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_wrong_in_itself() {
        for option in ["sslrootcert", "ssl-ca", "sslcert", "sslkey"] {
            let url = format!("postgres://h/db?sslmode=verify-full&{option}=no/such.pem");
            let refused = connect_options(&url).unwrap_err();
            let is_told =
                matches!(&refused, ConnectError::Refused(why) if why.contains("no/such.pem"));
            assert!(is_told, "{option}: {refused}");
        }
        assert!(connect_options("postgres://h/db?sslrootcert=system&sslcert=Cargo.toml").is_ok());
    }

    #[test]
    fn of_an_option_that_the_driver_does_not_know_it_is_told_the_name_alone() {
        let url = "postgres://h/db?sslpassword=hunter2&sslmode=require&connect_timeout=10";
        let kept = "postgres://h/db?sslpassword=&sslmode=require&connect_timeout=";
        assert_eq!(without_foreign_options(url), kept);
        let known = "postgres://h/db?user=u&options[search_path]=s&application_name=a&dbname=d";
        assert_eq!(without_foreign_options(known), known);
    }

    #[test]
    fn a_password_that_is_not_encoded_is_not_taken_for_a_part_that_is_shown() {
        for url in [
            "postgres://u:123/hunter2@h/db",
            "postgres://u:123?hunter2@h/db=x",
            "postgres://u:123#hunter2@h/db",
            "postgres://u:123?x=hunter2@h/db",
        ] {
            assert!(matches!(connect_options(url), Err(ConnectError::Url)), "{url}");
        }
        assert!(connect_options("postgres://u:123%2Fhunter2@h/db?user=u@h").is_ok());
    }

    #[test]
    fn authorities_come_from_a_file_only_if_the_url_names_one() {
        for (options, named) in [
            ("?sslmode=verify-full", false),
            ("?sslrootcert=system&sslmode=verify-full", false),
            ("?sslmode=verify-full&sslrootcert=ca.pem", true),
            ("?sslmode=verify-ca&ssl-ca=ca.pem", true),
        ] {
            let url = format!("postgres://h/db{options}");
            assert_eq!(names_roots(&url), named, "{url}");
            assert!(!without_foreign_options(&url).contains("system"), "{url}");
        }
    }

    #[test]
    fn nobody_reads_along_where_it_is_encrypted_or_stays_on_this_machine() {
        for (url, private) in [
            ("sqlite://todo.db", true),
            ("postgres://db.example.com/todo?sslmode=require", true),
            ("postgres://db.example.com/todo?sslmode=verify-ca", true),
            ("postgresql://db.example.com/todo?sslmode=verify-full", true),
            ("postgres://db.example.com/todo", false),
            ("postgres://db.example.com/todo?sslmode=prefer", false),
            ("postgres://db.example.com/todo?sslmode=disable", false),
            ("postgres://db.example.com/todo?sslmode=require&sslmode=prefer", false),
            ("postgres://localhost/todo", true),
            ("postgres://127.0.0.2/todo?sslmode=disable", true),
            ("postgres://[::1]:5432/todo", true),
            ("postgres:///todo?host=/var/run/postgresql", true),
            ("postgres://localhost/todo?host=db.example.com", false),
            ("postgres://localhost/todo?hostaddr=10.0.0.1", false),
            ("postgres://localhost.example.com/todo", false),
            ("postgres://10.0.0.1/todo", false),
        ] {
            assert_eq!(is_private(url).unwrap(), private, "{url}");
        }
    }
}
