//! The schema from the command line: `migration up|down|status|fresh`.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use migration::Loss;
use todo_db::PoolOptions;

/// Brings the database schema of the todo service up or down.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The database, as the service takes it.
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "DATABASE_URL",
        default_value = "sqlite://todo.db?mode=rwc",
        global = true
    )]
    database_url: String,
    /// The same database past its pooler, as the service takes it; used instead if it is given.
    #[arg(
        long,
        env = "DATABASE_DIRECT_URL",
        hide_env_values = true,
        value_name = "DATABASE_DIRECT_URL",
        global = true
    )]
    database_direct_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Subcommand)]
enum Command {
    /// Takes every step that is missing.
    Up,
    /// Takes the newest steps back.
    Down {
        /// How many steps.
        #[arg(short = 'n', long, default_value_t = 1)]
        steps: u32,
        /// Even if what is stored in what they made is lost.
        #[arg(long)]
        lose_data: bool,
    },
    /// Shows every step and whether it is applied.
    Status,
    /// Shows the same, and ends with 0 if this release can serve on the schema.
    Check,
    /// Drops every table, with all that is stored, and takes all steps anew.
    Fresh,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if dotenvy::dotenv().is_err_and(|error| !error.not_found()) {
        eprintln!("migration: .env cannot be read: each line must be NAME=value");
        return ExitCode::from(2);
    }
    let Cli { database_url, database_direct_url, command } = Cli::parse();
    let postgres = |url: &String| todo_db::is_postgres(url);
    if database_direct_url.as_ref().is_some_and(|url| !(postgres(url) && postgres(&database_url))) {
        eprintln!("migration: with DATABASE_DIRECT_URL both addresses must be postgres://…");
        return ExitCode::from(2);
    }
    match run(&database_direct_url.unwrap_or(database_url), command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("migration: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(database_url: &str, command: Command) -> Result<(), Box<dyn std::error::Error>> {
    let options = PoolOptions {
        min_connections: 0,
        max_connections: 1,
        acquire_timeout: Duration::from_secs(30),
    };
    let db = todo_db::connect(database_url, options).await?;
    let connection = db.connection();
    match command {
        Command::Up => migration::up(connection).await?,
        Command::Down { steps, lose_data } => {
            let loss = if lose_data { Loss::Accepted } else { Loss::Refused };
            migration::down(connection, steps, loss).await?;
        }
        Command::Fresh => migration::fresh(connection).await?,
        Command::Status | Command::Check => {}
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", db.location())?;
    for step in migration::status(connection).await? {
        writeln!(out, "{step}")?;
    }
    if matches!(command, Command::Check) {
        migration::check(connection).await?;
    }
    Ok(())
}
