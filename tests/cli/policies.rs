//! conftest's conventions, namespaces and data.

use insta::assert_snapshot;

use crate::gate::{Gate, NO_PODS, PRIVILEGED};

#[test]
fn conftests_rules_work_as_they_are() {
    let gate = Gate::new().file("pod.yaml", PRIVILEGED);
    gate.write(
        "policy/old.rego",
        "package main\n\ndeny[msg] {\n\tinput.kind == \"Pod\"\n\tmsg = \"v0\"\n}\n\nviolation[{\"msg\": \"object\", \"severity\": \"LOW\"}] { input.kind }\n",
    );
    gate.write(
        "policy/new.rego",
        "package team.pods\n\ndeny_root contains \"suffixed\" if input.kind\n\nwarn contains \"advice\" if input.kind\n\nother contains \"unasked\" if input.kind\n",
    );
    assert_snapshot!(gate.check("-p policy pod.yaml"), @"
    pod.yaml: high main.deny v0
    pod.yaml: low main.violation object
    pod.yaml: high team.pods.deny_root suffixed
    pod.yaml: low team.pods.warn advice
    FAIL: 2 findings at or above medium
    exit 1
    ");
}

#[test]
fn an_exception_exempts_the_rules_it_names_and_is_told() {
    let gate = Gate::new().file("pod.yaml", PRIVILEGED);
    gate.write(
        "p/a.rego",
        "package main\n\ndeny_root contains \"exempt\" if input.kind\n\ndeny_other contains \"stands\" if input.kind\n\nexception contains [\"root\"] if input.kind\n",
    );
    assert_snapshot!(gate.check("-p p pod.yaml"), @"
    pod.yaml: high main.deny_other stands
    FAIL: 1 finding at or above medium
    exit 1
    ");
    let verbose = gate.run("check --verbose -p p pod.yaml").stdout;
    assert!(verbose.contains("main.deny_root exempt") && verbose.contains("accepted   1 waived"), "{verbose}");
}

#[test]
fn a_namespace_narrows_and_one_that_names_nothing_is_told() {
    let gate = Gate::new().file("pod.yaml", PRIVILEGED).file("p/a.rego", NO_PODS);
    gate.write("p/b.rego", "package other\n\ndeny contains \"other\" if input.kind\n");
    assert_snapshot!(gate.check("-p p -n other pod.yaml"), @"
    pod.yaml: high other.deny other
    FAIL: 1 finding at or above medium
    exit 1
    ");
    assert_snapshot!(gate.check("-p p -n oth* -n mian pod.yaml"), @"
    pod.yaml: high other.deny other
    mian: notice policy-invalid policy_load_error: no package of the policies has this name
    FAIL: 1 finding at or above medium
    exit 1
    ");
}

#[test]
fn data_is_mounted_by_folder() {
    let gate = Gate::new().file("pod.yaml", PRIVILEGED);
    gate.write("p/a.rego", "package main\n\ndeny contains sprintf(\"%v\", [data.teams]) if input.kind\n");
    gate.write("p/teams/data.yaml", "blue: 1\n");
    gate.write("more/teams/x.json", "{\"red\": 2}");
    assert_snapshot!(gate.check("-p p -d more pod.yaml"), @r#"
    pod.yaml: high main.deny {"blue": 1, "red": 2}
    FAIL: 1 finding at or above medium
    exit 1
    "#);
}

#[test]
fn metadata_names_the_rule_and_narrows_it_to_kinds() {
    let gate = Gate::new().file("pod.yaml", PRIVILEGED).file("Dockerfile", "FROM alpine:3.20\n");
    gate.write(
        "p/a.rego",
        "# METADATA\n# title: No pods\n# custom:\n#   id: team-no-pods\n#   severity: medium\n#   kinds: [kubernetes]\npackage team.pods\n\ndeny contains \"found\" if true\n",
    );
    assert_snapshot!(gate.check("-p p pod.yaml Dockerfile"), @"
    pod.yaml: medium team-no-pods found
    FAIL: 1 finding at or above medium
    exit 1
    ");
    gate.write(
        "p/a.rego",
        "# METADATA\n# custom:\n#   kinds: [kubernets]\npackage team.pods\n\ndeny contains \"found\" if true\n",
    );
    assert_snapshot!(gate.check("-p p pod.yaml"), @"
    pod.yaml: high team.pods.deny found
    p/a.rego:1:1: error policy-invalid rego_parse_error: the metadata can't be read: custom.kinds[0]: unknown variant `kubernets`, expected one of `kubernetes`, `kustomization`, `helm-template`, `cloudformation`, `terraform`, `terraform-plan`, `dockerfile`, `compose`, `github-workflow`, `trivy`, `sarif`, `junit`, `unknown` at line 2 column 11
    FAIL: 1 finding at or above medium; 1 problem (policy-invalid)
    exit 1
    ");
}

#[test]
fn the_items_of_a_list_are_documents() {
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n";
    let gate = Gate::new().file("list.yaml", list);
    gate.write("p/a.rego", "package main\n\ndeny contains input.metadata.name if input.kind == \"Pod\"\n");
    let output = gate.check("-p p list.yaml");
    assert!(
        output.contains("main.deny a") && output.contains("main.deny b") && output.contains("2 findings"),
        "{output}"
    );
}

#[test]
fn standard_input_is_checked_under_its_name() {
    let gate = Gate::new().file("p/a.rego", NO_PODS);
    let run = gate.fed("check - -o concise -p p --stdin-filename deploy/x.yaml", PRIVILEGED.as_bytes());
    assert!(run.stdout.starts_with("deploy/x.yaml:"), "{}", run.stdout);
    assert_eq!(run.code, Some(1));
    let dockerfile = gate.fed("check - -o concise -p builtin:dockerfile --stdin-filename Dockerfile", b"FROM alpine\n");
    assert!(dockerfile.stdout.contains("docker-image-latest"), "{}", dockerfile.all());
}

#[test]
fn the_elements_of_a_list_are_inputs_of_their_own_as_in_conftest() {
    let gate = Gate::new().file("list.json", "[\n  {\"name\": \"a\"},\n  {\"name\": \"b\", \"port\": 22}\n]\n");
    gate.write(
        "p/a.rego",
        "package main\n\ndeny contains sprintf(\"%s has ssh\", [input.name]) if input.port == 22\n\ndeny_port contains \"no port\" if not input.port\n",
    );
    // A policy that goes through the list, by itself or by another module, gets it as a whole.
    gate.write("p/b.rego", "package lists\n\ndeny contains \"one has ssh\" if input[_].port == 22\n");
    gate.write(
        "p/c.rego",
        "package far\n\nimport data.lib\n\ndeny contains \"ssh from afar\" if lib.hosts[_].port == 22\n",
    );
    gate.write("p/lib.rego", "package lib\n\nhosts contains host if some host in input\n");
    assert_snapshot!(gate.run("check -o concise --as-of 2026-01-01 -p p list.json").all(), @"
    list.json:2:3: high main.deny_port no port
    list.json:3:25: high far.deny ssh from afar
    list.json:3:25: high lists.deny one has ssh
    list.json:3:25: high main.deny b has ssh
    checked 1 file, 1 document (1 unknown), 4 rules, 10 evaluations; day 2026-01-01
    FAIL: 4 findings at or above medium
    exit 1
    ");
    let told = gate.run("explain main.deny list.json -p p").all();
    assert_snapshot!(told, @"
    main.deny
      passed because `port` is missing (list.json:2:3), and the rule wants anything but 22
      policy: p/a.rego:3

    main.deny
      failed: b has ssh
      because `port` is 22 (list.json:3:25), and the rule wants anything but 22
      policy: p/a.rego:3

    exit 0
    ");
}

#[test]
fn a_policy_that_gives_the_list_another_name_gets_it_as_a_whole() {
    let gate = Gate::new().file("list.json", "[{\"port\": 80}, {\"port\": 22}]\n");
    gate.write("p/a.rego", "package main\n\ndeny contains \"ssh\" if {\n\titems := input\n\titems[_].port == 22\n}\n");
    assert_snapshot!(gate.run("check -o concise --as-of 2026-01-01 -p p list.json").all(), @"
    list.json:1:25: high main.deny ssh
    checked 1 file, 1 document (1 unknown), 1 rule, 3 evaluations; day 2026-01-01
    FAIL: 1 finding at or above medium
    exit 1
    ");
}

#[test]
fn a_list_that_holds_more_than_objects_is_gone_through_too() {
    let gate = Gate::new().file("list.json", "[1, {\"port\": 22}]\n");
    gate.write("p/a.rego", "package main\n\ndeny contains \"ssh\" if input.port == 22\n");
    assert_snapshot!(gate.run("check -o concise --as-of 2026-01-01 -p p list.json").all(), @"
    list.json:1:14: high main.deny ssh
    checked 1 file, 1 document (1 unknown), 1 rule, 2 evaluations; day 2026-01-01
    FAIL: 1 finding at or above medium
    exit 1
    ");
}
