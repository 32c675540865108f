//! The page that the link of a password reset leads to. Everything comes from the binary.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::web::Path;
use todo_domain::Password;

use crate::error::ApiError;

/// What the page needs: its own files, and the API. It is framed by nobody, and its form is sent by
/// its script alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The address holds a token, which no cache may keep.
const NO_STORE: &str = "no-store";

/// The page. The limit of a password is the domain's.
pub(crate) async fn page() -> HttpResponse {
    let min = Password::MIN_CHARS.to_string();
    let page = include_str!("reset_page/page.html").replace("{MIN_CHARS}", &min);
    file("text/html; charset=utf-8", page)
}

/// What the page loads.
pub(crate) async fn asset(name: Path<String>) -> Result<HttpResponse, ApiError> {
    match name.as_str() {
        "page.js" => Ok(file("text/javascript; charset=utf-8", include_str!("reset_page/page.js"))),
        "page.css" => Ok(file("text/css; charset=utf-8", include_str!("reset_page/page.css"))),
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
