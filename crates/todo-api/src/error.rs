//! The one place where an error becomes a status and a problem document.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use thiserror::Error;
use todo_domain::{
    AuthError, HashError, SessionError, StoreError, Switch, TaskError, ValidationError,
};

use crate::family::Family;
use crate::json::{BodyError, MAX_BODY_BYTES};
use crate::problem::ProblemField;
use crate::rate_limit::whole_seconds;

/// Why a request failed.
#[derive(Debug, Error)]
pub(crate) enum ApiError {
    /// A use case of tasks failed.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// A use case of accounts failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// A use case of sessions failed.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The body cannot be used.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The query cannot be read; says why, in serde's words.
    #[error("the query cannot be read: {0}")]
    Query(String),
    /// Storage failed, asked by no use case.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No token came with the request.
    #[error("no bearer token came with the request")]
    NoToken,
    /// An operator has turned this off.
    #[error("{0} is switched off")]
    SwitchedOff(Switch),
    /// No mail can be sent.
    #[error("no mail server is set up")]
    NoMailServer,
    /// The URL leads nowhere.
    #[error("the URL leads nowhere")]
    NoRoute,
    /// The URL does not take this method.
    #[error("the URL does not take this method")]
    Method {
        /// The methods that it takes, as the header `Allow` lists them.
        allow: &'static str,
    },
    /// Too many calls came from the client's network.
    #[error("too many calls came from the client's network")]
    RateLimited {
        /// Seconds after which the next call passes.
        retry_after: u64,
    },
    /// The request was not answered in time.
    #[error("the request was not answered in time")]
    Deadline,
    /// A request that may change something was not answered in time, so that nobody can tell what
    /// was changed.
    #[error("the change was not answered in time")]
    DeadlineOfChange,
    /// The process is about to end.
    #[error("the process is about to end")]
    Draining,
    /// The request came to the proxy without encryption.
    #[error("the request came to the proxy without encryption")]
    HttpsRequired,
    /// The metrics could not be written.
    #[error("the metrics cannot be written")]
    Metrics(#[source] prometheus::Error),
}

impl ResponseError for ApiError {
    /// A bare response that carries this error out to where problem documents are written.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.describe(None).status)
    }
}

/// What the outside learns of an error.
pub(crate) struct Description {
    pub(crate) status: StatusCode,
    /// The last part of the problem's `type`.
    pub(crate) slug: &'static str,
    pub(crate) title: Cow<'static, str>,
    pub(crate) detail: Cow<'static, str>,
    pub(crate) errors: Vec<ProblemField>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// Seconds after which a client may try again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");
/// The same, where an operator has to do something first.
const SWITCHED_OFF_RETRY_AFTER: HeaderValue = HeaderValue::from_static("60");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// RFC 6750, section 3: no token, and a token that does not hold.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer");
const CHALLENGE_INVALID: HeaderValue = HeaderValue::from_static(r#"Bearer error="invalid_token""#);

impl ApiError {
    /// Whether nothing is broken: there was too much to do at once, or an operator wants it so.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Auth(AuthError::Hash(HashError::Busy))
                | Self::Deadline
                | Self::DeadlineOfChange
                | Self::Draining
                | Self::SwitchedOff(_)
                | Self::NoMailServer
        )
    }

    /// The status and public text of this error in the URL's family.
    pub(crate) fn describe(&self, family: Option<Family>) -> Description {
        match self {
            Self::Task(error) => task(error, family),
            Self::Auth(error) => auth(error, family),
            Self::Session(error) => session(error),
            Self::Body(error) => body(error, family),
            Self::Query(message) => invalid(family, vec![unreadable("query".into(), message)]),
            Self::Store(error) => store(error),
            Self::NoToken => Description::new(
                StatusCode::UNAUTHORIZED,
                "no-token",
                "Authentication required",
                "Send an access token in the header `Authorization: Bearer …`.",
            )
            .with(header::WWW_AUTHENTICATE, CHALLENGE),
            Self::SwitchedOff(switch) => switched_off(*switch),
            Self::NoMailServer => unavailable_for(
                "This service sends no mail, so no password can be reset by it. Ask its operator.",
                SWITCHED_OFF_RETRY_AFTER,
            ),
            Self::NoRoute => Description::new(
                StatusCode::NOT_FOUND,
                "not-found",
                "Not found",
                "There is nothing at this URL. The API is described at /docs.",
            )
            // Another build of the web app, on another server, may have something there.
            .with(header::CACHE_CONTROL, NO_STORE),
            Self::Method { allow } => Description::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Method not allowed",
                format!("This URL takes: {allow}."),
            )
            .with(header::ALLOW, HeaderValue::from_static(allow)),
            Self::RateLimited { retry_after } => Description::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-requests",
                "Too many requests",
                format!("Too many calls came from your address. Try again in {retry_after} s."),
            )
            .with(header::RETRY_AFTER, HeaderValue::from(*retry_after)),
            Self::Deadline => unavailable("The request took too long."),
            Self::DeadlineOfChange => outcome_unknown("The request took too long"),
            Self::Draining => unavailable_for(
                "This server is about to stop. Send requests to another one.",
                RETRY_AFTER,
            ),
            Self::HttpsRequired => Description::new(
                StatusCode::FORBIDDEN,
                "https-required",
                "HTTPS required",
                "The request came over plain HTTP, where others can read it. Send it to the https \
                 address. If it held a token or a password, change it.",
            ),
            Self::Metrics(_) => internal(),
        }
    }
}

