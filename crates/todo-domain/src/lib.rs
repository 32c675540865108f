//! What a todo service is, told without HTTP, SQL, JWT or bcrypt.
//!
//! ```text
//! request ─ routes ─ authenticate ─ handler ─ service ─ port ─ adapter ─ database
//!                    todo-api                 this crate       todo-db
//! ```
//!
//! - Value types ([`Title`], [`Email`], [`UserId`] …) hold their rules: one that exists is valid.
//! - Services ([`TaskService`], [`AuthService`], [`AccountService`] …) have one method for each use case and decide
//!   validation, ownership and time.
//! - Ports ([`TaskRepo`], [`UserRepo`], [`Clock`] …) say what the services need. Adapters in other
//!   crates provide it, and the ports' docs say what an adapter must do.

mod account_service;
mod admin_service;
mod auth_service;
mod cursor;
mod error;
mod housekeeping;
mod login_attempt;
mod mail;
mod network;
mod password_guard;
mod password_reset;
mod password_service;
mod ports;
mod secret;
mod security;
mod session;
mod session_service;
mod switch;
mod task;
mod task_counts;
mod task_list;
mod task_service;
mod text;
mod timestamp;
mod user;
mod validation;

pub use account_service::AccountService;
pub use admin_service::{AdminDraft, AdminService, UserReport};
pub use auth_service::{AuthService, LoginDraft, RegisterDraft, SignedIn, TokenLifetimes};
pub use cursor::Cursor;
pub use error::{
    AdminError, AuthError, HashError, MailError, PasswordResetError, SessionError, SigningError,
    StoreError, TaskError, TokenRejection, VerificationError,
};
pub use housekeeping::Housekeeping;
pub use login_attempt::{Admission, KnownNetwork, LoginAttempt};
pub use mail::Mail;
pub use network::Network;
pub use password_guard::PasswordGuard;
pub use password_reset::{
    IssuedResetToken, NewPasswordReset, RedeemedReset, ResetDigest, ResetToken,
};
pub use password_service::{ChangeDraft, PasswordService, ResetDraft};
pub use ports::{
    Clock, Database, HashPlace, LoginAttemptRepo, Mailer, PasswordHasher, PasswordRepo,
    SecurityLog, SessionRepo, SwitchRepo, TaskRepo, TokenIssuer, TokenVerifier, UserRepo,
};
#[cfg(any(test, feature = "mock"))]
pub use ports::{
    MockClock, MockDatabase, MockLoginAttemptRepo, MockMailer, MockPasswordHasher,
    MockPasswordRepo, MockSecurityLog, MockSessionRepo, MockSwitchRepo, MockTaskRepo,
    MockTokenIssuer, MockTokenVerifier, MockUserRepo,
};
pub use security::{Action, Outcome, SecurityEvent};
pub use session::{
    Caller, ClientInfo, IssuedRefreshToken, KeptSession, NewSession, OpenSession, RefreshDigest,
    RefreshToken, Rotation, Session, SessionId, SessionState, UserAgent, VerifiedToken,
};
pub use session_service::SessionService;
pub use switch::Switch;
pub use task::{Description, NewTask, Task, TaskChanges, TaskDraft, TaskId, TaskPatch, Title};
pub use task_counts::TaskCounts;
pub use task_list::{
    Direction, PageSize, SortKey, StatusFilter, TaskOrder, TaskPage, TaskQuery, TaskQueryDraft,
};
pub use task_service::TaskService;
pub use timestamp::Timestamp;
pub use user::{
    AccessToken, Account, DisplayName, Email, NewAccount, NewPassword, Password, PasswordHash,
    Standing, User, UserId,
};
pub use validation::{FieldError, Unit, ValidationError, Violation};
