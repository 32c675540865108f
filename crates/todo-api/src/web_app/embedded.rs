//! The build that is part of the binary.

use actix_web::web::Bytes;

use super::files::Files;

/// What `frontend/out` held when a release was compiled; the build script lists it.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/web_app.rs"));

/// The files of the build; none if there was none.
pub(super) fn files() -> Files {
    let owned =
        |(name, content): &(&str, &'static [u8])| ((*name).to_owned(), Bytes::from_static(content));
    EMBEDDED.iter().map(owned).collect()
}