fn task(error: &TaskError, family: Option<Family>) -> Description {
    match error {
        TaskError::Invalid(error) => invalid(family, fields_of(error)),
        TaskError::NotFound => Description::new(
            StatusCode::NOT_FOUND,
            "task-not-found",
            "Task not found",
            "You have no task with this id.",
        ),
        TaskError::OwnerGone => invalid_token(),
        TaskError::Store(error) => store(error),
    }
}

fn auth(error: &AuthError, family: Option<Family>) -> Description {
    match error {
        AuthError::Invalid(error) => invalid(family, fields_of(error)),
        AuthError::EmailTaken => Description::new(
            StatusCode::CONFLICT,
            "email-taken",
            "Email taken",
            "An account with this email exists. Log in, or register with another email.",
        ),
        AuthError::EmailBelongsToAnother => Description::new(
            StatusCode::FORBIDDEN,
            "email-belongs-to-another-account",
            "Email belongs to another account",
            "The token is good, but its email belongs to another account of this service, and \
             accounts are never merged. Log in to that account, or use a token with another email.",
        ),
        AuthError::InvalidCredentials => Description::new(
            StatusCode::UNAUTHORIZED,
            "invalid-credentials",
            "Invalid credentials",
            "The email or the password is wrong.",
        )
        .with(header::WWW_AUTHENTICATE, CHALLENGE),
        AuthError::WrongPassword => Description::new(
            StatusCode::UNAUTHORIZED,
            "wrong-password",
            "Wrong password",
            "The password is not that of your account.",
        )
        .with(header::WWW_AUTHENTICATE, CHALLENGE),
        AuthError::TooManyAttempts(wait) => {
            let seconds = whole_seconds(*wait);
            Description::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-attempts",
                "Too many attempts",
                format!(
                    "Too many passwords were tried for this account. Try again in {seconds} s."
                ),
            )
            .with(header::RETRY_AFTER, HeaderValue::from(seconds))
        }
        AuthError::AccountDisabled => Description::new(
            StatusCode::FORBIDDEN,
            "account-disabled",
            "Account disabled",
            "This account is disabled. Ask the operator of the service.",
        ),
        AuthError::OtherUser => Description::new(
            StatusCode::FORBIDDEN,
            "other-user",
            "Forbidden",
            "The user in the URL must be the user of the access token.",
        ),
        AuthError::OriginNotAllowed => Description::new(
            StatusCode::FORBIDDEN,
            "origin-not-allowed",
            "Origin not allowed",
            "The refresh cookie may be used by pages of API_BASE_URL and of the origins in \
             CORS_ALLOWED_ORIGINS alone. Send the refresh token in the body instead.",
        ),
        AuthError::InvalidResetToken => Description::new(
            StatusCode::BAD_REQUEST,
            "invalid-reset-token",
            "Invalid reset token",
            "The link is unknown, used or older than an hour. Ask for a new one.",
        ),
        AuthError::InvalidRefreshToken | AuthError::RefreshTokenReused => Description::new(
            StatusCode::UNAUTHORIZED,
            "invalid-refresh-token",
            "Invalid refresh token",
            "The refresh token does not hold, or no longer. Log in again.",
        )
        .with(header::WWW_AUTHENTICATE, CHALLENGE_INVALID),
        AuthError::InvalidToken(_) => invalid_token(),
        AuthError::KeysUnavailable(_) => {
            unavailable("The keys of the token's issuer cannot be fetched.")
        }
        AuthError::Hash(HashError::Busy) => {
            unavailable("Too many people are logging in at this moment.")
        }
        AuthError::Hash(HashError::Failed(_)) | AuthError::Signing(_) => internal(),
        AuthError::Store(error) => store(error),
    }
}

fn session(error: &SessionError) -> Description {
    match error {
        SessionError::NotFound => Description::new(
            StatusCode::NOT_FOUND,
            "session-not-found",
            "Session not found",
            "You have no open session with this id.",
        ),
        SessionError::Store(error) => store(error),
    }
}

