//! How a long list is read, page by page.

use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::support::{FAMILIES, TestApp, TestUser, faults, json_of, problem};

/// The address of the page after this one.
fn next(answer: &Response) -> Option<String> {
    let link = answer.headers().get("link")?.to_str().expect("text");
    let (address, relation) = link.split_once('>').expect("a link");
    assert_eq!(relation, "; rel=\"next\"");
    Some(address.strip_prefix('<').expect("a link").to_owned())
}

/// Every page of the list at `path`, from the first to the last.
async fn pages(user: &TestUser<'_>, path: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut address = Some(path.to_owned());
    while let Some(path) = address {
        let answer = user.get(&path).await;
        address = next(&answer);
        let page = json_of(answer, StatusCode::OK).await;
        pages.push(page.as_array().expect("a bare array").clone());
        assert!(pages.len() <= 20, "an end to it");
    }
    pages
}

#[actix_web::test]
async fn the_links_lead_past_every_task_once() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for title in ["b", "A", "c", "a", "B", "É", "é", "z a", "-", "𝄞", "C"] {
        ada.task(title).await;
    }
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for sort in ["created", "title"] {
            for order in ["asc", "desc"] {
                let list = format!("{tasks}?sort={sort}&order={order}");
                let whole: Vec<Value> = ada.get(&list).await.json().await.unwrap();
                assert_eq!(whole.len(), 11);
                for limit in [1, 3, 11] {
                    let pages = pages(&ada, &format!("{list}&limit={limit}")).await;
                    assert_eq!(pages.concat(), whole, "{list} by {limit}");
                    assert_eq!(pages.len(), whole.len().div_ceil(limit), "no empty page");
                }
            }
        }
    }
}

#[actix_web::test]
async fn tasks_of_one_title_are_told_apart_by_their_ids() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for _ in 0..5 {
        ada.task("Buy milk").await;
    }
    for family in FAMILIES {
        for (order, ascending) in [("asc", true), ("desc", false)] {
            let path = format!("{}?sort=title&order={order}&limit=2", family.tasks_of(&ada.id));
            let tasks = pages(&ada, &path).await.concat();
            let ids: Vec<_> = tasks.iter().map(|task| task["id"].as_i64().unwrap()).collect();
            assert_eq!(ids.len(), 5);
            assert!(ids.is_sorted_by(|one, other| if ascending {
                one < other
            } else {
                one > other
            }));
        }
    }
}

#[actix_web::test]
async fn a_page_holds_a_hundred_tasks_unless_fewer_are_asked_for() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for number in 0..101 {
        ada.task(&format!("Task {number}")).await;
    }
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for path in [tasks.clone(), format!("{tasks}?limit=100")] {
            let sizes: Vec<_> = pages(&ada, &path).await.iter().map(Vec::len).collect();
            assert_eq!(sizes, [100, 1]);
        }
    }
}

#[actix_web::test]
async fn the_link_asks_for_the_same_list() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for title in ["a", "b"] {
        ada.task(title).await;
    }
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        let answer =
            ada.get(&format!("{tasks}?status=pending&sort=title&order=desc&limit=1")).await;
        let link = next(&answer).unwrap();
        let (path, query) = link.split_once('?').unwrap();
        assert_eq!(path, tasks);
        for parameter in ["status=pending", "sort=title", "order=desc", "limit=1"] {
            assert!(query.split('&').any(|part| part == parameter), "{query}");
        }
    }
}

#[actix_web::test]
async fn the_last_page_has_no_link() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for title in ["a", "b"] {
        ada.task(title).await;
    }
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for query in ["", "?limit=2", "?limit=100", "?status=completed&limit=1"] {
            let answer = ada.get(&format!("{tasks}{query}")).await;
            assert!(!answer.headers().contains_key("link"), "{query}");
        }
    }
}

#[actix_web::test]
async fn a_task_made_or_deleted_meanwhile_moves_no_other_across_a_page() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let mut tasks = Vec::new();
        for title in ["a", "b", "c", "d"] {
            tasks.push(ada.task(title).await);
        }
        let list = family.tasks_of(&ada.id);
        let answer = ada.get(&format!("{list}?limit=2")).await;
        let link = next(&answer).unwrap();
        ada.task("meanwhile").await;
        let seen = format!("{list}/{}", tasks[2]["id"]);
        ada.request(reqwest::Method::DELETE, &seen).send().await.unwrap();
        let second: Vec<Value> = ada.get(&link).await.json().await.unwrap();
        assert_eq!(second, [tasks[1].clone(), tasks[0].clone()]);
    }
}

#[actix_web::test]
async fn a_cursor_belongs_to_the_list_that_gave_it() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for title in ["a", "b"] {
        ada.task(title).await;
    }
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for (sort, other) in [("created", "title"), ("title", "created")] {
            let answer = ada.get(&format!("{tasks}?sort={sort}&limit=1")).await;
            let link = next(&answer).unwrap();
            let path = link.replace(&format!("sort={sort}"), &format!("sort={other}"));
            let document = problem(ada.get(&path).await, family.invalid()).await;
            assert_eq!(faults(&document), [("cursor", "malformed")]);
        }
    }
}

#[actix_web::test]
async fn the_cursor_of_another_user_shows_ones_own_tasks_alone() {
    let app = TestApp::start().await;
    let (ada, eve) = (app.user("ada").await, app.user("eve").await);
    for title in ["c", "d", "e"] {
        ada.task(title).await;
    }
    for title in ["a", "b", "f"] {
        eve.task(title).await;
    }
    for family in FAMILIES {
        for query in ["sort=title", "sort=created&order=asc"] {
            let list = format!("{}?{query}&limit=1", family.tasks_of(&ada.id));
            let link = next(&ada.get(&list).await).unwrap();
            let path = link.replace(&family.tasks_of(&ada.id), &family.tasks_of(&eve.id));
            let seen = pages(&eve, &path).await.concat();
            assert!(!seen.is_empty());
            assert!(seen.iter().all(|task| task["user_id"] == eve.id), "{seen:?}");
        }
    }
}
