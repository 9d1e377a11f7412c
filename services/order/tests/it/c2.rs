//! The contract with the shopper when orders are taken faster than they can be placed: sixteen rules, each with at least
//! one test that is named after it. A test of its own looks that none of them has lost its test.
//!
//! | rule | says | tests |
//! | --- | --- | --- |
//! | 1 | one path, in every weather | `c2/taking.rs` |
//! | 2 | no lies at the door | `failures.rs` |
//! | 3 | noted is not bought | `c2/taking.rs` |
//! | 4 | stock says one of four things | `c2/taking.rs`, `live.rs` |
//! | 5 | the price is agreed, and only ever falls | `shared/store`: `paying.rs` |
//! | 6 | exactly once | `crowd.rs`, `paying.rs` |
//! | 7 | first come, first served | `waitlist.rs`, the waiting room's tests of `services/listing` |
//! | 8 | waiting costs nobody their time to pay | `c2/ending.rs`, `waitlist.rs`, `mails.rs`, `shared/store`: `by_the_clock.rs` |
//! | 9 | the payment link | `paying.rs` |
//! | 10 | one message for each change | `mails.rs`, `live.rs` |
//! | 11 | all or nothing, or what there is | `c2/taking.rs` |
//! | 12 | bounded, with a promise that is kept | `failures.rs` |
//! | 13 | draining is polite | `c2/ending.rs` |
//! | 14 | rungs, by themselves and by hand | `rungs.rs`, the waiting room's tests of `services/listing` |
//! | 15 | nothing accepted is lost | `failures.rs`, and `cargo dev torture orders` |
//! | 16 | leaving is free, and being forgotten is certain | `lifecycle.rs`, `shared/store`: `by_the_clock.rs` |

mod ending;
mod taking;

/// The files with tests of these rules.
const SOURCES: [&str; 11] = [
    include_str!("c2/taking.rs"),
    include_str!("c2/ending.rs"),
    include_str!("crowd.rs"),
    include_str!("failures.rs"),
    include_str!("lifecycle.rs"),
    include_str!("mails.rs"),
    include_str!("paying.rs"),
    include_str!("rungs.rs"),
    include_str!("waitlist.rs"),
    include_str!("../../../../shared/store/tests/it/by_the_clock.rs"),
    include_str!("../../../../shared/store/tests/it/paying.rs"),
];

#[test]
fn every_rule_has_a_test_that_is_named_after_it() {
    for rule in 1..=16 {
        let name = format!("async fn c2_rule_{rule:02}_");
        assert!(SOURCES.iter().any(|source| source.contains(&name)), "rule {rule} has no test");
    }
}
