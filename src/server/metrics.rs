//! What has the server done so far? Counts and times, told by `/metrics` as Prometheus reads them.
//!
//! The server counts requests; what lies below it (documents, commits) is asked of the service when
//! somebody looks. Not for single requests: those are in the log (`run`).

use std::collections::HashMap;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use http::header::HeaderValue;
use http::{HeaderMap, Response, StatusCode};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::exemplar::Exemplar;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;

use super::{App, credentials, reply};
use crate::api::service::{Measure, Observation, Outcome, Service};

/// Upper bounds of the classes of latency, in seconds.
const LATENCIES: [f64; 12] = [
    0.000_05, 0.000_1, 0.000_25, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0,
];

/// The outcomes that are counted, as their label tells them.
const OUTCOMES: [&str; 5] = ["data", "refused", "method", "timeout", "internal"];

/// What is counted as it happens. Cost: some tens of nanoseconds a request.
pub struct Metrics {
    registry: Registry,
    requests: [Counter; OUTCOMES.len()],
    seconds: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("guitu");
        let family = Family::<[(&str, &str); 1], Counter>::default();
        let help = "Operations answered, by outcome";
        registry.register("requests", help, family.clone());
        let seconds = Histogram::new(LATENCIES);
        let help = "From an operation's start to its answer";
        registry.register_with_unit("request_duration", help, Unit::Seconds, seconds.clone());
        let requests = OUTCOMES.map(|name| family.get_or_create(&[("outcome", name)]).clone());
        Self {
            registry,
            requests,
            seconds,
        }
    }
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, outcome: Outcome, took: Duration) {
        self.requests[class(outcome)].inc();
        self.seconds.observe(took.as_secs_f64());
    }
}

/// What an outcome is called.
pub fn name(outcome: Outcome) -> &'static str {
    OUTCOMES[class(outcome)]
}

fn class(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Data => 0,
        Outcome::Refused => 1,
        Outcome::MutationByGet => 2,
        Outcome::TimedOut => 3,
        Outcome::Failed => 4,
    }
}

/// `/metrics`.
pub async fn page<S: Service>(
    State(app): State<Arc<App<S>>>,
    headers: HeaderMap,
) -> Response<Body> {
    if let Err(fault) = credentials::for_metrics(&app, &headers).await {
        return fault.response(reply::MediaType::Json);
    }
    let mut text = String::new();
    let mut now = Registry::with_prefix("guitu");
    now.register_collector(Box::new(Now(observed(&app))));
    let mut process = Registry::default();
    process.register_collector(Box::new(Now(of_process())));
    let parts = [&app.metrics.registry, &now, &process];
    let written = parts.into_iter().try_for_each(|part| {
        encode(&mut text, part)?;
        // Each part ends as if it were the whole.
        text.truncate(text.trim_end_matches("# EOF\n").len());
        Ok::<_, std::fmt::Error>(())
    });
    match written {
        Ok(()) => {
            text.push_str("# EOF\n");
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            reply::whole(StatusCode::OK, HeaderValue::from_static(kind), text.into())
        }
        Err(_) => super::fault::Fault::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL",
            "the metrics could not be written",
        )
        .response(reply::MediaType::Json),
    }
}

/// What the service tells, and what the server knows at this moment.
fn observed<S: Service>(app: &App<S>) -> Vec<Observation> {
    let taken = app.config.limits.sockets - app.sockets.available_permits();
    let mut all = app.service.observe();
    all.push(Observation {
        name: "websockets",
        help: "Open WebSockets",
        measure: Measure::Level(taken as f64),
    });
    all
}

/// What is known of the process, under the names that Prometheus's own clients use.
fn of_process() -> Vec<Observation> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.and_then(|text| text.split(' ').nth(1)?.parse::<f64>().ok());
    let page = rustix::param::page_size() as f64;
    let memory = resident.map(|pages| Observation {
        name: "process_resident_memory_bytes",
        help: "Resident memory of the process",
        measure: Measure::Level(pages * page),
    });
    memory.into_iter().collect()
}

/// Values of one moment.
#[derive(Debug)]
struct Now(Vec<Observation>);

impl Collector for Now {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        for Observation {
            name,
            help,
            measure,
        } in &self.0
        {
            match measure {
                Measure::Spread { sum, classes } => {
                    let kind = MetricType::Histogram;
                    let mut into = encoder.encode_descriptor(name, help, None, kind)?;
                    let count = classes.iter().map(|(_, count)| count).sum();
                    let none = None::<&HashMap<usize, Exemplar<[(&str, &str); 0], f64>>>;
                    into.encode_histogram(*sum, count, classes, none)?;
                }
                &Measure::Total(value) => {
                    let metric = ConstCounter::new(value);
                    let into = encoder.encode_descriptor(name, help, None, metric.metric_type())?;
                    metric.encode(into)?;
                }
                &Measure::Level(value) => {
                    let metric = ConstGauge::new(value);
                    let into = encoder.encode_descriptor(name, help, None, metric.metric_type())?;
                    metric.encode(into)?;
                }
            }
        }
        Ok(())
    }
}
