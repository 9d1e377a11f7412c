//! What the index still owes to the changes that were heard.
//!
//! The place in the outbox that a commit notes must never lie beyond a change that is not in it, or a crash would lose
//! that change. So every debt remembers the place of the first change that made it, and [`Owed::settled_up_to`] stays in
//! front of the oldest.

use std::collections::BTreeMap;
use std::time::Duration;

use halles_domain::{Change, ChangePosition, ChangeSubject, ListingId, SellerId, Version};
use tokio::time::Instant;

/// Why something has to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Debt {
    /// The first change that made it.
    pub position: ChangePosition,
    /// When that was heard.
    pub since: Instant,
}

/// A listing to be read at this version or a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwedListing {
    /// The listing.
    pub id: ListingId,
    /// The version that a change announced; 0 when any will do.
    pub version: Version,
    /// Why.
    pub debt: Debt,
}

/// Everything owed.
#[derive(Debug)]
pub(crate) struct Owed {
    listings: BTreeMap<ListingId, OwedListing>,
    sellers: BTreeMap<SellerId, Debt>,
    catalogue: Option<Debt>,
    heard_up_to: ChangePosition,
    /// After how long something without a version is looked at for the last time.
    settle: Duration,
}

impl Owed {
    /// Nothing is owed up to `position`.
    pub fn nothing(position: ChangePosition, settle: Duration) -> Self {
        Self { listings: BTreeMap::new(), sellers: BTreeMap::new(), catalogue: None, heard_up_to: position, settle }
    }

    /// Notes a change. One that was heard before makes no new debt beyond a second look.
    pub fn hear(&mut self, change: &Change, now: Instant) {
        let debt = Debt { position: change.position, since: now };
        match change.subject {
            ChangeSubject::Listing { id, version, .. } => self.owe_listing(OwedListing { id, version, debt }),
            ChangeSubject::Seller { id } => {
                self.sellers.entry(id).and_modify(|known| known.since = now).or_insert(debt);
            }
            ChangeSubject::Catalogue => {
                let known = self.catalogue.get_or_insert(debt);
                known.since = now;
            }
            // Shoppers cannot search for orders; what one does to a listing's stock is a change of the listing.
            ChangeSubject::Order { .. } => {}
        }
        self.heard_up_to = self.heard_up_to.max(change.position);
    }

    /// Owes a listing, for the reason given.
    pub fn owe_listing(&mut self, owed: OwedListing) {
        let known = self.listings.entry(owed.id).or_insert(owed);
        known.version = known.version.max(owed.version);
        known.debt.position = known.debt.position.min(owed.debt.position);
    }

    /// Whether anything is owed.
    pub fn is_nothing(&self) -> bool {
        self.listings.is_empty() && self.sellers.is_empty() && self.catalogue.is_none()
    }

    /// How many listings are owed.
    pub fn len(&self) -> usize {
        self.listings.len()
    }

    /// The next listings to look at, after `after`, in the order of their numbers.
    pub fn listings_after(&self, after: ListingId, limit: usize) -> Vec<OwedListing> {
        let beyond = (std::ops::Bound::Excluded(after), std::ops::Bound::Unbounded);
        self.listings.range(beyond).take(limit).map(|(_, owed)| *owed).collect()
    }

    /// The shops whose name may have changed.
    pub fn sellers(&self) -> Vec<(SellerId, Debt)> {
        self.sellers.iter().map(|(id, debt)| (*id, *debt)).collect()
    }

    /// Whether the category tree may have changed, and since when.
    pub fn catalogue(&self) -> Option<Debt> {
        self.catalogue
    }

    /// The listing is in the index as of the version that was owed.
    pub fn settle_listing(&mut self, id: ListingId) {
        self.listings.remove(&id);
    }

    /// The shop was looked at; it is owed no more once a lagging replica must have caught up.
    pub fn settle_seller(&mut self, id: SellerId, now: Instant) {
        if self.sellers.get(&id).is_some_and(|debt| now.duration_since(debt.since) >= self.settle) {
            self.sellers.remove(&id);
        }
    }

    /// The category tree was looked at; as for shops.
    pub fn settle_catalogue(&mut self, now: Instant) {
        if self.catalogue.is_some_and(|debt| now.duration_since(debt.since) >= self.settle) {
            self.catalogue = None;
        }
    }

