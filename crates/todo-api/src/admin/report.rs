//! What `todo-api admin` prints, for people and for programs.

use serde_json::{Value, json};
use todo_domain::{DisplayName, OpenSession, Switch, Timestamp, User, UserAgent, UserReport};

use crate::printable::{printable, printable_json};

/// One line a user; in JSON one array.
pub(super) fn users(users: &[User], json: bool) -> Vec<String> {
    if json {
        return document(&users.iter().map(user_json).collect());
    }
    users.iter().map(user_line).collect()
}

/// The user, and a line for each open session.
pub(super) fn user(report: &UserReport, json: bool) -> Vec<String> {
    let UserReport { user, has_password, sessions } = report;
    if json {
        let mut document_of_user = user_json(user);
        document_of_user["has_password"] = json!(has_password);
        document_of_user["sessions"] = sessions.iter().map(session_json).collect();
        return document(&document_of_user);
    }
    let name = user.name.as_ref().map_or("-".to_owned(), |name| printable(name.as_str()));
    let password = if *has_password { "has a password" } else { "logs in with another issuer" };
    let mut lines = vec![
        user_line(user),
        format!("  name {name}; {password}; {} open sessions", sessions.len()),
    ];
    lines.extend(sessions.iter().map(session_line));
    lines
}

/// How many sessions were ended.
pub(super) fn ended(sessions: usize, json: bool) -> Vec<String> {
    if json {
        return document(&json!({ "ended_sessions": sessions }));
    }
    vec![format!("{sessions} sessions ended")]
}

/// One line a switch; in JSON one array.
pub(super) fn switches(switches: &[(Switch, Option<Timestamp>)], json: bool) -> Vec<String> {
    if json {
        let switches = switches.iter().map(|(switch, since)| {
            let off_since = since.map(|since| since.to_string());
            json!({"name": switch.as_str(), "on": since.is_none(), "off_since": off_since})
        });
        return document(&switches.collect());
    }
    let line = |(switch, since): &(Switch, Option<Timestamp>)| match since {
        None => format!("{switch:<16} on"),
        Some(since) => format!("{switch:<16} off since {since}"),
    };
    switches.iter().map(line).collect()
}

fn user_line(user: &User) -> String {
    let User { id, email, name: _, created_at, updated_at: _, disabled_at } = user;
    let state = disabled_at.map_or("active".to_owned(), |since| format!("disabled since {since}"));
    // Neither an id nor an email can hold what a terminal obeys.
    format!("{id}  {}  made {created_at}  {state}", email.as_str())
}

fn user_json(user: &User) -> Value {
    let User { id, email, name, created_at, updated_at, disabled_at } = user;
    json!({
        "id": id.as_str(),
        "email": email.as_str(),
        "name": name.as_ref().map(DisplayName::as_str),
        "created_at": created_at.to_string(),
        "updated_at": updated_at.to_string(),
        "disabled_at": disabled_at.map(|since| since.to_string()),
    })
}

fn session_line(session: &OpenSession) -> String {
    let OpenSession { id, client, created_at: _, last_used_at, expires_at } = session;
    let agent = client.user_agent.as_ref().map_or("-".to_owned(), |it| printable(it.as_str()));
    let address = client.address.map_or("-".to_owned(), |address| address.to_string());
    format!("  {id}  from {address}  used {last_used_at}  until {expires_at}  {agent}")
}

fn session_json(session: &OpenSession) -> Value {
    let OpenSession { id, client, created_at, last_used_at, expires_at } = session;
    json!({
        "id": id.to_string(),
        "user_agent": client.user_agent.as_ref().map(UserAgent::as_str),
        "ip": client.address.map(|address| address.to_string()),
        "created_at": created_at.to_string(),
        "last_used_at": last_used_at.to_string(),
        "expires_at": expires_at.to_string(),
    })
}

fn document(value: &Value) -> Vec<String> {
    vec![printable_json(value)]
}
