//! The server in production: how it ends, who is cut off, TLS, and restarts behind a real proxy. Real
//! processes, spoken to over real connections.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../support/account.rs"]
mod account;
mod connections;
mod end;
mod load;
#[expect(dead_code, reason = "the tests of the adapters use more of it")]
#[path = "../../../todo-db/tests/support/mod.rs"]
mod postgres;
#[expect(dead_code, reason = "the tests of the binary use more of it")]
#[path = "../cli/process.rs"]
mod process;
mod proxy;
mod rolling;
mod slow_clients;
mod slowhttptest;
mod tls;
mod tools;
mod wire;
