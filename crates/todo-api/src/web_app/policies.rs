//! Under which Content-Security-Policy each page runs.

use std::collections::HashMap;

use actix_web::http::header::HeaderValue;

use super::WebAppError;
use super::files::{Files, POLICIES};

/// The policies of all pages, by their names. The build knows what its pages load and call.
pub(super) struct Policies(HashMap<String, String>);

impl Policies {
    /// Reads what the build has written.
    ///
    /// # Errors
    /// [`WebAppError::Missing`], [`WebAppError::Policies`].
    pub(super) fn read(files: &Files) -> Result<Self, WebAppError> {
        let json = files.get(POLICIES).ok_or(WebAppError::Missing(POLICIES))?;
        serde_json::from_slice(json).map(Self).map_err(WebAppError::Policies)
    }

    /// The policy of a page.
    ///
    /// # Errors
    /// [`WebAppError::NoPolicy`], [`WebAppError::BadPolicy`].
    pub(super) fn of(&self, page: &str) -> Result<HeaderValue, WebAppError> {
        let policy = self.0.get(page).ok_or_else(|| WebAppError::NoPolicy(page.to_owned()))?;
        policy.parse().map_err(|_| WebAppError::BadPolicy(page.to_owned()))
    }
}
