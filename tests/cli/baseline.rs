//! The baseline, and what is new.

use insta::assert_snapshot;

use crate::gate::Gate;

const RULES: &str = "package main

# METADATA
# custom:
#   id: bad
#   severity: critical
deny contains msg if {
\tsome container in input.spec.containers
\tsome argument in container.args
\targument == \"--bad\"
\tcontainer.weight > 3
\tmsg := sprintf(\"%s is bad\", [container.name])
}
";

fn pod(name: &str, weight: u32) -> String {
    format!(
        "kind: Pod\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  containers:\n  - name: c\n    args: [x, --bad]\n    weight: {weight}\n"
    )
}

/// A repository whose two findings are in the baseline.
fn repository() -> Gate {
    let gate = Gate::new().file("policy/r.rego", RULES);
    gate.write("deploy/web.yaml", format!("{}---\n{}", pod("web", 5), pod("db", 5)));
    gate.git("init -q -b main .");
    gate.git("add -A");
    gate.git("commit -qm first");
    assert_eq!(gate.run("baseline update deploy -p policy").all(), ".regate-baseline.json: 2 findings\nexit 0");
    gate.git("add -A");
    gate.git("commit -qm baseline");
    gate
}

const NEW: &str = "check deploy -p policy -o concise --new-only";
const PASS: &str = "PASS: no finding at or above medium\nexit 0";

#[test]
fn moved_lines_other_orders_and_new_names_of_files_are_not_new() {
    let gate = repository();
    gate.write("deploy/web.yaml", format!("# moved\n\n{}---\n{}", pod("db", 5), pod("web", 5)));
    assert_eq!(gate.run(NEW).placeless(), PASS);
    gate.write("deploy/web.yaml", gate.read("deploy/web.yaml").replace("[x, --bad]", "[--bad, y, x]"));
    assert_eq!(gate.run(NEW).placeless(), PASS);
    gate.git("mv deploy/web.yaml deploy/renamed.yaml");
    assert_eq!(gate.run(NEW).placeless(), PASS);
    gate.git("commit -qam rename");
    assert_eq!(gate.run(NEW).placeless(), PASS);
    // A second name for a file that is still there is no rename.
    gate.write("deploy/web.yaml", gate.read("deploy/renamed.yaml"));
    assert_eq!(gate.run(NEW).code, Some(1));
}

#[test]
fn a_baseline_and_a_rename_in_one_commit_are_understood() {
    let gate = repository();
    gate.git("mv deploy/web.yaml deploy/renamed.yaml");
    gate.write(".regate-baseline.json", gate.read(".regate-baseline.json").replace("2026", "2025"));
    gate.git("commit -qam both");
    assert_eq!(gate.run(NEW).code, Some(0));
}

#[test]
fn what_changes_in_the_facts_or_stands_in_another_folder_is_new() {
    let gate = repository();
    gate.write("deploy/web.yaml", format!("{}---\n{}", pod("web", 6), pod("db", 5)));
    assert_snapshot!(gate.run(NEW).placeless(), @"
    deploy/web.yaml: critical bad c is bad
    notice not-checked 1 entry of the baseline matched no finding, such as `bad` in `deploy/web.yaml`: mended or changed
    FAIL: 1 finding at or above medium
    exit 1
    ");
    let gate = repository();
    gate.write("deploy/copy/web.yaml", pod("web", 5));
    assert_snapshot!(gate.run(NEW).placeless(), @"
    deploy/copy/web.yaml: critical bad c is bad
    FAIL: 1 finding at or above medium
    exit 1
    ");
}

#[test]
fn the_folder_in_which_a_run_starts_does_not_matter() {
    let gate = repository();
    let run = gate.run_in("deploy", "check . -p ../policy -o concise --new-only", b"");
    assert_eq!(run.placeless(), PASS);
    let run = gate.run_in("deploy", "baseline show", b"");
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(gate.run_in("deploy", "baseline update . -p ../policy", b"").code, Some(0));
    assert_eq!(gate.run(NEW).placeless(), PASS);
    assert!(!gate.path("deploy/.regate-baseline.json").exists());
}

#[test]
fn with_changed_only_resources_with_changed_lines_are_new() {
    let gate = repository();
    gate.git("rm -q .regate-baseline.json");
    gate.git("commit -qm none");
    let changed = "check . -p policy -o concise --new-only --changed main";
    let text = gate.read("deploy/web.yaml");
    gate.write("deploy/web.yaml", text.replace("{name: db, namespace: shop}", "{name: db, namespace: shop} # new"));
    assert_snapshot!(gate.run(changed).placeless(), @"
    deploy/web.yaml: critical bad c is bad
    FAIL: 1 finding at or above medium
    exit 1
    ");
    // A line that is gone changes its resource, too.
    gate.write("deploy/web.yaml", text.replacen("metadata: {name: web, namespace: shop}\n", "", 1));
    assert_snapshot!(gate.run(changed).placeless(), @"
    deploy/web.yaml: critical bad c is bad
    FAIL: 1 finding at or above medium
    exit 1
    ");
    gate.write("deploy/web.yaml", text);
    gate.write("deploy/new.yaml", pod("new", 5));
    assert_snapshot!(gate.run(changed).placeless(), @"
    deploy/new.yaml: critical bad c is bad
    FAIL: 1 finding at or above medium
    exit 1
    ");
}

#[test]
fn a_baseline_that_is_missing_cut_off_or_of_another_version_is_no_empty_one() {
    let gate = repository();
    let text = gate.read(".regate-baseline.json");
    gate.write(".regate-baseline.json", &text[..text.len() / 2]);
    assert_snapshot!(gate.run(NEW).placeless(), @"
    error: `.regate-baseline.json` is no baseline: it is cut off: EOF while parsing a value at line 8 column 20
    exit 2
    ");
    gate.write(".regate-baseline.json", text.replace("\"version\": 1", "\"version\": 9"));
    assert_snapshot!(gate.run(NEW).placeless(), @"
    error: `.regate-baseline.json` is no baseline: it has version 9, and this program knows 1
    exit 2
    ");
    gate.write(".regate-baseline.json", text.replace(env!("CARGO_PKG_VERSION"), "0.0.7"));
    assert_snapshot!(gate.run(NEW).placeless(), @"
    notice not-checked the baseline is from version 0.0.7 of regate; fingerprints may differ
    PASS: no finding at or above medium
    exit 0
    ");
    std::fs::remove_file(gate.path(".regate-baseline.json")).unwrap();
    assert_snapshot!(gate.run(NEW).placeless(), @"
    error: the baseline `.regate-baseline.json` can't be read: No such file or directory (os error 2); `regate baseline update` writes one
    exit 2
    ");
}
