//! Reports, colours, streams, settings, exit statuses.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::gate::{Gate, NO_PODS, PRIVILEGED};

const FORMATS: [&str; 10] =
    ["human", "concise", "json", "ndjson", "sarif", "github", "gitlab", "junit", "markdown", "tap"];

fn failing() -> Gate {
    Gate::new().file("p/a.rego", NO_PODS).file("pod.yaml", PRIVILEGED)
}

#[test]
fn the_exit_status_is_the_same_in_every_format() {
    let gate = failing().file("clean.yaml", "kind: Service\n");
    for format in FORMATS {
        for (arguments, code) in [("pod.yaml", 1), ("clean.yaml", 0), ("nowhere.yaml", 2)] {
            assert_eq!(
                gate.run(&format!("check -p p -o {format} {arguments}")).code,
                Some(code),
                "{format} {arguments}"
            );
        }
    }
}

#[test]
fn several_reports_are_written_in_one_run() {
    let gate = failing();
    let run = gate.run("check -p p -o concise -o json=out.json -o sarif=out.sarif pod.yaml");
    assert_eq!(run.code, Some(1));
    for name in ["out.json", "out.sarif"] {
        let json: serde_json::Value = serde_json::from_str(&gate.read(name)).unwrap();
        assert!(json.is_object());
    }
}

