//! The alerts, as Prometheus judges them.

use std::path::Path;

use crate::promtool::{directory, promtool};

fn alerts() -> String {
    std::fs::read_to_string(directory().join("alerts.yml")).expect("the alerts")
}

/// What stands behind `key` in each line that has it.
fn values<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    text.lines().filter_map(|line| line.trim().strip_prefix(key)).map(str::trim).collect()
}

#[test]
fn prometheus_takes_the_rules_and_the_settings() {
    promtool(&["check", "rules", "alerts.yml"], "");
    promtool(&["check", "config", "prometheus.yml"], "");
}

#[test]
fn each_alert_fires_when_it_must_and_is_silent_otherwise() {
    promtool(&["test", "rules", "alerts_test.yml"], "");
}

#[test]
fn each_alert_has_a_test_in_which_it_fires() {
    let tests = std::fs::read_to_string(directory().join("alerts_test.yml")).unwrap();
    let tested: Vec<_> = tests.split("alertname: ").skip(1).collect();
    for alert in values(&alerts(), "- alert:") {
        let fires =
            tested.iter().any(|test| test.starts_with(alert) && test.contains("exp_labels"));
        assert!(fires, "{alert}");
    }
}

#[test]
fn each_alert_names_a_runbook_that_is_there() {
    let alerts = alerts();
    let runbooks = values(&alerts, "runbook_url:");
    assert_eq!(runbooks.len(), values(&alerts, "- alert:").len());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for runbook in runbooks {
        assert!(runbook.starts_with("docs/runbooks/"), "{runbook}");
        assert!(root.join(runbook).is_file(), "{runbook}");
    }
}
