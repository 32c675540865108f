//! What a test's own code logs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::subscriber::{self, DefaultGuard};

/// Everything that is logged on this thread while the value lives, at whatever level.
pub(crate) struct Capture {
    lines: Lines,
    _guard: DefaultGuard,
}

/// Lines that were written, wherever the clones of the value are.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Capture {
    pub(crate) fn start() -> Self {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        Self { lines, _guard: subscriber::set_default(subscriber) }
    }

    /// What was logged so far.
    pub(crate) fn text(&self) -> String {
        self.lines.text()
    }
}

impl Lines {
    /// All of them so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
