//! Instances over time.
//!
//! The whole fleet stands some time before air time, large enough for the peak: instances start within seconds, but a rush
//! of minutes leaves no time to find out that they do not. After the peak it follows the curve down in steps, never below what
//! the next minutes ask for.

use serde::{Deserialize, Serialize};

use super::usl::{Fit, fit};
use crate::arrivals::stepped::Step;
use crate::event::{Event, PageClass};

/// A prediction for more than so many times what was measured is a guess.
const FARTHEST: f64 = 3.0;
/// A law that explains less of the scatter is no law.
const LEAST_R_SQUARED: f64 = 0.9;
/// An interval wider than this share of its number on either side is wide.
const WIDEST: f64 = 0.25;
/// At least so many of each, so that one may be lost with its zone.
const LEAST_INSTANCES: u32 = 2;
/// The minutes in which the curve is looked at.
const MINUTE: f64 = 1.0;

/// A stepped run of one instance, as `step` wrote it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Measured {
    /// The service: `listing`, `search` or `order`.
    pub service: String,
    /// Processors and memory of a task like the one measured.
    pub vcpu: f64,
    /// See `vcpu`.
    pub memory_gb: f64,
    /// The machine that it was measured on.
    pub machine: String,
    /// Right answers were at most so large on average, in bytes.
    #[serde(default)]
    pub bytes_each: f64,
    /// The steps, the smallest first.
    pub steps: Vec<Step>,
}

/// All services.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fleet {
    /// One after the other.
    pub services: Vec<ServicePlan>,
    /// From which minute on it stands.
    pub begins: f64,
    /// Until which minute.
    pub ends: f64,
}

/// One service.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ServicePlan {
    /// Which.
    pub service: String,
    /// Requests a second at the peak, margin included.
    pub peak_per_second: f64,
    /// What one instance is asked for at most, in requests a second.
    pub each_per_second: f64,
    /// Why that much.
    pub because: String,
    /// The steps that were measured: at once, right answers a second, milliseconds.
    pub measured: Vec<(u32, f64, f64)>,
    /// The law through them, where there is one.
    pub fit: Option<Fit>,
    /// How many, from when on.
    pub steps: Vec<StaffedFrom>,
    /// Processors and memory of each.
    pub vcpu: f64,
    /// See `vcpu`.
    pub memory_gb: f64,
}

/// So many instances from a minute on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StaffedFrom {
    /// The minute from air time.
    pub minute: f64,
    /// How many.
    pub instances: u32,
}

impl ServicePlan {
    /// The most instances.
    pub fn most(&self) -> u32 {
        self.steps.iter().map(|step| step.instances).max().unwrap_or_default()
    }

    /// Instances times hours, until `ends`.
    pub fn instance_hours(&self, ends: f64) -> f64 {
        let nexts = self.steps.iter().skip(1).map(|step| step.minute).chain([ends]);
        let hours = |(step, next): (&StaffedFrom, f64)| f64::from(step.instances) * (next - step.minute) / 60.0;
        self.steps.iter().zip(nexts).map(hours).sum()
    }
}

/// Draws up the fleet, and says what its data do not carry.
pub fn draw_up(event: &Event, measured: &[Measured], warnings: &mut Vec<String>) -> Fleet {
    let preparation = event.preparation;
    let (begins, ends) = (-preparation.minutes_before, event.curve.ends());
    let mut services = Vec::new();
    for run in measured {
        let share = share_of(event, &run.service);
        if share <= 0.0 {
            warnings.push(format!("Nobody asks {} for anything in this event; it is left out.", run.service));
            continue;
        }
        let peak_per_second = event.curve.peak().1 / 60.0 * share * preparation.margin;
        let (each, because, fit) = capacity(event, run, warnings);
        let steps = staff(event, share / each, (begins, ends));
        let most = steps.iter().map(|step| step.instances).max().unwrap_or_default();
        if f64::from(most) > FARTHEST {
            warnings.push(format!(
                "{}: {most} instances are planned from one that was measured. Its own figures hold as long as instances share \
                 nothing that fills up; the database, the caches and the load balancer are sized by themselves. Rehearse the \
                 event against a third of the fleet before you rely on it.",
                run.service
            ));
        }
        services.push(ServicePlan {
            service: run.service.clone(),
            peak_per_second,
            each_per_second: each,
            because,
            measured: run.steps.iter().map(|step| (step.at_once, step.mean(), step.p99_ms)).collect(),
            fit,
            steps,
            vcpu: run.vcpu,
            memory_gb: run.memory_gb,
        });
    }
    let has = |name: &str| services.iter().any(|service: &ServicePlan| service.service == name);
    if has("order") && !has("order-worker") {
        services.push(order_workers(event, begins));
    }
    Fleet { services, begins, ends }
}

