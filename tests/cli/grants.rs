//! What policies may reach outside of their input.

use insta::assert_snapshot;

use crate::gate::Gate;

const REACHING: &str = r#"package main

deny_clock contains msg if msg := time.format(time.now_ns())

deny_env contains msg if msg := sprintf("for %s", [opa.runtime().env.REGATE_TEST_NAME])

deny_chance contains msg if msg := sprintf("%d", [rand.intn("x", 1000)])

deny_http contains msg if msg := http.send({"method": "get", "url": "http://localhost:1"}).body
"#;

const READING: &str = r#"package main

deny_text contains msg if msg := sprintf("%v", [parse_config("yaml", "a: [1, {b: null}]")])

deny_file contains msg if msg := sprintf("%v", [parse_config_file("../in/x.tf")])

deny_files contains msg if msg := sprintf("%v", [parse_combined_config_files(["../in/x.tf", "../in/a.yaml"])])

deny_outside contains msg if msg := parse_config_file("../../../../../../../etc/passwd").x

deny_parser contains msg if msg := parse_config("cue", "a: 1").a

deny_place contains msg if msg := data.conftest.file.name
"#;

fn gate(policy: &str) -> Gate {
    Gate::new().file("policy/p.rego", policy).file("in/a.yaml", "a: 1\n").file("in/x.tf", "resource \"a\" \"b\" {\n}\n")
}

#[test]
fn nothing_is_reached_without_a_grant() {
    assert_snapshot!(gate(REACHING).check("-p policy in/a.yaml"), @"
    in/a.yaml: error policy-failed rule `main.deny_chance` could not be evaluated: rand.intn is not allowed in this run: grant it with `--allow rand` (policy/p.rego:7)
    in/a.yaml: error policy-failed rule `main.deny_clock` could not be evaluated: time.now_ns is not allowed in this run: grant it with `--allow clock` (policy/p.rego:3)
    in/a.yaml: error policy-failed rule `main.deny_env` could not be evaluated: opa.runtime is not allowed in this run: grant it with `--allow env` (policy/p.rego:5)
    in/a.yaml: error policy-failed rule `main.deny_http` could not be evaluated: http.send is not allowed in this run: grant it with `--allow net` (policy/p.rego:9)
    UNDECIDED: 4 problems (policy-failed)
    exit 2
    ");
}

#[test]
fn the_clock_stands_at_the_beginning_of_the_day_that_was_asked_for_and_chance_with_it() {
    let run = gate(REACHING).check("-p policy in/a.yaml --as-of 2026-02-03 --allow clock,rand --allow net");
    assert_snapshot!(run, @"
    in/a.yaml: high main.deny_chance 994
    in/a.yaml: high main.deny_clock 2026-02-03T00:00:00Z
    in/a.yaml: error policy-failed rule `main.deny_env` could not be evaluated: opa.runtime is not allowed in this run: grant it with `--allow env` (policy/p.rego:5)
    in/a.yaml: error policy-failed rule `main.deny_http` could not be evaluated: http.send: this build sends no requests (policy/p.rego:9)
    FAIL: 2 findings at or above medium; 2 problems (policy-failed)
    exit 1
    ");
}

#[test]
fn settings_of_the_repository_grant_nothing() {
    let gate = gate(REACHING).file("regate.yaml", "allow: [clock]\n");
    let told = gate.check("-p policy in/a.yaml");
    assert!(told.contains("unknown field `allow`") && told.ends_with("exit 2"), "{told}");
}

#[test]
fn conftests_parsers_read_under_the_working_folder() {
    assert_snapshot!(gate(READING).check("-p policy in/a.yaml"), @r#"
    in/a.yaml: high main.deny_file {"resource": {"a": {"b": [{}]}}}
    in/a.yaml: high main.deny_files [{"contents": {"a": 1}, "path": "in/a.yaml"}, {"contents": {"resource": {"a": {"b": [{}]}}}, "path": "in/x.tf"}]
    in/a.yaml: high main.deny_place a.yaml
    in/a.yaml: high main.deny_text {"a": [1, {"b": null}]}
    in/a.yaml: error policy-failed rule `main.deny_outside` could not be evaluated: `../../../../../../etc/passwd` is outside of the working folder, and policies can't read it (policy/p.rego:9)
    in/a.yaml: error policy-failed rule `main.deny_parser` could not be evaluated: parse_config: no parser `cue`; there are: yaml, json, jsonc, toml, hcl2, dockerfile, xml (policy/p.rego:11)
    FAIL: 4 findings at or above medium; 2 problems (policy-failed)
    exit 1
    "#);
}
