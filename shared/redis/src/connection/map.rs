//! The map of a cluster: which node holds which slots.

use std::collections::BTreeMap;

use redis::Value;

use super::server::Server;

/// Slots in a row, and the node that takes writes for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Share {
    first: u16,
    last: u16,
    pub(super) host: String,
    pub(super) port: u16,
}

/// Which node holds which slots.
#[derive(Default)]
pub(super) struct Map {
    /// In the order of the slots.
    shares: Vec<(Share, Server)>,
    servers: BTreeMap<String, Server>,
}

impl Share {
    /// Reads the answer to `CLUSTER SLOTS`; none when it is no such answer. A node that does not know its own host is
    /// the one that was asked, at `asked`.
    pub(super) fn read_all(told: &Value, asked: &str) -> Option<Vec<Self>> {
        let Value::Array(shares) = told else { return None };
        shares.iter().map(|share| Self::read(share, asked)).collect()
    }

    fn read(share: &Value, asked: &str) -> Option<Self> {
        let Value::Array(parts) = share else { return None };
        let [Value::Int(first), Value::Int(last), Value::Array(node), ..] = parts.as_slice() else { return None };
        let [host, Value::Int(port), ..] = node.as_slice() else { return None };
        let host = match host {
            Value::BulkString(host) if !host.is_empty() && host != b"?" => std::str::from_utf8(host).ok()?,
            _ => asked,
        };
        let share = Self {
            first: u16::try_from(*first).ok()?,
            last: u16::try_from(*last).ok()?,
            host: host.to_owned(),
            port: u16::try_from(*port).ok()?,
        };
        Some(share)
    }
}

impl Map {
    /// `servers` has one for every share, by host and port.
    pub(super) fn new(shares: &[Share], servers: BTreeMap<String, Server>) -> Self {
        let with_server = shares.iter().filter_map(|share| {
            let server = servers.get(&format!("{}:{}", share.host, share.port))?;
            Some((share.clone(), server.clone()))
        });
        let mut shares: Vec<_> = with_server.collect();
        shares.sort_by_key(|(share, _)| share.first);
        Self { shares, servers }
    }

    pub(super) fn servers(&self) -> impl Iterator<Item = &Server> {
        self.servers.values()
    }

    pub(super) fn server_of(&self, slot: u16) -> Option<&Server> {
        let behind = self.shares.partition_point(|(share, _)| share.first <= slot);
        let (share, server) = self.shares[..behind].last()?;
        (slot <= share.last).then_some(server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    fn told(first: i64, last: i64, host: Value, port: i64) -> Value {
        let node = Value::Array(vec![host, Value::Int(port), text("name"), Value::Array(Vec::new())]);
        Value::Array(vec![Value::Int(first), Value::Int(last), node.clone(), node])
    }

    #[test]
    fn reads_what_a_node_tells() {
        let told = Value::Array(vec![told(0, 99, text("10.0.0.1"), 6_379), told(100, 16_383, text(""), 6_380)]);
        let shares = Share::read_all(&told, "asked").expect("a map");
        let brief: Vec<_> =
            shares.iter().map(|share| (share.first, share.last, share.host.as_str(), share.port)).collect();
        assert_eq!(brief, [(0, 99, "10.0.0.1", 6_379), (100, 16_383, "asked", 6_380)]);
        assert_eq!(Share::read_all(&text("something else"), "asked"), None);
    }
}