fn body(error: &BodyError, family: Option<Family>) -> Description {
    match error {
        BodyError::NotJson => Description::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not-json",
            "Unsupported media type",
            "Send the body as JSON, with the header `Content-Type: application/json` and without a \
             `Content-Encoding`.",
        ),
        BodyError::TooLarge => Description::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            "Body too large",
            format!("The body may have at most {MAX_BODY_BYTES} bytes."),
        ),
        BodyError::TooSlow => Description::new(
            StatusCode::REQUEST_TIMEOUT,
            "body-too-slow",
            "Request timeout",
            "The body did not arrive in time. Send the request again.",
        )
        .with(header::CONNECTION, HeaderValue::from_static("close")),
        BodyError::Interrupted => Description::new(
            StatusCode::BAD_REQUEST,
            "body-interrupted",
            "Body interrupted",
            "The body could not be received. Send the request again.",
        ),
        BodyError::Broken(message) => Description::new(
            StatusCode::BAD_REQUEST,
            "broken-json",
            "Broken JSON",
            format!("The body is not JSON: {message}."),
        ),
        BodyError::WrongType { field, message } => {
            invalid(family, vec![unreadable(field.clone(), message)])
        }
    }
}

impl Description {
    fn new(
        status: StatusCode,
        slug: &'static str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (errors, headers) = (Vec::new(), Vec::new());
        Self { status, slug, title: title.into(), detail: detail.into(), errors, headers }
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// What is said of an error that the framework made of its own accord.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => ApiError::NoRoute.describe(None),
            status if status.is_server_error() => internal(),
            status => Self::new(
                status,
                "bad-request",
                status.canonical_reason().unwrap_or("Bad request"),
                "The request cannot be understood.",
            ),
        }
    }
}

fn invalid_token() -> Description {
    Description::new(
        StatusCode::UNAUTHORIZED,
        "invalid-token",
        "Invalid token",
        "The access token does not hold, or no longer. Refresh it or log in again.",
    )
    .with(header::WWW_AUTHENTICATE, CHALLENGE_INVALID)
}

/// Input that breaks a rule: 400, or as the family has it.
fn invalid(family: Option<Family>, errors: Vec<ProblemField>) -> Description {
    let status = family.map_or(StatusCode::BAD_REQUEST, Family::invalid_status);
    let detail = "Correct the fields named in `errors` and send the request again.";
    Description { errors, ..Description::new(status, "invalid-input", "Invalid input", detail) }
}

/// What serde says of a value that it cannot read, in our words: its own would show the value.
fn unreadable(field: Cow<'static, str>, message: &str) -> ProblemField {
    let (message, _place) = message.rsplit_once(" at line ").unwrap_or((message, ""));
    if let Some(name) = message.strip_prefix("duplicate field `") {
        let field = name.trim_end_matches('`').to_owned().into();
        return ProblemField { field, code: "duplicate", message: "must be given once".to_owned() };
    }
    let message = match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("must be {expected}"),
        None => "cannot be read".to_owned(),
    };
    ProblemField { field, code: "wrong_type", message }
}

fn fields_of(error: &ValidationError) -> Vec<ProblemField> {
    let field = |error: &todo_domain::FieldError| ProblemField {
        field: error.field.into(),
        code: error.violation.code(),
        message: error.violation.to_string(),
    };
    error.errors().iter().map(field).collect()
}

fn store(error: &StoreError) -> Description {
    match error {
        StoreError::Unavailable(_) => unavailable("The database does not answer."),
        StoreError::FateUnknown(_) => outcome_unknown("The database did not say what came of it"),
        // Whoever could meet a conflict has made an error of their own of it.
        StoreError::Conflict | StoreError::Corrupt(_) => internal(),
    }
}

fn unavailable(reason: &'static str) -> Description {
    unavailable_for(format!("{reason} Try again in a few seconds."), RETRY_AFTER)
}

fn unavailable_for(detail: impl Into<Cow<'static, str>>, retry_after: HeaderValue) -> Description {
    Description::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Service unavailable", detail)
        .with(header::RETRY_AFTER, retry_after)
}

fn outcome_unknown(reason: &'static str) -> Description {
    let detail =
        format!("{reason}: your change may have been saved or not. Look before you send it again.");
    Description {
        slug: "outcome-unknown",
        title: "Outcome unknown".into(),
        ..unavailable_for(detail, RETRY_AFTER)
    }
}

fn switched_off(switch: Switch) -> Description {
    let what = match switch {
        Switch::Signup => "Signing up",
        Switch::Login => "Logging in",
        Switch::PasswordReset => "Resetting passwords",
        Switch::TaskWrites => "Changing tasks",
    };
    let detail = format!("{what} is switched off for the moment. Try again later.");
    Description {
        slug: "switched-off",
        title: "Switched off".into(),
        ..unavailable_for(detail, SWITCHED_OFF_RETRY_AFTER)
    }
}

fn internal() -> Description {
    Description::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Internal server error",
        "The fault is ours. Tell us the request id if it happens again.",
    )
}