/// One leads and places all orders in batches, the other takes over when it must: more of them would only wait.
fn order_workers(event: &Event, begins: f64) -> ServicePlan {
    let peak_per_second = event.curve.peak().1 / 60.0 * share_of(event, "order-worker") * event.preparation.margin;
    ServicePlan {
        service: "order-worker".to_owned(),
        peak_per_second,
        each_per_second: peak_per_second,
        because: "one leads and places all orders in batches, the other takes over within seconds".to_owned(),
        measured: Vec::new(),
        fit: None,
        steps: vec![StaffedFrom { minute: begins, instances: LEAST_INSTANCES }],
        vcpu: 1.0,
        memory_gb: 2.0,
    }
}

/// Which share of page views a service answers.
pub(super) fn share_of(event: &Event, service: &str) -> f64 {
    let share = |class| event.mix.share(class);
    match service {
        "listing" => share(PageClass::Home) + share(PageClass::Category) + share(PageClass::Listing),
        "search" => share(PageClass::Search),
        // Whoever orders also looks at the basket, the checkout and what became of the order.
        "order" => share(PageClass::Order) * 4.0,
        "order-worker" => share(PageClass::Order),
        _ => 0.0,
    }
}

/// The strictest promise for the pages of a service, in milliseconds.
fn promised_ms(event: &Event, service: &str) -> Option<f64> {
    let classes: &[PageClass] = match service {
        "listing" => &[PageClass::Home, PageClass::Category, PageClass::Listing],
        "search" => &[PageClass::Search],
        _ => &[PageClass::Order],
    };
    let promised = classes.iter().filter_map(|class| event.promises.get(class));
    promised.map(|promise| promise.p99.as_secs_f64() * 1_000.0).reduce(f64::min)
}

/// What one instance is asked for at most, why, and the law behind it.
fn capacity(event: &Event, run: &Measured, warnings: &mut Vec<String>) -> (f64, String, Option<Fit>) {
    let promised = promised_ms(event, &run.service);
    let is_good = |step: &&Step| step.failed_share <= 0.001 && promised.is_none_or(|promised| step.p99_ms <= promised);
    let good = run.steps.iter().filter(is_good).map(Step::mean).fold(0.0, f64::max);
    if good == 0.0 {
        warnings.push(format!("{}: no step kept its promises; what is planned for it is a guess.", run.service));
    }
    let utilisation = event.preparation.utilisation;
    let seen = if good > 0.0 { good } else { run.steps.iter().map(Step::mean).fold(0.0, f64::max) }.max(1.0);
    let law = match fit(&run.steps) {
        Ok(law) => law,
        Err(error) => {
            warnings.push(format!("{}: no law of scalability: {error}. The best step is taken as it is.", run.service));
            let because = format!("{utilisation} of the best step that kept its promises ({seen:.0}/s)");
            return (seen * utilisation, because, None);
        }
    };
    judge_fit(run, &law, warnings);
    // Not more than was seen, nor than the law is sure of.
    let sure = law.most.low.min(seen);
    let because = format!(
        "{utilisation} of {sure:.0}/s: the best step that kept its promises did {seen:.0}/s, the law is sure of {:.0}/s",
        law.most.low
    );
    (sure * utilisation, because, Some(law))
}

fn judge_fit(run: &Measured, law: &Fit, warnings: &mut Vec<String>) {
    let service = &run.service;
    if law.r_squared < LEAST_R_SQUARED {
        warnings.push(format!(
            "{service}: the law explains only {:.0} % of what the steps scatter. Its figures do not support a prediction: measure \
             again, longer, on a machine that does nothing else.",
            law.r_squared.max(0.0) * 100.0
        ));
    }
    let widest = (law.most.high - law.most.value).max(law.most.value - law.most.low) / law.most.value.max(1e-9);
    if widest > WIDEST {
        warnings.push(format!(
            "{service}: what an instance can do lies between {:.0} and {:.0} a second, which is a wide guess: measure longer.",
            law.most.low, law.most.high
        ));
    }
    let measured = run.steps.iter().map(|step| f64::from(step.at_once)).fold(1.0, f64::max);
    let top = if law.kappa > 0.0 { ((1.0 - law.sigma).max(0.0) / law.kappa).sqrt() } else { f64::INFINITY };
    if top.is_finite() && top > FARTHEST * measured {
        warnings.push(format!(
            "{service}: the law puts its top at {top:.0} at once, more than {FARTHEST} times what was measured ({measured:.0}); the \
             plan goes no farther than what was measured."
        ));
    }
}

