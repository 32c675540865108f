//! The refresh token as a cookie, for front ends in a browser.
//!
//! No script can read it, so a page need not keep a refresh token where every script finds it. But a
//! browser sends it of its own accord, whoever's page makes the request: where the cookie counts, the
//! page must be of an origin that may call the API.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::header::ORIGIN;
use todo_domain::{AuthError, RefreshToken};

/// The cookie's name.
const NAME: &str = "todo_refresh";

/// Makes and reads the cookie.
#[derive(Clone, Debug)]
pub(crate) struct RefreshCookies {
    /// Whether it is sent over HTTPS alone.
    pub(crate) secure: bool,
    /// Whether it is sent with requests that other sites' pages make.
    pub(crate) same_site: SameSite,
    /// How long the browser keeps it.
    pub(crate) lifetime: Duration,
    /// The origins of pages that may use it.
    pub(crate) origins: Vec<String>,
}

impl RefreshCookies {
    /// The cookie that keeps `token`, for the scope of auth that `request` is in.
    pub(crate) fn keep(&self, token: &RefreshToken, request: &HttpRequest) -> Cookie<'static> {
        let lifetime = time::Duration::try_from(self.lifetime).unwrap_or(time::Duration::MAX);
        self.cookie(token.expose().to_owned(), lifetime, request)
    }

    /// The cookie that takes the place of the one kept before, and is over at once.
    pub(crate) fn clear(&self, request: &HttpRequest) -> Cookie<'static> {
        self.cookie(String::new(), time::Duration::ZERO, request)
    }

    /// The token that came as a cookie, if one did.
    ///
    /// # Errors
    /// [`AuthError::OriginNotAllowed`] if the page that sent it may not use it, or nothing tells which
    /// that is. [`AuthError::InvalidRefreshToken`] if two came: one may have been planted, by a page of
    /// a neighbouring host, and nothing tells which.
    pub(crate) fn read(&self, request: &HttpRequest) -> Result<Option<String>, AuthError> {
        let cookies = request.cookies().map(|cookies| cookies.clone()).unwrap_or_default();
        let mut tokens = cookies.iter().filter(|cookie| cookie.name() == NAME);
        let Some(token) = tokens.next() else { return Ok(None) };
        if tokens.next().is_some() {
            return Err(AuthError::InvalidRefreshToken);
        }
        let origin = request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok());
        if !origin.is_some_and(|origin| self.origins.iter().any(|allowed| allowed == origin)) {
            return Err(AuthError::OriginNotAllowed);
        }
        Ok(Some(token.value().to_owned()))
    }

    fn cookie(
        &self,
        value: String,
        lifetime: time::Duration,
        request: &HttpRequest,
    ) -> Cookie<'static> {
        let scope = request.path().rsplit_once('/').map_or("/", |(scope, _)| scope);
        Cookie::build(NAME, value)
            .path(scope.to_owned())
            .http_only(true)
            .secure(self.secure)
            .same_site(self.same_site)
            .max_age(lifetime)
            .finish()
    }
}
