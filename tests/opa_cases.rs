//! OPA's compliance cases against regate: prints passed, failed and skipped by category.
//!
//! The cases are read from `$REGATE_CORPUS/opa-cases/v1.ndjson`. What differs stands in
//! `tests/opa/differs.txt` with its reason: a new difference fails the test, and so does a
//! line there that no longer differs. `UPDATE=1` rewrites the list and keeps known reasons.

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

#[path = "opa/case.rs"]
mod case;
#[path = "opa/compare.rs"]
mod compare;
#[path = "opa/differs.rs"]
mod differs;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use case::{Case, Want};
use regate::engine::query::{faults, run_query};
use regate::engine::{Level, Value};

/// The engine behind the cases: the one place to change for another.
fn run_case(case: &Case) -> Result<Vec<Value>, String> {
    let input = case.input(|term| {
        let result = run_query(&[], Value::new_object(), Value::Undefined, &format!("x = {term}"), false);
        result.ok().and_then(|rows| rows.first().map(|row| row["x"].clone()))
    });
    run_query(&case.modules(), case.data(), input, &case.query, case.strict_error).map_err(|errors| {
        let texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
        texts.join("; ")
    })
}

/// `Ok` when the case passes, otherwise what is different.
fn check(case: &Case) -> Result<(), String> {
    match (case.want(), run_case(case)) {
        (Want::Error, Err(_)) => Ok(()),
        (Want::Error, Ok(_)) => Err("no error where one is due".to_owned()),
        (Want::Results(_), Err(error)) => Err(format!("error: {error}")),
        (Want::Results(want), Ok(got)) => compare::results(want, &got, case.sort_bindings),
    }
}

#[test]
fn opas_compliance_cases_pass_or_are_listed_with_a_reason() {
    let Some(cases) = case::read() else {
        println!("skipped: REGATE_CORPUS is not set or holds no opa-cases/v1.ndjson");
        return;
    };
    // 2 MiB of a test's thread is less than the engine needs for deep cases.
    let run = move || cases.iter().map(|case| (case.key(), case.category.clone(), check(case))).collect::<Vec<_>>();
    let outcomes = std::thread::Builder::new().stack_size(256 << 20).spawn(run).unwrap().join().unwrap();
    println!("{}", table(&outcomes));
    let failed: BTreeMap<_, _> =
        outcomes.into_iter().filter_map(|(key, _, outcome)| outcome.err().map(|why| (key, why))).collect();
    if std::env::var_os("REGATE_VERBOSE").is_some() {
        for (key, why) in &failed {
            println!("{key}\t{why}");
        }
    }
    differs::check(&failed);
}

#[test]
fn static_checks_find_no_error_in_what_opa_runs() {
    let Some(cases) = case::read() else {
        println!("skipped: REGATE_CORPUS is not set or holds no opa-cases/v1.ndjson");
        return;
    };
    let mut found = Vec::new();
    for case in &cases {
        let faults = faults(&case.modules(), &case.data(), &|_| true).unwrap_or_default();
        let errors = faults.iter().filter(|fault| fault.level == Level::Error);
        found.extend(errors.map(|error| format!("{}: {error}", case.key())));
    }
    assert_eq!(found, [""; 0]);
}

/// Passed and failed by category.
fn table(outcomes: &[(String, String, Result<(), String>)]) -> String {
    let mut rows: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (_, category, outcome) in outcomes {
        let row = rows.entry(category).or_default();
        if outcome.is_ok() {
            row.0 += 1;
        } else {
            row.1 += 1;
        }
    }
    let mut out = format!("{:<40} passed failed\n", "category");
    let total = rows.values().fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    for (category, (passed, failed)) in rows.into_iter().chain([("all", total)]) {
        let _ = writeln!(out, "{category:<40} {passed:>6} {failed:>6}");
    }
    out
}
