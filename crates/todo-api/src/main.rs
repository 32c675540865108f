//! The binary `todo-api`: run what the command line says; nothing else.

use std::process::ExitCode;

#[actix_web::main]
async fn main() -> ExitCode {
    todo_api::run().await
}
