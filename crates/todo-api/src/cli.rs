//! The command line.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, Subcommand};
use migration::Loss;
use secrecy::{ExposeSecret as _, SecretString};

use crate::adapters::SystemClock;
use crate::admin::{self, AdminCommand, AdminFailure};
use crate::app::{Application, StartError, admin_service, connect_to_current, connect_to_migrate};
use crate::config::{Config, load_env_file};
use crate::telemetry::{LogTo, Traces};
use crate::{explain, openapi, telemetry};

/// How long `todo-api health` waits for an answer.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(5);
/// The exit code for a setting that is wrong in itself, as clap has it.
pub(crate) const USAGE: u8 = 2;

/// The todo service. Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "todo-api", version)]
pub struct Cli {
    /// The settings.
    #[command(flatten)]
    pub config: Config,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the binary can do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serves the API (the default)
    Serve,
    /// Prints the OpenAPI document
    Openapi,
    /// Asks the service at HOST and PORT whether it is ready; exits with 0 if it is
    Health,
    /// Brings the database schema up or down
    #[command(subcommand)]
    Migrate(MigrateCommand),
    /// Looks into access tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Sees and stops what goes on, past the API: for whoever has the database's credentials
    Admin {
        /// Prints JSON
        #[arg(long, global = true)]
        json: bool,
        /// What to do.
        #[command(subcommand)]
        command: AdminCommand,
    },
}

/// What can be done with a token.
#[derive(Clone, Debug, Subcommand)]
pub enum TokenCommand {
    /// Says why the service refuses a token, or that it accepts it; exits with 0 if it does. Nothing
    /// is changed
    Explain {
        /// The token; `-` reads it from standard input, where no list of processes shows it
        token: SecretString,
    },
}

/// What can be done to the schema.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum MigrateCommand {
    /// Takes every step that is missing
    Up,
    /// Takes the newest steps back
    Down {
        /// How many steps
        #[arg(short = 'n', long, default_value_t = 1)]
        steps: u32,
        /// Even if what is stored in what they made is lost
        #[arg(long)]
        lose_data: bool,
    },
    /// Shows every step and whether it is applied
    Status,
    /// Shows the same; exits with 0 if this release can serve on the schema
    Check,
}

/// Does what the command line, the environment and the file `.env` say.
pub async fn run() -> ExitCode {
    if let Err(error) = load_env_file() {
        report(&error);
        return ExitCode::from(USAGE);
    }
    let Cli { config, command } = Cli::parse();
    let done = match command.unwrap_or(Command::Serve) {
        Command::Serve => serve(config).await,
        Command::Openapi => print(&openapi::to_json()),
        Command::Health => return health(&config).await,
        Command::Migrate(command) => migrate(&config, command).await,
        Command::Token(TokenCommand::Explain { token }) => match explain(&config, &token).await {
            Ok(false) => return ExitCode::FAILURE,
            done => done.map(drop),
        },
        Command::Admin { json, command } => {
            return match admin(&config, command, json).await {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    report(&error);
                    ExitCode::from(error.exit_code())
                }
            };
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::from(exit_code(&error))
        }
    }
}

async fn serve(config: Config) -> Result<(), StartError> {
    let traces = Traces::start(&config)?;
    let _last_lines = telemetry::init(&config, LogTo::Stdout, traces.as_ref())?;
    let application = Application::build(config, Arc::new(SystemClock)).await?;
    application.with_traces(traces).run_until_stopped().await
}

async fn migrate(config: &Config, command: MigrateCommand) -> Result<(), StartError> {
    let db = connect_to_migrate(config).await?;
    let connection = db.connection();
    match command {
        MigrateCommand::Up => migration::up(connection).await?,
        MigrateCommand::Down { steps, lose_data } => {
            let loss = if lose_data { Loss::Accepted } else { Loss::Refused };
            migration::down(connection, steps, loss).await?;
        }
        MigrateCommand::Status | MigrateCommand::Check => {}
    }
    for step in migration::status(connection).await? {
        print(&step.to_string())?;
    }
    if matches!(command, MigrateCommand::Check) {
        migration::check(connection).await?;
    }
    Ok(())
}

async fn admin(config: &Config, command: AdminCommand, json: bool) -> Result<(), AdminFailure> {
    config.check_hashing().map_err(StartError::from)?;
    // On standard error no line waits.
    drop(telemetry::init(config, LogTo::Stderr, None).map_err(StartError::from)?);
    let db = connect_to_current(config).await?;
    let service = admin_service(config, &db, Arc::new(SystemClock));
    for line in admin::run(&service, command, json).await? {
        print(&line)?;
    }
    Ok(())
}

/// Whether the service would accept the token, and why, on standard output.
async fn explain(config: &Config, token: &SecretString) -> Result<bool, StartError> {
    let token = match token.expose_secret() {
        "-" => std::io::read_to_string(std::io::stdin()).map_err(StartError::Serve)?,
        token => token.to_owned(),
    };
    let explanation = explain::explain(config, token.trim(), &SystemClock).await?;
    print(&explanation.lines.join("\n"))?;
    Ok(explanation.accepted)
}

/// Whether the service that these settings describe is ready.
async fn health(config: &Config) -> ExitCode {
    let host = match config.host.as_str() {
        "0.0.0.0" => "127.0.0.1",
        "::" => "::1",
        host => host,
    };
    let local = Config { host: host.to_owned(), ..config.clone() };
    let url = format!("{}/health/ready", local.local_url(config.port));
    let answer = async {
        // Without the machine's certificate authorities: the address is on this machine, so that none
        // vouches for it, and nothing secret is asked or told.
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let client = client.tls_danger_accept_invalid_certs(true);
        let client = client.timeout(HEALTH_TIMEOUT).build()?;
        client.get(&url).send().await?.error_for_status()
    };
    match answer.await {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

pub(crate) fn exit_code(error: &StartError) -> u8 {
    use todo_db::ConnectError::{Away, Missing, Refused, Scheme, Url};
    match error {
        StartError::Config(_)
        | StartError::Connect(Refused(_) | Scheme | Url)
        | StartError::ConnectDirect(Refused(_) | Scheme | Url) => USAGE,
        StartError::Connect(Away(_) | Missing(_))
        | StartError::ConnectDirect(Away(_) | Missing(_))
        | StartError::Schema(_)
        | StartError::Listen { .. }
        | StartError::SecretFile { .. }
        | StartError::JwksClient(_)
        | StartError::WebApp { .. }
        | StartError::Metrics(_)
        | StartError::Serve(_)
        | StartError::Interrupted => 1,
    }
}

/// Writes a line to standard output.
fn print(line: &str) -> Result<(), StartError> {
    writeln!(std::io::stdout(), "{line}").map_err(StartError::Serve)
}

fn report(error: &dyn std::error::Error) {
    eprintln!("todo-api: {}", telemetry::chain(error));
}
