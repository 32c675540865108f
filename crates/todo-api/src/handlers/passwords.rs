//! Passwords that are changed, forgotten and reset.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use todo_domain::{ChangeDraft, PasswordService, ResetDraft};
use utoipa::ToSchema;

use crate::auth::CurrentCaller;
use crate::client_address::client_info;
use crate::error::ApiError;
use crate::json::{Json, not_null};
use crate::openapi::fields;
use crate::outbox::Outbox;

/// A password to be changed.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ChangePassword {
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, schema_with = fields::password)]
    current_password: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, schema_with = fields::password)]
    new_password: Option<String>,
}

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ForgotPassword {
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, schema_with = fields::email)]
    email: Option<String>,
}

/// A password to be reset.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ResetPassword {
    /// From the link in the mail.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, value_type = String, example = "Vv1xqkS0…")]
    token: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, schema_with = fields::password)]
    new_password: Option<String>,
}

/// Change my password
///
/// Ends all other sessions.
#[utoipa::path(
    post,
    path = "/password/change",
    operation_id = "changePassword",
    tag = "password",
    request_body(
        content = ChangePassword,
        example = json!({"current_password": "correct horse", "new_password": "battery staple"})
    ),
    responses(
        (status = 204, description = "The new password holds"),
        (status = 401, description = "The token does not hold, or the current password is wrong"),
        (status = 429, description = "Too many calls came from your address, or too many wrong \
                                      passwords were given for the account"),
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn change(
    CurrentCaller(caller): CurrentCaller,
    body: Json<ChangePassword>,
    request: HttpRequest,
    passwords: web::Data<PasswordService>,
) -> Result<HttpResponse, ApiError> {
    let Json(ChangePassword { current_password, new_password }) = body;
    let draft = ChangeDraft { current_password, new_password };
    passwords.change(&caller, draft, client_info(&request)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Forget a password
///
/// If there is an account with this email and a password, a mail with a link is sent to it. The
/// answer is the same, in the same time, if there is none. A second mail is sent after a minute at
/// the earliest.
#[utoipa::path(
    post,
    path = "/password/forgot",
    operation_id = "forgotPassword",
    tag = "password",
    request_body(content = ForgotPassword, example = json!({"email": "ada@example.com"})),
    responses(
        (status = 202, description = "If there is such an account, a mail is on its way"),
        (status = 503, description = "The service sends no mail, or is overloaded"),
    ),
)]
pub(crate) async fn forgot(
    body: Json<ForgotPassword>,
    passwords: web::Data<PasswordService>,
    outbox: Option<web::Data<Outbox>>,
) -> Result<HttpResponse, ApiError> {
    let Json(ForgotPassword { email }) = body;
    let email = passwords.address(email)?;
    outbox.ok_or(ApiError::NoMailServer)?.put(email);
    Ok(HttpResponse::Accepted().finish())
}

/// Reset a password
///
/// Sets a new password by the token of the link, which works once and for an hour, and ends every
/// session.
#[utoipa::path(
    post,
    path = "/password/reset",
    operation_id = "resetPassword",
    tag = "password",
    request_body(
        content = ResetPassword,
        example = json!({"token": "Vv1xqkS0…", "new_password": "battery staple"})
    ),
    responses(
        (status = 204, description = "The new password holds"),
        (status = 400, description = "The link does not hold, the body is not JSON, or a field \
                                      breaks a rule"),
    ),
)]
pub(crate) async fn reset(
    body: Json<ResetPassword>,
    request: HttpRequest,
    passwords: web::Data<PasswordService>,
) -> Result<HttpResponse, ApiError> {
    let Json(ResetPassword { token, new_password }) = body;
    passwords.reset(ResetDraft { token, new_password }, client_info(&request)).await?;
    Ok(HttpResponse::NoContent().finish())
}
