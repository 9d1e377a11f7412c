//! Which port each process listens on.
//!
//! Owns the plan and its three sources: the documented defaults, one base port for everything, or free ports for tests.
//! The number of instances of a service is the number of its entries here.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use serde::{Deserialize, Serialize};

/// Where everything on this machine listens: never reachable from outside.
pub const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The ports of one instance of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstancePorts {
    /// Where it answers shoppers.
    pub port: u16,
    /// Where it answers health checks and metrics.
    pub admin_port: u16,
}

/// The port plan of one stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ports {
    /// HAProxy: the address to open in a browser.
    pub web: u16,
    /// HAProxy: statistics page, metrics and its own health.
    pub balancer_admin: u16,
    /// Prometheus, when it was asked for.
    pub prometheus: u16,
    /// PostgreSQL, the writable primary.
    pub primary: u16,
    /// PostgreSQL, the streaming hot standby.
    pub replica: u16,
    /// Redis for the cache and the change stream.
    pub redis_cache: u16,
    /// Redis for the order log.
    pub redis_order_log: u16,
    /// One entry for each instance of the listing service.
    pub listing: Vec<InstancePorts>,
    /// One entry for each instance of the search service.
    pub search: Vec<InstancePorts>,
    /// One entry for each instance of the order service.
    pub order: Vec<InstancePorts>,
    /// The payment provider to try things with.
    pub payments: InstancePorts,
    /// The mailbox for all mails that are sent.
    pub mailbox: InstancePorts,
    /// Where the mailbox takes them.
    pub smtp: u16,
    /// Admin ports of the order workers; one entry for each.
    pub order_worker: Vec<u16>,
    /// Admin ports of the indexers; one entry for each.
    pub indexer: Vec<u16>,
}

impl Default for Ports {
    /// Round numbers near each engine's usual port, so that they are easy to remember and rarely taken.
    fn default() -> Self {
        let pair = |port| InstancePorts { port, admin_port: port + 1000 };
        Self {
            web: 8080,
            balancer_admin: 8404,
            prometheus: 9090,
            primary: 15432,
            replica: 15433,
            redis_cache: 16379,
            redis_order_log: 16380,
            listing: vec![pair(8101), pair(8102)],
            search: vec![pair(8111), pair(8112)],
            order: vec![pair(8121)],
            payments: pair(8151),
            mailbox: pair(8161),
            smtp: 2525,
            order_worker: vec![9131],
            indexer: vec![9141],
        }
    }
}

impl Ports {
    /// The same number of instances on consecutive ports from `base` on; `None` when they do not fit below 65536.
    pub fn from_base(&self, base: u16) -> Option<Self> {
        let mut next = base;
        self.renumbered(|| {
            let port = next;
            next = next.checked_add(1)?;
            Some(port)
        })
    }

    /// The same number of instances on ports that are free right now.
    ///
    /// All are held until all are chosen, so that none comes twice.
    pub fn free(&self) -> std::io::Result<Self> {
        let mut held = Vec::new();
        let mut failure = None;
        let plan = self.renumbered(|| match TcpListener::bind((LOOPBACK, 0)).and_then(|l| Ok((l.local_addr()?, l))) {
            Ok((address, listener)) => {
                held.push(listener);
                Some(address.port())
            }
            Err(error) => {
                failure = Some(error);
                None
            }
        });
        plan.ok_or_else(|| failure.unwrap_or_else(|| std::io::Error::other("no free port")))
    }

    fn renumbered(&self, mut next: impl FnMut() -> Option<u16>) -> Option<Self> {
        let mut plan = self.clone();
        for port in [
            &mut plan.web,
            &mut plan.balancer_admin,
            &mut plan.primary,
            &mut plan.replica,
            &mut plan.redis_cache,
            &mut plan.redis_order_log,
            &mut plan.smtp,
        ] {
            *port = next()?;
        }
        let web = plan.listing.iter_mut().chain(&mut plan.search).chain(&mut plan.order);
        for pair in web.chain([&mut plan.payments, &mut plan.mailbox]) {
            *pair = InstancePorts { port: next()?, admin_port: next()? };
        }
        for port in plan.order_worker.iter_mut().chain(&mut plan.indexer) {
            *port = next()?;
        }
        plan.prometheus = next()?;
        Some(plan)
    }

