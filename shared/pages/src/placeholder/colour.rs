//! Colours: mixing them, and the names that sellers give them.

use std::fmt;

/// A colour of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub u32);

const WHITE: Colour = Colour(0xff_fd_f8);
const NIGHT: Colour = Colour(0x24_17_10);

impl Colour {
    /// The colour that a seller's words name: the first known word counts.
    pub(super) fn named(words: &str) -> Option<Self> {
        let folded = halles_domain::Slug::from_text(words)?;
        folded
            .as_str()
            .split('-')
            .find_map(|word| NAMES.iter().find(|(names, _)| names.contains(&word)).map(|(_, colour)| Self(*colour)))
    }

    /// So many hundredths lighter.
    pub(super) fn lighter(self, percent: u32) -> Self {
        self.mixed(WHITE, percent)
    }

    /// So many hundredths darker.
    pub(super) fn darker(self, percent: u32) -> Self {
        self.mixed(NIGHT, percent)
    }

    fn mixed(self, other: Self, percent: u32) -> Self {
        let channel = |shift: u32| {
            let (from, to) = ((self.0 >> shift) & 0xff, (other.0 >> shift) & 0xff);
            ((from * (100 - percent) + to * percent) / 100) << shift
        };
        Self(channel(16) | channel(8) | channel(0))
    }

    /// How bright it looks, of 255.
    pub(super) const fn brightness(self) -> u32 {
        (((self.0 >> 16) & 0xff) * 30 + ((self.0 >> 8) & 0xff) * 59 + (self.0 & 0xff) * 11) / 100
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:06x}", self.0)
    }
}

/// French and English names, folded to plain letters.
const NAMES: [(&[&str], u32); 34] = [
    (&["rouge", "red", "vermillon", "cerise"], 0xb5_37_2c),
    (&["bordeaux", "burgundy", "grenat", "lie"], 0x7a_23_38),
    (&["rose", "pink", "poudre"], 0xd9_8a_95),
    (&["corail", "coral", "saumon", "peche"], 0xe0_82_68),
    (&["orange", "abricot"], 0xd9_77_2b),
    (&["terracotta", "brique", "rouille", "rust"], 0xb8_56_2f),
    (&["jaune", "yellow", "citron", "curry"], 0xdc_b2_36),
    (&["moutarde", "mustard", "ocre", "ochre", "safran", "miel", "honey", "ambre", "amber"], 0xc0_8a_22),
    (&["vert", "verte", "green", "foret"], 0x5d_80_47),
    (&["sauge", "sage", "amande", "tilleul"], 0x93_a5_84),
    (&["olive", "kaki", "khaki", "mousse"], 0x77_7a_3c),
    (&["emeraude", "emerald", "sapin"], 0x2f_6e_54),
    (&["menthe", "mint", "celadon", "jade"], 0x8f_bf_a8),
    (&["turquoise", "lagon"], 0x3d_9b_9a),
    (&["canard", "teal", "petrole"], 0x2a_62_6c),
    (&["bleu", "bleue", "blue", "cobalt"], 0x3f_67_9e),
    (&["marine", "navy", "nuit"], 0x2a_3b_60),
    (&["ciel", "sky"], 0x94_b9_d4),
    (&["indigo"], 0x41_48_86),
    (&["violet", "violette", "purple", "aubergine"], 0x6a_47_85),
    (&["mauve", "lilas", "lilac", "lavande", "lavender", "parme"], 0xa8_90_bd),
    (&["prune", "plum"], 0x74_3f_60),
    (&["marron", "brun", "brune", "brown", "noyer", "walnut", "tabac"], 0x7a_52_33),
    (&["camel", "cognac", "caramel", "fauve", "tan"], 0xb0_74_3c),
    (&["chocolat", "chocolate", "cacao"], 0x57_39_28),
    (&["beige", "sable", "sand", "lin", "taupe", "nude"], 0xcd_b4_90),
    (&["naturel", "naturelle", "natural", "bois", "chene", "oak", "hetre", "osier"], 0xc9_a2_74),
    (&["creme", "cream", "ivoire", "ivory", "ecru", "vanille"], 0xee_e0_c4),
    (&["blanc", "blanche", "white", "neige"], 0xf3_ed_e2),
    (&["gris", "grise", "grey", "gray", "perle"], 0x91_90_8c),
    (&["anthracite", "ardoise", "charcoal", "slate"], 0x48_4a_50),
    (&["noir", "noire", "black"], 0x33_2f_30),
    (&["or", "dore", "doree", "gold", "golden", "laiton", "brass"], 0xc9_9b_3b),
    (&["argent", "argente", "argentee", "silver", "etain"], 0xb4_b7_bc),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_sellers_call_colours() {
        assert_eq!(Colour::named("Bleu nuit"), Some(Colour(0x3f_67_9e)));
        assert_eq!(Colour::named("crème"), Colour::named("cream"));
        assert_eq!(Colour::named("multicolore"), None);
        assert_eq!(Colour::named(""), None);
    }

    #[test]
    fn mixing_stays_within_the_channels() {
        assert_eq!(Colour(0).lighter(100), WHITE);
        assert_eq!(Colour(0xff_ff_ff).darker(0), Colour(0xff_ff_ff));
        assert_eq!(Colour(0x0a_0b_0c).to_string(), "#0a0b0c");
    }
}
