//! A connection that closes itself when its client holds it up.
//!
//! actix limits the time for the headers of a connection's first request and for an idle connection.
//! Whoever trickles the headers of a later request, or never reads an answer, it would serve for ever
//! (RFC 9112, section 9.5, leaves such limits to the server). The limits here close that gap.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::deadline::Deadline;
use super::exchanges::Exchanges;

/// How long a client may take to send the headers of a request, from their first byte.
pub(super) const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take nothing of an answer.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// How fast an answer must be taken by a client that does not take all of it at once: a few bytes now
/// and then are no progress.
const LEAST_BYTES_A_SECOND: u32 = 1_024;

/// A stream that fails when the client at its other end is too slow.
#[derive(Debug)]
pub(super) struct TimedStream<T> {
    io: T,
    exchanges: Exchanges,
    headers: Deadline,
    answer: Deadline,
}

impl<T> TimedStream<T> {
    pub(super) fn new(io: T) -> Self {
        let (headers, answer) = (Deadline::default(), Deadline::default());
        Self { io, exchanges: Exchanges::default(), headers, answer }
    }

    /// Where to tell which requests of this connection are being answered.
    pub(super) fn exchanges(&self) -> &Exchanges {
        &self.exchanges
    }

    /// What to do where the client does not take what is there for it.
    fn stalled<R>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<R>> {
        self.answer.start(STALL_TIMEOUT);
        if self.answer.has_passed(context) {
            return Poll::Ready(Err(too_slow("the answer was not taken in time")));
        }
        Poll::Pending
    }
}

fn too_slow(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what)
}

impl<T: AsyncRead + Unpin> AsyncRead for TimedStream<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.exchanges.take_begun() {
            this.headers.stop();
        }
        let known = buffer.filled().len();
        let read = Pin::new(&mut this.io).poll_read(context, buffer);
        if buffer.filled().len() > known && this.exchanges.is_idle() {
            this.headers.start(HEADER_TIMEOUT);
        }
        if read.is_pending() && this.headers.has_passed(context) {
            return Poll::Ready(Err(too_slow("the headers did not arrive in time")));
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for TimedStream<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match Pin::new(&mut this.io).poll_write(context, bytes) {
            Poll::Pending => this.stalled(context),
            Poll::Ready(Ok(written)) if written < bytes.len() => {
                let seconds = u32::try_from(written).unwrap_or(u32::MAX);
                let worth = Duration::from_secs(1) * seconds / LEAST_BYTES_A_SECOND;
                this.answer.extend(worth, STALL_TIMEOUT);
                Poll::Ready(Ok(written))
            }
            done @ Poll::Ready(_) => {
                this.answer.stop();
                done
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match Pin::new(&mut this.io).poll_flush(context) {
            Poll::Pending => this.stalled(context),
            done @ Poll::Ready(_) => {
                this.answer.stop();
                done
            }
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match Pin::new(&mut this.io).poll_shutdown(context) {
            Poll::Pending => this.stalled(context),
            done @ Poll::Ready(_) => done,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::{Instant, sleep};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn connection(room: usize) -> (DuplexStream, TimedStream<DuplexStream>) {
        let (client, server) = duplex(room);
        (client, TimedStream::new(server))
    }

    /// Sends a byte each second for as long as anybody listens.
    async fn trickle(mut client: DuplexStream) {
        while client.write_all(b"x").await.is_ok() {
            sleep(SECOND).await;
        }
    }

    /// Reads until the stream fails, and tells after how long it did.
    async fn cut_off(stream: &mut TimedStream<DuplexStream>) -> Duration {
        let start = Instant::now();
        let error = stream.read_to_end(&mut Vec::new()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn headers_that_trickle_in_end_the_connection_after_ten_seconds() {
        let (client, mut stream) = connection(1_024);
        tokio::spawn(trickle(client));
        assert_eq!(cut_off(&mut stream).await.as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn so_do_those_of_a_later_request() {
        let (mut client, mut stream) = connection(1_024);
        for _ in 0..3 {
            client.write_all(b"x").await.unwrap();
            stream.read_u8().await.unwrap();
            drop(stream.exchanges().begin());
            sleep(9 * SECOND).await;
        }
        tokio::spawn(trickle(client));
        assert_eq!(cut_off(&mut stream).await.as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_being_answered_may_take_its_time() {
        let (client, mut stream) = connection(1_024);
        let exchange = stream.exchanges().begin();
        tokio::spawn(trickle(client));
        let start = Instant::now();
        let mut body = [0; 60];
        stream.read_exact(&mut body).await.unwrap();
        assert!(start.elapsed() >= 59 * SECOND);
        drop(exchange);
        assert_eq!(cut_off(&mut stream).await.as_secs(), 11, "the first byte comes a second later");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_not_read_ends_the_connection_after_thirty_seconds() {
        let (_client, mut stream) = connection(1_024);
        let start = Instant::now();
        let error = stream.write_all(&[0; 4_096]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(start.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_bytes_now_and_then_are_no_progress() {
        let (mut client, mut stream) = connection(1_024);
        tokio::spawn(async move {
            let mut some = [0; 64];
            while client.read_exact(&mut some).await.is_ok() {
                sleep(SECOND).await;
            }
        });
        let start = Instant::now();
        stream.write_all(&vec![0; 1 << 20]).await.unwrap_err();
        assert!(start.elapsed() < 40 * SECOND, "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_on_a_slow_line_gets_its_whole_answer() {
        let (mut client, mut stream) = connection(1_024);
        let reading = tokio::spawn(async move {
            let (mut some, mut read) = ([0; 1_024], 0);
            while let Ok(bytes @ 1..) = client.read(&mut some).await {
                read += bytes;
                sleep(SECOND / 2).await;
            }
            read
        });
        stream.write_all(&vec![0; 1 << 20]).await.unwrap();
        drop(stream);
        assert_eq!(reading.await.unwrap(), 1 << 20);
    }
}
