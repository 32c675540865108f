//! The service as its clients see it: the real application on port 0, on a database of its own,
//! spoken to over HTTP.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod access_tokens;
mod bodies;
mod client_address;
mod completion;
mod cors;
mod disabled_users;
mod docs;
mod external_tokens;
mod headers;
mod health;
mod isolation;
#[path = "../issuer/mod.rs"]
mod issuer;
mod jwks;
mod jwks_attacks;
mod jwks_fetching;
mod login;
mod login_throttle;
mod logout;
mod openapi;
mod overload;
mod pages;
mod races;
mod rate_limit;
mod refresh;
mod register;
mod routing;
mod sessions;
mod support;
mod switches;
mod task_ids;
mod task_lists;
mod task_rules;
mod tasks;
