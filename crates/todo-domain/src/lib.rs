//! What a todo service is, told without HTTP, SQL, JWT or bcrypt.
//!
//! ```text
//! request ─ routes ─ authenticate ─ handler ─ service ─ port ─ adapter ─ database
//!                    todo-api                 this crate       todo-db
//! ```
//!
//! - Value types ([`Title`], [`Email`], [`UserId`] …) hold their rules: one that exists is valid.
//! - Services ([`TaskService`], [`AuthService`], [`SessionService`]) have one method for each use case and decide
//!   validation, ownership and time.
//! - Ports ([`TaskRepo`], [`UserRepo`], [`Clock`] …) say what the services need. Adapters in other
//!   crates provide it, and the ports' docs say what an adapter must do.

mod auth_service;
mod cursor;
mod error;
mod mail;
mod network;
mod password_reset;
mod ports;
mod secret;
mod session;
mod session_service;
mod task;
mod task_list;
mod task_service;
mod text;
mod timestamp;
mod user;
mod validation;

pub use auth_service::{AuthService, LoginDraft, RegisterDraft, SignedIn, TokenLifetimes};
pub use cursor::Cursor;
pub use error::{
    AuthError, HashError, MailError, SessionError, SigningError, StoreError, TaskError,
    TokenRejection, VerificationError,
};
pub use mail::Mail;
pub use network::Network;
pub use password_reset::{IssuedResetToken, ResetDigest, ResetToken};
pub use ports::{
    Clock, Database, Mailer, PasswordHasher, SessionRepo, TaskRepo, TokenIssuer, TokenVerifier,
    UserRepo,
};
#[cfg(any(test, feature = "mock"))]
pub use ports::{
    MockClock, MockDatabase, MockMailer, MockPasswordHasher, MockSessionRepo, MockTaskRepo,
    MockTokenIssuer, MockTokenVerifier, MockUserRepo,
};
pub use session::{
    Caller, ClientInfo, IssuedRefreshToken, NewSession, OpenSession, RefreshDigest, RefreshToken,
    Rotation, Session, SessionId, SessionState, UserAgent, VerifiedToken,
};
pub use session_service::SessionService;
pub use task::{Description, NewTask, Task, TaskChanges, TaskDraft, TaskId, TaskPatch, Title};
pub use task_list::{
    Direction, PageSize, SortKey, StatusFilter, TaskOrder, TaskPage, TaskQuery, TaskQueryDraft,
};
pub use task_service::TaskService;
pub use timestamp::Timestamp;
pub use user::{
    AccessToken, Account, DisplayName, Email, NewAccount, Password, PasswordHash, User, UserId,
};
pub use validation::{FieldError, Unit, ValidationError, Violation};
