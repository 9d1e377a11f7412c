//! Jewellery: a metal, and a stone in the thing's colour, on a soft stand.

use super::Paint;

const GOLD: (&str, &str) = ("#c8973a", "#ecd08a");
const SILVER: (&str, &str) = ("#9aa0a8", "#dfe3e7");

const fn metal(paint: &Paint) -> (&'static str, &'static str) {
    if paint.decoration < 2 { GOLD } else { SILVER }
}

pub(super) fn ring(paint: &Paint) -> String {
    let Paint { base, dark, light, table, .. } = paint;
    let (metal, shine) = metal(paint);
    let (top, side) = (table.lighter(45), table.darker(14));
    let stone = if paint.decoration.is_multiple_of(2) {
        format!(
            r#"<path d="M162 104h76l22 30-60 56-60-56z" fill="{base}"/><path d="M162 104h76l22 30H140z" fill="{light}"/><path d="M180 134h40l-20 56z" fill="{dark}"/><path d="m180 134 20-30 20 30z" fill="{light}"/>"#
        )
    } else {
        format!(
            r#"<ellipse cx="200" cy="144" rx="52" ry="40" fill="{dark}"/><ellipse cx="200" cy="140" rx="48" ry="37" fill="{base}"/><path d="M168 132q8-20 32-24" fill="none" stroke="{light}" stroke-width="8" stroke-linecap="round"/>"#
        )
    };
    format!(
        r#"<path d="M96 306q0-20 104-20t104 20v34q0 18-104 18T96 340z" fill="{side}"/><ellipse cx="200" cy="306" rx="104" ry="20" fill="{top}"/><ellipse cx="206" cy="310" rx="58" ry="9" fill="{side}"/><circle cx="200" cy="238" r="66" fill="none" stroke="{metal}" stroke-width="17"/><path d="M144 262a66 66 0 0 1 12-74" fill="none" stroke="{shine}" stroke-width="6" stroke-linecap="round"/>{stone}"#
    )
}

pub(super) fn necklace(paint: &Paint) -> String {
    let Paint { base, dark, light, second, table, .. } = paint;
    let (metal, shine) = metal(paint);
    let (bust, shade) = (table.lighter(62), table.lighter(20));
    let pendant = match paint.decoration {
        0 => format!(
            r#"<path d="M200 238c-22 0-34 18-34 36 0 22 16 38 34 38s34-16 34-38c0-18-12-36-34-36z" fill="{base}"/><path d="M182 262q4-10 14-12" fill="none" stroke="{light}" stroke-width="6" stroke-linecap="round"/>"#
        ),
        1 => format!(
            r#"<circle cx="200" cy="274" r="36" fill="{metal}"/><circle cx="200" cy="274" r="26" fill="{base}"/><path d="M200 256v36M182 274h36" stroke="{light}" stroke-width="5"/>"#
        ),
        2 => format!(
            r#"<path d="m200 234 32 40-32 42-32-42z" fill="{base}"/><path d="m200 234 32 40h-64z" fill="{light}"/>"#
        ),
        _ => format!(
            r#"<g fill="{base}"><circle cx="200" cy="252" r="17"/><circle cx="162" cy="244" r="14"/><circle cx="238" cy="244" r="14"/><circle cx="130" cy="224" r="11"/><circle cx="270" cy="224" r="11"/></g><g fill="{second}"><circle cx="182" cy="252" r="7"/><circle cx="218" cy="252" r="7"/><circle cx="145" cy="236" r="6"/><circle cx="255" cy="236" r="6"/></g>"#
        ),
    };
    format!(
        r#"<path d="M158 64h84v50c0 30 82 40 94 128l20 158H44l20-158c12-88 94-98 94-128z" fill="{bust}"/><path d="M222 64h20v50c0 30 82 40 94 128l20 158h-70c10-130-4-190-44-230-20-24-22-60-20-106z" fill="{shade}" opacity=".7"/><path d="M152 122C100 210 160 240 200 240s100-30 48-118" fill="none" stroke="{metal}" stroke-width="5"/><path d="M150 128c-30 56-20 84 4 100" fill="none" stroke="{shine}" stroke-width="2.5"/>{pendant}<path d="M158 66q42 14 84 0v-8q-42 10-84 0z" fill="{dark}" opacity=".25"/>"#
    )
}

pub(super) fn earrings(paint: &Paint) -> String {
    let Paint { base, dark, light, second, table, .. } = paint;
    let (metal, _) = metal(paint);
    let card = table.lighter(72);
    let drop = match paint.decoration {
        0 => format!(
            r#"<path d="M0 40c26 34 34 48 34 66a34 34 0 0 1-68 0c0-18 8-32 34-66z" fill="{base}"/><path d="M-18 106a18 18 0 0 0 10 16" fill="none" stroke="{light}" stroke-width="6" stroke-linecap="round"/>"#
        ),
        1 => format!(
            r#"<circle cy="84" r="38" fill="none" stroke="{base}" stroke-width="15"/><path d="M-30 62a38 38 0 0 1 20-14" fill="none" stroke="{light}" stroke-width="5" stroke-linecap="round"/>"#
        ),
        2 => format!(
            r#"<path d="M-38 116a38 44 0 0 1 76 0z" fill="{base}"/><path d="M-26 116a26 30 0 0 1 52 0z" fill="{second}"/><path d="M-12 116a12 14 0 0 1 24 0z" fill="{light}"/><circle cy="54" r="11" fill="{dark}"/>"#
        ),
        _ => format!(
            r#"<circle cy="54" r="14" fill="{second}"/><circle cy="92" r="23" fill="{base}"/><circle cy="134" r="15" fill="{dark}"/>"#
        ),
    };
    format!(
        r#"<rect x="76" y="58" width="248" height="262" rx="14" fill="{card}"/><path d="M76 306h248v0q0 14-14 14H90q-14 0-14-14z" fill="{table}" opacity=".6"/><g fill="none" stroke="{metal}" stroke-width="5" stroke-linecap="round"><path d="M140 142v-30a13 13 0 0 1 26 0M234 112a13 13 0 0 1 26 0v30"/></g><g transform="translate(140 100)">{drop}</g><g transform="translate(260 100)">{drop}</g>"#
    )
}
