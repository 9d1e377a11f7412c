//! An OpenTelemetry collector in the test's own process: takes OTLP over HTTP, reads the protobuf, remembers all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// Listens for as long as the process lives; what it has seen can be asked for at any time.
#[derive(Debug, Clone)]
pub struct Collector {
    /// What to set `telemetry.otlp_endpoint` to.
    pub endpoint: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    spans: Vec<SeenSpan>,
    metrics: BTreeSet<(String, String)>,
    paths: Vec<String>,
}

/// A span as it came over the wire. Ids are hexadecimal, as in log lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenSpan {
    /// Who sent it.
    pub service: String,
    /// Its name.
    pub name: String,
    /// OpenTelemetry's number for its kind: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.
    pub kind: i32,
    /// The trace that it belongs to.
    pub trace_id: String,
    /// Its own id.
    pub span_id: String,
    /// Whose child it is; empty for a first span.
    pub parent_span_id: String,
    /// What it says, as text.
    pub attributes: BTreeMap<String, String>,
    /// The traces that it is linked with.
    pub links: Vec<String>,
}

impl Collector {
    /// Begins to listen on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let endpoint = format!("http://{}", listener.local_addr().expect("it is bound"));
        let seen = Arc::new(Mutex::new(Seen::default()));
        let collector = Self { endpoint, seen };
        let taking = collector.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taking = taking.clone();
                // A sender that goes away in the middle of a sentence is what collectors live with.
                std::thread::spawn(move || taking.serve(stream).ok());
            }
        });
        collector
    }

    /// Every span so far.
    pub fn spans(&self) -> Vec<SeenSpan> {
        self.lock().spans.clone()
    }

    /// The names of all metrics that a service has sent so far.
    pub fn metrics_of(&self, service: &str) -> BTreeSet<String> {
        let seen = self.lock();
        seen.metrics.iter().filter(|(sender, _)| sender == service).map(|(_, name)| name.clone()).collect()
    }

    /// The addresses that were posted to, in their order.
    pub fn paths(&self) -> Vec<String> {
        self.lock().paths.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut writer = stream;
        while let Some((path, body)) = read_request(&mut reader)? {
            let status = if self.take(&path, &body) { "200 OK" } else { "400 Bad Request" };
            write!(writer, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n")?;
        }
        Ok(())
    }

    fn take(&self, path: &str, body: &[u8]) -> bool {
        let mut seen = self.lock();
        seen.paths.push(path.to_owned());
        match path {
            "/v1/traces" => ExportTraceServiceRequest::decode(body).is_ok_and(|sent| {
                for of_resource in sent.resource_spans {
                    let service = service_of(of_resource.resource.as_ref());
                    let spans = of_resource.scope_spans.into_iter().flat_map(|of_scope| of_scope.spans);
                    seen.spans.extend(spans.map(|span| span_of(&service, &span)));
                }
                true
            }),
            "/v1/metrics" => ExportMetricsServiceRequest::decode(body).is_ok_and(|sent| {
                for of_resource in sent.resource_metrics {
                    let service = service_of(of_resource.resource.as_ref());
                    let metrics = of_resource.scope_metrics.into_iter().flat_map(|of_scope| of_scope.metrics);
                    seen.metrics.extend(metrics.map(|metric| (service.clone(), metric.name)));
                }
                true
            }),
            _ => false,
        }
    }
}

/// The path and the body of the next request; none when there is no other.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        match line.trim().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some((path, body)))
}

fn service_of(resource: Option<&Resource>) -> String {
    let attributes = resource.map(|resource| texts(&resource.attributes)).unwrap_or_default();
    attributes.get("service.name").cloned().unwrap_or_default()
}

fn span_of(service: &str, span: &Span) -> SeenSpan {
    SeenSpan {
        service: service.to_owned(),
        name: span.name.clone(),
        kind: span.kind,
        trace_id: hex(&span.trace_id),
        span_id: hex(&span.span_id),
        parent_span_id: hex(&span.parent_span_id),
        attributes: texts(&span.attributes),
        links: span.links.iter().map(|link| hex(&link.trace_id)).collect(),
    }
}

fn texts(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    attributes.iter().map(|pair| (pair.key.clone(), text(pair.value.as_ref()))).collect()
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        Some(Value::BoolValue(truth)) => truth.to_string(),
        other => format!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
