//! Does the vocabulary hold what the grammar promises?

use std::collections::{BTreeMap, HashSet};

use halles_domain::{Attributes, Category, CategoryId, CategoryTree, Description, Language, Slug, Title};

use super::listing::{Draft, shop_of, shops_for};
use super::phrases::{AGEING, CLOSINGS, COLOURINGS, DELIVERIES, MEASURING, ONE_OF_A_KIND, OPENINGS, USES};
use super::shop::Shop;
use super::trade::Text;
use super::trades::TRADES;
use super::tree::categories;

const ROWS: u64 = 20_000;

fn each_listing(mut look: impl FnMut(u64, Shop, &Draft)) {
    let mut draft = Draft::default();
    for index in 0..ROWS {
        let shop = Shop::of(1, shop_of(1, index));
        draft.write(1, index, shop);
        look(index, shop, &draft);
    }
}

#[test]
fn every_listing_keeps_the_rules_of_the_domain() {
    each_listing(|index, _, draft| {
        let title = Title::new(&draft.title).expect("a title");
        assert_eq!(title.as_str(), draft.title, "listing {index}");
        let description = Description::new(&draft.description).expect("a description");
        assert_eq!(description.as_str(), draft.description, "listing {index}");
        let attributes: BTreeMap<String, String> =
            serde_json::from_str(draft.attributes.as_str()).expect("a JSON object of texts");
        let written = attributes.len();
        assert_eq!(Attributes::new(attributes).expect("attributes").iter().count(), written, "listing {index}");
        let price = draft.price.expect("a price");
        assert!((100..100_000).contains(&price.cents()), "listing {index}: {price:?}");
    });
}

#[test]
fn no_slot_stays_open() {
    each_listing(|index, _, draft| {
        for text in [&draft.title, &draft.description] {
            assert!(!text.contains(['{', '}', '|']), "listing {index}: {text}");
            assert!(!text.contains("  ") && !text.contains(" ,"), "listing {index}: {text}");
        }
    });
}

#[test]
fn french_is_elided_where_it_must_be() {
    let wrong =
        [" de a", " de e", " de i", " de o", " de u", " de é", " le a", " la a", " le é", " ce a", " à Le ", " de Le "];
    each_listing(|index, shop, draft| {
        if shop.language == Language::Fr {
            let found = wrong.iter().find(|wrong| draft.description.contains(*wrong));
            assert_eq!(found, None, "listing {index}: {}", draft.description);
        }
    });
}

#[test]
fn a_row_does_not_depend_on_the_number_of_rows() {
    let (mut once, mut again) = (Draft::default(), Draft::default());
    for index in [0, 1, 999, 25_999_999] {
        let shop = Shop::of(7, shop_of(7, index));
        once.write(7, index, shop);
        again.write(7, index + 1, shop);
        again.write(7, index, shop);
        assert_eq!((&once.title, &once.description), (&again.title, &again.description));
        assert!(shop_of(7, index) < shops_for(index + 1));
    }
}

#[test]
fn the_catalogue_is_varied() {
    let (mut titles, mut english, mut sold_out) = (HashSet::new(), 0, 0);
    each_listing(|_, shop, draft| {
        titles.insert(draft.title.clone());
        english += u64::from(shop.language == Language::En);
        sold_out += u64::from(draft.on_hand == 0);
    });
    assert!(titles.len() as u64 > ROWS * 6 / 10, "{} titles", titles.len());
    assert!((ROWS / 20..ROWS / 4).contains(&english), "{english} in English");
    assert!((ROWS / 50..ROWS / 10).contains(&sold_out), "{sold_out} sold out");
}

#[test]
fn the_categories_make_a_tree_with_lawful_unique_names() {
    let categories = categories();
    let slugs: HashSet<&Slug> = categories.iter().map(|category| &category.slug).collect();
    assert_eq!(slugs.len(), categories.len());
    let number = |slug: &Slug| {
        let place = categories.iter().position(|category| category.slug == *slug).expect("listed above");
        CategoryId::new(i32::try_from(place).expect("few categories"))
    };
    let rows = categories.iter().map(|category| Category {
        id: number(&category.slug),
        parent_id: category.parent.as_ref().map(number),
        slug: category.slug.clone(),
        name_fr: category.name_fr.clone(),
        name_en: category.name_en.clone(),
        position: category.position,
    });
    let tree = CategoryTree::new(rows.collect()).expect("a tree");
    assert_eq!(tree.children(None).count(), TRADES.len());
}

#[test]
fn every_group_is_used_and_every_braces_pair_up() {
    let phrases = [OPENINGS, COLOURINGS, USES, DELIVERIES, CLOSINGS].concat();
    let own = TRADES.iter().flat_map(|trade| [trade.making, trade.care].concat());
    for Text { fr, en } in phrases.into_iter().chain(own).chain([AGEING, MEASURING, ONE_OF_A_KIND]) {
        for sentence in [fr, en] {
            assert_eq!(sentence.matches('{').count(), sentence.matches('}').count(), "{sentence}");
        }
    }
    for trade in TRADES {
        for group in trade.groups {
            assert!(trade.shelves.iter().any(|shelf| shelf.group == Some(group.slug)), "{}", group.slug);
        }
    }
}

#[test]
#[ignore = "prints a sample to read: cargo test -p halles-catalogue sample -- --ignored --nocapture"]
fn sample() {
    each_listing(|index, shop, draft| {
        if index % 500 == 0 {
            println!(
                "{} | {} | {} | {:?} | {}",
                shop.commune.name, shop.trade.slug, draft.title, draft.price, draft.on_hand
            );
            println!("{}\n{}\n", draft.description, draft.attributes.as_str());
        }
    });
}
