//! The dashboard, the alerts and the page on observability name what is there.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use crate::promtool::promtool;
use crate::scrape::Scrape;
use crate::support::TestApp;

/// An application that somebody has used.
async fn used() -> TestApp {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    ada.call(Method::DELETE, &format!("/api/v1/tasks/{}", task["id"])).await;
    app.get("/nowhere").await;
    app
}

fn read(file: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(file)).expect(file)
}

/// Every string that stands below `key`, however deep.
fn strings<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| strings(value, key, found)),
        Value::Object(members) => {
            found.extend(members.get(key).and_then(Value::as_str));
            members.values().for_each(|value| strings(value, key, found));
        }
        _ => {}
    }
}

/// The expressions of the alerts: what follows `expr:`, with the lines that are further in.
fn rule_expressions(rules: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut expressions = Vec::new();
    let mut lines = rules.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(start) = line.trim_start().strip_prefix("expr:") else { continue };
        let mut expression = start.trim_matches([' ', '|', '>', '-']).to_owned();
        while let Some(next) = lines.next_if(|next| indent(next) > indent(line)) {
            expression.push(' ');
            expression.push_str(next.trim());
        }
        expressions.push(expression);
    }
    expressions
}

/// The metrics that an expression of `PromQL` names.
fn metrics_in(expression: &str) -> BTreeSet<String> {
    let mut bare = String::new();
    let mut depth = 0;
    for character in expression.chars() {
        // Labels and ranges stand in brackets.
        depth += i32::from("{[".contains(character));
        bare.push(if depth == 0 { character } else { ' ' });
        depth -= i32::from("}]".contains(character));
    }
    // So do the labels of an aggregation, in round ones.
    for word in ["by", "without", "on", "ignoring"] {
        while let Some((before, rest)) = bare.split_once(&format!(" {word} (")) {
            let (_, after) = rest.split_once(')').expect("a closing bracket");
            bare = format!("{before} {after}");
        }
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_:".contains(c);
    let words = bare.split(|c| !is_name(c)).filter(|word| word.contains(['_', ':']));
    let is_function = |word: &str| bare.contains(&format!("{word}("));
    words.filter(|word| !is_function(word)).map(str::to_owned).collect()
}

#[test]
fn metrics_are_found_in_expressions() {
    let found = metrics_in(
        "histogram_quantile(0.95, sum by (le, a_b) (rate(x_y_bucket{c_d=~\"e_f\"}[5m]))) > on (g_h) \
         job:rate5m and (up_time == 1)",
    );
    assert_eq!(found, BTreeSet::from(["x_y_bucket", "job:rate5m", "up_time"].map(str::to_owned)));
}

#[actix_web::test]
async fn the_dashboard_and_the_alerts_use_only_metrics_that_are_there() {
    let scrape = Scrape::of(&used().await).await;
    let (dashboard, rules) =
        (read("deploy/grafana/dashboard.json"), read("deploy/prometheus/alerts.yml"));
    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let mut shown = Vec::new();
    strings(&dashboard, "expr", &mut shown);
    let alerts = rule_expressions(&rules);
    assert!(shown.len() > 15 && alerts.len() > 10, "{shown:?} {alerts:?}");

    let recorded = rules.lines().filter_map(|line| line.trim().strip_prefix("- record: "));
    let known: BTreeSet<_> = scrape.names().into_iter().chain(recorded).collect();
    for expression in shown.into_iter().chain(alerts.iter().map(String::as_str)) {
        let used = metrics_in(expression);
        assert!(!used.is_empty() || expression.contains("up{"), "{expression}");
        let unknown: Vec<_> = used.iter().filter(|name| !known.contains(name.as_str())).collect();
        assert!(unknown.is_empty(), "{unknown:?} in {expression}");
    }
}

#[test]
fn probes_scrapes_and_files_of_the_web_app_are_left_out_together() {
    for file in ["deploy/prometheus/alerts.yml", "deploy/grafana/dashboard.json"] {
        let text = read(file).replace('\\', "");
        let rest: Vec<_> = text.split("route!~\"").skip(1).collect();
        assert!(!rest.is_empty(), "{file}");
        for rest in rest {
            let (routes, _) = rest.split_once('"').unwrap();
            assert!(routes.ends_with("/health.*|/metrics|/[{]file.*"), "{file}: {routes}");
        }
    }
}

#[actix_web::test]
async fn every_metric_is_described_and_no_other() {
    let scrape = Scrape::of(&used().await).await;
    let page = read("specs/observability.md");
    let described: BTreeSet<_> = page
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            let name = cells.next()?.split('`').next()?;
            Some((name, cells.next()?))
        })
        .filter(|(name, _)| name.starts_with("todo_") || name.starts_with("process_"))
        .collect();
    assert_eq!(described, scrape.types());
}

#[actix_web::test]
async fn prometheus_finds_no_fault_with_the_metrics() {
    promtool(&["check", "metrics"], &Scrape::of(&used().await).await.0);
}
