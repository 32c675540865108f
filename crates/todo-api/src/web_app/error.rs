//! Why a build of the web app cannot be served.

use std::io;

use thiserror::Error;

/// Why a build of the web app cannot be served.
#[derive(Debug, Error)]
pub enum WebAppError {
    /// A file that every build has is missing.
    #[error("there is no {0} in it")]
    Missing(&'static str),
    /// A file or a directory cannot be read.
    #[error("{name} cannot be read")]
    Unreadable {
        /// Which one.
        name: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The list of policies is none.
    #[error("policies.json is no object that has a policy for each page")]
    Policies(#[source] serde_json::Error),
    /// A page has no policy, so that nobody can tell what it may do.
    #[error("{0} has no policy in policies.json")]
    NoPolicy(String),
    /// A policy cannot be sent.
    #[error("the policy of {0} in policies.json cannot be sent as a header")]
    BadPolicy(String),
    /// A file is where nobody reaches it.
    #[error("{0} is below /api/, which belongs to the API")]
    BelowApi(String),
}
