//! A statement's plan, in the words of PostgreSQL.

use std::fmt;

use sea_orm::{ConnectionTrait as _, DbBackend, Statement as Sql, TransactionTrait as _};
use todo_db::Db;

use super::rows::Caller;
use super::statements::Statement;

/// What a plan is made for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PlanFor {
    /// Any values: what a statement that is prepared and used again and again comes to.
    AnyValues,
    /// The values at hand: what the first uses of it get.
    TheseValues,
}

/// A plan, and what came of it.
pub(crate) struct Plan {
    lines: Vec<String>,
}

impl Plan {
    /// Runs the statement for this caller, and undoes it.
    pub(crate) async fn explain(
        db: &Db,
        statement: &Statement,
        caller: &Caller,
        plan_for: PlanFor,
    ) -> Self {
        let (types, values) = caller.values(statement);
        let list = |items: String| if items.is_empty() { items } else { format!("({items})") };
        let (types, values) = (list(types.join(", ")), list(values.join(", ")));
        let mode = match plan_for {
            PlanFor::AnyValues => "force_generic_plan",
            PlanFor::TheseValues => "force_custom_plan",
        };
        let transaction = db.connection().begin().await.unwrap();
        let run = async |sql: &str| transaction.execute_unprepared(sql).await.unwrap();
        run(&format!("SET LOCAL plan_cache_mode = {mode}")).await;
        run(&format!("PREPARE hot {types} AS {}", statement.sql)).await;
        run("SAVEPOINT before").await;
        let explain = format!(
            "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE hot {values}"
        );
        let explain = Sql::from_string(DbBackend::Postgres, explain);
        // What a connection reads of the catalogue at its first use is not the statement's.
        transaction.query_all_raw(explain.clone()).await.unwrap();
        run("ROLLBACK TO before").await;
        let rows = transaction.query_all_raw(explain).await.unwrap();
        run("DEALLOCATE hot").await;
        transaction.rollback().await.unwrap();
        Self { lines: rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect() }
    }

    /// Whether any step is of this kind, or says so.
    pub(crate) fn says(&self, what: &str) -> bool {
        self.lines.iter().any(|line| line.contains(what))
    }

    /// The most rows that a step has looked at, those included that it did not want.
    pub(crate) fn rows(&self) -> usize {
        let seen = ["(actual rows=", "Rows Removed by Filter: "];
        let numbers = seen.iter().flat_map(|name| self.numbers(name));
        numbers.max().unwrap_or_default()
    }

    /// The pages of tables and indexes that were looked at, in memory or not.
    pub(crate) fn pages(&self) -> usize {
        let all = self.lines.iter().find(|line| line.contains("Buffers: shared"));
        let all = Self { lines: all.into_iter().cloned().collect() };
        all.numbers(" hit=").chain(all.numbers(" read=")).sum()
    }

    /// Each number that is written behind `name`.
    fn numbers(&self, name: &str) -> impl Iterator<Item = usize> {
        let rest = self.lines.iter().filter_map(move |line| Some(line.split_once(name)?.1));
        rest.map(|rest| {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest[..digits].parse().unwrap()
        })
    }
}

/// The plan without what differs from run to run: how many pages were looked at.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let planning = self.lines.iter().position(|line| line.starts_with("Planning:"));
        let lines = self.lines[..planning.unwrap_or(self.lines.len())].iter();
        lines.filter(|line| !line.contains("Buffers:")).try_for_each(|line| writeln!(f, "{line}"))
    }
}
