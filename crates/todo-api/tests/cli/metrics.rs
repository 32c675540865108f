//! Metrics, as an operator sets them up.

use crate::process::Place;

const SECRET: (&str, &str) = ("BETTER_AUTH_SECRET", "0123456789abcdef0123456789abcdef");

#[test]
fn production_warns_that_anybody_can_read_the_metrics_if_so() {
    let production = [("APP_ENV", "production"), ("BCRYPT_COST", "10"), SECRET];
    let log = Place::new().serve(&production).stop("TERM").stdout;
    assert!(log.contains("METRICS_PORT is not set"), "{log}");
    let with_port = [&production[..], &[("METRICS_PORT", "0")]].concat();
    let log = Place::new().serve(&with_port).stop("TERM").stdout;
    assert!(!log.contains("METRICS_PORT is not set"), "{log}");
    assert!(log.contains("metrics at http://127.0.0.1:"), "{log}");
}

#[test]
fn a_port_that_is_taken_is_named_by_its_setting() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = Place::new().run(&[], &[("PORT", "0"), ("METRICS_PORT", &port)]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("HOST and METRICS_PORT: cannot listen"), "{}", ended.stderr);
}
