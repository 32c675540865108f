//! The domain's services, with the adapters that they need.

use std::sync::Arc;

use secrecy::SecretString;
use todo_db::{
    Db, SeaLoginAttemptRepo, SeaPasswordRepo, SeaSessionRepo, SeaSwitchRepo, SeaTaskRepo,
    SeaUserRepo,
};
use todo_domain::{
    AccountService, AdminService, AuthService, Clock, Housekeeping, LoginAttemptRepo,
    PasswordGuard, PasswordRepo, PasswordService, SecurityLog, SessionRepo, SessionService,
    SwitchRepo, TaskService, TokenLifetimes, UserRepo,
};

use super::{StartError, judge};
use crate::adapters::{
    BcryptHasher, CachedSessionRepo, CachedSwitchRepo, CachedUserRepo, Hs256Tokens,
    MeasuredVerifier, RememberingPasswordRepo, SessionMemory, TracingSecurityLog,
    UnthrottledAttempts,
};
use crate::config::{Config, RateLimit};
use crate::metrics::Metrics;

/// What the service can do.
pub(super) struct Services {
    pub(super) tasks: TaskService,
    pub(super) auth: AuthService,
    pub(super) accounts: AccountService,
    pub(super) passwords: PasswordService,
    pub(super) sessions: SessionService,
    pub(super) housekeeping: Housekeeping,
    pub(super) switches: Arc<dyn SwitchRepo>,
}

impl Services {
    /// The services on this database.
    ///
    /// # Errors
    /// Those of [`judge`].
    pub(super) fn new(
        config: &Config,
        db: &Db,
        secret: &SecretString,
        clock: Arc<dyn Clock>,
        log: Arc<dyn SecurityLog>,
        metrics: &Metrics,
    ) -> Result<Self, StartError> {
        let Repos { users, sessions, passwords, attempts, switches } =
            Repos::remembering(config, db, &clock, metrics);
        let tokens = Arc::new(Hs256Tokens::new(secret));
        let fetches = Some(metrics.auth.key_fetches.clone());
        let judge = judge(config, Some(tokens.clone()), fetches)?;
        let hasher = BcryptHasher::new(config.bcrypt_cost).measured(metrics.hashing.clone());
        let guard = PasswordGuard {
            attempts: attempts.clone(),
            hasher: Arc::new(hasher),
            clock: clock.clone(),
        };
        Ok(Self {
            tasks: TaskService { tasks: Arc::new(SeaTaskRepo::new(db)), clock: clock.clone() },
            auth: AuthService {
                users: users.clone(),
                sessions: sessions.clone(),
                guard: guard.clone(),
                issuer: tokens.clone(),
                verifier: Arc::new(MeasuredVerifier::new(judge, metrics.auth.clone())),
                clock: clock.clone(),
                log: log.clone(),
                lifetimes: TokenLifetimes {
                    access: config.access_token_ttl,
                    refresh: config.refresh_token_ttl,
                },
            },
            accounts: AccountService {
                users: users.clone(),
                sessions: sessions.clone(),
                attempts: attempts.clone(),
                guard: guard.clone(),
                clock: clock.clone(),
                log: log.clone(),
            },
            passwords: PasswordService {
                users,
                passwords: passwords.clone(),
                guard,
                issuer: tokens,
                clock: clock.clone(),
                log: log.clone(),
            },
            sessions: SessionService { sessions: sessions.clone(), clock: clock.clone(), log },
            housekeeping: Housekeeping { sessions, passwords, attempts, clock },
            switches,
        })
    }
}

/// What an operator can do on this database. Nothing is remembered: the process ends with its
/// command.
pub(crate) fn admin_service(config: &Config, db: &Db, clock: Arc<dyn Clock>) -> AdminService {
    let Repos { users, sessions, passwords, attempts: _, switches } = Repos::bare(db);
    AdminService {
        users,
        sessions,
        passwords,
        switches,
        hasher: Arc::new(BcryptHasher::new(config.bcrypt_cost)),
        clock,
        log: Arc::new(TracingSecurityLog),
    }
}

/// The repositories of identity.
pub(crate) struct Repos {
    pub(crate) users: Arc<dyn UserRepo>,
    pub(crate) sessions: Arc<dyn SessionRepo>,
    pub(crate) passwords: Arc<dyn PasswordRepo>,
    pub(crate) attempts: Arc<dyn LoginAttemptRepo>,
    pub(crate) switches: Arc<dyn SwitchRepo>,
}

impl Repos {
    /// The tables as they are, for a process that ends with its command.
    pub(super) fn bare(db: &Db) -> Self {
        Self {
            users: Arc::new(SeaUserRepo::new(db)),
            sessions: Arc::new(SeaSessionRepo::new(db)),
            passwords: Arc::new(SeaPasswordRepo::new(db)),
            attempts: Arc::new(SeaLoginAttemptRepo::new(db)),
            switches: Arc::new(SeaSwitchRepo::new(db)),
        }
    }

    /// With what a replica remembers in front of them.
    fn remembering(config: &Config, db: &Db, clock: &Arc<dyn Clock>, metrics: &Metrics) -> Self {
        let Self { users, sessions, passwords, attempts, switches } = Self::bare(db);
        let memory = SessionMemory::new();
        let users = CachedUserRepo::new(users, clock.clone(), memory.clone());
        let sessions = CachedSessionRepo::new(sessions, clock.clone(), memory.clone());
        Self {
            users: Arc::new(users.measured(metrics.user_cache.clone())),
            sessions: Arc::new(sessions.measured(metrics.session_cache.clone())),
            passwords: Arc::new(RememberingPasswordRepo::new(passwords, memory)),
            switches: Arc::new(CachedSwitchRepo::new(switches, clock.clone())),
            attempts: match config.rate_limit {
                RateLimit::On => attempts,
                RateLimit::Off => Arc::new(UnthrottledAttempts(attempts)),
            },
        }
    }
}
