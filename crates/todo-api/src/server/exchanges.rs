//! Which requests of a connection are being answered.

use std::cell::Cell;
use std::rc::Rc;

/// The requests of one connection that are being answered. The connection's stream sees bytes alone
/// and learns from here what they are: a request begins when its headers are complete, and is over
/// when the last of its answer has been handed to the stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exchanges(Rc<State>);

#[derive(Debug, Default)]
struct State {
    open: Cell<usize>,
    begun: Cell<bool>,
}

/// A request that is being answered, until this value is dropped.
#[derive(Debug)]
pub(crate) struct Exchange(Rc<State>);

impl Exchanges {
    /// A request has begun.
    pub(crate) fn begin(&self) -> Exchange {
        self.0.open.update(|open| open + 1);
        self.0.begun.set(true);
        Exchange(self.0.clone())
    }

    /// Whether no request is being answered: what is read now are the headers of the next one.
    pub(super) fn is_idle(&self) -> bool {
        self.0.open.get() == 0
    }

    /// Whether a request has begun since this was asked the last time.
    pub(super) fn take_begun(&self) -> bool {
        self.0.begun.take()
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.0.open.update(|open| open - 1);
    }
}
