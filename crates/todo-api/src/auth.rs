//! Who is calling: settled by a middleware, read by an extractor.

mod authenticate;
mod caller;
mod refresh_cookie;

pub(crate) use authenticate::{authenticate, authenticate_family};
pub(crate) use caller::CurrentCaller;
pub(crate) use refresh_cookie::RefreshCookies;
