//! How a server ends.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::process::{Place, Server};
use crate::tools::until;
use crate::wire::Wire;

/// The most that the end may take.
const LIMIT: Duration = Duration::from_secs(30);

/// Where somebody listens who never answers.
fn address(deaf: &TcpListener) -> String {
    format!("http://{}", deaf.local_addr().expect("an address"))
}

/// A request of which half of the body is still missing.
fn half_a_request(server: &Server) -> Wire {
    let mut wire = Wire::to(server);
    wire.send(
        "POST /api/v1/auth/login HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
         content-length: 4\r\n\r\n{ ",
    );
    // Another connection is answered behind it, so this one has been read.
    Wire::to(server).ask("/health/live");
    wire
}

#[test]
fn a_server_that_is_told_to_stop_says_so_and_serves_on_until_nobody_comes() {
    let place = Place::new();
    let server = place.serve(&[("SHUTDOWN_DRAIN", "8s")]);
    let mut at_hand = half_a_request(&server);
    let mut idle = Wire::to(&server);
    assert!(!idle.ask("/health/ready").closes());
    let told = Instant::now();
    server.signal("TERM");
    until("it is not ready", || Wire::to(&server).ask("/health/ready").status == 503);

    let ready = Wire::to(&server).ask("/health/ready");
    assert!(ready.body.contains("This server is about to stop."), "{ready:?}");
    let health = place.run(&["health"], &[("PORT", &server.port)]);
    assert_eq!(health.code, Some(1));
    for wire in [&mut Wire::to(&server), &mut idle] {
        let alive = wire.ask("/health/live");
        assert!(alive.status == 200 && alive.closes(), "{alive:?}");
    }
    at_hand.send(" }");
    let finished = at_hand.answer().expect("an answer");
    assert!(finished.status == 400 && finished.closes(), "{finished:?}");

    let ended = server.ended();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let took = told.elapsed();
    assert!(Duration::from_secs(8) <= took && took < LIMIT, "{took:?}");
}

#[test]
fn requests_at_hand_are_finished_after_the_drain_and_no_more_are_taken() {
    let server = Place::new().serve(&[]);
    let mut at_hand = half_a_request(&server);
    server.signal("TERM");
    until("nobody is let in", || Wire::try_to(&server).is_none());
    at_hand.send(" }");
    let finished = at_hand.answer().expect("an answer");
    assert!(finished.status == 400 && finished.closes(), "{finished:?}");
    assert_eq!(server.ended().code, Some(0));
}

#[test]
fn idle_connections_do_not_hold_the_end_up() {
    let server = Place::new().serve(&[]);
    let mut used = Wire::to(&server);
    used.ask("/health/live");
    let mut unused = Wire::to(&server);
    let told = Instant::now();
    assert_eq!(server.stop("TERM").code, Some(0));
    assert!(told.elapsed() < Duration::from_secs(20), "{:?}", told.elapsed());
    assert!(used.answer().is_none() && unused.answer().is_none());
}

#[test]
fn at_a_terminal_nobody_waits_for_the_drain() {
    let server = Place::new().serve(&[("SHUTDOWN_DRAIN", "15s")]);
    let told = Instant::now();
    assert_eq!(server.stop("INT").code, Some(0));
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for second in ["TERM", "INT"] {
        let server = Place::new().serve(&[("SHUTDOWN_DRAIN", "15s")]);
        let mut at_hand = half_a_request(&server);
        let told = Instant::now();
        server.signal("TERM");
        until("it drains", || Wire::to(&server).ask("/health/ready").status == 503);
        let ended = server.stop(second);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
        assert!(at_hand.answer().is_none());
    }
}

#[test]
fn nobody_who_never_reads_holds_the_end_up_for_more_than_thirty_seconds() {
    let collector = TcpListener::bind("127.0.0.1:0").expect("a port");
    let server = Place::new()
        .serve(&[("METRICS_PORT", "0"), ("OTEL_EXPORTER_OTLP_ENDPOINT", &address(&collector))]);
    let mut deaf = [(Wire::to(&server), "/openapi.json"), (Wire::to_metrics(&server), "/metrics")];
    for (wire, path) in &mut deaf {
        wire.send(&format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").repeat(500));
    }
    Wire::to(&server).ask("/health/live");
    let told = Instant::now();
    assert_eq!(server.stop("TERM").code, Some(0));
    assert!(told.elapsed() < LIMIT, "{:?}", told.elapsed());
}

#[test]
fn clients_who_wait_to_be_taken_do_not_break_the_end() {
    for _ in 0..8 {
        let server = Place::new().serve(&[("MAX_CONNECTIONS", "2")]);
        let crowd: Vec<_> = (0..200).map(|_| Wire::to(&server)).collect();
        server.signal("TERM");
        drop(crowd);
        let ended = server.ended();
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}

#[test]
fn a_second_signal_does_not_wait_for_the_collector_of_traces() {
    let collector = TcpListener::bind("127.0.0.1:0").expect("a port");
    let server = Place::new().serve(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &address(&collector))]);
    Wire::to(&server).ask("/health/live");
    server.signal("TERM");
    until("nobody is let in", || Wire::try_to(&server).is_none());
    let told = Instant::now();
    assert_eq!(server.stop("TERM").code, Some(1));
    assert!(told.elapsed() < Duration::from_secs(3), "{:?}", told.elapsed());
}

#[test]
fn a_hang_up_ends_nothing() {
    let server = Place::new().serve(&[]);
    for _ in 0..2 {
        server.signal("HUP");
        assert_eq!(Wire::to(&server).ask("/health/live").status, 200);
    }
    until("it says so", || server.log().contains("no certificate to read anew"));
    assert_eq!(server.stop("TERM").code, Some(0));
}

#[test]
fn a_drain_that_leaves_no_time_for_requests_is_refused() {
    let ended = Place::new().run(&[], &[("SHUTDOWN_DRAIN", "16s")]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("SHUTDOWN_DRAIN must be at most 15s"), "{ended:?}");
}
