//! Things that make a room.

use super::{Paint, shadow};

pub(super) fn rug(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    let middle = match paint.decoration {
        0 => format!(
            r#"<path d="m200 150 60 50-60 50-60-50z" fill="{pale}"/><path d="m200 174 30 26-30 26-30-26z" fill="{second}"/>"#
        ),
        1 => format!(r#"<path d="M112 152h176v18H112zM112 190h176v18H112zM112 228h176v18H112z" fill="{pale}"/>"#),
        2 => format!(
            r#"<path d="m112 168 22 22 22-22 22 22 22-22 22 22 22-22 22 22 22-22M112 222l22 22 22-22 22 22 22-22 22 22 22-22 22 22 22-22" fill="none" stroke="{pale}" stroke-width="10"/>"#
        ),
        _ => format!(
            r#"<circle cx="200" cy="200" r="52" fill="{second}"/><circle cx="200" cy="200" r="34" fill="{pale}"/><circle cx="200" cy="200" r="15" fill="{base}"/>"#
        ),
    };
    format!(
        r#"{shadow}<g stroke="{pale}" stroke-width="5" stroke-linecap="round"><path d="M78 112H60M78 134H60M78 156H60M78 178H60M78 200H60M78 222H60M78 244H60M78 266H60M78 288H60M322 112h18M322 134h18M322 156h18M322 178h18M322 200h18M322 222h18M322 244h18M322 266h18M322 288h18"/></g><path d="M76 98h248v204H76z" fill="{base}"/><path d="M92 114h216v172H92z" fill="none" stroke="{light}" stroke-width="7"/><path d="M76 98h12v204H76zM312 98h12v204h-12z" fill="{dark}"/>{middle}"#,
        shadow = shadow(305, 140, paint)
    )
}

pub(super) fn mirror(paint: &Paint) -> String {
    let Paint { base, dark, light, second, .. } = paint;
    let frame = match paint.decoration {
        0 => format!(
            r#"<circle cx="200" cy="180" r="116" fill="{base}"/><circle cx="200" cy="180" r="116" fill="none" stroke="{light}" stroke-width="6" stroke-dasharray="14 8"/>"#
        ),
        1 => {
            let mut rays = String::new();
            for index in 0..24_u32 {
                let length = if index.is_multiple_of(2) { 128 } else { 108 };
                let angle = index * 15;
                rays.push_str(&format!(r#"<path d="M200 180v-{length}" transform="rotate({angle} 200 180)"/>"#));
            }
            format!(
                r#"<g stroke="{base}" stroke-width="11" stroke-linecap="round">{rays}</g><circle cx="200" cy="180" r="88" fill="{dark}"/>"#
            )
        }
        2 => format!(r#"<path d="M96 300V168a104 104 0 0 1 208 0v132z" fill="{base}"/>"#),
        _ => format!(
            r#"<path d="M200 46v30" stroke="{second}" stroke-width="9"/><circle cx="200" cy="184" r="112" fill="{dark}"/><circle cx="200" cy="180" r="110" fill="{base}"/>"#
        ),
    };
    let glass = if paint.decoration == 2 {
        r##"<path d="M116 286V170a84 84 0 0 1 168 0v116z" fill="#cfdfe2"/><path d="M136 286 232 104l34 14-90 168z" fill="#eef5f5" opacity=".8"/>"##
    } else {
        r##"<circle cx="200" cy="180" r="80" fill="#cfdfe2"/><path d="M148 240 222 104l32 18-72 136z" fill="#eef5f5" opacity=".8"/>"##
    };
    format!("{}{frame}{glass}", shadow(306, 100, paint))
}

pub(super) fn stool(paint: &Paint) -> String {
    let Paint { base, dark, light, .. } = paint;
    format!(
        r##"{shadow}<path d="M168 168l-34 146h18l34-146zM232 168l34 146h-18l-34-146z" fill="#8a5f38"/><path d="M112 160l-36 154h20l38-154zM288 160l36 154h-20l-38-154z" fill="#a8784a"/><path d="M96 244h208v13H96z" fill="#8a5f38"/><ellipse cx="200" cy="160" rx="124" ry="30" fill="{dark}"/><ellipse cx="200" cy="150" rx="124" ry="30" fill="{base}"/><ellipse cx="200" cy="148" rx="92" ry="20" fill="none" stroke="{light}" stroke-width="4"/><ellipse cx="200" cy="148" rx="52" ry="11" fill="none" stroke="{light}" stroke-width="4"/>"##,
        shadow = shadow(315, 132, paint)
    )
}

pub(super) fn pendant_lamp(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, .. } = paint;
    let shade = match paint.decoration {
        0 => format!(
            r#"<path d="M92 214a108 104 0 0 1 216 0z" fill="{base}"/><path d="M248 122a108 104 0 0 1 60 92h-56z" fill="{dark}"/><path d="M112 190a92 84 0 0 1 50-58" fill="none" stroke="{light}" stroke-width="7" stroke-linecap="round"/>"#
        ),
        1 => format!(
            r#"<circle cx="200" cy="176" r="82" fill="{pale}"/><g fill="none" stroke="{base}" stroke-width="5"><ellipse cx="200" cy="176" rx="82" ry="20"/><ellipse cx="200" cy="138" rx="70" ry="15"/><ellipse cx="200" cy="214" rx="70" ry="15"/><ellipse cx="200" cy="176" rx="40" ry="82"/><circle cx="200" cy="176" r="82"/></g>"#
        ),
        2 => format!(
            r#"<path d="M166 108h68l62 106H104z" fill="{base}"/><path d="M218 108h16l62 106h-44z" fill="{dark}"/><path d="M140 150h120M122 182h156" stroke="{light}" stroke-width="5"/>"#
        ),
        _ => format!(
            r#"<path d="M120 120h160l16 40-16 54H120l-16-54z" fill="{base}"/><path d="M120 120l30 94M160 120v94M200 120v94M240 120v94M280 120l-30 94" stroke="{light}" stroke-width="4"/><path d="M104 160h192" stroke="{dark}" stroke-width="6"/>"#
        ),
    };
    format!(
        r##"<path d="M200 0v108" stroke="#46382b" stroke-width="5"/><path d="M104 214h192l72 78H32z" fill="#fff0c0" opacity=".5"/><path d="M186 96h28v18h-28z" fill="{deep}"/>{shade}<path d="M176 214h48a24 24 0 0 1-48 0z" fill="#ffe39a"/>"##
    )
}

pub(super) fn garland(paint: &Paint) -> String {
    let Paint { base, dark, second, pale, .. } = paint;
    let colours = [base, second, dark, pale];
    let pieces = [(44, 122), (96, 154), (150, 174), (206, 180), (262, 172), (314, 150), (360, 120)];
    let mut hung = String::new();
    for ((x, y), colour) in pieces.iter().zip(colours.iter().cycle()) {
        hung.push_str(&match paint.decoration {
            0 => format!(r##"<circle cx="{x}" cy="{y}" r="33" fill="#ffe9b0" opacity=".55"/><path d="M{x} {y}m-5-22h10v10h-10z" fill="#46382b"/><circle cx="{x}" cy="{y}" r="15" fill="{colour}"/>"##),
            1 => format!(r#"<path d="M{x} {y}m-24-12h48l-24 62z" fill="{colour}"/>"#),
            2 => format!(r#"<circle cx="{x}" cy="{y}" r="23" fill="{colour}"/>"#),
            _ => format!(r#"<path d="M{x} {y}c-20 8-24 34 0 52 24-18 20-44 0-52z" fill="{colour}"/>"#),
        });
    }
    format!(
        r##"<path d="M0 84q200 190 400 0" fill="none" stroke="#5b4a3a" stroke-width="4"/>{hung}<path d="M0 34q200 60 400 0" fill="none" stroke="#5b4a3a" stroke-width="3" opacity=".5"/>"##
    )
}
