//! Parts of the service that an operator has turned off.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use todo_domain::{Switch, SwitchRepo};

use crate::error::ApiError;

/// Answers 503 in the place of a handler whose switch is off. Only reading goes on whatever the
/// switches say.
pub(crate) async fn switched(
    switch: Switch,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !request.method().is_safe()
        && let Err(error) = require(switch, &request).await
    {
        return Ok(request.error_response(error));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

async fn require(switch: Switch, request: &ServiceRequest) -> Result<(), ApiError> {
    let Some(switches) = request.app_data::<web::Data<dyn SwitchRepo>>() else { return Ok(()) };
    let is_off = switches.list_off().await?.iter().any(|(off, _)| *off == switch);
    if is_off { Err(ApiError::SwitchedOff(switch)) } else { Ok(()) }
}
