//! Who is calling: settled by a middleware, read by an extractor.

mod authenticate;
mod caller;

pub(crate) use authenticate::{authenticate, authenticate_family};
pub(crate) use caller::CurrentCaller;
