//! Thin handlers, each with the shapes that it reads and writes beside it.

pub(crate) mod account;
pub(crate) mod auth;
pub(crate) mod docs;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod pages;
pub(crate) mod passwords;
pub(crate) mod sessions;
pub(crate) mod tasks;
pub(crate) mod web_app;
