//! The shapes themselves, on a canvas of 400 by 400 with the table's edge at 292.

mod cloth;
mod house;
mod jewels;
mod pantry;
mod room;
mod small;
mod tableware;
mod worn;

use super::colour::Colour;
use super::motif::Motif;

/// The colours of one drawing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    /// The thing's own colour.
    pub base: Colour,
    /// Its shaded side.
    pub dark: Colour,
    /// Its insides.
    pub deep: Colour,
    /// Its bright side.
    pub light: Colour,
    /// Labels and highlights.
    pub pale: Colour,
    /// Something to set it off.
    pub second: Colour,
    /// What it stands on.
    pub table: Colour,
    /// Which pattern it wears, 0 to 3.
    pub decoration: u8,
}

/// The motif in these colours, with its shadow.
pub(super) fn draw(motif: Motif, paint: &Paint) -> String {
    match motif {
        Motif::Bowl => tableware::bowl(paint),
        Motif::Mug => tableware::mug(paint),
        Motif::Vase => tableware::vase(paint),
        Motif::Plate => tableware::plate(paint),
        Motif::Jar => tableware::jar(paint),
        Motif::Board => tableware::board(paint),
        Motif::Ring => jewels::ring(paint),
        Motif::Necklace => jewels::necklace(paint),
        Motif::Earrings => jewels::earrings(paint),
        Motif::Cushion => cloth::cushion(paint),
        Motif::Blanket => cloth::blanket(paint),
        Motif::Jumper => cloth::jumper(paint),
        Motif::Hat => cloth::hat(paint),
        Motif::Bag => cloth::bag(paint),
        Motif::Purse => cloth::purse(paint),
        Motif::Candle => house::candle(paint),
        Motif::Lamp => house::lamp(paint),
        Motif::Print => house::print(paint),
        Motif::Wicker => house::wicker(paint),
        Motif::Wreath => house::wreath(paint),
        Motif::Screen => house::screen(paint),
        Motif::Soap => small::soap(paint),
        Motif::Rabbit => small::rabbit(paint),
        Motif::Car => small::car(paint),
        Motif::Notebook => small::notebook(paint),
        Motif::Parcel => small::parcel(paint),
        Motif::Belt => worn::belt(paint),
        Motif::Dress => worn::dress(paint),
        Motif::Shoes => worn::shoes(paint),
        Motif::Brooch => worn::brooch(paint),
        Motif::Rug => room::rug(paint),
        Motif::Mirror => room::mirror(paint),
        Motif::Stool => room::stool(paint),
        Motif::PendantLamp => room::pendant_lamp(paint),
        Motif::Garland => room::garland(paint),
        Motif::Teapot => pantry::teapot(paint),
        Motif::Bottle => pantry::bottle(paint),
        Motif::Box => pantry::tin(paint),
        Motif::Card => small::card(paint),
        Motif::Cubes => small::cubes(paint),
    }
}

/// The shadow of a thing that stands at `y` and is twice `half_width` wide.
fn shadow(y: u32, half_width: u32, paint: &Paint) -> String {
    let colour = paint.table.darker(28);
    format!(r#"<ellipse cx="206" cy="{y}" rx="{half_width}" ry="13" fill="{colour}" opacity=".55"/>"#)
}
