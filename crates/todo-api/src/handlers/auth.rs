//! Ways into the service and out of it.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde::{Deserialize, Serialize};
use todo_domain::{AuthError, AuthService, LoginDraft, RefreshToken, RegisterDraft, SignedIn};
use utoipa::ToSchema;

use super::account::UserResponse;
use crate::auth::{CurrentCaller, RefreshCookies};
use crate::client_address::client_info;
use crate::error::ApiError;
use crate::json::{Json, OptionalJson, not_null};
use crate::openapi::fields;

/// An account to be made.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RegisterRequest {
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, schema_with = fields::email)]
    email: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, schema_with = fields::password)]
    password: Option<String>,
    #[serde(default)]
    #[schema(schema_with = fields::name)]
    name: Option<String>,
}

/// Credentials.
#[derive(Deserialize, ToSchema)]
pub(crate) struct LoginRequest {
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, schema_with = fields::email)]
    email: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, schema_with = fields::password)]
    password: Option<String>,
}

/// A refresh token to be traded.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RefreshRequest {
    /// The newest refresh token of the session.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, value_type = String, example = "AZqlXy7i…")]
    refresh_token: Option<String>,
}

/// Tokens for whoever has proved who they are.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenResponse {
    /// Opens the API: `Authorization: Bearer …`.
    #[schema(example = "eyJhbGciOiJIUzI1NiJ9…")]
    access_token: String,
    /// Buys the next access token, once. Absent only when the token that was presented had been
    /// replaced less than 10 seconds before: keep the one that the other call got.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, example = "AZqlXy7i…")]
    refresh_token: Option<String>,
    /// Always `bearer` (RFC 6750).
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(example = 86400)]
    expires_in: u64,
    /// Who it is.
    user: UserResponse,
}

impl From<SignedIn> for TokenResponse {
    fn from(signed_in: SignedIn) -> Self {
        let SignedIn { user, access_token, expires_in, refresh_token } = signed_in;
        Self {
            access_token: access_token.expose().to_owned(),
            refresh_token: refresh_token.as_ref().map(RefreshToken::expose).map(str::to_owned),
            token_type: "bearer",
            expires_in: expires_in.as_secs(),
            user: user.into(),
        }
    }
}

/// Tokens for an account that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegisteredResponse {
    /// Always the same.
    #[schema(example = "User created successfully")]
    message: &'static str,
    #[serde(flatten)]
    tokens: TokenResponse,
}

/// Register
///
/// Makes an account and signs it in.
#[utoipa::path(
    post,
    path = "/register",
    operation_id = "register",
    tag = "auth",
    request_body(
        content = RegisterRequest,
        example = json!({"email": "ada@example.com", "password": "correct horse", "name": "Ada"})
    ),
    responses(
        (
            status = 201,
            description = "The account is made",
            body = RegisteredResponse,
            headers(("Set-Cookie" = String, description = "The refresh token, for a browser")),
        ),
        (status = 409, description = "The email is taken, in whatever case"),
    ),
)]
pub(crate) async fn register(
    body: Json<RegisterRequest>,
    request: HttpRequest,
    auth: web::Data<AuthService>,
    cookies: web::Data<RefreshCookies>,
) -> Result<HttpResponse, ApiError> {
    let Json(RegisterRequest { email, password, name }) = body;
    let draft = RegisterDraft { email, password, name };
    let signed_in = auth.register(draft, client_info(&request)).await?;
    let mut response = HttpResponse::Created();
    keep_cookie(&mut response, &signed_in, &request, &cookies);
    let message = "User created successfully";
    Ok(response.json(RegisteredResponse { message, tokens: signed_in.into() }))
}

