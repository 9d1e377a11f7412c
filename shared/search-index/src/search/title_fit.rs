//! How well a title as a whole fits a query: what its words are, in which order, and how like the other hits it is.

use foldhash::{HashMap, HashMapExt as _};
use tantivy::Score;

use crate::analysis::stem_number;

/// What it adds when all neighbours in the query are neighbours in the title.
const CLOSE: Score = 0.4;
/// What the same is worth in the other order.
const BACKWARDS: Score = 0.2;
/// What beginning with something asked for adds.
const EARLY: Score = 0.05;
/// What a word adds that all of the best hits have, for each e-fold that the others have it less.
const ALIKE: Score = 0.03;
/// What the words of a title say on average, where likeness is what counts most.
const ALIKE_ON_AVERAGE: Score = 4.0;
/// How many hits count as the best: two pages.
pub(super) const BEST: usize = 48;
/// So far behind the first hit, one says half as much of what is meant.
const HALF_TELLING: Score = 2.0;

/// The stems by which titles meet the units of a query.
#[derive(Debug, Default)]
pub(super) struct UnitStems {
    /// Which unit a stem meets.
    stems: HashMap<u64, usize>,
    units: usize,
}

impl UnitStems {
    /// Notes that a title with this stem meets a unit. A stem of two units is the first one's.
    pub fn note(&mut self, stem: &str, unit: usize) {
        self.units = self.units.max(unit + 1);
        self.stems.entry(stem_number(stem)).or_insert(unit);
    }

    /// How well the title as a whole fits the query.
    pub fn fit(&self, title: &[u64]) -> Score {
        let met: Vec<Option<usize>> = title.iter().map(|stem| self.stems.get(stem).copied()).collect();
        let early = met.iter().position(Option::is_some).map_or(0.0, |place| 1.0 / count(place + 1));
        let pairs = self.units.saturating_sub(1);
        let close: Score = (0..pairs).map(|unit| closeness(&met, unit)).sum();
        EARLY * early + CLOSE * close / count(pairs.max(1))
    }

    /// What sets the titles of the best hits apart from the rest, the words of the query aside.
    pub fn likeness(&self, titles: &[Vec<u64>]) -> Likeness {
        let mut words: HashMap<u64, (Score, usize)> = HashMap::new();
        let mut all_telling = 0.0;
        for (place, title) in titles.iter().enumerate() {
            let telling = if place < BEST { 1.0 / (1.0 + count(place) / HALF_TELLING) } else { 0.0 };
            all_telling += telling;
            for stem in distinct(title).filter(|stem| !self.stems.contains_key(stem)) {
                if place < BEST {
                    let (in_best, listings) = words.entry(stem).or_default();
                    *in_best += telling;
                    *listings += 1;
                } else if let Some((_, listings)) = words.get_mut(&stem) {
                    *listings += 1;
                }
            }
        }
        let gain = |(in_best, listings): (Score, usize)| {
            let (in_best, in_all) = (in_best / all_telling, count(listings) / count(titles.len()));
            in_best * (in_best / in_all).ln().max(0.0)
        };
        Likeness(words.into_iter().map(|(stem, found)| (stem, gain(found))).collect())
    }
}

/// What each word says for being like the best hits.
pub(super) struct Likeness(HashMap<u64, Score>);

impl Likeness {
    /// What it adds to a title.
    pub fn of(&self, title: &[u64]) -> Score {
        ALIKE * self.sum(title)
    }

    /// What it adds to a title where likeness is what counts most; a long title may not gather it word by word.
    pub fn on_average(&self, title: &[u64]) -> Score {
        ALIKE_ON_AVERAGE * self.sum(title) / count(title.len().max(1))
    }

    fn sum(&self, title: &[u64]) -> Score {
        distinct(title).filter_map(|stem| self.0.get(&stem)).sum()
    }
}

/// How close a unit and the next one stand in a title: 1 for neighbours, a half with a word between them, and so on.
fn closeness(met: &[Option<usize>], unit: usize) -> Score {
    let places_of =
        |unit: usize| met.iter().enumerate().filter(move |(_, met)| **met == Some(unit)).map(|(place, _)| place);
    let mut closest: Score = 0.0;
    for one in places_of(unit) {
        for next in places_of(unit + 1) {
            let order = if one < next { 1.0 } else { BACKWARDS };
            closest = closest.max(order / count(one.abs_diff(next)));
        }
    }
    closest
}

/// The words of a title, each once.
fn distinct(title: &[u64]) -> impl Iterator<Item = u64> {
    title.iter().enumerate().filter(|(place, stem)| !title[..*place].contains(stem)).map(|(_, stem)| *stem)
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
const fn count(number: usize) -> Score {
    number as Score
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(title: &str) -> Vec<u64> {
        title.split(' ').map(stem_number).collect()
    }

    fn asked(words: &str) -> UnitStems {
        let mut asked = UnitStems::default();
        words.split(' ').enumerate().for_each(|(unit, word)| asked.note(word, unit));
        asked
    }

    #[test]
    fn neighbours_in_order_fit_best() {
        let asked = asked("light bulb");
        let fit = |title: &str| asked.fit(&stems(title));
        let titles = ["light bulb", "light blue bulb", "light x x x x bulb", "bulb x x x x x light", "lamp"];
        assert!(titles.is_sorted_by(|one, other| fit(one) > fit(other)), "{:?}", titles.map(fit));
        assert!(fit("light bulb") > fit("led light bulb"), "the one that begins with it comes first");
    }

    #[test]
    fn words_that_the_best_hits_share_count() {
        let asked = asked("laptop");
        let mut titles = vec![stems("laptop notebook black"); BEST];
        titles.extend(vec![stems("laptop lock black"); BEST]);
        let likeness = asked.likeness(&titles);
        assert!(likeness.of(&stems("notebook")) > ALIKE / 2.0);
        assert!(likeness.of(&stems("lock")) < f32::EPSILON, "only the others have it");
        assert!(likeness.of(&stems("black")) < f32::EPSILON, "all have it");
        assert!(likeness.of(&stems("laptop")) < f32::EPSILON, "it was asked for");
    }

    #[test]
    fn a_stem_belongs_to_the_unit_that_had_it_first() {
        let mut asked = UnitStems::default();
        asked.note("card", 0);
        asked.note("card", 1);
        assert_eq!((asked.stems[&stem_number("card")], asked.units), (0, 2));
    }
}
