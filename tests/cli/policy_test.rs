//! `regate test`: the unit tests of policies.

use insta::assert_snapshot;

use crate::gate::Gate;

const POLICY: &str = r#"package main

deny contains msg if {
	some c in input.containers
	c.privileged
	msg := sprintf("%s is privileged", [c.name])
}

allow if {
	input.user in data.admins
	not input.blocked
}
"#;

const TESTS: &str = r#"package main_test

import data.main

test_a_fault_is_found if main.deny == {"a is privileged"} with input as {"containers": [{"name": "a", "privileged": true}]}

test_wrong_set if {
	main.deny == {"a is privileged", "b"} with input as {"containers": [{"name": "a", "privileged": true}, {"name": "z", "privileged": true}]}
}

test_allow if main.allow with input as {"user": "bob"}

test_allow_with_data if main.allow with input as {"user": "bob"} with data.admins as {"bob"}

test_not if not main.allow with input as {"user": "ann"}

test_cases[name] if {
	some name, tc in {
		"good": {"in": 1, "want": 1},
		"bad": {"in": 1, "want": 2},
	}
	print("case", name, tc.none)
	tc["in"] == tc.want
}

test_no_case[name] if some name in []

test_twice if true

test_twice if "x" in {"y"}

test_three := 3

test_conflict := x if some x in [1, 2]

todo_test_later if false
"#;

fn policies() -> Gate {
    Gate::new()
        .file("policy/main.rego", POLICY)
        .file("policy/main_test.rego", TESTS)
        .file("policy/data.yaml", "admins: [ann]\n")
}

#[test]
fn each_failure_is_told_at_the_expression_that_was_not_true() {
    assert_snapshot!(policies().run("test").all(), @r###"
    fail data.main_test.test_wrong_set

      × this is not true
      │ only left   {"z is privileged"}
      │ only right  {"b"}
       ╭─[policy/main_test.rego:8:2]
     7 │ test_wrong_set if {
     8 │     main.deny == {"a is privileged", "b"} with input as {"containers": [{"name": "a", "privileged": true}, {"name": "z", "privileged": true}]}
       ·     ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     9 │ }
       ╰────

    fail data.main_test.test_allow

      × this is undefined
        ╭─[policy/main_test.rego:11:15]
     10 │
     11 │ test_allow if main.allow with input as {"user": "bob"}
        ·               ────────────────────────────────────────
     12 │
        ╰────
      stopped: policy/main.rego:10:2: input.user in data.admins

    fail data.main_test.test_not

      × this holds, and must not
        ╭─[policy/main_test.rego:15:13]
     14 │
     15 │ test_not if not main.allow with input as {"user": "ann"}
        ·             ────────────────────────────────────────────
     16 │
        ╰────

    fail data.main_test.test_cases bad

      × this is not true
      │ left   1
      │ right  2
        ╭─[policy/main_test.rego:23:2]
     22 │     print("case", name, tc.none)
     23 │     tc["in"] == tc.want
        ·     ───────────────────
     24 │ }
        ╰────
      printed: case bad <undefined>
      printed: case good <undefined>

    fail data.main_test.test_no_case

      × no case was tried
        ╭─[policy/main_test.rego:26:1]
     25 │
     26 │ test_no_case[name] if some name in []
        · ─────────────────────────────────────
     27 │
        ╰────

    fail data.main_test.test_twice#01

      × this is not true
      │ value       "x"
      │ collection  {"y"}
        ╭─[policy/main_test.rego:30:16]
     29 │
     30 │ test_twice if "x" in {"y"}
        ·                ───────────
     31 │
        ╰────

    fail data.main_test.test_three

      × its value must be true, and is 3
        ╭─[policy/main_test.rego:32:1]
     31 │
     32 │ test_three := 3
        · ───────────────
     33 │
        ╰────

    error data.main_test.test_conflict

      × eval_error: complete rules must not produce multiple outputs: data.main_test.test_conflict
        ╭─[policy/main_test.rego:34:20]
     33 │
     34 │ test_conflict := x if some x in [1, 2]
        ·                    ───────────────────
     35 │
        ╰────

    FAIL: 7 of 11 tests failed; 1 test could not be evaluated; 1 skipped
    exit 1
    "###);
}

