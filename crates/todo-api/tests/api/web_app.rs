//! The pages of the web app: where they are, and what is at all other addresses.

use reqwest::{Method, Response, StatusCode};

use crate::headers::has_security_headers;
use crate::scrape::Scrape;
use crate::support::{TestApp, problem};
use crate::web_build::{PAGES, SCRIPT, WebBuild, content, policy};

/// An application with this build.
pub(crate) async fn serve(build: &WebBuild) -> TestApp {
    TestApp::start_with(&[&format!("--web-app-dir={}", build.dir())]).await
}

/// What a person's browser gets at this address.
pub(crate) async fn visit(app: &TestApp, method: Method, path: &str) -> Response {
    let accepted = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    app.request(method, path).header("accept", accepted).send().await.unwrap()
}

/// The first line of what is answered at this path, which is sent as it stands here, and the rest.
async fn raw(app: &TestApp, path: &str) -> (String, String) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: todo\r\nconnection: close\r\n\r\n");
    let heard = app.exchange(request).await;
    let (first, rest) = heard.split_once("\r\n").unwrap();
    (first.to_owned(), rest.to_owned())
}

#[actix_web::test]
async fn each_page_is_at_its_address_under_the_policy_that_the_build_wrote() {
    let app = serve(&WebBuild::new()).await;
    for (page, path) in PAGES {
        for answer in [app.get(path).await, visit(&app, Method::GET, path).await] {
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
            let policies = answer.headers().get_all("content-security-policy");
            assert_eq!(policies.iter().collect::<Vec<_>>(), [policy(page).as_str()], "{path}");
            assert_eq!(answer.text().await.unwrap(), content(page));
        }
    }
}

#[actix_web::test]
async fn a_page_has_one_address_and_the_others_lead_there() {
    let app = serve(&WebBuild::new()).await;
    for (path, address) in [
        ("/login.html", "/login"),
        ("/login/", "/login"),
        ("/login/?next=/tasks&x=%20", "/login?next=/tasks&x=%20"),
        ("/index.html", "/"),
        ("/index/", "/"),
    ] {
        let (status, rest) = raw(&app, path).await;
        assert_eq!(status, "HTTP/1.1 308 Permanent Redirect", "{path}");
        assert!(rest.contains(&format!("location: {address}\r\n")), "{path}: {rest}");
        assert!(rest.contains("cache-control: no-store\r\n"), "{path}: {rest}");
    }
    for path in ["//evil.example/", "//login/", "/login//", "/index"] {
        assert_eq!(raw(&app, path).await.0, "HTTP/1.1 404 Not Found", "{path}");
    }
}

#[actix_web::test]
async fn the_page_for_a_new_password_is_the_apps_and_kept_by_no_cache() {
    let app = serve(&WebBuild::new()).await;
    for (path, text) in [
        ("/reset-password?token=secret", content("reset-password.html")),
        ("/reset-password.txt?token=secret&_rsc=1", "a payload".to_owned()),
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
        assert_eq!(answer.text().await.unwrap(), text, "{path}");
    }
    problem(app.get("/pages/reset_password.js").await, StatusCode::NOT_FOUND).await;
}

#[actix_web::test]
async fn a_browser_that_is_led_nowhere_gets_a_page_and_a_program_a_problem() {
    let app = serve(&WebBuild::new()).await;
    for path in ["/nothing", "/login/nothing", "/404", "/404.html", "/nothing.js", "/%FF"] {
        let answer = visit(&app, Method::GET, path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.headers()["content-security-policy"], policy("404.html").as_str());
        assert!(!answer.headers().contains_key("etag"));
        assert_eq!(answer.text().await.unwrap(), content("404.html"), "{path}");
        for accepted in ["*/*", "application/json", "text/html;q=0, */*", "", "text/*", "?"] {
            let request = app.request(Method::GET, path).header("accept", accepted);
            problem(request.send().await.unwrap(), StatusCode::NOT_FOUND).await;
        }
    }
}

