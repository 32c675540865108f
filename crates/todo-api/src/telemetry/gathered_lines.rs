//! Lines of the log on their way out, many with one write.
//!
//! A write for each line is among the dearest things that a short request does. So lines wait for others,
//! though no longer than [`LONGEST_WAIT`]; those that tell of trouble do not wait. Lines come out in the
//! order in which they were logged, and none is dropped while the process lives, unless the output fails.

#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::mem;
use std::panic;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line may wait.
const LONGEST_WAIT: Duration = Duration::from_millis(10);
/// How many bytes may wait. Whoever logs what fills them writes them out, and so waits for a reader that
/// is too slow.
const MOST_BYTES: usize = 64 * 1024;

/// Where lines are gathered.
#[derive(Clone)]
pub(super) struct GatheredLines(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    /// Signalled when there is something to wait with.
    begun: Condvar,
    /// Whoever writes holds it from before the lines are taken, so that they stay in order.
    output: Mutex<Output>,
}

/// The lines that wait.
#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Whether none waits any more.
    at_once: bool,
}

struct Output {
    to: Box<dyn Write + Send>,
    /// The lines that are being written.
    lines: Vec<u8>,
    /// Whether the last write failed, perhaps in the middle of a line.
    is_broken_off: bool,
}

impl GatheredLines {
    /// Gathers lines for `to`. They are written by a thread of their own, until the last of them.
    pub(super) fn start(to: impl Write + Send + 'static) -> (Self, LastLines) {
        let lines = Self::new(to);
        let shared = lines.0.clone();
        let thread = thread::Builder::new().name("log".to_owned());
        if thread.spawn(move || shared.write_in_time()).is_err() {
            lines.0.write_at_once();
        }
        (lines.clone(), LastLines(lines.0))
    }

    fn new(to: impl Write + Send + 'static) -> Self {
        let output = Output { to: Box::new(to), lines: Vec::new(), is_broken_off: false };
        let (waiting, begun) = (Mutex::default(), Condvar::new());
        Self(Arc::new(Shared { waiting, begun, output: Mutex::new(output) }))
    }

    /// Writes what waits once a panic is told of: it may be the end of the process. The panic is told
    /// even if the reader of the lines is stuck.
    pub(super) fn write_at_panics(&self) {
        let (shared, tell) = (self.0.clone(), panic::take_hook());
        panic::set_hook(Box::new(move |panic| {
            tell(panic);
            drop(shared.write_out());
        }));
    }
}

impl<'a> MakeWriter<'a> for GatheredLines {
    type Writer = LineWriter<'a>;

    fn make_writer(&'a self) -> LineWriter<'a> {
        LineWriter { lines: &self.0, at_once: true }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> LineWriter<'a> {
        let at_once = *metadata.level() <= Level::WARN || metadata.target() == "security";
        LineWriter { lines: &self.0, at_once }
    }
}

/// Takes a line.
pub(super) struct LineWriter<'a> {
    lines: &'a Shared,
    at_once: bool,
}

impl Write for LineWriter<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.lines.add(line, self.at_once).map(|()| line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lines.write_out()
    }
}

/// Writes the lines that wait when it is dropped. Those that come later are written at once.
#[must_use]
pub(crate) struct LastLines(Arc<Shared>);

impl Drop for LastLines {
    fn drop(&mut self) {
        self.0.write_at_once();
        drop(self.0.write_out());
    }
}

impl Shared {
    fn add(&self, line: &[u8], at_once: bool) -> io::Result<()> {
        let mut waiting = lock(&self.waiting);
        let is_first = waiting.lines.is_empty();
        waiting.lines.extend_from_slice(line);
        let at_once = at_once || waiting.at_once || waiting.lines.len() >= MOST_BYTES;
        drop(waiting);
        if at_once {
            return self.write_out();
        }
        if is_first {
            self.begun.notify_one();
        }
        Ok(())
    }

    /// Writes what waits. When it returns, every line that was added before the call is written, or lost
    /// if the output fails. After a failure a line end comes first.
    fn write_out(&self) -> io::Result<()> {
        let mut output = lock(&self.output);
        let Output { to, lines, is_broken_off } = &mut *output;
        mem::swap(lines, &mut lock(&self.waiting).lines);
        if *is_broken_off {
            lines.insert(0, b'\n');
        }
        let written = to.write_all(lines).and_then(|()| to.flush());
        *is_broken_off = written.is_err();
        lines.clear();
        lines.shrink_to(MOST_BYTES);
        written
    }

    /// Lets no line wait from now on.
    fn write_at_once(&self) {
        lock(&self.waiting).at_once = true;
        self.begun.notify_one();
    }

    /// Writes lines when the first of them has waited long enough, until none has to wait.
    fn write_in_time(&self) {
        let nothing = |waiting: &mut Waiting| waiting.lines.is_empty() && !waiting.at_once;
        loop {
            let waiting = lock(&self.waiting);
            let waiting = self.begun.wait_while(waiting, nothing);
            if waiting.unwrap_or_else(PoisonError::into_inner).at_once {
                return;
            }
            thread::sleep(LONGEST_WAIT);
            drop(self.write_out());
        }
    }
}

/// What is in a lock: whoever panicked with it has left nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
