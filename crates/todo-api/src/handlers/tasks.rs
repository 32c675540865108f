//! Tasks: the same seven handlers for both families of URLs.

use actix_web::http::header::{HeaderValue, LINK, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use todo_domain::{
    Caller, Task, TaskCounts, TaskDraft, TaskError, TaskId, TaskPatch, TaskQueryDraft, TaskService,
    Timestamp,
};
use utoipa::{IntoParams, ToSchema};

use crate::auth::CurrentCaller;
use crate::error::ApiError;
use crate::family::Family;
use crate::json::{Json, OptionalJson, absent_or_null, as_text, not_null};
use crate::openapi::fields;

/// A task to be made.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateTask {
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, schema_with = fields::title)]
    title: Option<String>,
    #[serde(default)]
    #[schema(schema_with = fields::description)]
    description: Option<String>,
}

/// Changes to a task. A field that is absent stays as it is; fields that are not named here are
/// ignored, so that a whole task may be sent back.
#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateTask {
    #[serde(default, deserialize_with = "not_null")]
    #[schema(schema_with = fields::title)]
    title: Option<String>,
    #[serde(default, deserialize_with = "absent_or_null")]
    #[schema(schema_with = fields::description)]
    description: Option<Option<String>>,
    /// Whether it is done.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(value_type = bool)]
    completed: Option<bool>,
}

/// Whether a task is done.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CompleteTask {
    /// `true` completes the task, `false` reopens it.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(required = true, value_type = bool)]
    completed: Option<bool>,
}

/// Which tasks to list.
#[derive(Clone, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListTasks {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(schema_with = fields::status)]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(schema_with = fields::sort)]
    sort: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(schema_with = fields::order)]
    order: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(schema_with = fields::limit)]
    limit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(schema_with = fields::cursor)]
    cursor: Option<String>,
}

impl From<ListTasks> for TaskQueryDraft {
    fn from(query: ListTasks) -> Self {
        let ListTasks { status, sort, order, limit, cursor } = query;
        Self { status, sort, order, limit, cursor }
    }
}

/// The part of a path that names a task. A user in the path is settled before any handler runs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TaskPath {
    /// The task's id.
    #[param(value_type = i64, minimum = 1, example = 42)]
    task_id: String,
}

/// A task.
#[derive(Serialize, ToSchema)]
pub(crate) struct TaskResponse {
    /// Names the task.
    #[schema(example = 42, minimum = 1)]
    id: i64,
    /// Its owner.
    #[schema(example = "019aa5f0-5d2c-7cc0-b1f4-3a1f5c9a7e11")]
    user_id: String,
    #[schema(schema_with = fields::title)]
    title: String,
    #[schema(required = true, schema_with = fields::description)]
    description: Option<String>,
    /// Whether it is done.
    completed: bool,
    /// When it was made (RFC 3339, UTC).
    #[serde(serialize_with = "as_text")]
    #[schema(schema_with = fields::instant)]
    created_at: Timestamp,
    /// When it last changed (RFC 3339, UTC).
    #[serde(serialize_with = "as_text")]
    #[schema(schema_with = fields::instant)]
    updated_at: Timestamp,
}

impl From<Task> for TaskResponse {
    fn from(task: Task) -> Self {
        let Task { id, user_id, title, description, completed, created_at, updated_at } = task;
        Self {
            id: id.get(),
            user_id: user_id.into(),
            title: title.into(),
            description: description.map(String::from),
            completed,
            created_at,
            updated_at,
        }
    }
}

/// How many tasks the caller has.
#[derive(Serialize, ToSchema)]
pub(crate) struct CountsResponse {
    /// Every task.
    #[schema(example = 12)]
    all: u64,
    /// Those not completed.
    #[schema(example = 5)]
    pending: u64,
    /// Those completed.
    #[schema(example = 7)]
    completed: u64,
}

impl From<TaskCounts> for CountsResponse {
    fn from(counts: TaskCounts) -> Self {
        let TaskCounts { pending, completed } = counts;
        Self { all: counts.all(), pending, completed }
    }
}

/// Says that a task is gone.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedResponse {
    /// Always the same.
    #[schema(example = "Task deleted successfully")]
    message: &'static str,
}

/// List tasks
///
/// One page of your tasks. If more follow, the header `Link` names the next page with
/// `rel="next"` (RFC 8288); its address is relative to this one.
#[utoipa::path(
    get,
    path = "/tasks",
    operation_id = "listTasks",
    tag = "tasks",
    params(ListTasks),
    responses((
        status = 200,
        description = "The tasks, in order",
        body = Vec<TaskResponse>,
        headers(("Link" = String, description = "The next page, if there is one")),
    )),
    security(("bearer" = [])),
)]
pub(crate) async fn list(
    CurrentCaller(Caller { user_id, .. }): CurrentCaller,
    query: web::Query<ListTasks>,
    request: HttpRequest,
    tasks: web::Data<TaskService>,
) -> Result<HttpResponse, ApiError> {
    let query = query.into_inner();
    let page = tasks.list(&user_id, query.clone().into()).await?;
    let mut response = HttpResponse::Ok();
    if let Some(next) = page.next {
        let next = ListTasks { cursor: Some(next.to_string()), ..query };
        if let Some(link) = link_to(&request, &next) {
            response.insert_header((LINK, link));
        }
    }
    Ok(response.json(page.tasks.into_iter().map(TaskResponse::from).collect::<Vec<_>>()))
}

/// `<path?query>; rel="next"` (RFC 8288, section 3).
fn link_to(request: &HttpRequest, next: &ListTasks) -> Option<HeaderValue> {
    let query = serde_urlencoded::to_string(next).ok()?;
    HeaderValue::try_from(format!("<{}?{query}>; rel=\"next\"", request.path())).ok()
}

