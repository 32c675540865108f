//! What the database says of a token that holds in itself.

use todo_db::ConnectError;
use todo_domain::{Standing, StoreError, Timestamp, UserId, VerifiedToken};

use crate::app::{Repos, StartError};
use crate::telemetry;

/// What came of the look.
pub(super) enum Account {
    /// The server would take the token. Says what it would find.
    Good(String),
    /// The session of the token has ended, or never was.
    SessionEnded,
    /// An operator keeps the user out.
    Disabled,
    /// The user was deleted after the token was made.
    Deleted,
    /// The token's email is another account's.
    EmailTaken,
    /// The database does not tell, for this reason.
    Unknown(String),
}

/// Looks at the database, which is only read.
pub(super) async fn look_up(
    opened: Result<Repos, StartError>,
    token: &VerifiedToken,
    now: Timestamp,
) -> Account {
    let found = match &opened {
        Err(StartError::Connect(ConnectError::Missing(_))) => Ok(in_nothing(token)),
        Ok(repos) => find(repos, token, now).await.map_err(|error| telemetry::chain(&error)),
        Err(error) => Err(telemetry::chain(error)),
    };
    found.unwrap_or_else(Account::Unknown)
}

/// What a database that the first start makes would say.
fn in_nothing(token: &VerifiedToken) -> Account {
    match token {
        VerifiedToken::Own { .. } => Account::SessionEnded,
        VerifiedToken::External { user_id, .. } => new_here(user_id),
    }
}

fn new_here(user_id: &UserId) -> Account {
    Account::Good(format!("Its user {user_id} is new here; the first call makes the row."))
}

async fn find(repos: &Repos, token: &VerifiedToken, now: Timestamp) -> Result<Account, StoreError> {
    let Repos { users, sessions, .. } = repos;
    match token {
        VerifiedToken::Own { user_id, session_id } => {
            let state = sessions.find_state(*session_id).await?;
            let is_open =
                state.is_some_and(|state| state.user_id == *user_id && state.is_open(now));
            let words = "It is one of this service's own, and its session is open.".to_owned();
            Ok(if is_open { Account::Good(words) } else { Account::SessionEnded })
        }
        VerifiedToken::External { user_id, email, issued_at, .. } => {
            let vouched_at = VerifiedToken::vouched_at(*issued_at, now);
            match users.standing(user_id, vouched_at).await? {
                Some(Standing::Active) => {
                    return Ok(Account::Good(format!("Its user {user_id} is known here.")));
                }
                Some(Standing::Disabled) => return Ok(Account::Disabled),
                Some(Standing::Deleted) => return Ok(Account::Deleted),
                None => {}
            }
            if let Some(email) = email
                && users.find_by_email(email).await?.is_some()
            {
                return Ok(Account::EmailTaken);
            }
            Ok(new_here(user_id))
        }
    }
}