/// Log in
///
/// An unknown email and a wrong password get the same answer, in the same time.
#[utoipa::path(
    post,
    path = "/login",
    operation_id = "login",
    tag = "auth",
    request_body(
        content = LoginRequest,
        example = json!({"email": "ada@example.com", "password": "correct horse"})
    ),
    responses(
        (
            status = 200,
            description = "A new session",
            body = TokenResponse,
            headers(("Set-Cookie" = String, description = "The refresh token, for a browser")),
        ),
        (status = 401, description = "The email or the password is wrong"),
        (status = 403, description = "The password is right, and the account is disabled"),
        (status = 429, description = "Too many calls came from your address, or too many wrong \
                                      passwords were given for the account"),
    ),
)]
pub(crate) async fn login(
    body: Json<LoginRequest>,
    request: HttpRequest,
    auth: web::Data<AuthService>,
    cookies: web::Data<RefreshCookies>,
) -> Result<HttpResponse, ApiError> {
    let Json(LoginRequest { email, password }) = body;
    let signed_in = auth.login(LoginDraft { email, password }, client_info(&request)).await?;
    let mut response = HttpResponse::Ok();
    keep_cookie(&mut response, &signed_in, &request, &cookies);
    Ok(response.json(TokenResponse::from(signed_in)))
}

/// Refresh
///
/// Trades a refresh token for a new access token and a new refresh token. A refresh token works
/// once; using it again ends its session, but for the 10 seconds after its first use, when it gives
/// an access token alone: two tabs may refresh at once.
///
/// Without a body the cookie `todo_refresh` counts, and the page that sends it must be of an allowed
/// origin.
#[utoipa::path(
    post,
    path = "/refresh",
    operation_id = "refresh",
    tag = "auth",
    request_body(content = RefreshRequest, example = json!({"refresh_token": "AZqlXy7i…"})),
    responses(
        (
            status = 200,
            description = "The next tokens",
            body = TokenResponse,
            headers(("Set-Cookie" = String, description = "The refresh token, for a browser")),
        ),
        (status = 401, description = "The refresh token does not hold, or there is none"),
        (status = 403, description = "The cookie came from a page that may not use it"),
    ),
)]
pub(crate) async fn refresh(
    body: OptionalJson<RefreshRequest>,
    request: HttpRequest,
    auth: web::Data<AuthService>,
    cookies: web::Data<RefreshCookies>,
) -> Result<HttpResponse, ApiError> {
    let refresh_token = if let Some(RefreshRequest { refresh_token }) = body.0 {
        refresh_token
    } else {
        let token = cookies.read(&request).map_err(|error| auth.refuse_refresh(error))?;
        Some(token.ok_or(AuthError::InvalidRefreshToken)?)
    };
    let signed_in = auth.refresh(refresh_token).await?;
    let mut response = HttpResponse::Ok();
    keep_cookie(&mut response, &signed_in, &request, &cookies);
    Ok(response.json(TokenResponse::from(signed_in)))
}

/// Log out
///
/// Ends the session of the access token: its access tokens and its refresh token stop working.
#[utoipa::path(
    post,
    path = "/logout",
    operation_id = "logout",
    tag = "auth",
    responses((
        status = 204,
        description = "The session has ended",
        headers(("Set-Cookie" = String, description = "Takes the refresh token from the browser")),
    )),
    security(("bearer" = [])),
)]
pub(crate) async fn logout(
    CurrentCaller(caller): CurrentCaller,
    request: HttpRequest,
    auth: web::Data<AuthService>,
    cookies: web::Data<RefreshCookies>,
) -> Result<HttpResponse, ApiError> {
    auth.logout(&caller).await?;
    Ok(HttpResponse::NoContent().cookie(cookies.clear(&request)).finish())
}

/// Gives the refresh token, if there is a new one, to the browser as well.
fn keep_cookie(
    response: &mut HttpResponseBuilder,
    signed_in: &SignedIn,
    request: &HttpRequest,
    cookies: &RefreshCookies,
) {
    if let Some(token) = &signed_in.refresh_token {
        response.cookie(cookies.keep(token, request));
    }
}
