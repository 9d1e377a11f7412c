//! How many pages are looked at, minute by minute: straight lines between points.
//!
//! The area under the curve is what the driver walks along: the arrival number n is due where n page views lie before it,
//! so a curve of any steepness is followed exactly, without steps.

/// Page views per minute over minutes from air time.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    points: Vec<Point>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    minute: f64,
    per_minute: f64,
    /// Page views before this point.
    before: f64,
}

impl Curve {
    /// Through these points (minute, page views per minute); none unless there are two at least, their minutes rise, and no
    /// number is negative or endless.
    pub fn through(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        let mut curve = Self { points: Vec::new() };
        for (minute, per_minute) in points {
            let before = match curve.points.last() {
                None => 0.0,
                Some(last) if minute > last.minute => last.before + area(*last, minute, per_minute),
                Some(_) => return None,
            };
            if !minute.is_finite() || !per_minute.is_finite() || per_minute < 0.0 {
                return None;
            }
            curve.points.push(Point { minute, per_minute, before });
        }
        (curve.points.len() >= 2).then_some(curve)
    }

    /// The first minute.
    pub fn begins(&self) -> f64 {
        self.points[0].minute
    }

    /// The last minute.
    pub fn ends(&self) -> f64 {
        self.points[self.points.len() - 1].minute
    }

    /// Page views per minute at a minute; none before the first and after the last.
    pub fn at(&self, minute: f64) -> f64 {
        let next = self.points.partition_point(|point| point.minute <= minute);
        match (next.checked_sub(1).map(|place| self.points[place]), self.points.get(next)) {
            (Some(from), Some(to)) => {
                let share = (minute - from.minute) / (to.minute - from.minute);
                from.per_minute + share * (to.per_minute - from.per_minute)
            }
            (Some(last), None) if minute <= last.minute => last.per_minute,
            _ => 0.0,
        }
    }

    /// The part between two minutes; none when nothing of the curve lies there.
    pub fn between(&self, from: f64, until: f64) -> Option<Self> {
        let (from, until) = (from.max(self.begins()), until.min(self.ends()));
        let inside = self.points.iter().filter(|point| point.minute > from && point.minute < until);
        let points = std::iter::once((from, self.at(from)))
            .chain(inside.map(|point| (point.minute, point.per_minute)))
            .chain(std::iter::once((until, self.at(until))));
        Self::through(points)
    }

    /// The highest value between two minutes, ends included.
    pub fn highest_between(&self, from: f64, until: f64) -> f64 {
        let inside = self.points.iter().filter(|point| point.minute > from && point.minute < until);
        inside.map(|point| point.per_minute).fold(self.at(from).max(self.at(until)), f64::max)
    }

    /// The points that the lines run through: minute, page views per minute.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.points.iter().map(|point| (point.minute, point.per_minute))
    }

    /// The highest point, the first of several: its minute, and page views per minute there.
    pub fn peak(&self) -> (f64, f64) {
        // Of equals the last is taken.
        let highest = self.points.iter().rev().max_by(|one, other| one.per_minute.total_cmp(&other.per_minute));
        highest.map_or((0.0, 0.0), |point| (point.minute, point.per_minute))
    }

    /// Page views in all.
    pub fn total(&self) -> f64 {
        self.points[self.points.len() - 1].before
    }

    /// The minute before which so many page views lie; none when there are not as many.
    pub fn minute_of(&self, page_views: f64) -> Option<f64> {
        let next = self.points.partition_point(|point| point.before <= page_views);
        let (from, to) = (self.points[next.checked_sub(1)?], self.points.get(next)?);
        let slope = (to.per_minute - from.per_minute) / (to.minute - from.minute);
        let rest = page_views - from.before;
        // Of v·x + slope·x²/2 = rest the root that lies in the segment, in the form that loses no digits on flat ones.
        let root = (from.per_minute * from.per_minute + 2.0 * slope * rest).max(0.0).sqrt();
        let past = 2.0 * rest / (from.per_minute + root);
        Some(if past.is_finite() { (from.minute + past).min(to.minute) } else { from.minute })
    }
}

fn area(from: Point, minute: f64, per_minute: f64) -> f64 {
    (from.per_minute + per_minute) / 2.0 * (minute - from.minute)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show() -> Curve {
        Curve::through([(-10.0, 100.0), (0.0, 100.0), (5.0, 1_800.0), (60.0, 200.0)]).expect("a curve")
    }

    #[test]
    fn values_lie_on_straight_lines() {
        let curve = show();
        assert_eq!((curve.begins(), curve.ends(), curve.peak()), (-10.0, 60.0, (5.0, 1_800.0)));
        assert_eq!([curve.at(-10.0), curve.at(2.5), curve.at(60.0)], [100.0, 950.0, 200.0]);
        assert_eq!([curve.at(-11.0), curve.at(61.0)], [0.0, 0.0]);
        assert!((curve.total() - (1_000.0 + 4_750.0 + 55_000.0)).abs() < 1e-6);
    }

    #[test]
    fn a_part_of_a_curve_is_a_curve() {
        let part = show().between(-5.0, 32.5).expect("inside");
        assert_eq!((part.begins(), part.ends(), part.peak()), (-5.0, 32.5, (5.0, 1_800.0)));
        assert_eq!([part.at(-5.0), part.at(2.5), part.at(32.5)], [100.0, 950.0, 1_000.0]);
        assert!(show().between(70.0, 90.0).is_none());
        assert_eq!(show().highest_between(-10.0, 2.5), 950.0);
        assert_eq!(show().highest_between(2.5, 60.0), 1_800.0);
    }

    #[test]
    fn what_is_no_curve_is_refused() {
        assert!(Curve::through([]).is_none());
        assert!(Curve::through([(0.0, 1.0)]).is_none(), "one point has no length");
        assert!(Curve::through([(0.0, 1.0), (0.0, 2.0)]).is_none(), "two values at one moment");
        assert!(Curve::through([(0.0, 1.0), (1.0, -1.0)]).is_none());
        assert!(Curve::through([(0.0, f64::NAN), (1.0, 1.0)]).is_none());
    }

    proptest! {
        #[test]
        fn the_area_leads_back_to_the_minute(
            steps in prop::collection::vec((0.01_f64..30.0, 0.0_f64..50_000.0), 2..12),
            share in 0.0_f64..1.0,
        ) {
            let mut minute = -60.0;
            let points = steps.into_iter().map(|(step, per_minute)| {
                minute += step;
                (minute, per_minute)
            });
            let curve = Curve::through(points).expect("rising minutes");
            prop_assume!(curve.total() > 1.0);
            let wanted = share * curve.total();
            let found = curve.minute_of(wanted).expect("it lies inside");
            // The area before that minute, summed up by the trapezes of the curve itself.
            let fine = 2_000;
            let width = (found - curve.begins()) / f64::from(fine);
            let before: f64 = (0..fine)
                .map(|step| curve.at(curve.begins() + (f64::from(step) + 0.5) * width) * width)
                .sum();
            prop_assert!((before - wanted).abs() <= 1e-2 * curve.total() + 1.0, "{before} {wanted}");
        }
    }
}
