//! What a trade makes: the shape of the vocabulary tables in `trades/`.
//!
//! A [`Trade`] is a top category. Its [`Shelf`]s are the categories that listings hang in, some of them below a
//! [`Group`]. A shelf says which [`Thing`]s lie on it, of which [`Stuff`], how they are measured and how many there are.
//! Texts come in pairs, French and English; those with braces are templates (see `template.rs`).

use super::grammar::Agreement;

/// A craft and its place at the top of the category tree.
#[derive(Debug)]
pub struct Trade {
    /// Its name in addresses; placeholders are drawn by it, so it never changes.
    pub slug: &'static str,
    /// Its name.
    pub name: Text,
    /// Categories between the trade and some of its shelves.
    pub groups: &'static [Group],
    /// The categories that listings hang in.
    pub shelves: &'static [Shelf],
    /// Colours that its things come in.
    pub colours: &'static [Colour],
    /// Ways in which its things are made.
    pub techniques: &'static [Adjective],
    /// Decorations: "à motif de fougères", "with a fern pattern".
    pub motifs: &'static [Text],
    /// Sentences about how its things are made.
    pub making: &'static [Text],
    /// Sentences about how to look after its things.
    pub care: &'static [Text],
}

/// A category between a trade and a shelf.
#[derive(Debug)]
pub struct Group {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its name.
    pub name: Text,
}

/// A category that listings hang in.
#[derive(Debug)]
pub struct Shelf {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its name.
    pub name: Text,
    /// The group above it, if it does not hang directly below the trade.
    pub group: Option<&'static str>,
    /// What its things are made of.
    pub stuffs: &'static [Stuff],
    /// What the stuff is to its things.
    pub aspect: Aspect,
    /// How its things are measured.
    pub measure: Measure,
    /// How many of a thing there are.
    pub supply: Supply,
    /// What lies on it.
    pub things: &'static [Thing],
}

/// A text in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// In French.
    pub fr: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A kind of thing, with what it usually costs.
#[derive(Debug)]
pub struct Thing {
    /// Its French name, in the number in which it is sold ("boucles d'oreilles").
    pub fr: &'static str,
    /// How French words agree with it.
    pub agreement: Agreement,
    /// Its English name.
    pub en: &'static str,
    /// The lowest and the highest usual price, in euros.
    pub euros: (u32, u32),
}

/// What a thing is made of, smells of or tastes of.
#[derive(Debug)]
pub struct Stuff {
    /// How French joins it to a thing: "en", "au", "à la", "de".
    pub link: &'static str,
    /// Its French name.
    pub fr: &'static str,
    /// Its English name, which stands before the thing.
    pub en: &'static str,
    /// What it does to the price, in percent.
    pub price_percent: u32,
}

/// A French adjective with its English counterpart.
#[derive(Debug)]
pub struct Adjective {
    /// Masculine singular.
    pub masculine: &'static str,
    /// Feminine singular.
    pub feminine: &'static str,
    /// English.
    pub en: &'static str,
}

/// A colour; those named after things ("bleu nuit", "terracotta") never agree.
#[derive(Debug)]
pub struct Colour {
    /// Its words.
    pub adjective: Adjective,
    /// Whether the French words agree.
    pub agrees: bool,
}

/// What [`Stuff`] is to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// What it is made of.
    Material,
    /// What it smells of.
    Scent,
    /// What it tastes of.
    Flavour,
}

/// How a thing is measured.
#[derive(Debug, Clone, Copy)]
pub enum Measure {
    /// Across, in centimetres.
    Diameter(u32, u32),
    /// Along, in centimetres.
    Length(u32, u32),
    /// Upwards, in centimetres.
    Height(u32, u32),
    /// Width and height of something flat, in centimetres: bounds of the width; the height is up to half as much again.
    Flat(u32, u32),
    /// Weight, in grams, in steps of ten.
    Weight(u32, u32),
    /// Content, in millilitres, in steps of ten.
    Volume(u32, u32),
    /// One of some named sizes.
    Named(&'static [Text]),
    /// For whom: one of some ages.
    Age(&'static [Text]),
}

/// How many of a thing there are.
#[derive(Debug, Clone, Copy)]
pub enum Supply {
    /// Mostly one of a kind.
    Unique,
    /// A small series.
    Few,
    /// Made in batches.
    Plenty,
}

/// A text in both languages.
pub const fn text(fr: &'static str, en: &'static str) -> Text {
    Text { fr, en }
}

/// A masculine thing.
pub const fn m(fr: &'static str, en: &'static str, low: u32, high: u32) -> Thing {
    Thing { fr, agreement: Agreement::MASCULINE, en, euros: (low, high) }
}

/// A feminine thing.
pub const fn f(fr: &'static str, en: &'static str, low: u32, high: u32) -> Thing {
    Thing { fr, agreement: Agreement::FEMININE, en, euros: (low, high) }
}

/// Several masculine things sold together.
pub const fn mp(fr: &'static str, en: &'static str, low: u32, high: u32) -> Thing {
    Thing { fr, agreement: Agreement::MASCULINE_PLURAL, en, euros: (low, high) }
}

/// Several feminine things sold together.
pub const fn fp(fr: &'static str, en: &'static str, low: u32, high: u32) -> Thing {
    Thing { fr, agreement: Agreement::FEMININE_PLURAL, en, euros: (low, high) }
}

/// A stuff and what it does to the price.
pub const fn stuff(link: &'static str, fr: &'static str, en: &'static str, price_percent: u32) -> Stuff {
    Stuff { link, fr, en, price_percent }
}

/// An adjective by its two singular forms.
pub const fn adjective(masculine: &'static str, feminine: &'static str, en: &'static str) -> Adjective {
    Adjective { masculine, feminine, en }
}

/// A colour that agrees.
pub const fn colour(masculine: &'static str, feminine: &'static str, en: &'static str) -> Colour {
    Colour { adjective: adjective(masculine, feminine, en), agrees: true }
}

/// A colour that never agrees.
pub const fn shade(fr: &'static str, en: &'static str) -> Colour {
    Colour { adjective: adjective(fr, fr, en), agrees: false }
}
