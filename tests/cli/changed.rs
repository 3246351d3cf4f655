//! `--changed`.

use insta::assert_snapshot;

use crate::gate::{Gate, NO_PODS, PRIVILEGED};

/// A repository with three pods on `main` and a branch `feature` checked out.
fn repository() -> Gate {
    let gate = Gate::new().file("rules/no_pods.rego", NO_PODS);
    for name in ["deploy/one.yaml", "deploy/two.yaml", "other/three.yaml"] {
        gate.write(name, format!("{PRIVILEGED}# {name}\n"));
    }
    gate.git("init -q -b main .");
    gate.git("add -A");
    gate.git("commit -qm first");
    gate.git("checkout -qb feature");
    gate
}

const ARGUMENTS: &str = "check -o concise -p rules --changed main .";

#[test]
fn nothing_changed_is_a_pass_that_says_so() {
    assert_snapshot!(repository().run(ARGUMENTS).placeless(), @"
    notice no-input no input has changed, so nothing was checked
    PASS: no finding at or above medium
    exit 0
    ");
}

#[test]
fn renamed_staged_and_untracked_files_are_checked_and_deleted_ones_are_not() {
    let gate = repository();
    gate.git("mv deploy/one.yaml deploy/renamed.yaml");
    gate.git("commit -qm rename");
    gate.git("rm -q deploy/two.yaml");
    gate.write("other/untracked é.yaml", PRIVILEGED);
    assert_snapshot!(gate.run(ARGUMENTS).placeless(), @"
    deploy/renamed.yaml: high main.deny no pods
    other/untracked é.yaml: high main.deny no pods
    FAIL: 2 findings at or above medium
    exit 1
    ");
}

#[test]
fn from_a_sub_folder_no_changed_file_is_missed() {
    let gate = repository();
    gate.write("deploy/one.yaml", PRIVILEGED);
    gate.write("other/three.yaml", PRIVILEGED);
    let run = gate.run_in("deploy", "check -o concise -p ../rules --changed main ..", b"");
    assert_snapshot!(run.placeless(), @"
    ../deploy/one.yaml: high main.deny no pods
    ../other/three.yaml: high main.deny no pods
    FAIL: 2 findings at or above medium
    exit 1
    ");
}

#[test]
fn a_rule_over_all_documents_still_sees_what_has_not_changed() {
    let gate = Gate::new();
    gate.write("bucket.tf", "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"logs\"\n}\n");
    gate.write(
        "encryption.tf",
        "resource \"aws_s3_bucket_server_side_encryption_configuration\" \"logs\" {\n  bucket = aws_s3_bucket.logs.id\n}\n",
    );
    gate.git("init -q -b main .");
    gate.git("add -A");
    gate.git("commit -qm first");
    gate.write("bucket.tf", "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"more-logs\"\n}\n");
    let run = gate.run("check -o concise -p builtin:terraform --changed HEAD .");
    assert!(!run.stdout.contains("tf-s3-unencrypted"), "{}", run.stdout);
}

#[test]
fn a_syntax_error_in_a_file_that_has_not_changed_is_not_this_changes_fault() {
    let gate = Gate::new().file("old.yaml", "a: [\n").file("new.yaml", PRIVILEGED).file("rules/r.rego", NO_PODS);
    gate.git("init -q -b main .");
    gate.git("add -A");
    gate.git("commit -qm first");
    gate.write("new.yaml", format!("# changed\n{PRIVILEGED}"));
    assert_snapshot!(gate.run(ARGUMENTS).placeless(), @"
    new.yaml: high main.deny no pods
    FAIL: 1 finding at or above medium
    exit 1
    ");
}

#[test]
fn an_unknown_revision_and_a_folder_without_git_are_errors() {
    assert_snapshot!(repository().run("check --changed nowhere .").all(), @"
    error: git rev-parse --verify nowhere^{commit}: fatal: Needed a single revision
    exit 2
    ");
    let gate = Gate::new().env("GIT_CEILING_DIRECTORIES", "/");
    assert_snapshot!(gate.run("check --changed main .").all(), @"
    error: git rev-parse --show-toplevel: fatal: not a git repository (or any of the parent directories): .git
    exit 2
    ");
}
