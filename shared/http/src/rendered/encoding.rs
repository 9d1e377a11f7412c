//! Which encoding a request likes best.

use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;

/// A form of a body on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

/// No browser names more; what stands behind them is not read.
const MAX_CODINGS: usize = 16;

impl Encoding {
    /// The encoding for an `Accept-Encoding` (RFC 9110, section 12.5.3): the one of ours with the highest weight, on a
    /// tie the smallest form. A request that refuses everything gets the body as it is, rather than an error.
    pub(crate) fn negotiate(accepted: &str, may_be_brotli: bool) -> Self {
        let (mut gzip, mut brotli, mut identity, mut any) = (None, None, None, None);
        for coding in accepted.split(',').take(MAX_CODINGS) {
            let mut parts = coding.split(';');
            let name = parts.next().unwrap_or_default().trim();
            let weight = parts.find_map(|parameter| parse_weight(parameter.trim())).unwrap_or(MAX_WEIGHT);
            let place = match name {
                name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => &mut gzip,
                name if name.eq_ignore_ascii_case("br") => &mut brotli,
                name if name.eq_ignore_ascii_case("identity") => &mut identity,
                "*" => &mut any,
                _ => continue,
            };
            *place = Some(weight);
        }
        let weight_of = |named: Option<u16>| named.or(any).unwrap_or(0);
        let brotli = if may_be_brotli { weight_of(brotli) } else { 0 };
        let gzip = weight_of(gzip);
        // Unless it is named, the plain body is what is left when nothing else will do.
        let identity = identity.unwrap_or(0);
        if brotli > 0 && brotli >= gzip && brotli >= identity {
            Self::Brotli
        } else if gzip > 0 && gzip >= identity {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    pub(crate) fn content_encoding(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Brotli => Some(HeaderValue::from_static("br")),
        }
    }

    /// What tells the tag of this form from those of the others.
    pub(super) const fn tag_ending(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
        }
    }
}

/// Weights are counted in thousandths, for they have at most three decimals.
const MAX_WEIGHT: u16 = 1_000;

/// The weight in `q=0.8`; nothing for another parameter, and a refusal for a weight that makes no sense.
fn parse_weight(parameter: &str) -> Option<u16> {
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?;
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let is_lawful = decimals.len() <= 3 && decimals.bytes().all(|digit| digit.is_ascii_digit());
    let places = [100, 10, 1].into_iter().zip(decimals.bytes());
    match whole {
        "1" => Some(MAX_WEIGHT),
        "0" if is_lawful => Some(places.map(|(worth, digit)| worth * u16::from(digit - b'0')).sum()),
        _ => Some(0),
    }
}

/// Quality 5 makes pages a tenth smaller than gzip does, in twice its time, a tenth of a millisecond; what is above
/// costs more than it saves.
const BROTLI_QUALITY: i32 = 5;

/// Pages are smaller than this window of 256 KiB; a larger one only takes longer to clear.
const BROTLI_WINDOW_BITS: i32 = 18;

/// The body in brotli.
pub(super) fn brotli(body: &[u8]) -> Bytes {
    let parameters = BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW_BITS,
        mode: BrotliEncoderMode::BROTLI_MODE_TEXT,
        size_hint: body.len(),
        ..BrotliEncoderParams::default()
    };
    let mut encoded = Vec::with_capacity(body.len() / 4);
    brotli::BrotliCompress(&mut &body[..], &mut encoded, &parameters).expect("memory can be read and written");
    encoded.shrink_to_fit();
    encoded.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_weight_wins_and_the_smallest_form_on_a_tie() {
        let cases = [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, deflate", Encoding::Gzip),
            ("GZIP;q=0.5, BR;q=0.4", Encoding::Gzip),
            ("gzip;q=0.5, br; Q=0.75", Encoding::Brotli),
            ("br;q=0, gzip;q=0.001", Encoding::Gzip),
            ("br;q=0.000, gzip;q=0", Encoding::Identity),
            ("x-gzip", Encoding::Gzip),
            ("*", Encoding::Brotli),
            ("*;q=0", Encoding::Identity),
            ("br;q=0, *", Encoding::Gzip),
            ("identity", Encoding::Identity),
            ("identity, gzip;q=0.5", Encoding::Identity),
            ("identity;q=0.5, gzip", Encoding::Gzip),
            ("identity;q=0, gzip;q=0", Encoding::Identity),
            ("deflate, zstd", Encoding::Identity),
            ("", Encoding::Identity),
            ("gzip;q=nonsense", Encoding::Identity),
            ("gzip;q=2", Encoding::Identity),
            (",;,gzip", Encoding::Gzip),
        ];
        for (accepted, encoding) in cases {
            assert_eq!(Encoding::negotiate(accepted, true), encoding, "{accepted:?}");
        }
    }

    #[test]
    fn without_brotli_gzip_is_next() {
        assert_eq!(Encoding::negotiate("gzip, br", false), Encoding::Gzip);
        assert_eq!(Encoding::negotiate("br", false), Encoding::Identity);
    }
}
