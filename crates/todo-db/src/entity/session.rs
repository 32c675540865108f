//! The table `sessions`.

use sea_orm::entity::prelude::*;
use todo_domain::{
    ClientInfo, KeptSession, OpenSession, Session, SessionId, SessionState, StoreError, UserAgent,
    UserId,
};

use crate::error::corrupt;
use crate::instant;
use crate::wall::Asked;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) user_id: String,
    #[sea_orm(unique)]
    pub(crate) refresh_digest: Vec<u8>,
    pub(crate) previous_digest: Option<Vec<u8>>,
    pub(crate) user_agent: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) last_used_at: DateTimeUtc,
    pub(crate) expires_at: DateTimeUtc,
    pub(crate) revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&Asked<Model>> for Session {
    type Error = StoreError;

    fn try_from(row: &Asked<Model>) -> Result<Self, StoreError> {
        Ok(Self {
            id: SessionId::parse(&row.id).ok_or_else(|| corrupt("session id"))?,
            user_id: UserId::parse(&row.user_id).map_err(|_| corrupt("user id"))?,
        })
    }
}

impl TryFrom<Asked<Model>> for OpenSession {
    type Error = StoreError;

    fn try_from(row: Asked<Model>) -> Result<Self, StoreError> {
        let Model {
            id,
            user_id: _,
            refresh_digest: _,
            previous_digest: _,
            user_agent,
            address,
            created_at,
            last_used_at,
            expires_at,
            revoked_at: _,
        } = row.into_inner();
        let address = address.as_deref().map(str::parse).transpose();
        Ok(Self {
            id: SessionId::parse(&id).ok_or_else(|| corrupt("session id"))?,
            client: ClientInfo {
                user_agent: user_agent.as_deref().and_then(UserAgent::clip),
                address: address.map_err(|_| corrupt("address"))?,
            },
            created_at: instant::from_column(created_at)?,
            last_used_at: instant::from_column(last_used_at)?,
            expires_at: instant::from_column(expires_at)?,
        })
    }
}

impl TryFrom<Asked<Model>> for KeptSession {
    type Error = StoreError;

    fn try_from(row: Asked<Model>) -> Result<Self, StoreError> {
        let revoked_at = row.revoked_at.map(instant::from_column).transpose()?;
        Ok(Self { session: OpenSession::try_from(row)?, revoked_at })
    }
}

impl TryFrom<&Asked<Model>> for SessionState {
    type Error = StoreError;

    fn try_from(row: &Asked<Model>) -> Result<Self, StoreError> {
        Ok(Self {
            user_id: UserId::parse(&row.user_id).map_err(|_| corrupt("user id"))?,
            expires_at: instant::from_column(row.expires_at)?,
            revoked: row.revoked_at.is_some(),
        })
    }
}
