//! What a connection learns of the requests that come over it.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::Next;
use actix_web::web::Bytes;

use crate::server::{Draining, Exchange, Exchanges};

/// Tells the connection when a request begins and when the last of its answer is on its way. If the
/// process is about to end, the answer says that the connection ends with it (RFC 9112, section 9.6), so
/// that the client sends the next request elsewhere.
pub(crate) async fn connection(
    draining: Draining,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let exchange = request.conn_data::<Exchanges>().map(Exchanges::begin);
    let mut response = next.call(request).await?;
    if draining.is_on() {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(response.map_body(|_, body| BoxBody::new(Answer { body, _exchange: exchange })))
}

/// A body that ends its exchange when it has been sent, or nobody wants it any more.
struct Answer {
    body: BoxBody,
    _exchange: Option<Exchange>,
}

impl MessageBody for Answer {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
