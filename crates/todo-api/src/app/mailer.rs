//! Which mailer the settings ask for.

use std::sync::Arc;

use todo_domain::{Clock, Mailer};

use crate::adapters::{LogMailer, MailWriter, RetryingMailer, SmtpMailer};
use crate::config::{AppEnv, Config, ConfigError};

/// What sends the service's mails: the server at `SMTP_URL`, else the log in development, else
/// nothing. Their links lead to `base_url`.
///
/// # Errors
/// If `SMTP_URL` or `MAIL_FROM` cannot be used.
pub(super) fn mailer(
    config: &Config,
    base_url: &str,
    clock: Arc<dyn Clock>,
) -> Result<Option<Arc<dyn Mailer>>, ConfigError> {
    let writer = MailWriter::new(base_url);
    match (config.mail_server()?, config.app_env) {
        (Some((server, from)), _) => {
            let mailer = SmtpMailer::new(server, from, writer, clock).map_err(|_| {
                ConfigError::new("SMTP_URL", "names a server that TLS cannot reach")
            })?;
            let waits = RetryingMailer::<SmtpMailer>::WAITS;
            Ok(Some(Arc::new(RetryingMailer::new(mailer, waits))))
        }
        (None, AppEnv::Development) => {
            tracing::info!("SMTP_URL is not set: mails are written to this log");
            Ok(Some(Arc::new(LogMailer::new(writer))))
        }
        (None, AppEnv::Production) => {
            tracing::warn!("no password can be reset by mail until SMTP_URL is set");
            Ok(None)
        }
    }
}
