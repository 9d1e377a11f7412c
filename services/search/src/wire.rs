//! What a search found, in the words of the API.

use halles_api::listing::ListingSummary;
use halles_api::search::{
    CategoryCount, CodeCount, FoundPlace, HitDetails, ListingExplanation, PriceCount, PropertyCounts, SearchMatch,
    SearchPage, ShopCount, ValueCounts, WithoutCount,
};
use halles_domain::Language;
use halles_search_index::{HitExplanation, Matched, PriceBand, PropertyCount, Respect};

use crate::ask::{Ask, Place};
use crate::find_listings::Findings;
use crate::highlights;
use crate::nearby::Whereabouts;

/// The document for programs.
pub(crate) fn to_wire(found: &Findings, ask: &Ask) -> SearchPage {
    let facets = &found.facets;
    let categories = found.narrower_categories().into_iter();
    let coded = |code: &str, count: u64| CodeCount { code: code.to_owned(), count };
    SearchPage {
        listings: found.listings.iter().map(|listing| ListingSummary::from(listing.as_ref())).collect(),
        details: details(found),
        place: place(&found.whereabouts),
        total: found.total,
        page: match ask.place {
            Place::Page(page) => page,
            Place::Walk | Place::Behind(_) => 1,
        },
        pages: found.pages,
        next: found.next.filter(|_| !matches!(ask.place, Place::Page(_))).map(|hit| ask.cursor(hit).to_string()),
        matched: match found.matched {
            Matched::AllWords => SearchMatch::AllWords,
            Matched::SomeWords => SearchMatch::SomeWords,
        },
        is_partial: found.is_cut_short,
        did_you_mean: found.correction.clone(),
        categories: categories.map(|(category, count)| CategoryCount::new(category, count)).collect(),
        prices: facets.prices.iter().map(price).collect(),
        properties: facets.properties.iter().map(|property| to_property(property, ask)).collect(),
        shops: shops(found, ask),
        languages: facets.languages.iter().map(|(language, count)| coded(language.code(), *count)).collect(),
        currencies: facets.currencies.iter().map(|(currency, count)| coded(currency.code(), *count)).collect(),
        available: facets.orderable,
        without: facets.without.iter().map(|(respect, count)| without(respect, *count)).collect(),
        explanations: found.explanations.iter().map(explained).collect(),
        generation: found.generation,
    }
}

fn details(found: &Findings) -> Vec<HitDetails> {
    let marked = found.listings.iter().zip(&found.highlights).zip(&found.distances);
    marked.map(|((listing, highlight), distance)| highlights::to_wire(listing, highlight, *distance)).collect()
}

fn place(whereabouts: &Whereabouts) -> Option<FoundPlace> {
    let Whereabouts::Known { town, .. } = whereabouts else { return None };
    Some(FoundPlace {
        town: town.name.clone(),
        postcodes: town.postcodes.clone(),
        latitude: town.coordinates.latitude(),
        longitude: town.coordinates.longitude(),
    })
}

fn explained(explanation: &HitExplanation) -> ListingExplanation {
    ListingExplanation {
        id: explanation.id.get(),
        fr: explanation.in_words(Language::Fr),
        en: explanation.in_words(Language::En),
    }
}

fn price(band: &PriceBand) -> PriceCount {
    PriceCount { min_price_cents: band.range.min_cents, max_price_cents: band.range.max_cents, count: band.count }
}

fn to_property(property: &PropertyCount, ask: &Ask) -> PropertyCounts {
    let values = property.values.iter().map(|value| ValueCounts {
        facet: value.facet.to_string(),
        written: value.written.clone(),
        count: value.count,
        is_chosen: ask.facets.contains(&value.facet),
    });
    PropertyCounts {
        name: property.name.clone(),
        written: property.written.clone(),
        values: values.collect(),
        more: property.more,
    }
}

fn shops(found: &Findings, ask: &Ask) -> Vec<ShopCount> {
    let counted = found.shops.iter().map(|(shop, count)| ShopCount {
        slug: shop.slug.to_string(),
        name: shop.name.clone(),
        count: *count,
        is_chosen: ask.shops.contains(&shop.slug),
    });
    counted.collect()
}

fn without(respect: &Respect, count: u64) -> WithoutCount {
    let narrowed_by = match respect {
        Respect::Price => "price",
        Respect::Shop => "shop",
        Respect::Language => "language",
        Respect::Availability => "available",
        Respect::Place => "near",
        Respect::Property(name) => name,
    };
    WithoutCount { narrowed_by: narrowed_by.to_owned(), count }
}
