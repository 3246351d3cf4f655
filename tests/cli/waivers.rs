//! Waivers: which findings they mean, where they may stand, how they are listed and written.

use insta::assert_snapshot;

use crate::gate::Gate;

const RULES: &str =
    "package main\n\n# METADATA\n# custom:\n#   id: bad\n#   severity: critical\ndeny contains \"bad\" if input.bad\n";

fn pod(name: &str, namespace: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}}}\nbad: true\n")
}

/// A folder with a pod and with settings, so that it is home.
fn gate() -> Gate {
    Gate::new()
        .file("regate.yaml", "fail-on: low\n")
        .file("policy/r.rego", RULES)
        .file("deploy/web.yaml", pod("web", "shop"))
}

fn check(gate: &Gate, folder: &str) -> String {
    let policy = if folder == "." { "policy" } else { "../policy" };
    let paths = if folder == "." { "deploy" } else { "." };
    gate.run_in(folder, &format!("check -o concise --as-of 2026-01-01 -p {policy} {paths}"), b"").placeless()
}

/// Whether a waiver with these keys accepts the pod's finding.
fn accepts(keys: &str) -> bool {
    let text = format!("- {{rule: bad, reason: r, owner: o, expires: 2026-12-31, {keys}}}\n");
    let gate = gate().file("waivers.yaml", text);
    let said = check(&gate, ".");
    let accepted = said.ends_with("exit 0");
    assert!(accepted || said.contains("was not used"), "{keys}: {said}");
    accepted
}

#[test]
fn a_resource_is_named_whole_or_by_its_parts() {
    for (keys, wanted) in [
        ("resource: Pod/shop/web", true),
        ("resource: '*/shop/*'", true),
        ("resource: Pod/web", false),
        ("resource: {kind: Pod, namespace: shop, name: web}", true),
        ("resource: {kind: Pod, name: web}", true),
        ("resource: {name: w*}", true),
        ("resource: {namespace: shop}", true),
        ("resource: {kind: Pod, namespace: '', name: web}", false),
        ("resource: {kind: Pod, namespace: other, name: web}", false),
        ("resource: {kind: Service}", false),
        ("resource: {address: aws_s3_bucket.logs}", false),
    ] {
        assert_eq!(accepts(keys), wanted, "{keys}");
    }
}

#[test]
fn a_terraform_address_without_indices_means_every_instance() {
    let plan = |address: &str| {
        format!(
            "{{\"format_version\": \"1.2\", \"terraform_version\": \"1.9.0\", \"planned_values\": {{\"root_module\": {{\"resources\": [{{\"address\": {address:?}, \"type\": \"aws_s3_bucket\", \"name\": \"logs\", \"values\": {{\"bad\": true}}}}]}}}}}}"
        )
    };
    let rules = RULES.replace(
        "deny contains \"bad\" if input.bad",
        "deny contains \"bad\" if {\n\tsome r in input.planned_values.root_module.resources\n\tr.values.bad\n}",
    );
    for (address, waiver, wanted) in [
        ("aws_s3_bucket.logs", "resource: aws_s3_bucket.logs", true),
        ("aws_s3_bucket.logs[0]", "resource: aws_s3_bucket.logs", true),
        ("module.a[\"x]/y\"].aws_s3_bucket.logs[0]", "resource: {address: module.a.aws_s3_bucket.logs}", true),
        ("aws_s3_bucket.logs[0]", "resource: 'aws_s3_bucket.logs[0]'", true),
        ("aws_s3_bucket.logs[1]", "resource: 'aws_s3_bucket.logs[0]'", false),
        ("aws_s3_bucket.logs[1]", "resource: aws_s3_bucket.*", true),
    ] {
        let gate = Gate::new().file("policy/r.rego", &rules).file("deploy/plan.json", plan(address));
        gate.write("waivers.yaml", format!("- {{rule: bad, reason: r, owner: o, expires: 2026-12-31, {waiver}}}\n"));
        let said = check(&gate, ".");
        assert_eq!(said.ends_with("exit 0"), wanted, "{address} {waiver}: {said}");
    }
}

