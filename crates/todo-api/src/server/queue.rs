//! How many clients may wait to be let in.

use std::io;
use std::net::TcpListener;

/// How many clients wait in the system's queue until they are taken. It is only 128 if nobody says, and
/// who finds it full knocks again after a second or more.
#[cfg(unix)]
const QUEUE: i32 = 4_096;

/// Gives the queue of this listener its length.
#[cfg(unix)]
pub(super) fn lengthen(listener: &TcpListener) -> io::Result<()> {
    Ok(rustix::net::listen(listener, QUEUE)?)
}

/// The length of the queue is the system's affair there.
#[cfg(not(unix))]
pub(super) fn lengthen(_: &TcpListener) -> io::Result<()> {
    Ok(())
}
