//! Every write but placing, by what it is about.

mod cancel_order;
mod catalogue;
mod due_in_time;
mod expire_holds;
mod featured;
mod listings;
mod release;
mod withdraw_order;

pub use cancel_order::Cancellation;
pub(crate) use release::record_moves_in_tx;
pub(crate) use withdraw_order::is_withdrawn;