    /// Every port of the plan that a stack always uses, with a name for it, in the order of a person's interest.
    pub fn named(&self) -> Vec<(String, u16)> {
        let mut all = vec![
            ("haproxy".to_owned(), self.web),
            ("haproxy statistics".to_owned(), self.balancer_admin),
            ("postgres-primary".to_owned(), self.primary),
            ("postgres-replica".to_owned(), self.replica),
            ("redis-cache".to_owned(), self.redis_cache),
            ("redis-order-log".to_owned(), self.redis_order_log),
            ("mailbox SMTP".to_owned(), self.smtp),
        ];
        let (payments, mailbox) = (vec![self.payments], vec![self.mailbox]);
        let kinds = [
            ("listing", &self.listing),
            ("search", &self.search),
            ("order", &self.order),
            ("payments", &payments),
            ("mailbox", &mailbox),
        ];
        for (kind, instances) in kinds {
            for (index, ports) in instances.iter().enumerate() {
                let name = instance_name(kind, index, instances.len());
                all.push((name.clone(), ports.port));
                all.push((format!("{name} admin"), ports.admin_port));
            }
        }
        for (kind, instances) in [("order-worker", &self.order_worker), ("indexer", &self.indexer)] {
            for (index, port) in instances.iter().enumerate() {
                all.push((format!("{} admin", instance_name(kind, index, instances.len())), *port));
            }
        }
        all
    }

    /// The first port that two processes would share, with both their names.
    pub fn find_clash(&self) -> Option<(u16, String, String)> {
        let named = self.named();
        named.iter().enumerate().find_map(|(index, (name, port))| {
            let (earlier, _) = named[..index].iter().find(|(_, other)| other == port)?;
            Some((*port, earlier.clone(), name.clone()))
        })
    }
}

/// `listing-1`, `listing-2`, but plain `order` where there is only one.
pub fn instance_name(kind: &str, index: usize, count: usize) -> String {
    if count == 1 { kind.to_owned() } else { format!("{kind}-{}", index + 1) }
}

/// Whether somebody listens on this port now. A port in its closing minutes counts as free.
pub fn is_taken(port: u16) -> bool {
    match TcpListener::bind(SocketAddr::new(LOOPBACK, port)) {
        Ok(_) => false,
        Err(error) => error.kind() == std::io::ErrorKind::AddrInUse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_do_not_clash() {
        assert_eq!(Ports::default().find_clash(), None);
    }

    #[test]
    fn a_base_port_numbers_everything_in_a_row() {
        let plan = Ports::default().from_base(20_000).expect("there is room above 20000");
        let mut ports: Vec<u16> = plan.named().into_iter().map(|(_, port)| port).collect();
        ports.sort_unstable();
        let count = u16::try_from(ports.len()).expect("a handful");
        assert_eq!(ports, (20_000..20_000 + count).collect::<Vec<_>>());
        assert_eq!(plan.web, 20_000);
    }

    #[test]
    fn a_base_port_too_high_is_refused() {
        assert_eq!(Ports::default().from_base(65_530), None);
    }

    #[test]
    fn free_ports_are_distinct() {
        assert_eq!(Ports::default().free().expect("loopback has free ports").find_clash(), None);
    }

    #[test]
    fn a_clash_names_both_sides() {
        let plan = Ports { replica: 15432, ..Ports::default() };
        let (port, first, second) = plan.find_clash().expect("both sit on 15432");
        assert_eq!((port, first.as_str(), second.as_str()), (15432, "postgres-primary", "postgres-replica"));
    }

    #[test]
    fn a_listening_port_is_taken() {
        let listener = TcpListener::bind((LOOPBACK, 0)).expect("loopback has free ports");
        let port = listener.local_addr().expect("it is bound").port();
        assert!(is_taken(port));
        drop(listener);
        assert!(!is_taken(port));
    }
}
