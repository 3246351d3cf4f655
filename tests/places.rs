//! Where findings are: policies with the places that a careful person would underline.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::semicolon_if_nothing_returned,
    missing_docs
)]

use std::path::{Path as FilePath, PathBuf};

use regate::engine::{Engine, Level, Limits, ModuleText, Value};
use regate::locate::locate;
use serde_json::Value as Json;

#[derive(Default, Debug)]
struct Score {
    exact: usize,
    near: usize,
    wrong: usize,
    lost: usize,
}

impl Score {
    fn all(&self) -> usize {
        self.exact + self.near + self.wrong + self.lost
    }
}

fn list(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// Counts how the places of one case's findings compare with what is expected.
fn judge(case: &Json, score: &mut Score) {
    let name = case["name"].as_str().unwrap_or("?");
    let module = |pair: &Json| ModuleText {
        name: pair[0].as_str().unwrap().to_owned(),
        text: pair[1].as_str().unwrap().to_owned(),
    };
    let modules: Vec<ModuleText> = case["modules"].as_array().expect("modules").iter().map(module).collect();
    let input = Value::from_json_str(&case["input"].to_string()).unwrap();
    let data = if case["data"].is_null() {
        Value::new_object()
    } else {
        Value::from_json_str(&case["data"].to_string()).unwrap()
    };
    let rule = case["rule"].as_str().unwrap();
    let (engine, errors) = Engine::load(&modules, data, Limits::default());
    assert!(errors.iter().all(|error| error.level == Level::Warning), "{name}: {errors:?}");
    let plain = engine.eval(rule, &input).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (value, trace) = engine.trace(rule, &input).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(value, plain, "{name}: tracing changed the result");
    let session = engine.session(&input);
    let expected = case["expect"].as_object().expect("expect");
    let mut seen = std::collections::BTreeSet::new();
    for finding in &trace.findings {
        let text = finding.value.to_json_str().unwrap();
        let compact = serde_json::from_str::<Json>(&text).unwrap().to_string();
        let Some((fragment, paths)) = expected
            .iter()
            .find(|(fragment, _)| text.contains(fragment.as_str()) || compact.contains(fragment.as_str()))
        else {
            println!("{name}: unexpected finding {text}");
            score.wrong += 1;
            continue;
        };
        let spot = locate(&input, finding, rule, |changed| Some(session.still_gives(rule, finding, changed)));
        assert!(spot.path.get(&input).is_some(), "{name}: the place {} does not exist", spot.path);
        let path = spot.path.to_string();
        if !seen.insert((fragment.clone(), path.clone())) {
            continue;
        }
        let near = list(&case["near"][fragment.as_str()]);
        if list(paths).contains(&path) {
            score.exact += 1;
        } else {
            let close = near.contains(&path);
            if close {
                score.near += 1
            } else {
                score.wrong += 1
            }
            println!(
                "{name}: {} {text}\n    at {path} ({:?}), expected {paths}",
                if close { "near" } else { "WRONG" },
                spot.located
            );
            if std::env::var_os("FACTS").is_some() {
                finding.conditions.iter().for_each(|fact| println!("      {fact:?}"));
            }
        }
    }
    for fragment in expected.keys() {
        if !seen.iter().any(|(one, _)| one == fragment) {
            println!("{name}: LOST {fragment}; the rule gave {}", value.to_json_str().unwrap_or_default());
            score.lost += 1;
        }
    }
}

fn run(path: &FilePath) -> Score {
    let text = std::fs::read_to_string(path).expect("the cases");
    let cases: Json = serde_json::from_str(&text).expect("JSON");
    let mut score = Score::default();
    let filter = std::env::var("CASE").ok();
    for case in cases.as_array().expect("a list") {
        if filter.as_ref().is_none_or(|filter| case["name"].as_str() == Some(filter)) {
            judge(case, &mut score);
        }
    }
    println!("{}: {score:?} of {}", path.display(), score.all());
    score
}

#[test]
fn the_places_of_the_corpus_are_where_a_careful_person_would_look() {
    let Some(root) = std::env::var_os("REGATE_CORPUS") else {
        println!("skipped: REGATE_CORPUS is not set");
        return;
    };
    let score = run(&PathBuf::from(root).join("places/cases.json"));
    assert_eq!((score.wrong, score.lost), (0, 0), "{score:?}");
    assert!(score.near <= 1, "{score:?}");
}

#[test]
fn the_places_of_other_styles_are_where_a_careful_person_would_look() {
    let score = run(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/places/styles.json"));
    assert_eq!((score.wrong, score.lost), (0, 0), "{score:?}");
}

#[test]
fn the_places_of_policies_that_nothing_was_tuned_on_are_nearly_all_right() {
    let score = run(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/places/unseen.json"));
    assert!(score.exact * 100 >= score.all() * 90 && score.lost == 0, "{score:?}");
}

/// Of these 38 places 33 were exact, 2 near and 3 wrong when they were first looked at.
#[test]
fn the_places_of_policies_that_were_first_judged_blind_stay_right() {
    let score = run(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/places/blind.json"));
    assert_eq!((score.wrong, score.lost), (0, 0), "{score:?}");
    assert!(score.near <= 2, "{score:?}");
}

/// Written after what the first set taught was mended: of these 16 places 15 were exact and 1 was wrong at first.
#[test]
fn the_places_of_policies_that_were_judged_blind_a_second_time_stay_right() {
    let score = run(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/places/late.json"));
    assert_eq!((score.exact, score.all()), (16, 16), "{score:?}");
}

/// A third set of 33 policies, after that: of its 88 places 75 were exact, 6 near and 7 wrong when they were first looked at.
#[test]
fn the_places_of_policies_that_were_judged_blind_a_third_time_stay_right() {
    let score = run(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/places/third.json"));
    assert!(score.exact >= 82 && score.wrong == 0 && score.lost == 0, "{score:?}");
}

/// A fourth of 7, after what the third taught was mended: of its 23 places 17 were exact, 3 near, and 3, all of one
/// policy, wrong.
#[test]
fn the_places_of_policies_that_were_judged_blind_a_fourth_time_stay_right() {
    let score = run(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/places/fourth.json"));
    assert!(score.exact >= 21 && score.wrong == 0 && score.lost == 0, "{score:?}");
}
