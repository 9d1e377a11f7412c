//! Things that are sewn, woven or knitted.

use super::{Paint, shadow};

pub(super) fn cushion(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    let pattern = match paint.decoration {
        0 => format!(
            r#"<g stroke="{pale}" stroke-width="13"><path d="M122 106v196M162 102v202M202 100v204M242 102v202M282 106v196"/></g>"#
        ),
        1 => format!(
            r#"<g fill="{pale}"><circle cx="140" cy="146" r="12"/><circle cx="200" cy="140" r="12"/><circle cx="260" cy="146" r="12"/><circle cx="170" cy="196" r="12"/><circle cx="230" cy="196" r="12"/><circle cx="140" cy="250" r="12"/><circle cx="200" cy="252" r="12"/><circle cx="260" cy="250" r="12"/></g>"#
        ),
        2 => format!(
            r#"<path d="M200 130c34 30 34 108 0 150-34-42-34-120 0-150z" fill="{second}"/><path d="M134 170c40 4 60 40 62 104-44-14-66-52-62-104zM266 170c-40 4-60 40-62 104 44-14 66-52 62-104z" fill="{pale}"/>"#
        ),
        _ => format!(
            r#"<g stroke="{light}" stroke-width="9"><path d="M150 104v198M250 104v198M92 160h216M92 246h216"/></g><g stroke="{second}" stroke-width="4"><path d="M200 100v204M92 202h216"/></g>"#
        ),
    };
    format!(
        r#"{shadow}<path d="M90 96q110 18 220 0-18 106 0 212-110-18-220 0 18-106 0-212z" fill="{base}"/>{pattern}<path d="M310 96q-18 106 0 212-60-10-120-8 90-40 84-198 18-2 36-6z" fill="{dark}" opacity=".28"/><path d="M90 96q110 18 220 0" fill="none" stroke="{light}" stroke-width="4"/>"#,
        shadow = shadow(310, 116, paint)
    )
}

pub(super) fn blanket(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    let (third, shade) = (second.darker(18), base.darker(12));
    format!(
        r#"{shadow}<path d="M84 250h232a29 29 0 0 1 0 58H84a29 29 0 0 1 0-58z" fill="{shade}"/><path d="M84 250h190a29 29 0 0 0 0 58H84a29 29 0 0 1 0-58z" fill="{base}"/><path d="M120 250v58M146 250v58M172 250v58M198 250v58M224 250v58M250 250v58" stroke="{light}" stroke-width="7"/><path d="M92 188h216a31 31 0 0 1 0 62H92a31 31 0 0 1 0-62z" fill="{third}"/><path d="M92 188h176a31 31 0 0 0 0 62H92a31 31 0 0 1 0-62z" fill="{second}"/><path d="M66 208h186M64 228h186" stroke="{pale}" stroke-width="6" stroke-dasharray="14 10"/><path d="M100 128h200a30 30 0 0 1 0 60H100a30 30 0 0 1 0-60z" fill="{dark}"/><path d="M100 128h164a30 30 0 0 0 0 60H100a30 30 0 0 1 0-60z" fill="{pale}"/><g stroke="{base}" stroke-width="5"><path d="M76 148h170M74 168h170"/></g><g stroke="{dark}" stroke-width="4" stroke-linecap="round"><path d="M112 308v16M132 308v16M152 308v16M172 308v16M192 308v16M212 308v16M232 308v16"/></g>"#,
        shadow = shadow(310, 142, paint)
    )
}

pub(super) fn jumper(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, second, .. } = paint;
    let pattern = match paint.decoration {
        0 => format!(r#"<path d="M136 176h128v12H136zm0 26h128v12H136z" fill="{pale}"/>"#),
        1 => format!(
            r#"<path d="m136 190 16 18 16-18 16 18 16-18 16 18 16-18 16 18 16-18" fill="none" stroke="{pale}" stroke-width="8"/><path d="m136 216 16 18 16-18 16 18 16-18 16 18 16-18 16 18 16-18" fill="none" stroke="{second}" stroke-width="8"/>"#
        ),
        2 => format!(
            r#"<path d="M170 150v146M200 158v138M230 150v146" stroke="{light}" stroke-width="6" stroke-dasharray="10 7"/>"#
        ),
        _ => format!(
            r#"<rect x="212" y="180" width="36" height="40" rx="4" fill="{dark}"/><path d="M212 190h36" stroke="{pale}" stroke-width="4"/>"#
        ),
    };
    format!(
        r##"<path d="M200 36a12 12 0 1 1 12 12q-12 2-12 14L98 116h204L200 62" fill="none" stroke="#8a6a48" stroke-width="6" stroke-linejoin="round"/><path d="M164 92h72q30 4 46 22 22 26 52 124l-44 16-26-66v112q-64 14-128 0V188l-26 66-44-16q30-98 52-124 16-18 46-22z" fill="{base}"/>{pattern}<path d="M264 188v112q-24 6-54 7 40-50 36-160z" fill="{deep}" opacity=".2"/><path d="M136 284q64 14 128 0v18q-64 14-128 0z" fill="{dark}"/><path d="m66 238 44 16 6-16-44-16zM334 238l-44 16-6-16 44-16z" fill="{dark}"/><path d="M160 92q40 50 80 0l-10-4q-30 30-60 0z" fill="{dark}"/>"##
    )
}

