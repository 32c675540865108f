//! The schema, brought up and down by hand.

use crate::process::{Ended, Place};

/// The steps that a run shows, each with whether it is applied.
fn steps(ended: &Ended) -> Vec<(bool, String)> {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let step = |line: &str| {
        let (state, name) = line.split_once("  ").expect("a step");
        assert!(["applied", "pending"].contains(&state), "{line}");
        (state == "applied", name.to_owned())
    };
    ended.stdout.lines().map(step).collect()
}

fn applied(ended: &Ended) -> Vec<bool> {
    steps(ended).into_iter().map(|(applied, _)| applied).collect()
}

#[test]
fn the_schema_goes_up_and_down_step_by_step() {
    let place = Place::new();
    let count = |arguments: &[&str]| {
        let steps = applied(&place.run(arguments, &[]));
        assert!(
            steps.is_sorted_by(|one, next| one >= next),
            "the newest step goes first: {steps:?}"
        );
        (steps.iter().filter(|applied| **applied).count(), steps.len())
    };
    let (none, all) = count(&["migrate", "status"]);
    assert_eq!(none, 0);
    for (arguments, applied) in [
        (&["migrate", "up"][..], all),
        (&["migrate", "up"], all),
        (&["migrate", "down"], all - 1),
        (&["migrate", "status"], all - 1),
        (&["migrate", "down", "-n", "2"], all - 3),
        (&["migrate", "up"], all),
    ] {
        assert_eq!(count(arguments), (applied, all), "{arguments:?}");
    }
}

#[test]
fn a_check_tells_by_its_code_whether_this_release_can_serve() {
    let place = Place::new();
    let before = place.run(&["migrate", "check"], &[]);
    assert_eq!(before.code, Some(1), "{before:?}");
    assert!(before.stderr.contains("todo-api migrate up"), "{before:?}");

    place.run(&["migrate", "up"], &[]);
    let after = place.run(&["migrate", "check"], &[]);
    assert!(applied(&after).iter().all(|applied| *applied), "{after:?}");
}

#[test]
fn a_step_back_that_loses_data_is_taken_only_on_demand() {
    let place = Place::new();
    place.run(&["migrate", "up"], &[]);
    let switched = place.run(&["admin", "switch", "off", "signup"], &[]);
    assert_eq!(switched.code, Some(0), "{switched:?}");

    let refused = place.run(&["migrate", "down", "-n", "2"], &[]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("switches_off"), "{refused:?}");
    assert!(refused.stderr.contains("--lose-data"), "{refused:?}");
    let taken = applied(&place.run(&["migrate", "down", "-n", "2", "--lose-data"], &[]));
    assert_eq!(taken.last(), Some(&false));
}

#[test]
fn a_server_that_may_not_migrate_says_what_is_missing_and_ends() {
    let place = Place::new();
    let environment = [("MIGRATE_ON_START", "false"), ("PORT", "0")];
    let ended = place.run(&[], &environment);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for (applied, name) in steps(&place.run(&["migrate", "status"], &[])) {
        assert!(!applied, "nothing was changed");
        assert!(ended.stderr.contains(&name), "{ended:?}");
    }
    assert!(ended.stderr.contains("todo-api migrate up"), "{ended:?}");

    place.run(&["migrate", "up"], &[]);
    let server = place.serve(&environment[..1]);
    assert_eq!(server.stop("TERM").code, Some(0));
}

#[test]
fn neither_migrating_nor_asking_needs_a_secret_in_production() {
    let place = Place::new();
    for command in ["up", "status", "check", "down"] {
        let ended = place.run(&["migrate", command], &[("APP_ENV", "production")]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
    assert!(!place.files().iter().any(|file| file.ends_with(".secret")));
}