#[actix_web::test]
async fn what_is_not_there_is_kept_by_no_cache_for_it_may_be_there_with_the_next_build() {
    let app = serve(&WebBuild::new()).await;
    for path in ["/nothing", "/_next/static/chunks/next.js", "/docs/nothing"] {
        for answer in [app.get(path).await, visit(&app, Method::GET, path).await] {
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
        }
    }
}

#[actix_web::test]
async fn where_a_page_or_a_problem_is_answered_both_say_what_they_depend_on() {
    let app = serve(&WebBuild::new()).await;
    let depends = |answer: &Response| {
        let vary = answer.headers()["vary"].to_str().unwrap();
        vary.split(", ").any(|name| name == "Accept")
    };
    for method in [Method::GET, Method::HEAD] {
        assert!(depends(&visit(&app, method.clone(), "/nothing").await));
        assert!(depends(&app.request(method, "/nothing").send().await.unwrap()));
    }
    for (method, path) in [(Method::POST, "/nothing"), (Method::GET, "/api/nothing")] {
        assert!(!depends(&visit(&app, method, path).await), "{path}: nobody gets a page");
    }
}

#[actix_web::test]
async fn below_the_docs_nobody_gets_a_page() {
    let app = serve(&WebBuild::new()).await;
    problem(visit(&app, Method::GET, "/docs/nothing").await, StatusCode::NOT_FOUND).await;
}

#[actix_web::test]
async fn below_the_api_nobody_gets_a_page() {
    let app = serve(&WebBuild::new()).await;
    for path in ["/api/", "/api/login", "/api/v1/nothing", "/%61pi/nothing", "/api/v1/auth/x"] {
        let document = problem(visit(&app, Method::GET, path).await, StatusCode::NOT_FOUND).await;
        assert_eq!(document["type"], "urn:todo:problem:not-found", "{path}");
    }
    problem(visit(&app, Method::GET, "/api/v1/tasks").await, StatusCode::UNAUTHORIZED).await;
}

#[actix_web::test]
async fn a_page_takes_no_other_method() {
    let app = serve(&WebBuild::new()).await;
    for path in ["/", "/login", "/login/", "/theme.js"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let answer = visit(&app, method, path).await;
            assert_eq!(answer.headers()["allow"], "GET, HEAD", "{path}");
            problem(answer, StatusCode::METHOD_NOT_ALLOWED).await;
        }
    }
    problem(visit(&app, Method::POST, "/nothing").await, StatusCode::NOT_FOUND).await;
}

#[actix_web::test]
async fn nothing_of_a_request_becomes_a_path_of_the_file_system() {
    let build = WebBuild::new();
    let outside = build.path().file_name().unwrap().to_str().unwrap().to_owned();
    let app = serve(&build).await;
    for path in [
        "/../login".to_owned(),
        format!("/../{outside}/theme.js"),
        format!("/%2e%2e/{outside}/theme.js"),
        format!("/..%2f{outside}%2ftheme.js"),
        build.path().join("theme.js").display().to_string(),
        format!("/{}", build.path().join("theme.js").display()),
        "/./theme.js".to_owned(),
        "/login/../theme.js".to_owned(),
        "/login/%2e%2e/theme.js".to_owned(),
        "/fonts%2finter.woff2".to_owned(),
        "/fonts\\inter.woff2".to_owned(),
        "/theme.js%00".to_owned(),
        "/../../../../../../etc/passwd".to_owned(),
        "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd".to_owned(),
        "/..%252f..%252fetc%252fpasswd".to_owned(),
    ] {
        assert_eq!(raw(&app, &path).await.0, "HTTP/1.1 404 Not Found", "{path}");
    }
}

#[actix_web::test]
async fn what_the_build_says_to_the_server_alone_is_not_served() {
    let app = serve(&WebBuild::new()).await;
    for path in [
        "/policies.json".to_owned(),
        "/policies.json.br".to_owned(),
        format!("/{SCRIPT}.br"),
        format!("/{SCRIPT}.gz"),
        "/login.html.gz".to_owned(),
    ] {
        problem(app.get(&path).await, StatusCode::NOT_FOUND).await;
    }
}

