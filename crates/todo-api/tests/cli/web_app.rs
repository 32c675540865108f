//! Which web app a process serves, and the builds that it refuses.

use crate::process::Place;
use crate::web_build::WebBuild;

/// A change to a good build.
type Change = fn(&WebBuild);

/// Changes that break a build, and what is said of each.
const BROKEN: [(Change, &str); 7] = [
    (|build| build.remove("index.html"), "there is no index.html in it"),
    (|build| build.remove("policies.json"), "there is no policies.json in it"),
    (|build| build.write("policies.json", "[]"), "policies.json is no object"),
    (|build| build.set_policy("login.html", None), "login.html has no policy"),
    (|build| build.set_policy("login.html", Some("a\nb")), "the policy of login.html"),
    (|build| build.set_policy("404.html", None), "404.html has no policy"),
    (|build| build.write("api/x.js", ""), "api/x.js is below /api/"),
];

#[test]
fn a_directory_that_is_no_built_app_is_refused_by_the_name_of_its_setting() {
    for (break_it, said) in BROKEN {
        let build = WebBuild::new();
        break_it(&build);
        let place = Place::new();
        let ended = place.run(&[], &[("WEB_APP_DIR", build.dir())]);
        assert_eq!(ended.code, Some(2), "{said}: {ended:?}");
        assert!(ended.stderr.contains("WEB_APP_DIR must be a built web app"), "{ended:?}");
        assert!(ended.stderr.contains(said), "{said}: {ended:?}");
        assert_eq!(place.files(), [""; 0]);
    }
    for dir in ["", "nowhere", "/", "/etc/passwd"] {
        let ended = Place::new().run(&[], &[("WEB_APP_DIR", dir)]);
        assert_eq!(ended.code, Some(2), "{dir}: {ended:?}");
        assert!(ended.stderr.contains("WEB_APP_DIR"), "{dir}: {ended:?}");
    }
}

#[test]
fn production_warns_that_sessions_are_kept_at_no_address_but_its_own_if_so() {
    let (build, secret) = (WebBuild::new(), "0123456789abcdef0123456789abcdef");
    let with_app = [("BETTER_AUTH_SECRET", secret), ("WEB_APP_DIR", build.dir())];
    let production = [("APP_ENV", "production"), ("BCRYPT_COST", "10"), ("HOST", "0.0.0.0")];
    let address = [("API_BASE_URL", "https://todo.example.com")];
    for (environment, warned) in [
        ([&with_app[..], &production].concat(), true),
        ([&with_app[..], &production, &address].concat(), false),
        (with_app.to_vec(), false),
    ] {
        let server = Place::new().serve(&environment);
        let own = format!("http://localhost:{}", server.port);
        let log = server.stop("TERM").stdout;
        let mut lines = log.lines().filter(|line| line.contains("API_BASE_URL is not set"));
        assert_eq!(lines.next().is_some_and(|line| line.contains(&own)), warned, "{log}");
    }
}

/// A release takes no notice of a checkout.
#[cfg(debug_assertions)]
mod in_development {
    use std::fs;

    use reqwest::StatusCode;

    use super::*;
    use crate::process::Server;
    use crate::web_build::content;

    async fn first_page(server: &Server) -> String {
        let answer = reqwest::get(server.url("/")).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.expect("text")
    }

    /// Puts a build where a checkout has it.
    fn check_out(place: &Place, build: &WebBuild) {
        let frontend = place.path().join("frontend");
        fs::create_dir_all(&frontend).expect("a directory");
        std::os::unix::fs::symlink(build.path(), frontend.join("out")).expect("a link");
    }

    #[actix_web::test]
    async fn the_app_of_the_checkout_is_served_that_the_process_is_started_in() {
        let (place, build) = (Place::new(), WebBuild::new());
        let without = place.serve(&[]);
        assert!(first_page(&without).await.contains("just web"));
        drop(without);
        check_out(&place, &build);
        let server = place.serve(&[]);
        assert_eq!(first_page(&server).await, content("index.html"));
        assert!(server.log().contains("web app at "), "{}", server.log());
    }

    #[actix_web::test]
    async fn the_app_of_the_setting_is_served_in_place_of_any_other() {
        let (place, build, other) = (Place::new(), WebBuild::new(), WebBuild::new());
        check_out(&place, &build);
        other.write("index.html", "the other one");
        let server = place.serve(&[("WEB_APP_DIR", other.dir())]);
        assert_eq!(first_page(&server).await, "the other one");
    }

    #[actix_web::test]
    async fn without_its_first_page_a_build_of_the_checkout_is_none() {
        let (place, build) = (Place::new(), WebBuild::new());
        build.remove("index.html");
        check_out(&place, &build);
        assert!(first_page(&place.serve(&[])).await.contains("just web"));
    }

    #[test]
    fn any_other_break_of_a_build_of_the_checkout_is_told() {
        for (break_it, said) in BROKEN.into_iter().skip(1) {
            let (place, build) = (Place::new(), WebBuild::new());
            break_it(&build);
            check_out(&place, &build);
            let ended = place.run(&[], &[]);
            assert_eq!(ended.code, Some(1), "{said}: {ended:?}");
            let told = format!("the web app in frontend/out: {said}");
            assert!(ended.stderr.contains(&told), "{told}: {ended:?}");
        }
    }
}
