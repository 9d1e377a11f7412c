//! The trades of the demo catalogue, one table per file.

mod candles;
mod ceramics;
mod clothing;
mod decoration;
mod food;
mod home_textiles;
mod jewellery;
mod leather;
mod lighting;
mod stationery;
mod toys;
mod wood;

use super::trade::Trade;

/// Every trade, in the order in which the shop shows them.
pub const TRADES: [&Trade; 12] = [
    &ceramics::TRADE,
    &jewellery::TRADE,
    &home_textiles::TRADE,
    &clothing::TRADE,
    &leather::TRADE,
    &wood::TRADE,
    &lighting::TRADE,
    &candles::TRADE,
    &stationery::TRADE,
    &toys::TRADE,
    &food::TRADE,
    &decoration::TRADE,
];
