//! Inputs that can't be read, parsed or checked: nothing is lost, nothing passes.

use insta::assert_snapshot;

use crate::gate::{Gate, NO_PODS, PRIVILEGED};

fn with(name: &str, text: impl AsRef<[u8]>) -> String {
    Gate::new().file("rules/r.rego", NO_PODS).file(name, text).check(&format!("-p rules {name}"))
}

#[test]
fn text_that_is_not_utf_8_is_unreadable() {
    assert_snapshot!(with("latin.yaml", b"a: \xe9\n"), @"
    error no-input no input could be checked
    latin.yaml: error unreadable this is not UTF-8 text: byte 3 (line 1) starts no character
    UNDECIDED: 1 problem (unreadable); no input could be checked
    exit 2
    ");
    assert_snapshot!(with("utf16.yaml", b"\xff\xfea\0"), @"
    error no-input no input could be checked
    utf16.yaml: error unreadable this is UTF-16 text, and only UTF-8 is read
    UNDECIDED: 1 problem (unreadable); no input could be checked
    exit 2
    ");
    let run = Gate::new().fed("check - -o concise --stdin-filename deploy/x.yaml", b"a: \xe9\n");
    assert_snapshot!(run.placeless(), @"
    error no-input no input could be checked
    deploy/x.yaml: error unreadable this is not UTF-8 text: byte 3 (line 1) starts no character
    UNDECIDED: 1 problem (unreadable); no input could be checked
    exit 2
    ");
}

#[test]
fn the_other_documents_of_a_file_with_a_syntax_error_are_checked() {
    let text = "kind: Pod\nname: first\n---\na: [1\nb: 2\n---\nkind: Pod\nname: last\n";
    assert_snapshot!(with("several.yaml", text), @"
    several.yaml: high main.deny no pods
    several.yaml: high main.deny no pods
    several.yaml:5:2: error syntax not valid YAML: illegal placement of ':' indicator
    FAIL: 2 findings at or above medium; 1 problem (syntax)
    exit 1
    ");
}

#[test]
fn a_syntax_error_is_underlined() {
    let gate = Gate::new().file("a.json", "{\n  \"a\": [1, 2,,]\n}\n");
    assert_snapshot!(gate.run("check --as-of 2026-01-01 a.json").all(), @r#"
    error no-input

      × no input could be checked
      help: name files or folders, or give `--allow-empty` if nothing to check is fine

    error syntax

      × not valid JSON: a value should stand here, found `,`
       ╭─[a.json:2:14]
     1 │ {
     2 │   "a": [1, 2,,]
       ·              ─
     3 │ }
       ╰────

    checked    1 file, 0 documents, 0 rules, 0 evaluations
    day        2026-01-01

    UNDECIDED: 1 problem (syntax); no input could be checked
    exit 2
    "#);
}

#[test]
fn a_key_given_twice_is_noticed_with_both_places() {
    let gate = Gate::new().file("rules/r.rego", NO_PODS).file("twice.yaml", "kind: Job\na: 1\nb: 2\na: 3\n");
    assert_snapshot!(gate.run("check --as-of 2026-01-01 -p rules twice.yaml").all(), @"
    notice syntax

      ☞ `a` is given twice
       ╭─[twice.yaml:4:1]
     1 │ kind: Job
     2 │ a: 1
       · ┬
       · ╰── this one is lost
     3 │ b: 2
     4 │ a: 3
       · ┬
       · ╰── this one counts
       ╰────

    checked    1 file, 1 document (1 unknown), 1 rule, 1 evaluation
    day        2026-01-01

    PASS: no finding at or above medium
    exit 0
    ");
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(",")));
    }
    assert_snapshot!(with("bomb.yaml", text), @"
    error no-input no input could be checked
    bomb.yaml:7:22: error syntax not valid YAML: the document has more than 5000000 nodes once its aliases are written out
    UNDECIDED: 1 problem (syntax); no input could be checked
    exit 2
    ");
}

#[test]
fn nesting_of_a_hundred_thousand_is_refused_in_every_format() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    for (name, text) in [
        ("deep.yaml", deep("[", "]")),
        ("block.yaml", format!("{}1\n", "- ".repeat(100_000))),
        ("deep.json", deep("[", "]")),
        ("deep.jsonc", deep("[", "]")),
        ("deep.ndjson", deep("[", "]")),
        ("deep.toml", format!("a = {}\n", deep("[", "]"))),
        ("deep.tf", format!("a = {}\n", deep("[", "]"))),
        ("minus.tf", format!("a = {}1\n", "-".repeat(100_000))),
        ("deep.xml", deep("<a>", "</a>")),
    ] {
        let output = with(name, text);
        assert!(output.contains("error syntax"), "{name}: {output}");
        assert!(output.ends_with("exit 2"), "{name}: {output}");
    }
}

#[test]
fn an_empty_file_and_an_empty_folder_are_no_pass() {
    assert_snapshot!(with("empty.yaml", ""), @"
    error no-input no input was found
    empty.yaml: notice not-checked the file holds no document
    UNDECIDED: no input was found
    exit 2
    ");
    let gate = Gate::new();
    std::fs::create_dir(gate.path("nothing")).unwrap();
    assert_snapshot!(gate.check("nothing"), @"
    error no-input no input was found
    UNDECIDED: no input was found
    exit 2
    ");
    assert_eq!(gate.run("check nothing --allow-empty").code, Some(0));
}

#[test]
fn a_missing_file_and_a_file_of_no_format_are_no_pass() {
    assert_snapshot!(Gate::new().check("nowhere.yaml"), @"
    error no-input no input could be checked
    nowhere.yaml: error unreadable there is no such file
    UNDECIDED: 1 problem (unreadable); no input could be checked
    exit 2
    ");
    assert_snapshot!(with("picture.png", "x"), @"
    error no-input no input could be checked
    picture.png: error unreadable there is no parser for this file
    UNDECIDED: 1 problem (unreadable); no input could be checked
    exit 2
    ");
}

#[test]
fn inputs_to_which_no_rule_applies_are_no_pass() {
    assert_snapshot!(Gate::new().file("a.yaml", "a: 1\n").check("a.yaml"), @"
    error no-rule no rule applied to any input
    UNDECIDED: no rule applied to any input
    exit 2
    ");
}

#[test]
fn a_helm_template_is_said_to_be_unchecked() {
    let gate = Gate::new().file("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    gate.write("web/templates/pod.yaml", "kind: Pod\nmetadata:\n  name: {{ .Values.name }}\n");
    gate.write("pod.yaml", PRIVILEGED);
    gate.write("rules/r.rego", NO_PODS);
    assert_snapshot!(gate.check("-p rules ."), @"
    pod.yaml: high main.deny no pods
    web/templates/pod.yaml: error not-checked a Helm template is not checked: render it first
    FAIL: 1 finding at or above medium; 1 problem (not-checked)
    exit 1
    ");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_no_pass() {
    use std::os::unix::fs::PermissionsExt as _;
    let gate = Gate::new().file("closed/a.yaml", PRIVILEGED).file("pod.yaml", PRIVILEGED).file("rules/r.rego", NO_PODS);
    std::fs::set_permissions(gate.path("closed"), std::fs::Permissions::from_mode(0o000)).unwrap();
    let output = gate.check("-p rules .");
    let may_read_all = std::fs::read_dir(gate.path("closed")).is_ok();
    std::fs::set_permissions(gate.path("closed"), std::fs::Permissions::from_mode(0o755)).unwrap();
    if may_read_all {
        // The superuser reads everything.
        return;
    }
    assert!(output.contains("closed: error unreadable permission to read this is denied"), "{output}");
}
