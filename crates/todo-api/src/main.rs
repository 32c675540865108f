//! The binary `todo-api`: run what the command line says; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    let system = actix_web::rt::System::new();
    let code = system.block_on(todo_api::run());
    // Dropped, it would wait for names that are being looked up, which may take longer than the process
    // may take to end.
    std::mem::forget(system);
    code
}
