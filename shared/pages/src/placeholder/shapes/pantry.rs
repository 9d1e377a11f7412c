//! Things that hold something to pour or to nibble.

use super::{Paint, shadow};

pub(super) fn teapot(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, second, .. } = paint;
    let decoration = match paint.decoration {
        0 => format!(r#"<path d="M100 228q100 30 200 0v14q-100 30-200 0z" fill="{pale}"/>"#),
        1 => format!(r#"<path d="M200 196c22 12 26 40 0 60-26-20-22-48 0-60z" fill="{second}"/>"#),
        2 => format!(
            r#"<g fill="{light}"><circle cx="140" cy="220" r="6"/><circle cx="176" cy="244" r="6"/><circle cx="220" cy="222" r="6"/><circle cx="256" cy="248" r="6"/><circle cx="200" cy="274" r="6"/></g>"#
        ),
        _ => format!(r#"<path d="M98 240c6 50 40 70 74 70h56c34 0 68-20 74-70-60 20-144 20-204 0z" fill="{light}"/>"#),
    };
    format!(
        r#"{shadow}<path d="M108 196C40 176 34 262 112 268" fill="none" stroke="{dark}" stroke-width="17"/><path d="M286 256c40-8 34-66 74-84l12 12c-20 30-16 92-76 104z" fill="{dark}"/><path d="M96 228c0-50 46-78 104-78s104 28 104 78c0 56-40 82-76 82h-56c-36 0-76-26-76-82z" fill="{base}"/>{decoration}<path d="M250 160c36 12 54 36 54 68 0 56-40 82-76 82h-24c40-30 62-90 46-150z" fill="{deep}" opacity=".2"/><path d="M146 158q54-36 108 0-54 22-108 0z" fill="{dark}"/><circle cx="200" cy="126" r="14" fill="{second}"/>"#,
        shadow = shadow(311, 102, paint)
    )
}

pub(super) fn bottle(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, second, .. } = paint;
    let sticks = if paint.decoration.is_multiple_of(2) {
        r##"<path d="M190 100 166 24M200 100V16M210 100l26-74" stroke="#9a7046" stroke-width="6" stroke-linecap="round"/><path d="M180 96h40v26h-40z" fill="#5b4a3a"/>"##.to_owned()
    } else {
        format!(r##"<path d="M184 60h32v40h-32z" fill="#b98a57"/><path d="M180 94h40v16h-40z" fill="{second}"/>"##)
    };
    format!(
        r##"{shadow}{sticks}<path d="M180 104h40v34q44 14 44 62v84q0 26-26 26h-76q-26 0-26-26v-84q0-48 44-62z" fill="{base}"/><path d="M150 200q0-30 30-48v140q-30 0-30-22z" fill="{light}" opacity=".7"/><path d="M220 138q44 14 44 62v84q0 26-26 26h-28c30-44 32-120 10-172z" fill="{deep}" opacity=".25"/><rect x="154" y="206" width="92" height="74" rx="6" fill="#fbf5e8"/><path d="M200 216c14 8 14 26 0 34-14-8-14-26 0-34z" fill="{dark}"/><path d="M176 260h48M184 270h32" stroke="{base}" stroke-width="4"/>"##,
        shadow = shadow(311, 80, paint)
    )
}

pub(super) fn tin(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, second, .. } = paint;
    let front = match paint.decoration {
        0 => format!(
            r#"<rect x="144" y="214" width="112" height="62" rx="8" fill="{pale}"/><path d="M162 236h76M172 252h56" stroke="{dark}" stroke-width="5"/>"#
        ),
        1 => format!(r#"<path d="M92 230h216v14H92zM92 262h216v14H92z" fill="{second}"/>"#),
        2 => format!(
            r#"<circle cx="200" cy="246" r="34" fill="{pale}"/><path d="M200 224v44M178 246h44M184 230l32 32M216 230l-32 32" stroke="{dark}" stroke-width="5" stroke-linecap="round"/>"#
        ),
        _ => format!(
            r#"<path d="m92 250 27-27 27 27 27-27 27 27 27-27 27 27 27-27 27 27" fill="none" stroke="{light}" stroke-width="8"/>"#
        ),
    };
    format!(
        r#"{shadow}<path d="M92 178h216v112q0 20-20 20H112q-20 0-20-20z" fill="{base}"/>{front}<path d="M262 178h46v112q0 20-20 20h-46c20-34 24-88 20-132z" fill="{deep}" opacity=".2"/><rect x="82" y="146" width="236" height="44" rx="12" fill="{dark}"/><path d="M98 158h150" stroke="{light}" stroke-width="5" stroke-linecap="round"/><circle cx="200" cy="136" r="13" fill="{second}"/>"#,
        shadow = shadow(311, 120, paint)
    )
}
