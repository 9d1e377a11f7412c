//! A thing on a table before a wall.

use std::fmt::Write as _;

use super::Seed;
use super::colour::Colour;
use super::motif::Motif;
use super::shapes::{self, Paint};

/// Wall, table, and a lighter patch on the wall.
const ROOMS: [(u32, u32, u32); 8] = [
    (0xf0_df_c6, 0xd9_bd_95, 0xf8_ee_dd),
    (0xdd_e4_d1, 0xb7_c3_a1, 0xed_f1_e5),
    (0xf2_d8_cb, 0xda_ad_97, 0xfb_ec_e4),
    (0xd7_e2_e5, 0xa7_bd_c4, 0xea_f1_f2),
    (0xec_e0_ea, 0xca_b3_c7, 0xf7_f0_f6),
    (0xf4_e4_b9, 0xdc_c1_7a, 0xfc_f4_dc),
    (0xe7_de_d3, 0xbd_ab_95, 0xf4_ee_e6),
    (0xcf_dc_d6, 0x9c_b2_a8, 0xe5_ed_e9),
];

/// What makers like to use when the listing names no colour.
const FAVOURITES: [u32; 10] = [
    0xb8_56_2f, 0x2f_6b_6b, 0x3d_4f_86, 0xc4_88_20, 0x6a_7b_3a, 0x7d_44_68, 0x4a_43_45, 0xc4_6a_72, 0xee_e0_c4,
    0x8a_5a_3a,
];

/// The whole drawing.
pub(super) fn draw(motif: Motif, colour: Option<Colour>, seed: &mut Seed) -> String {
    let (wall, table, patch) = seed.pick(&ROOMS);
    let favourite = Colour(seed.pick(&FAVOURITES));
    let base = apart_from(colour.unwrap_or(favourite), Colour(wall));
    let paint = Paint {
        base,
        dark: base.darker(24),
        deep: base.darker(45),
        light: base.lighter(28),
        pale: base.lighter(68),
        second: Colour(seed.pick(&FAVOURITES)).lighter(15),
        table: Colour(table),
        decoration: seed.pick(&[0, 1, 2, 3]),
    };
    let mut svg = String::with_capacity(3_000);
    svg.push_str(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">"#);
    // Writing to a String cannot fail.
    let _ = write!(svg, r#"<rect width="400" height="400" fill="{}"/>"#, Colour(wall));
    svg.push_str(&backdrop(Colour(patch), Colour(table), seed));
    svg.push_str(&shapes::draw(motif, &paint));
    svg.push_str("</svg>");
    svg
}

/// A thing of nearly the wall's brightness would be lost before it.
fn apart_from(colour: Colour, wall: Colour) -> Colour {
    if colour.brightness().abs_diff(wall.brightness()) >= 22 {
        colour
    } else if colour.brightness() > 200 {
        colour.lighter(70)
    } else {
        colour.darker(22)
    }
}

fn backdrop(patch: Colour, table: Colour, seed: &mut Seed) -> String {
    let light = match seed.pick(&[0, 1, 2, 3]) {
        0 => format!(r#"<circle cx="200" cy="186" r="148" fill="{patch}"/>"#),
        1 => format!(r#"<path d="M84 300V150a116 116 0 0 1 232 0v150z" fill="{patch}"/>"#),
        2 => format!(r#"<path d="M0 0h150L70 300H0zM210 0h64l-80 300h-64z" fill="{patch}" opacity=".75"/>"#),
        _ => format!(r#"<rect x="64" y="44" width="272" height="220" rx="16" fill="{patch}"/>"#),
    };
    format!(
        r#"{light}<path d="M0 292h400v108H0z" fill="{table}"/><path d="M0 292h400v5H0z" fill="{}"/>"#,
        table.lighter(30)
    )
}
