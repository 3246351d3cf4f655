//! Decision records, replay and diff.

use insta::assert_snapshot;
use serde_json::Value;

use crate::gate::{Gate, NO_PODS, PRIVILEGED};

const CHECK: &str = "check -p p . -o record=r.json -o concise";

fn gate() -> Gate {
    Gate::new()
        .file("p/a.rego", NO_PODS)
        .file("deploy/pod.yaml", PRIVILEGED)
        .file("deploy/svc.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n")
        .file("regate.yaml", "fail-on: high\n")
}

/// Without the line of the time and the seal of it.
fn timeless(record: &str) -> String {
    let (head, rest) = record.split_once("  \"time\": {").unwrap();
    format!("{head}{}", rest.split_once("},").unwrap().1)
}

/// What a replay says below its two head lines, which have the day of today.
fn below(gate: &Gate, arguments: &str) -> String {
    let run = gate.run(arguments);
    let lines = run.all();
    lines
        .lines()
        .filter(|line| !line.starts_with("record ") && !line.contains("(regate "))
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_owned()
}

#[test]
fn a_record_is_the_same_but_for_its_time_and_is_no_input_of_the_next_run() {
    let gate = gate();
    assert_eq!(gate.run(CHECK).code, Some(1));
    let first = gate.read("r.json");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(gate.run(&format!("{CHECK} -j 1")).code, Some(1));
    assert_ne!(first, gate.read("r.json"));
    assert_eq!(timeless(&first), timeless(&gate.read("r.json")));
    assert!(!first.contains(gate.path(".").to_str().unwrap()), "the record names the machine's folders");
    let json: Value = serde_json::from_str(&first).unwrap();
    let names: Vec<_> = json["run"]["basis"]["inputs"].as_array().unwrap().iter().map(|input| &input["file"]).collect();
    assert_eq!(names, ["deploy/pod.yaml", "deploy/svc.yaml", "regate.yaml"]);
}

