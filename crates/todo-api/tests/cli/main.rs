//! The binary as its operators see it: settings, exit codes, what is written where.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod admin;
mod build_script;
mod collector;
mod explain;
#[expect(dead_code, reason = "the tests of the API use more of it")]
#[path = "../issuer/mod.rs"]
mod issuer;
mod logs;
mod metrics;
mod migrate;
mod process;
#[expect(dead_code, clippy::print_stdout, reason = "the rest of it is for cargo")]
#[path = "../../build.rs"]
mod script;
mod security_log;
mod serve;
mod settings;
mod traces;
mod wall;
mod web_app;
#[path = "../support/web_build.rs"]
mod web_build;
