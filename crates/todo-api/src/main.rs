//! The binary `todo-api`: parse the command line, run; nothing else.

use std::process::ExitCode;

use clap::Parser as _;

#[actix_web::main]
async fn main() -> ExitCode {
    if let Err(error) = todo_api::load_env_file() {
        eprintln!("todo-api: {error}");
        return todo_api::USAGE.into();
    }
    todo_api::run(todo_api::Cli::parse()).await
}
