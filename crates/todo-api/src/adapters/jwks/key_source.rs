//! Where a key set is fetched from.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use thiserror::Error;

use super::key_set::KeySet;

/// How long the issuer may take to let us in.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a fetch may take from its start to its last byte.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(5);
/// The most bytes of a key set: some hundred keys of the largest kind.
const MAX_BYTES: usize = 256 * 1024;

/// A key set could not be fetched. The message names the setting and nothing of the answer.
#[derive(Debug, Error)]
pub(super) enum FetchError {
    /// Nobody has asked for it.
    #[error("JWKS_URL has not been fetched yet")]
    NotYet,
    /// There was no answer, or it broke off.
    #[error("JWKS_URL does not answer")]
    Request(#[source] reqwest::Error),
    /// The answer is not the one of a file that is there. A redirect is not followed: whoever may
    /// write one would choose our keys.
    #[error("JWKS_URL answers with status {0}")]
    Status(StatusCode),
    /// The answer does not end.
    #[error("JWKS_URL answers with more than {} KiB", MAX_BYTES / 1024)]
    TooLarge,
    /// The answer is something else.
    #[error("JWKS_URL answers with something that is no JSON Web Key Set")]
    NoKeySet,
}

/// Fetches the key set of one issuer.
pub(super) struct KeySource {
    client: Client,
    url: Url,
}

impl KeySource {
    /// The key set at `url`.
    ///
    /// # Errors
    /// If no HTTPS client can be made, for the machine knows no certificate authority.
    pub(super) fn new(url: Url) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .redirect(Policy::none())
            // Its addresses would come from variables that are no settings of ours.
            .no_proxy()
            // Fetches are minutes apart: a connection that was kept would be closed by then.
            .pool_max_idle_per_host(0)
            .user_agent(concat!("todo-api/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, url })
    }

    /// The key set as it is now.
    ///
    /// # Errors
    /// [`FetchError`].
    pub(super) async fn fetch(&self) -> Result<KeySet, FetchError> {
        let response = self.client.get(self.url.clone()).send().await.map_err(request_error)?;
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(response.status()));
        }
        KeySet::read(&receive(response).await?).ok_or(FetchError::NoKeySet)
    }
}

/// The body, as long as it keeps to [`MAX_BYTES`].
async fn receive(mut response: Response) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(request_error)? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Without the URL, which may hold a key in its query.
fn request_error(error: reqwest::Error) -> FetchError {
    FetchError::Request(error.without_url())
}