#[test]
fn tests_that_pass_are_listed_when_that_is_asked() {
    assert_snapshot!(policies().run("test --verbose --run twice|cases|found|later policy").all(), @r###"
    pass    data.main_test.test_a_fault_is_found (policy/main_test.rego:5)
    fail    data.main_test.test_cases (policy/main_test.rego:17)
    fail data.main_test.test_cases bad

      × this is not true
      │ left   1
      │ right  2
        ╭─[policy/main_test.rego:23:2]
     22 │     print("case", name, tc.none)
     23 │     tc["in"] == tc.want
        ·     ───────────────────
     24 │ }
        ╰────
      pass  good
      printed: case bad <undefined>
      printed: case good <undefined>

    pass    data.main_test.test_twice (policy/main_test.rego:28)
    fail data.main_test.test_twice#01

      × this is not true
      │ value       "x"
      │ collection  {"y"}
        ╭─[policy/main_test.rego:30:16]
     29 │
     30 │ test_twice if "x" in {"y"}
        ·                ───────────
     31 │
        ╰────

    skipped data.main_test.todo_test_later (policy/main_test.rego:36)
    FAIL: 2 of 4 tests failed; 1 skipped
    exit 1
    "###);
}

#[test]
fn lines_that_no_test_reached_are_told() {
    assert_snapshot!(policies().run("test --coverage --run found$").all(), @r###"
    not reached: policy/main.rego: 10, 11
    coverage 60 % (3 of 5 lines)

    PASS: 1 test passed
    exit 0
    "###);
}

#[test]
fn junit_has_a_case_for_each_test_and_the_verdict() {
    assert_snapshot!(policies().run("test -o junit --run twice|cases|later|conflict").all(), @r###"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="regate test" tests="6" skipped="1" failures="3" errors="1">
        <testsuite name="regate" tests="1" skipped="0" errors="0" failures="1">
            <testcase name="verdict" classname="regate">
                <failure message="FAIL: 2 of 4 tests failed; 1 test could not be evaluated; 1 skipped" type="test">FAIL: 2 of 4 tests failed; 1 test could not be evaluated; 1 skipped</failure>
            </testcase>
        </testsuite>
        <testsuite name="policy/main_test.rego" tests="5" skipped="1" errors="1" failures="2">
            <testcase name="test_cases" classname="data.main_test">
                <failure message="bad: this is not true" type="test">policy/main_test.rego:23:2: bad: this is not true
    left   1
    right  2
    </failure>
                <system-out>case bad &lt;undefined&gt;
    case good &lt;undefined&gt;</system-out>
            </testcase>
            <testcase name="test_twice" classname="data.main_test"/>
            <testcase name="test_twice#01" classname="data.main_test">
                <failure message="this is not true" type="test">policy/main_test.rego:30:16: this is not true
    value       &quot;x&quot;
    collection  {&quot;y&quot;}
    </failure>
            </testcase>
            <testcase name="test_conflict" classname="data.main_test">
                <error message="eval_error: complete rules must not produce multiple outputs: data.main_test.test_conflict" type="test">policy/main_test.rego:34:20: eval_error: complete rules must not produce multiple outputs: data.main_test.test_conflict
    </error>
            </testcase>
            <testcase name="todo_test_later" classname="data.main_test">
                <skipped/>
            </testcase>
        </testsuite>
    </testsuites>
    exit 1
    "###);
}

#[test]
fn json_is_the_whole_run() {
    assert_snapshot!(policies().run("test -o json --run main_test.test_allow$|cases --coverage").all(), @r###"
    {
      "version": 1,
      "tool": {
        "name": "regate",
        "version": "0.1.0"
      },
      "status": "fail",
      "exit_code": 1,
      "reasons": [
        "2 of 2 tests failed"
      ],
      "counts": {
        "tests": 2,
        "pass": 0,
        "fail": 2,
        "error": 0,
        "skipped": 0
      },
      "tests": [
        {"name":"data.main_test.test_allow","outcome":"fail","place":{"file":"policy/main_test.rego","line":11,"column":1,"end_line":11,"end_column":55},"fault":{"message":"this is undefined","place":{"file":"policy/main_test.rego","line":11,"column":15,"end_line":11,"end_column":55},"inner":[{"file":"policy/main.rego","line":10,"column":2,"end_line":10,"end_column":27}]},"cases":[],"printed":[]},
        {"name":"data.main_test.test_cases","outcome":"fail","place":{"file":"policy/main_test.rego","line":17,"column":1,"end_line":17,"end_column":22},"cases":[{"name":"bad","outcome":"fail","fault":{"message":"this is not true\nleft   1\nright  2","place":{"file":"policy/main_test.rego","line":23,"column":2,"end_line":23,"end_column":21},"inner":[]}},{"name":"good","outcome":"pass"}],"printed":["case bad <undefined>","case good <undefined>"]}
      ],
      "problems": [],
      "coverage": {
        "percent": 20.0,
        "files": {"policy/main.rego":{"percent":20.0,"reached":[10],"not_reached":[4,5,6,11]}}
      }
    }
    exit 1
    "###);
}

#[test]
fn json_follows_its_schema() {
    let gate = policies().file("policy/bad.rego", "package bad\n\nimport data.none\n");
    let schema = serde_json::from_str(&gate.run("schema tests").stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for arguments in ["test -o json --coverage", "test -o json policy/bad.rego", "test -o json nowhere"] {
        let run = serde_json::from_str(&gate.run(arguments).stdout).unwrap();
        let faults: Vec<String> = validator.iter_errors(&run).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{arguments}");
    }
}

#[test]
fn nothing_run_is_undecided() {
    let gate = policies().file("todo/a.rego", "package a\n\ntodo_test_x if true\n").file("none/a.rego", "package a\n");
    assert_snapshot!(gate.run("test --run nothing").all(), @r###"
    UNDECIDED: `--run` matches none of 12 tests
    exit 2
    "###);
    assert_snapshot!(gate.run("test todo").all(), @r###"
    UNDECIDED: nothing was run: 1 test still to be done
    exit 2
    "###);
    assert_snapshot!(gate.run("test none").all(), @r###"
    UNDECIDED: there is no test: a test is a rule whose name starts with `test_`
    exit 2
    "###);
    assert_snapshot!(gate.run("test nowhere").all(), @r###"
    error policy_load_error

      × nowhere: there is no such file or folder

    UNDECIDED: the policies can't be loaded (1 problem)
    exit 2
    "###);
}

#[test]
fn a_policy_that_cannot_be_loaded_is_undecided_and_shown() {
    let gate = policies().file("policy/bad.rego", "package bad\n\np if {\n");
    assert_snapshot!(gate.run("test").all(), @r###"
    error rego_parse_error

      × expecting expression
       ╭─[policy/bad.rego:4:1]
     3 │ p if {
       ╰────

    UNDECIDED: the policies can't be loaded (1 problem)
    exit 2
    "###);
}

#[test]
fn a_test_that_takes_too_long_is_no_failure() {
    let slow = "package a\n\ntest_slow if {\n\tsome i in numbers.range(1, 50000)\n\tsome j in numbers.range(1, 50000)\n\ti * j == -1\n}\n";
    let gate = Gate::new().file("p/a.rego", slow).file("regate.yaml", "limits: {rule-time: 100}\n");
    let out = gate.run("test p").all();
    assert!(
        out.contains("the policy takes too long") && out.ends_with("UNDECIDED: 1 test could not be evaluated\nexit 2"),
        "{out}"
    );
}

#[test]
fn what_is_asked_wrongly_is_an_error() {
    let gate = policies();
    assert_snapshot!(gate.run("test --run (").all(), @r###"
    error: `--run (` is no regular expression: regex parse error:
        (
        ^
    error: unclosed group
    exit 2
    "###);
    assert_snapshot!(gate.run("test -o xml").all(), @r###"
    error: there is no format `xml` for tests; there are: human, json, junit
    exit 2
    "###);
    assert_snapshot!(gate.run("test -o json -o junit").all(), @r###"
    error: two reports would be written to standard output: give one of them a file of its own, `-o FORMAT=FILE`
    exit 2
    "###);
    assert_snapshot!(Gate::new().run("test").all(), @r###"
    error: name the folder of the policies: `regate test PATH`
    exit 2
    "###);
}

#[cfg(unix)]
#[test]
fn conftests_readers_read_what_lies_below_the_working_folder() {
    let text = r#"package a

test_text if parse_config("hcl2", "resource \"a\" \"b\" { c = 1 }").resource.a.b[0].c == 1

test_file if parse_config_file("../deploy/pod.yaml").kind == "Pod"

test_files if {
	files := parse_combined_config_files(["x.json", "../deploy/pod.yaml"])
	[file.path | some file in files] == ["deploy/pod.yaml", "policy/x.json"]
	files[1].contents == {"a": 1}
}

test_outside if parse_config_file("../../../../../../etc/passwd.yaml")

test_outside_by_link if parse_config_file("link.yaml")

test_broken if parse_config("yaml", "a: [1")

test_unknown if parse_config("groovy", "x")
"#;
    let gate = Gate::new().file("policy/a.rego", text).file("policy/x.json", "{\"a\": 1}");
    gate.write("deploy/pod.yaml", "kind: Pod\n");
    std::os::unix::fs::symlink("/etc/hostname", gate.path("policy/link.yaml")).unwrap();
    let out = gate.run("test -v").stdout;
    let told: Vec<&str> = out.lines().filter(|line| line.starts_with("pass") || line.starts_with("  ×")).collect();
    assert_snapshot!(told.join("\n"), @"
    pass    data.a.test_text (policy/a.rego:3)
    pass    data.a.test_file (policy/a.rego:5)
    pass    data.a.test_files (policy/a.rego:7)
      × eval_error: `../../../../../etc/passwd.yaml` can't be read: there is no such file
      × eval_error: `policy/link.yaml` is outside of the working folder, and policies can't read it
      × eval_error: `parse_config`: not valid YAML: unclosed bracket '['
      × eval_error: parse_config: no parser `groovy`; there are: yaml, json, jsonc, toml, hcl2,
    ");
}

#[test]
fn the_clock_and_chance_are_granted_when_that_is_asked() {
    let text =
        "package a\n\ntest_now if time.now_ns() > 1767225600000000000\n\ntest_chance if rand.intn(\"x\", 5) < 5\n";
    let gate = Gate::new().file("p/a.rego", text);
    assert_snapshot!(gate.run("test p --allow clock --allow rand").all(), @"
    PASS: 2 tests passed
    exit 0
    ");
    assert!(gate.run("test p").all().ends_with("UNDECIDED: 2 tests could not be evaluated\nexit 2"));
}

#[test]
fn a_name_that_only_a_comprehension_uses_may_be_declared_outside_of_it() {
    let text = "package a\n\np contains s if {\n\tsome i\n\ts := {v | v := input[i]}\n}\n\ntest_p if p == {{1, 2}} with input as [1, 2]\n";
    assert_snapshot!(Gate::new().file("p/a.rego", text).run("test p").all(), @"
    PASS: 1 test passed
    exit 0
    ");
}

#[test]
fn a_rule_without_arguments_can_be_written_as_a_function() {
    let text = "package a\n\nf() := 3\n\ntest_reference if f == 3\n\ntest_call if f() == 3\n";
    assert_snapshot!(Gate::new().file("p/a.rego", text).run("test -v p").all(), @r###"
    pass    data.a.test_reference (p/a.rego:5)
    pass    data.a.test_call (p/a.rego:7)
    PASS: 2 tests passed
    exit 0
    "###);
}
