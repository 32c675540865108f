//! The files of a build, as they lie in its directory.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use actix_web::web::Bytes;

use super::WebAppError;

/// The first page.
pub(super) const INDEX: &str = "index.html";
/// The Content-Security-Policy of each page.
pub(super) const POLICIES: &str = "policies.json";

/// How the names begin of what is none of the build: Kubernetes keeps a volume's content there, to which
/// all else is links.
const BESIDE: &str = "..";

/// What the files hold, by their names: paths from the build's directory, with slashes.
pub(super) type Files = BTreeMap<String, Bytes>;

/// Reads every file of a build.
///
/// # Errors
/// [`WebAppError::Missing`], before anything of a directory is read that holds something else;
/// [`WebAppError::Unreadable`].
pub(super) fn read(dir: &Path) -> Result<Files, WebAppError> {
    if let Some(missing) = [INDEX, POLICIES].into_iter().find(|name| !dir.join(name).is_file()) {
        return Err(WebAppError::Missing(missing));
    }
    let mut files = Files::new();
    add(dir, "", &mut files)?;
    Ok(files)
}

/// Adds the files of a directory, whose names begin with `prefix`, and of those below it, as the build script
/// does that puts a build into the binary.
fn add(dir: &Path, prefix: &str, files: &mut Files) -> Result<(), WebAppError> {
    let unreadable = |name: &str| {
        let name = name.to_owned();
        move |source: io::Error| WebAppError::Unreadable { name, source }
    };
    for entry in fs::read_dir(dir).map_err(unreadable(prefix))? {
        let entry = entry.map_err(unreadable(prefix))?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with(BESIDE) {
            continue;
        }
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            add(&path, &format!("{name}/"), files)?;
        } else {
            let content = fs::read(&path).map_err(unreadable(&name))?;
            files.insert(name, content.into());
        }
    }
    Ok(())
}
