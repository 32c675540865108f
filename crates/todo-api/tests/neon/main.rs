//! The real binary on a database as Neon offers one: behind a pooler, with a second, direct address, and
//! over TLS. Servers, poolers and certificates are real, and made in the test.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod addresses;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../cli/process.rs"]
mod process;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../../../todo-db/tests/support/mod.rs"]
mod support;
mod tenants;
mod tls;
mod tls_server;
