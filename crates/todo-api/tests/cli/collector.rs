//! A collector of traces on this machine, which takes OTLP over HTTP.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, mpsc};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

/// A request that was sent to the collector: its path, its header `api-key`, and its body.
type Taken = (String, String, Vec<u8>);

/// A collector that listens on a port of its own.
pub(crate) struct Collector {
    pub(crate) endpoint: String,
    taken: Arc<Mutex<Vec<Taken>>>,
    server: ServerHandle,
}

impl Collector {
    /// A collector that takes whatever comes.
    pub(crate) fn start() -> Self {
        let taken: Arc<Mutex<Vec<Taken>>> = Arc::default();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let server = serve(listener, taken.clone());
        Self { endpoint, taken, server }
    }

    /// Where and with which key spans were sent, each once.
    pub(crate) fn calls(&self) -> Vec<(String, String)> {
        let taken = self.taken.lock().expect("no panic");
        let mut calls: Vec<_> =
            taken.iter().map(|(path, key, _)| (path.clone(), key.clone())).collect();
        calls.dedup();
        calls
    }

    /// The bodies that came, one behind the other.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let taken = self.taken.lock().expect("no panic");
        taken.iter().flat_map(|(_, _, body)| body.clone()).collect()
    }

    /// The spans that came, and the attributes of the first resource.
    pub(crate) fn spans(&self) -> (Vec<Span>, Vec<KeyValue>) {
        let taken = self.taken.lock().expect("no panic");
        let (mut spans, mut resource) = (Vec::new(), Vec::new());
        for (_, _, body) in taken.iter() {
            let request = ExportTraceServiceRequest::decode(body.as_slice()).expect("protobuf");
            for of_resource in request.resource_spans {
                resource = of_resource.resource.expect("a resource").attributes;
                spans.extend(of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
        }
        (spans, resource)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

/// Serves on a thread of its own, so that it answers while a test waits for a process.
fn serve(listener: TcpListener, taken: Arc<Mutex<Vec<Taken>>>) -> ServerHandle {
    let (sender, handle) = mpsc::channel();
    let take = move |request: HttpRequest, body: web::Bytes| {
        let key = request.headers().get("api-key").map(|key| key.to_str().expect("text"));
        let call = (request.path().to_owned(), key.unwrap_or_default().to_owned(), body.to_vec());
        taken.lock().expect("no panic").push(call);
        std::future::ready(HttpResponse::Ok().finish())
    };
    let run = async move {
        let app = move || App::new().default_service(web::to(take.clone()));
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener);
        let server = server.expect("a server").run();
        drop(sender.send(server.handle()));
        server.await
    };
    std::thread::spawn(move || actix_web::rt::System::new().block_on(run));
    handle.recv().expect("a running server")
}

/// An attribute as text.
pub(crate) fn attribute(attributes: &[KeyValue], name: &str) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.key == name)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}
