//! `todo-api admin`: what an operator can see and stop, without any surface on the network.

mod report;

use std::io::{IsTerminal as _, stdin};

use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use thiserror::Error;
use todo_domain::{AdminDraft, AdminError, AdminService, Switch};

use crate::app::StartError;
use crate::cli::{USAGE, exit_code};

/// What an operator can do.
#[derive(Clone, Debug, Subcommand)]
pub enum AdminCommand {
    /// Sees, makes, disables and enables users
    #[command(subcommand)]
    Users(UsersCommand),
    /// Turns parts of the service off and on, on every server within 5 seconds
    #[command(subcommand)]
    Switch(SwitchCommand),
}

/// What can be done to users. WHO is an email or an id.
#[derive(Clone, Debug, Subcommand)]
pub enum UsersCommand {
    /// Lists all users
    List,
    /// Shows a user and their open sessions
    Show {
        /// An email or an id
        who: String,
    },
    /// Makes an account; reads its password from the terminal or from standard input
    Create {
        /// The email
        #[arg(long)]
        email: String,
        /// What to call the user
        #[arg(long)]
        name: Option<String>,
    },
    /// Keeps a user out: ends all sessions at once, and every token within 30 seconds
    Disable {
        /// An email or an id
        who: String,
    },
    /// Lets a user in again
    Enable {
        /// An email or an id
        who: String,
    },
    /// Sets a user's password and ends all sessions; reads the password from the terminal or from
    /// standard input
    SetPassword {
        /// An email or an id
        who: String,
    },
    /// Ends all sessions of a user
    RevokeSessions {
        /// An email or an id
        who: String,
    },
}

/// What can be done to kill switches.
#[derive(Clone, Debug, Subcommand)]
pub enum SwitchCommand {
    /// Lists the switches
    List,
    /// Turns a part of the service off: it answers 503
    Off {
        /// The part
        #[arg(value_parser = names())]
        name: String,
    },
    /// Turns it on again
    On {
        /// The part
        #[arg(value_parser = names())]
        name: String,
    },
}

/// A command could not be carried out.
#[derive(Debug, Error)]
pub(crate) enum AdminFailure {
    /// The settings or the database are in the way.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The service refused.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// No password could be read.
    #[error("the password cannot be read")]
    Password(#[source] std::io::Error),
}

impl AdminFailure {
    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Start(error) => exit_code(error),
            Self::Admin(AdminError::Invalid(_)) => USAGE,
            Self::Admin(_) | Self::Password(_) => 1,
        }
    }
}

/// Carries out a command. The lines are for standard output.
///
/// # Errors
/// [`AdminFailure`].
pub(crate) async fn run(
    service: &AdminService,
    command: AdminCommand,
    json: bool,
) -> Result<Vec<String>, AdminFailure> {
    match command {
        AdminCommand::Users(command) => users(service, command, json).await,
        AdminCommand::Switch(command) => switches(service, command, json).await,
    }
}

async fn users(
    service: &AdminService,
    command: UsersCommand,
    json: bool,
) -> Result<Vec<String>, AdminFailure> {
    let user = match command {
        UsersCommand::List => return list(service, json).await,
        UsersCommand::Show { who } => service.show(&who).await?,
        UsersCommand::Create { email, name } => {
            let password = read_password()?;
            service.create(AdminDraft { email, password, name }).await?
        }
        UsersCommand::Disable { who } => service.set_active(&who, false).await?,
        UsersCommand::Enable { who } => service.set_active(&who, true).await?,
        UsersCommand::SetPassword { who } => service.set_password(&who, read_password()?).await?,
        UsersCommand::RevokeSessions { who } => {
            let ended = service.revoke_sessions(&who).await?;
            return Ok(report::ended(ended, json));
        }
    };
    Ok(report::user(&user, json))
}

async fn list(service: &AdminService, json: bool) -> Result<Vec<String>, AdminFailure> {
    let mut users = Vec::new();
    loop {
        let after = users.last().map(|user: &todo_domain::User| user.id.clone());
        let page = service.list(after).await?;
        if page.is_empty() {
            return Ok(report::users(&users, json));
        }
        users.extend(page);
    }
}

async fn switches(
    service: &AdminService,
    command: SwitchCommand,
    json: bool,
) -> Result<Vec<String>, AdminFailure> {
    let turn = match command {
        SwitchCommand::List => None,
        SwitchCommand::Off { name } => Switch::parse(&name).map(|switch| (switch, false)),
        SwitchCommand::On { name } => Switch::parse(&name).map(|switch| (switch, true)),
    };
    if let Some((switch, on)) = turn {
        service.turn(switch, on).await?;
    }
    Ok(report::switches(&service.switches().await?, json))
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(Switch::ALL.map(Switch::as_str))
}

/// The password from the terminal, where it is not shown, or the first line of standard input. It is
/// never an argument: those are seen by everybody on the machine.
fn read_password() -> Result<String, AdminFailure> {
    if stdin().is_terminal() {
        return rpassword::prompt_password("Password: ").map_err(AdminFailure::Password);
    }
    let mut line = String::new();
    stdin().read_line(&mut line).map_err(AdminFailure::Password)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
