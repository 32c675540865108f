//! What every database must do: one suite of cases, run by each of them.
//!
//! A case is a function of a [`Db`]. [`cases!`] makes each one a test on the databases that a
//! caller supplies: migrated ones, but empty ones for the theme `schema`.

pub(crate) mod database;
pub(crate) mod login_attempts;
pub(crate) mod migrations;
pub(crate) mod passwords;
pub(crate) mod schema;
pub(crate) mod sessions;
pub(crate) mod switches;
pub(crate) mod task_counts;
pub(crate) mod task_lists;
pub(crate) mod tasks;
pub(crate) mod users;

use std::future::{Ready, ready};
use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbErr, Statement, TryGetable, Value};
use todo_db::{Db, PoolOptions, SeaTaskRepo, SeaUserRepo};
use todo_domain::{
    Description, Email, NewAccount, NewTask, PasswordHash, RefreshDigest, Task, TaskRepo as _,
    Timestamp, Title, UserId, UserRepo as _,
};

/// Every case, by theme, as a test on the database that `$empty_database` supplies.
macro_rules! cases {
    ($empty_database:ident) => {
        contract::theme!($empty_database, migrated, tasks: [
            a_task_is_made_pending_and_found_as_it_was_made,
            ids_grow_and_are_never_given_twice,
            any_text_comes_back_as_it_was_written,
            the_longest_texts_fit_however_many_bytes_they_take,
            the_database_itself_refuses_texts_out_of_bounds,
            a_task_for_nobody_conflicts,
            an_update_leaves_what_it_does_not_name,
            an_update_clears_a_description,
            updated_at_moves_when_a_value_changes,
            updated_at_stays_when_no_value_changes,
            an_update_without_changes_returns_the_task,
            a_toggle_turns_a_task_over_each_time,
            toggles_at_the_same_time_all_count,
            a_deleted_task_is_gone,
            a_task_that_never_was_is_not_there,
            a_strangers_task_is_not_there_and_stays_untouched,
        ]);
        contract::theme!($empty_database, migrated, task_lists: [
            list_hides_other_users_tasks,
            list_of_an_owner_without_tasks_is_empty,
            newest_first_puts_the_greater_id_first_among_equals,
            oldest_first_puts_the_smaller_id_first_among_equals,
            instants_sort_by_time_whatever_their_fraction,
            titles_sort_whatever_their_case_and_equals_by_id,
            a_status_filter_keeps_what_it_names,
            pages_give_each_task_once_in_every_order_and_filter,
            a_walk_survives_the_deletion_of_the_task_it_stopped_at,
            a_task_made_during_a_walk_does_not_disturb_it,
            titles_beyond_ascii_are_walked_like_others,
        ]);
        contract::theme!($empty_database, migrated, task_counts: [
            counts_hide_other_users_tasks,
            counts_of_an_owner_without_tasks_are_zeros,
            counts_follow_every_change,
        ]);
        contract::theme!($empty_database, migrated, users: [
            an_account_is_made_with_its_first_session,
            an_account_is_not_made_without_its_session,
            an_email_that_is_taken_conflicts,
            an_id_that_is_taken_conflicts,
            of_many_who_register_one_email_at_once_one_does,
            an_account_is_found_by_its_email_in_any_case,
            the_database_itself_refuses_an_email_in_upper_case,
            a_user_that_never_was_is_not_there,
            a_user_of_another_issuer_gets_a_row_once,
            a_user_of_another_issuer_may_come_many_times_at_once,
            a_row_that_is_there_stays_as_it_is,
            the_email_of_another_user_conflicts_and_makes_no_row,
            users_are_listed_by_their_ids_a_page_at_a_time,
            a_user_is_renamed_and_only_a_change_counts,
            a_disabled_user_loses_all_sessions_and_can_be_enabled,
            a_deleted_user_is_gone_with_all_that_was_theirs,
            a_deleted_user_comes_back_only_vouched_for_anew,
        ]);
        contract::theme!($empty_database, migrated, passwords: [
            a_new_password_ends_all_sessions_but_one_and_forgets_links,
            a_password_that_was_replaced_meanwhile_is_not_replaced_again,
            a_second_link_is_made_after_a_minute,
            a_link_for_nobody_conflicts,
            a_link_resets_once_and_ends_every_session,
            of_many_who_redeem_one_link_at_once_one_does,
            a_link_ceases_to_hold_at_the_second_it_says,
            a_link_of_a_disabled_user_resets_nothing,
            links_that_are_old_are_deleted_in_steps,
            of_many_who_ask_for_a_link_at_once_one_gets_it,
            changes_of_one_user_at_the_same_time_do_not_get_in_each_others_way,
        ]);
        contract::theme!($empty_database, migrated, login_attempts: [
            five_attempts_are_free_and_then_each_waits_longer,
            the_wait_stops_growing_and_ends_after_an_hour_of_peace,
            of_many_attempts_at_once_five_are_admitted,
            a_known_network_has_a_count_of_its_own,
            a_success_forgets_what_was_counted,
            networks_are_listed_the_last_used_first_and_go_with_their_user,
            counts_and_networks_that_are_old_are_deleted_in_steps,
            the_accounts_own_callers_have_a_count_of_their_own,
            a_success_of_nobody_conflicts,
            a_clock_that_was_ahead_keeps_nobody_waiting,
        ]);
        contract::theme!($empty_database, migrated, switches: [
            a_switch_is_off_since_it_was_first_turned_off,
            a_switch_of_a_newer_release_is_passed_over,
        ]);
        contract::theme!($empty_database, migrated, sessions: [
            an_open_session_tells_whose_it_is_and_when_it_ends,
            a_session_that_never_was_has_no_state,
            a_session_for_nobody_conflicts,
            the_longest_client_info_fits,
            a_revoked_session_stays_revoked,
            revoking_what_never_was_does_nothing,
            the_newest_digest_is_rotated_and_the_session_lasts_longer,
            the_digest_before_the_newest_tells_when_it_was_replaced,
            an_older_digest_is_superseded,
            a_digest_of_no_open_session_is_unknown,
            of_many_who_rotate_one_digest_at_once_one_does,
            a_deleted_user_takes_sessions_and_tasks_along,
            a_list_holds_the_users_own_open_sessions_the_last_used_first,
            one_session_is_ended_by_its_owner_alone_and_once,
            all_sessions_but_one_are_ended_and_named,
            every_session_that_is_kept_is_listed_a_page_at_a_time,
            a_session_needs_the_password_that_holds_and_a_user_who_may_come_in,
            no_session_slips_past_a_change_that_ends_sessions,
            ends_of_many_sessions_at_once_do_not_wait_for_each_other,
            what_ended_long_ago_is_deleted_in_steps_and_the_rest_is_kept,
        ]);
        contract::theme!($empty_database, migrated, database: [
            an_open_database_gives_a_sign_of_life,
            a_closed_database_is_unavailable,
        ]);
        contract::theme!($empty_database, left_empty, migrations: [
            steps_back_and_up_again_lose_nothing_of_what_was_there_before_them,
            a_step_back_that_would_lose_a_row_is_refused_and_changes_nothing,
            a_step_back_that_would_lose_a_value_is_refused_and_names_its_column,
            a_step_that_fails_leaves_the_schema_as_it_was,
            a_schema_that_is_ahead_is_fit_for_this_release,
            a_schema_that_took_something_away_is_not_fit_for_this_release,
            nothing_is_changed_in_a_schema_of_another_line,
        ]);
        contract::theme!($empty_database, left_empty, schema: [
            up_may_be_run_again,
            up_may_be_run_twice_at_once,
            down_to_nothing_leaves_only_the_record_of_migrations,
            fresh_empties_every_table,
            status_of_an_empty_database_says_pending_and_creates_nothing,
        ]);
    };
}
pub(crate) use cases;

