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

/// The paths of a case, however their keys are quoted.
fn list(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).map(plain).collect()
}

fn plain(path: &str) -> String {
    path.replace("[\"", ".").replace("\"]", "").trim_start_matches('.').to_owned()
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
    let untraced = engine.eval(rule, &input).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (value, trace) = engine.trace(rule, &input).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(value, untraced, "{name}: tracing changed the result");
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
        let path = plain(&spot.path.to_string());
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

/// The sets of `tests/places`, in the order in which they were written, and what of them is right today: at
/// least so many exact, at most so many wrong. How right each was at first sight is told in docs/places.md.
const SETS: [(&str, usize, usize); 15] = [
    ("styles", 42, 0),
    ("unseen", 19, 0),
    ("blind", 36, 0),
    ("late", 16, 0),
    ("third", 86, 0),
    ("fourth", 22, 0),
    ("kubernetes", 49, 0),
    ("infrastructure", 52, 1),
    ("reports", 80, 0),
    ("idioms", 56, 0),
    ("suites", 255, 1),
    ("teams", 267, 3),
    ("both", 135, 2),
    ("short", 133, 0),
    ("last", 58, 5),
];

#[test]
fn the_places_of_policies_that_were_judged_blind_stay_right() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/places");
    let mut found = Vec::new();
    for (name, exact, wrong) in SETS {
        let score = run(&folder.join(name).with_extension("json"));
        assert_eq!(score.lost, 0, "{name}: {score:?}");
        if score.exact < exact || score.wrong > wrong {
            found.push(format!("{name}: {score:?}, and there were {exact} exact and {wrong} wrong"));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
