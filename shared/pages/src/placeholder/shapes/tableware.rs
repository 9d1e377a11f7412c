//! Things for the table.

use super::{Paint, shadow};

pub(super) fn bowl(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, second, .. } = paint;
    let decoration = match paint.decoration {
        0 => format!(
            r#"<path d="M84 205c8 22 20 12 32 8s18 30 34 26 14-22 32-20 22 30 38 24 16-28 34-26 28 18 62-12l2-15H82z" fill="{pale}"/>"#
        ),
        1 => format!(r#"<path d="M89 228q111 34 222 0l-7 22q-104 30-208 0z" fill="{second}"/>"#),
        2 => format!(
            r#"<g fill="{pale}"><circle cx="118" cy="236" r="7"/><circle cx="158" cy="250" r="7"/><circle cx="200" cy="255" r="7"/><circle cx="242" cy="250" r="7"/><circle cx="282" cy="236" r="7"/></g>"#
        ),
        _ => format!(
            r#"<g stroke="{light}" stroke-width="5" fill="none"><path d="M88 222q112 32 224 0M95 244q105 28 210 0M108 266q92 22 184 0"/></g>"#
        ),
    };
    format!(
        r#"{shadow}<path d="M162 312h76l6-22h-88z" fill="{dark}"/><path d="M80 190h240c0 74-48 112-120 112S80 264 80 190z" fill="{base}"/>{decoration}<path d="M262 190h58c0 74-48 112-120 112 50-16 66-58 62-112z" fill="{deep}" opacity=".22"/><ellipse cx="200" cy="190" rx="120" ry="27" fill="{light}"/><ellipse cx="200" cy="193" rx="108" ry="21" fill="{deep}"/>"#,
        shadow = shadow(313, 104, paint)
    )
}

