//! How the files of the web app may be kept.

use super::NOT_FOUND;
use crate::routes::RESET_PASSWORD_PAGE;

/// Where all names hold a hash of the content.
const HASHED: &str = "_next/static/";

/// How a file may be kept by who has fetched it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    /// For ever: another content has another name.
    ForEver,
    /// It is asked each time whether it is still the same.
    Checked,
    /// Not at all: its address may hold a token, or lead somewhere with the next build.
    Never,
}

impl Caching {
    /// How the file with this name may be kept.
    pub(super) fn of(name: &str) -> Self {
        let page = RESET_PASSWORD_PAGE.trim_start_matches('/');
        let rest = name.strip_prefix(page);
        if name.starts_with(HASHED) {
            Self::ForEver
        } else if name == NOT_FOUND || rest.is_some_and(|rest| rest.starts_with(['.', '/'])) {
            Self::Never
        } else {
            Self::Checked
        }
    }
}
