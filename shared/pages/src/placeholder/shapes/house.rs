//! Things for the house.

use super::{Paint, shadow};

pub(super) fn candle(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, .. } = paint;
    let label = match paint.decoration {
        0 => format!(r#"<path d="M182 240c0-18 18-30 18-30s18 12 18 30-18 24-18 24-18-6-18-24z" fill="{base}"/>"#),
        1 => format!(
            r#"<circle cx="200" cy="238" r="20" fill="none" stroke="{base}" stroke-width="5"/><path d="M200 226v24M188 238h24" stroke="{base}" stroke-width="4"/>"#
        ),
        2 => format!(r#"<path d="M168 230h64M176 244h48M186 258h28" stroke="{base}" stroke-width="5"/>"#),
        _ => format!(r#"<path d="M172 250q14-30 28 0 14-30 28 0" fill="none" stroke="{base}" stroke-width="5"/>"#),
    };
    format!(
        r##"{shadow}<circle cx="200" cy="112" r="62" fill="#ffe9b0" opacity=".55"/><circle cx="200" cy="112" r="36" fill="#ffdf94" opacity=".7"/><path d="M200 166v-26" stroke="#4a3a2c" stroke-width="5" stroke-linecap="round"/><path d="M200 76c20 24 24 36 18 50-5 12-31 12-36 0-6-14 2-26 18-50z" fill="#f0a03c"/><path d="M200 102c9 12 10 18 7 25-3 6-11 6-14 0-3-7-1-13 7-25z" fill="#fff1c4"/><path d="M122 164h156v120q0 26-26 26H148q-26 0-26-26z" fill="{base}"/><ellipse cx="200" cy="164" rx="78" ry="16" fill="{light}"/><ellipse cx="200" cy="166" rx="60" ry="10" fill="{dark}" opacity=".45"/><rect x="146" y="200" width="108" height="76" rx="6" fill="#fbf5e8"/>{label}<path d="M252 166l26-2v120q0 26-26 26h-26c24-34 28-90 26-144z" fill="{deep}" opacity=".2"/>"##,
        shadow = shadow(311, 96, paint)
    )
}

pub(super) fn lamp(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, second, .. } = paint;
    let shade = match paint.decoration {
        0 => format!(r#"<path d="M130 120h140M118 148h164M110 172h180" stroke="{light}" stroke-width="5"/>"#),
        1 => format!(
            r#"<path d="M166 84l-24 112M188 84l-8 112M212 84l8 112M234 84l24 112" stroke="{light}" stroke-width="5"/>"#
        ),
        2 => format!(r#"<path d="M104 182h192l4 14H100z" fill="{second}"/>"#),
        _ => String::new(),
    };
    format!(
        r##"{shadow}<path d="M96 196h208l60 104H36z" fill="#fff0c0" opacity=".5"/><path d="M192 190h16v70h-16z" fill="{deep}"/><path d="M150 308q0-14 24-18 8-34 26-34t26 34q24 4 24 18z" fill="{second}"/><path d="M144 84h112l44 112H100z" fill="{base}"/>{shade}<path d="M226 84h30l44 112h-60z" fill="{dark}" opacity=".3"/><path d="M144 84h112l4 9H140z" fill="{dark}"/><path d="M104 188h192l4 8H100z" fill="{dark}"/>"##,
        shadow = shadow(309, 84, paint)
    )
}

pub(super) fn print(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    let picture = match paint.decoration {
        0 => format!(
            r#"<circle cx="226" cy="124" r="24" fill="{second}"/><path d="M126 210q40-56 76-16t72-24v86H126z" fill="{light}"/><path d="M126 236q50-30 84-6t64-12v38H126z" fill="{base}"/>"#
        ),
        1 => format!(
            r#"<path d="M200 246V130" stroke="{dark}" stroke-width="5"/><path d="M200 150c-8-26-26-34-46-34 2 24 18 38 46 34zM200 180c8-26 26-34 46-34-2 24-18 38-46 34zM200 212c-8-26-26-34-46-34 2 24 18 38 46 34zM200 236c8-26 26-34 46-34-2 24-18 38-46 34z" fill="{base}"/>"#
        ),
        2 => format!(
            r#"<path d="M150 256v-50a50 50 0 0 1 100 0v50z" fill="{base}"/><path d="M172 256v-46a28 28 0 0 1 56 0v46z" fill="{second}"/><circle cx="200" cy="116" r="16" fill="{light}"/>"#
        ),
        _ => format!(
            r#"<path d="M152 240q-4-64 44-70 40-4 44 30 26-6 26 14 0 26-34 26z" fill="{base}"/><path d="M240 188l18-10v18zM160 176l-6-30 24 18zM190 168l6-28 16 28z" fill="{dark}"/><circle cx="228" cy="196" r="4" fill="{pale}"/>"#
        ),
    };
    format!(
        r##"{shadow}<rect x="92" y="50" width="216" height="252" rx="4" fill="#6e4e33"/><rect x="98" y="56" width="204" height="240" fill="#8b6442"/><rect x="106" y="64" width="188" height="224" fill="#fbf6ec"/><rect x="126" y="86" width="148" height="170" fill="{pale}"/>{picture}<path d="M206 270h36" stroke="#b9a88f" stroke-width="3"/>"##,
        shadow = shadow(305, 112, paint)
    )
}

pub(super) fn wicker(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, second, .. } = paint;
    let mut weave = String::new();
    for row in 0..5_u32 {
        let (y, shift) = (204 + row * 20, if row % 2 == 0 { 0 } else { 17 });
        weave.push_str(&format!(r#"<path d="M88 {y}h224" stroke-dashoffset="{shift}"/>"#));
    }
    format!(
        r##"{shadow}<path d="M104 186C104 60 296 60 296 186" fill="none" stroke="{dark}" stroke-width="12"/><path d="M104 186C104 60 296 60 296 186" fill="none" stroke="{light}" stroke-width="4" stroke-dasharray="12 10"/><g fill="{second}"><circle cx="150" cy="172" r="27"/><circle cx="246" cy="174" r="25"/></g><circle cx="200" cy="164" r="31" fill="#c9503a"/><path d="M200 136q10-14 20-12" stroke="#5f6f35" stroke-width="5" fill="none" stroke-linecap="round"/><path d="M82 184h236l-20 106q-4 20-24 20H126q-20 0-24-20z" fill="{base}"/><g stroke="{dark}" stroke-width="9" stroke-dasharray="20 14" opacity=".75">{weave}</g><path d="M262 184h56l-20 106q-4 20-24 20h-40c22-36 30-80 28-126z" fill="{deep}" opacity=".22"/><rect x="74" y="176" width="252" height="20" rx="10" fill="{dark}"/><path d="M86 186h228" stroke="{light}" stroke-width="5" stroke-dasharray="14 10"/>"##,
        shadow = shadow(311, 114, paint)
    )
}

pub(super) fn wreath(paint: &Paint) -> String {
    let Paint { base, dark, light, second, .. } = paint;
    let mut leaves = String::new();
    for index in 0..18_u32 {
        let (angle, fill) = (
            index * 20,
            if index % 3 == 0 {
                light
            } else if index % 3 == 1 {
                base
            } else {
                dark
            },
        );
        leaves.push_str(&format!(
            r#"<path d="M200 92c-22-18-24-40-6-58 20 14 24 36 6 58z" fill="{fill}" transform="rotate({angle} 200 174)"/>"#
        ));
    }
    format!(
        r##"<path d="M200 0v60" stroke="#8a6a48" stroke-width="4"/><circle cx="200" cy="174" r="88" fill="none" stroke="#7a5b3c" stroke-width="9"/>{leaves}<g fill="{second}"><circle cx="142" cy="256" r="15"/><circle cx="170" cy="272" r="18"/><circle cx="204" cy="276" r="15"/><circle cx="116" cy="232" r="11"/></g><g fill="#fff3d8"><circle cx="142" cy="256" r="5"/><circle cx="170" cy="272" r="6"/><circle cx="204" cy="276" r="5"/></g>"##
    )
}

pub(super) fn screen(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, .. } = paint;
    format!(
        r#"{shadow}<rect x="92" y="98" width="216" height="150" rx="12" fill="{deep}"/><rect x="104" y="110" width="192" height="126" rx="4" fill="{light}"/><path d="M104 236l90-126h60l-90 126z" fill="{pale}" opacity=".5"/><path d="M64 292h272l-24-44H88z" fill="{base}"/><path d="M64 292h272v6q0 10-12 10H76q-12 0-12-10z" fill="{dark}"/><path d="M110 262h180M104 274h192" stroke="{dark}" stroke-width="5" stroke-dasharray="12 6"/>"#,
        shadow = shadow(310, 146, paint)
    )
}
