//! Lists of tasks: whose, which, in what order, and page by page.

use todo_db::{Db, SeaTaskRepo};
use todo_domain::{
    Cursor, Direction, NewTask, PageSize, SortKey, StatusFilter, Task, TaskId, TaskOrder, TaskPage,
    TaskQuery, TaskRepo as _, UserId,
};

use super::{at, at_micro, task, title, user};

const NEWEST_FIRST: TaskOrder = order(SortKey::Created, Direction::Descending);
const OLDEST_FIRST: TaskOrder = order(SortKey::Created, Direction::Ascending);
const A_TO_Z: TaskOrder = order(SortKey::Title, Direction::Ascending);
const Z_TO_A: TaskOrder = order(SortKey::Title, Direction::Descending);
const ORDERS: [TaskOrder; 4] = [NEWEST_FIRST, OLDEST_FIRST, A_TO_Z, Z_TO_A];
const FILTERS: [StatusFilter; 3] =
    [StatusFilter::All, StatusFilter::Pending, StatusFilter::Completed];

const fn order(key: SortKey, direction: Direction) -> TaskOrder {
    TaskOrder { key, direction }
}

/// One user's list.
struct List {
    repo: SeaTaskRepo,
    owner: UserId,
}

impl List {
    async fn of(db: &Db, owner: &str) -> Self {
        Self { repo: SeaTaskRepo::new(db), owner: user(db, owner).await }
    }

    async fn page(
        &self,
        status: StatusFilter,
        order: TaskOrder,
        size: usize,
        after: Option<Cursor>,
    ) -> TaskPage {
        let size = PageSize::parse(&size.to_string()).unwrap();
        let query = TaskQuery { status, order, size, after };
        self.repo.list(&self.owner, &query).await.unwrap()
    }

    /// Everything on one page.
    async fn whole(&self, status: StatusFilter, order: TaskOrder) -> Vec<Task> {
        let page = self.page(status, order, 100, None).await;
        assert_eq!(page.next, None);
        page.tasks
    }

    /// Every page up to the last, and what is on it.
    async fn walk(&self, status: StatusFilter, order: TaskOrder, size: usize) -> Vec<Vec<Task>> {
        let mut pages = Vec::new();
        let mut after = None;
        loop {
            let TaskPage { tasks, next } = self.page(status, order, size, after).await;
            pages.push(tasks);
            assert!(pages.len() <= 100, "the walk does not end");
            match next {
                Some(cursor) => after = Some(cursor),
                None => return pages,
            }
        }
    }

    async fn titles(&self, order: TaskOrder) -> Vec<String> {
        let tasks = self.whole(StatusFilter::All, order).await;
        tasks.into_iter().map(|task| task.title.as_str().to_owned()).collect()
    }
}

fn ids(tasks: &[Task]) -> Vec<TaskId> {
    tasks.iter().map(|task| task.id).collect()
}

pub(crate) async fn list_hides_other_users_tasks(db: Db) {
    let (ada, eve) = (List::of(&db, "ada").await, List::of(&db, "eve").await);
    let hers = task(&db, &ada.owner, "Milk", at(0)).await;
    let others = task(&db, &eve.owner, "Poison", at(0)).await;
    for order in ORDERS {
        assert_eq!(ids(&ada.whole(StatusFilter::All, order).await), [hers.id]);
        assert_eq!(ids(&eve.whole(StatusFilter::All, order).await), [others.id]);
    }
    let others_place = Cursor::at(&others, SortKey::Created);
    let page = ada.page(StatusFilter::All, NEWEST_FIRST, 100, Some(others_place)).await;
    assert_eq!(page.tasks, [hers], "a cursor shows nothing but the owner's tasks");
}

pub(crate) async fn list_of_an_owner_without_tasks_is_empty(db: Db) {
    let (ada, eve) = (List::of(&db, "ada").await, List::of(&db, "eve").await);
    task(&db, &eve.owner, "Poison", at(0)).await;
    for order in ORDERS {
        assert_eq!(ada.walk(StatusFilter::All, order, 1).await, [vec![]]);
    }
}

/// Three tasks: the second and the third were made at one instant, before the first.
async fn with_a_tie(db: &Db) -> (List, [TaskId; 3]) {
    let list = List::of(db, "ada").await;
    let first = task(db, &list.owner, "first", at(9)).await;
    let second = task(db, &list.owner, "second", at(5)).await;
    let third = task(db, &list.owner, "third", at(5)).await;
    (list, [first.id, second.id, third.id])
}

pub(crate) async fn newest_first_puts_the_greater_id_first_among_equals(db: Db) {
    let (list, [first, second, third]) = with_a_tie(&db).await;
    let tasks = list.whole(StatusFilter::All, NEWEST_FIRST).await;
    assert_eq!(ids(&tasks), [first, third, second]);
}

pub(crate) async fn oldest_first_puts_the_smaller_id_first_among_equals(db: Db) {
    let (list, [first, second, third]) = with_a_tie(&db).await;
    let tasks = list.whole(StatusFilter::All, OLDEST_FIRST).await;
    assert_eq!(ids(&tasks), [second, third, first]);
}

