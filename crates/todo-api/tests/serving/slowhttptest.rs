//! The slow attacks of `slowhttptest`, from Debian's package of this name.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::process::Place;
use crate::slow_clients::sockets;
use crate::tools::{program, until, until_within};
use crate::wire::Wire;

/// Attacks a path with these flags from 400 connections. Meanwhile an honest client must be served. Tells what
/// the tool says in the end.
fn attack(path: &str, flags: &[&str]) -> Option<String> {
    let tool = program("slowhttptest")?;
    let server = Place::new().serve(&[("RATE_LIMIT", "off")]);
    Wire::to(&server).ask("/health/live");
    let before = sockets(&server);
    let url = server.url(path);
    let mut attack = Command::new(tool)
        .args(["-c", "400", "-r", "200", "-l", "30", "-p", "3", "-u", &url])
        .args(flags)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the tool");
    until("it attacks", || sockets(&server) > before + 300);
    let mut visits = 0;
    while attack.try_wait().expect("its state").is_none() {
        let mut honest = Wire::to(&server);
        assert_eq!(honest.ask("/openapi.json").status, 200);
        assert_eq!(honest.ask("/health/ready").status, 200);
        visits += 1;
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(visits > 0, "nobody else came");
    let patience = Duration::from_secs(90);
    until_within(patience, "all are gone", || sockets(&server) <= before);
    until("it is ready", || Wire::to(&server).ask("/health/ready").status == 200);
    let said = attack.wait_with_output().expect("its output").stdout;
    Some(String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn slow_headers_are_all_cut_off_while_others_are_served() {
    let Some(said) = attack("/openapi.json", &["-H", "-i", "3"]) else { return };
    assert!(said.contains("No open connections left"), "{said}");
}

#[test]
fn slow_bodies_are_all_cut_off_while_others_are_served() {
    let Some(said) =
        attack("/api/v1/auth/login", &["-B", "-i", "3", "-s", "8192", "-f", "application/json"])
    else {
        return;
    };
    assert!(said.contains("No open connections left"), "{said}");
}

#[test]
fn slow_readers_keep_nobody_else_from_being_served() {
    attack("/openapi.json", &["-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3"]);
}
