//! The trace of one thing that takes many steps, found by everybody who knows its number.
//!
//! An order is noted by one process, placed by another, paid in another request an hour later, and told by mail from a third.
//! A trace that is carried from step to step would need a place in every entry, row and link on that way. So nothing is
//! carried but the order's number, which all of them have anyway: the ids of the trace and of its first span are derived
//! from it. Whether a trace is kept depends on its id alone, so it is kept by all processes or by none, and whoever has
//! an order's number can say which trace to look at.
//!
//! The number itself cannot be found from the id: the address of an order's page is a secret of its shopper.

use std::borrow::Cow;
use std::cell::Cell;
use std::time::SystemTime;

use opentelemetry::trace::{
    Link, SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId, TraceState, Tracer,
};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};
use sha2::{Digest, Sha256};

/// The trace of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trail {
    trace_id: TraceId,
    first_span: SpanId,
}

/// A step that is being taken. It ends when it is dropped.
#[derive(Debug)]
pub struct Step {
    context: Context,
}

impl Trail {
    /// The trace of whatever has this number.
    pub fn of(number: u128) -> Self {
        let digest = Sha256::new().chain_update("halles trail").chain_update(number.to_be_bytes()).finalize();
        let (mut trace_id, mut first_span) = ([0; 16], [0; 8]);
        trace_id.copy_from_slice(&digest[..16]);
        first_span.copy_from_slice(&digest[16..24]);
        Self { trace_id: TraceId::from_bytes(trace_id), first_span: SpanId::from_bytes(first_span) }
    }

    /// The id of the trace, as trace stores and log lines write it.
    pub fn trace_id(&self) -> TraceId {
        self.trace_id
    }

    /// The first step, of which the others are children. It is linked with the request that this is a part of, and that
    /// request's span names the trace. Who takes the first step twice, as a repeated request does, gives it two spans.
    pub fn begin(&self, name: &'static str, kind: SpanKind, attributes: Vec<KeyValue>) -> Step {
        let request = Context::current();
        let mut builder = SpanBuilder::from_name(name).with_kind(kind).with_attributes(attributes);
        if request.span().span_context().is_sampled() {
            request.span().set_attribute(KeyValue::new("halles.trail.trace_id", self.trace_id.to_string()));
            builder = builder.with_links(vec![Link::with_context(request.span().span_context().clone())]);
        }
        WANTED.set(Some((self.trace_id, self.first_span)));
        let span = global::tracer("halles").build_with_context(builder, &Context::new());
        WANTED.set(None);
        Step { context: Context::new().with_span(span) }
    }

    /// A later step, by whoever takes it.
    pub fn step(&self, name: impl Into<Cow<'static, str>>, kind: SpanKind, attributes: Vec<KeyValue>) -> Step {
        self.step_since(SystemTime::now(), name, kind, attributes)
    }

    /// A later step that began a while ago.
    pub fn step_since(
        &self,
        began: SystemTime,
        name: impl Into<Cow<'static, str>>,
        kind: SpanKind,
        attributes: Vec<KeyValue>,
    ) -> Step {
        let builder = SpanBuilder::from_name(name).with_kind(kind).with_start_time(began).with_attributes(attributes);
        let first = SpanContext::new(self.trace_id, self.first_span, TraceFlags::SAMPLED, true, TraceState::default());
        let parent = Context::new().with_remote_span_context(first);
        let span = global::tracer("halles").build_with_context(builder, &parent);
        Step { context: parent.with_span(span) }
    }
}

impl Step {
    /// Adds what became known on the way.
    pub fn note(&self, key: &'static str, value: impl Into<opentelemetry::Value>) {
        self.context.span().set_attribute(KeyValue::new(key, value));
    }

    /// Says that it did not work.
    pub fn fail(&self, why: impl Into<Cow<'static, str>>) {
        self.context.span().set_status(Status::error(why));
    }

    /// For what is done within this step: statements and log lines then belong to it
    /// (`opentelemetry::context::FutureExt::with_context`).
    pub fn context(&self) -> Context {
        self.context.clone()
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.context.span().end();
    }
}

thread_local! {
    /// The ids of the span that is built next by this thread, if it is the first of a trail.
    static WANTED: Cell<Option<(TraceId, SpanId)>> = const { Cell::new(None) };
}

/// Gives out random ids, but to the first span of a trail its own.
#[derive(Debug, Default)]
pub(crate) struct Ids(RandomIdGenerator);

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        WANTED.get().map_or_else(|| self.0.new_trace_id(), |(trace_id, _)| trace_id)
    }

    fn new_span_id(&self) -> SpanId {
        WANTED.get().map_or_else(|| self.0.new_span_id(), |(_, span_id)| span_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_trail_and_another_number_another() {
        assert_eq!(Trail::of(7), Trail::of(7));
        assert_ne!(Trail::of(7).trace_id(), Trail::of(8).trace_id());
        assert_ne!(Trail::of(7).trace_id(), TraceId::from(7), "the number stays a secret");
    }

    #[test]
    fn only_the_first_span_of_a_trail_has_ids_that_were_wished_for() {
        let ids = Ids::default();
        let trail = Trail::of(1);
        WANTED.set(Some((trail.trace_id, trail.first_span)));
        assert_eq!((ids.new_trace_id(), ids.new_span_id()), (trail.trace_id, trail.first_span));
        WANTED.set(None);
        assert_ne!(ids.new_trace_id(), trail.trace_id);
        assert_ne!(ids.new_span_id(), ids.new_span_id());
    }
}