#[test]
fn a_path_starts_at_home_wherever_the_run_does() {
    let text = "- {rule: bad, reason: r, owner: o, expires: 2026-12-31, path: deploy/web.yaml}\n";
    let gate = gate().file("waivers.yaml", text).file("deploy/deploy/web.yaml", pod("other", "shop"));
    assert_snapshot!(check(&gate, "."), @"
    deploy/deploy/web.yaml: critical bad bad
    waiver waivers.yaml:1 `bad` in `deploy/web.yaml` accepts 1 finding until 2026-12-31
    FAIL: 1 finding at or above low
    exit 1
    ");
    assert_snapshot!(check(&gate, "deploy"), @"
    deploy/web.yaml: critical bad bad
    waiver ../waivers.yaml:1 `bad` in `deploy/web.yaml` accepts 1 finding until 2026-12-31
    FAIL: 1 finding at or above low
    exit 1
    ");
    // Without settings home is the repository.
    std::fs::remove_file(gate.path("regate.yaml")).unwrap();
    gate.git("init -q .");
    assert!(check(&gate, "deploy").contains("waiver ../waivers.yaml:1"), "{}", check(&gate, "deploy"));
}

#[test]
fn only_comments_waive_and_no_text_that_looks_like_one() {
    let mark = "# regate:waive bad until=2026-12-31 reason=\"it's \\ old\"";
    let yaml = pod("web", "shop");
    for (text, wanted) in [
        (format!("{mark}\n{yaml}"), true),
        (yaml.replace("bad: true", &format!("bad: true {mark}")), true),
        (yaml.replace("bad: true", &format!("# it's\n{mark}\nbad: true")), true),
        (format!("x: |\n  {mark}\n{yaml}"), false),
        (format!("x: >-\n  a\n\n  {mark}\n\n{yaml}"), false),
        (format!("x: |\n  a\n{mark}\n{yaml}"), false),
        (format!("x: \"a\n  {} b\"\n{yaml}", mark.replace('"', "")), false),
        (yaml.replace("bad: true", &format!("x: it's here\nbad: true {mark}")), true),
    ] {
        let gate = gate().file("deploy/web.yaml", &text);
        let said = check(&gate, ".");
        assert_eq!(said.ends_with("exit 0"), wanted, "{text}: {said}");
    }
    // A comment after a text is one again; it speaks for what follows it.
    let gate = gate().file("deploy/web.yaml", format!("{yaml}x: |\n  a\n{mark}\ny: 1\n"));
    assert!(check(&gate, ".").contains("was not used"), "{}", check(&gate, "."));
}

#[test]
fn comments_waive_in_hcl_dockerfiles_and_toml() {
    let mark = "# regate:waive bad until=2026-12-31 reason=old";
    for (name, rule, text, wanted) in [
        ("a.tf", "some l in input.locals; l.a == 1", format!("locals {{\n  a = 1 {mark}\n}}\n"), true),
        (
            "a.tf",
            "some l in input.locals; l.a == 1",
            format!("locals {{\n  a = 1 /*{} */\n}}\n", mark.trim_start_matches('#')),
            true,
        ),
        ("a.tf", "some l in input.locals; l.a == 1", format!("{mark}\nlocals {{\n  a = 1\n}}\n"), true),
        (
            "a.tf",
            "some l in input.locals; l.a == 1",
            format!("locals {{\n  b = <<EOT\n{mark}\nEOT\n  a = 1\n}}\n"),
            false,
        ),
        ("a.tf", "some l in input.locals; l.a == 1", format!("locals {{\n  b = \"{mark}\"\n  a = 1\n}}\n"), false),
        ("Dockerfile", "some i in input; i.Cmd == \"user\"", format!("FROM a\n{mark}\nUSER root\n"), true),
        (
            "Dockerfile",
            "some i in input; i.Cmd == \"user\"",
            format!("FROM a\nRUN <<EOF\n{mark}\nEOF\nUSER root\n"),
            false,
        ),
        ("a.toml", "input.a == 1", format!("{mark}\na = 1\n"), true),
        ("a.toml", "input.a == 1", format!("b = \"\"\"\n{mark}\n\"\"\"\na = 1\n"), false),
    ] {
        let rules = RULES.replace("input.bad", &format!("{{ {rule} }}"));
        let gate = Gate::new().file("policy/r.rego", rules).file(&format!("deploy/{name}"), &text);
        let said = check(&gate, ".");
        assert_eq!(said.contains("`bad` accepts 1 finding"), wanted, "{text}: {said}");
        assert_eq!(said.ends_with("exit 0"), wanted, "{text}: {said}");
    }
}

#[test]
fn the_list_tells_how_each_waiver_stands() {
    let entry = |more: &str| format!("- {{rule: bad, reason: r, owner: bob, {more}}}\n");
    let text = [
        "expires: 2099-12-31, resource: {kind: Pod, name: web}, approver: alice, ticket: 7",
        "expires: 2026-01-05",
        "expires: 2099-12-31, path: other",
        "expires: 2026-02-30",
        "expires: 2025-12-31",
        "expires: 2026-12-31, approver: BOB",
        "expires: 2026-12-31, created: 2026-06-01",
        "expires: 2026-12-31, resource: {kind: Pod, nam: web}",
        "expires: 2026-12-31, resource: {address: a, kind: b}",
        "expires: 2026-12-31, resource: {}",
    ];
    let gate = gate()
        .file("waivers.yaml", text.map(entry).concat() + "- {rule: bda, reason: r, owner: o, expires: 2026-12-31}\n");
    let list = "waivers deploy -p policy --as-of 2026-01-01";
    assert_snapshot!(gate.run(list).all(), @"
    active    until 2099-12-31  waivers.yaml:1  `bad` on `Pod/*/web`  (1 accepted)
              r (owner bob, approved by alice)
    expiring  until 2026-01-05  waivers.yaml:2  `bad`  (1 accepted)
              r (owner bob)
    unused    until 2099-12-31  waivers.yaml:3  `bad` in `other`  (0 accepted)
              r (owner bob)
    malformed waivers.yaml:4  `2026-02-30` is no day of the calendar, so the waiver does not apply
    expired   waivers.yaml:5  the waiver for `bad` ended on 2025-12-31 and no longer applies
    refused   waivers.yaml:6  the waiver for `bad` does not apply: `BOB` approves a waiver that is `bob`'s own
    malformed waivers.yaml:7  the waiver for `bad` is of a later day than 2026-01-01, so it does not apply yet
    malformed waivers.yaml:8  `resource` is text, or an object with some of kind, namespace, name, address
    malformed waivers.yaml:9  a resource has an `address`, or a `kind`, `namespace` and `name`; not both
    malformed waivers.yaml:10  `resource` is text, or an object with some of kind, namespace, name, address
    malformed waivers.yaml:11  no policy of this run has a rule `bda`, so the waiver does not apply

    3 in force, 8 that do not apply, on 2026-01-01
    exit 2
    ");
    let json: serde_json::Value = serde_json::from_str(&gate.run(&format!("{list} -o json")).stdout).unwrap();
    assert_eq!(
        (json["in_force"][0]["state"].as_str(), json["void"][1]["state"].as_str()),
        (Some("active"), Some("expired"))
    );
    assert_snapshot!(gate.run(&format!("{list} -o sarif")).all(), @"
    error: waivers are listed as `-o human` or `-o json`
    exit 2
    ");
}

#[test]
fn a_rule_of_a_package_that_was_not_asked_for_is_known() {
    let gate = gate().file("policy/two.rego", RULES.replace("main", "two").replace("id: bad", "id: worse"));
    gate.write("waivers.yaml", "- {rule: worse, reason: r, owner: o, expires: 2099-12-31}\n");
    let run = gate.run("check -o concise -p policy -n main deploy");
    assert!(run.placeless().contains("was not used") && !run.all().contains("no policy of this run"), "{}", run.all());
}

#[test]
fn an_entry_is_written_beside_the_settings_and_the_rest_stays() {
    let gate = gate().file("waivers.yaml", "# ours\nwaivers: [] # none yet\n");
    gate.git("init -q .");
    gate.git("config user.name bob");
    let waive = "waive bad --reason old --until 2099-12-31 --resource Pod/shop/*";
    assert_snapshot!(gate.run_in("deploy", waive, b"").all(), @"
    ../waivers.yaml: waives bad until 2099-12-31
    exit 0
    ");
    let written = gate.read("waivers.yaml");
    let created = written.lines().find(|line| line.contains("created")).unwrap().to_owned();
    assert_snapshot!(written.replace(&created, "    created: today"), @r#"
    # ours
    waivers: # none yet
      - rule: bad
        resource: "Pod/shop/*"
        reason: old
        owner: bob
        created: today
        expires: 2099-12-31
    "#);
    assert!(gate.run("check -o concise -p policy deploy").all().ends_with("exit 0"));
    for (arguments, told) in [
        ("--until 2020-01-01", "has passed"),
        ("--until 2026-02-30", "no day of the calendar"),
        ("--until 2099-12-31T00:00:00Z", "no day of the calendar"),
        ("--until 2099-12-31 --owner=", "`--owner` is empty"),
    ] {
        let said = gate.run(&format!("waive bad --reason old {arguments}")).all();
        assert!(said.contains(told) && said.ends_with("exit 2"), "{arguments}: {said}");
    }
}

#[test]
fn what_is_wrong_in_the_settings_is_shown_in_their_file() {
    let said = |settings: &str| gate().file("regate.yaml", settings).run("check -p policy deploy").all();
    assert_snapshot!(said("enforce:\n  - rule: bad\n    level: block\n    effective: 2026-02-30\n"), @"
      × `effective: 2026-02-30` in `enforce` is no day of the calendar: write YYYY-MM-DD
       ╭─[regate.yaml:4:16]
     3 │     level: block
     4 │     effective: 2026-02-30
       ·                ─────┬────
       ·                     ╰── here
       ╰────
    exit 2
    ");
    assert_snapshot!(said("enforce:\n  - {kind: kubernets, level: warn}\n"), @"
      × there is no kind `kubernets`: did you mean `kubernetes`?
       ╭─[regate.yaml:2:12]
     1 │ enforce:
     2 │   - {kind: kubernets, level: warn}
       ·            ────┬────
       ·                ╰── here
       ╰────
    exit 2
    ");
    assert_snapshot!(said("require: {kubernets: 3}\n"), @"
      × there is no kind `kubernets`: did you mean `kubernetes`?
       ╭─[regate.yaml:1:11]
     1 │ require: {kubernets: 3}
       ·           ────┬────
       ·               ╰── here
       ╰────
    exit 2
    ");
    for (settings, told) in [
        ("enforce: [{rule: bad, level: block, effective: 2026-02-03T00:00:00+02:00}]\n", "no day of the calendar"),
        ("enforce: [{rule: bda, level: warn}]\n", "no policy of this run has such a rule"),
        ("enforce: [{pack: mian, level: warn}]\n", "no policy of this run has such a pack"),
        ("budget: {critical: {max: -1}}\n", "max"),
        ("approval: [name]\n", "unknown variant"),
        ("waiver-terms: {critical: 30}\n", "no length of time"),
    ] {
        let said = said(settings);
        assert!(said.contains(told) && said.contains("regate.yaml:1:"), "{settings}: {said}");
    }
}

#[test]
fn thresholds_go_by_paths_from_home_by_kind_pack_and_environment() {
    for (entry, arguments, wanted) in [
        ("path: deploy/web.yaml", "", 0),
        ("path: web.yaml", "", 1),
        ("kind: kubernetes", "", 0),
        ("kind: terraform", "", 1),
        ("pack: main", "", 0),
        ("severity: high", "", 1),
        ("rule: b*", "", 0),
        ("env: dev", "--env dev", 0),
        ("env: dev", "--env prod", 1),
        ("effective: 2026-01-02", "", 1),
        ("effective: 2026-01-01", "", 0),
    ] {
        let gate = gate().file("regate.yaml", format!("enforce: [{{{entry}, level: warn}}]\n"));
        for folder in ["deploy", "."] {
            let (policy, paths) = if folder == "." { ("policy", "deploy") } else { ("../policy", ".") };
            let run = gate.run_in(folder, &format!("check -p {policy} {paths} --as-of 2026-01-01 {arguments}"), b"");
            assert_eq!(run.code, Some(wanted), "{entry} {arguments}: {}", run.all());
        }
    }
}
