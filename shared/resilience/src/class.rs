//! What matters more than what, when not everything can be done.

/// The kind of a request, the least important first: when there is too much to do, the first ones here are the first to
/// be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A program that reads pages nobody waits for.
    Crawler,
    /// A list under a search field: whoever does not get it types on.
    Suggestion,
    /// A search.
    Search,
    /// A page to look at.
    Listing,
    /// What became of an order.
    OrderStatus,
    /// Basket, checkout and payment: somebody who wants to buy.
    Checkout,
}

impl Class {
    /// All of them, the least important first.
    pub const ALL: [Self; 6] =
        [Self::Crawler, Self::Suggestion, Self::Search, Self::Listing, Self::OrderStatus, Self::Checkout];

    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Its place among them, from 0: an index into what is kept for each class.
    pub const fn rank(self) -> usize {
        self as usize
    }

    /// Its name in metrics, logs and settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crawler => "crawler",
            Self::Suggestion => "suggestion",
            Self::Search => "search",
            Self::Listing => "listing",
            Self::OrderStatus => "order_status",
            Self::Checkout => "checkout",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_places_in_the_list_and_checkout_comes_last() {
        for (place, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(class.rank(), place);
        }
        assert!(Class::ALL.is_sorted());
        assert_eq!(Class::ALL.last(), Some(&Class::Checkout));
    }
}