#[test]
fn wrong_outputs_are_refused_before_anything_is_checked() {
    let gate = failing();
    assert_snapshot!(gate.run("check -o jsn").all(), @r"
    error: `jsn` is no report format, did you mean `json`?; the formats are human, concise, json, ndjson, sarif, github, gitlab, junit, markdown, tap, record
    exit 2
    ");
    assert_snapshot!(gate.run("check -o json -o sarif").all(), @"
    error: two reports would be written to standard output: give one of them a file of its own, `-o FORMAT=FILE`
    exit 2
    ");
    assert_snapshot!(gate.run("check -o json=").all(), @"
    error: `-o json=` names no file
    exit 2
    ");
    assert_snapshot!(gate.run("check -p p -o json=no/such/folder/x.json pod.yaml").all(), @"
    error: `no/such/folder/x.json` can't be written: No such file or directory (os error 2)
    exit 2
    ");
}

#[test]
fn one_worker_and_many_write_the_same_bytes() {
    let gate = Gate::new();
    for number in 0..60 {
        gate.write(&format!("deploy/{number}.yaml"), PRIVILEGED);
    }
    for format in FORMATS {
        let one = gate.run(&format!("check -j 1 -o {format} deploy"));
        let many = gate.run(&format!("check -j 8 -o {format} deploy"));
        assert_eq!(one.code, Some(1));
        assert!(tokenless(&one.stdout) == tokenless(&many.stdout), "{format} differs");
    }
}

/// The `github` format fences its text with a token that nobody can guess.
fn tokenless(text: &str) -> String {
    let token = text.lines().next().and_then(|line| line.strip_prefix("::stop-commands::"));
    token.map_or_else(|| text.to_owned(), |token| text.replace(token, "TOKEN"))
}

#[test]
fn a_reader_that_leaves_early_changes_nothing_of_the_verdict() {
    let gate = Gate::new();
    for number in 0..200 {
        gate.write(&format!("deploy/{number}.yaml"), PRIVILEGED);
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_regate"))
        .args(["check", "deploy", "-o", "json"])
        .current_dir(gate.path("."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let out = child.wait_with_output().unwrap();
    assert_eq!((out.status.code(), String::from_utf8_lossy(&out.stderr).as_ref()), (Some(1), ""));
}

#[test]
fn colours_follow_the_flag_then_no_color_then_force_color() {
    let coloured = |gate: Gate, flag: &str| gate.run(&format!("check -p p pod.yaml {flag}")).stdout.contains('\u{1b}');
    assert!(!coloured(failing(), ""));
    assert!(coloured(failing(), "--color always"));
    assert!(coloured(failing().env("FORCE_COLOR", "1"), ""));
    assert!(!coloured(failing().env("FORCE_COLOR", "1").env("NO_COLOR", "1"), ""));
    assert!(coloured(failing().env("NO_COLOR", "1"), "--color always"));
    assert!(!coloured(failing().env("FORCE_COLOR", "1"), "--color never"));
    assert!(coloured(failing().env("GITHUB_ACTIONS", "true"), ""));
    assert!(!coloured(failing().env("FORCE_COLOR", "0"), ""));
}

#[test]
fn quiet_says_nothing_of_a_pass_and_everything_of_a_failure() {
    let gate = failing().file("clean.yaml", "kind: Service\n");
    assert_eq!(gate.run("check -q -p p clean.yaml").all(), "exit 0");
    assert!(gate.run("check -q -p p pod.yaml").stdout.contains("FAIL"));
}

#[test]
fn the_threshold_decides_and_not_the_report() {
    let gate = Gate::new().file("pod.yaml", PRIVILEGED);
    gate.write("p/a.rego", "package main\n\nwarn contains \"advice\" if input.kind\n");
    assert_eq!(gate.run("check -p p pod.yaml").code, Some(0));
    assert_eq!(gate.run("check -p p pod.yaml --fail-on low").code, Some(1));
}

#[test]
fn a_typo_in_the_settings_is_shown_with_what_was_meant() {
    let gate = failing();
    gate.write("regate.yaml", "policy: [p]\nfail_on: high\n");
    let text = gate.run("check pod.yaml").all();
    // The list of known keys grows.
    let below = text.split_once("╭─[").unwrap().1.split_once("regate.yaml").unwrap().1;
    assert!(text.contains("unknown field `fail_on`"), "{text}");
    assert_snapshot!(below, @"
    :2:1]
     1 │ policy: [p]
     2 │ fail_on: high
       · ───┬───
       ·    ╰── here
       ╰────
      help: did you mean `fail-on`?
    exit 2
    ");
    assert_eq!(gate.run("check --isolated -p p pod.yaml").code, Some(1));
}

#[test]
fn what_acts_on_a_terminal_is_shown_and_never_sent() {
    let hostile = "a\u{9b}31m\u{202e}\u{7f}";
    let gate = Gate::new()
        .file(
            "p/a.rego",
            "package main\n\ndeny contains sprintf(\"%s\", [input.metadata.name]) if input.kind == \"Pod\"\n",
        )
        .file("pod.yaml", PRIVILEGED.replace("web, namespace", r#""a\x9b31m\u202e\x7f", namespace"#))
        .file("bad.yaml", format!("a: {hostile}: b: [\n"))
        .file("s.yaml", format!("{hostile}: 1\n"));
    let commands = FORMATS.map(|format| format!("check -p p . --verbose --explain -o {format}"));
    let others = ["parse pod.yaml", "explain pod.yaml:3 -p p", "check --config s.yaml", &format!("check {hostile}")];
    for arguments in commands.iter().map(String::as_str).chain(others) {
        let all = gate.run(arguments).all();
        let acts = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
        assert_eq!(all.chars().find(acts), None, "{arguments}: {all}");
    }
    let json: serde_json::Value = serde_json::from_str(&gate.run("check -p p pod.yaml -o json").stdout).unwrap();
    assert_eq!(json["findings"][0]["message"], hostile);
}

#[test]
fn a_policys_own_exception_is_told_as_what_it_is() {
    let policy = "package main\n\ndeny_pods contains \"no pods\" if input.kind == \"Pod\"\n\nexception contains rules if {\n\tinput.kind == \"Pod\"\n\trules := [\"pods\"]\n}\n";
    let gate = Gate::new().file("p/a.rego", policy).file("pod.yaml", PRIVILEGED);
    let all = gate.run("check -p p pod.yaml --verbose").all();
    let line = all.lines().find(|line| line.contains("main.deny_pods")).unwrap();
    assert!(line.ends_with("high main.deny_pods no pods (exempted by the policy's own `exception` rule)"), "{line}");
}
