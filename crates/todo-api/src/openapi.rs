//! The OpenAPI document, made from the handlers.
//!
//! Each handler describes itself once, with what is its own. The answers that follow from a rule
//! (401 wherever a token is needed, 413 wherever there is a body) and the differences between the
//! two families of URLs are added here.

pub(crate) mod fields;

use utoipa::OpenApi as _;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, Header, HeaderBuilder, InfoBuilder, OpenApi, OpenApiBuilder,
    PathItem, Ref, RefOr, Required, Response, ResponseBuilder, ServerBuilder,
};

use crate::family::Family;
use crate::handlers::{account, auth, export, health, metrics, passwords, sessions, tasks};
use crate::problem::{ProblemDocument, ProblemField};

#[derive(utoipa::OpenApi)]
#[openapi(paths(
    tasks::list,
    tasks::create,
    tasks::count,
    tasks::find,
    tasks::update,
    tasks::complete,
    tasks::delete
))]
struct TaskPaths;

#[derive(utoipa::OpenApi)]
#[openapi(paths(
    auth::register,
    auth::login,
    auth::refresh,
    auth::logout,
    account::me,
    account::update_me,
    account::delete_me,
    export::export_me,
    passwords::change,
    passwords::forgot,
    passwords::reset,
    sessions::list,
    sessions::end,
    sessions::end_others
))]
struct AuthPaths;

#[derive(utoipa::OpenApi)]
#[openapi(
    paths(health::health, health::live, health::ready, metrics::metrics),
    components(schemas(ProblemDocument, ProblemField))
)]
struct HealthPaths;

const DESCRIPTION: &str = "\
Todo lists for many people: a task can be seen by its owner and by nobody else.

Register or log in, then send the access token as `Authorization: Bearer …`. Tasks live at \
`/api/v1/tasks`, where the token tells whose they are, and at `/api/{user_id}/tasks`, where the URL \
must agree with it. The two differ in the status for invalid input (422 and 400) and in the answer \
to DELETE (200 and 204), and in nothing else. `/api/auth/*` is `/api/v1/auth/*`.

Every error is a problem document (RFC 9457); a method that a URL does not take is a 405 with \
`Allow`, and a URL that leads nowhere is a 404, which outside `/api/` and `/docs/` is a page for who \
asks for `text/html` where a web app is served. Every answer has an `X-Request-Id`.";

/// The status of a call that comes too soon; only limited operations have it.
const TOO_MANY: &str = "429";

/// The OpenAPI 3.1 document of every URL.
#[must_use]
pub fn document() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Todo API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .build();
    let mut document = OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .components(Some(Components::new()))
        .build()
        .merge_from(HealthPaths::openapi())
        .nest("/api/v1/auth", auth_paths())
        .nest("/api/auth", renamed(auth_paths(), "Unversioned"))
        .nest("/api/v1", in_family(task_paths(), Family::TokenScoped))
        .nest("/api/{user_id}", in_family(task_paths(), Family::UserScoped));
    for item in document.paths.paths.values_mut() {
        operations(item).for_each(add_common_responses);
    }
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token of this service, or one of Better Auth"));
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    document
}

/// [`document`] as it is served and kept in `specs/openapi.json`.
pub(crate) fn to_json() -> String {
    // A tree of strings and numbers always serialises.
    document().to_pretty_json().unwrap_or_default()
}

/// The paths of tasks.
fn task_paths() -> OpenApi {
    let mut paths = TaskPaths::openapi();
    with_optional_body(&mut paths, "completeTask");
    paths
}

/// Lets the body of an operation be left out, which the handlers' attributes cannot say without
/// allowing `null` as well.
fn with_optional_body(paths: &mut OpenApi, operation_id: &str) {
    let items = paths.paths.paths.values_mut();
    let mut named = items.flat_map(operations);
    let operation = named.find(|it| it.operation_id.as_deref() == Some(operation_id));
    if let Some(RefOr::T(body)) = operation.and_then(|it| it.request_body.as_mut()) {
        body.required = Some(Required::False);
    }
}

/// The paths of auth, which are limited. Signing up is registering under another name.
fn auth_paths() -> OpenApi {
    let mut paths = AuthPaths::openapi();
    with_optional_body(&mut paths, "refresh");
    with_optional_body(&mut paths, "deleteMe");
    if let Some(register) = paths.paths.paths.get("/register") {
        let mut signup = register.clone();
        operations(&mut signup)
            .for_each(|operation| operation.operation_id = Some("signup".into()));
        paths.paths.paths.insert("/signup".to_owned(), signup);
    }
    for item in paths.paths.paths.values_mut() {
        operations(item)
            .for_each(|it| add(it, TOO_MANY, problem("Too many calls came from your address")));
    }
    paths
}

