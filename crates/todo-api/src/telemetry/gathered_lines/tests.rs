//! When lines come out, and in which order. Where no thread was started, none comes out by the clock.

use std::time::Instant;

use tracing_subscriber::layer::SubscriberExt as _;

use super::*;
use crate::telemetry::capture::Lines;

/// Lines that wait until somebody writes them, and those that were written.
fn gathered() -> (GatheredLines, Lines) {
    let written = Lines::default();
    (GatheredLines::new(written.clone()), written)
}

/// Logs to these lines, only what it is told.
fn logging(lines: &GatheredLines, told: impl FnOnce()) {
    let layer = tracing_subscriber::fmt::layer().without_time().with_ansi(false);
    let layer = layer.with_level(false).with_target(false).with_writer(lines.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), told);
}

/// Waits until it is so.
fn until(is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !is_so() {
        assert!(Instant::now() < deadline);
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_line_that_merely_informs_waits_for_others() {
    let (lines, written) = gathered();
    logging(&lines, || {
        tracing::info!("one");
        tracing::debug!("two");
        tracing::trace!("three");
    });
    assert_eq!(written.text(), "");
    lines.0.write_out().unwrap();
    assert_eq!(written.text(), "one\ntwo\nthree\n");
}

#[test]
fn trouble_and_the_events_of_accounts_are_written_with_all_before_them() {
    let (lines, written) = gathered();
    logging(&lines, || {
        tracing::info!("one");
        tracing::warn!("two");
        assert_eq!(written.text(), "one\ntwo\n");
        tracing::info!("three");
        tracing::error!("four");
        assert!(written.text().ends_with("three\nfour\n"));
        tracing::info!("five");
        tracing::info!(target: "security", "six");
        assert!(written.text().ends_with("five\nsix\n"));
    });
}

#[test]
fn no_line_waits_for_long() {
    let written = Lines::default();
    let (lines, last) = GatheredLines::start(written.clone());
    for line in ["one\n", "two\n"] {
        logging(&lines, || tracing::info!("{}", line.trim()));
        until(|| written.text().ends_with(line));
    }
    drop(last);
}

#[test]
fn the_last_lines_are_written_at_the_end_and_later_ones_at_once() {
    let (lines, written) = gathered();
    let last = LastLines(lines.0.clone());
    logging(&lines, || {
        tracing::info!("one");
        assert_eq!(written.text(), "");
        drop(last);
        assert_eq!(written.text(), "one\n");
        tracing::info!("two");
        assert_eq!(written.text(), "one\ntwo\n");
    });
}

#[test]
fn the_thread_ends_with_the_last_lines() {
    let (lines, last) = GatheredLines::start(Lines::default());
    assert!(Arc::strong_count(&lines.0) > 2);
    drop(last);
    until(|| Arc::strong_count(&lines.0) == 1);
}

#[test]
fn a_panic_is_told_before_what_led_to_it_is_written() {
    let (lines, written) = gathered();
    let (here, when_told) = (thread::current().id(), Arc::new(Mutex::new(None)));
    let (already, told, tell) = (written.clone(), when_told.clone(), panic::take_hook());
    panic::set_hook(Box::new(move |panic| {
        if thread::current().id() == here {
            *lock(&told) = Some(already.text());
        }
        tell(panic);
    }));
    lines.write_at_panics();
    logging(&lines, || {
        tracing::info!("one");
        let panicked = panic::catch_unwind(|| panic!("a test panics, as it should"));
        assert!(panicked.is_err());
    });
    assert_eq!(lock(&when_told).as_deref(), Some(""));
    assert_eq!(written.text(), "one\n");
}

#[test]
fn whoever_fills_the_room_writes_it_out() {
    let (lines, written) = gathered();
    let line = [b"-".repeat(999).as_slice(), b"\n"].concat();
    for _ in 0..1000 {
        lines.0.add(&line, false).unwrap();
        assert!(lock(&lines.0.waiting).lines.len() < MOST_BYTES);
    }
    assert!(written.text().len() > 1000 * line.len() - MOST_BYTES);
    lines.0.add(&b"-".repeat(10 * MOST_BYTES), false).unwrap();
    for _ in 0..2 {
        lines.0.write_out().unwrap();
    }
    let room = lock(&lines.0.waiting).lines.capacity() + lock(&lines.0.output).lines.capacity();
    assert!(room <= 4 * MOST_BYTES, "{room} bytes are kept");
}

#[test]
fn each_thread_finds_its_lines_whole_and_in_order() {
    let written = Lines::default();
    let (lines, last) = GatheredLines::start(written.clone());
    thread::scope(|scope| {
        for name in ["a", "b", "c", "d"] {
            let lines = &lines;
            scope.spawn(move || {
                for i in 0..2000 {
                    lines.0.add(format!("{name} {i}\n").as_bytes(), i % 100 == 0).unwrap();
                }
            });
        }
    });
    drop(last);
    let text = written.text();
    for name in ["a", "b", "c", "d"] {
        let number = |line: &str| line.strip_prefix(name)?.trim().parse::<usize>().ok();
        let numbers = text.lines().filter_map(number);
        assert!(numbers.eq(0..2000), "{name}");
    }
    assert_eq!(text.lines().count(), 4 * 2000);
}

#[test]
fn an_output_that_fails_keeps_nobody_from_logging() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let lines = GatheredLines::new(Closed);
    logging(&lines, || {
        tracing::info!("one");
        tracing::error!("two");
    });
    assert!(lock(&lines.0.waiting).lines.is_empty());
}

#[test]
fn a_line_that_was_broken_off_is_ended_before_the_next_one() {
    /// Takes some bytes and then fails, once.
    struct Breaking(Lines, Option<usize>);
    impl Write for Breaking {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match self.1 {
                None => self.0.write(bytes),
                Some(0) => {
                    self.1 = None;
                    Err(io::ErrorKind::StorageFull.into())
                }
                Some(room) => {
                    let taken = self.0.write(&bytes[..room.min(bytes.len())])?;
                    self.1 = Some(room - taken);
                    Ok(taken)
                }
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let written = Lines::default();
    let lines = GatheredLines::new(Breaking(written.clone(), Some(6)));
    logging(&lines, || {
        tracing::info!("one");
        tracing::warn!("two");
        assert_eq!(written.text(), "one\ntw");
        tracing::warn!("three");
        tracing::warn!("four");
    });
    assert_eq!(written.text(), "one\ntw\nthree\nfour\n");
}