/// Instances by time: the peak from the beginning on, and down again after it.
fn staff(event: &Event, instances_per_page_view_second: f64, (begins, ends): (f64, f64)) -> Vec<StaffedFrom> {
    let preparation = event.preparation;
    let (curve, hold) = (&event.curve, preparation.step_minutes);
    let needed = |from: f64| {
        let page_views = curve.highest_between(from, ends) / 60.0 * preparation.margin;
        whole(page_views * instances_per_page_view_second).max(LEAST_INSTANCES)
    };
    let mut steps = vec![StaffedFrom { minute: begins, instances: needed(begins.max(curve.begins())) }];
    let mut minute = begins.max(curve.begins());
    while minute < ends {
        let (last, now) = (steps[steps.len() - 1], needed(minute));
        if now < last.instances && minute - last.minute >= hold {
            steps.push(StaffedFrom { minute, instances: now });
        }
        minute += MINUTE;
    }
    steps
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of instances")]
fn whole(instances: f64) -> u32 {
    instances.ceil().clamp(0.0, 100_000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(points: &str) -> Event {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("event.toml");
        let text = format!(
            "name = \"A show\"\nair = 2027-01-10T21:05:00\ntime_zone = \"Europe/Paris\"\n\
             [crowd]\nunit = \"page_views_per_minute\"\npoints = {points}\n\
             [mix]\nhome = 0\ncategory = 0\nlisting = 0.8\nsearch = 0.2\nfeatured = 0.5\n\
             [promises.listing]\np99_ms = 100\nmax_failed = 0.001\n\
             [plan]\nmargin = 1.0\nutilisation = 0.5\nminutes_before = 30\nstep_minutes = 15\n"
        );
        std::fs::write(&path, text).expect("a file");
        Event::read(&path).unwrap_or_else(|error| panic!("{error}"))
    }

    /// An instance that does exactly 1,000 a second however many ask, the last step too slowly.
    fn measured() -> Measured {
        let step = |at_once: u32| Step {
            at_once,
            per_second: vec![1_000.0; 4],
            p99_ms: f64::from(at_once) * 2.0,
            failed_share: 0.0,
        };
        Measured {
            service: "listing".to_owned(),
            vcpu: 1.0,
            memory_gb: 2.0,
            machine: String::new(),
            bytes_each: 6_000.0,
            steps: [1, 2, 4, 8, 16, 32, 64].map(step).to_vec(),
        }
    }

    #[test]
    fn the_fleet_stands_before_the_show_and_follows_it_down() {
        // 4,000 page views a second at the peak, four fifths of them listings, 500 a second each.
        let event = event("[[-30, 6000], [0, 6000], [5, 240000], [65, 60000], [125, 6000]]");
        let mut warnings = Vec::new();
        let fleet = draw_up(&event, &[measured()], &mut warnings);
        let listing = &fleet.services[0];
        assert_eq!(listing.steps[0], StaffedFrom { minute: -30.0, instances: 7 });
        assert!(
            listing
                .steps
                .windows(2)
                .all(|pair| { pair[1].instances < pair[0].instances && pair[1].minute - pair[0].minute >= 15.0 })
        );
        // At any minute there are enough for whatever comes until the end.
        for step in -30..=125 {
            let minute = f64::from(step);
            let there = listing.steps.iter().rev().find(|step| step.minute <= minute).expect("somebody").instances;
            let asked = event.curve.at(minute) / 60.0 * 0.8;
            assert!(f64::from(there) * 500.0 >= asked, "{there} at {minute} for {asked}");
        }
        assert_eq!(listing.steps.last().map(|step| step.instances), Some(LEAST_INSTANCES));
        assert!(warnings.iter().any(|warning| warning.contains("7 instances are planned from one")), "{warnings:?}");
    }

    #[test]
    fn a_second_peak_finds_the_fleet_standing() {
        let event = event("[[0, 6000], [5, 240000], [35, 30000], [120, 30000], [125, 180000], [155, 6000]]");
        let fleet = draw_up(&event, &[measured()], &mut Vec::new());
        let steps = &fleet.services[0].steps;
        let at = |minute: f64| steps.iter().rev().find(|step| step.minute <= minute).map(|step| step.instances);
        assert_eq!((at(60.0), at(124.0)), (Some(5), Some(5)), "{steps:?}");
    }

    #[test]
    fn data_that_carry_nothing_are_told() {
        let event = event("[[0, 6000], [5, 24000], [35, 3000]]");
        let told = |measured: Measured| {
            let mut warnings = Vec::new();
            draw_up(&event, &[measured], &mut warnings);
            warnings.join("\n")
        };
        let few = Measured { steps: measured().steps[..3].to_vec(), ..measured() };
        assert!(told(few).contains("no law of scalability: fewer than 4 steps"));
        let mut wild = measured();
        for (place, step) in wild.steps.iter_mut().enumerate() {
            step.per_second = if place % 2 == 0 { vec![100.0, 900.0] } else { vec![2_000.0, 400.0] };
        }
        assert!(told(wild).contains("do not support a prediction"));
        let mut slow = measured();
        slow.steps.iter_mut().for_each(|step| step.p99_ms = 500.0);
        assert!(told(slow).contains("no step kept its promises"));
    }
}
