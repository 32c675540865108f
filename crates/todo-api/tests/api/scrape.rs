//! What Prometheus would see of an application.

use std::collections::BTreeSet;

use reqwest::StatusCode;

use crate::support::TestApp;

/// The metrics of an application at one moment.
pub(crate) struct Scrape(pub(crate) String);

impl Scrape {
    /// The metrics as they are now.
    pub(crate) async fn of(app: &TestApp) -> Self {
        let answer = app.get("/metrics").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        Self(answer.text().await.expect("text"))
    }

    /// The value of a series, its labels in alphabetical order; zero if it is not there.
    pub(crate) fn value(&self, series: &str) -> f64 {
        let mut lines = self.0.lines();
        let value = lines.find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.map_or(0.0, |value| value.parse().expect("a number"))
    }

    /// The value of a series of whole numbers.
    pub(crate) fn count(&self, series: &str) -> u64 {
        let text = self.value(series).to_string();
        text.parse().expect("a whole number")
    }

    /// How many series begin like this.
    pub(crate) fn series(&self, start: &str) -> usize {
        self.0.lines().filter(|line| line.starts_with(start)).count()
    }

    /// The names of everything that has a value; those of a histogram with their endings.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        let lines = self.0.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split(['{', ' ']).next()).collect()
    }

    /// The names that are described, each with its type.
    pub(crate) fn types(&self) -> BTreeSet<(&str, &str)> {
        self.0.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect()
    }
}
