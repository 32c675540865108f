//! How many clients are served at once.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::process::Place;
use crate::wire::Wire;

#[test]
fn beyond_the_limit_clients_wait_until_one_goes() {
    let server = Place::new().serve(&[("MAX_CONNECTIONS", "4")]);
    let mut inside: Vec<_> = (0..4).map(|_| Wire::to(&server)).collect();
    for wire in &mut inside {
        assert_eq!(wire.ask("/health/live").status, 200);
    }
    let mut waiting = Wire::to(&server);
    waiting.send("GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n");
    assert!(waiting.is_silent(Duration::from_secs(1)));
    inside.pop();
    assert_eq!(waiting.answer().expect("an answer").status, 200);
}

#[test]
fn a_crowd_that_comes_at_once_is_let_wait() {
    let server = Place::new().serve(&[("MAX_CONNECTIONS", "2")]);
    let start = Instant::now();
    let crowd: Vec<_> = (0..500).map(|_| Wire::to(&server)).collect();
    // Whoever finds the system's queue full knocks again after a second, then after two, four …
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    drop(crowd);
}

/// What the binary says if it may open this many files; it is ended after its first lines.
fn with_open_files(limit: u32, connections: Option<&str>) -> (Option<i32>, String) {
    let place = Place::new();
    let binary = env!("CARGO_BIN_EXE_todo-api");
    let line = format!("ulimit -n {limit}; timeout --signal=INT 5 {binary}");
    let run = Command::new("sh")
        .args(["-c", &line])
        .current_dir(place.path())
        .env("PORT", "0")
        .envs(connections.map(|connections| ("MAX_CONNECTIONS", connections)))
        .stdin(Stdio::null())
        .output();
    let run = run.expect("its output");
    let text = [run.stdout, run.stderr].concat();
    (run.status.code(), String::from_utf8(text).expect("UTF-8"))
}

#[test]
fn more_connections_than_the_process_may_open_files_are_refused() {
    let (code, said) = with_open_files(300, Some("1000"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("MAX_CONNECTIONS is 1000") && said.contains("may open 300"), "{said}");
}

#[test]
fn without_the_setting_it_takes_what_the_process_may_open_and_warns() {
    let (_, said) = with_open_files(300, None);
    assert!(said.contains("no more than 180 connections at once"), "{said}");
    assert!(said.contains("listening on"), "{said}");
}
