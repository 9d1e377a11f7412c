//! The listings of the demo catalogue: the `index`-th one depends on the seed and its index alone.

use halles_domain::{Currency, Language, Money};

use super::attributes::AttributeJson;
use super::dice::Dice;
use super::grammar::{agree, agree_colour, capitalise};
use super::phrases::{
    AGEING, CLOSINGS, COLLECTIONS, COLOURINGS, DELIVERIES, MEASURING, OCCASIONS, ONE_OF_A_KIND, OPENINGS, USES,
};
use super::shop::{MOST_SHOPS, Shop};
use super::template::{Words, render};
use super::trade::{Adjective, Aspect, Colour, Measure, Shelf, Stuff, Supply, Text, Thing};

/// The kind of dice that listings throw.
const LISTINGS: u64 = 2;

/// Shops that are there before the first listing.
const FIRST_SHOPS: u64 = 12;
/// How many listings bring one more shop: about one shop for forty listings in all.
const LISTINGS_PER_NEW_SHOP: u64 = 45;

/// How many shops the first `listings` listings belong to.
pub fn shops_for(listings: u64) -> u64 {
    (FIRST_SHOPS + listings / LISTINGS_PER_NEW_SHOP).min(MOST_SHOPS)
}

/// A listing before it has numbers; one is used again and again, so that its texts keep their memory.
#[derive(Debug, Default)]
pub struct Draft {
    /// Its headline.
    pub title: String,
    /// Its text.
    pub description: String,
    /// Its named properties, as JSON.
    pub attributes: AttributeJson,
    /// Its price.
    pub price: Option<Money>,
    /// How many there are.
    pub on_hand: u32,
    measure: String,
}

/// What was thrown for a listing.
struct Throw {
    language: Language,
    shop: Shop,
    shelf: &'static Shelf,
    thing: &'static Thing,
    stuff: &'static Stuff,
    colour: Option<&'static Colour>,
    technique: Option<&'static Adjective>,
    motif: Option<&'static Text>,
    occasion: &'static Text,
    unique: bool,
}

/// Which shop the `index`-th listing belongs to: any that is there by then, so that older shops have more listings.
pub fn shop_of(seed: u64, index: u64) -> u64 {
    Dice::of(seed, LISTINGS, index).below(shops_for(index))
}

impl Draft {
    /// Writes the `index`-th listing, which belongs to `shop`, and returns the shelf that it lies on.
    pub fn write(&mut self, seed: u64, index: u64, shop: Shop) -> &'static Shelf {
        let mut dice = Dice::of(seed, LISTINGS, index);
        dice.below(1); // The throw that chose the shop.
        let throw = throw(&mut dice, shop);
        self.measure.clear();
        write_measure(&mut dice, throw.shelf.measure, throw.language, &mut self.measure);
        self.on_hand = on_hand(&mut dice, &throw);
        self.price = Money::new(price_cents(&mut dice, &throw), Currency::Eur).ok();
        self.title.clear();
        write_title(&mut dice, &throw, &self.measure, &mut self.title);
        self.description.clear();
        write_description(&mut dice, &throw, &self.measure, &mut self.description);
        write_attributes(&throw, &self.measure, &mut self.attributes);
        throw.shelf
    }
}

fn throw(dice: &mut Dice, shop: Shop) -> Throw {
    let trade = shop.trade;
    let shelf = dice.pick(trade.shelves);
    let unique = match shelf.supply {
        Supply::Unique => dice.percent(65),
        Supply::Few => dice.percent(20),
        Supply::Plenty => false,
    };
    Throw {
        language: shop.language,
        shop,
        shelf,
        thing: dice.pick(shelf.things),
        stuff: dice.pick(shelf.stuffs),
        colour: dice.percent(75).then(|| dice.pick_any(trade.colours)).flatten(),
        technique: dice.percent(60).then(|| dice.pick_any(trade.techniques)).flatten(),
        motif: dice.percent(30).then(|| dice.pick_any(trade.motifs)).flatten(),
        occasion: dice.pick(OCCASIONS),
        unique,
    }
}

