//! The service as its clients see it: the real application on port 0, on a database of its own,
//! spoken to over HTTP.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod access_tokens;
mod account;
mod alerts;
mod bodies;
mod client_address;
mod completion;
mod cors;
mod dashboard;
mod disabled_users;
mod docs;
mod enumeration;
mod export;
mod external_tokens;
mod headers;
mod health;
mod https_only;
mod isolation;
#[path = "../issuer/mod.rs"]
mod issuer;
mod jwks;
mod jwks_attacks;
mod jwks_fetching;
mod login;
mod login_throttle;
mod logout;
mod metrics;
mod metrics_port;
mod openapi;
mod overload;
mod pages;
mod password_change;
mod password_reset;
mod promtool;
mod races;
mod rate_limit;
mod refresh;
mod refresh_cookie;
mod register;
// These two are about a service without a web app, which a release may have in it.
#[cfg(debug_assertions)]
mod reset_page;
mod round_trips;
mod routing;
mod scrape;
mod sessions;
#[path = "../support/smtp_server.rs"]
mod smtp_server;
#[cfg(debug_assertions)]
mod start_page;
#[expect(dead_code, reason = "the tests of the storage use more of it")]
#[path = "../../../todo-db/tests/support/mod.rs"]
mod storage;
mod support;
mod switches;
mod task_counts;
mod task_ids;
mod task_lists;
mod task_rules;
mod tasks;
mod wall;
mod web_app;
mod web_app_files;
#[path = "../support/web_build.rs"]
mod web_build;
mod wiretap;
