//! What would end or hang the process is an error that says so, within time.

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

use std::time::{Duration, Instant};

use regate::engine::Value;
use regate::engine::query::run_query;

/// What `data.a.p` is for the policy `text`, or the errors.
fn asked(text: &str) -> String {
    let start = Instant::now();
    let modules = [("a.rego".to_owned(), format!("package a\n{text}"))];
    let rows = run_query(&modules, Value::new_object(), Value::new_object(), "x = data.a.p", false);
    assert!(start.elapsed() < Duration::from_secs(30), "too slow");
    match rows {
        Ok(rows) => rows.first().map_or("undefined".to_owned(), |row| serde_json::to_string(&row["x"]).unwrap()),
        Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    }
}

#[track_caller]
fn refused(text: &str, why: &str) {
    let got = asked(text);
    assert!(got.starts_with("a.rego:") && got.contains(why), "{got:.300}");
}

#[test]
fn recursion_is_refused() {
    refused("f(x) := f(x + 1)\np := f(1)\n", "is recursive");
    refused("p := data.a.q\nq := data.a[\"p\"]\n", "is recursive");
    refused("p := data[input.x]\n", "is recursive");
}

#[test]
fn loops_without_an_end_in_sight_are_stopped() {
    let body = "p := count([1 | xs := numbers.range(1, 1000); xs[_]; xs[_]; xs[_]; xs[_]])\n";
    refused(body, "too ");
}

#[test]
fn patterns_that_explode_are_refused_or_quick() {
    let text = "p := regex.match(`(a*)*b`, concat(\"\", [\"a\" | numbers.range(1, 5000)[_]]))\n";
    assert_eq!(asked(text), "false");
    let got = asked("p := regex.match(`((a{1000}){1000}){1000}`, \"a\")\n");
    assert!(got == "undefined" || got.starts_with("a.rego:"), "{got:.300}");
}