pub(super) fn mug(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, second, .. } = paint;
    let decoration = match paint.decoration {
        0 => format!(r#"<path d="M108 236h154v34a40 40 0 0 1-3 15H111a40 40 0 0 1-3-15z" fill="{pale}"/>"#),
        1 => format!(r#"<path d="M108 190h154v16H108zm0 28h154v8H108z" fill="{second}"/>"#),
        2 => format!(
            r#"<path d="M185 262c-30-24-36-36-30-48 6-11 24-10 30 4 6-14 24-15 30-4 6 12 0 24-30 48z" fill="{pale}"/>"#
        ),
        _ => format!(
            r#"<g fill="{light}"><circle cx="134" cy="196" r="4"/><circle cx="170" cy="222" r="5"/><circle cx="214" cy="200" r="4"/><circle cx="236" cy="240" r="5"/><circle cx="150" cy="262" r="4"/><circle cx="198" cy="272" r="5"/></g>"#
        ),
    };
    format!(
        r#"{shadow}<path d="M258 184h22a38 38 0 0 1 0 84h-22" fill="none" stroke="{dark}" stroke-width="19"/><path d="M108 158h154v112a40 40 0 0 1-40 40h-74a40 40 0 0 1-40-40z" fill="{base}"/>{decoration}<path d="M226 158h36v112a40 40 0 0 1-40 40h-24c26-40 30-92 28-152z" fill="{deep}" opacity=".2"/><ellipse cx="185" cy="158" rx="77" ry="17" fill="{light}"/><ellipse cx="185" cy="160" rx="67" ry="12" fill="{deep}"/><g fill="none" stroke="{light}" stroke-width="6" stroke-linecap="round" opacity=".7"><path d="M162 128c-12-16 12-24 0-42M200 122c-12-16 12-24 0-42"/></g>"#,
        shadow = shadow(311, 100, paint)
    )
}

pub(super) fn vase(paint: &Paint) -> String {
    let Paint { base, deep, light, pale, second, .. } = paint;
    let decoration = match paint.decoration {
        0 => format!(r#"<path d="M128 214q72 26 144 0l6 18q-78 28-156 0z" fill="{pale}"/>"#),
        1 => format!(r#"<path d="M124 240q76 26 152 0c6 50-18 72-44 72h-64c-26 0-50-22-44-72z" fill="{light}"/>"#),
        2 => format!(
            r#"<g fill="none" stroke="{pale}" stroke-width="4"><path d="M140 206q60 20 120 0M126 230q74 24 148 0M124 256q76 24 152 0M132 282q68 20 136 0"/></g>"#
        ),
        _ => String::new(),
    };
    format!(
        r##"{shadow}<g fill="none" stroke="#6d7a45" stroke-width="5" stroke-linecap="round"><path d="M196 140C190 100 168 80 150 62M202 140c0-44 4-70 10-98M208 140c8-36 26-52 50-66"/></g><g fill="#7f8f52"><path d="M171 96c-20 2-32-6-38-18 18-4 32 2 38 18zM209 92c14-2 26-12 28-26-16 2-28 12-28 26zM206 66c-14 0-24-8-28-20 16-2 26 6 28 20z"/></g><g fill="{second}"><circle cx="148" cy="58" r="17"/><circle cx="214" cy="38" r="15"/><circle cx="262" cy="70" r="18"/></g><g fill="#f7d98a"><circle cx="148" cy="58" r="6"/><circle cx="214" cy="38" r="5"/><circle cx="262" cy="70" r="6"/></g><path d="M168 134h64c-5 26 4 40 22 62 30 36 34 116-22 116h-64c-56 0-52-80-22-116 18-22 27-36 22-62z" fill="{base}"/>{decoration}<path d="M216 134h16c-5 26 4 40 22 62 30 36 34 116-22 116h-30c44-26 42-84 22-118-12-20-10-42-8-60z" fill="{deep}" opacity=".2"/><ellipse cx="200" cy="134" rx="32" ry="8" fill="{deep}"/>"##,
        shadow = shadow(312, 84, paint)
    )
}

pub(super) fn plate(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    let decoration = match paint.decoration {
        0 => format!(
            r#"<g fill="none" stroke="{second}" stroke-width="9" stroke-dasharray="3 24" stroke-linecap="round"><circle cx="200" cy="188" r="98"/></g>"#
        ),
        1 => format!(
            r#"<path d="M200 126v124M168 152c4 16 14 24 32 28M232 152c-4 16-14 24-32 28M162 192c6 16 18 24 38 28M238 192c-6 16-18 24-38 28" fill="none" stroke="{second}" stroke-width="7" stroke-linecap="round"/>"#
        ),
        2 => format!(
            r#"<circle cx="200" cy="188" r="96" fill="none" stroke="{pale}" stroke-width="10"/><circle cx="200" cy="188" r="50" fill="none" stroke="{pale}" stroke-width="4"/>"#
        ),
        _ => format!(r#"<path d="M112 150a96 96 0 0 1 168-16c-40 20-120 6-168 16z" fill="{pale}"/>"#),
    };
    format!(
        r#"{shadow}<circle cx="206" cy="194" r="118" fill="{dark}" opacity=".5"/><circle cx="200" cy="188" r="118" fill="{base}"/><circle cx="200" cy="188" r="78" fill="{light}"/>{decoration}<path d="M120 300h26l8-26h-22zM254 300h26l-12-26h-22z" fill="{dark}"/>"#,
        shadow = shadow(305, 112, paint)
    )
}

pub(super) fn jar(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, second, .. } = paint;
    format!(
        r##"{shadow}<path d="M122 168q0-22 20-26h116q20 4 20 26v108q0 34-34 34h-88q-34 0-34-34z" fill="{base}"/><path d="M136 172q0-16 12-20v146q-12-6-12-22z" fill="{light}"/><path d="M246 142h12q20 4 20 26v108q0 34-34 34h-22c28-30 30-110 24-168z" fill="{deep}" opacity=".22"/><rect x="140" y="198" width="120" height="74" rx="8" fill="#fbf5e8"/><path d="M156 252h88M170 262h60" stroke="{pale}" stroke-width="5"/><path d="M200 240c-20-16-26-24-21-32 4-7 16-7 21 3 5-10 17-10 21-3 5 8-1 16-21 32z" fill="{dark}"/><path d="M132 104q68-26 136 0l14 42q-14 12-24 0-12 12-24 0-12 12-24 0-10 12-20 0-12 12-24 0-12 12-24 0-12 12-24 0z" fill="{second}"/><path d="M134 118q66-22 132 0" fill="none" stroke="#fbf5e8" stroke-width="5" stroke-dasharray="9 8"/><path d="M128 136q72-22 144 0" fill="none" stroke="{deep}" stroke-width="5"/>"##,
        shadow = shadow(311, 94, paint)
    )
}

pub(super) fn board(paint: &Paint) -> String {
    let Paint { base, dark, light, .. } = paint;
    format!(
        r##"{shadow}<path d="M120 96q0-24 24-24h42q0-34 14-34t14 34h42q24 0 24 24v186q0 24-24 24H144q-24 0-24-24z" fill="{base}"/><circle cx="200" cy="58" r="6" fill="{dark}"/><g fill="none" stroke="{dark}" stroke-width="3" opacity=".55"><path d="M146 92q18 90 2 196M178 90q14 100 0 200M214 90q-12 96 4 198M246 94q-14 80 4 190"/></g><path d="M132 100q0-16 14-16v210q-14 0-14-16z" fill="{light}" opacity=".6"/><g transform="rotate(24 290 210)"><rect x="283" y="170" width="13" height="130" rx="6" fill="#a06f42"/><ellipse cx="290" cy="146" rx="24" ry="36" fill="#a06f42"/><ellipse cx="288" cy="148" rx="15" ry="25" fill="#8a5c33"/></g>"##,
        shadow = shadow(307, 118, paint)
    )
}
