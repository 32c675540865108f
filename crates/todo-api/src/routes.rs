//! Every URL on one screen.

use actix_web::dev::{HttpServiceFactory, ServiceRequest};
use actix_web::guard::{Any, Get, Head};
use actix_web::middleware::from_fn;
use actix_web::{Handler, HttpRequest, Resource, Responder, Route, web};
use todo_domain::Switch;

use crate::auth::{authenticate, authenticate_family};
use crate::error::ApiError;
use crate::family::Family;
use crate::handlers::{
    account, auth, docs, export, health, metrics, pages, passwords, sessions, tasks, web_app,
};
use crate::middleware::{deadline, switched};
use crate::web_app::WebApp;

/// Where the calls of auth are, each at both.
const AUTH: [&str; 2] = ["/api/v1/auth", "/api/auth"];
/// The page on which a user chooses a new password; the links in mails lead there.
pub(crate) const RESET_PASSWORD_PAGE: &str = "/reset-password";
/// How the files of the web app are named where routes are: the build knows which there are.
const WEB_APP_FILE: &str = "/{file:.*}";

/// The URLs in the order in which they are tried: what is fixed before what holds a user.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    let [auth_v1, auth] = AUTH;
    app.service(read_only("/health", get(health::health)))
        .service(read_only("/health/live", get(health::live)))
        .service(read_only("/health/ready", get(health::ready)))
        .service(read_only("/openapi.json", get(docs::openapi_json)))
        .service(read_only("/docs", get(docs::docs_root)))
        .service(read_only("/docs/{file:.*}", get(docs::docs_file)))
        .service(auth_scope(auth_v1))
        .service(auth_scope(auth))
        .service(task_scope("/api/v1/tasks", Family::TokenScoped))
        .service(task_scope("/api/{user_id}/tasks", Family::UserScoped));
}

/// What people see, after all other URLs: the web app, or the pages of a service that has none.
pub(crate) fn configure_pages(app: &mut web::ServiceConfig, web_app: Option<&web::Data<WebApp>>) {
    match web_app {
        Some(web_app) => {
            app.app_data(web_app.clone()).default_service(web::to(web_app::find));
        }
        None => {
            app.service(read_only("/", get(pages::start)))
                .service(read_only(RESET_PASSWORD_PAGE, get(pages::reset_password)))
                .service(read_only("/pages/{file}", get(pages::asset)))
                .default_service(web::to(no_route));
        }
    }
}

/// What Prometheus scrapes: among the other URLs, or alone on a port of its own.
pub(crate) fn configure_metrics(app: &mut web::ServiceConfig) {
    app.service(read_only("/metrics", get(metrics::metrics)));
}

/// The pattern of a request's URL, such as `/api/v1/tasks/{task_id}`, whoever answers it; `None` if it leads
/// nowhere.
pub(crate) fn pattern(request: &HttpRequest) -> Option<String> {
    let web_app = request.app_data::<web::Data<WebApp>>();
    let is_file = || web_app.is_some_and(|app| app.find(request.path()).is_some());
    request.match_pattern().or_else(|| is_file().then(|| WEB_APP_FILE.to_owned()))
}

/// Whether the URL is of auth, as the router reads it: to it, `%61uth` is `auth`.
pub(crate) fn is_auth(request: &ServiceRequest) -> bool {
    let path = request.match_info().as_str();
    AUTH.into_iter().any(|prefix| {
        path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Whether the URL is of the API, where tokens and tasks go, as the router reads it.
pub(crate) fn is_api(request: &HttpRequest) -> bool {
    request.match_info().as_str().starts_with("/api/")
}

/// Whether the URL is one that probes ask.
pub(crate) fn is_health(request: &ServiceRequest) -> bool {
    let path = request.match_info().as_str();
    path == "/health" || path.starts_with("/health/")
}

fn task_scope(prefix: &str, family: Family) -> impl HttpServiceFactory + use<> {
    let tasks = |path: &str, allow| {
        resource(path, allow)
            .wrap(from_fn(|request, next| switched(Switch::TaskWrites, request, next)))
            .wrap(from_fn(deadline))
    };
    web::scope(prefix)
        .service(
            tasks("", "GET, HEAD, POST")
                .route(get(tasks::list))
                .route(web::post().to(tasks::create)),
        )
        .service(tasks("/counts", "GET, HEAD").route(get(tasks::count)))
        .service(
            tasks("/{task_id}", "GET, HEAD, PUT, DELETE")
                .route(get(tasks::find))
                .route(web::put().to(tasks::update))
                .route(web::delete().to(tasks::delete)),
        )
        .service(tasks("/{task_id}/complete", "PATCH").route(web::patch().to(tasks::complete)))
        .default_service(web::to(no_route))
        .wrap(from_fn(move |request, next| authenticate_family(family, request, next)))
}

fn auth_scope(prefix: &str) -> impl HttpServiceFactory + use<> {
    let open =
        |path: &str, handler: Route| resource(path, "POST").route(handler).wrap(from_fn(deadline));
    let switchable = |switch, path: &str, handler: Route| {
        resource(path, "POST")
            .route(handler)
            .wrap(from_fn(move |request, next| switched(switch, request, next)))
            .wrap(from_fn(deadline))
    };
    let closed = |path: &str, allow, handler: Route| {
        resource(path, allow).route(handler).wrap(from_fn(deadline)).wrap(from_fn(authenticate))
    };
    web::scope(prefix)
        .service(switchable(Switch::Signup, "/register", web::post().to(auth::register)))
        .service(switchable(Switch::Signup, "/signup", web::post().to(auth::register)))
        .service(switchable(Switch::Login, "/login", web::post().to(auth::login)))
        .service(open("/refresh", web::post().to(auth::refresh)))
        .service(closed("/logout", "POST", web::post().to(auth::logout)))
        .service(
            closed("/me", "GET, HEAD, PATCH, DELETE", get(account::me))
                .route(web::patch().to(account::update_me))
                .route(web::delete().to(account::delete_me)),
        )
        .service(closed("/me/export", "GET, HEAD", get(export::export_me)))
        .service(closed("/password/change", "POST", web::post().to(passwords::change)))
        .service(switchable(
            Switch::PasswordReset,
            "/password/forgot",
            web::post().to(passwords::forgot),
        ))
        .service(switchable(
            Switch::PasswordReset,
            "/password/reset",
            web::post().to(passwords::reset),
        ))
        .service(
            closed("/sessions", "GET, HEAD, DELETE", get(sessions::list))
                .route(web::delete().to(sessions::end_others)),
        )
        .service(closed("/sessions/{session_id}", "DELETE", web::delete().to(sessions::end)))
        .default_service(web::to(no_route))
}

fn read_only(path: &str, handler: Route) -> Resource {
    resource(path, "GET, HEAD").route(handler)
}

/// A resource that answers 405, with `allow`, to methods that it has no route for.
fn resource(path: &str, allow: &'static str) -> Resource {
    let refuse = move || async move { Err::<String, _>(ApiError::Method { allow }) };
    web::resource(path).default_service(web::to(refuse))
}

/// GET, and HEAD with it (RFC 9110, section 9.1).
fn get<F, Args>(handler: F) -> Route
where
    F: Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::route().guard(Any(Get()).or(Head())).to(handler)
}

async fn no_route() -> Result<String, ApiError> {
    Err(ApiError::NoRoute)
}
