//! Things to wear, beyond knitwear and jewels.

use super::{Paint, shadow};

pub(super) fn belt(paint: &Paint) -> String {
    let Paint { base, dark, light, second, .. } = paint;
    format!(
        r##"{shadow}<path d="M200 120a84 84 0 1 0 84 84v-16h-34v16a50 50 0 1 1-50-50z" fill="{base}"/><path d="M200 120h96q22 0 22 17t-22 17h-96z" fill="{dark}"/><path d="M214 128h86M214 146h86" stroke="{light}" stroke-width="3" stroke-dasharray="9 6"/><circle cx="200" cy="204" r="67" fill="none" stroke="{light}" stroke-width="3" stroke-dasharray="9 6" opacity=".8"/><g fill="#3a2a1e"><circle cx="262" cy="137" r="4"/><circle cx="284" cy="137" r="4"/></g><rect x="168" y="106" width="52" height="62" rx="9" fill="none" stroke="#c8973a" stroke-width="10"/><path d="M176 137h44" stroke="#ecd08a" stroke-width="7" stroke-linecap="round"/><path d="M232 116h14v42h-14z" fill="{second}"/>"##,
        shadow = shadow(292, 92, paint)
    )
}

pub(super) fn dress(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, second, .. } = paint;
    let pattern = match paint.decoration {
        0 => format!(
            r#"<g fill="{pale}"><circle cx="160" cy="240" r="8"/><circle cx="200" cy="228" r="8"/><circle cx="240" cy="240" r="8"/><circle cx="146" cy="280" r="8"/><circle cx="184" cy="270" r="8"/><circle cx="222" cy="272" r="8"/><circle cx="258" cy="280" r="8"/></g>"#
        ),
        1 => format!(r#"<path d="M118 282q82 30 164 0l7 18q-89 32-178 0z" fill="{second}"/>"#),
        2 => format!(r#"<path d="M172 196l-20 110M200 198v116M228 196l20 110" stroke="{light}" stroke-width="5"/>"#),
        _ => format!(
            r#"<path d="M138 246q62 20 124 0" fill="none" stroke="{pale}" stroke-width="6" stroke-dasharray="3 12" stroke-linecap="round"/>"#
        ),
    };
    format!(
        r##"<path d="M200 34a12 12 0 1 1 12 12q-12 2-12 14l-66 40h132l-66-40" fill="none" stroke="#8a6a48" stroke-width="6" stroke-linejoin="round"/><path d="M158 92q14 34 42 34t42-34l14 8q-8 50-14 84l48 112q-90 40-180 0l48-112q-6-34-14-84z" fill="{base}"/>{pattern}<path d="M242 184l48 112q-40 18-80 20 40-60 32-132z" fill="{deep}" opacity=".22"/><path d="M157 178q43 14 86 0l3 16q-46 14-92 0z" fill="{second}"/><path d="M158 92q14 34 42 34t42-34l-9-3q-12 26-33 26t-33-26z" fill="{dark}"/>"##
    )
}

pub(super) fn shoes(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, second, .. } = paint;
    format!(
        r##"{shadow}<g transform="translate(34 -34)" opacity=".96"><path d="M86 214q34-14 46-50 4-12 18-8l30 10q20 40 74 52 40 8 40 36v16H86z" fill="{dark}"/><path d="M80 262h220v14q0 8-8 8H92q-12 0-12-12z" fill="#7c5836"/></g><path d="M66 238q34-14 46-50 4-12 18-8l30 10q20 40 74 52 40 8 40 36v18H66z" fill="{base}"/><path d="M112 188q4-12 18-8l30 10q4 10 10 18-34 6-50-4-6-4-8-16z" fill="{deep}"/><path d="M176 214l-18 22M194 226l-16 22M214 236l-14 22" stroke="{second}" stroke-width="7" stroke-linecap="round"/><path d="M78 272q40-6 62-28" fill="none" stroke="{light}" stroke-width="3.5" stroke-dasharray="9 6"/><path d="M60 288h218v14q0 8-8 8H72q-12 0-12-12z" fill="#9a7046"/><path d="M60 288h218v5H60z" fill="#b98a57"/>"##,
        shadow = shadow(311, 132, paint)
    )
}

pub(super) fn brooch(paint: &Paint) -> String {
    let Paint { base, dark, light, second, table, .. } = paint;
    let (card, edge) = (table.lighter(72), table.lighter(40));
    let figure = if paint.decoration.is_multiple_of(2) {
        let mut petals = String::new();
        for index in 0..8_u32 {
            let (angle, fill) = (index * 45, if index.is_multiple_of(2) { base } else { light });
            petals.push_str(&format!(r#"<path d="M200 182c-30-18-32-56 0-78 32 22 30 60 0 78z" fill="{fill}" transform="rotate({angle} 200 186)"/>"#));
        }
        format!(
            r##"{petals}<circle cx="200" cy="186" r="24" fill="{second}"/><circle cx="200" cy="186" r="10" fill="#f7d98a"/>"##
        )
    } else {
        format!(
            r##"<path d="M128 196q10-62 76-62 30 0 40 28l36-10-26 32q4 66-62 68-28 0-44-18l-40 14 26-34q-8-6-6-18z" fill="{base}"/><path d="M166 196q34-40 70-6-10 40-44 38-20-2-26-32z" fill="{dark}"/><circle cx="236" cy="158" r="6" fill="#33261d"/><path d="M176 200q24-20 46-2" fill="none" stroke="{light}" stroke-width="5"/>"##
        )
    };
    format!(
        r#"<rect x="92" y="62" width="216" height="250" rx="12" fill="{edge}"/><rect x="86" y="56" width="216" height="250" rx="12" fill="{card}"/><circle cx="194" cy="74" r="6" fill="{table}"/><g transform="translate(-6 0)">{figure}</g><path d="M150 284h88" stroke="{table}" stroke-width="5" stroke-linecap="round"/>"#
    )
}
