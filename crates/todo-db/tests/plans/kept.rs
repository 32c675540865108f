//! The files in `bench/plans/`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::statements::Statement;
use crate::support::setting;

const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bench/plans");
/// If this is set, the files are written in the place of being compared.
const WRITE: &str = "WRITE_PLANS";

/// The statement as its file holds it: what its parameters are, and its text.
pub(crate) fn sql_file(statement: &Statement) -> String {
    let mut text = String::new();
    for (number, parameter) in (1..).zip(&statement.parameters) {
        writeln!(text, "-- ${number} {parameter}").unwrap();
    }
    text + &statement.sql + "\n"
}

/// Compares a file with what it must hold.
pub(crate) fn compare(name: &str, made: &str) {
    let path = Path::new(DIR).join(name);
    if setting(WRITE).is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "bench/plans/{name} is out of date: run `just plans`, that is \
         `{WRITE}=1 cargo test -p todo-db --test postgres plans`, and look at what changed:\n{made}"
    );
}

/// What lies there: the names of the files without their endings.
pub(crate) fn names() -> BTreeSet<String> {
    let paths = std::fs::read_dir(DIR).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// Whether a plan can be compared: each major version of PostgreSQL words plans in its own way.
pub(crate) fn is_of_version(name: &str, version: &str) -> bool {
    let kept = std::fs::read_to_string(Path::new(DIR).join(name)).unwrap_or_default();
    setting(WRITE).is_some() || kept.is_empty() || kept.starts_with(version)
}
