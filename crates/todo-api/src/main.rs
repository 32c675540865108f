//! The binary `todo-api`: parse the command line, run; nothing else.

use std::process::ExitCode;

use clap::Parser as _;

#[actix_web::main]
async fn main() -> ExitCode {
    dotenvy::dotenv().ok();
    todo_api::run(todo_api::Cli::parse()).await
}
