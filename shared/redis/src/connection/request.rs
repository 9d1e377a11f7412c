//! What is asked of a server: one command, or several in one go.

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{Cmd, Pipeline, RedisResult, Value};

use super::slots;

/// One round trip.
#[derive(Clone, Copy)]
pub(super) enum Request<'a> {
    Command(&'a Cmd),
    /// Of the answers, `count` from number `offset` on are of interest.
    Pipeline {
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    },
}

impl Request<'_> {
    pub(super) async fn send_over(self, connection: &mut MultiplexedConnection) -> RedisResult<Vec<Value>> {
        match self {
            Self::Command(command) => Ok(vec![connection.req_packed_command(command).await?]),
            Self::Pipeline { pipeline, offset, count } => connection.req_packed_commands(pipeline, offset, count).await,
        }
    }

    /// The slot of the first key; none when there is no key, and any server will do.
    pub(super) fn slot(self) -> Option<u16> {
        match self {
            Self::Command(command) => slots::of_command(command),
            Self::Pipeline { pipeline, .. } => pipeline.cmd_iter().find_map(slots::of_command),
        }
    }
}

/// What went wrong, if anything did: on the way, or with one of the commands.
pub(super) fn first_error(answer: &RedisResult<Vec<Value>>) -> Option<redis::RedisError> {
    match answer {
        Err(error) => Some(error.clone()),
        Ok(values) => values.iter().find_map(|value| match value {
            Value::ServerError(error) => Some(error.clone().into()),
            _ => None,
        }),
    }
}
