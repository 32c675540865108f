//! The built web app, in memory: what is at which address.
//!
//! Whoever builds it says in `policies.json` under which Content-Security-Policy each page runs. What a
//! client asks for is looked up here and is never a path of the file system.

mod caching;
mod embedded;
mod error;
mod file;
mod files;
mod policies;

pub(crate) use self::caching::Caching;
pub use self::error::WebAppError;
pub(crate) use self::file::{File, Representation};

use std::collections::HashMap;
use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use self::files::{Files, INDEX, POLICIES};
use self::policies::Policies;

/// The page for addresses that lead nowhere. It has no address itself.
const NOT_FOUND: &str = "404.html";
/// Where no page can be reached.
const API: &str = "api/";
/// What is percent-encoded in an address: all but what needs not be, and the slash (RFC 3986, sections 2.3
/// and 3.3).
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The built web app.
pub(crate) struct WebApp {
    entries: HashMap<String, Entry>,
    not_found: Option<File>,
}

/// What is at an address.
pub(crate) enum Entry {
    /// A file.
    File(File),
    /// Another way to write the address of a page.
    Moved {
        /// The address of the page, percent-encoded.
        to: String,
    },
}

impl WebApp {
    /// The app that was built into the binary, if one was.
    ///
    /// # Errors
    /// [`WebAppError`] if the build was broken.
    pub(crate) fn embedded() -> Result<Option<Self>, WebAppError> {
        let files = embedded::files();
        files.contains_key(INDEX).then(|| Self::new(&files)).transpose()
    }

    /// The app that is built in this directory.
    ///
    /// # Errors
    /// [`WebAppError`] if the directory cannot be read, or the build is broken.
    pub(crate) fn read(dir: &Path) -> Result<Self, WebAppError> {
        Self::new(&files::read(dir)?)
    }

    /// The same, if one is built there at all.
    ///
    /// # Errors
    /// As [`WebApp::read`].
    pub(crate) fn read_if_built(dir: &Path) -> Result<Option<Self>, WebAppError> {
        dir.join(INDEX).is_file().then(|| Self::read(dir)).transpose()
    }

    fn new(files: &Files) -> Result<Self, WebAppError> {
        let policies = Policies::read(files)?;
        let mut app = Self { entries: HashMap::new(), not_found: None };
        for (name, content) in files {
            if name == POLICIES || file::is_encoded(name) {
                continue;
            }
            if name.starts_with(API) {
                return Err(WebAppError::BelowApi(name.clone()));
            }
            let file = |policy| File::new(files, name, content, policy);
            match name.strip_suffix(".html") {
                Some(stem) => app.add_page(name, stem, file(Some(policies.of(name)?))),
                None => app.add(format!("/{name}"), file(None)),
            }
        }
        Ok(app)
    }

    /// What is at this path of a URL, as the client wrote it.
    pub(crate) fn find(&self, path: &str) -> Option<&Entry> {
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        // An encoded slash separates nothing (RFC 3986, section 2.2), and no name holds one.
        let slashes = |text: &str| text.bytes().filter(|byte| *byte == b'/').count();
        self.entries.get(&*decoded).filter(|_| slashes(path) == slashes(&decoded))
    }

    /// The page for addresses that lead nowhere, if there is one.
    pub(crate) fn not_found(&self) -> Option<&File> {
        self.not_found.as_ref()
    }

    /// Puts a page at its one address, to which the others lead.
    fn add_page(&mut self, name: &str, stem: &str, page: File) {
        if name == NOT_FOUND {
            self.not_found = Some(page);
            return;
        }
        let address = format!("/{}", if name == INDEX { "" } else { stem });
        for other in [format!("/{name}"), format!("/{stem}/")] {
            let to = utf8_percent_encode(&address, ENCODED).to_string();
            self.entries.insert(other, Entry::Moved { to });
        }
        self.add(address, page);
    }

    fn add(&mut self, address: String, file: File) {
        self.entries.insert(address, Entry::File(file));
    }
}
