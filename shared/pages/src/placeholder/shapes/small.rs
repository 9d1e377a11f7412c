//! Small things: toys, soap, paper, and the parcel for whatever we have no drawing of.

use super::{Paint, shadow};

pub(super) fn soap(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    let third = second.darker(18);
    let stamp = match paint.decoration {
        0 => format!(r#"<path d="M200 176c18 12 18 36 0 48-18-12-18-36 0-48z" fill="{dark}" opacity=".6"/>"#),
        1 => format!(r#"<circle cx="200" cy="200" r="21" fill="none" stroke="{dark}" stroke-width="5" opacity=".6"/>"#),
        2 => format!(
            r#"<path d="M104 190q48 18 96 0t96 0M104 212q48 18 96 0t96 0" fill="none" stroke="{pale}" stroke-width="7"/>"#
        ),
        _ => format!(
            r#"<g fill="{pale}"><circle cx="140" cy="186" r="4"/><circle cx="176" cy="212" r="5"/><circle cx="226" cy="190" r="4"/><circle cx="262" cy="210" r="5"/><circle cx="200" cy="184" r="3"/></g>"#
        ),
    };
    format!(
        r#"{shadow}<rect x="72" y="236" width="256" height="74" rx="18" fill="{third}"/><rect x="72" y="232" width="256" height="64" rx="18" fill="{second}"/><rect x="94" y="166" width="212" height="72" rx="18" fill="{dark}"/><rect x="94" y="160" width="212" height="68" rx="18" fill="{base}"/>{stamp}<path d="M110 174h120" stroke="{light}" stroke-width="6" stroke-linecap="round"/><g fill="{pale}" opacity=".85"><circle cx="128" cy="128" r="20"/><circle cx="166" cy="104" r="13"/><circle cx="262" cy="120" r="25"/><circle cx="298" cy="86" r="12"/><circle cx="220" cy="78" r="9"/></g><g fill="none" stroke="{light}" stroke-width="3"><path d="M118 124a13 13 0 0 1 9-9M250 114a16 16 0 0 1 11-10"/></g>"#,
        shadow = shadow(311, 138, paint)
    )
}

pub(super) fn rabbit(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    format!(
        r##"{shadow}<path d="M166 132C126 96 130 30 154 28s36 54 36 96zM234 132c40-36 36-102 12-104s-36 54-36 96z" fill="{base}"/><path d="M164 112c-16-28-14-62-6-63s20 36 22 66zM236 112c16-28 14-62 6-63s-20 36-22 66z" fill="{pale}"/><ellipse cx="148" cy="300" rx="34" ry="20" fill="{base}"/><ellipse cx="252" cy="300" rx="34" ry="20" fill="{base}"/><path d="M134 300c0-60 20-96 66-96s66 36 66 96q-66 24-132 0z" fill="{base}"/><ellipse cx="200" cy="268" rx="38" ry="42" fill="{pale}"/><path d="M142 214q58 30 116 0l4 16q-62 32-124 0z" fill="{second}"/><circle cx="200" cy="160" r="64" fill="{base}"/><ellipse cx="200" cy="180" rx="32" ry="24" fill="{pale}"/><g fill="#33261d"><circle cx="174" cy="156" r="7"/><circle cx="226" cy="156" r="7"/></g><path d="M192 170h16l-8 10z" fill="{dark}"/><path d="M200 180v6q-10 10-18 2M200 186q10 10 18 2" fill="none" stroke="#33261d" stroke-width="3" stroke-linecap="round"/><g fill="{light}"><circle cx="152" cy="178" r="10"/><circle cx="248" cy="178" r="10"/></g>"##,
        shadow = shadow(312, 98, paint)
    )
}

pub(super) fn car(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    format!(
        r##"{shadow}<path d="M62 214q0-22 22-24l34-4 34-50q10-14 28-14h76q18 0 26 14l28 46 24 6q22 6 22 28v42q0 16-16 16H78q-16 0-16-16z" fill="{base}"/><path d="M62 240h294v18q0 16-16 16H78q-16 0-16-16z" fill="{dark}"/><path d="M142 186l26-38q6-8 16-8h18v46zM214 140h38q10 0 16 8l22 38h-76z" fill="{pale}"/><circle cx="338" cy="214" r="10" fill="{light}"/><path d="M70 226h278" stroke="{light}" stroke-width="4"/><g fill="#7c5836"><circle cx="128" cy="274" r="37"/><circle cx="288" cy="274" r="37"/></g><g fill="#a97d50"><circle cx="128" cy="274" r="28"/><circle cx="288" cy="274" r="28"/></g><g fill="{second}"><circle cx="128" cy="274" r="11"/><circle cx="288" cy="274" r="11"/></g>"##,
        shadow = shadow(312, 150, paint)
    )
}

pub(super) fn notebook(paint: &Paint) -> String {
    let Paint { base, dark, deep, light, pale, second, .. } = paint;
    let cover = match paint.decoration {
        0 => format!(
            r#"<rect x="156" y="128" width="96" height="52" rx="5" fill="{pale}"/><path d="M168 148h72M168 162h48" stroke="{dark}" stroke-width="4"/>"#
        ),
        1 => format!(
            r#"<g fill="{pale}"><circle cx="160" cy="120" r="9"/><circle cx="204" cy="120" r="9"/><circle cx="182" cy="158" r="9"/><circle cx="226" cy="158" r="9"/><circle cx="160" cy="196" r="9"/><circle cx="204" cy="196" r="9"/><circle cx="182" cy="234" r="9"/><circle cx="226" cy="234" r="9"/></g>"#
        ),
        2 => format!(
            r#"<path d="M140 250q60-80 130-40v66H140z" fill="{light}"/><circle cx="224" cy="136" r="24" fill="{second}"/>"#
        ),
        _ => format!(
            r#"<path d="M204 226v-98M204 152c-8-18-22-24-36-24 2 18 14 28 36 24zM204 180c8-18 22-24 36-24-2 18-14 28-36 24zM204 208c-8-18-22-24-36-24 2 18 14 28 36 24z" fill="{pale}" stroke="{pale}" stroke-width="4"/>"#
        ),
    };
    format!(
        r##"{shadow}<g transform="rotate(-5 200 190)"><rect x="122" y="80" width="172" height="232" rx="8" fill="#fbf5e8"/><path d="M286 86v220M280 86v220" stroke="#dccdb4" stroke-width="2"/><rect x="112" y="72" width="168" height="232" rx="10" fill="{base}"/><path d="M112 82q0-10 10-10h14v232h-14q-10 0-10-10z" fill="{dark}"/>{cover}<rect x="254" y="72" width="9" height="232" fill="{deep}"/></g><g transform="rotate(18 320 250)"><path d="M308 130h18v150l-9 26-9-26z" fill="{second}"/><path d="m308 280 9 26 9-26z" fill="#f0dcb8"/><path d="M308 130h18v14h-18z" fill="{light}"/></g>"##,
        shadow = shadow(309, 118, paint)
    )
}

pub(super) fn parcel(paint: &Paint) -> String {
    let Paint { base, dark, light, second, .. } = paint;
    let ribbon = second.darker(8);
    format!(
        r##"{shadow}<path d="M84 178h232v114q0 18-18 18H102q-18 0-18-18z" fill="#c79a63"/><path d="M246 178h70v114q0 18-18 18h-66c16-40 18-84 14-132z" fill="#a87d49" opacity=".6"/><rect x="72" y="140" width="256" height="46" rx="9" fill="#d7ad77"/><path d="M72 178h256v8H72z" fill="#a87d49" opacity=".5"/><path d="M182 140h36v170h-36z" fill="{base}"/><path d="M208 140h10v170h-10z" fill="{dark}"/><path d="M200 142c-30-60-92-66-98-38s40 44 98 38zM200 142c30-60 92-66 98-38s-40 44-98 38z" fill="{base}"/><path d="M192 136c-22-32-60-42-70-28 4 16 34 26 70 28zM208 136c22-32 60-42 70-28-4 16-34 26-70 28z" fill="{dark}"/><rect x="180" y="122" width="40" height="32" rx="9" fill="{light}"/><g transform="rotate(12 262 232)"><rect x="236" y="210" width="60" height="40" rx="5" fill="#fbf5e8"/><path d="M246 224h40M246 236h26" stroke="{ribbon}" stroke-width="4"/></g>"##,
        shadow = shadow(311, 126, paint)
    )
}

pub(super) fn card(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    let picture = match paint.decoration {
        0 => format!(
            r#"<path d="M200 236v-96M200 168c-8-22-24-30-42-30 2 22 18 34 42 30zM200 196c8-22 24-30 42-30-2 22-18 34-42 30z" fill="{base}" stroke="{base}" stroke-width="5"/>"#
        ),
        1 => format!(
            r#"<circle cx="200" cy="178" r="44" fill="{base}"/><circle cx="200" cy="178" r="26" fill="{pale}"/>"#
        ),
        2 => format!(
            r#"<path d="M200 236c-54-42-64-62-54-82 10-18 42-16 54 8 12-24 44-26 54-8 10 20 0 40-54 82z" fill="{base}"/>"#
        ),
        _ => format!(
            r#"<path d="M146 226a54 54 0 0 1 108 0z" fill="{base}"/><circle cx="232" cy="138" r="15" fill="{second}"/>"#
        ),
    };
    format!(
        r##"{shadow}<g transform="rotate(-7 200 200)"><path d="M76 196h248v112H76z" fill="{dark}"/><rect x="110" y="84" width="180" height="200" rx="5" fill="#fbf6ec"/><rect x="122" y="96" width="156" height="176" rx="3" fill="none" stroke="{light}" stroke-width="3"/>{picture}<path d="m76 196 124 74 124-74v112H76z" fill="{base}"/><path d="m76 308 104-68 20 14 20-14 104 68z" fill="{light}"/><circle cx="200" cy="256" r="17" fill="{second}"/></g>"##,
        shadow = shadow(314, 130, paint)
    )
}

pub(super) fn cubes(paint: &Paint) -> String {
    let Paint { base, dark, light, pale, second, .. } = paint;
    let third = second.lighter(35);
    format!(
        r#"{shadow}<rect x="86" y="212" width="98" height="98" rx="12" fill="{base}"/><path d="M184 224v74q0 12-12 12h-14q20-40 14-98 12 0 12 12z" fill="{dark}" opacity=".5"/><circle cx="135" cy="261" r="25" fill="{pale}"/><rect x="208" y="212" width="98" height="98" rx="12" fill="{second}"/><path d="m257 232 27 50h-54z" fill="{pale}"/><g transform="rotate(-6 196 160)"><rect x="148" y="114" width="96" height="96" rx="12" fill="{third}"/><path d="M196 138l7 16 18 2-13 12 4 18-16-9-16 9 4-18-13-12 18-2z" fill="{dark}"/></g><circle cx="330" cy="286" r="24" fill="{light}"/><path d="M316 274q8-8 18-6" fill="none" stroke="{pale}" stroke-width="5" stroke-linecap="round"/>"#,
        shadow = shadow(311, 138, paint)
    )
}
