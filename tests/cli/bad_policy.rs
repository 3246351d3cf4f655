//! Policies that can't be loaded or evaluated, and results that are no findings: each reaches the verdict.

use insta::assert_snapshot;

use crate::gate::{Gate, NO_PODS, PRIVILEGED};

fn with(policy: &str) -> String {
    Gate::new().file("p/a.rego", policy).file("pod.yaml", PRIVILEGED).check("-p p pod.yaml")
}

#[test]
fn results_of_a_wrong_type_are_problems() {
    assert_snapshot!(with("package main\n\ndeny := true\n"), @"
    pod.yaml: error policy-result rule `main.deny` (p/a.rego:3): the rule's value is `true`, which is no finding: it must be a set of messages (`deny contains msg if …`)
    UNDECIDED: 1 problem (policy-result)
    exit 2
    ");
    assert_snapshot!(with("package main\n\ndeny := 7\n"), @"
    pod.yaml: error policy-result rule `main.deny` (p/a.rego:3): the rule's value is `7`, which is no finding: it must be a set of messages (`deny contains msg if …`)
    UNDECIDED: 1 problem (policy-result)
    exit 2
    ");
    assert_snapshot!(with("package main\n\ndeny contains 3 if input.kind\n"), @"
    pod.yaml: error policy-result rule `main.deny` (p/a.rego:3): the rule gave `3`, which is no finding: it must be a string, or an object with a string `msg`
    UNDECIDED: 1 problem (policy-result)
    exit 2
    ");
    assert_snapshot!(with("package main\n\ndeny contains {\"text\": \"x\"} if input.kind\n"), @r#"
    pod.yaml: error policy-result rule `main.deny` (p/a.rego:3): the rule gave an object without a string `msg`: `{"text":"x"}`
    UNDECIDED: 1 problem (policy-result)
    exit 2
    "#);
    assert_snapshot!(with("package main\n\ndeny contains \"\" if input.kind\n"), @"
    pod.yaml: error policy-result rule `main.deny` (p/a.rego:3): the rule gave an empty message
    UNDECIDED: 1 problem (policy-result)
    exit 2
    ");
}

#[test]
fn a_policy_with_a_syntax_error_is_shown_with_its_place() {
    let gate =
        Gate::new().file("p/a.rego", "package main\n\ndeny contains x if {\n\tx := \n}\n").file("pod.yaml", PRIVILEGED);
    assert_snapshot!(gate.run("check --as-of 2026-01-01 -p p pod.yaml").all(), @r"
    error policy-invalid

      × rego_parse_error: expecting `}` while parsing set
       ╭─[p/a.rego:4:4]
     3 │ deny contains x if {
     4 │     x :=
       ·       ▲
     5 │ }
       ╰────

    checked    1 file, 1 document (1 kubernetes), 0 rules, 0 evaluations
    no rule    for 1 kubernetes
    day        2026-01-01

    UNDECIDED: 1 problem (policy-invalid)
    exit 2
    ");
}

#[test]
fn the_other_policies_are_evaluated_beside_one_that_does_not_parse() {
    let gate = Gate::new().file("p/a.rego", "package broken\n\ndeny contains\n").file("p/b.rego", NO_PODS);
    assert_snapshot!(gate.file("pod.yaml", PRIVILEGED).check("-p p pod.yaml"), @"
    pod.yaml: high main.deny no pods
    p/a.rego:4:1: error policy-invalid rego_parse_error: expecting expression
    FAIL: 1 finding at or above medium; 1 problem (policy-invalid)
    exit 1
    ");
}

#[test]
fn a_policy_that_fails_while_it_is_evaluated_is_a_problem() {
    let policy = "package main\n\ndeny contains \"x\" if f(input) == 1\n\nf(x) := 1 if x.kind\n\nf(x) := 2 if x.kind\n";
    assert_snapshot!(with(policy), @"
    pod.yaml: error policy-failed rule `main.deny` could not be evaluated: functions must not produce multiple outputs for same inputs: data.main.f (p/a.rego:7)
    UNDECIDED: 1 problem (policy-failed)
    exit 2
    ");
}

#[test]
fn a_policy_that_takes_too_long_is_stopped() {
    let policy = "package main\n\ndeny contains \"x\" if {\n\tcount([1 | numbers.range(1, 100000)[_]; numbers.range(1, 100000)[_]]) > 3\n}\n";
    let gate = Gate::new().file("p/a.rego", policy).file("pod.yaml", PRIVILEGED);
    gate.write("regate.yaml", "limits: {rule-time: 200}\n");
    assert_snapshot!(gate.check("-p p pod.yaml"), @"
    pod.yaml: error policy-limit rule `main.deny` could not be evaluated: it ran for longer than it may (p/a.rego:3)
    UNDECIDED: 1 problem (policy-limit)
    exit 2
    ");
}

#[test]
fn recursion_is_refused_before_it_ends_the_process() {
    assert_snapshot!(with("package main\n\ndeny contains \"x\" if f(1)\n\nf(x) := f(x + 1)\n"), @"
    p/a.rego:5:1: error policy-invalid rego_recursion_error: rule data.main.f is recursive: data.main.f -> data.main.f
    UNDECIDED: 1 problem (policy-invalid)
    exit 2
    ");
    assert_snapshot!(with("package main\n\ndeny contains \"x\" if a\n\na if b\n\nb if a\n"), @"
    p/a.rego:5:1: error policy-invalid rego_recursion_error: rule data.main.a is recursive: data.main.a -> data.main.b -> data.main.a
    UNDECIDED: 1 problem (policy-invalid)
    exit 2
    ");
}

#[test]
fn a_chain_of_rules_is_evaluated_and_one_that_is_too_long_is_a_problem() {
    let mut policy = "package main\n\nr0 if input.kind\n".to_owned();
    for n in 1..300 {
        policy.push_str(&format!("\nr{n} if r{}\n", n - 1));
    }
    policy.push_str("\ndeny contains \"the end\" if r299\n");
    assert!(with(&policy).ends_with("main.deny the end\nFAIL: 1 finding at or above medium\nexit 1"));
    let gate = Gate::new().file("p/a.rego", &policy).file("pod.yaml", PRIVILEGED);
    gate.write("regate.yaml", "limits: {rule-depth: 100}\n");
    assert_snapshot!(gate.check("-p p pod.yaml"), @"
    pod.yaml: error policy-limit rule `main.deny` could not be evaluated: the policy nests more than 100 rules, functions and loops (p/a.rego:403)
    UNDECIDED: 1 problem (policy-limit)
    exit 2
    ");
}

#[test]
fn every_statement_that_does_not_parse_is_named() {
    assert_snapshot!(with("package main\n\ndeny contains x if {\n\tx :=\n}\n\nok := 1\n\nwarn contains if\n"), @"
    p/a.rego:4:4: error policy-invalid rego_parse_error: expecting `}` while parsing set
    p/a.rego:9:15: error policy-invalid rego_parse_error: unexpected keyword `if`
    UNDECIDED: 2 problems (policy-invalid)
    exit 2
    ");
}

#[test]
fn a_policy_that_is_not_there_is_an_error() {
    let gate = Gate::new().file("pod.yaml", PRIVILEGED).file("none/readme.md", "");
    assert_snapshot!(gate.check("-p nowhere pod.yaml"), @"
    nowhere: error policy-invalid policy_load_error: there is no such file or folder
    UNDECIDED: 1 problem (policy-invalid)
    exit 2
    ");
    assert_snapshot!(gate.check("-p builtin:nope pod.yaml"), @"
    builtin:nope: error policy-invalid policy_load_error: there is no built-in pack `nope`; there are: all, cloudformation, compose, dockerfile, github-workflow, kubernetes, terraform, tests, vulnerabilities
    UNDECIDED: 1 problem (policy-invalid)
    exit 2
    ");
    assert_snapshot!(gate.check("-p none pod.yaml"), @"
    none: error policy-invalid policy_load_error: no policy (`*.rego`) is in there
    UNDECIDED: 1 problem (policy-invalid)
    exit 2
    ");
}

#[test]
fn data_that_is_not_there_or_no_data_is_an_error() {
    let gate = Gate::new().file("pod.yaml", PRIVILEGED).file("p/a.rego", NO_PODS).file("p/data.yaml", "a: [\n");
    assert_snapshot!(gate.check("-p p -d nowhere pod.yaml"), @"
    pod.yaml: high main.deny no pods
    nowhere: error policy-invalid policy_load_error: can't be read: No such file or directory (os error 2)
    p/data.yaml: error policy-invalid policy_load_error: is not valid data: did not find expected node content at line 2 column 1, while parsing a flow node
    FAIL: 1 finding at or above medium; 2 problems (policy-invalid)
    exit 1
    ");
}
