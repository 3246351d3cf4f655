//! The executor against regorus's interpreter, on the policies of the tests.

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

use std::path::PathBuf;
use std::time::Instant;

use regate::engine::Value;
use regate::engine::exec::{Limits, ModuleText, Program};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::RegoVM;
use serde_json::Value as Json;

/// Where regorus is known to differ from OPA: `[path, value] := walk(x)` yields nothing there.
const DIFFER: [&str; 1] = ["walk_path_v1"];

fn cases() -> Vec<Json> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/places/styles.json");
    let corpus = std::env::var_os("REGATE_CORPUS").map(|root| PathBuf::from(root).join("places/cases.json"));
    if corpus.is_none() {
        println!("skipped in part: REGATE_CORPUS is not set");
    }
    let read = |path: PathBuf| -> Vec<Json> { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    std::iter::once(own).chain(corpus).flat_map(read).collect()
}

/// regorus's register machine with the rule of `both`, where it takes it.
fn machine(both: &mut Both) -> Result<RegoVM, String> {
    let policy = both.engine.compile_with_entrypoint(&both.rule.as_str().into()).map_err(|error| error.to_string())?;
    let program = Compiler::compile_from_policy(&policy, &[&both.rule]).map_err(|error| error.to_string())?;
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_max_instructions(50_000_000);
    machine.set_data(both.data.clone()).map_err(|error| error.to_string())?;
    machine.set_input(both.input.clone());
    Ok(machine)
}

struct Both {
    name: String,
    rule: String,
    engine: regorus::Engine,
    program: Program,
    input: Value,
    data: Value,
}

fn both(case: &Json) -> Both {
    let v0 = case["v0"] == Json::Bool(true);
    let pairs = case["modules"].as_array().unwrap();
    let text = |pair: &Json, at: usize| pair[at].as_str().unwrap().to_owned();
    let mut engine = regorus::Engine::new();
    engine.set_rego_v0(v0);
    engine.set_strict_builtin_errors(false);
    let texts: Vec<(String, String)> = pairs.iter().map(|pair| (text(pair, 0), text(pair, 1))).collect();
    for (name, text) in &texts {
        engine.add_policy(name.clone(), text.clone()).unwrap();
    }
    let modules: Vec<_> = texts.iter().map(|(name, text)| ModuleText { name, text, v0 }).collect();
    let data = if case["data"].is_null() { "{}".to_owned() } else { case["data"].to_string() };
    let data = Value::from_json_str(&data).unwrap();
    engine.add_data(data.clone()).unwrap();
    Both {
        name: case["name"].as_str().unwrap().to_owned(),
        rule: case["rule"].as_str().unwrap().to_owned(),
        engine,
        program: Program::compile(&modules).unwrap(),
        input: Value::from_json_str(&case["input"].to_string()).unwrap(),
        data,
    }
}

#[test]
fn the_executor_and_the_interpreter_find_the_same() {
    let mut same = 0;
    for case in cases() {
        let mut both = both(&case);
        let found = both.program.eval(&both.rule, &both.input, &both.data, &Limits::default()).unwrap();
        both.engine.set_input(both.input.clone());
        let other = both.engine.eval_rule(both.rule.clone()).unwrap();
        if DIFFER.contains(&both.name.as_str()) {
            assert_ne!(found, other, "{}: no longer differs", both.name);
        } else {
            assert_eq!(found, other, "{}", both.name);
            same += 1;
        }
    }
    println!("{same} the same");
}

/// `cargo test --release --test exec_differential -- --ignored --nocapture`
#[test]
#[ignore = "measures"]
fn the_cost_of_a_document_and_rule_is_printed() {
    let cases = cases();
    let mut all: Vec<Both> = cases.iter().map(both).collect();
    let limits = Limits::default();
    let rounds = 400_u32;
    let (mut plain, mut traced, mut interpreter) = (0.0, 0.0, 0.0);
    // The register machine on what it takes and answers as the executor, and the executor on the same.
    let (mut registers, mut beside, mut taken, mut other, mut refused) = (0.0, 0.0, 0.0, 0, 0);
    for both in &mut all {
        let mut best = [f64::MAX; 3];
        for _ in 0..5 {
            let start = Instant::now();
            for _ in 0..rounds {
                both.program.eval(&both.rule, &both.input, &both.data, &limits).unwrap();
            }
            best[0] = best[0].min(start.elapsed().as_secs_f64());
            let start = Instant::now();
            for _ in 0..rounds {
                both.program.trace(&both.rule, &both.input, &both.data, &limits).unwrap();
            }
            best[1] = best[1].min(start.elapsed().as_secs_f64());
            let start = Instant::now();
            for _ in 0..rounds {
                both.engine.set_input(both.input.clone());
                both.engine.eval_rule(both.rule.clone()).unwrap();
            }
            best[2] = best[2].min(start.elapsed().as_secs_f64());
        }
        let micros = best.map(|seconds| seconds * 1e6 / f64::from(rounds));
        plain += micros[0];
        traced += micros[1];
        interpreter += micros[2];
        let found = both.program.eval(&both.rule, &both.input, &both.data, &limits).unwrap();
        let Ok(mut machine) = machine(both) else {
            refused += 1;
            continue;
        };
        if machine.execute_entry_point_by_name(&both.rule).ok() != Some(found) {
            other += 1;
            continue;
        }
        let mut best = f64::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            for _ in 0..rounds {
                machine.set_input(both.input.clone());
                machine.execute_entry_point_by_name(&both.rule).unwrap();
            }
            best = best.min(start.elapsed().as_secs_f64());
        }
        registers += best * 1e6 / f64::from(rounds);
        beside += micros[0];
        taken += 1.0;
    }
    let count = all.len() as f64;
    println!(
        "µs per document and rule, {count} rules: executor {:.2}, traced {:.2}, interpreter {:.2}",
        plain / count,
        traced / count,
        interpreter / count
    );
    println!(
        "the register machine: {:.2} on {taken} rules, where the executor takes {:.2}; {other} answered otherwise, {refused} refused",
        registers / taken,
        beside / taken
    );
}
