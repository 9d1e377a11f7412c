//! The side of a service that faces the network.
//!
//! A request comes in through the [`Server`], passes the one door that all services share (the module `door` shows the
//! whole chain on one screen), reaches a handler of the service, and leaves through the same door: with its headers,
//! its measurements, its log line, and a [`Problem`] turned into JSON for programs or a page for people.
//!
//! Promises:
//! - every request has a name (`X-Request-Id`), a deadline and a bounded body; every refusal says when to come back;
//! - when there is too much to do, the classes that matter least are refused first, at the door, before any work; what a
//!   process gives up and why stands on its ladder, which the services obey and people can set (`/status`, `/rung` on the
//!   admin port); on the last rung whoever is not in waits for a turn ([`Room`]);
//! - wrong input is a 4xx problem that names the field; a panic is a 500 problem, and the server lives on;
//! - liveness asks only the process, readiness asks what the service needs, both on the admin port;
//! - on SIGTERM readiness flips first, then, after a while for the balancer to notice, nothing new is accepted and what
//!   is in flight is finished.
//!
//! What the routes are and what they answer is left to the services; what an error page looks like is left to the
//! [`ErrorPage`] that they pass in.

mod admin;
mod admission;
mod admission_settings;
mod arrival;
mod backstage;
mod basket_cookie;
mod beat;
mod chance;
mod classes;
mod client_address;
mod compress;
mod cookies;
mod deadline_header;
mod door;
mod error_page;
mod express;
mod inputs;
mod language_switch;
mod last_order;
mod local_path;
mod measures;
mod problem;
mod readiness;
mod record;
mod rendered;
mod rungs;
mod same_site;
mod seat;
mod security_headers;
mod server;
mod settings;
mod shop_links;
mod signing;
mod stop_signal;
mod tally;
mod visitor;
mod waiting_room;
mod warm_up;

pub use admin::AdminServer;
pub use admission_settings::{AdmissionSettings, LateAfter};
pub use classes::Classes;
pub use client_address::TrustedHops;
pub use deadline_header::{DEADLINE_HEADER, deadline_header};
pub use error_page::ErrorPage;
pub use express::offer_shortcut;
pub use halles_resilience::{Class, Deadline, Ladder, RoomPlace, Rung, Shutdown};
pub use language_switch::switch_language;
pub use last_order::{last_order, remember_order};
pub use local_path::LocalPath;
pub use problem::Problem;
pub use readiness::{Need, Readiness};
pub use rendered::{CachingSettings, Provenance, Rendered, Terms, with_provenance};
pub use seat::Seat;
pub use security_headers::{CONTENT_SECURITY_POLICY, DOCS_CONTENT_SECURITY_POLICY};
pub use server::{RunningServer, Server};
pub use settings::{AdminSettings, HttpSettings};
pub use shop_links::{LinkSettings, Payer, ShopLinks};
pub use signing::{SealError, Signer, SigningSettings};
pub use visitor::{RequestDeadline, Visitor};
pub use waiting_room::{ROOM_HEADER, ROOM_PATH, Room, RoomSettings, RoomStanding, enter_market, wait_in_room};
pub use warm_up::WarmUp;
