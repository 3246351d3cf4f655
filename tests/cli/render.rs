//! `--render`, with a `helm` of our own on the path.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use insta::assert_snapshot;

use crate::gate::{Gate, NO_PODS};

/// A chart, and a program called `name` that runs `script`.
fn chart(name: &str, script: &str) -> Gate {
    let gate = Gate::new()
        .file("p/p.rego", NO_PODS)
        .file("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
        .file("web/templates/pod.yaml", "apiVersion: v1\nkind: {{ .Values.kind }}\n")
        .file(&format!("bin/{name}"), format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(gate.path(&format!("bin/{name}")), Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", gate.path("bin").display());
    gate.env("PATH", &path)
}

fn found(gate: &Gate, arguments: &str) -> String {
    let all = gate.run(&format!("check -o concise -p p {arguments}")).all();
    let all = all.replace(&gate.path("").display().to_string(), "DIR/");
    all.lines().filter(|line| !line.starts_with("checked ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_chart_is_rendered_and_what_comes_out_is_checked() {
    let gate = chart("helm", "echo 'apiVersion: v1'; echo 'kind: Pod'; echo \"# $*\"");
    assert_snapshot!(found(&gate, "--render web"), @"
    web/<helm template>.yaml:2:7: high main.deny no pods
    FAIL: 1 finding at or above medium
    exit 1
    ");
    assert_snapshot!(found(&gate, "web"), @"
    web/templates/pod.yaml: error not-checked a Helm template is not checked: render it first
    UNDECIDED: 1 problem (not-checked)
    exit 2
    ");
}

#[test]
fn a_chart_that_helm_refuses_is_no_pass() {
    let gate = chart("helm", "echo 'Error: values are missing' >&2; exit 1");
    assert_snapshot!(found(&gate, "--render web"), @"
    error: `helm template release web` failed: Error: values are missing
    exit 2
    ");
    let none = chart("other", "");
    assert_snapshot!(found(&none, "--render web"), @"
    error: `--render` needs `helm` for `web`: No such file or directory (os error 2)
    exit 2
    ");
}
