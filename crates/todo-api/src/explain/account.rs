//! What the database says of a token that holds in itself.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use todo_db::{Db, SeaSessionRepo, SeaUserRepo};
use todo_domain::{
    SessionRepo as _, Standing, StoreError, Timestamp, UserRepo as _, VerifiedToken,
};

use crate::config::Config;
use crate::telemetry;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

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
}

/// Looks at the database of these settings, which is only read. One that cannot be opened is none of
/// the token's faults.
pub(super) async fn look_up(config: &Config, token: &VerifiedToken, now: Timestamp) -> Account {
    let opened = todo_db::connect_to_read(config.database_url.expose_secret(), PATIENCE).await;
    let found = match &opened {
        Ok(db) => find(db, token, now).await.map_err(|error| telemetry::chain(&error)),
        Err(error) => Err(telemetry::chain(error)),
    };
    found.unwrap_or_else(|why| {
        Account::Good(format!("The token itself holds. The database was not looked at: {why}."))
    })
}

async fn find(db: &Db, token: &VerifiedToken, now: Timestamp) -> Result<Account, StoreError> {
    let users = SeaUserRepo::new(db);
    match token {
        VerifiedToken::Own { user_id, session_id } => {
            let state = SeaSessionRepo::new(db).find_state(*session_id).await?;
            let is_open =
                state.is_some_and(|state| state.user_id == *user_id && state.is_open(now));
            let words = "It is one of this service's own, and its session is open.".to_owned();
            Ok(if is_open { Account::Good(words) } else { Account::SessionEnded })
        }
        VerifiedToken::External { user_id, email, issued_at, .. } => {
            let vouched_at = VerifiedToken::vouched_at(*issued_at);
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
            let words = format!("Its user {user_id} is new here; the first call makes the row.");
            Ok(Account::Good(words))
        }
    }
}
