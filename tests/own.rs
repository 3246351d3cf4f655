//! regate's own files, judged by regate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

use std::fs;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The exit status of `regate check` in this repository, and the last line that it wrote.
fn check(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regate"));
    let out = command.arg("check").arg("--isolated").args(arguments).current_dir(root()).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    (out.status.code(), text.lines().last().unwrap_or("").to_owned())
}

#[test]
fn the_image_has_no_finding_of_any_severity() {
    let wanted = (Some(0), "PASS: no finding at or above low".to_owned());
    let dockerfile = fs::read_to_string(root().join("Dockerfile")).unwrap();
    assert_eq!(dockerfile.matches("\nUSER 65532:65532\n").count(), dockerfile.matches("\nFROM ").count());
    assert_eq!(check(&["Dockerfile", "--policy", "builtin:dockerfile", "--fail-on", "low"]), wanted);
}

#[test]
fn the_paths_that_the_workflow_gates_pass() {
    let workflow = fs::read_to_string(root().join(".github/workflows/ci.yml")).unwrap();
    let paths =
        workflow.split_once("paths: |\n").unwrap().1.lines().take_while(|line| line.starts_with("            "));
    let paths: Vec<&str> = paths.map(str::trim).collect();
    assert_eq!(paths, [".github", "Dockerfile", "action.yml", "examples"]);
    assert_eq!(check(&paths), (Some(0), "PASS: no finding at or above medium".to_owned()));
}

#[test]
fn every_hook_and_example_is_described() {
    let page = fs::read_to_string(root().join("docs/integrations.md")).unwrap();
    let hooks = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let ids: Vec<&str> = hooks.lines().filter_map(|line| line.strip_prefix("- id: ")).collect();
    assert_eq!(ids.len(), 5);
    for id in ids {
        assert!(page.contains(&format!("| `{id}` |")), "the hook {id} is not described");
    }
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(page.contains(&format!("`examples/{name}/`")), "the example {name} is not described");
    }
    for entry in fs::read_dir(root().join("tests/integrations")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(page.contains(&format!("tests/integrations/{name}")), "{name} is not described");
    }
}