pub(crate) async fn instants_sort_by_time_whatever_their_fraction(db: Db) {
    let list = List::of(&db, "ada").await;
    // Written with no, three or six digits, none of them in order.
    let mut micros = vec![1_000_000, 1, 0, 999_999, 1_000, 100_000, 999_000, 1_001, 1_000_001, 10];
    for micros in &micros {
        task(&db, &list.owner, "Milk", at_micro(*micros)).await;
    }
    micros.sort_unstable();
    let instants: Vec<_> = micros.into_iter().map(at_micro).collect();
    for size in [1, 100] {
        let walked = list.walk(StatusFilter::All, OLDEST_FIRST, size).await.concat();
        assert_eq!(walked.iter().map(|task| task.created_at).collect::<Vec<_>>(), instants);
        let mut back = list.walk(StatusFilter::All, NEWEST_FIRST, size).await.concat();
        back.reverse();
        assert_eq!(back, walked);
    }
}

pub(crate) async fn titles_sort_whatever_their_case_and_equals_by_id(db: Db) {
    let list = List::of(&db, "ada").await;
    for text in ["banana", "Apple", "apple", "cherry", "BANANA", "APPLE"] {
        task(&db, &list.owner, text, at(0)).await;
    }
    let mut sorted = ["Apple", "apple", "APPLE", "banana", "BANANA", "cherry"];
    assert_eq!(list.titles(A_TO_Z).await, sorted);
    sorted.reverse();
    assert_eq!(list.titles(Z_TO_A).await, sorted);
}

pub(crate) async fn a_status_filter_keeps_what_it_names(db: Db) {
    let list = List::of(&db, "ada").await;
    let pending = task(&db, &list.owner, "Milk", at(0)).await;
    let done = task(&db, &list.owner, "Bread", at(0)).await;
    list.repo.toggle(&list.owner, done.id, at(1)).await.unwrap();
    for order in ORDERS {
        assert_eq!(ids(&list.whole(StatusFilter::Pending, order).await), [pending.id]);
        assert_eq!(ids(&list.whole(StatusFilter::Completed, order).await), [done.id]);
        assert_eq!(list.whole(StatusFilter::All, order).await.len(), 2);
    }
}

/// Six tasks, half of them completed, with ties of both keys; and a stranger's between them.
async fn six_tasks(db: &Db) -> List {
    let (list, eve) = (List::of(db, "ada").await, List::of(db, "eve").await);
    let rows = [("b", 1), ("A", 2), ("a", 2), ("c", 2), ("B", 3), ("a", 0)];
    for (number, (text, second)) in rows.into_iter().enumerate() {
        let task = task(db, &list.owner, text, at(second)).await;
        if number % 2 == 0 {
            list.repo.toggle(&list.owner, task.id, at(9)).await.unwrap();
        }
        let poison = NewTask { title: title(text), description: None };
        eve.repo.create(&eve.owner, &poison, at(second)).await.unwrap();
    }
    list
}

pub(crate) async fn pages_give_each_task_once_in_every_order_and_filter(db: Db) {
    let list = six_tasks(&db).await;
    for (status, count) in FILTERS.into_iter().zip([6_usize, 3, 3]) {
        for order in ORDERS {
            let whole = list.whole(status, order).await;
            assert_eq!(whole.len(), count);
            for size in [1, 2, 3] {
                let pages = list.walk(status, order, size).await;
                // A full last page promises no other.
                assert_eq!(pages.len(), count.div_ceil(size), "{status:?} {order:?} by {size}");
                assert_eq!(pages.concat(), whole, "{status:?} {order:?} by {size}");
            }
        }
    }
}

pub(crate) async fn a_walk_survives_the_deletion_of_the_task_it_stopped_at(db: Db) {
    let list = six_tasks(&db).await;
    for order in ORDERS {
        let whole = list.whole(StatusFilter::All, order).await;
        let page = list.page(StatusFilter::All, order, 2, None).await;
        assert!(list.repo.delete(&list.owner, page.tasks[1].id).await.unwrap());
        let rest = list.page(StatusFilter::All, order, 100, page.next).await;
        assert_eq!(rest.tasks, whole[2..]);
        // The next order needs a second task, too.
        task(&db, &list.owner, "another", at(4)).await;
    }
}

pub(crate) async fn a_task_made_during_a_walk_does_not_disturb_it(db: Db) {
    let list = six_tasks(&db).await;
    let whole = list.whole(StatusFilter::All, NEWEST_FIRST).await;
    let page = list.page(StatusFilter::All, NEWEST_FIRST, 3, None).await;
    task(&db, &list.owner, "newest", at(60)).await;
    let rest = list.page(StatusFilter::All, NEWEST_FIRST, 3, page.next).await;
    assert_eq!((rest.tasks.as_slice(), rest.next), (&whole[3..], None));
}

pub(crate) async fn titles_beyond_ascii_are_walked_like_others(db: Db) {
    let list = List::of(&db, "ada").await;
    for text in
        ["Ärger", "ärger", "ÉCLAIR", "éClair", "e\u{301}clair", "İstanbul", "ẞ", "ß", "😀", "Zoo"]
    {
        task(&db, &list.owner, text, at(0)).await;
        task(&db, &list.owner, text, at(1)).await;
    }
    for order in [A_TO_Z, Z_TO_A] {
        let whole = list.whole(StatusFilter::All, order).await;
        assert_eq!(whole.len(), 20);
        for size in [1, 3] {
            assert_eq!(list.walk(StatusFilter::All, order, size).await.concat(), whole);
        }
    }
}
