//! The extractor that tells a handler who is calling.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use todo_domain::Caller;

use crate::error::ApiError;

/// The caller that the middleware let in.
#[derive(Clone, Debug)]
pub(crate) struct CurrentCaller(pub(crate) Caller);

impl FromRequest for CurrentCaller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    /// Only reads what the middleware stored: on a route without it, nobody is let in.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or(ApiError::NoToken))
    }
}
