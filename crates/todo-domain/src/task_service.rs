//! The use cases of tasks.

use std::sync::Arc;

use crate::error::TaskError;
use crate::ports::{Clock, TaskRepo};
use crate::task::{Task, TaskChanges, TaskDraft, TaskId, TaskPatch};
use crate::task_counts::TaskCounts;
use crate::task_list::{TaskPage, TaskQueryDraft};
use crate::user::UserId;
use crate::validation::{Faults, Violation};

/// What a user can do with tasks: their own, and no others.
///
/// # Errors
/// Each method fails with [`TaskError::Store`] when storage does; other errors are named at the
/// method.
#[derive(Clone)]
pub struct TaskService {
    /// Keeps tasks.
    pub tasks: Arc<dyn TaskRepo>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl TaskService {
    /// Makes a task for `owner`.
    ///
    /// # Errors
    /// [`TaskError::Invalid`]; [`TaskError::OwnerGone`] if the owner's account was deleted.
    pub async fn create(&self, owner: &UserId, draft: TaskDraft) -> Result<Task, TaskError> {
        let task = draft.parse()?;
        Ok(self.tasks.create(owner, &task, self.clock.now()).await?)
    }

    /// One page of the owner's tasks.
    ///
    /// # Errors
    /// [`TaskError::Invalid`].
    pub async fn list(&self, owner: &UserId, draft: TaskQueryDraft) -> Result<TaskPage, TaskError> {
        let query = draft.parse()?;
        Ok(self.tasks.list(owner, &query).await?)
    }

    /// How many tasks the owner has.
    ///
    /// # Errors
    /// None but the storage's.
    pub async fn count(&self, owner: &UserId) -> Result<TaskCounts, TaskError> {
        Ok(self.tasks.count(owner).await?)
    }

    /// The task.
    ///
    /// # Errors
    /// [`TaskError::NotFound`].
    pub async fn find(&self, owner: &UserId, id: TaskId) -> Result<Task, TaskError> {
        self.tasks.find(owner, id).await?.ok_or(TaskError::NotFound)
    }

    /// Changes what `patch` names and leaves the rest.
    ///
    /// # Errors
    /// [`TaskError::Invalid`], [`TaskError::NotFound`].
    pub async fn update(
        &self,
        owner: &UserId,
        id: TaskId,
        patch: TaskPatch,
    ) -> Result<Task, TaskError> {
        let changes = patch.parse()?;
        self.change(owner, id, &changes).await
    }

    /// Sets whether the task is completed, which must be said.
    ///
    /// # Errors
    /// [`TaskError::Invalid`], [`TaskError::NotFound`].
    pub async fn set_completed(
        &self,
        owner: &UserId,
        id: TaskId,
        completed: Option<bool>,
    ) -> Result<Task, TaskError> {
        let mut faults = Faults::default();
        let completed = faults.check("completed", completed.ok_or(Violation::Required));
        let completed = Some(faults.finish(completed)?);
        let changes = TaskChanges { completed, ..TaskChanges::default() };
        self.change(owner, id, &changes).await
    }

    /// Completes a pending task and the other way round.
    ///
    /// # Errors
    /// [`TaskError::NotFound`].
    pub async fn toggle(&self, owner: &UserId, id: TaskId) -> Result<Task, TaskError> {
        self.tasks.toggle(owner, id, self.clock.now()).await?.ok_or(TaskError::NotFound)
    }

    /// Deletes the task.
    ///
    /// # Errors
    /// [`TaskError::NotFound`].
    pub async fn delete(&self, owner: &UserId, id: TaskId) -> Result<(), TaskError> {
        let deleted = self.tasks.delete(owner, id).await?;
        deleted.then_some(()).ok_or(TaskError::NotFound)
    }

    async fn change(
        &self,
        owner: &UserId,
        id: TaskId,
        changes: &TaskChanges,
    ) -> Result<Task, TaskError> {
        let task = self.tasks.update(owner, id, changes, self.clock.now()).await?;
        task.ok_or(TaskError::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::StoreError;
    use crate::ports::{MockClock, MockTaskRepo};
    use crate::task::Title;
    use crate::timestamp::Timestamp;

    fn noon() -> Timestamp {
        Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap()
    }

    fn ada() -> UserId {
        UserId::parse("ada").unwrap()
    }

    fn id() -> TaskId {
        TaskId::new(7).unwrap()
    }

    fn service(tasks: MockTaskRepo) -> TaskService {
        let mut clock = MockClock::new();
        clock.expect_now().returning(noon);
        TaskService { tasks: Arc::new(tasks), clock: Arc::new(clock) }
    }

    fn milk(owner: &UserId, completed: bool) -> Task {
        Task {
            id: id(),
            user_id: owner.clone(),
            title: Title::parse("milk").unwrap(),
            description: None,
            completed,
            created_at: noon(),
            updated_at: noon(),
        }
    }

    #[tokio::test]
    async fn a_task_is_made_for_its_owner_at_the_clocks_time() {
        let mut tasks = MockTaskRepo::new();
        tasks
            .expect_create()
            .withf(|owner, task, now| {
                owner == &ada() && task.title.as_str() == "milk" && *now == noon()
            })
            .returning(|owner, _, _| Ok(milk(owner, false)));
        let draft = TaskDraft { title: Some(" milk ".to_owned()), description: None };
        assert_eq!(service(tasks).create(&ada(), draft).await.unwrap().title.as_str(), "milk");
    }

    #[tokio::test]
    async fn nothing_is_stored_of_an_invalid_task() {
        let mut tasks = MockTaskRepo::new();
        tasks.expect_create().never();
        let made = service(tasks).create(&ada(), TaskDraft::default()).await;
        assert!(matches!(made, Err(TaskError::Invalid(_))));
    }

    #[tokio::test]
    async fn a_task_that_storage_does_not_have_is_not_found() {
        let mut tasks = MockTaskRepo::new();
        tasks.expect_find().returning(|_, _| Ok(None));
        tasks.expect_update().returning(|_, _, _, _| Ok(None));
        tasks.expect_toggle().returning(|_, _, _| Ok(None));
        tasks.expect_delete().returning(|_, _| Ok(false));
        let service = service(tasks);
        let answers = [
            service.find(&ada(), id()).await.map(drop),
            service.update(&ada(), id(), TaskPatch::default()).await.map(drop),
            service.set_completed(&ada(), id(), Some(true)).await.map(drop),
            service.toggle(&ada(), id()).await.map(drop),
            service.delete(&ada(), id()).await,
        ];
        assert!(answers.iter().all(|answer| matches!(answer, Err(TaskError::NotFound))));
    }

    #[tokio::test]
    async fn all_tasks_are_those_that_are_pending_and_those_that_are_completed() {
        let mut tasks = MockTaskRepo::new();
        tasks
            .expect_count()
            .withf(|owner| owner == &ada())
            .returning(|_| Ok(TaskCounts { pending: 5, completed: 7 }));
        let counts = service(tasks).count(&ada()).await.unwrap();
        assert_eq!((counts.all(), counts.pending, counts.completed), (12, 5, 7));
    }

    #[tokio::test]
    async fn completing_changes_nothing_else() {
        let mut tasks = MockTaskRepo::new();
        tasks
            .expect_update()
            .withf(|_, _, changes, _| {
                *changes == TaskChanges { completed: Some(true), ..TaskChanges::default() }
            })
            .returning(|owner, _, _, _| Ok(Some(milk(owner, true))));
        assert!(service(tasks).set_completed(&ada(), id(), Some(true)).await.unwrap().completed);
    }

    #[tokio::test]
    async fn a_task_for_a_deleted_account_says_that_the_owner_is_gone() {
        let mut tasks = MockTaskRepo::new();
        tasks.expect_create().returning(|_, _, _| Err(StoreError::Conflict));
        let draft = TaskDraft { title: Some("milk".to_owned()), description: None };
        let made = service(tasks).create(&ada(), draft).await;
        assert!(matches!(made, Err(TaskError::OwnerGone)));
    }
}