/// The same operations with `suffix` behind their ids, which must be unique.
fn renamed(mut paths: OpenApi, suffix: &str) -> OpenApi {
    for item in paths.paths.paths.values_mut() {
        for operation in operations(item) {
            if let Some(id) = &mut operation.operation_id {
                id.push_str(suffix);
            }
        }
    }
    paths
}

/// The tasks as one family of URLs has them.
fn in_family(paths: OpenApi, family: Family) -> OpenApi {
    let mut paths = match family {
        Family::TokenScoped => paths,
        Family::UserScoped => renamed(paths, "OfUser"),
    };
    let invalid = family.invalid_status().as_str().to_owned();
    for item in paths.paths.paths.values_mut() {
        for operation in operations(item) {
            let takes_query = parameters(operation).any(|it| it.parameter_in == ParameterIn::Query);
            if operation.request_body.is_some() || takes_query {
                add(operation, &invalid, problem("A field or parameter breaks a rule"));
            }
            if family == Family::UserScoped {
                operation.parameters.get_or_insert_default().insert(0, RefOr::T(user_id()));
            }
        }
        if family == Family::UserScoped
            && let Some(delete) = &mut item.delete
        {
            delete.responses.responses.remove("200");
            add(delete, "204", Response::new("The task is gone"));
        }
    }
    paths
}

fn user_id() -> Parameter {
    ParameterBuilder::new()
        .name("user_id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The user of the access token"))
        .schema(Some(fields::user_id()))
        .build()
}

/// Adds the answers that follow from a rule.
fn add_common_responses(operation: &mut Operation) {
    if operation.request_body.is_some() {
        add(operation, "400", problem("The body is not JSON, or a field breaks a rule"));
        add(operation, "408", problem("The body did not arrive in time"));
        add(operation, "413", problem("The body has more than 64 KiB"));
        add(operation, "415", problem("The body is not declared as JSON"));
    }
    if operation.security.is_some() {
        add(operation, "401", problem("There is no token, or it does not hold"));
        add(
            operation,
            "403",
            problem(
                "The URL names another user than the token, or the token's email belongs to \
                 another account",
            ),
        );
    }
    if parameters(operation).any(|it| it.name == "task_id") {
        add(operation, "404", problem("You have no such task"));
    }
    add(operation, "500", problem("A fault of the service"));
    add(
        operation,
        "503",
        problem(
            "The service is overloaded, or something that it needs does not answer. With the type \
             `urn:todo:problem:outcome-unknown` nobody can tell whether the change was made",
        ),
    );
    let is_limited = operation.responses.responses.contains_key(TOO_MANY);
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            complete(status, response);
            if is_limited {
                add_limit(response);
            }
        }
    }
}

/// Tells of the limit in the headers of an answer.
fn add_limit(response: &mut Response) {
    let policy = header("The limit: `q` calls in `w` seconds");
    response.headers.insert("RateLimit-Policy".to_owned(), policy);
    let standing = header("What is left of it: `r` calls now, and one more after `t` seconds");
    response.headers.insert("RateLimit".to_owned(), standing);
}

fn header(description: &str) -> RefOr<Header> {
    let schema = Some(fields::text());
    RefOr::T(HeaderBuilder::new().description(Some(description)).schema(schema).build())
}

/// Gives an answer that only a handler's words describe its body and headers.
fn complete(status: &str, response: &mut Response) {
    let is_error = status.starts_with('4') || status.starts_with('5');
    if is_error && response.content.is_empty() {
        response.content = problem("").content;
    }
    match status {
        "401" => {
            let challenge = header("`Bearer` (RFC 6750)");
            response.headers.insert("WWW-Authenticate".to_owned(), challenge);
        }
        TOO_MANY | "503" => {
            let seconds = header("Seconds after which to try again");
            response.headers.insert("Retry-After".to_owned(), seconds);
        }
        _ => {}
    }
    response.headers.insert("X-Request-Id".to_owned(), header("Names this request in the log"));
}

/// Adds a response unless the handler has described that status itself.
fn add(operation: &mut Operation, status: &str, response: Response) {
    operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
}

/// A problem document, with what it means here.
fn problem(description: &str) -> Response {
    let schema = Ref::from_schema_name("ProblemDocument");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build()
}

fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}
