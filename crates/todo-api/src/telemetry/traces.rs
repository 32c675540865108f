//! Traces, sent to a collector with OTLP.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{
    Protocol, SpanExporter as OtlpExporter, WithExportConfig as _, WithHttpConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use reqwest::redirect::Policy;
use tokio::sync::oneshot;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use super::semantics;
use crate::config::{Config, ConfigError};
use crate::trace_collector::TraceCollector;

/// How long the collector may take for a batch.
const SEND_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the last batch may take when the process is told to stop.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(5);

/// The way of spans to a collector. They wait in a queue of bounded length for a thread of its own,
/// and are dropped if it is full: no request ever waits for the collector.
pub(crate) struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// The way to the collector that the settings name, if they name one.
    ///
    /// # Errors
    /// The setting that cannot be used.
    pub(crate) fn start(config: &Config) -> Result<Option<Self>, ConfigError> {
        let Some(collector) = config.trace_collector()? else { return Ok(None) };
        let unusable = |_| {
            ConfigError::new(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "names a collector that TLS cannot reach",
            )
        };
        let exporter = exporter(collector).map_err(unusable)?;
        let resource = Resource::builder()
            .with_service_name(config.otel_service_name.clone())
            .with_attribute(opentelemetry::KeyValue::new(
                "service.version",
                env!("CARGO_PKG_VERSION"),
            ))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Exporter { exporter, is_failing: AtomicBool::new(false) })
            .with_resource(resource)
            .build();
        Ok(Some(Self { provider }))
    }

    /// What turns the spans of requests into those of traces, and nothing else: neither the events in
    /// them, which may say what only the log may know, nor the spans of libraries.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("todo-api"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|metadata| metadata.is_span() && metadata.target() == "request"))
    }

    /// Sends what is left, for a few seconds at most, and no longer than this.
    pub(crate) async fn flush(self, within: Duration) {
        let within = within.min(FLUSH_TIMEOUT);
        let (sender, flushed) = oneshot::channel();
        // A thread of the runtime would hold up a process that is told to end at once.
        std::thread::spawn(move || {
            drop(sender.send(self.provider.shutdown_with_timeout(within)));
        });
        let flushed = flushed.await;
        if !matches!(flushed, Ok(Ok(()))) {
            tracing::warn!("the last traces could not be sent");
        }
    }
}

/// The exporter to this collector, on a client for a thread that has no runtime.
fn exporter(
    collector: TraceCollector,
) -> Result<OtlpExporter, Box<dyn std::error::Error + Send + Sync>> {
    let client = || {
        let client = reqwest::blocking::Client::builder();
        // Its addresses would come from variables that are no settings of ours.
        client.no_proxy().redirect(Policy::none()).timeout(SEND_TIMEOUT).build()
    };
    // Where there is a runtime, a client that blocks cannot be made.
    let client = std::thread::spawn(client).join().map_err(|_| "no client can be made")??;
    let exporter = OtlpExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(collector.url)
        .with_headers(collector.headers)
        .with_timeout(SEND_TIMEOUT);
    Ok(exporter.build()?)
}

/// Sends spans as the conventions want them, and tells the log when that begins to fail and when it
/// works again.
#[derive(Debug)]
struct Exporter {
    exporter: OtlpExporter,
    is_failing: AtomicBool,
}

impl SpanExporter for Exporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.into_iter().map(semantics::conventional).collect();
        let result = self.exporter.export(spans).await;
        let was_failing = self.is_failing.swap(result.is_err(), Ordering::Relaxed);
        match (&result, was_failing) {
            (Err(_), false) => {
                tracing::warn!("OTEL_EXPORTER_OTLP_ENDPOINT does not take traces; they are lost");
            }
            (Ok(()), true) => tracing::info!("OTEL_EXPORTER_OTLP_ENDPOINT takes traces again"),
            _ => {}
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
