//! A made-up build of the web app, in a directory of its own.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The pages of the build and where they are.
pub(crate) const PAGES: [(&str, &str); 4] = [
    ("index.html", "/"),
    ("login.html", "/login"),
    ("tasks.html", "/tasks"),
    ("reset-password.html", "/reset-password"),
];
/// A file whose name holds a hash, which the build has compressed.
pub(crate) const SCRIPT: &str = "_next/static/chunks/4bd1b696.js";

/// The directory of a build.
pub(crate) struct WebBuild(TempDir);

impl WebBuild {
    /// A build in which everything is right.
    pub(crate) fn new() -> Self {
        let build = Self(TempDir::new().expect("a directory"));
        build.fill();
        build
    }

    fn fill(&self) {
        let mut policies = json!({"404.html": policy("404.html")});
        for (page, _) in PAGES {
            self.write(page, &content(page));
            policies[page] = policy(page).into();
        }
        self.write("404.html", &content("404.html"));
        self.write("policies.json", &policies.to_string());
        self.write("policies.json.br", "compressed policies");
        for (name, text) in [
            ("login.txt", "a payload"),
            ("login/__next._tree.txt", "a tree"),
            ("reset-password.txt", "a payload"),
            ("theme.js", "dark()"),
            ("icon.svg", "<svg/>"),
            ("manifest.webmanifest", "{}"),
            ("fonts/inter.woff2", "a font"),
            (SCRIPT, "app()"),
            ("_next/static/chunks/[id]-5c.js", "id()"),
        ] {
            self.write(name, text);
        }
        // As if it were compressed: the service has no way to tell.
        for name in [SCRIPT, "login.html", "404.html"] {
            self.write(&format!("{name}.br"), &format!("brotli of {name}"));
            self.write(&format!("{name}.gz"), &format!("gzip of {name}"));
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The directory, as a setting.
    pub(crate) fn dir(&self) -> &str {
        self.path().to_str().expect("UTF-8")
    }

    /// Writes a file, in place of the one with this name if there is one.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    /// Takes a file away.
    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).expect("a file");
    }

    /// The same build in a directory of links, as Kubernetes mounts a volume: each leads through `..data`.
    pub(crate) fn mounted(&self) -> TempDir {
        let volume = TempDir::new().expect("a directory");
        symlink(self.path(), volume.path().join("..data")).expect("a link");
        for entry in fs::read_dir(self.path()).expect("a directory") {
            let name = entry.expect("an entry").file_name();
            symlink(Path::new("..data").join(&name), volume.path().join(&name)).expect("a link");
        }
        volume
    }

    /// Gives a page another policy, or none.
    pub(crate) fn set_policy(&self, page: &str, policy: Option<&str>) {
        let json = fs::read(self.path().join("policies.json")).expect("a file");
        let mut policies: Value = serde_json::from_slice(&json).expect("JSON");
        let policies = policies.as_object_mut().expect("an object");
        policies.remove(page);
        policies.extend(policy.map(|policy| (page.to_owned(), policy.into())));
        self.write("policies.json", &json!(policies).to_string());
    }
}

/// What a page holds.
pub(crate) fn content(page: &str) -> String {
    format!("<!doctype html><title>{page}</title>")
}

/// What a page may do: each something else.
pub(crate) fn policy(page: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'sha256-{page}'; \
         connect-src 'self' https://auth.example.com; frame-ancestors 'none'"
    )
}