fn on_hand(dice: &mut Dice, throw: &Throw) -> u32 {
    if dice.percent(4) {
        return 0;
    }
    match throw.shelf.supply {
        _ if throw.unique => 1,
        Supply::Unique | Supply::Few => dice.between(1, 9),
        Supply::Plenty => dice.between(3, 60),
    }
}

/// Low prices are more frequent than high ones, and most end the way that shops like.
fn price_cents(dice: &mut Dice, throw: &Throw) -> i64 {
    let (low, high) = throw.thing.euros;
    let euros = dice.between(low, high).min(dice.between(low, high)) * throw.stuff.price_percent / 100;
    let ending = match dice.below(10) {
        0..5 => 0,
        5..8 => 50,
        8 => 90,
        _ => dice.between(0, 19) * 5,
    };
    i64::from(euros.max(1)) * 100 + i64::from(ending)
}

fn write_measure(dice: &mut Dice, measure: Measure, language: Language, out: &mut String) {
    let french = language == Language::Fr;
    match measure {
        Measure::Diameter(low, high) => {
            let sign = if french { "diamètre" } else { "diameter" };
            push_number(out, dice.between(low, high));
            out.push_str(" cm (");
            out.push_str(sign);
            out.push(')');
        }
        Measure::Length(low, high) | Measure::Height(low, high) => {
            push_number(out, dice.between(low, high));
            out.push_str(" cm");
        }
        Measure::Flat(low, high) => {
            let width = dice.between(low, high);
            push_number(out, width);
            out.push_str(" × ");
            push_number(out, width + dice.between(0, width / 2));
            out.push_str(" cm");
        }
        Measure::Weight(low, high) => {
            push_number(out, dice.between(low / 10, high / 10) * 10);
            out.push_str(" g");
        }
        Measure::Volume(low, high) => {
            push_number(out, dice.between(low / 10, high / 10) * 10);
            out.push_str(" ml");
        }
        Measure::Named(sizes) | Measure::Age(sizes) => out.push_str(in_language(dice.pick(sizes), language)),
    }
}

fn write_title(dice: &mut Dice, throw: &Throw, measure: &str, out: &mut String) {
    match throw.language {
        Language::Fr => write_french_title(throw, out),
        Language::En => write_english_title(throw, out),
    }
    let motif = throw.motif.map(|motif| in_language(motif, throw.language));
    match (dice.below(10), motif) {
        (0..5, Some(motif)) => push_words(out, &[" ", motif]),
        (5, _) => push_words(out, &[", ", measure]),
        (6, _) => {
            let collection: &&str = dice.pick(COLLECTIONS);
            let (before, after) = if throw.language == Language::Fr { (" « ", " »") } else { (" “", "”") };
            push_words(out, &[before, collection, after]);
        }
        _ => {}
    }
    capitalise(out, 0);
}

/// "bol émaillé en grès bleu nuit" would paint the stoneware: what agrees with the thing stands next to it.
fn write_french_title(throw: &Throw, out: &mut String) {
    let agreement = throw.thing.agreement;
    out.push_str(throw.thing.fr);
    if let Some(technique) = throw.technique {
        push_words(out, &[" ", &agree(technique, agreement)]);
    }
    match throw.colour {
        Some(colour) if throw.technique.is_none() => push_words(out, &[" ", &agree_colour(colour, agreement)]),
        _ => {}
    }
    out.push(' ');
    push_french_stuff(throw.stuff, out);
    match throw.colour {
        Some(colour) if throw.technique.is_some() => push_words(out, &[", ", &agree_colour(colour, agreement)]),
        _ => {}
    }
}

fn write_english_title(throw: &Throw, out: &mut String) {
    if let Some(technique) = throw.technique {
        push_words(out, &[technique.en, " "]);
    }
    if let Some(colour) = throw.colour {
        push_words(out, &[colour.adjective.en, " "]);
    }
    push_words(out, &[throw.stuff.en, " ", throw.thing.en]);
}

fn push_french_stuff(stuff: &Stuff, out: &mut String) {
    out.push_str(stuff.link);
    if !stuff.link.ends_with('\'') {
        out.push(' ');
    }
    out.push_str(stuff.fr);
}

