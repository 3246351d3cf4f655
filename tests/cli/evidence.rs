//! Evidence that the settings require.

use insta::assert_snapshot;

use crate::gate::{Gate, NO_PODS};

const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const OTHER: &str = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
const TESTS: &str = "<testsuites><testsuite name=\"a\"><testcase name=\"t\"/></testsuite></testsuites>";

/// A repository with a job that runs `image`, and settings that require evidence.
fn repository(image: &str, evidence: &str) -> Gate {
    let gate = Gate::new().file("policy/r.rego", NO_PODS);
    gate.write(
        "deploy/job.yaml",
        format!("apiVersion: batch/v1\nkind: Job\nmetadata: {{name: web}}\nspec: {{template: {{spec: {{containers: [{{name: c, image: '{image}'}}]}}}}}}\n"),
    );
    gate.write("regate.yaml", format!("evidence: {evidence}\n"));
    gate.git("init -q -b main .");
    gate.git("add -A");
    gate.git("commit -qm first");
    gate
}

fn scan(name: &str, digest: &str) -> String {
    format!(
        "{{\"SchemaVersion\": 2, \"ArtifactName\": \"{name}\", \"ArtifactType\": \"container_image\", \"Metadata\": {{\"RepoTags\": [\"{name}\"], \"RepoDigests\": [\"{}@{digest}\"]}}, \"Results\": [{{\"Target\": \"os\"}}]}}",
        name.split(':').next().unwrap()
    )
}

fn check(gate: &Gate, more: &str) -> String {
    gate.check(&format!("-p policy deploy {more}"))
}

