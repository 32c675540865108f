//! The signing secret that development makes for itself.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;

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

/// The secret in the file at `path`, made at random if there is none.
///
/// # Errors
/// The file system's, and one of its own if the file is empty.
pub(crate) fn read_or_create(path: &Path) -> std::io::Result<SecretString> {
    match create_new(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mut text = String::new();
            OpenOptions::new().read(true).open(path)?.read_to_string(&mut text)?;
            match text.trim() {
                "" => Err(std::io::Error::new(ErrorKind::InvalidData, "the file is empty")),
                secret => Ok(SecretString::from(secret)),
            }
        }
        made => made,
    }
}

/// Makes the file, readable by its owner alone, and the 256 random bits in it.
fn create_new(path: &Path) -> std::io::Result<SecretString> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| std::io::Error::other("no random bytes"))?;
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;
    Ok(SecretString::from(secret))
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
