//! The files of the web app.

use actix_web::http::Method;
use actix_web::http::header::{
    Accept, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETag, Header, HeaderValue,
    IfNoneMatch, LOCATION, Quality, VARY,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

use crate::error::ApiError;
use crate::routes;
use crate::web_app::{Caching, Entry, File, Representation, WebApp};

/// What is at an address: a file, the way to the one address of a page, or nothing.
pub(crate) async fn find(
    request: HttpRequest,
    app: web::Data<WebApp>,
) -> Result<HttpResponse, ApiError> {
    match app.find(request.path()) {
        None => Ok(nothing(&request, &app)),
        Some(_) if !is_read(&request) => Err(ApiError::Method { allow: "GET, HEAD" }),
        Some(Entry::File(file)) => Ok(found(&request, file)),
        Some(Entry::Moved { to }) => Ok(moved(&request, to)),
    }
}

/// What leads nowhere: a page for who comes with a browser, a problem for programs.
fn nothing(request: &HttpRequest, app: &WebApp) -> HttpResponse {
    let mut problem = HttpResponse::from_error(ApiError::NoRoute);
    let may_be_visited = is_read(request) && !routes::is_api(request);
    let Some(page) = app.not_found().filter(|_| may_be_visited) else { return problem };
    if !is_visit(request) {
        problem.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
        return problem;
    }
    let chosen = page.accepted_by(header(request).as_ref());
    let mut response = HttpResponse::build(problem.status());
    describe(&mut response, page, chosen);
    let vary = if page.is_compressed() { "Accept, Accept-Encoding" } else { "Accept" };
    response.insert_header((VARY, vary)).body(chosen.content.clone())
}

/// The way to the one address of a page.
fn moved(request: &HttpRequest, to: &str) -> HttpResponse {
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    HttpResponse::PermanentRedirect()
        .insert_header((LOCATION, format!("{to}{query}")))
        // The query goes along, and may hold a token.
        .insert_header((CACHE_CONTROL, cache_control(Caching::Never)))
        .finish()
}

/// A file, or that it has not changed (RFC 9110, section 13.1.2).
fn found(request: &HttpRequest, file: &File) -> HttpResponse {
    let chosen = file.accepted_by(header(request).as_ref());
    let is_known = match header(request) {
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(known)) => known.iter().any(|tag| tag.weak_eq(&chosen.tag)),
        None => false,
    };
    // A 304 has the headers of the file as well: caches keep the newest.
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    describe(&mut response, file, chosen);
    response.insert_header(ETag(chosen.tag.clone()));
    if is_known { response.finish() } else { response.body(chosen.content.clone()) }
}

/// Says what a file is, how it is sent, and how it may be kept.
fn describe(response: &mut HttpResponseBuilder, file: &File, chosen: &Representation) {
    response.content_type(file.content_type.as_str());
    response.insert_header((CACHE_CONTROL, cache_control(file.caching)));
    if let Some(policy) = &file.policy {
        response.insert_header((CONTENT_SECURITY_POLICY, policy.clone()));
    }
    if file.is_compressed() {
        response.insert_header((VARY, "Accept-Encoding"));
    }
    if !chosen.is_plain() {
        response.insert_header((CONTENT_ENCODING, chosen.coding.to_string()));
    }
}

fn cache_control(caching: Caching) -> &'static str {
    match caching {
        Caching::ForEver => "public, max-age=31536000, immutable",
        Caching::Checked => "no-cache",
        Caching::Never => "no-store",
    }
}

/// Whether the method is one that files take.
fn is_read(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Whether a person's browser goes to the address: it asks for HTML by name, as programs do not.
fn is_visit(request: &HttpRequest) -> bool {
    header(request).is_some_and(|accept: Accept| {
        let mut ranges = accept.0.iter();
        ranges.any(|it| it.item.essence_str() == "text/html" && it.quality > Quality::ZERO)
    })
}

/// A header of the request, if it is there and can be read.
fn header<H: Header>(request: &HttpRequest) -> Option<H> {
    H::parse(request).ok()
}
