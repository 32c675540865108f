//! What the service writes to its users.

use crate::password_reset::ResetToken;
use crate::user::Email;

/// A mail, by what it is about. Its words are the adapter's.
#[derive(Clone, Debug)]
pub enum Mail {
    /// Lets the user choose a new password.
    PasswordReset {
        /// The user's address.
        to: Email,
        /// The token that the mail's link carries.
        token: ResetToken,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_token() {
        let to = Email::parse("ada@example.com").unwrap();
        let mail = Mail::PasswordReset { to, token: ResetToken::new("hunter2".to_owned()) };
        let shown = format!("{mail:?}");
        assert!(shown.contains("ada@example.com") && !shown.contains("hunter2"), "{shown}");
    }
}
