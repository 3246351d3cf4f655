//! Waivers, thresholds, baselines and required evidence, as a user meets them.
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

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  bad: true\n  image: nginx\n";

const POLICY: &str = "package main

# METADATA
# title: Nothing is bad
# custom:
#   id: bad
#   severity: critical
deny contains msg if {
\tinput.spec.bad
\tmsg := sprintf(\"%s is bad\", [input.metadata.name])
}
";

/// A folder with one pod that is bad, and the policy that says so.
struct Gate {
    folder: TempDir,
}

impl Gate {
    fn new() -> Self {
        let gate = Self { folder: TempDir::new().unwrap() };
        fs::create_dir(gate.folder.path().join(".git")).unwrap();
        gate.file("deploy/web.yaml", POD).file("policy/main.rego", POLICY)
    }

    fn file(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn waiver(self, more: &str) -> Self {
        let text = format!("waivers:\n  - rule: bad\n    reason: legacy\n    owner: bob\n{more}");
        self.file("waivers.yaml", &text)
    }

    fn run(&self, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regate"));
        command.current_dir(self.folder.path()).args(args);
        for name in ["REGATE_CONFIG", "REGATE_ENV", "REGATE_OUTPUT", "REGATE_POLICY", "REGATE_FAIL_ON"] {
            command.env_remove(name);
        }
        let out = command.output().unwrap();
        (
            out.status.code().unwrap(),
            format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)),
        )
    }

    fn on(&self, day: &str, more: &[&str]) -> (i32, String) {
        let mut args = vec!["check", "deploy", "-p", "policy", "-o", "concise", "--as-of", day];
        args.extend(more);
        self.run(&args)
    }

    fn check(&self, more: &[&str]) -> (i32, String) {
        self.on("2026-01-01", more)
    }
}

