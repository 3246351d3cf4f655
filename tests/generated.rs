//! Files of the repository that are written from the code.
//!
//! A test fails when one is not what the code says today, and `UPDATE=1 cargo
//! test --test generated` writes them all anew.

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

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory as _;
use regate::cli::Cli;
use serde_json::Value;

/// What the binary prints.
fn regate(args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_regate")).args(args).output().unwrap();
    assert!(out.status.success(), "regate {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// Compares a file with what it should be, or writes it.
fn same(name: &str, wanted: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    // A checkout on Windows may have other line ends.
    assert!(
        found.replace("\r\n", "\n") == wanted,
        "{name} is not what the code says: UPDATE=1 cargo test --test generated"
    );
}

/// The command line, wrapped alike on every terminal.
fn command() -> clap::Command {
    let mut command = Cli::command().term_width(100);
    command.build();
    command
}

#[test]
fn the_schemas_are_those_of_the_code() {
    let command = command();
    let schema = command.find_subcommand("schema").unwrap();
    let what = schema.get_positionals().next().unwrap().get_possible_values();
    for name in what.iter().map(clap::builder::PossibleValue::get_name) {
        let text = regate(&["schema", name]);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert!(
            value.get("type").is_some() || value.get("anyOf").is_some() || value.get("$ref").is_some(),
            "{name} says nothing"
        );
        same(&format!("schemas/{name}.schema.json"), &text);
    }
}

#[test]
fn the_completions_are_those_of_the_command_line() {
    for (shell, file) in
        [("bash", "regate.bash"), ("zsh", "_regate"), ("fish", "regate.fish"), ("powershell", "_regate.ps1")]
    {
        same(&format!("completions/{file}"), &regate(&["completions", shell]));
    }
}

#[test]
fn the_manual_pages_are_those_of_the_command_line() {
    same("man/regate.1", &regate(&["man"]));
    for sub in command().get_subcommands() {
        let name = format!("regate-{}", sub.get_name());
        let mut page = Vec::new();
        clap_mangen::Man::new(sub.clone()).title(&name).render(&mut page).unwrap();
        same(&format!("man/{name}.1"), &String::from_utf8(page).unwrap());
    }
}

#[test]
fn the_page_of_the_command_line_is_its_help() {
    let mut page =
        "# The command line\n\n<!-- Written by tests/generated.rs; change the comments in src/cli/args.rs. -->\n\n"
            .to_owned();
    let mut command = command();
    help(&mut command, "##", &mut page);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        help(command.find_subcommand_mut(&name).unwrap(), "##", &mut page);
    }
    same("docs/cli.md", &page);
}

/// A section with the long help of `command` and of what is under it.
fn help(command: &mut clap::Command, level: &str, page: &mut String) {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let text: String =
        command.render_long_help().to_string().lines().fold(String::new(), |text, line| text + line.trim_end() + "\n");
    write!(page, "{level} `{name}`\n\n```text\n{}\n```\n\n", text.trim_end()).unwrap();
    if name == "regate" {
        return;
    }
    let subs: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for sub in subs {
        help(command.find_subcommand_mut(&sub).unwrap(), "###", page);
    }
}

#[test]
fn the_catalogue_is_that_of_the_policies() {
    let rules: Vec<Value> = serde_json::from_str(&regate(&["rules", "--json", "--isolated"])).unwrap();
    let mut page =
        "# The built-in policies\n\n<!-- Written by tests/generated.rs from the policies' own metadata. -->\n\n"
            .to_owned();
    writeln!(page, "{} rules. `regate rules show ID` prints one as a page.", rules.len()).unwrap();
    let mut last = String::new();
    let mut sorted: Vec<&Value> = rules.iter().collect();
    sorted.sort_by_key(|rule| (pack(rule), rule["id"].as_str().unwrap().to_owned()));
    for rule in sorted {
        let pack = pack(rule);
        if pack != last {
            write!(page, "\n## {pack}\n\n| Rule | Severity | What it asks | Controls |\n| --- | --- | --- | --- |\n")
                .unwrap();
            last.clone_from(&pack);
        }
        let id = rule["id"].as_str().unwrap();
        let title = rule["title"].as_str().unwrap().replace('|', "\\|");
        let severity = rule["severity"].as_str().unwrap();
        writeln!(page, "| [`{id}`]({pack}/{id}/policy.rego) | {severity} | {title} | {} |", controls(rule)).unwrap();
    }
    same("policies/README.md", &page);
}

/// The folder of a built-in rule: `builtin:PACK/…`.
fn pack(rule: &Value) -> String {
    let file = rule["file"].as_str().unwrap().trim_start_matches("builtin:");
    file.split('/').next().unwrap().to_owned()
}

fn controls(rule: &Value) -> String {
    let Some(all) = rule["controls"].as_object() else { return String::new() };
    let one = |(framework, ids): (&String, &Value)| {
        let ids: Vec<&str> = ids.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        format!("{framework}: {}", ids.join(", "))
    };
    all.iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn the_versions_of_the_wrappers_are_that_of_the_crate() {
    let version = env!("CARGO_PKG_VERSION");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(std::fs::read_to_string(root.join("action/version")).unwrap().trim(), version);
    let package: Value =
        serde_json::from_str(&std::fs::read_to_string(root.join("npm/regate/package.json")).unwrap()).unwrap();
    assert_eq!(package["version"], version);
    for (name, wanted) in package["optionalDependencies"].as_object().unwrap() {
        assert_eq!(wanted, version, "{name}");
    }
}
