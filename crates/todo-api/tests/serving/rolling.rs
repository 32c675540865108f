//! Replicas that go while clients call.

use std::io::Write as _;

use reqwest::StatusCode;

use crate::load::{Load, Outcome};
use crate::postgres::TestDatabase;
use crate::proxy::{Network, Proxy, REPLICAS};

/// How many users are at work.
const USERS: usize = 8;

/// Says past the test harness what was counted.
fn report(what: &str, outcome: &Outcome) {
    let Outcome { good, failures, lost, doubled } = outcome;
    let line = format!(
        "\n{what}: {good} requests answered, {} failed, {} acknowledged writes lost, {} doubled\n",
        failures.len(),
        lost.len(),
        doubled.len()
    );
    std::io::stderr().write_all(line.as_bytes()).expect("room");
}

/// A database, a network and a proxy; `None` if one of them cannot be had here.
fn stage() -> Option<(TestDatabase, Network, Proxy)> {
    let database = actix_web::rt::System::new().block_on(TestDatabase::create())?;
    let network = Network::new();
    let proxy = Proxy::start(&network)?;
    Some((database, network, proxy))
}

#[test]
fn replicas_that_are_restarted_one_after_the_other_fail_no_request() {
    let Some((database, network, proxy)) = stage() else { return };
    let mut replicas = Vec::from(REPLICAS.map(|it| network.replica(it, &database.url())));
    proxy.sees(&REPLICAS);
    let load = Load::start(&proxy, USERS);
    load.goes_on(50);
    for replica in REPLICAS {
        let old = replicas.remove(0);
        old.signal("TERM");
        let ended = old.ended();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        load.goes_on(10);
        replicas.push(network.replica(replica, &database.url()));
        proxy.sees(&REPLICAS);
        load.goes_on(50);
    }
    let outcome = load.outcome();
    report("rolling restart", &outcome);
    assert_eq!(outcome.failures, [""; 0]);
    assert_eq!((outcome.lost.len(), outcome.doubled.len()), (0, 0), "{outcome:?}");
}

#[test]
fn a_replica_that_is_killed_loses_no_acknowledged_write() {
    let Some((database, network, proxy)) = stage() else { return };
    let [one, two] = REPLICAS.map(|it| network.replica(it, &database.url()));
    proxy.sees(&REPLICAS);
    let load = Load::start(&proxy, USERS);
    load.goes_on(100);
    assert_eq!(one.stop("KILL").code, None);
    load.goes_on(200);
    let outcome = load.outcome();
    drop(two);
    report("SIGKILL", &outcome);
    // No more than what was under way can fail: the proxy sends nothing twice that might be done twice.
    assert!(outcome.failures.len() <= 2 * USERS, "{:?}", outcome.failures);
    assert_eq!((outcome.lost.len(), outcome.doubled.len()), (0, 0), "{outcome:?}");
}

#[test]
fn whoever_comes_to_the_proxy_over_plain_http_is_refused_whatever_they_say() {
    let Some((database, network, proxy)) = stage() else { return };
    let _replica = network.replica(REPLICAS[0], &database.url());
    proxy.sees(&REPLICAS[..1]);
    actix_web::rt::System::new().block_on(async {
        for forged in ["https", "http"] {
            for (url, status) in [
                (proxy.plain_url("/api/v1/tasks"), StatusCode::FORBIDDEN),
                (proxy.url("/api/v1/tasks"), StatusCode::UNAUTHORIZED),
            ] {
                let call = proxy.client().get(&url).header("x-forwarded-proto", forged);
                assert_eq!(call.send().await.unwrap().status(), status, "{url} {forged}");
            }
        }
    });
}