    /// Up to where nothing is owed: what a commit may note.
    pub fn settled_up_to(&self) -> ChangePosition {
        self.debts()
            .map(|debt| just_before(debt.position))
            .min()
            .map_or(self.heard_up_to, |oldest| oldest.min(self.heard_up_to))
    }

    /// How long the oldest debt has been waiting.
    pub fn oldest(&self, now: Instant) -> Duration {
        self.debts().map(|debt| now.duration_since(debt.since)).max().unwrap_or_default()
    }

    fn debts(&self) -> impl Iterator<Item = Debt> {
        let listings = self.listings.values().map(|owed| owed.debt);
        listings.chain(self.sellers.values().copied()).chain(self.catalogue)
    }
}

/// A place from which `position` is still ahead. It need not be the place of any change.
const fn just_before(position: ChangePosition) -> ChangePosition {
    ChangePosition { transaction: position.transaction, row: position.row.saturating_sub(1) }
}

#[cfg(test)]
mod tests {
    use halles_domain::CategoryId;

    use super::*;

    const SETTLE: Duration = Duration::from_secs(2);

    fn at(row: i64) -> ChangePosition {
        ChangePosition { transaction: 5, row }
    }

    fn listing(row: i64, id: i64, version: i64) -> Change {
        let (seller_id, category_id) = (SellerId::new(1), CategoryId::new(1));
        let subject =
            ChangeSubject::Listing { id: ListingId::new(id), version: Version::new(version), seller_id, category_id };
        Change { position: at(row), subject }
    }

    #[test]
    fn a_commit_never_notes_a_place_beyond_something_owed() {
        let now = Instant::now();
        let mut owed = Owed::nothing(at(1), SETTLE);
        assert_eq!(owed.settled_up_to(), at(1));
        owed.hear(&listing(10, 7, 2), now);
        owed.hear(&listing(12, 8, 1), now);
        assert_eq!(owed.settled_up_to(), at(9));
        owed.settle_listing(ListingId::new(7));
        assert_eq!(owed.settled_up_to(), at(11));
        owed.settle_listing(ListingId::new(8));
        assert_eq!(owed.settled_up_to(), at(12));
        assert!(owed.is_nothing());
    }

    #[test]
    fn a_listing_is_owed_once_at_its_highest_version_and_oldest_place() {
        let now = Instant::now();
        let mut owed = Owed::nothing(at(0), SETTLE);
        owed.hear(&listing(3, 7, 2), now);
        owed.hear(&listing(4, 7, 5), now);
        owed.hear(&listing(3, 7, 2), now);
        let listings = owed.listings_after(ListingId::new(0), 10);
        assert_eq!((listings.len(), listings[0].version), (1, Version::new(5)));
        assert_eq!(owed.settled_up_to(), at(2));
    }

    #[test]
    fn changes_told_again_do_not_move_the_place_back() {
        let mut owed = Owed::nothing(at(20), SETTLE);
        owed.hear(&listing(15, 7, 2), Instant::now());
        assert_eq!(owed.settled_up_to(), at(14), "until it has been looked at again");
        owed.settle_listing(ListingId::new(7));
        assert_eq!(owed.settled_up_to(), at(20));
    }

    #[test]
    fn what_has_no_version_is_looked_at_again_after_the_replica_must_have_caught_up() {
        let now = Instant::now();
        let mut owed = Owed::nothing(at(0), SETTLE);
        owed.hear(&Change { position: at(1), subject: ChangeSubject::Catalogue }, now);
        owed.settle_catalogue(now);
        assert!(owed.catalogue().is_some());
        owed.settle_catalogue(now + SETTLE);
        assert!(owed.is_nothing());
        assert_eq!(owed.settled_up_to(), at(1));
    }

    #[test]
    fn orders_are_heard_and_owe_nothing() {
        let id = "0190c7a2-1b2c-7d3e-8f40-112233445566".parse().expect("a UUID");
        let mut owed = Owed::nothing(at(0), SETTLE);
        owed.hear(&Change { position: at(9), subject: ChangeSubject::Order { id } }, Instant::now());
        assert!(owed.is_nothing());
        assert_eq!(owed.settled_up_to(), at(9));
    }
}
