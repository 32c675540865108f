//! Which web app is served.

use std::path::Path;

use super::StartError;
use crate::config::{AppEnv, Config, ConfigError};
use crate::telemetry;
use crate::web_app::WebApp;

/// Where the app is built in a checkout, seen from its root.
const CHECKOUT: &str = "frontend/out";

/// The web app, if there is one: that of `WEB_APP_DIR`, else the one in the binary. A debug build has none
/// in it, so that it need not be compiled anew with each change of a page, and takes that of the checkout
/// in which it is started.
///
/// # Errors
/// [`StartError::Config`] if what `WEB_APP_DIR` names is no built app, [`StartError::WebApp`] if another
/// build is broken.
pub(super) fn web_app(config: &Config) -> Result<Option<WebApp>, StartError> {
    if let Some(dir) = &config.web_app_dir {
        let refused = |error| {
            let problem = format!("must be a built web app: {}", telemetry::chain(&error));
            ConfigError::new("WEB_APP_DIR", problem)
        };
        return Ok(Some(WebApp::read(dir).map_err(refused)?));
    }
    let (place, built) = if cfg!(debug_assertions) {
        (CHECKOUT, WebApp::read_if_built(Path::new(CHECKOUT)))
    } else {
        ("the binary", WebApp::embedded())
    };
    built.map_err(|source| StartError::WebApp { place, source })
}

/// Says where the app is, and what it cannot do as long as nobody has said where people find it.
pub(super) fn announce(config: &Config, port: u16) {
    tracing::info!("web app at {}/", config.base_url(port));
    if config.app_env == AppEnv::Production && config.api_base_url.is_none() {
        tracing::warn!(
            "API_BASE_URL is not set: pages of the web app at any other address than {} cannot renew \
             their session after a reload",
            config.own_origins(port).join(", ")
        );
    }
}
