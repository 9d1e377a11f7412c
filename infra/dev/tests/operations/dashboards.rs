//! The dashboards of `infra/grafana`, read with the types of the schema version that they name: a field that Grafana does not
//! know, or lacks, is an error.
//!
//! The types are schema version 41 (Grafana 11.6), as far as we use it; see Grafana's `dashboard.cue`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::Deserialize;
use serde_json::Value;

use crate::promql::metrics_in;
use crate::rules::in_checkout;

/// The dashboards that there must be.
const BOARDS: [&str; 6] =
    ["halles-on-air", "halles-service", "halles-cache", "halles-orders", "halles-search", "halles-database"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is the check")]
pub struct Dashboard {
    pub uid: String,
    pub title: String,
    description: String,
    tags: Vec<String>,
    timezone: String,
    editable: bool,
    graph_tooltip: u8,
    time: Time,
    refresh: String,
    schema_version: u16,
    version: u32,
    links: Vec<Link>,
    templating: List<Variable>,
    annotations: List<Annotation>,
    pub panels: Vec<Panel>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "reading them is the check")]
struct Time {
    from: String,
    to: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List<T> {
    list: Vec<T>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is the check")]
struct Link {
    title: String,
    #[serde(rename = "type")]
    kind: LinkKind,
    icon: String,
    tooltip: String,
    tags: Vec<String>,
    as_dropdown: bool,
    target_blank: bool,
    include_vars: bool,
    keep_time: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LinkKind {
    Link,
    Dashboards,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variable {
    name: String,
    query: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is the check")]
struct Annotation {
    name: String,
    datasource: Source,
    enable: bool,
    icon_color: String,
    expr: String,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Source {
    #[serde(rename = "type")]
    kind: String,
    uid: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is the check")]
pub struct Panel {
    id: u32,
    #[serde(rename = "type")]
    kind: PanelKind,
    title: String,
    #[serde(default)]
    description: String,
    datasource: Option<Source>,
    grid_pos: Place,
    #[serde(default)]
    targets: Vec<Target>,
    field_config: Option<FieldConfig>,
    options: Option<BTreeMap<String, Value>>,
    collapsed: Option<bool>,
    panels: Option<Vec<Panel>>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum PanelKind {
    Row,
    Stat,
    Timeseries,
    Heatmap,
    Alertlist,
    Text,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    h: u32,
    w: u32,
    x: u32,
    y: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    ref_id: String,
    expr: String,
    datasource: Source,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "reading them is the check")]
struct FieldConfig {
    defaults: Defaults,
    overrides: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is the check")]
struct Defaults {
    unit: Option<String>,
    decimals: Option<u32>,
    min: Option<f64>,
    max: Option<f64>,
    no_value: Option<String>,
    color: Option<Color>,
    thresholds: Option<Thresholds>,
    mappings: Option<Vec<Value>>,
    custom: Option<BTreeMap<String, Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "reading them is the check")]
struct Color {
    mode: ColorMode,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ColorMode {
    Thresholds,
    PaletteClassic,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thresholds {
    mode: String,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "reading them is the check")]
struct Step {
    value: Option<f64>,
    color: String,
}

fn read_boards() -> Vec<Dashboard> {
    let read = |name: &&str| {
        let path = in_checkout("infra/grafana/dashboards").join(format!("{name}.json"));
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name} is not schema version 41: {error}"))
    };
    BOARDS.iter().map(read).collect()
}

/// Every metric that a dashboard names, with where.
pub fn metrics_on_boards() -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    for board in read_boards() {
        let mut note = |expression: &str, place: &str| {
            let names = metrics_in(expression);
            named.extend(names.into_iter().map(|name| (name, format!("{}: {place}", board.title))));
        };
        for panel in &board.panels {
            panel.targets.iter().for_each(|target| note(&target.expr, &panel.title));
        }
        for variable in &board.templating.list {
            let metric = variable.query.split_once('(').and_then(|(_, rest)| rest.split(',').next());
            note(metric.expect("label_values(metric, label)"), &variable.name);
        }
    }
    named
}

#[test]
fn grafana_would_take_them() {
    for board in read_boards() {
        assert_eq!(board.schema_version, 41);
        let mut ids = BTreeSet::new();
        for panel in &board.panels {
            let at = format!("{}: {}", board.title, panel.title);
            assert!(ids.insert(panel.id), "{at}: its number is taken");
            let place = panel.grid_pos;
            assert!(place.h > 0 && place.w > 0 && place.x + place.w <= 24, "{at}: {place:?}");
            let asks = matches!(panel.kind, PanelKind::Stat | PanelKind::Timeseries | PanelKind::Heatmap);
            assert_eq!(asks, !panel.targets.is_empty(), "{at}");
            let names: BTreeSet<&str> = panel.targets.iter().map(|target| target.ref_id.as_str()).collect();
            assert_eq!(names.len(), panel.targets.len(), "{at}: a question has another's name");
            for target in &panel.targets {
                assert_eq!(
                    (target.datasource.kind.as_str(), target.datasource.uid.as_str()),
                    ("prometheus", "prometheus")
                );
            }
            let thresholds = panel.field_config.as_ref().and_then(|config| config.defaults.thresholds.as_ref());
            if let Some(thresholds) = thresholds {
                assert!(thresholds.mode == "absolute" && thresholds.steps[0].value.is_none(), "{at}");
            }
        }
        no_two_panels_overlap(&board);
    }
}

fn no_two_panels_overlap(board: &Dashboard) {
    for (index, one) in board.panels.iter().enumerate() {
        for other in &board.panels[..index] {
            let (a, b) = (one.grid_pos, other.grid_pos);
            let are_apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
            assert!(are_apart, "{}: {} lies on {}", board.title, one.title, other.title);
        }
    }
}
