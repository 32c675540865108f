//! The address of a mail server, as `SMTP_URL` writes it.

use std::net::IpAddr;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// A mail server: where it is, how the way to it is encrypted, and who it is told that we are.
#[derive(Clone, Debug)]
pub(crate) struct SmtpUrl {
    /// Its name, or its address without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) encryption: Encryption,
    /// A user and a password, if it wants them.
    pub(crate) credentials: Option<Credentials>,
    /// The name that we greet it with.
    pub(crate) hello: ClientId,
}

/// When the way to the server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// From the first byte on (RFC 8314, section 3.3).
    Implicit,
    /// By STARTTLS (RFC 3207), and nothing is sent before.
    Required,
    /// By STARTTLS if the server offers it; who sits between can say that it does not.
    Opportunistic,
    /// Never.
    None,
}

impl SmtpUrl {
    /// Reads `smtps://USER:PASSWORD@HOST:PORT/NAME` and `smtp://…?tls=required`, in the form that
    /// `lettre` made usual. Only the host must be there. `None` for anything else, so that no slip
    /// of the pen turns the encryption or the password off.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok().filter(|url| url.fragment().is_none())?;
        let (encryption, usual_port) = match (url.scheme(), url.query()) {
            ("smtps", None | Some("tls=required")) => (Encryption::Implicit, 465),
            ("smtp", Some("tls=required")) => (Encryption::Required, 587),
            ("smtp", Some("tls=opportunistic")) => (Encryption::Opportunistic, 587),
            ("smtp", None) => (Encryption::None, 25),
            _ => return None,
        };
        let host = match url.host()? {
            // Of a scheme that it does not know, the parser leaves a host as it is written.
            Host::Domain(name) if name.contains('%') => return None,
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return None,
            (user, Some(password)) => Some(Credentials::new(decoded(user)?, decoded(password)?)),
        };
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let port = url.port().unwrap_or(usual_port);
        Some(Self { host, port, encryption, credentials, hello })
    }

    /// Whether nobody on the way can read along: it is encrypted, or does not leave this machine.
    pub(crate) fn is_private(&self) -> bool {
        let address = self.host.parse().map(|address: IpAddr| address.is_loopback());
        matches!(self.encryption, Encryption::Implicit | Encryption::Required)
            || address.unwrap_or(self.host.eq_ignore_ascii_case("localhost"))
    }
}

/// The text that a part of a URL stands for (RFC 3986, section 2.1).
fn decoded(part: &str) -> Option<String> {
    percent_decode_str(part).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> SmtpUrl {
        SmtpUrl::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn the_scheme_and_the_query_say_how_it_is_encrypted_and_on_which_port() {
        for (text, encryption, port) in [
            ("smtps://mail.example.com", Encryption::Implicit, 465),
            ("smtps://mail.example.com:2465", Encryption::Implicit, 2_465),
            ("smtps://mail.example.com?tls=required", Encryption::Implicit, 465),
            ("smtp://mail.example.com?tls=required", Encryption::Required, 587),
            ("smtp://mail.example.com?tls=opportunistic", Encryption::Opportunistic, 587),
            ("smtp://mail.example.com", Encryption::None, 25),
        ] {
            let url = parse(text);
            assert_eq!((url.encryption, url.port), (encryption, port), "{text}");
            assert_eq!(url.host, "mail.example.com");
            assert_eq!(url.credentials, None);
            assert_eq!(url.hello, ClientId::default());
        }
    }

    #[test]
    fn what_is_special_in_a_password_is_percent_encoded() {
        let url = parse("smtps://ada%40example.com:p%2Fss%3Aw%C3%B6rd+@h/todo.example.com");
        let credentials = Credentials::from(("ada@example.com", "p/ss:wörd+"));
        assert_eq!(url.credentials, Some(credentials));
        assert_eq!(url.hello, ClientId::Domain("todo.example.com".to_owned()));
    }

    #[test]
    fn only_the_way_to_this_very_machine_may_be_plain() {
        for (text, private) in [
            ("smtps://mail.example.com", true),
            ("smtp://mail.example.com?tls=required", true),
            ("smtp://mail.example.com?tls=opportunistic", false),
            ("smtp://mail.example.com", false),
            ("smtp://localhost:1025", true),
            ("smtp://127.0.0.1:1025", true),
            ("smtp://[::1]:1025", true),
            ("smtp://10.0.0.1", false),
            ("smtp://127.0.0.1.example.com", false),
            ("smtp://localhost.example.com", false),
        ] {
            assert_eq!(parse(text).is_private(), private, "{text}");
        }
    }

    #[test]
    fn whatever_else_is_refused() {
        for text in [
            "",
            "mail.example.com",
            "mail.example.com:25",
            "http://mail.example.com",
            "smtp://",
            "smtp:mail.example.com",
            "smtp://mail.example.com:port",
            "smtp://mail%zz.example.com",
            "smtp://mail.example.com?tls=maybe",
            "smtp://mail.example.com?TLS=required",
            "smtp://mail.example.com?tls=required&tls=opportunistic",
            "smtps://mail.example.com?tls=opportunistic",
            "smtps://user@mail.example.com",
            "smtps://:password@mail.example.com",
            "smtps://user:p%FFassword@mail.example.com",
            "smtps://user:password@mail.example.com#fragment",
        ] {
            assert!(SmtpUrl::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn debug_hides_the_password() {
        let shown = format!("{:?}", parse("smtps://ada:hunter2@mail.example.com"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
