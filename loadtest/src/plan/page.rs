//! The plan as a page, and as a part of a report.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Plan, ServicePlan};
use crate::report::{Axis, Plot, Series, Shape};
use crate::verdict::share;

/// A page of its own.
pub fn page(plan: &Plan) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Plan: " (plan.event) }
                style { (PreEscaped(include_str!("../report/style.css"))) }
            }
            body.plan {
                header {
                    p.kicker { "Plan · on the air " (plan.air.strftime("%A %-d %B %Y at %H:%M (%Z)")) }
                    h1 { (plan.event) }
                    dl.tiles {
                        div { dd { (format!("{:.0} €", plan.costs.evening)) } dt { "for the evening" } }
                        div { dd { (format!("{:.2} €", plan.costs.most_per_hour)) } dt { "an hour at the most" } }
                        @for service in &plan.fleet.services {
                            div { dd { (service.most()) } dt { (service.service) " at the peak" } }
                        }
                        div { dd { (plan.sizes.capacity_units) } dt { "capacity units to reserve a day before" } }
                    }
                }
                main { (section(plan)) }
            }
        }
    }
}

/// The part of a report.
pub fn section(plan: &Plan) -> Markup {
    html! {
        section #plan {
            h2 { "The fleet" }
            p.lead {
                "For " (plan.margin) " times the expected crowd. Prices of " (plan.costs.prices) "."
                @if let Some(budget) = plan.costs.budget { " It may cost " (format!("{budget:.0} €")) "." }
            }
            @for warning in &plan.warnings { p.warning { (warning) } }
            (over_time(plan))
            @for service in &plan.fleet.services { (one(service)) }
            h3 { "What they share" }
            div.scroll { table.promises {
                thead { tr { th { "" } th { "size" } th { "why" } th { "€ an hour" } } }
                tbody { @for size in &plan.sizes.all {
                    tr { th scope="row" { (size.what) } td { (size.size) } td { (size.because) } td { (format!("{:.2}", size.euros_per_hour)) } }
                } }
            } }
            h3 { "What the evening costs" }
            table.figures { tbody {
                @for (what, euros) in &plan.costs.parts { tr { th scope="row" { (what) } td { (format!("{euros:.2} €")) } } }
                tr.whole { th scope="row" { "together" } td { (format!("{:.2} €", plan.costs.evening)) } }
            } }
            h3 { "Before anybody comes" }
            p {
                "Nothing is released from " (plan.freeze.0.strftime("%-d %B %H:%M")) " to " (plan.freeze.1.strftime("%-d %B %H:%M UTC"))
                ". Ask each new instance for these pages first: "
                @for (place, path) in plan.warm.iter().enumerate() { @if place > 0 { ", " } code { (path) } } "."
            }
        }
    }
}

fn over_time(plan: &Plan) -> Markup {
    let fleet = &plan.fleet;
    let colours = ["a", "b", "c", "quiet", "ink"];
    let names = ["listing", "search", "order", "order-worker"];
    let series: Vec<Series> = fleet
        .services
        .iter()
        .zip(colours)
        .map(|(service, colour)| {
            let points = service.steps.iter().map(|step| (step.minute, f64::from(step.instances)));
            let last = service.steps.last().map(|step| (fleet.ends, f64::from(step.instances)));
            let name = names.into_iter().find(|name| *name == service.service).unwrap_or("another");
            Series { name, colour, shape: Shape::Steps, points: points.chain(last).collect() }
        })
        .collect();
    let most = fleet.services.iter().map(ServicePlan::most).max().unwrap_or_default();
    let steps = [5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0];
    let step = steps.into_iter().find(|step| (fleet.ends - fleet.begins) / step <= 8.0).unwrap_or(480.0);
    let first = (fleet.begins / step).ceil();
    let ticks = (0..12).map(|place| (first + f64::from(place)) * step).take_while(|minute| *minute <= fleet.ends);
    let said = |minute: f64| if minute == 0.0 { "on air".to_owned() } else { format!("{minute:+}′") };
    Plot {
        title: "Instances".to_owned(),
        unit: "of each service, by the minute of the show",
        x: Axis::between((fleet.begins, fleet.ends), ticks.map(|minute| (minute, said(minute))).collect()),
        y: Axis::up_to(f64::from(most)),
        series,
        bands: Vec::new(),
        marks: Vec::new(),
        told: Vec::new(),
    }
    .draw()
}

/// A service: what an instance can do, and how many there are.
fn one(service: &ServicePlan) -> Markup {
    html! {
        h3 { (service.service) }
        p {
            strong { (service.most()) " instances" } " of " (service.vcpu) " vCPU and " (service.memory_gb) " GB at the peak, for "
            (format!("{:.0}", service.peak_per_second)) " requests a second at " (format!("{:.0}", service.each_per_second))
            " each: " (service.because) "."
        }
        (law(service))
    }
}

/// The measured steps, the law through them, and how sure it is.
fn law(service: &ServicePlan) -> Markup {
    let Some(fit) = &service.fit else { return html! {} };
    let largest = service.measured.iter().map(|(at_once, ..)| f64::from(*at_once)).fold(1.0, f64::max);
    let most = fit.band.iter().map(|(_, _, high)| *high).chain(service.measured.iter().map(|(_, seen, _)| *seen));
    let across = Axis::up_to(largest);
    let sure = Series {
        name: "95 of 100 draws",
        colour: "b",
        shape: Shape::Between(fit.band.iter().map(|(_, low, _)| *low).collect()),
        points: fit.band.iter().map(|(at_once, _, high)| (*at_once, *high)).collect(),
    };
    let through = Series {
        name: "Universal Scalability Law",
        colour: "b",
        shape: Shape::Line,
        points: fit.band.iter().map(|(at_once, ..)| (*at_once, fit.at(*at_once))).collect(),
    };
    let seen = Series {
        name: "measured",
        colour: "a",
        shape: Shape::Dots,
        points: service.measured.iter().map(|(at_once, seen, _)| (f64::from(*at_once), *seen)).collect(),
    };
    let plot = Plot {
        title: format!("What one {} does", service.service),
        unit: "right answers a second, by how many ask at once",
        x: across,
        y: Axis::up_to(most.fold(0.0, f64::max)),
        series: vec![sure, through, seen],
        bands: Vec::new(),
        marks: Vec::new(),
        told: Vec::new(),
    };
    html! {
        (plot.draw())
        p.note {
            "λ " (format!("{:.0}", fit.lambda)) " a second, σ " (share(fit.sigma)) ", κ " (format!("{:.2e}", fit.kappa))
            "; it explains " (share(fit.r_squared.max(0.0))) " of the scatter. At most "
            (format!("{:.0} a second ({:.0} to {:.0})", fit.most.value, fit.most.low, fit.most.high)) "."
        }
    }
}