/// The cases of one theme as tests.
macro_rules! theme {
    ($empty_database:ident, $prepare:ident, $theme:ident: [$($case:ident,)+]) => {
        mod $theme {
            $(
                #[tokio::test]
                async fn $case() {
                    let Some((db, _kept)) = super::$empty_database().await else { return };
                    crate::contract::$prepare(&db).await;
                    crate::contract::$theme::$case(db).await;
                }
            )+
        }
    };
}
pub(crate) use theme;

/// Enough connections that calls at the same time do meet in the database.
pub(crate) fn pool() -> PoolOptions {
    PoolOptions { min_connections: 0, max_connections: 8, acquire_timeout: Duration::from_secs(30) }
}

pub(crate) async fn migrated(db: &Db) {
    migration::up(db.connection()).await.unwrap();
}

pub(crate) fn left_empty(_: &Db) -> Ready<()> {
    ready(())
}

/// 2026-11-21T08:00:00Z, a second without a fraction, and `micros` microseconds.
pub(crate) fn at_micro(micros: u64) -> Timestamp {
    let morning = Timestamp::from_unix_micros(1_795_248_000_000_000).unwrap();
    morning.plus(Duration::from_micros(micros))
}

/// The morning's `second`.
pub(crate) fn at(second: u64) -> Timestamp {
    at_micro(second * 1_000_000)
}

pub(crate) fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

pub(crate) fn description(text: &str) -> Description {
    Description::parse(text).unwrap()
}

pub(crate) fn digest(byte: u8) -> RefreshDigest {
    RefreshDigest([byte; 32])
}

/// An account named `name` with the address `<name>@example.com`.
pub(crate) fn account(name: &str) -> NewAccount {
    NewAccount {
        id: UserId::parse(name).unwrap(),
        email: Email::parse(&format!("{name}@example.com")).unwrap(),
        name: None,
        password_hash: None,
        created_at: at(0),
    }
}

/// What is kept of the password of every stored user.
pub(crate) fn proof() -> PasswordHash {
    PasswordHash::new("$2b$12$hash".to_owned())
}

/// A stored user with a password.
pub(crate) async fn user(db: &Db, name: &str) -> UserId {
    let account = NewAccount { password_hash: Some(proof()), ..account(name) };
    SeaUserRepo::new(db).provision(&account, None).await.unwrap();
    account.id
}

/// A stored task.
pub(crate) async fn task(db: &Db, owner: &UserId, text: &str, now: Timestamp) -> Task {
    let task = NewTask { title: title(text), description: None };
    SeaTaskRepo::new(db).create(owner, &task, now).await.unwrap()
}

/// Runs SQL of our own, past the repositories. Both databases write a parameter as `$1`.
pub(crate) async fn execute<const N: usize>(
    db: &Db,
    sql: &str,
    values: [Value; N],
) -> Result<(), DbErr> {
    let backend = db.connection().get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    db.connection().execute_raw(statement).await.map(drop)
}

/// The one column that each row of `sql` has.
pub(crate) async fn column<T: TryGetable>(db: &Db, sql: &str) -> Vec<T> {
    let statement = Statement::from_string(db.connection().get_database_backend(), sql);
    let rows = db.connection().query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// How many rows `table` has.
pub(crate) async fn count(db: &Db, table: &str) -> i64 {
    column(db, &format!("SELECT count(*) FROM {table}")).await[0]
}
