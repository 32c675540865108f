//! The words of the mails.

use todo_domain::{Email, Mail};

use crate::routes::RESET_PASSWORD_PAGE;

/// Writes mails whose links lead to this service.
#[derive(Clone, Debug)]
pub(crate) struct MailWriter {
    base_url: String,
}

/// A mail in words. It holds the token that the mail carries.
pub(crate) struct MailText<'a> {
    pub(crate) to: &'a Email,
    pub(crate) subject: &'static str,
    /// The link that the mail is about.
    pub(crate) link: String,
    /// Plain text in ASCII, with the link on a line of its own: lines as short as these are sent as
    /// they are, and no mail client has to put a broken link together again.
    pub(crate) body: String,
}

impl MailWriter {
    /// A writer for the service at `base_url`, which has no slash at its end.
    pub(crate) fn new(base_url: &str) -> Self {
        Self { base_url: base_url.to_owned() }
    }

    /// The mail in words.
    pub(crate) fn write<'a>(&self, mail: &'a Mail) -> MailText<'a> {
        match mail {
            Mail::PasswordReset { to, token } => {
                let link =
                    format!("{}{RESET_PASSWORD_PAGE}?token={}", self.base_url, token.expose());
                let body = reset_password(&link);
                MailText { to, subject: "Reset your password", link, body }
            }
        }
    }
}

fn reset_password(link: &str) -> String {
    format!(
        "Hello,\n\
         \n\
         somebody asked to reset the password of your account. If it was you, choose\n\
         a new one here:\n\
         \n\
         {link}\n\
         \n\
         The link holds for an hour and works once. If you did not ask for it, ignore\n\
         this mail: your password stays as it is.\n"
    )
}

#[cfg(test)]
mod tests {
    use todo_domain::ResetToken;

    use super::*;

    #[test]
    fn the_link_stands_on_a_line_of_its_own() {
        let to = Email::parse("ada@example.com").unwrap();
        let mail = Mail::PasswordReset { to, token: ResetToken::new("t0ken".to_owned()) };
        let text = MailWriter::new("https://todo.example.com").write(&mail);
        assert_eq!(text.link, "https://todo.example.com/reset-password?token=t0ken");
        assert!(text.body.lines().any(|line| line == text.link), "{}", text.body);
        assert!(text.body.is_ascii());
        assert!(text.body.lines().all(|line| line.len() <= 78), "RFC 5322, section 2.1.1");
    }
}
