//! A file of the web app, in each coding that it was built in.

use actix_web::http::header::{AcceptEncoding, Encoding, EntityTag, HeaderValue};
use actix_web::web::Bytes;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Caching;
use super::files::Files;

/// What the build appends to the name of a file that it has compressed.
const BROTLI: &str = ".br";
const GZIP: &str = ".gz";

/// A file of the web app.
pub(crate) struct File {
    /// Its media type, compressed or not.
    pub(crate) content_type: String,
    /// The Content-Security-Policy of a page.
    pub(crate) policy: Option<HeaderValue>,
    pub(crate) caching: Caching,
    plain: Representation,
    compressed: Vec<Representation>,
}

/// A file in one coding (RFC 9110, section 8.4).
pub(crate) struct Representation {
    pub(crate) coding: Encoding,
    pub(crate) content: Bytes,
    /// Made from the content: no two codings of a file have the same.
    pub(crate) tag: EntityTag,
}

impl File {
    /// The file with this name and content, and those of `files` that are the same, compressed.
    pub(super) fn new(
        files: &Files,
        name: &str,
        content: &Bytes,
        policy: Option<HeaderValue>,
    ) -> Self {
        let compressed = |suffix, coding| {
            let content = files.get(&format!("{name}{suffix}"))?;
            Some(Representation::new(coding, content))
        };
        let codings = [(BROTLI, Encoding::brotli()), (GZIP, Encoding::gzip())];
        Self {
            content_type: content_type(name),
            policy,
            caching: Caching::of(name),
            plain: Representation::new(Encoding::identity(), content),
            compressed: codings.into_iter().filter_map(|(s, c)| compressed(s, c)).collect(),
        }
    }

    /// Whether it depends on `Accept-Encoding` what is answered.
    pub(crate) fn is_compressed(&self) -> bool {
        !self.compressed.is_empty()
    }

    /// What a client gets that accepts these codings. If it accepts none of them, not even the file as it
    /// is, it gets that (RFC 9110, section 12.5.3).
    pub(crate) fn accepted_by(&self, accepted: Option<&AcceptEncoding>) -> &Representation {
        let all = || std::iter::once(&self.plain).chain(&self.compressed);
        let best = accepted.and_then(|it| it.negotiate(all().map(|it| &it.coding)));
        all().find(|it| Some(&it.coding) == best.as_ref()).unwrap_or(&self.plain)
    }
}

impl Representation {
    fn new(coding: Encoding, content: &Bytes) -> Self {
        let digest = digest(&SHA256, content);
        let tag = EntityTag::new_strong(URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]));
        Self { coding, content: content.clone(), tag }
    }

    /// Whether it is the file as it is.
    pub(crate) fn is_plain(&self) -> bool {
        self.coding == Encoding::identity()
    }
}

/// Whether the name is that of another file, compressed.
pub(super) fn is_encoded(name: &str) -> bool {
    [BROTLI, GZIP].into_iter().any(|suffix| name.ends_with(suffix))
}

/// The media type that the name tells.
fn content_type(name: &str) -> String {
    let media_type = mime_guess::from_path(name).first_or_octet_stream();
    let charset = if media_type.type_() == mime_guess::mime::TEXT { "; charset=utf-8" } else { "" };
    format!("{media_type}{charset}")
}
