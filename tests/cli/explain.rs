//! `regate explain`: what an officer asks.

use insta::assert_snapshot;

use crate::gate::Gate;

const DEPLOY: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 3
  maxReplicas: 2
  template:
    spec:
      containers:
      - name: web
        image: nginx:latest
        resources: {limits: {memory: 64Mi}}
      - name: side
        image: envoy:1.2
        securityContext: {privileged: true}
";

const SERVICE: &str = "apiVersion: v1
kind: Service
metadata: {name: front}
spec:
  selector:
    app: wab
";

/// A file of one rule each.
fn explained(rules: &[(&str, &str)]) -> String {
    let gate = Gate::new().file("deploy.yaml", DEPLOY);
    let mut all = String::new();
    for (name, text) in rules {
        gate.write("p/p.rego", format!("package main\n\ndeny_{name} {text}\n"));
        let run = gate.run(&format!("explain main.deny_{name} deploy.yaml -p p"));
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        let own = run.stdout.lines().filter(|line| !line.starts_with("  policy: ") && !line.is_empty());
        own.for_each(|line| all.extend([line, "\n"]));
    }
    all
}

#[test]
fn a_rule_that_passed_tells_what_it_wants_and_what_is_there() {
    assert_snapshot!(explained(&[
        ("less", "contains \"m\" if input.spec.replicas < 2"),
        ("most", "contains \"m\" if input.spec.replicas > 5"),
        ("turned", "contains \"m\" if 5 < input.spec.replicas"),
        ("two", "contains \"m\" if input.spec.maxReplicas > input.spec.replicas"),
        ("equal", "contains \"m\" if input.metadata.namespace == \"default\""),
        ("unequal", "contains \"m\" if input.metadata.name != \"web\""),
        ("kind", "contains \"m\" if { input.kind == \"Service\"; input.spec.type == \"NodePort\" }"),
        ("old", "contains \"m\" if \"Service\" = input.kind"),
        ("not", "contains \"m\" if not input.metadata.labels.app"),
        ("set", "contains \"m\" if not input.metadata.name in {\"web\", \"api\"}"),
        ("in", "contains \"m\" if input.metadata.name in {\"db\", \"api\"}"),
        ("regex", "contains \"m\" if not regex.match(`^[a-z]+$`, input.metadata.name)"),
        ("starts", "contains \"m\" if startswith(input.spec.template.spec.containers[_].image, \"docker.io/\")"),
        ("count", "contains \"m\" if count(input.spec.template.spec.containers) < 2"),
        ("helper", "contains \"m\" if not bounded(input)\n\nbounded(x) if x.spec.replicas <= 4"),
        ("every", "contains \"m\" if not fine\n\nfine if every c in input.spec.template.spec.containers { c.image != \"bad\" }"),
        ("nothing", "contains \"m\" if input.spec.template.spec.initContainers[_].privileged"),
        ("lower", "contains \"m\" if lower(input.metadata.name) == \"root\""),
    ]), @r#"
    main.deny_less
      passed because `spec.replicas` is 3 (deploy.yaml:7:13), and the rule wants at least 2
    main.deny_most
      passed because `spec.replicas` is 3 (deploy.yaml:7:13), and the rule wants at most 5
    main.deny_turned
      passed because `spec.replicas` is 3 (deploy.yaml:7:13), and the rule wants at most 5
    main.deny_two
      passed because `spec.maxReplicas` is 2 (deploy.yaml:8:16), and the rule wants at most 3, from `spec.replicas` (deploy.yaml:7:13)
    main.deny_equal
      passed because `metadata.namespace` is missing (deploy.yaml:3:1), and the rule wants anything but "default"
    main.deny_unequal
      passed because `metadata.name` is "web" (deploy.yaml:4:9), and the rule wants "web"
    main.deny_kind
      passed because `kind` is "Deployment" (deploy.yaml:2:7), and the rule is about "Service"
    main.deny_old
      passed because `kind` is "Deployment" (deploy.yaml:2:7), and the rule is about "Service"
    main.deny_not
      passed because `metadata.labels.app` is "web" (deploy.yaml:5:17), and the rule wants it to be there and not `false`
    main.deny_set
      passed because `metadata.name` is "web" (deploy.yaml:4:9), and the rule wants one of {"api", "web"}
    main.deny_in
      passed because `metadata.name` is "web" (deploy.yaml:4:9), and the rule wants none of {"api", "db"}
    main.deny_regex
      passed because `metadata.name` is "web" (deploy.yaml:4:9), and the rule wants a text that matches "^[a-z]+$"
    main.deny_starts
      passed because
        `spec.template.spec.containers[0].image` is "nginx:latest" (deploy.yaml:13:16), and the rule wants a text that does not start with "docker.io/"
        `spec.template.spec.containers[1].image` is "envoy:1.2" (deploy.yaml:16:16), and the rule wants a text that does not start with "docker.io/"
    main.deny_count
      passed because `spec.template.spec.containers` has 2 parts (deploy.yaml:12:7), and the rule wants at least 2
    main.deny_helper
      passed because `spec.replicas` is 3 (deploy.yaml:7:13), and the rule wants at most 4
    main.deny_every
      passed because
        `spec.template.spec.containers[0].image` is "nginx:latest" (deploy.yaml:13:16), and the rule wants anything but "bad"
        `spec.template.spec.containers[1].image` is "envoy:1.2" (deploy.yaml:16:16), and the rule wants anything but "bad"
    main.deny_nothing
      passed because `spec.template.spec.initContainers` is missing (deploy.yaml:10:5), and the rule looks only at what has it
    main.deny_lower
      passed because what the rule makes of `metadata.name` (deploy.yaml:4:9) is "web", and the rule wants anything but "root"
    "#);
}

#[test]
fn a_rule_that_failed_tells_so_for_each_of_its_findings() {
    assert_snapshot!(explained(&[
        ("less", "contains \"m\" if input.spec.replicas <= 3"),
        ("two", "contains \"m\" if input.spec.maxReplicas < input.spec.replicas"),
        ("latest", "contains c.name if { some c in input.spec.template.spec.containers; endswith(c.image, \":latest\") }"),
        ("root", "contains c.name if { some c in input.spec.template.spec.containers; not c.securityContext.runAsNonRoot }"),
        ("privileged", "contains c.name if { some c in input.spec.template.spec.containers; c.securityContext.privileged }"),
        ("label", "contains \"m\" if not input.metadata.labels.team"),
        ("name", "contains \"m\" if not input.metadata.name in {\"api\", \"db\"}"),
        ("labels", "contains \"m\" if { missing := {\"app\", \"team\"} - object.keys(input.metadata.labels); count(missing) > 0 }"),
        ("helper", "contains c.name if { some c in input.spec.template.spec.containers; not bounded(c) }\n\nbounded(c) if c.resources.limits.memory"),
        ("kind", "contains \"m\" if input.kind == \"Deployment\""),
        ("object", "contains {\"msg\": \"m\", \"id\": 7} if input.spec.replicas == 3"),
        ("other", "contains {\"message\": \"n\", \"id\": 7} if input.spec.replicas == 3"),
    ]), @r#"
    main.deny_less
      failed: m
      because `spec.replicas` is 3 (deploy.yaml:7:13), and the rule wants more than 3
    main.deny_two
      failed: m
      because `spec.maxReplicas` is 2 (deploy.yaml:8:16), and the rule wants at least 3, from `spec.replicas` (deploy.yaml:7:13)
    main.deny_latest
      failed: web
      because `spec.template.spec.containers[0].image` is "nginx:latest" (deploy.yaml:13:16), and the rule wants a text that does not end with ":latest"
    main.deny_root
      failed: web
      because `spec.template.spec.containers[0].securityContext` is missing (deploy.yaml:12:9), and the rule wants it to be there and not `false`
      failed: side
      because `spec.template.spec.containers[1].securityContext.runAsNonRoot` is missing (deploy.yaml:17:9), and the rule wants it to be there and not `false`
    main.deny_privileged
      failed: side
      because `spec.template.spec.containers[1].securityContext.privileged` is true (deploy.yaml:17:39), and the rule wants it missing or `false`
    main.deny_label
      failed: m
      because `metadata.labels.team` is missing (deploy.yaml:5:3), and the rule wants it to be there and not `false`
    main.deny_name
      failed: m
      because `metadata.name` is "web" (deploy.yaml:4:9), and the rule wants one of {"api", "db"}
    main.deny_labels
      failed: m
      because what the rule makes of `metadata.labels` (deploy.yaml:5:11) is 1, and the rule wants at most 0
    main.deny_helper
      failed: side
      because `spec.template.spec.containers[1].resources` is missing (deploy.yaml:15:9), and the rule wants it to be there and not `false`
    main.deny_kind
      failed: m
      because `kind` is "Deployment" (deploy.yaml:2:7), and the rule is about "Deployment"
    main.deny_object
      failed: m
      because `spec.replicas` is 3 (deploy.yaml:7:13), and the rule wants anything but 3
    main.deny_other
      failed: n
      because `spec.replicas` is 3 (deploy.yaml:7:13), and the rule wants anything but 3
    "#);
}

#[test]
fn a_line_tells_which_rules_looked_at_it_and_no_others() {
    let gate = Gate::new().file("deploy.yaml", DEPLOY);
    gate.write(
        "p/p.rego",
        "package main\n\ndeny_few contains \"m\" if input.spec.replicas < 2\n\ndeny_name contains \"m\" if input.metadata.name == \"x\"\n\ndeny_odd contains \"odd\" if input.spec.replicas % 2 == 1\n",
    );
    assert_snapshot!(gate.run("explain deploy.yaml:7 -p p").all(), @"
    main.deny_few
      passed because `spec.replicas` is 3 (deploy.yaml:7:13), and the rule wants at least 2
      policy: p/p.rego:3

    main.deny_odd
      failed: odd
      because what the rule makes of `spec.replicas` (deploy.yaml:7:13) is 1, and the rule wants anything but 1
      policy: p/p.rego:7

    exit 0
    ");
    assert_snapshot!(gate.run("explain deploy.yaml:10 -p p").all(), @"
    no rule looked there
    exit 0
    ");
    assert_snapshot!(gate.run("explain k8s-privileged-container deploy.yaml").all(), @"
    k8s-privileged-container (Containers do not run privileged)
      failed: container `side` of Deployment/web is privileged
      because `spec.template.spec.containers[1].securityContext.privileged` is true (deploy.yaml:17:39), and the rule wants anything but true
      policy: builtin:kubernetes/k8s-privileged-container/policy.rego:20

    exit 0
    ");
}

#[test]
fn a_rule_over_many_files_is_explained_with_the_file_of_each_fact() {
    let policy = "package main\n\n# METADATA\n# title: Services have somebody behind them\n# custom:\n#   scope: all\ndeny_lonely contains msg if {\n\tsome service in input\n\tservice.contents.kind == \"Service\"\n\tnot served(service.contents.spec.selector.app)\n\tmsg := sprintf(\"%s selects nothing\", [service.contents.metadata.name])\n}\n\nserved(app) if input[_].contents.spec.template.metadata.labels.app == app\n";
    let gate = Gate::new().file("k/deploy.yaml", DEPLOY).file("p/p.rego", policy);
    gate.write("k/service.yaml", SERVICE);
    assert_snapshot!(gate.run("explain main.deny_lonely k -p p").all(), @"
    main.deny_lonely (Services have somebody behind them)
      failed: front selects nothing
      because
        `spec.template.metadata` is missing (k/deploy.yaml:9:3)
        `spec.template` is missing (k/service.yaml:4:1)
      policy: p/p.rego:7

    exit 0
    ");
    gate.write("k/deploy.yaml", DEPLOY.replace("    spec:", "    metadata: {labels: {app: web}}\n    spec:"));
    assert_snapshot!(gate.run("explain main.deny_lonely k -p p").all(), @r#"
    main.deny_lonely (Services have somebody behind them)
      failed: front selects nothing
      because `spec.template.metadata.labels.app` is "web" (k/deploy.yaml:10:30), and the rule wants "wab", from `spec.selector.app` (k/service.yaml:6:10)
      policy: p/p.rego:7

    exit 0
    "#);
    assert_snapshot!(gate.run("explain k/service.yaml:6 k/deploy.yaml -p p").all(), @r#"
    main.deny_lonely (Services have somebody behind them)
      failed: front selects nothing
      because `spec.template.metadata.labels.app` is "web" (k/deploy.yaml:10:30), and the rule wants "wab", from `spec.selector.app` (k/service.yaml:6:10)
      policy: p/p.rego:7

    exit 0
    "#);
    let fine = SERVICE.replace("wab", "web");
    gate.write("k/service.yaml", fine);
    let passed = gate.run("explain k/service.yaml:2 k/deploy.yaml -p p").all();
    assert_eq!(gate.run("explain k/service.yaml:6 k/deploy.yaml -p p").all(), passed);
    assert_snapshot!(passed, @r#"
    main.deny_lonely (Services have somebody behind them)
      passed because
        `kind` is "Deployment" (k/deploy.yaml:2:7), and the rule is about "Service"
        `spec.template.metadata.labels.app` is "web" (k/deploy.yaml:10:30), and the rule wants "web", from `spec.selector.app` (k/service.yaml:6:10)
      policy: p/p.rego:7

    exit 0
    "#);
}

#[test]
fn with_combine_each_rule_is_explained_over_all_files() {
    let policy = "package main\n\ndeny contains msg if {\n\tsome i, j\n\ti < j\n\tinput[i].contents.id == input[j].contents.id\n\tmsg := sprintf(\"id %v twice\", [input[i].contents.id])\n}\n";
    let gate = Gate::new().file("a.json", "{\"id\": 1}").file("b.json", "{\"id\": 1}").file("p/p.rego", policy);
    assert_snapshot!(gate.run("explain main.deny a.json b.json --combine -p p").all(), @"
    main.deny
      failed: id 1 twice
      because `id` is 1 (a.json:1:8), and the rule wants anything but 1, from `id` (b.json:1:8)
      policy: p/p.rego:3

    exit 0
    ");
    assert_snapshot!(gate.run("explain main.deny a.json b.json -p p").all(), @"
    main.deny
      passed because `id.contents` is missing (a.json:1:2), and the rule looks only at what has it
      policy: p/p.rego:3

    main.deny
      passed because `id.contents` is missing (b.json:1:2), and the rule looks only at what has it
      policy: p/p.rego:3

    exit 0
    ");
}

#[test]
fn what_cannot_be_explained_is_said() {
    let gate =
        Gate::new().file("deploy.yaml", DEPLOY).file("p/p.rego", "package main\n\ndeny contains \"m\" if input.x\n");
    assert_snapshot!(gate.run("explain deploy.yaml -p p").all(), @"
    error: `deploy.yaml` is no FILE:LINE; to explain a rule, give the rule and the file
    exit 2
    ");
    assert_snapshot!(gate.run("explain no-such-rule deploy.yaml -p p").all(), @"
    error: there is no rule `no-such-rule` for this file: see `regate rules`
    exit 2
    ");
    assert_snapshot!(gate.run("explain none.yaml:3 -p p").all(), @"
    error: none.yaml: there is no such file
    exit 2
    ");
}
