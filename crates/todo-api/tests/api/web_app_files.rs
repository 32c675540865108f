//! The files of the web app: types, codings, and how they may be kept.

use reqwest::{Method, Response, StatusCode};

use crate::support::TestApp;
use crate::web_app::serve;
use crate::web_build::{SCRIPT, WebBuild, content, policy};

/// What is at this path for who sends these headers.
async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = app.request(Method::GET, path);
    let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
    request.send().await.unwrap()
}

fn header(answer: &Response, name: &str) -> String {
    answer.headers().get(name).map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[actix_web::test]
async fn a_file_is_at_its_name_and_has_the_type_that_it_tells() {
    let app = serve(&WebBuild::new()).await;
    for (path, content_type, text) in [
        ("/login.txt", "text/plain; charset=utf-8", "a payload"),
        ("/login/__next._tree.txt", "text/plain; charset=utf-8", "a tree"),
        ("/theme.js", "text/javascript; charset=utf-8", "dark()"),
        ("/icon.svg", "image/svg+xml", "<svg/>"),
        ("/manifest.webmanifest", "application/manifest+json", "{}"),
        ("/fonts/inter.woff2", "font/woff2", "a font"),
        ("/_next/static/chunks/%5Bid%5D-5c.js", "text/javascript; charset=utf-8", "id()"),
        ("/theme%2Ejs?v=1", "text/javascript; charset=utf-8", "dark()"),
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&answer, "content-type"), content_type, "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(
            header(&answer, "content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'",
            "what is no page may do nothing"
        );
        assert_eq!(answer.text().await.unwrap(), text, "{path}");
    }
}

#[actix_web::test]
async fn a_name_with_a_hash_is_kept_for_ever_and_all_else_is_asked_for_again() {
    let app = serve(&WebBuild::new()).await;
    let script = format!("/{SCRIPT}");
    for (path, caching) in [
        (script.as_str(), "public, max-age=31536000, immutable"),
        ("/_next/static/chunks/[id]-5c.js", "public, max-age=31536000, immutable"),
        ("/", "no-cache"),
        ("/login", "no-cache"),
        ("/login.txt", "no-cache"),
        ("/theme.js", "no-cache"),
        ("/fonts/inter.woff2", "no-cache"),
    ] {
        assert_eq!(header(&app.get(path).await, "cache-control"), caching, "{path}");
    }
}

#[actix_web::test]
async fn a_file_comes_in_the_coding_that_the_client_likes_best() {
    let app = serve(&WebBuild::new()).await;
    let (brotli, gzip) = (format!("brotli of {SCRIPT}"), format!("gzip of {SCRIPT}"));
    for (accepted, coding, text) in [
        ("gzip, deflate, br, zstd", "br", brotli.as_str()),
        ("br;q=0.5, gzip;q=0.9", "gzip", &gzip),
        ("br;q=0, gzip", "gzip", &gzip),
        ("gzip;q=0, br;q=0", "", "app()"),
        ("GZIP", "gzip", &gzip),
        ("identity, br;q=0.1", "", "app()"),
        ("*", "", "app()"),
        ("*;q=0", "", "app()"),
        ("deflate", "", "app()"),
        ("br;q=x", "", "app()"),
        ("", "", "app()"),
    ] {
        let answer = get(&app, &format!("/{SCRIPT}"), &[("accept-encoding", accepted)]).await;
        assert_eq!(header(&answer, "content-encoding"), coding, "{accepted}");
        assert!(header(&answer, "vary").starts_with("Accept-Encoding"), "{accepted}");
        assert_eq!(header(&answer, "content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.text().await.unwrap(), text, "{accepted}");
    }
    let answer = get(&app, "/icon.svg", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(header(&answer, "content-encoding"), "", "the build has not compressed it");
}

#[actix_web::test]
async fn every_coding_has_a_tag_of_its_own_that_stays_as_long_as_the_content() {
    let (app, other) = (serve(&WebBuild::new()).await, serve(&WebBuild::new()).await);
    let mut tags = Vec::new();
    for coding in ["br", "gzip", "identity"] {
        let accepted = [("accept-encoding", coding)];
        let tag = header(&get(&app, "/login", &accepted).await, "etag");
        assert!(tag.starts_with('"') && tag.ends_with('"'), "a strong one: {tag}");
        assert_eq!(header(&get(&other, "/login", &accepted).await, "etag"), tag);
        assert!(!tags.contains(&tag), "{tags:?}");
        tags.push(tag);
    }
}

#[actix_web::test]
async fn who_has_a_file_is_told_that_it_is_the_same_with_all_that_describes_it() {
    let app = serve(&WebBuild::new()).await;
    let accepted = ("accept-encoding", "br");
    let tag = header(&get(&app, "/login", &[accepted]).await, "etag");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let answer = get(&app, "/login", &[accepted, ("if-none-match", &known)]).await;
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(header(&answer, "etag"), tag);
        assert_eq!(header(&answer, "cache-control"), "no-cache");
        assert!(header(&answer, "vary").starts_with("Accept-Encoding"));
        assert_eq!(header(&answer, "content-security-policy"), policy("login.html"));
        assert_eq!(answer.text().await.unwrap(), "");
    }
    for (coding, known) in [("br", "\"other\""), ("gzip", &*tag), ("br", "nonsense")] {
        let headers = [("accept-encoding", coding), ("if-none-match", known)];
        let answer = get(&app, "/login", &headers).await;
        assert_eq!(answer.status(), StatusCode::OK, "{coding} {known}");
    }
}

#[actix_web::test]
async fn head_of_a_file_is_get_without_the_content() {
    let app = serve(&WebBuild::new()).await;
    for path in ["/", "/login", "/theme.js", &format!("/{SCRIPT}")] {
        let get = app.get(path).await;
        let head = app.request(Method::HEAD, path).send().await.unwrap();
        assert_eq!(head.status(), StatusCode::OK, "{path}");
        for name in ["etag", "content-type", "cache-control", "content-length", "vary"] {
            assert_eq!(header(&head, name), header(&get, name), "{name} of {path}");
        }
        assert_eq!(header(&head, "content-length"), get.bytes().await.unwrap().len().to_string());
        assert_eq!(head.text().await.unwrap(), "");
    }
}

#[actix_web::test]
async fn the_page_for_what_is_not_there_comes_compressed_too() {
    let app = serve(&WebBuild::new()).await;
    for (coding, text) in [("br", "brotli of 404.html".to_owned()), ("", content("404.html"))] {
        let headers = [("accept", "text/html"), ("accept-encoding", coding)];
        let answer = get(&app, "/nothing", &headers).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert_eq!(header(&answer, "content-encoding"), coding);
        assert!(header(&answer, "vary").starts_with("Accept, Accept-Encoding"));
        assert_eq!(answer.text().await.unwrap(), text);
    }
}

#[actix_web::test]
async fn a_build_is_read_through_links_and_once_alone() {
    let build = WebBuild::new();
    let volume = build.mounted();
    let dir = volume.path().to_str().unwrap();
    let app = TestApp::start_with(&["--web-app-dir", dir]).await;
    for (path, text) in [("/login", content("login.html")), (&format!("/{SCRIPT}"), "app()".into())]
    {
        assert_eq!(app.get(path).await.text().await.unwrap(), text, "{path}");
        let other = format!("/..data{path}");
        assert_eq!(app.get(&other).await.status(), StatusCode::NOT_FOUND, "{other}");
    }
}