fn write_description(dice: &mut Dice, throw: &Throw, measure: &str, out: &mut String) {
    let (trade, language) = (throw.shop.trade, throw.language);
    let mut stuff = String::new();
    let colour = match language {
        Language::Fr => {
            push_french_stuff(throw.stuff, &mut stuff);
            throw.colour.map(|colour| agree_colour(colour, throw.thing.agreement)).unwrap_or_default()
        }
        Language::En => {
            stuff.push_str(throw.stuff.en);
            throw.colour.map_or("", |colour| colour.adjective.en).into()
        }
    };
    let words = Words {
        thing: if language == Language::Fr { throw.thing.fr } else { throw.thing.en },
        agreement: throw.thing.agreement,
        stuff: &stuff,
        colour: &colour,
        commune: throw.shop.commune,
        occasion: in_language(throw.occasion, language),
        measure,
    };
    let mut say = |sentence: &Text, paragraph: bool| {
        if !out.is_empty() {
            out.push_str(if paragraph { "\n\n" } else { " " });
        }
        render(in_language(sentence, language), &words, out);
    };
    say(dice.pick(OPENINGS), false);
    if throw.colour.is_some() && dice.percent(50) {
        say(dice.pick(COLOURINGS), false);
    }
    if dice.percent(85) {
        say(dice.pick(trade.making), false);
    }
    if dice.percent(50) {
        say(dice.pick(USES), false);
    }
    say(if matches!(throw.shelf.measure, Measure::Age(_)) { &AGEING } else { &MEASURING }, true);
    if throw.unique && throw.shelf.aspect == Aspect::Material {
        say(&ONE_OF_A_KIND, false);
    }
    if dice.percent(70) {
        say(dice.pick(trade.care), false);
    }
    if dice.percent(60) {
        say(dice.pick(DELIVERIES), true);
    }
    if dice.percent(25) {
        say(dice.pick(CLOSINGS), false);
    }
}

fn write_attributes(throw: &Throw, measure: &str, out: &mut AttributeJson) {
    let french = throw.language == Language::Fr;
    out.begin();
    let aspect = match (throw.shelf.aspect, french) {
        (Aspect::Material, true) => "Matière",
        (Aspect::Material, false) => "Material",
        (Aspect::Scent, true) => "Parfum",
        (Aspect::Scent, false) => "Scent",
        (Aspect::Flavour, true) => "Saveur",
        (Aspect::Flavour, false) => "Flavour",
    };
    out.add(aspect, if french { throw.stuff.fr } else { throw.stuff.en });
    if let Some(colour) = throw.colour {
        let (name, value) =
            if french { ("Couleur", colour.adjective.masculine) } else { ("Colour", colour.adjective.en) };
        out.add(name, value);
    }
    if let Some(technique) = throw.technique {
        let (name, value) = if french { ("Technique", technique.masculine) } else { ("Technique", technique.en) };
        out.add(name, value);
    }
    let size = match (throw.shelf.measure, french) {
        (Measure::Named(_), true) => "Taille",
        (Measure::Named(_), false) => "Size",
        (Measure::Age(_), true) => "Âge",
        (Measure::Age(_), false) => "Age",
        (Measure::Weight(..), true) => "Poids net",
        (Measure::Weight(..), false) => "Net weight",
        (Measure::Volume(..), true) => "Contenance",
        (Measure::Volume(..), false) => "Capacity",
        (Measure::Height(..), true) => "Hauteur",
        (Measure::Height(..), false) => "Height",
        (Measure::Length(..), true) => "Longueur",
        (Measure::Length(..), false) => "Length",
        (_, true) => "Dimensions",
        (_, false) => "Dimensions",
    };
    out.add(size, measure);
    out.end();
}

const fn in_language(text: &Text, language: Language) -> &'static str {
    match language {
        Language::Fr => text.fr,
        Language::En => text.en,
    }
}

fn push_words(out: &mut String, words: &[&str]) {
    for word in words {
        out.push_str(word);
    }
}

fn push_number(out: &mut String, number: u32) {
    use std::fmt::Write;
    write!(out, "{number}").expect("writing to a String cannot fail");
}
