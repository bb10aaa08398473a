//! How long did which part of a request take, for whoever collects traces? Spans of OpenTelemetry, one
//! for a request and one for each of its parts. Not for: counts and times of all requests together
//! (`server::metrics`), or what happened in words (the log).
//!
//! A span is handed along with the request, from thread to thread: nothing here is global. Where no
//! collector was named there is no span, and each call is a look at an empty option.

mod collector;
mod endpoint;

pub use endpoint::Endpoint;

use collector::Collector;
use http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{RetryPolicy, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::fmt;
use std::time::Duration;
use tokio::runtime::Handle;

/// How long the end of the program waits until the last spans have arrived.
const FAREWELL_TIME: Duration = Duration::from_secs(2);

/// Makes the spans of requests, and hands them to a collector: in batches, on a thread of its own,
/// those that wait bounded in number. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Traces {
    /// Begins to hand spans to a collector, which need not be there; `runtime` carries them.
    ///
    /// # Errors
    /// If the environment (`OTEL_…`) says something that makes no sense.
    pub fn to(endpoint: &Endpoint, runtime: Handle) -> Result<Self, String> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(runtime))
            .with_retry_policy(RetryPolicy::disabled())
            .with_endpoint(endpoint.to_string())
            .build()
            .map_err(|error| error.to_string())?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource())
            .build();
        let tracer = provider.tracer("guitu");
        Ok(Self { provider, tracer })
    }

    /// The span of a request, beneath the one that its headers name (`traceparent`).
    pub fn request(&self, name: String, headers: &HeaderMap) -> Trace {
        let propagator = TraceContextPropagator::new();
        let above = propagator.extract_with_context(&Context::new(), &HeaderExtractor(headers));
        self::begin(&self.tracer, name, SpanKind::Server, &above)
    }

    /// Hands over the last spans, for at most two seconds; blocks.
    pub fn end(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(FAREWELL_TIME) {
            tracing::debug!(%error, "the last traces were not handed over");
        }
    }
}

/// Who speaks; `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` may say otherwise.
fn resource() -> Resource {
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder().with_attribute(version);
    match std::env::var_os("OTEL_SERVICE_NAME") {
        Some(_) => resource.build(),
        None => resource.with_service_name("guitu").build(),
    }
}

fn begin(
    tracer: &SdkTracer,
    name: impl Into<std::borrow::Cow<'static, str>>,
    kind: SpanKind,
    above: &Context,
) -> Trace {
    let span = tracer.span_builder(name).with_kind(kind);
    let span = tracer.build_with_context(span, above);
    let context = Context::new().with_span(span);
    match context.span().is_recording() {
        true => Trace(Some(Going {
            tracer: tracer.clone(),
            context,
        })),
        false => Trace::default(),
    }
}

/// A span that is going on, or none. It ends with [`Trace::end`], else when its last clone is dropped.
#[derive(Clone, Default)]
pub struct Trace(Option<Going>);

/// Some pointers to what is shared.
#[derive(Clone)]
struct Going {
    tracer: SdkTracer,
    context: Context,
}

impl Trace {
    /// Whether there is a span: if not, what would be noted need not be made.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Begins a part of it.
    #[must_use = "it ends when it is dropped"]
    pub fn part(&self, name: &'static str) -> Self {
        self.0.as_ref().map_or_else(Self::default, |going| {
            begin(&going.tracer, name, SpanKind::Internal, &going.context)
        })
    }

    /// Notes something about it.
    pub fn note(&self, key: &'static str, value: impl Into<Value>) {
        if let Some(going) = &self.0 {
            going
                .context
                .span()
                .set_attribute(KeyValue::new(key, value));
        }
    }

    /// Says that it failed, and how.
    pub fn fail(&self, how: impl Into<Value>) {
        if let Some(going) = &self.0 {
            self.note("error.type", how);
            going.context.span().set_status(Status::error(""));
        }
    }

    /// Ends it now, whoever still has a clone.
    pub fn end(&self) {
        if let Some(going) = &self.0 {
            going.context.span().end();
        }
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_on() { "a span" } else { "no span" })
    }
}