#[test]
fn an_image_with_a_digest_needs_a_report_of_that_digest() {
    let image = format!("ghcr.io/shop/web:1.2@{DIGEST}");
    let gate = repository(&image, "{trivy: {min: 1, covers: images}}");
    assert_snapshot!(check(&gate, ""), @"
    error evidence trivy: 0 reports count, and at least 1 must
    deploy/job.yaml:4:56: error evidence image `ghcr.io/shop/web:1.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef` has no trivy report that counts
    UNDECIDED: 2 problems (evidence)
    exit 2
    ");
    gate.write("deploy/scan.json", scan("ghcr.io/shop/web:1.2", OTHER));
    assert_snapshot!(check(&gate, ""), @"
    deploy/job.yaml:4:56: error evidence image `ghcr.io/shop/web:1.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef` has no trivy report that counts: one of that name is of sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
    UNDECIDED: 1 problem (evidence)
    exit 2
    ");
    gate.write("deploy/scan.json", scan("ghcr.io/shop/web:1.2", DIGEST));
    assert!(check(&gate, "").ends_with("exit 0"), "{}", check(&gate, ""));
    // The same content from a mirror is the same content.
    gate.write("deploy/scan.json", scan("mirror.example.com/web:1.2", DIGEST));
    assert!(check(&gate, "").ends_with("exit 0"), "{}", check(&gate, ""));
}

#[test]
fn what_lacks_evidence_fails_where_the_settings_say_so() {
    let gate = repository("nginx", "{junit: {unmet: fail, max-age: 90m}, sarif: {min: 2}}");
    assert_snapshot!(check(&gate, ""), @"
    error evidence sarif: 0 reports count, and at least 2 must
    error evidence-failed junit: 0 reports count, and at least 1 must
    FAIL: 1 problem (evidence); 1 problem (evidence-failed)
    exit 1
    ");
    gate.write("deploy/tests.xml", TESTS.replace("name=\"a\"", "name=\"a\" timestamp=\"2020-01-01T00:00:00\""));
    assert_snapshot!(check(&gate, ""), @"
    error evidence sarif: 0 reports count, and at least 2 must
    error evidence-failed junit: 0 reports count, and at least 1 must
    deploy/tests.xml: error evidence-failed the junit report of 2020-01-01T00:00:00Z is older than 90m
    FAIL: 1 problem (evidence); 2 problems (evidence-failed)
    exit 1
    ");
    gate.write("deploy/tests.xml", TESTS.replace("/></testsuite>", "><skipped/></testcase></testsuite>"));
    assert_snapshot!(check(&gate, ""), @"
    error evidence sarif: 0 reports count, and at least 2 must
    error evidence-failed junit: 0 reports count, and at least 1 must
    deploy/tests.xml: error evidence-failed the junit report has no test that was not skipped, so it does not count
    FAIL: 1 problem (evidence); 2 problems (evidence-failed)
    exit 1
    ");
}

#[test]
fn a_report_of_another_commit_does_not_count() {
    let of = |commit: &str| {
        let property = format!("<properties><property name=\"git.commit\" value=\"{commit}\"/></properties><testcase");
        TESTS.replace("<testcase", &property)
    };
    let gate = repository("nginx", "{junit: {}}");
    gate.write("deploy/tests.xml", TESTS);
    assert!(check(&gate, "").ends_with("exit 0"), "{}", check(&gate, ""));
    gate.write("deploy/tests.xml", of("0123456789abcdef"));
    let head = std::process::Command::new("git").args(["rev-parse", "HEAD"]).current_dir(gate.path(".")).output();
    let head = String::from_utf8(head.unwrap().stdout).unwrap().trim().to_owned();
    assert_snapshot!(check(&gate, "").replace(&head, "HEAD"), @"
    error evidence junit: 0 reports count, and at least 1 must
    deploy/tests.xml: error evidence the junit report is of commit 0123456789abcdef, and this is HEAD
    UNDECIDED: 2 problems (evidence)
    exit 2
    ");
    gate.write("deploy/tests.xml", of(&head[..12]));
    assert!(check(&gate, "").ends_with("exit 0"), "{}", check(&gate, ""));
    gate.write("regate.yaml", "evidence: {junit: {commit: any}}\n");
    gate.write("deploy/tests.xml", of("0123456789abcdef"));
    assert!(check(&gate, "").ends_with("exit 0"), "{}", check(&gate, ""));
    gate.write("regate.yaml", "evidence: {junit: {commit: head}}\n");
    gate.write("deploy/tests.xml", TESTS);
    assert_snapshot!(check(&gate, ""), @"
    error evidence junit: 0 reports count, and at least 1 must
    deploy/tests.xml: error evidence the junit report names no commit, so it may be of another
    UNDECIDED: 2 problems (evidence)
    exit 2
    ");
    let sarif = "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"t\"}}, \"versionControlProvenance\": [{\"repositoryUri\": \"x\", \"revisionId\": \"COMMIT\"}], \"results\": []}]}";
    gate.write("regate.yaml", "evidence: {sarif: {commit: head}}\n");
    gate.write("deploy/scan.sarif", sarif.replace("COMMIT", &head));
    assert!(check(&gate, "").ends_with("exit 0"), "{}", check(&gate, ""));
    gate.write("deploy/scan.sarif", sarif.replace("COMMIT", OTHER));
    assert!(check(&gate, "").ends_with("exit 2"), "{}", check(&gate, ""));
}

#[test]
fn evidence_is_about_the_whole_whatever_has_changed() {
    let gate = repository("nginx:1.27", "{trivy: {covers: images}}");
    let changed = "reports --changed main";
    gate.write("reports/scan.json", scan("nginx:1.26", DIGEST));
    gate.git("add -A");
    gate.git("commit -qm report");
    assert_snapshot!(check(&gate, changed), @"
    deploy/job.yaml:4:56: error evidence image `nginx:1.27` has no trivy report that counts
    notice no-input no input has changed, so nothing was checked
    UNDECIDED: 1 problem (evidence)
    exit 2
    ");
    gate.write("reports/scan.json", scan("nginx:1.27", DIGEST));
    gate.git("add -A");
    gate.git("commit -qm report");
    assert_snapshot!(check(&gate, changed), @"
    notice no-input no input has changed, so nothing was checked
    PASS: no finding at or above medium
    exit 0
    ");
}

#[test]
fn what_git_does_not_keep_counts_as_changed() {
    let gate = repository("nginx", "{junit: {min: 1}}");
    gate.write(".gitignore", "out\n");
    gate.write("out/tests.xml", TESTS);
    gate.write("out/pod.yaml", "kind: Pod\n");
    gate.git("add -A");
    gate.git("commit -qm ignore");
    // Ignored files are read when they are named, and nobody knows what they were before.
    assert_snapshot!(check(&gate, "out/tests.xml out/pod.yaml --changed main"), @"
    out/pod.yaml: high main.deny no pods
    FAIL: 1 finding at or above medium
    exit 1
    ");
}

#[test]
fn what_is_no_report_can_not_be_required() {
    for (evidence, told) in [
        ("{kubernetes: {min: 1}}", "is no report"),
        ("{junit: {covers: images}}", "`covers: images` is for `trivy`"),
        ("{junit: {max-age: 1}}", "max-age"),
        ("{junit: {max-age: 1y}}", "is no length of time"),
        ("{junit: {unmet: pass}}", "unmet"),
        ("{junti: {}}", "there is no kind `junti`"),
    ] {
        let said = check(&repository("nginx", evidence), "");
        assert!(said.contains(told) && said.ends_with("exit 2"), "{evidence}: {said}");
    }
}
