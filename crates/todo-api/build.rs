//! Lists the files of the built web app, for a release to hold them.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

/// Where the app is built.
const BUILD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/out");

fn main() -> io::Result<()> {
    let mut list = Vec::new();
    if told("PROFILE") == "release" {
        // Cargo would take a directory that is missing for one that changes all the time. It cannot be made
        // where it is, nor where there is no front end.
        fs::create_dir(BUILD).ok();
        println!("cargo::rerun-if-changed={BUILD}");
        add(Path::new(BUILD), "", &mut list)?;
    } else {
        println!("cargo::rerun-if-changed=build.rs");
    }
    fs::write(
        Path::new(&told("OUT_DIR")).join("web_app.rs"),
        format!("&[\n{}\n]\n", list.join("\n")),
    )
}

/// Lists the files of a directory, if it is there, whose names in the build begin with `prefix`, and of
/// those below it.
fn add(dir: &Path, prefix: &str, list: &mut Vec<String>) -> io::Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        let name = format!("{prefix}{}", name.to_string_lossy());
        if path.is_dir() {
            add(&path, &format!("{name}/"), list)?;
        } else {
            let path = path.to_string_lossy();
            list.push(format!("({name:?}, include_bytes!({path:?})),"));
        }
    }
    Ok(())
}

/// What cargo tells a build script.
#[expect(clippy::disallowed_methods, reason = "no setting of the service")]
fn told(variable: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_default()
}
