//! The caller's own account.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use todo_domain::{AccountService, DisplayName, User};
use utoipa::ToSchema;

use crate::auth::{CurrentCaller, RefreshCookies};
use crate::client_address::client_info;
use crate::error::ApiError;
use crate::json::{Json, OptionalJson, absent_or_null, not_null};
use crate::openapi::fields;

/// A user.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserResponse {
    /// Names the user; also in the URLs `/api/{user_id}/tasks`.
    #[schema(example = "019aa5f0-5d2c-7cc0-b1f4-3a1f5c9a7e11")]
    id: String,
    /// The user's address.
    #[schema(example = "ada@example.com")]
    email: String,
    /// What to call the user.
    #[schema(required = true, example = "Ada")]
    name: Option<String>,
    /// When the user was first seen (RFC 3339, UTC).
    #[schema(schema_with = fields::instant)]
    created_at: String,
}

impl From<User> for UserResponse {
    fn from(user: User) -> Self {
        let User { id, email, name, created_at, updated_at: _, disabled_at: _ } = user;
        Self {
            id: id.as_str().to_owned(),
            email: email.as_str().to_owned(),
            name: name.as_ref().map(DisplayName::as_str).map(str::to_owned),
            created_at: created_at.to_string(),
        }
    }
}

/// Changes to an account. A field that is absent stays.
#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateMe {
    #[serde(default, deserialize_with = "absent_or_null")]
    #[schema(schema_with = fields::name)]
    name: Option<Option<String>>,
}

/// The proof that it is really the account's owner who deletes it.
#[derive(Deserialize, ToSchema)]
pub(crate) struct DeleteMe {
    #[serde(default, deserialize_with = "not_null")]
    #[schema(schema_with = fields::password)]
    password: Option<String>,
}

/// Who am I
#[utoipa::path(
    get,
    path = "/me",
    operation_id = "me",
    tag = "account",
    responses((status = 200, description = "The user of the access token", body = UserResponse)),
    security(("bearer" = [])),
)]
pub(crate) async fn me(
    CurrentCaller(caller): CurrentCaller,
    accounts: web::Data<AccountService>,
) -> Result<HttpResponse, ApiError> {
    let user = accounts.me(&caller).await?;
    Ok(HttpResponse::Ok().json(UserResponse::from(user)))
}

/// Change my name
///
/// `name: null` takes the name away.
#[utoipa::path(
    patch,
    path = "/me",
    operation_id = "updateMe",
    tag = "account",
    request_body(content = UpdateMe, example = json!({"name": "Ada Lovelace"})),
    responses((status = 200, description = "The user as they are now", body = UserResponse)),
    security(("bearer" = [])),
)]
pub(crate) async fn update_me(
    CurrentCaller(caller): CurrentCaller,
    body: Json<UpdateMe>,
    accounts: web::Data<AccountService>,
) -> Result<HttpResponse, ApiError> {
    let Json(UpdateMe { name }) = body;
    let user = accounts.rename(&caller, name).await?;
    Ok(HttpResponse::Ok().json(UserResponse::from(user)))
}

/// Delete my account
///
/// The account, its tasks and its sessions are deleted for good. Whoever has a password here gives
/// it; for a user of another issuer the access token is proof enough, and no body is needed.
#[utoipa::path(
    delete,
    path = "/me",
    operation_id = "deleteMe",
    tag = "account",
    request_body(content = DeleteMe, example = json!({"password": "correct horse"})),
    responses(
        (
            status = 204,
            description = "The account is gone",
            headers(("Set-Cookie" = String, description = "Takes the refresh token from the browser")),
        ),
        (status = 401, description = "The token does not hold, or the password is wrong"),
        (status = 429, description = "Too many calls came from your address, or too many wrong \
                                      passwords were given for the account"),
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn delete_me(
    CurrentCaller(caller): CurrentCaller,
    body: OptionalJson<DeleteMe>,
    request: HttpRequest,
    accounts: web::Data<AccountService>,
    cookies: web::Data<RefreshCookies>,
) -> Result<HttpResponse, ApiError> {
    let password = body.0.and_then(|DeleteMe { password }| password);
    accounts.delete(&caller, password, client_info(&request)).await?;
    Ok(HttpResponse::NoContent().cookie(cookies.clear(&request)).finish())
}