#[test]
fn a_replay_of_what_has_not_changed_is_the_same_verdict() {
    let gate = gate();
    gate.run(CHECK);
    assert_snapshot!(below(&gate, "replay r.json"), @r"
Inputs, policies, settings, waivers and baseline are the same.

unchanged 1 finding

The verdict is the same: FAIL.
exit 0
");
}

#[test]
fn a_replay_tells_by_digest_what_has_changed_apart_from_the_verdict() {
    let gate = gate().file("waivers.yaml", "[]\n");
    gate.run(CHECK);
    gate.write("deploy/svc.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: api}\n");
    gate.write("waivers.yaml", "waivers: []\n");
    assert_snapshot!(below(&gate, "replay r.json"), @r"
not the same (3)
  inputs    changed deploy/svc.yaml  sha256:44cc4f7658c9 -> sha256:35a0b3a33dd3
  inputs    changed waivers.yaml  sha256:37517e5f3dc6 -> sha256:0fe964782f0d
  waivers   changed waivers.yaml  sha256:37517e5f3dc6 -> sha256:0fe964782f0d

unchanged 1 finding

The verdict is the same: FAIL.
exit 0
");
    gate.write("deploy/pod.yaml", "kind: Deployment\n");
    gate.write("p/b.rego", "package b\n\nwarn contains \"service\" if input.kind == \"Service\"\n");
    gate.write("regate.yaml", "fail-on: low\n");
    assert_snapshot!(below(&gate, "replay r.json"), @r#"
not the same (8)
  inputs    changed deploy/pod.yaml  sha256:07b80eb01498 -> sha256:2e15259aa2d9
  inputs    changed deploy/svc.yaml  sha256:44cc4f7658c9 -> sha256:35a0b3a33dd3
  inputs    changed regate.yaml  sha256:81ea1d94c5d8 -> sha256:a92690ff179e
  inputs    changed waivers.yaml  sha256:37517e5f3dc6 -> sha256:0fe964782f0d
  policies  added   p/b.rego  sha256:3f65d6894b76
  settings  changed fail-on  "high" -> "low"
  settings  changed regate.yaml  sha256:81ea1d94c5d8 -> sha256:a92690ff179e
  waivers   changed waivers.yaml  sha256:37517e5f3dc6 -> sha256:0fe964782f0d

new (1)
  deploy/svc.yaml:3:18: low b.warn service (failing; by changed inputs or policies)

fixed (1)
  deploy/pod.yaml:3:18: high main.deny no pods (failing; by changed inputs)

unchanged 0 findings

Both are FAIL, and not for the same findings.
exit 1
"#);
    std::fs::remove_dir_all(gate.path("deploy")).unwrap();
    assert_eq!(gate.run("replay r.json").code, Some(1));
}

#[test]
fn a_replay_is_on_the_day_and_with_the_arguments_of_the_record() {
    let gate = gate().file("waivers.yaml", "- {rule: '*', reason: r, owner: o, expires: 2020-01-31}\n");
    let run = gate.run("check -p p deploy --as-of 2020-01-31 --env prod --fail-on low -o record=./r.json");
    assert_eq!(run.code, Some(0), "{}", run.all());
    let replay = gate.run("replay r.json --json");
    let json: Value = serde_json::from_str(&replay.stdout).unwrap();
    assert_eq!((replay.code, &json["same"], &json["after"]["as_of"]), (Some(0), &true.into(), &"2020-01-31".into()));
    assert_eq!(json["changes"], serde_json::json!([]));
    assert_eq!(gate.run("check -p p deploy").code, Some(1));
    let stdin = gate.fed("check - -p p -o record=s.json --stdin-filename deploy/x.yaml", PRIVILEGED.as_bytes());
    assert_eq!(stdin.code, Some(1));
    assert_eq!(gate.fed("replay s.json", PRIVILEGED.as_bytes()).code, Some(0));
    assert_eq!(gate.fed("replay s.json", b"kind: Service\n").code, Some(1));
}

#[test]
fn a_replay_judges_the_files_that_git_called_changed_then() {
    let gate = gate();
    gate.git("init -q -b main .");
    gate.git("add -A");
    gate.git("commit -qm first");
    gate.write("deploy/new.yaml", PRIVILEGED);
    let run = gate.run("check -p p deploy --changed main -o record=r.json -o concise");
    assert_eq!((run.code, run.stdout.contains("deploy/pod.yaml")), (Some(1), false), "{}", run.stdout);
    gate.git("add -A");
    gate.git("commit -qm second");
    assert_eq!(gate.run("check -p p deploy --changed main").code, Some(0));
    let replay = gate.run("replay r.json");
    assert_eq!(replay.code, Some(0), "{}", replay.all());
}

#[test]
fn a_record_that_is_cut_off_edited_or_none_is_refused() {
    let gate = gate();
    gate.run(&format!("{CHECK} -o json=run.json"));
    let record = gate.read("r.json");
    gate.write("cut.json", &record[..record.len() / 2]);
    gate.write("edited.json", record.replace("\"status\": \"fail\"", "\"status\": \"pass\""));
    gate.write("retimed.json", record.replacen("\"at\": \"20", "\"at\": \"19", 1));
    gate.write("deep.json", "[".repeat(1 << 20));
    gate.write("text.json", b"\xff\xfe");
    gate.write("empty.json", "");
    for (name, told) in [
        ("cut.json", "it was cut off: "),
        ("edited.json", "it was edited: its digest is sha256:"),
        ("retimed.json", "it was edited: the seal of its time is not that of `19"),
        ("deep.json", "it is not JSON: recursion limit exceeded"),
        ("text.json", "stream did not contain valid UTF-8"),
        ("empty.json", "it was cut off: "),
        ("run.json", "it has no `record`"),
        ("nowhere.json", "No such file"),
        (".", "this is no regular file"),
    ] {
        let run = gate.run(&format!("replay {name}"));
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{name}");
        assert!(run.stderr.contains(told), "{name}: {}", run.stderr);
    }
}

#[test]
fn a_record_starts_no_program_by_itself_and_a_missing_file_is_told() {
    let gate = gate();
    gate.run("baseline update -p p deploy");
    gate.run("check -p p deploy --new-only -o record=r.json");
    std::fs::remove_file(gate.path(".regate-baseline.json")).unwrap();
    let run = gate.run("replay r.json");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("the baseline `.regate-baseline.json` can't be read"), "{}", run.stderr);
    gate.run("check -p p deploy --render -o record=r.json");
    let run = gate.run("replay r.json");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("`--render` does so again"), "{}", run.stderr);
}

#[test]
fn a_diff_tells_new_fixed_and_moved_findings_and_what_they_are_due_to() {
    let gate = gate().file("p/b.rego", "package b\n\nwarn contains \"name\" if input.metadata.name == \"web\"\n");
    gate.run("check -p p deploy -o json=a.json -q --as-of 2026-01-01");
    gate.write("p/c.rego", "package c\n\ndeny contains \"service\" if input.kind == \"Service\"\n");
    gate.write("deploy/pod.yaml", PRIVILEGED.replace("name: web, n", "name: other, n"));
    gate.write("deploy/new.yaml", PRIVILEGED);
    gate.write(
        "waivers.yaml",
        "- {rule: main.deny, path: deploy/new.yaml, reason: r, owner: o, expires: 2026-12-31}\n",
    );
    gate.run("check -p p deploy -o record=b.json -q --as-of 2026-01-02");
    assert_snapshot!(gate.run("diff a.json b.json").all(), @r"
before   FAIL: 1 finding at or above high (regate 0.1.0, for 2026-01-01)
after    FAIL: 2 findings at or above high (regate 0.1.0, for 2026-01-02)

not the same (5)
  day       changed  2026-01-01 -> 2026-01-02
  inputs    added   deploy/new.yaml  sha256:07b80eb01498
  inputs    changed deploy/pod.yaml  sha256:07b80eb01498 -> sha256:24ffc3a74eb4
  policies  added   p/c.rego  sha256:f38f2b775990
  waivers   added   waivers.yaml  sha256:d398817b9c32

new (4)
  deploy/new.yaml:3:18: low b.warn name (minor; by changed inputs)
  deploy/new.yaml:3:18: high main.deny no pods (waived; by changed inputs)
  deploy/pod.yaml:3:18: high main.deny no pods (failing; by changed inputs)
  deploy/svc.yaml:3:18: high c.deny service (failing; by changed policies)

fixed (2)
  deploy/pod.yaml:3:18: low b.warn name (minor; by changed inputs)
  deploy/pod.yaml:3:18: high main.deny no pods (failing; by changed inputs)

unchanged 1 finding

Both are FAIL, and not for the same findings.
exit 1
");
    assert_snapshot!(gate.run("diff a.json a.json").all(), @r"
before   FAIL: 1 finding at or above high (regate 0.1.0, for 2026-01-01)
after    FAIL: 1 finding at or above high (regate 0.1.0, for 2026-01-01)

Inputs, policies, settings, waivers and baseline are the same.

unchanged 3 findings

The verdict is the same: FAIL.
exit 0
");
    let json: Value = serde_json::from_str(&gate.run("diff a.json b.json --json").stdout).unwrap();
    let schema: Value = serde_json::from_str(&gate.run("schema comparison").stdout).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&json));
}
