//! Which of the two addresses is used for what, and which are refused.

use std::time::{Duration, Instant};

use crate::process::{Ended, Place, Variable};
use crate::support::pgbouncer::{NOT_TRACKING, TRACKING};
use crate::support::pooled::Pooled;

/// How long a line of the log may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What must be said of a pooler that mixes rows up.
fn names_the_pooler(ended: &Ended, variable: &str) {
    assert_eq!(ended.code, Some(2), "{ended:?}");
    for word in [variable, "max_prepared_statements", "DATABASE_DIRECT_URL"] {
        assert!(ended.stderr.contains(word), "{word}: {ended:?}");
    }
    assert!(ended.stderr.contains(&format!("todo-api: {variable} leads")), "{ended:?}");
    assert!(!ended.output().contains("hunter2"), "{ended:?}");
}

/// The address with a password in it, which these servers do not ask for.
fn with_password(url: &str) -> String {
    url.replace("postgres@", "postgres:hunter2@")
}

#[actix_web::test]
async fn nothing_is_done_through_a_pooler_that_mixes_rows_up() {
    let Some(pooled) = Pooled::create(NOT_TRACKING).await else { return };
    let (url, direct) = (with_password(&pooled.url()), pooled.database.url());
    let place = Place::new();
    let serving: [Variable; 3] =
        [("DATABASE_URL", &url), ("DATABASE_DIRECT_URL", &direct), ("PORT", "0")];
    for command in [&[][..], &["admin", "switch", "list"]] {
        names_the_pooler(&place.run(command, &serving), "DATABASE_URL");
    }
    names_the_pooler(&place.run(&["migrate", "up"], &serving[..1]), "DATABASE_URL");
    let migrating = [("DATABASE_URL", direct.as_str()), ("DATABASE_DIRECT_URL", &url)];
    names_the_pooler(&place.run(&["migrate", "up"], &migrating), "DATABASE_DIRECT_URL");
}

#[actix_web::test]
async fn migrations_take_the_direct_address_and_serving_takes_the_other() {
    let Some(pooled) = Pooled::create(TRACKING).await else { return };
    let (url, direct) = (pooled.url(), pooled.database.url());
    let place = Place::new();
    let nowhere = "postgres://u@127.0.0.1:1/d";
    let migrated = place
        .run(&["migrate", "up"], &[("DATABASE_URL", nowhere), ("DATABASE_DIRECT_URL", &direct)]);
    assert_eq!(migrated.code, Some(0), "{migrated:?}");

    let checking = [
        ("DATABASE_URL", url.as_str()),
        ("DATABASE_DIRECT_URL", nowhere),
        ("MIGRATE_ON_START", "false"),
    ];
    let log = place.serve(&checking).stop("TERM").stdout;
    assert!(log.contains("a pooler that tracks prepared statements"), "{log}");
    let waiting = place.start(&checking[..2]);
    let deadline = Instant::now() + PATIENCE;
    while !waiting.log().contains("DATABASE_DIRECT_URL: the database is away") {
        assert!(Instant::now() < deadline, "{}", waiting.log());
        actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(waiting.stop("TERM").code, Some(0));
}

#[actix_web::test]
async fn a_direct_address_of_another_database_does_not_go_unnoticed() {
    let Some(pooled) = Pooled::create(TRACKING).await else { return };
    let Some(other) = Pooled::create(TRACKING).await else { return };
    let (url, direct) = (pooled.url(), other.database.url());
    let addresses = [("DATABASE_URL", url.as_str()), ("DATABASE_DIRECT_URL", &direct)];
    let ended = Place::new().run(&[], &[addresses[0], addresses[1], ("PORT", "0")]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let message = "DATABASE_DIRECT_URL must lead to the database of DATABASE_URL";
    assert!(ended.stderr.contains(message), "{ended:?}");
}
