//! The API's description, as a document and as a page. Everything comes from the binary.

use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::{HttpResponse, web};
use utoipa_swagger_ui::Config;

use crate::error::ApiError;

/// What Swagger UI needs: its own files, styles in elements, and the API itself.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' \
                           'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
                           frame-ancestors 'none'";

/// The page's files change with the binary alone.
const ONE_HOUR: &str = "public, max-age=3600";

/// The OpenAPI document, written once.
pub(crate) struct OpenApiJson(pub(crate) web::Bytes);

/// The OpenAPI document.
pub(crate) async fn openapi_json(document: web::Data<OpenApiJson>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}

/// The page has relative links, which need the slash.
pub(crate) async fn docs_root() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

/// A file of the page.
pub(crate) async fn docs_file(path: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let config = Arc::new(Config::from("/openapi.json").validator_url("none"));
    let file = utoipa_swagger_ui::serve(&path, config).ok().flatten().ok_or(ApiError::NoRoute)?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header((CONTENT_SECURITY_POLICY, DOCS_POLICY))
        .insert_header((CACHE_CONTROL, ONE_HOUR))
        .body(file.bytes.into_owned()))
}