/// Create a task
#[utoipa::path(
    post,
    path = "/tasks",
    operation_id = "createTask",
    tag = "tasks",
    request_body(
        content = CreateTask,
        example = json!({"title": "Buy milk", "description": "Two litres, the blue one"})
    ),
    responses((
        status = 201,
        description = "The task as it was made",
        body = TaskResponse,
        headers(("Location" = String, description = "The task's address")),
    )),
    security(("bearer" = [])),
)]
pub(crate) async fn create(
    CurrentCaller(Caller { user_id, .. }): CurrentCaller,
    body: Json<CreateTask>,
    request: HttpRequest,
    tasks: web::Data<TaskService>,
) -> Result<HttpResponse, ApiError> {
    let Json(CreateTask { title, description }) = body;
    let task = tasks.create(&user_id, TaskDraft { title, description }).await?;
    let location = format!("{}/{}", request.path(), task.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(TaskResponse::from(task)))
}

/// Count tasks
///
/// How many tasks you have, in all and of each status. The more there are, the longer it takes.
#[utoipa::path(
    get,
    path = "/tasks/counts",
    operation_id = "countTasks",
    tag = "tasks",
    responses((status = 200, description = "The numbers of tasks", body = CountsResponse)),
    security(("bearer" = [])),
)]
pub(crate) async fn count(
    CurrentCaller(Caller { user_id, .. }): CurrentCaller,
    tasks: web::Data<TaskService>,
) -> Result<HttpResponse, ApiError> {
    let counts = tasks.count(&user_id).await?;
    Ok(HttpResponse::Ok().json(CountsResponse::from(counts)))
}

/// Get a task
#[utoipa::path(
    get,
    path = "/tasks/{task_id}",
    operation_id = "getTask",
    tag = "tasks",
    params(TaskPath),
    responses((status = 200, description = "The task", body = TaskResponse)),
    security(("bearer" = [])),
)]
pub(crate) async fn find(
    CurrentCaller(Caller { user_id, .. }): CurrentCaller,
    path: web::Path<TaskPath>,
    tasks: web::Data<TaskService>,
) -> Result<HttpResponse, ApiError> {
    let task = tasks.find(&user_id, path.id()?).await?;
    Ok(HttpResponse::Ok().json(TaskResponse::from(task)))
}

/// Change a task
///
/// Only the fields that are sent change. `description: null` clears the description.
#[utoipa::path(
    put,
    path = "/tasks/{task_id}",
    operation_id = "updateTask",
    tag = "tasks",
    params(TaskPath),
    request_body(content = UpdateTask, example = json!({"title": "Buy oat milk"})),
    responses((status = 200, description = "The task as it is now", body = TaskResponse)),
    security(("bearer" = [])),
)]
pub(crate) async fn update(
    CurrentCaller(Caller { user_id, .. }): CurrentCaller,
    path: web::Path<TaskPath>,
    body: Json<UpdateTask>,
    tasks: web::Data<TaskService>,
) -> Result<HttpResponse, ApiError> {
    let Json(UpdateTask { title, description, completed }) = body;
    let changes = TaskPatch { title, description, completed };
    let task = tasks.update(&user_id, path.id()?, changes).await?;
    Ok(HttpResponse::Ok().json(TaskResponse::from(task)))
}

/// Complete a task
///
/// With a body the task becomes what it says. Without one a pending task is completed and the other
/// way round.
#[utoipa::path(
    patch,
    path = "/tasks/{task_id}/complete",
    operation_id = "completeTask",
    tag = "tasks",
    params(TaskPath),
    request_body(content = CompleteTask, example = json!({"completed": true})),
    responses((status = 200, description = "The task as it is now", body = TaskResponse)),
    security(("bearer" = [])),
)]
pub(crate) async fn complete(
    CurrentCaller(Caller { user_id, .. }): CurrentCaller,
    path: web::Path<TaskPath>,
    body: OptionalJson<CompleteTask>,
    tasks: web::Data<TaskService>,
) -> Result<HttpResponse, ApiError> {
    let id = path.id()?;
    let task = match body.0 {
        Some(CompleteTask { completed }) => tasks.set_completed(&user_id, id, completed).await?,
        None => tasks.toggle(&user_id, id).await?,
    };
    Ok(HttpResponse::Ok().json(TaskResponse::from(task)))
}

/// Delete a task
#[utoipa::path(
    delete,
    path = "/tasks/{task_id}",
    operation_id = "deleteTask",
    tag = "tasks",
    params(TaskPath),
    responses((status = 200, description = "The task is gone", body = DeletedResponse)),
    security(("bearer" = [])),
)]
pub(crate) async fn delete(
    CurrentCaller(Caller { user_id, .. }): CurrentCaller,
    path: web::Path<TaskPath>,
    request: HttpRequest,
    tasks: web::Data<TaskService>,
) -> Result<HttpResponse, ApiError> {
    tasks.delete(&user_id, path.id()?).await?;
    Ok(match Family::of(&request) {
        Some(Family::UserScoped) => HttpResponse::NoContent().finish(),
        Some(Family::TokenScoped) | None => {
            HttpResponse::Ok().json(DeletedResponse { message: "Task deleted successfully" })
        }
    })
}

impl TaskPath {
    /// The task's id. What can be no id names no task, like an id that is nobody's.
    fn id(&self) -> Result<TaskId, TaskError> {
        TaskId::parse(&self.task_id).ok_or(TaskError::NotFound)
    }
}
