//! What links keep, what is escaped, what is offered.

use super::*;

fn asked() -> Asked<'static> {
    Asked {
        text: "bol \"<b>",
        category: "bols",
        min: "5",
        sort: "price_asc",
        page: 2,
        choices: vec![
            ("facet", "colour:bleu".to_owned()),
            ("facet", "colour:vert".to_owned()),
            ("shop", "zoe".to_owned()),
        ],
        ..Asked::default()
    }
}

fn plain() -> Asked<'static> {
    Asked { text: "bol", page: 1, ..Asked::default() }
}

fn group(chosen: &[&str]) -> ChoiceGroup {
    let choice = |value: &str, count| Choice {
        value: format!("colour:{value}"),
        words: value.to_owned(),
        count,
        is_chosen: chosen.contains(&value),
    };
    ChoiceGroup {
        title: "Colour".to_owned(),
        parameter: "facet",
        choices: vec![choice("bleu", 7), choice("vert", 3), choice("<i>rouge", 1)],
        more: 4,
        without: (!chosen.is_empty()).then_some(11),
    }
}

fn page(asked: Asked<'_>, total: u64, pages: u32, groups: &[ChoiceGroup]) -> String {
    let page = SearchResultsPage {
        asked,
        path: &[],
        categories: &[],
        prices: &[],
        currencies: &[],
        groups,
        at_any_price: Some(42),
        listings: &[],
        towns: &[],
        reasons: &[],
        total,
        is_partial: false,
        is_cut_short: false,
        correction: Some("bol en grès"),
        pages,
        aisles: &[],
        consolation: &[],
    };
    page.render(&Visit { language: Language::En, basket_pieces: 0, path_and_query: "/search?q=bol" })
}

#[test]
fn what_was_typed_is_escaped_and_stands_in_the_field_again() {
    let page = page(asked(), 0, 0, &[group(&[])]);
    assert!(!page.contains("<b>") && !page.contains("<i>"));
    assert!(page.contains("value=\"bol &quot;&lt;b&gt;\""));
}

#[test]
fn links_keep_what_was_asked() {
    let page = page(asked(), 100, 5, &[group(&["bleu", "vert"])]);
    let front = "/search?q=bol+%22%3Cb%3E&amp;category=bols&amp;min=5&amp;sort=price_asc";
    let choices = "&amp;facet=colour%3Ableu&amp;facet=colour%3Avert&amp;shop=zoe";
    assert!(page.contains(&format!("{front}&amp;page=3{choices}\" rel=\"next\"")), "{page}");
    assert!(page.contains(&format!("{front}{choices}\" rel=\"prev\"")), "the first page has no number");
    let without_blue = format!("{front}&amp;facet=colour%3Avert&amp;shop=zoe\" aria-label=\"Remove the filter: bleu\"");
    assert!(page.contains(&without_blue), "a choice is let go of by itself, from the first page on: {page}");
}

#[test]
fn several_values_can_be_ticked() {
    let page = page(plain(), 10, 1, &[group(&["bleu"])]);
    assert!(page.contains("<input type=\"checkbox\" name=\"facet\" value=\"colour:bleu\" checked>"), "{page}");
    assert!(page.contains("<input type=\"checkbox\" name=\"facet\" value=\"colour:vert\">"));
    assert!(page.contains("and 4 more"));
}

#[test]
fn nothing_found_offers_a_way_on() {
    let narrowed = Asked { page: 1, ..asked() };
    let filtered = page(narrowed, 0, 0, &[group(&["bleu", "vert"])]);
    assert!(filtered.contains("href=\"/search?q=bol+%22%3Cb%3E&amp;sort=price_asc\""), "without any: {filtered}");
    assert!(filtered.contains("Without “Price”: 42 creations found"));
    assert!(filtered.contains("Without “Colour”: 11 creations found"));
    let plain = page(plain(), 0, 0, &[]);
    assert!(plain.contains("class=\"empty\"") && plain.contains("href=\"/\""));
    assert!(plain.contains("Did you mean") && plain.contains("href=\"/search?q=bol+en+gr%C3%A8s\""));
}

#[test]
fn results_stay_out_of_search_engines() {
    assert!(page(asked(), 0, 0, &[]).contains("noindex"));
}

#[test]
fn a_place_stands_in_its_field_and_can_be_let_go_of() {
    let near = Asked { near: "Lyon <b>", radius: "25", ..plain() };
    let page = page(near, 10, 1, &[]);
    assert!(page.contains("name=\"near\" value=\"Lyon &lt;b&gt;\""), "{page}");
    assert!(page.contains("<option value=\"25\" selected>25 km</option>"));
    assert!(page.contains("within 25\u{a0}km of Lyon &lt;b&gt;") && page.contains("href=\"/search?q=bol\""));
    assert!(page.contains("We cannot find “Lyon &lt;b&gt;”"), "no town was found for it");
}
