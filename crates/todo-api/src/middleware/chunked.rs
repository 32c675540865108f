//! Bodies in chunks are received whole before anything is done, or the connection is closed.
//!
//! The server reads what is left of a body in chunks for as long as the client likes. Whoever sends
//! a first chunk and then nothing would hold a connection for ever.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage as _};
use futures_util::stream;
use tokio::time::Sleep;

use super::problems::with_problem;
use crate::error::ApiError;
use crate::json::receive;

/// How long a client has to read the answer before the connection is closed.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Receives a body in chunks, under the limits of every body.
pub(crate) async fn chunked(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !request.chunked().unwrap_or(false) {
        return next.call(request).await;
    }
    let mut payload = request.take_payload();
    match receive(request.request(), &mut payload).await {
        Ok(body) => {
            let whole = stream::once(std::future::ready(Ok(body)));
            request.set_payload(Payload::Stream { payload: Box::pin(whole) });
            next.call(request).await
        }
        Err(error) => Ok(turn_away(request, ApiError::Body(error))),
    }
}

/// Answers with an error. If the body comes in chunks the connection is closed as well, for nobody
/// reads the rest of it.
pub(super) fn turn_away(request: ServiceRequest, error: ApiError) -> ServiceResponse<BoxBody> {
    let chunked = request.chunked().unwrap_or(false);
    let mut response = request.error_response(error);
    if !chunked {
        return response;
    }
    response = with_problem(response);
    response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    response.map_body(|_, body| BoxBody::new(ClosingBody { body, close: None }))
}

/// A body that breaks the connection off when it has been sent: the one way to be rid of a client
/// whose own body does not end.
struct ClosingBody {
    body: BoxBody,
    close: Option<Pin<Box<Sleep>>>,
}

impl MessageBody for ClosingBody {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.close.is_none()
            && let Some(chunk) = ready!(Pin::new(&mut self.body).poll_next(context))
        {
            return Poll::Ready(Some(chunk));
        }
        let close = self.close.get_or_insert_with(|| Box::pin(tokio::time::sleep(LAST_WORDS)));
        ready!(close.as_mut().poll(context));
        Poll::Ready(Some(Err("the client's body did not end".into())))
    }
}