#[test]
fn a_waiver_covers_its_last_day_and_not_the_next() {
    let gate = Gate::new().waiver("    expires: 2026-01-31\n");
    let (code, output) = gate.on("2026-01-31", &[]);
    insta::assert_snapshot!(output, @r"
    waivers.yaml:2:5: notice waiver the waiver for `bad` ends today, on 2026-01-31
    waiver waivers.yaml:2 `bad` accepts 1 finding until 2026-01-31
    checked 1 file, 1 document (1 kubernetes), 1 rule, 1 evaluation; day 2026-01-31
    PASS: no finding at or above medium
    ");
    assert_eq!(code, 0);
    let (code, output) = gate.on("2026-02-01", &[]);
    insta::assert_snapshot!(output, @r"
    deploy/web.yaml:7:8: critical bad web is bad
    waivers.yaml:5:14: error waiver-expired the waiver for `bad` ended on 2026-01-31 and no longer applies
    checked 1 file, 1 document (1 kubernetes), 1 rule, 1 evaluation; day 2026-02-01
    FAIL: 1 finding at or above medium; 1 problem (waiver-expired)
    ");
    assert_eq!(code, 1);
}

#[test]
fn a_malformed_waiver_never_applies_and_closes_the_gate() {
    for (entry, message) in [
        ("    expires: 2026-02-30\n", "is no day of the calendar"),
        ("    expires: 2026-12-31T00:00:00Z\n", "is no day of the calendar"),
        ("    expires: 20261231\n", "is no day of the calendar"),
        ("", "has no `expires`"),
        ("    expires: 2026-12-31\n    until: never\n", "has no key `until`"),
        ("    expires: 2026-12-31\n    expires: 2099-12-31\n", "expires"),
        ("    expires: 2026-12-31\n    approver: bob\n", "`bob`'s own"),
        ("    expires: [2026-12-31]\n", "must be text"),
    ] {
        let (code, output) = Gate::new().waiver(entry).check(&[]);
        assert!(output.contains(message) && output.contains("error waiver"), "{entry}: {output}");
        assert_ne!(code, 0, "{entry}: {output}");
    }
}

#[test]
fn a_broken_waivers_file_closes_the_gate_even_where_nothing_is_wrong() {
    let good = POD.replace("true", "false");
    for text in [
        "waivers: [",
        "waivers: 3",
        "just text",
        "waivers:\n- rule: baad\n  reason: r\n  owner: o\n  expires: 2026-12-31\n",
    ] {
        let gate = Gate::new().file("deploy/web.yaml", &good).file("waivers.yaml", text);
        let (code, output) = gate.check(&[]);
        assert_eq!(code, 2, "{text}: {output}");
    }
}

#[test]
fn a_waiver_covers_its_path_and_resource_and_no_other() {
    for (entry, code) in [
        ("    path: deploy\n", 0),
        ("    path: deploy/*.yaml\n", 0),
        ("    path: dep\n", 1),
        ("    path: other/**\n", 1),
        ("    resource: Pod/shop/web\n", 0),
        ("    resource: Pod/shop/*\n", 0),
        ("    resource: Pod/web\n", 1),
        ("    resource: Pod/*\n", 1),
    ] {
        let gate = Gate::new().waiver(&format!("    expires: 2026-12-31\n{entry}"));
        let (status, output) = gate.check(&[]);
        assert_eq!(status, code, "{entry}: {output}");
        assert_eq!(output.contains("was not used"), code == 1, "{entry}: {output}");
    }
}

#[test]
fn a_duplicate_and_a_glob_of_everything_are_told() {
    let text = "- {rule: bad, reason: r, owner: o, expires: 2026-12-31}\n- {rule: bad, reason: r, owner: o, expires: 2026-12-31}\n- {rule: '*', reason: r, owner: o, expires: 2026-12-31, path: '**'}\n";
    let (code, output) = Gate::new().file("waivers.yaml", text).check(&[]);
    assert_eq!(code, 0, "{output}");
    for told in ["is a duplicate: waivers.yaml:1", "accepts every rule", "matches everything"] {
        assert!(output.contains(told), "{told}: {output}");
    }
}

#[test]
fn an_approver_is_one_of_those_for_the_severity() {
    let settings = "approvers: {critical: [alice]}\nwaiver-terms: {critical: 30d}\n";
    for (entry, told) in [
        ("    approver: alice\n    created: 2026-01-01\n    expires: 2026-01-31\n", ""),
        ("    approver: carol\n    created: 2026-01-01\n    expires: 2026-01-31\n", "`carol` may not approve"),
        ("    created: 2026-01-01\n    expires: 2026-01-31\n", "only with an approver: alice"),
        ("    approver: alice\n    expires: 2026-01-31\n", "needs `created`"),
        ("    approver: alice\n    created: 2026-01-01\n    expires: 2026-02-01\n", "lasts 31 days"),
    ] {
        let (code, output) = Gate::new().file("regate.yaml", settings).waiver(entry).check(&[]);
        assert!(output.contains(told), "{entry}: {output}");
        assert_eq!(code == 0, told.is_empty(), "{entry}: {output}");
    }
}

#[test]
fn a_comment_waives_what_starts_at_it() {
    let comment = "# regate:waive bad until=2026-12-31 reason=\"a legacy pod\" owner=bob\n";
    let (code, output) = Gate::new().file("deploy/web.yaml", &format!("{comment}{POD}")).check(&[]);
    assert_eq!(code, 0, "{output}");
    let beside = POD.replace("bad: true", &format!("bad: true {}", comment.trim_end()));
    assert_eq!(Gate::new().file("deploy/web.yaml", &beside).check(&[]).0, 0);
    let block = POD.replace("spec:", &format!("{comment}spec:"));
    assert_eq!(Gate::new().file("deploy/web.yaml", &block).check(&[]).0, 0);
    // The finding is about `bad`, not about the key after it.
    let elsewhere = POD.replace("  image:", &format!("  {comment}  image:"));
    assert_eq!(Gate::new().file("deploy/web.yaml", &elsewhere).check(&[]).0, 1);
    let forbidden =
        Gate::new().file("regate.yaml", "inline-waivers: false\n").file("deploy/web.yaml", &format!("{comment}{POD}"));
    let (code, output) = forbidden.check(&[]);
    assert!(output.contains("forbidden"), "{output}");
    assert_eq!(code, 1);
    let (code, output) = Gate::new().file("deploy/web.yaml", &format!("# regate:waive bad reason=x\n{POD}")).check(&[]);
    assert!(output.contains("has no `expires`"), "{output}");
    assert_eq!(code, 1);
}

#[test]
fn waive_writes_an_entry_that_holds_and_waivers_lists_it() {
    let gate = Gate::new();
    let args = [
        "waive",
        "bad",
        "--path",
        "deploy/*",
        "--reason",
        "it's \"old\": yes",
        "--until",
        "2099-12-31",
        "--owner",
        "bob",
    ];
    assert_eq!(gate.run(&args).0, 0);
    assert_eq!(gate.run(&args).0, 0);
    let (code, output) = gate.on("2026-12-01", &[]);
    assert_eq!(code, 0, "{output}");
    let (code, list) = gate.run(&["waivers", "deploy", "-p", "policy", "--as-of", "2026-12-01"]);
    assert_eq!(code, 0, "{list}");
    assert!(list.contains("active    until 2099-12-31  waivers.yaml:2  `bad` in `deploy/*`  (1 accepted)"), "{list}");
    let (code, output) = gate.run(&["waive", "bad", "--reason", "r", "--until", "2026-02-30", "--owner", "bob"]);
    assert_eq!(code, 2, "{output}");
}

#[test]
fn three_lines_say_critical_fails_high_needs_approval_medium_warns() {
    let settings = "enforce:
  - {severity: critical, level: block, waivers: never}
  - {severity: high, level: block, waivers: approved}
  - {severity: medium, level: warn}
";
    let approved = "    approver: alice\n    expires: 2026-12-31\n";
    let plain = "    expires: 2026-12-31\n";
    for (severity, waiver, code) in [
        ("critical", approved, 1),
        ("high", approved, 0),
        ("high", plain, 1),
        ("medium", "    path: nowhere\n    expires: 2026-12-31\n", 0),
    ] {
        let gate = Gate::new()
            .file("regate.yaml", settings)
            .waiver(waiver)
            .file("policy/main.rego", &POLICY.replace("critical", severity));
        let (status, output) = gate.check(&[]);
        assert_eq!(status, code, "{severity}: {output}");
    }
}

#[test]
fn a_threshold_holds_from_its_day_and_in_its_environment() {
    let gate = Gate::new().file("regate.yaml", "enforce:\n  - {rule: bad, level: block, effective: 2026-12-01}\n");
    assert_eq!(gate.on("2026-11-30", &[]).0, 0);
    assert_eq!(gate.on("2026-12-01", &[]).0, 1);
    let gate = Gate::new().file("regate.yaml", "enforce:\n  - {rule: b*, env: dev, level: warn}\n");
    assert_eq!(gate.check(&["--env", "dev"]).0, 0);
    assert_eq!(gate.check(&["--env", "prod"]).0, 1);
    assert_eq!(gate.check(&[]).0, 1);
    let gate = Gate::new().file("regate.yaml", "enforce:\n  - {kind: kubernets, level: warn}\n");
    assert_eq!(gate.check(&[]).0, 2);
}

#[test]
fn a_budget_bears_so_many_and_not_one_more() {
    let gate = Gate::new().file("regate.yaml", "budget: {critical: {max: 1}}\n");
    assert_eq!(gate.check(&[]).0, 0);
    let gate = gate.file("deploy/other.yaml", &POD.replace("web", "other"));
    let (code, output) = gate.check(&[]);
    assert!(output.contains("2 findings of severity critical, and the budget is 1"), "{output}");
    assert_eq!(code, 1);
}

#[test]
fn what_is_required_must_have_been_seen() {
    let gate = Gate::new().file("deploy/web.yaml", &POD.replace("true", "false"));
    assert_eq!(gate.check(&["--require", "kubernetes=1", "--require-rules", "1"]).0, 0);
    assert_eq!(gate.check(&["--require", "kubernetes=2"]).0, 2);
    assert_eq!(gate.check(&["--require-rules", "2"]).0, 2);
    assert_eq!(gate.check(&["--require", "kubernets=2"]).0, 2);
}

#[test]
fn a_baseline_knows_its_findings_and_no_other() {
    let gate = Gate::new();
    assert_eq!(gate.check(&["--new-only"]).0, 2);
    let (code, output) = gate.run(&["baseline", "update", "deploy", "-p", "policy"]);
    assert_eq!((code, output.as_str()), (0, ".regate-baseline.json: 1 findings\n"));
    assert_eq!(gate.check(&["--new-only"]).0, 0);
    assert_eq!(gate.check(&[]).0, 1);
    let gate = gate.file("deploy/web.yaml", &format!("# moved\n\n{POD}"));
    assert_eq!(gate.check(&["--new-only"]).0, 0);
    let gate = gate.file("deploy/copy/web.yaml", POD);
    assert_eq!(gate.check(&["--new-only"]).0, 1);
    let gate = gate
        .file("deploy/copy/web.yaml", &POD.replace("true", "false"))
        .file("deploy/web.yaml", &POD.replace("true", "false"));
    let (code, output) = gate.check(&["--new-only"]);
    assert!(
        output.contains("1 entry of the baseline matched no finding, such as `bad` in `deploy/web.yaml`"),
        "{output}"
    );
    assert_eq!(code, 0);
    let gate = gate.file(".regate-baseline.json", "{\"version\": 1, \"tool\":");
    assert_eq!(gate.check(&["--new-only"]).0, 2);
}

#[test]
fn evidence_that_is_missing_empty_old_or_for_another_image_is_not_a_pass() {
    let pod = POD
        .replace("true", "false")
        .replace("  image: nginx\n", "  containers:\n    - {name: web, image: 'nginx:1.27'}\n");
    let settings = "evidence:\n  junit: {min: 1, max-age: 24h}\n  trivy: {min: 1, covers: images}\n";
    let gate = Gate::new().file("deploy/web.yaml", &pod).file("regate.yaml", settings);
    let (code, output) = gate.check(&[]);
    assert!(output.contains("junit: 0 reports count") && output.contains("trivy: 0 reports count"), "{output}");
    assert_eq!(code, 2);
    let trivy = |image: &str, results: &str| {
        format!(
            "{{\"SchemaVersion\": 2, \"ArtifactName\": \"{image}\", \"ArtifactType\": \"container_image\", \"Results\": {results}}}"
        )
    };
    let junit = |time: &str, case: &str| {
        format!("<testsuites><testsuite name=\"a\" timestamp=\"{time}\">{case}</testsuite></testsuites>")
    };
    let case = "<testcase name=\"t\" classname=\"c\"/>";
    let good_scan = trivy("nginx:1.27", "[{\"Target\": \"os\", \"Vulnerabilities\": []}]");
    for (tests, scan, told) in [
        (junit("2999-01-01T00:00:00", case), good_scan.clone(), "from the future"),
        (
            junit("2026-01-01T00:00:00", case),
            trivy("nginx:1.26", "[{\"Target\": \"os\"}]"),
            "image `nginx:1.27` has no trivy report",
        ),
        (junit("2026-01-01T00:00:00", case), trivy("nginx:1.27", "[]"), "no scanned target"),
        (junit("2026-01-01T00:00:00", ""), good_scan.clone(), "no test"),
        (junit("2025-12-01T00:00:00", case), good_scan.clone(), "older than 1d"),
    ] {
        let gate = Gate::new()
            .file("deploy/web.yaml", &pod)
            .file("regate.yaml", settings)
            .file("deploy/junit.xml", &tests)
            .file("deploy/trivy.json", &scan);
        let (code, output) = gate.check(&[]);
        assert!(output.contains(told), "{told}: {output}");
        assert_eq!(code, 2, "{told}: {output}");
    }
    let gate = gate.file("deploy/junit.xml", &junit("2026-01-01T00:00:00", case)).file("deploy/trivy.json", &good_scan);
    let (code, output) = gate.check(&[]);
    assert_eq!(code, 0, "{output}");
}
