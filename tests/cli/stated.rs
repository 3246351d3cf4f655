//! Nothing vacuous, one time, and policies that are tried beside those that count.

use insta::assert_snapshot;
use serde_json::Value;

use crate::gate::{Gate, NO_PODS, PRIVILEGED};

const WAIVER: &str =
    "- {rule: main.deny, path: deploy, reason: old, owner: bob, approver: alice, expires: 2026-01-31}\n";

#[test]
fn a_policy_folder_whose_rules_have_no_known_name_is_an_error_even_beside_another() {
    let gate = Gate::new()
        .file("p/a.rego", NO_PODS)
        .file("typo/b.rego", "package other\n\ndenny contains \"x\" if input.kind\n")
        .file("svc.yaml", "kind: Service\n");
    assert_snapshot!(gate.check("-p p -p typo svc.yaml"), @r"
typo: error policy-invalid policy_load_error: no rule in there is called `deny`, `violation` or `warn`, so it checks nothing; did you mean `deny` by `denny`?
typo/b.rego:3:1: notice policy-invalid rego_compile_error: the rule `denny` is never asked for; did you mean `deny`?
UNDECIDED: 1 problem (policy-invalid)
exit 2
");
    assert_snapshot!(gate.check("-p ./typo/ --allow-empty svc.yaml"), @r"
./typo/: error policy-invalid policy_load_error: no rule in there is called `deny`, `violation` or `warn`, so it checks nothing; did you mean `deny` by `denny`?
typo/b.rego:3:1: notice policy-invalid rego_compile_error: the rule `denny` is never asked for; did you mean `deny`?
UNDECIDED: 1 problem (policy-invalid)
exit 2
");
    assert_snapshot!(gate.check("-p typo/b.rego -p p svc.yaml"), @r"
typo/b.rego: error policy-invalid policy_load_error: no rule in there is called `deny`, `violation` or `warn`, so it checks nothing; did you mean `deny` by `denny`?
typo/b.rego:3:1: notice policy-invalid rego_compile_error: the rule `denny` is never asked for; did you mean `deny`?
UNDECIDED: 1 problem (policy-invalid)
exit 2
");
    gate.write("p/a.rego", format!("{NO_PODS}\ndeny contains \"y\" if data.other.denny[\"y\"]\n"));
    assert_snapshot!(gate.check("-p p -p typo svc.yaml"), @r"
typo/b.rego:3:1: notice policy-invalid rego_compile_error: the rule `denny` is never asked for; did you mean `deny`?
PASS: no finding at or above medium
exit 0
");
}

#[test]
fn the_short_report_states_what_was_seen_and_what_was_not() {
    let gate = Gate::new()
        .file("p/a.rego", "package main\n\n# METADATA\n# custom: {kinds: [kubernetes]}\ndeny contains \"no pods\" if input.kind == \"Pod\"\n")
        .file("p/b.rego", "package b\n\n# METADATA\n# custom: {kinds: [compose]}\ndeny contains \"x\" if input.never\n")
        .file("deploy/pod.yaml", PRIVILEGED)
        .file("deploy/x.toml", "a = 1\n")
        .file("deploy/x.bin", "?")
        .file("deploy/left.yaml", "a: 1\n")
        .file("waivers.yaml", WAIVER);
    assert_snapshot!(gate.run("check -o concise -p p deploy --exclude **/left.yaml --as-of 2026-01-01").all(), @r"
waiver waivers.yaml:1 `main.deny` in `deploy` accepts 1 finding until 2026-01-31, approved by alice
checked 2 files, 2 documents (1 kubernetes, 1 unknown), 2 rules (1 idle), 1 evaluation; idle b.deny; no rule for 1 unknown; left out 1 file by ignore rules, 1 file of no known format; day 2026-01-01
PASS: no finding at or above medium
exit 0
");
}

#[test]
fn what_will_fail_next_month_is_told_today() {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let ends = today.checked_add(jiff::Span::new().days(20)).unwrap();
    let gate = Gate::new()
        .file("p/a.rego", NO_PODS)
        .file("deploy/pod.yaml", PRIVILEGED)
        .file("waivers.yaml", WAIVER.replace("2026-01-31", &ends.to_string()));
    assert_eq!(gate.run("check -p p deploy").code, Some(0));
    assert_eq!(gate.run("check -p p deploy --as-of +20d").code, Some(0));
    let later = gate.run("check -p p deploy --as-of +30d -o json");
    let json: Value = serde_json::from_str(&later.stdout).unwrap();
    let day = today.checked_add(jiff::Span::new().days(30)).unwrap().to_string();
    assert_eq!((later.code, json["as_of"].as_str()), (Some(1), Some(day.as_str())));
    assert_eq!(json["findings"][0]["disposition"], "failing");
    assert_eq!(
        json["problems"][0]["message"],
        format!("the waiver for `main.deny` ended on {ends} and no longer applies")
    );
    for wrong in
        ["2026-02-30", "2026-2-3", "20260101", "2026-01-01T00:00:00Z", "+30", "+-3d", "+d", "tomorrow", "+99999999999d"]
    {
        let run = gate.run(&format!("check -p p deploy --as-of {wrong}"));
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{wrong}");
        assert!(run.stderr.contains("is no day of the calendar"), "{wrong}: {}", run.stderr);
    }
}

fn shadowed() -> Gate {
    let twice = format!("{NO_PODS}\nwarn contains \"a pod\" if input.kind == \"Pod\"\n");
    Gate::new()
        .file("now/a.rego", twice)
        .file("next/a.rego", "package main\n\ndeny contains \"no services\" if input.kind == \"Service\"\n")
        .file("deploy/pod.yaml", PRIVILEGED)
        .file("deploy/svc.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n")
}

#[test]
fn the_next_policies_are_told_and_the_status_is_that_of_the_others() {
    let gate = shadowed();
    assert_snapshot!(gate.check("-p now --policy-next next deploy"), @r"
deploy/pod.yaml: high main.deny no pods
deploy/pod.yaml: low main.warn a pod
next: policies of next would be FAIL: 1 finding at or above medium; 1 would newly block, 1 would no longer
FAIL: 1 finding at or above medium
exit 1
");
    assert_snapshot!(gate.check("-p next --policy-next now deploy/pod.yaml"), @r"
next: policies of now would be FAIL: 1 finding at or above medium; 1 would newly block, 0 would no longer
PASS: no finding at or above medium
exit 0
");
    let human = gate.run("check -p now --policy-next next deploy --as-of 2026-01-01").stdout;
    assert_snapshot!(human.split_once("next: ").unwrap().1, @r"
policies of next would be FAIL: 1 finding at or above medium; 1 would newly block, 1 would no longer
  would block deploy/svc.yaml:3:18: high main.deny no services
  would pass  deploy/pod.yaml:3:18: high main.deny no pods

findings   1 high, 1 low
in         2 kubernetes
checked    2 files, 2 documents (2 kubernetes), 2 rules, 4 evaluations
day        2026-01-01

FAIL: 1 finding at or above medium
");
    let json: Value = serde_json::from_str(&gate.run("check -p now --policy-next next deploy -o json").stdout).unwrap();
    let next = &json["next"];
    assert_eq!((&json["status"], &next["status"], &next["both"]), (&"fail".into(), &"fail".into(), &0.into()));
    assert_eq!(next["would_block"][0]["message"], "no services");
    assert_eq!(next["would_pass"][0]["message"], "no pods");
    let markdown = gate.run("check -p now --policy-next next deploy -o markdown").stdout;
    assert!(markdown.contains("### Would newly block") && markdown.contains("### Would no longer block"), "{markdown}");
    let github = gate.run("check -p now --policy-next next deploy -o github").stdout;
    assert!(github.contains("::notice title=next::policies of next would be FAIL"), "{github}");
}

#[test]
fn problems_of_the_next_policies_are_shown_and_do_not_change_the_status() {
    let gate = shadowed().file("broken/a.rego", "package main\n\ndeny contains\n");
    assert_snapshot!(gate.check("-p next --policy-next broken deploy/pod.yaml"), @r"
next: policies of broken would be UNDECIDED: 1 problem (policy-invalid); 0 would newly block, 0 would no longer
PASS: no finding at or above medium
exit 0
");
    assert_snapshot!(gate.check("-p next --policy-next nowhere deploy/pod.yaml"), @r"
next: policies of nowhere would be UNDECIDED: 1 problem (policy-invalid); 0 would newly block, 0 would no longer
PASS: no finding at or above medium
exit 0
");
    let human = gate.run("check -p next --policy-next broken deploy/pod.yaml --as-of 2026-01-01").stdout;
    assert_snapshot!(human.split_once("next: ").unwrap().1, @r"
policies of broken would be UNDECIDED: 1 problem (policy-invalid); 0 would newly block, 0 would no longer
  error       broken/a.rego: policy-invalid rego_parse_error: expecting expression

checked    1 file, 1 document (1 kubernetes), 1 rule, 1 evaluation
day        2026-01-01

PASS: no finding at or above medium
");
}
