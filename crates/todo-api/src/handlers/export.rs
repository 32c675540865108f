//! All that is held on the caller, written out as it is read: never in memory as a whole.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use futures_util::stream;
use serde::Serialize;
use todo_domain::{
    AccountService, Caller, KeptSession, KnownNetwork, SessionId, TaskQueryDraft, TaskService, User,
};
use utoipa::ToSchema;

use super::account::UserResponse;
use super::sessions::SessionDetails;
use super::tasks::TaskResponse;
use crate::auth::CurrentCaller;
use crate::error::ApiError;
use crate::openapi::fields;
use crate::telemetry;

/// A user, with what only an export tells.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExportedUser {
    #[serde(flatten)]
    user: UserResponse,
    /// When something about the user last changed (RFC 3339, UTC).
    #[schema(schema_with = fields::instant)]
    updated_at: String,
}

impl From<User> for ExportedUser {
    fn from(user: User) -> Self {
        let updated_at = user.updated_at.to_string();
        Self { user: user.into(), updated_at }
    }
}

/// A network that the account was used from.
#[derive(Serialize, ToSchema)]
pub(crate) struct NetworkResponse {
    /// An IPv4 address, or the first half of an IPv6 address.
    #[schema(example = "203.0.113.7")]
    network: String,
    /// When the account was last logged in to from there (RFC 3339, UTC).
    #[schema(schema_with = fields::instant)]
    last_used_at: String,
}

impl From<KnownNetwork> for NetworkResponse {
    fn from(known: KnownNetwork) -> Self {
        let KnownNetwork { network, last_used_at } = known;
        Self { network, last_used_at: last_used_at.to_string() }
    }
}

/// A session, open or not.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeptSessionResponse {
    #[serde(flatten)]
    details: SessionDetails,
    /// When it was ended before its time (RFC 3339, UTC).
    #[schema(required = true)]
    revoked_at: Option<String>,
}

impl From<KeptSession> for KeptSessionResponse {
    fn from(kept: KeptSession) -> Self {
        let KeptSession { session, revoked_at } = kept;
        let revoked_at = revoked_at.map(|revoked_at| revoked_at.to_string());
        Self { details: session.into(), revoked_at }
    }
}

/// All that is held on a user. Of passwords and tokens there are only digests, which are left out.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExportResponse {
    /// The user.
    user: ExportedUser,
    /// The networks that the account was used from in the last 90 days.
    networks: Vec<NetworkResponse>,
    /// The sessions that are kept, open or not.
    sessions: Vec<KeptSessionResponse>,
    /// The tasks, the newest first.
    tasks: Vec<TaskResponse>,
}

/// What comes next.
enum Part {
    Head,
    Sessions { after: Option<SessionId> },
    Tasks { cursor: Option<String>, first: bool },
}

/// Reads what belongs to one caller.
struct Export {
    caller: Caller,
    accounts: web::Data<AccountService>,
    tasks: web::Data<TaskService>,
}

/// Export my data
///
/// All that is held on you, as one JSON document: the user, the networks and sessions, the tasks.
#[utoipa::path(
    get,
    path = "/me/export",
    operation_id = "exportMe",
    tag = "account",
    responses((
        status = 200,
        description = "All that is held on the user",
        body = ExportResponse,
        headers(("Content-Disposition" = String, description = "Names a file to save it as")),
    )),
    security(("bearer" = [])),
)]
pub(crate) async fn export_me(
    CurrentCaller(caller): CurrentCaller,
    accounts: web::Data<AccountService>,
    tasks: web::Data<TaskService>,
) -> Result<HttpResponse, ApiError> {
    let export = Export { caller, accounts, tasks };
    // What can fail before the first byte is an answer of its own.
    let (head, next) = export.part(Part::Head).await?;
    let rest = stream::try_unfold((export, next), async |(export, part)| {
        let Some(part) = part else { return Ok(None) };
        let (bytes, next) = export.part(part).await.inspect_err(broke_off)?;
        Ok::<_, ApiError>(Some((bytes, (export, next))))
    });
    let body = stream::StreamExt::chain(stream::iter([Ok(head)]), rest);
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CONTENT_DISPOSITION, r#"attachment; filename="todo-export.json""#))
        .streaming(Box::pin(body)))
}

/// Logs why an export ends before its end, which the broken connection tells the client.
fn broke_off(error: &ApiError) {
    let cause = telemetry::chain(error);
    if matches!(error, ApiError::Auth(error) if error.is_refusal()) {
        tracing::info!(cause, "an export broke off: the account was deleted meanwhile");
    } else {
        tracing::error!(cause, "an export broke off");
    }
}

impl Export {
    /// Writes one part, and tells what comes next.
    async fn part(&self, part: Part) -> Result<(Bytes, Option<Part>), ApiError> {
        match part {
            Part::Head => {
                let user = ExportedUser::from(self.accounts.me(&self.caller).await?);
                let networks = self.accounts.networks(&self.caller).await?;
                let networks: Vec<_> = networks.into_iter().map(NetworkResponse::from).collect();
                let (user, networks) = (json(&user), json(&networks));
                let text = format!(r#"{{"user":{user},"networks":{networks},"sessions":["#);
                Ok((text.into(), Some(Part::Sessions { after: None })))
            }
            Part::Sessions { after } => {
                let sessions = self.accounts.kept_sessions(&self.caller, after).await?;
                let Some(last) = sessions.last().map(|kept| kept.session.id) else {
                    let tasks = Part::Tasks { cursor: None, first: true };
                    return Ok((r#"],"tasks":["#.into(), Some(tasks)));
                };
                let sessions = sessions.into_iter().map(KeptSessionResponse::from);
                let next = Part::Sessions { after: Some(last) };
                Ok((items(sessions, after.is_none()), Some(next)))
            }
            Part::Tasks { cursor, first } => {
                let query = TaskQueryDraft { cursor, ..TaskQueryDraft::default() };
                let page = self.tasks.list(&self.caller.user_id, query).await?;
                let mut text =
                    items(page.tasks.into_iter().map(TaskResponse::from), first).to_vec();
                let next = page.next.map(|next| next.to_string());
                if next.is_none() {
                    // An account that was deleted meanwhile has no tasks: an export of it must not
                    // look whole.
                    self.accounts.me(&self.caller).await?;
                    text.extend_from_slice(b"]}");
                }
                let next = next.map(|cursor| Part::Tasks { cursor: Some(cursor), first: false });
                Ok((text.into(), next))
            }
        }
    }
}

/// Items of an array, behind a comma where others came before.
fn items(items: impl Iterator<Item = impl Serialize>, first: bool) -> Bytes {
    let items: Vec<_> = items.map(|item| json(&item)).collect();
    let comma = if first || items.is_empty() { "" } else { "," };
    format!("{comma}{}", items.join(",")).into()
}

fn json(value: &impl Serialize) -> String {
    // Strings and numbers always serialise.
    serde_json::to_string(value).unwrap_or_default()
}
