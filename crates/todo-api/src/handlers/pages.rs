//! The pages of a service without a [web app](crate::web_app). Everything comes from the binary.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::web::Path;
use todo_domain::Password;

use crate::error::ApiError;

/// What the pages need: their own files, and the API. They are framed by nobody, and a form is sent by
/// its script alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// An address may hold a token, which no cache may keep.
const NO_STORE: &str = "no-store";

const HTML: &str = "text/html; charset=utf-8";

/// What the service is, and how to get the web app.
pub(crate) async fn start() -> HttpResponse {
    file(HTML, include_str!("pages/start.html"))
}

/// The page that the link of a password reset leads to. The limit of a password is the domain's.
pub(crate) async fn reset_password() -> HttpResponse {
    let min = Password::MIN_CHARS.to_string();
    file(HTML, include_str!("pages/reset_password.html").replace("{MIN_CHARS}", &min))
}

/// What the pages load.
pub(crate) async fn asset(name: Path<String>) -> Result<HttpResponse, ApiError> {
    match name.as_str() {
        "reset_password.js" => {
            Ok(file("text/javascript; charset=utf-8", include_str!("pages/reset_password.js")))
        }
        "style.css" => Ok(file("text/css; charset=utf-8", include_str!("pages/style.css"))),
        _ => Err(ApiError::NoRoute),
    }
}

fn file(content_type: &'static str, text: impl Into<String>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, NO_STORE))
        .body(text.into())
}
