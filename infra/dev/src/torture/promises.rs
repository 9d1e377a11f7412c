//! One intent: what its shopper was told, and what its order is.

use uuid::Uuid;

use super::record::{Intent, Key};

/// What a shopper was told and is not so.
pub fn broken_promise(key: Key, intent: &Intent, order: Option<(Uuid, &str)>) -> Option<String> {
    let Some((id, state)) = order else {
        return intent.is_promised.then(|| format!("{key} was accepted and there is no such order"));
    };
    if let Some(told) = intent.id
        && told != id
    {
        return Some(format!("{key} was told to be order {told} and is order {id}"));
    }
    if intent.is_refused && state != "refused" {
        return Some(format!("{key} was told to be refused and is {state}"));
    }
    if intent.is_cancelled && state != "cancelled" {
        return Some(format!("{key} was told to be cancelled and is {state}"));
    }
    if state == "cancelled" && !intent.may_be_cancelled {
        return Some(format!("{key} is cancelled and nobody asked for that"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_broken_promise_is_seen() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let key = Key { seed: 1, shopper: 2, intent: 3 };
        let broken = |intent: &Intent, order| broken_promise(key, intent, order);
        let accepted = Intent { id: Some(one), is_promised: true, ..Intent::default() };
        assert_eq!(broken(&accepted, Some((one, "awaiting_payment"))), None);
        assert_eq!(broken(&Intent::default(), None), None, "nothing was promised");
        assert!(broken(&accepted, None).is_some(), "lost");
        assert!(broken(&accepted, Some((two, "awaiting_payment"))).is_some(), "another order");
        assert!(broken(&accepted, Some((one, "cancelled"))).is_some(), "taken away");
        let refused = Intent { is_refused: true, ..accepted };
        assert!(broken(&refused, Some((one, "awaiting_payment"))).is_some(), "held all the same");
        let cancelled = Intent { is_cancelled: true, may_be_cancelled: true, ..accepted };
        assert!(broken(&cancelled, Some((one, "expired"))).is_some(), "not taken back");
        assert_eq!(broken(&cancelled, Some((one, "cancelled"))), None);
    }
}