pub(super) fn hat(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    format!(
        r#"{shadow}<circle cx="200" cy="88" r="38" fill="{pale}"/><g stroke="{second}" stroke-width="4" stroke-linecap="round"><path d="M200 56v20M174 74l14 14M226 74l-14 14M172 98l18-4M228 98l-18-4"/></g><path d="M94 248c0-86 40-142 106-142s106 56 106 142z" fill="{base}"/><g fill="none" stroke="{light}" stroke-width="7" stroke-dasharray="14 8"><path d="M136 246c0-60 16-110 44-134M176 246c0-60 6-110 18-136M224 246c0-60-6-110-18-136M264 246c0-60-16-110-44-134"/></g><path d="M80 240q0-12 14-12h212q14 0 14 12v54q0 12-14 12H94q-14 0-14-12z" fill="{dark}"/><g stroke="{base}" stroke-width="8"><path d="M104 230v74M128 230v74M152 230v74M176 230v74M200 230v74M224 230v74M248 230v74M272 230v74M296 230v74"/></g>"#,
        shadow = shadow(309, 122, paint)
    )
}

pub(super) fn bag(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, second, .. } = paint;
    let front = match paint.decoration {
        0 => format!(
            r#"<path d="M104 164h192l6 60q-102 46-204 0z" fill="{dark}"/><rect x="186" y="226" width="28" height="34" rx="6" fill="{pale}"/>"#
        ),
        1 => format!(
            r#"<path d="M96 240h208l4 44q2 24-22 24H114q-24 0-22-24z" fill="{second}"/><path d="M98 232h204" stroke="{light}" stroke-width="4" stroke-dasharray="10 7"/>"#
        ),
        2 => format!(
            r#"<circle cx="200" cy="232" r="38" fill="{pale}"/><path d="M200 212c20 10 20 34 0 44-20-10-20-34 0-44z" fill="{dark}"/>"#
        ),
        _ => format!(
            r#"<rect x="136" y="212" width="128" height="70" rx="8" fill="{dark}"/><path d="M142 222h116" stroke="{light}" stroke-width="4" stroke-dasharray="9 6"/>"#
        ),
    };
    format!(
        r#"{shadow}<path d="M146 176c0-110 108-110 108 0" fill="none" stroke="{deep}" stroke-width="13"/><path d="M104 164h192l14 118q3 26-24 26H114q-27 0-24-26z" fill="{base}"/>{front}<path d="M262 164h34l14 118q3 26-24 26h-42c22-40 24-90 18-144z" fill="{deep}" opacity=".2"/><path d="M146 178c0-106 108-106 108 0" fill="none" stroke="{dark}" stroke-width="13" transform="translate(0 6)"/><g fill="{pale}"><circle cx="146" cy="186" r="7"/><circle cx="254" cy="186" r="7"/></g>"#,
        shadow = shadow(310, 122, paint)
    )
}

pub(super) fn purse(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, .. } = paint;
    let clasp = if paint.decoration.is_multiple_of(2) {
        format!(r#"<circle cx="200" cy="238" r="13" fill="{pale}"/><circle cx="200" cy="238" r="6" fill="{dark}"/>"#)
    } else {
        format!(
            r#"<rect x="184" y="222" width="32" height="40" rx="8" fill="{pale}"/><path d="M192 242h16" stroke="{dark}" stroke-width="4"/>"#
        )
    };
    format!(
        r#"{shadow}<rect x="74" y="150" width="252" height="158" rx="20" fill="{dark}"/><rect x="74" y="144" width="252" height="156" rx="20" fill="{base}"/><path d="M84 290h232" stroke="{light}" stroke-width="4" stroke-dasharray="10 7"/><path d="M74 164q0-20 20-20h212q20 0 20 20v30q-40 52-126 52T74 194z" fill="{dark}"/><path d="M84 192q40 44 116 44t116-44" fill="none" stroke="{light}" stroke-width="4" stroke-dasharray="10 7"/><path d="M280 144h26q20 0 20 20v116q0 20-20 20h-50c24-40 28-100 24-156z" fill="{deep}" opacity=".2"/>{clasp}"#,
        shadow = shadow(310, 132, paint)
    )
}
