use serde::Deserialize;

use super::*;
use crate::Secret;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StallSettings {
    port: u16,
    name: String,
    mode: Mode,
    password: Secret,
    upstream: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Open,
    Closed,
}

impl Default for StallSettings {
    fn default() -> Self {
        Self { port: 80, name: "cheese".to_owned(), mode: Mode::Open, password: Secret::default(), upstream: None }
    }
}

impl Validate for StallSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check(self.port != 666, "port", "must not be 666");
        faults.check(!self.name.is_empty(), "name", "must not be empty");
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MarketSettings {
    stall: StallSettings,
}

impl Validate for MarketSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.section("stall", &self.stall);
    }
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn from_environment(pairs: &[(&str, &str)]) -> Result<MarketSettings, SettingsError> {
    load_from(&Cli::default(), variables(pairs))
}

fn faults_of(result: Result<MarketSettings, SettingsError>) -> Vec<String> {
    match result {
        Err(SettingsError::Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
        other => panic!("expected faults, got {other:?}"),
    }
}

#[test]
fn without_sources_the_defaults_hold() {
    assert_eq!(from_environment(&[]).expect("settings"), MarketSettings::default());
}

#[test]
fn the_environment_overrides_the_file_which_overrides_the_defaults() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("market.toml");
    std::fs::write(&path, "[stall]\nport = 81\nname = \"bread\"\n").expect("written");
    let cli = Cli { config: Some(path), print_config: false };
    let settings: MarketSettings = load_from(&cli, variables(&[("HALLES_STALL__PORT", "82")])).expect("settings");
    assert_eq!((settings.stall.port, settings.stall.name.as_str(), settings.stall.mode), (82, "bread", Mode::Open));
}

#[test]
fn texts_that_look_like_numbers_stay_texts_and_empty_variables_are_not_set() {
    let settings = from_environment(&[
        ("HALLES_STALL__PASSWORD", "007"),
        ("HALLES_STALL__UPSTREAM", ""),
        ("HALLES_STALL__NAME", ""),
        ("HALLES_STALL__MODE", "closed"),
    ])
    .expect("settings");
    assert_eq!(settings.stall.password.expose(), "007");
    assert_eq!(settings.stall.upstream, None);
    assert_eq!(settings.stall.name, "cheese");
    assert_eq!(settings.stall.mode, Mode::Closed);
}

#[test]
fn every_fault_is_named_at_once_and_no_value_is_repeated() {
    let faults = faults_of(from_environment(&[
        ("HALLES_STALL__PORT", "open-sesame"),
        ("HALLES_STALL__MODE", "open-sesame"),
        ("HALLES_STALL__PRICE", "open-sesame"),
        ("HALLES_CELLAR__DEPTH", "open-sesame"),
        ("HALLES_STALL_NAME", "open-sesame"),
    ]));
    let settings: Vec<&str> = faults.iter().map(|fault| fault.split(':').next().unwrap()).collect();
    assert_eq!(settings, ["stall.name", "cellar.depth", "stall.mode", "stall.port", "stall.price"], "{faults:?}");
    assert!(faults.iter().all(|fault| !fault.contains("sesame")), "{faults:?}");
    assert_eq!(faults[1], "cellar.depth: is not a setting");
    assert!(faults[0].contains("HALLES_STALL__NAME"), "{faults:?}");
}

#[test]
fn a_number_out_of_range_is_a_fault() {
    let faults = faults_of(from_environment(&[("HALLES_STALL__PORT", "70000")]));
    assert_eq!(faults.len(), 1);
    assert!(faults[0].starts_with("stall.port: must be"), "{faults:?}");
}

#[test]
fn impossible_values_are_faults() {
    let faults = faults_of(from_environment(&[("HALLES_STALL__PORT", "666")]));
    assert_eq!(faults, ["stall.port: must not be 666"]);
}

#[test]
fn variables_that_are_no_settings_are_left_alone() {
    assert!(from_environment(&[("HALLES_TEST_PRIMARY", "x"), ("PATH", "/bin"), ("HALLESX__Y", "z")]).is_ok());
}

#[test]
fn a_broken_file_says_where() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("market.toml");
    std::fs::write(&path, "[stall]\nport = = 3\n").expect("written");
    let cli = Cli { config: Some(path), print_config: false };
    let error = load_from::<MarketSettings>(&cli, []).expect_err("not TOML").to_string();
    assert!(error.contains("market.toml") && error.contains("line 2"), "{error}");
}

#[test]
fn a_missing_file_is_an_error() {
    let cli = Cli { config: Some("/no/such/market.toml".into()), print_config: false };
    assert!(matches!(load_from::<MarketSettings>(&cli, []), Err(SettingsError::File { .. })));
}

#[test]
fn what_is_shown_can_be_read_again() {
    let mut settings = MarketSettings::default();
    settings.stall.password = Secret::new("open-sesame");
    let text = to_toml(&settings).expect("TOML");
    assert!(text.contains("password = \"***\"") && !text.contains("sesame"), "{text}");
    let again: MarketSettings = toml::from_str(&text).expect("readable");
    assert_eq!(again.stall.port, settings.stall.port);
}
