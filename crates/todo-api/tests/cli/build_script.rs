//! What a release has in it of a built web app.

use std::fs;

use crate::script::files_of;
use crate::web_build::{PAGES, SCRIPT, WebBuild, content};

#[test]
fn every_file_of_a_build_is_listed_by_its_name() {
    let build = WebBuild::new();
    let files = files_of(build.path()).unwrap();
    for (page, _) in PAGES {
        assert_eq!(fs::read_to_string(&files[page]).unwrap(), content(page));
    }
    assert_eq!(fs::read_to_string(&files[SCRIPT]).unwrap(), "app()");
    assert!(files.contains_key("policies.json"));
}

#[test]
fn where_nothing_is_built_nothing_is_listed() {
    let build = WebBuild::new();
    assert!(files_of(&build.path().join("nowhere")).unwrap().is_empty());
    build.remove("index.html");
    assert!(files_of(build.path()).unwrap().is_empty());
}

#[test]
fn a_build_that_was_not_finished_is_refused_with_what_to_do() {
    let build = WebBuild::new();
    build.remove("policies.json");
    let said = files_of(build.path()).unwrap_err().to_string();
    assert!(said.contains("policies.json") && said.contains("`just web`"), "{said}");
}

#[test]
fn a_build_is_listed_through_links_and_once_alone() {
    let build = WebBuild::new();
    let volume = build.mounted();
    let listed = files_of(volume.path()).unwrap();
    assert!(listed.keys().eq(files_of(build.path()).unwrap().keys()), "{listed:?}");
}
