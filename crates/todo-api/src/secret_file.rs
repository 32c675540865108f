//! The signing secret that development makes for itself.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use tempfile::NamedTempFile;

use crate::config::MIN_SECRET_BYTES;

/// Where the secret of the database at `database_url` is kept: beside a SQLite file, else in the
/// working directory.
pub(crate) fn path_for(database_url: &str) -> PathBuf {
    let file = database_url
        .strip_prefix("sqlite:")
        .map(|rest| rest.trim_start_matches("//"))
        .map(|rest| rest.split('?').next().unwrap_or_default())
        .filter(|file| !file.is_empty() && !file.starts_with(':'));
    Path::new(file.unwrap_or("todo")).with_extension("secret")
}

/// The secret in the file at `path`, made at random if there is none. Of several programs that make
/// it at the same time, all read the one that came first.
///
/// # Errors
/// The file system's, and one of its own if the file holds no secret that is long enough.
pub(crate) fn read_or_create(path: &Path) -> std::io::Result<SecretString> {
    if let Some(secret) = read(path)? {
        return Ok(secret);
    }
    create(path)?;
    read(path)?.ok_or_else(|| ErrorKind::NotFound.into())
}

/// The secret in the file at `path`, if there is one.
///
/// # Errors
/// The file system's, and one of its own if the file holds no secret that is long enough.
pub(crate) fn read(path: &Path) -> std::io::Result<Option<SecretString>> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text?,
    };
    match text.trim() {
        secret if secret.len() < MIN_SECRET_BYTES => {
            let problem = format!("holds fewer than {MIN_SECRET_BYTES} bytes");
            Err(std::io::Error::new(ErrorKind::InvalidData, problem))
        }
        secret => Ok(Some(SecretString::from(secret))),
    }
}

/// Makes the file, whole or not at all, readable by its owner alone: 256 random bits in base64url.
/// A file that is there by then stays.
fn create(path: &Path) -> std::io::Result<()> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| std::io::Error::other("no random bytes"))?;
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(dir.unwrap_or(Path::new(".")))?;
    file.write_all(URL_SAFE_NO_PAD.encode(bytes).as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(failed) if failed.error.kind() != ErrorKind::AlreadyExists => Err(failed.error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn lies_beside_the_database() {
        assert_eq!(path_for("sqlite://todo.db?mode=rwc"), Path::new("todo.secret"));
        assert_eq!(path_for("sqlite:///var/lib/todo.db"), Path::new("/var/lib/todo.secret"));
        assert_eq!(path_for("sqlite::memory:"), Path::new("todo.secret"));
        assert_eq!(path_for("postgres://h/d"), Path::new("todo.secret"));
    }

    #[test]
    fn is_made_once_and_then_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("todo.secret");
        let first = read_or_create(&path).unwrap();
        let second = read_or_create(&path).unwrap();
        assert_eq!(first.expose_secret(), second.expose_secret());
        assert!(first.expose_secret().len() >= 32);
    }

    #[cfg(unix)]
    #[test]
    fn is_for_its_owners_eyes_only() {
        use std::os::unix::fs::PermissionsExt as _;

        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("todo.secret");
        read_or_create(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
