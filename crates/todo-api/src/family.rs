//! The two families of URLs: the handful of ways in which they differ.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest};

/// Which family a request's URL belongs to. The scope puts it into the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// `/api/v1/tasks`: the user is the token's.
    TokenScoped,
    /// `/api/{user_id}/tasks`: the user is the token's, and the URL says so as well.
    UserScoped,
}

impl Family {
    /// The status for input that breaks a rule.
    pub(crate) fn invalid_status(self) -> StatusCode {
        match self {
            Self::TokenScoped => StatusCode::UNPROCESSABLE_ENTITY,
            Self::UserScoped => StatusCode::BAD_REQUEST,
        }
    }

    /// The family of `request`; `None` outside of both.
    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get().copied()
    }
}