#[actix_web::test]
async fn the_app_stands_in_front_of_nothing_that_the_service_has_itself() {
    let build = WebBuild::new();
    for name in ["health", "openapi.json", "docs/index.html", "metrics"] {
        build.write(name, "the app's");
    }
    build.set_policy("docs/index.html", Some("default-src 'none'"));
    let app = serve(&build).await;
    for path in ["/health", "/openapi.json", "/docs/", "/docs/index.html", "/metrics"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_ne!(answer.text().await.unwrap(), "the app's", "{path}");
    }
}

#[actix_web::test]
async fn the_app_is_served_from_memory_as_it_was_at_the_start() {
    let build = WebBuild::new();
    let app = serve(&build).await;
    drop(build);
    for (page, path) in PAGES {
        assert_eq!(app.get(path).await.text().await.unwrap(), content(page));
    }
}

#[actix_web::test]
async fn a_build_without_a_page_for_what_is_not_there_answers_with_problems() {
    let build = WebBuild::new();
    build.remove("404.html");
    let app = serve(&build).await;
    problem(visit(&app, Method::GET, "/nothing").await, StatusCode::NOT_FOUND).await;
}

#[actix_web::test]
async fn whatever_is_answered_has_the_headers_of_every_answer() {
    let build = WebBuild::new();
    let flag = format!("--web-app-dir={}", build.dir());
    let app = TestApp::start_with(&[&flag, "--app-env=production", "--bcrypt-cost=10"]).await;
    let known = app.request(Method::GET, "/login").header("if-none-match", "*");
    for answer in [
        app.get("/").await,
        app.get("/theme.js").await,
        known.send().await.unwrap(),
        visit(&app, Method::GET, "/nothing").await,
        visit(&app, Method::POST, "/").await,
    ] {
        has_security_headers(answer.headers());
        assert!(answer.headers().contains_key("x-request-id"));
        assert!(answer.headers().contains_key("strict-transport-security"));
    }
}

#[actix_web::test]
async fn files_are_counted_as_one_and_made_up_paths_as_another() {
    let app = serve(&WebBuild::new()).await;
    for path in ["/", "/login", "/login/", "/theme.js", "/fonts/inter.woff2"] {
        app.get(path).await;
    }
    for made_up in ["invented", "feigned", "invented/feigned"] {
        app.get(&format!("/{made_up}")).await;
        visit(&app, Method::GET, &format!("/_next/static/{made_up}")).await;
    }
    let scrape = Scrape::of(&app).await;
    let count = |route: &str, status: &str| {
        let labels = format!("{{method=\"GET\",route=\"{route}\",status=\"{status}\"}}");
        scrape.count(&format!("todo_http_requests_total{labels}"))
    };
    // The way to `/login` is followed, and is counted itself.
    assert_eq!((count("/{file:.*}", "2xx"), count("/{file:.*}", "3xx")), (5, 1));
    assert_eq!(count("unmatched", "4xx"), 6);
    assert!(!scrape.0.contains("invented") && !scrape.0.contains("theme"));
}

#[actix_web::test]
async fn files_are_counted_as_such_whoever_answers() {
    let build = WebBuild::new();
    let flags = ["--app-env=production", "--bcrypt-cost=10", "--trusted-proxies=127.0.0.1"];
    let app = TestApp::start_with(&[&flags[..], &["--web-app-dir", build.dir()]].concat()).await;
    let plain = app.request(Method::GET, "/login").header("x-forwarded-proto", "http");
    problem(plain.send().await.unwrap(), StatusCode::FORBIDDEN).await;
    let preflight = app.request(Method::OPTIONS, "/login");
    let preflight = preflight.header("origin", "http://localhost:3000");
    preflight.header("access-control-request-method", "GET").send().await.unwrap();
    app.request(Method::POST, "/login").send().await.unwrap();
    let scrape = Scrape::of(&app).await;
    for (method, status) in [("GET", "4xx"), ("OPTIONS", "2xx"), ("POST", "4xx")] {
        let labels = format!("{{method=\"{method}\",route=\"/{{file:.*}}\",status=\"{status}\"}}");
        assert_eq!(scrape.count(&format!("todo_http_requests_total{labels}")), 1, "{labels}");
    }
}
