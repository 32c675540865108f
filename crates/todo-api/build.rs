//! Lists the files of the built web app, for a release to hold them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where the app is built.
const BUILD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/out");

/// How the names begin of what is none of the build.
const BESIDE: &str = "..";

/// The files of a build, by their names: paths from its directory, with slashes.
pub(crate) type Files = BTreeMap<String, PathBuf>;

fn main() -> io::Result<()> {
    let mut files = Files::new();
    if told("PROFILE") == "release" {
        // Cargo would take a directory that is missing for one that changes all the time. It cannot be made
        // where it is, nor where there is no front end.
        fs::create_dir(BUILD).ok();
        println!("cargo::rerun-if-changed={BUILD}");
        match files_of(Path::new(BUILD)) {
            Ok(built) => files = built,
            Err(error) => println!("cargo::error=the web app in frontend/out: {error}"),
        }
    } else {
        println!("cargo::rerun-if-changed=build.rs");
    }
    let line = |(name, path): (&String, &PathBuf)| {
        format!("({name:?}, include_bytes!({:?})),\n", path.to_string_lossy())
    };
    let list: String = files.iter().map(line).collect();
    fs::write(Path::new(&told("OUT_DIR")).join("web_app.rs"), format!("&[\n{list}]\n"))
}

/// The files of the build in this directory; none if there is no build.
///
/// # Errors
/// If it cannot be read, or was not finished: the service would not start with it.
pub(crate) fn files_of(dir: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    if !dir.join("index.html").is_file() {
        return Ok(files);
    }
    if !dir.join("policies.json").is_file() {
        return Err(io::Error::other(
            "there is no policies.json in it, so its build was not finished: build it again (`just web`), \
             or remove the directory",
        ));
    }
    add(dir, "", &mut files)?;
    Ok(files)
}

/// Adds the files of a directory, whose names begin with `prefix`, and of those below it, as the service
/// does that reads a build itself.
fn add(dir: &Path, prefix: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with(BESIDE) {
            continue;
        }
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            add(&path, &format!("{name}/"), files)?;
        } else {
            files.insert(name, path);
        }
    }
    Ok(())
}

/// What cargo tells a build script.
#[expect(clippy::disallowed_methods, reason = "no setting of the service")]
fn told(variable: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_default()
}
