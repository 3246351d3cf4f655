//! Small hostile policies, evaluated as OPA evaluates them.
//!
//! `tests/differential/NAME.rego` is a policy and `NAME.json` what OPA 1.x answered for its
//! package. With `REGATE_OPA`, the path of an `opa` binary, OPA is asked again.

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
use std::process::Command;

use regate::engine::Value;
use regate::engine::query::run_query;

fn place(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential")).join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(place(name)).unwrap()
}

fn json(name: &str) -> Value {
    Value::from_json_str(&text(name)).unwrap()
}

/// The policies; those whose name begins with `v` or `w` may be in the syntax of before OPA 1.0.
fn names() -> Vec<String> {
    let files = std::fs::read_dir(place("")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        files.filter_map(|file| file.strip_suffix(".rego").filter(|name| *name != "_sub").map(str::to_owned)).collect();
    names.sort();
    names
}

fn answer(name: &str) -> String {
    let file = format!("{name}.rego");
    let modules = [(file.clone(), text(&file)), ("_sub.rego".to_owned(), text("_sub.rego"))];
    let rows = run_query(&modules, json("_data.json"), json("_input.json"), "x = data.t", false);
    match rows {
        Ok(rows) => rows.first().map_or("undefined".to_owned(), |row| serde_json::to_string(&row["x"]).unwrap()),
        Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    }
}

fn parsed(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

#[test]
fn hostile_policies_are_answered_as_by_opa() {
    for name in names() {
        assert_eq!(parsed(&answer(&name)), parsed(&text(&format!("{name}.json"))), "{name}");
    }
}

#[test]
fn opa_still_answers_what_is_recorded() {
    let Some(opa) = std::env::var_os("REGATE_OPA") else {
        println!("skipped: REGATE_OPA names no opa binary");
        return;
    };
    for name in names().iter().filter(|name| name.starts_with('p')) {
        let mut command = Command::new(&opa);
        command.args(["eval", "-f", "values", "-d"]).arg(place(&format!("{name}.rego")));
        command.arg("-d").arg(place("_sub.rego")).arg("-d").arg(place("_data.json"));
        command.arg("-i").arg(place("_input.json")).arg("data.t");
        let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
        assert_eq!(parsed(&out)[0], parsed(&text(&format!("{name}.json"))), "{name}");
    }
}
