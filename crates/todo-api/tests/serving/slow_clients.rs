//! Clients that are too slow, by accident or on purpose.

use std::os::unix::fs::FileTypeExt as _;
use std::time::Duration;

use crate::process::{Place, Server};
use crate::tools::until_within;
use crate::wire::Wire;

/// When a client must be gone that has ten seconds, on a machine with other things to do.
const CUT_OFF: std::ops::Range<Duration> = Duration::from_secs(8)..Duration::from_secs(30);

/// How many sockets the server holds open.
pub(crate) fn sockets(server: &Server) -> usize {
    let files =
        std::fs::read_dir(format!("/proc/{}/fd", server.id())).expect("its files").flatten();
    let kinds = files.filter_map(|file| std::fs::metadata(file.path()).ok());
    kinds.filter(|file| file.file_type().is_socket()).count()
}

#[test]
fn headers_that_trickle_in_are_a_408_after_ten_seconds() {
    let server = Place::new().serve(&[]);
    let mut wire = Wire::to(&server);
    wire.send("GET /health HTTP/1.1\r\nhost: test\r\n");
    let (took, heard) = wire.trickle("x: y\r\n");
    assert!(CUT_OFF.contains(&took), "{took:?}");
    assert!(heard.starts_with("HTTP/1.1 408 "), "{heard}");
}

#[test]
fn headers_of_a_later_request_that_trickle_in_end_the_connection_after_ten_seconds() {
    let server = Place::new().serve(&[]);
    let mut wire = Wire::to(&server);
    for _ in 0..3 {
        assert_eq!(wire.ask("/health/live").status, 200);
    }
    wire.send("GET /health HTTP/1.1\r\nhost: test\r\n");
    let (took, heard) = wire.trickle("x: y\r\n");
    assert!(CUT_OFF.contains(&took), "{took:?}");
    assert_eq!(heard, "");
}

#[test]
fn so_do_those_at_the_port_of_the_metrics() {
    let server = Place::new().serve(&[("METRICS_PORT", "0")]);
    let mut wire = Wire::to_metrics(&server);
    assert_eq!(wire.ask("/metrics").status, 200);
    wire.send("GET /metrics HTTP/1.1\r\nhost: test\r\n");
    let (took, heard) = wire.trickle("x: y\r\n");
    assert!(CUT_OFF.contains(&took), "{took:?}");
    assert_eq!(heard, "");
}

#[test]
fn a_body_that_trickles_in_is_a_408_after_ten_seconds() {
    let server = Place::new().serve(&[]);
    let mut wire = Wire::to(&server);
    assert_eq!(wire.ask("/health/live").status, 200);
    wire.send(
        "POST /api/v1/auth/login HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
         content-length: 1000\r\n\r\n",
    );
    let (took, heard) = wire.trickle(" ");
    assert!(CUT_OFF.contains(&took), "{took:?}");
    assert!(heard.starts_with("HTTP/1.1 408 ") && heard.contains("body-too-slow"), "{heard}");
}

#[test]
fn a_connection_is_kept_between_requests_for_longer_than_headers_may_take() {
    let server = Place::new().serve(&[]);
    let mut wire = Wire::to(&server);
    assert_eq!(wire.ask("/health/live").status, 200);
    assert!(wire.is_silent(Duration::from_secs(13)));
    assert_eq!(wire.ask("/health/live").status, 200);
}

#[test]
fn a_client_that_never_reads_its_answers_is_cut_off() {
    let server = Place::new().serve(&[]);
    let mut deaf = Wire::to(&server);
    assert_eq!(deaf.ask("/health/live").status, 200);
    let with = sockets(&server);
    // More than the system keeps for a client that does not read.
    deaf.send(&"GET /openapi.json HTTP/1.1\r\nhost: test\r\n\r\n".repeat(100));
    until_within(2 * CUT_OFF.end, "it is cut off", || sockets(&server) < with);
}
