//! `--combine`: rules over all documents, as conftest gives them.
//!
//! The expected messages are what conftest 0.69 prints for the same files and
//! policies; the places are ours, for it prints `Combined` for each.

use insta::assert_snapshot;

use crate::gate::Gate;

const TEAMS: &str = "name: team1\nmembers: [ann]\n---\nname: team2\nmembers: [bob]\n";

const POLICY: &str = r#"package main

deny contains msg if {
	some i, j
	i < j
	input[i].contents.kind == "A"
	input[j].contents.kind == "A"
	input[i].contents.id == input[j].contents.id
	msg := sprintf("id %v twice", [input[i].contents.id])
}

violation contains {"msg": msg} if {
	some file in input
	file.contents.team != "team1"
	msg := sprintf("%s: no such team", [file.path])
}

deny_acl contains msg if {
	acl := input[_].contents.resource.aws_s3_bucket[name][_].acl
	acl == "public-read"
	msg := sprintf("%s is public", [name])
}

deny_root contains "runs as root" if {
	some file in input
	file.path == "Dockerfile"
	file.contents[_].Value[0] == "root"
}

warn contains sprintf("%v", [[file.path | some file in input]])

warn_shape contains sprintf("%v", [{key | some file in input; some key, _ in file}])
"#;

fn files() -> Gate {
    Gate::new()
        .file("p/p.rego", POLICY)
        .file("team.yaml", TEAMS)
        .file("user.yaml", "user: bob\nteam: team9\n")
        .file("list.json", "[{\"kind\": \"A\", \"id\": 1},\n {\"kind\": \"A\", \"id\": 1}]\n")
        .file("Dockerfile", "FROM a:1\nUSER root\n")
        .file("main.tf", "resource \"aws_s3_bucket\" \"b\" {\n  acl = \"public-read\"\n}\n")
}

/// The short report without the line of counts.
fn report(gate: &Gate, arguments: &str) -> String {
    let all = gate.run(&format!("check -o concise {arguments}")).all();
    all.lines().filter(|line| !line.starts_with("checked ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn rules_get_all_documents_as_conftest_gives_them_and_each_finding_stands_in_its_file() {
    assert_snapshot!(report(&files(), "-p p --combine ."), @r#"
    Dockerfile:1:6: low main.warn ["Dockerfile", "list.json", "list.json", "main.tf", "team.yaml", "team.yaml", "user.yaml"]
    Dockerfile:1:6: low main.warn_shape {"contents", "path"}
    Dockerfile:2:6: high main.deny_root runs as root
    list.json:1:22: high main.deny id 1 twice
    main.tf:2:9: high main.deny_acl b is public
    user.yaml:2:7: high main.violation user.yaml: no such team
    FAIL: 4 findings at or above medium
    exit 1
    "#);
}

#[test]
fn the_settings_and_the_environment_can_ask_for_it_too() {
    let expected = report(&files(), "-p p --combine .");
    let set = files().file("regate.yaml", "policy: [p]\ncombine: true\nexclude: [regate.yaml]\n");
    assert_eq!(report(&set, "."), expected);
    assert_eq!(report(&files().env("REGATE_COMBINE", "true"), "-p p ."), expected);
}

#[test]
fn an_exception_holds_for_all_documents_at_once() {
    let gate = files();
    gate.write("p/e.rego", "package main\n\nexception contains [\"acl\", \"root\"] if input[_].contents.team\n");
    assert_snapshot!(report(&gate, "-p p --combine ."), @r#"
    Dockerfile:1:6: low main.warn ["Dockerfile", "list.json", "list.json", "main.tf", "team.yaml", "team.yaml", "user.yaml"]
    Dockerfile:1:6: low main.warn_shape {"contents", "path"}
    list.json:1:22: high main.deny id 1 twice
    user.yaml:2:7: high main.violation user.yaml: no such team
    FAIL: 2 findings at or above medium
    exit 1
    "#);
}

#[test]
fn rules_that_name_a_scope_and_built_in_rules_stay_as_they_are() {
    let gate = Gate::new().file("pod.yaml", crate::gate::PRIVILEGED);
    gate.write(
        "p/a.rego",
        "# METADATA\n# custom:\n#   scope: document\npackage main\n\ndeny contains \"one pod\" if input.kind == \"Pod\"\n",
    );
    gate.write(
        "p/b.rego",
        "# METADATA\n# custom:\n#   scope: all\npackage other\n\ndeny contains \"a kind\" if input[0].kind == \"kubernetes\"\n",
    );
    assert_snapshot!(gate.check("-p p -p builtin:kubernetes -n main -n other -n regate.kubernetes.privileged_container --combine pod.yaml"), @"
    pod.yaml: high main.deny one pod
    pod.yaml: high other.deny a kind
    pod.yaml: critical k8s-privileged-container container `web` of Pod/web is privileged
    FAIL: 3 findings at or above medium
    exit 1
    ");
}
