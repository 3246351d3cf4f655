//! Regate against the real OPA: the same policies on the same inputs, over everything the tests have.
//!
//! `REGATE_OPA` is the path of an `opa` binary; without it nothing is compared, and a line says so.
//! `REGATE_SUITES` names folders of public policies, a suite in each folder with `*.rego` files: what
//! their own `test_…` rules feed them is compared too. `REGATE_CORPUS` gives the built-in policies more inputs.
//!
//! A server of OPA is started for each set of policies and asked for the whole of `data`; where that
//! is an error on one side, each rule is asked for by itself.

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

#[path = "oracle/compare.rs"]
mod compare;
#[path = "oracle/server.rs"]
mod server;
#[path = "oracle/sets.rs"]
mod sets;

use std::time::Duration;

use regate::engine::{Engine, Level, Limits, ModuleText, Value};

use compare::same;
use server::{Answer, Opa};
use sets::Set;

/// What was compared.
#[derive(Default)]
struct Tally {
    same: usize,
    both_refuse: usize,
    /// What is off in a gate unless it is granted.
    denied: usize,
    different: Vec<String>,
}

fn regate(set: &Set) -> Result<Engine, String> {
    let module = |(name, text): &(String, String)| ModuleText { name: name.clone(), text: text.clone() };
    let modules: Vec<_> = set.modules.iter().map(module).collect();
    let data = Value::from_json_str(&set.data.to_string()).unwrap();
    let limits = Limits { time: Duration::from_mins(2), ..Limits::default() };
    let (engine, errors) = Engine::load(&modules, data, limits);
    let errors: Vec<String> =
        errors.iter().filter(|error| error.level == Level::Error).map(ToString::to_string).collect();
    if errors.is_empty() { Ok(engine) } else { Err(errors.join("; ")) }
}

/// What regate has at `path`.
fn asked(engine: &Engine, path: &str, input: Option<&Value>) -> Answer {
    match engine.document(path, input.unwrap_or(&Value::Undefined)) {
        Ok(Value::Undefined) => Answer::Undefined,
        Ok(value) => Answer::Value(serde_json::from_str(&value.to_json_str().unwrap()).unwrap()),
        Err(error) => Answer::Error(error.to_string()),
    }
}

fn compare(set: &Set, opa: &str, tally: &mut Tally) {
    let engine = regate(set);
    let server = Opa::start(opa, set);
    let (engine, server) = match (engine, server) {
        (Ok(engine), Ok(server)) => (engine, server),
        (Err(_), Err(_)) => return tally.both_refuse += 1,
        (Err(error), Ok(_)) => return tally.different.push(format!("{}: only regate refuses: {error}", set.name)),
        (Ok(_), Err(error)) => return tally.different.push(format!("{}: only OPA refuses: {error}", set.name)),
    };
    for (name, input) in &set.inputs {
        let value = input.as_ref().map(|input| Value::from_json_str(&input.to_string()).unwrap());
        let (ours, theirs) = (asked(&engine, "data", value.as_ref()), server.ask("data", input.as_ref()));
        match (&ours, &theirs) {
            (Answer::Value(one), Answer::Value(other)) if same(one, other) => tally.same += 1,
            _ => {
                for path in set.paths(&engine) {
                    let (ours, theirs) = (asked(&engine, &path, value.as_ref()), server.ask(&path, input.as_ref()));
                    match (&ours, &theirs) {
                        (Answer::Error(_), Answer::Error(_)) | (Answer::Undefined, Answer::Undefined) => {
                            tally.same += 1;
                        }
                        (Answer::Value(one), Answer::Value(other)) if same(one, other) => tally.same += 1,
                        (Answer::Error(text), _) if text.contains("is not allowed in this run") => tally.denied += 1,
                        _ => tally.different.push(format!(
                            "{} on {name}: {path}\n  regate: {:.600}\n  OPA:    {:.600}",
                            set.name,
                            ours.show(),
                            theirs.show()
                        )),
                    }
                }
            }
        }
    }
}

fn compared(sets: &[Set]) {
    let Some(opa) = std::env::var_os("REGATE_OPA") else {
        println!("skipped: REGATE_OPA names no opa binary");
        return;
    };
    let opa = opa.into_string().unwrap();
    let mut tally = Tally::default();
    for set in sets {
        compare(set, &opa, &mut tally);
    }
    let Tally { same, both_refuse, denied, different } = &tally;
    println!(
        "{} sets: {same} the same, {both_refuse} refused by both, {denied} not allowed, {} different",
        sets.len(),
        different.len()
    );
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn built_in_policies_answer_as_in_opa() {
    compared(&[sets::built_in()]);
}

#[test]
fn the_tests_of_built_in_policies_answer_as_in_opa() {
    compared(&[sets::built_in_tests()]);
}

#[test]
fn policies_of_the_places_answer_as_in_opa() {
    compared(&sets::places());
}

#[test]
fn hostile_policies_answer_as_in_opa() {
    compared(&sets::hostile());
}

#[test]
fn public_policies_answer_as_in_opa() {
    if std::env::var_os("REGATE_SUITES").is_none() {
        println!("skipped: REGATE_SUITES names no folders");
        return;
    }
    compared(&sets::suites());
}
