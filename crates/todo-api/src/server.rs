//! The HTTP server: connections, their limits, and the end of it all.
//!
//! ```text
//! listener ─ actix-server (threads, MAX_CONNECTIONS) ─ TLS, if there is ─ TimedStream ─ actix-http ─ App
//! ```
//!
//! The pieces are those that `actix_web::HttpServer` is made of. It is not used itself, for it lets
//! nobody in between the connection and HTTP/1.1, where clients that are too slow have to be noticed.

mod deadline;
mod descriptors;
mod exchanges;
mod queue;
mod shutdown;
mod stream;
mod tls;

pub(crate) use descriptors::connections;
pub(crate) use exchanges::{Exchange, Exchanges};
pub(crate) use shutdown::{Draining, Signals, Stop, TimeLeft};
pub(crate) use tls::Tls;

use std::convert::Infallible;
use std::fmt::Debug;
use std::io::{self, IsTerminal as _};
use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::pin::pin;
use std::time::Duration;

use actix_http::body::MessageBody;
use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol, Request, Response};
use actix_server::Server;
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config,
};
use actix_web::Error;
use actix_web::dev::AppConfig;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use self::shutdown::{HangUps, REQUESTS_TIMEOUT};
use self::stream::{HEADER_TIMEOUT, TimedStream};

/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long after it takes no more clients a server stops.
const LAST_TAKEN: Duration = Duration::from_millis(100);
/// How long a client that was answered before it had sent its whole body has to read the answer.
const LINGER: Duration = Duration::from_secs(1);

/// What the server needs to know.
pub(crate) struct ServerOptions {
    /// How many threads serve.
    pub(crate) threads: usize,
    /// Connections of clients that are taken at once, by all threads together.
    pub(crate) max_connections: usize,
    /// For HTTPS.
    pub(crate) tls: Option<Tls>,
    /// How long requests are still served after SIGTERM, so that everybody learns of it.
    pub(crate) drain: Duration,
    /// Where everybody learns of it.
    pub(crate) draining: Draining,
}

/// A server that listens.
pub(crate) struct HttpServer {
    server: Server,
    tls: Option<Tls>,
    hang_ups: Option<HangUps>,
    drain: Duration,
    draining: Draining,
}

/// As many threads as the machine runs at once.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// A connection as HTTP/1.1 sees it. What TLS needs is apart, so that a connection without it is small.
type Connection = TimedStream<Either<TcpStream, Box<TlsStream<TcpStream>>>>;

impl HttpServer {
    /// Serves what comes to `listener` with the application that `app` makes, once for each thread.
    ///
    /// # Errors
    /// If the listener cannot be used.
    pub(crate) fn new<F, I, S, B>(
        listener: TcpListener,
        options: ServerOptions,
        app: F,
    ) -> io::Result<Self>
    where
        F: Fn() -> I + Send + Clone + 'static,
        I: IntoServiceFactory<S, Request>,
        S: ServiceFactory<Request, Config = AppConfig> + 'static,
        S::Error: Into<Error>,
        S::InitError: Debug,
        S::Response: Into<Response<B>>,
        S::Service: 'static,
        <S::Service as Service<Request>>::Future: 'static,
        B: MessageBody + 'static,
    {
        let ServerOptions { threads, max_connections, tls, drain, draining } = options;
        let threads = threads.min(max_connections);
        let builder = Server::build()
            .workers(threads)
            .max_concurrent_connections(max_connections / threads)
            .shutdown_timeout(REQUESTS_TIMEOUT.saturating_sub(drain).as_secs())
            .disable_signals();
        let stopping = builder.graceful_shutdown_signal();
        queue::lengthen(&listener)?;
        let (address, acceptor) = (listener.local_addr()?, tls.clone());
        let server = builder.listen("http", listener, move || {
            let (acceptor, stopping) = (acceptor.clone(), stopping.clone());
            let app = app().into_factory().map_err(|error| error.into().error_response());
            let http = HttpService::build()
                .keep_alive(KEEP_ALIVE)
                .client_request_timeout(HEADER_TIMEOUT)
                .client_disconnect_timeout(LINGER)
                .local_addr(address)
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .on_connect_ext(|connection: &Connection, data| {
                    data.insert(connection.exchanges().clone());
                })
                .finish(map_config(app, |()| AppConfig::default()));
            fn_service(move |client| accept(acceptor.clone(), client)).and_then(http)
        })?;
        // A terminal that is closed takes with it what runs at it.
        let heeded = tls.is_some() || !io::stdin().is_terminal();
        let hang_ups = heeded.then(HangUps::listen).transpose()?;
        Ok(Self { server: server.run(), tls, hang_ups, drain, draining })
    }

    /// What serves until it is told to stop by its handle, for whoever heeds no signals.
    pub(crate) fn bare(self) -> Server {
        self.server
    }

    /// Serves until a signal says to stop, and then until the requests at hand are answered. Tells how
    /// long the rest may take.
    ///
    /// # Errors
    /// If the server breaks down.
    pub(crate) async fn run(self, stop: impl Future<Output = Stop>) -> io::Result<TimeLeft> {
        let Self { server, tls, hang_ups, drain, draining } = self;
        let handle = server.handle();
        let told = async {
            let stop = stop.await;
            let left = TimeLeft::start();
            draining.begin();
            if stop == Stop::Drain {
                tracing::info!("told to stop: requests are taken for {drain:?} more");
                tokio::time::sleep(drain).await;
            }
            left
        };
        let mut server = pin!(server);
        let left = tokio::select! {
            broken = &mut server => return broken.map(|()| TimeLeft::start()),
            never = heed(hang_ups, tls) => match never {},
            left = told => left,
        };
        tracing::info!("no more requests are taken, and those at hand are finished");
        // A server that still takes clients while its threads end breaks down over one for whom no thread is
        // left. Nobody tells when the last was taken.
        drop(handle.pause());
        tokio::select! {
            broken = &mut server => return broken.map(|()| left),
            () = tokio::time::sleep(LAST_TAKEN) => {}
        }
        // The server heeds it whether or not anybody waits here, and ends when it is done.
        drop(handle.stop(true));
        server.await.map(|()| left)
    }
}

/// Reads the certificate anew at each SIGHUP. Without one nothing happens: what is sent to every server
/// must not end those behind a proxy.
async fn heed(hang_ups: Option<HangUps>, tls: Option<Tls>) -> Infallible {
    let Some(mut hang_ups) = hang_ups else { return std::future::pending().await };
    loop {
        hang_ups.next().await;
        if let Some(tls) = &tls {
            tls.reload();
        } else {
            tracing::info!("SIGHUP: there is no certificate to read anew");
        }
    }
}

/// Meets a client, and makes of it what HTTP/1.1 takes.
async fn accept(
    tls: Option<Tls>,
    client: TcpStream,
) -> Result<(Connection, Protocol, Option<SocketAddr>), DispatchError> {
    let address = client.peer_addr().ok();
    let stream = match tls {
        Some(tls) => Either::Right(Box::pin(tls.accept(client)).await.map(Box::new)?),
        None => Either::Left(client),
    };
    Ok((TimedStream::new(stream), Protocol::Http1, address))
}
