#!/usr/bin/env python3
"""Writes the inputs of `peers.sh` into a folder: the same bytes on every machine.

Usage: generate.py FOLDER [TRIVY_REPORT]

manifests/     1,000 Deployments of two containers, the second of which lacks nearly everything
tenth/         the same with findings in every tenth alone
one/           the first of them
small/         10,000 manifests of a few lines
rules-deny/    20 rules that are all called `deny`
rules-named/   the same rules as `deny_r0` … `deny_r19`
rules-forty/   40 named rules for the small manifests
modules/       500 packages with a rule each
report/        a Trivy report of about 10 MB
rules-report/  one rule for it
"""

import json
import random
import sys
from pathlib import Path

SEED = 20_260_801
HEAD = "package main\n\nimport rego.v1\n"

# Name, what each container is bound to, condition, message.
EACH = "c := input.spec.template.spec.containers[_]"
SPEC = "input.spec.template.spec"
RULES = [
    ("latest tag", EACH, 'endswith(c.image, ":latest")'),
    ("privileged", EACH, "c.securityContext.privileged == true"),
    ("may run as root", EACH, "not c.securityContext.runAsNonRoot"),
    ("no memory limit", EACH, "not c.resources.limits.memory"),
    ("no cpu limit", EACH, "not c.resources.limits.cpu"),
    ("no requests", EACH, "not c.resources.requests"),
    ("no liveness probe", EACH, "not c.livenessProbe"),
    ("no readiness probe", EACH, "not c.readinessProbe"),
    ("writable file system", EACH, "not c.securityContext.readOnlyRootFilesystem"),
    ("privilege escalation", EACH, "not c.securityContext.allowPrivilegeEscalation == false"),
    ("capabilities kept", EACH, 'not "ALL" in c.securityContext.capabilities.drop'),
    ("foreign registry", EACH, 'not startswith(c.image, "registry.example.com/")'),
    ("default namespace", "c := input.metadata", 'c.namespace == "default"'),
    ("fewer than 2 replicas", "c := input.metadata", "input.spec.replicas < 2"),
    ("no team label", "c := input.metadata", "not c.labels.team"),
    ("token mounted", "c := input.metadata", f"not {SPEC}.automountServiceAccountToken == false"),
    ("host path", f"c := {SPEC}.volumes[_]", "c.hostPath"),
    ("host network", "c := input.metadata", f"{SPEC}.hostNetwork == true"),
    ("selector differs", "c := input.metadata", "input.spec.selector.matchLabels.app != input.spec.template.metadata.labels.app"),
    ("secret in env", EACH, 'e := c.env[_]; contains(lower(e.name), "secret"); e.value'),
]

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{n}
  namespace: {namespace}
  labels:
    app: app-{n}
    team: team-{team}
  annotations:
    example.com/owner: "team-{team}@example.com"
    example.com/runbook: "https://runbooks.example.com/app-{n}"
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app: app-{n}
  template:
    metadata:
      labels:
        app: app-{n}
        team: team-{team}
    spec:
      automountServiceAccountToken: {token}
      serviceAccountName: app-{n}
      containers:
        - name: web
          image: registry.example.com/team-{team}/app-{n}:{tag}
          ports:
            - containerPort: 8080
              name: http
          env:
            - name: LOG_LEVEL
              value: info
            - name: DB_HOST
              value: db-{n}.internal
          resources:
            limits:
              cpu: 500m
              memory: 256Mi
            requests:
              cpu: 100m
              memory: 128Mi
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          securityContext:
            runAsNonRoot: {non_root}
            readOnlyRootFilesystem: true
            allowPrivilegeEscalation: false
            capabilities:
              drop: ["ALL"]
        - name: sidecar
          image: docker.io/library/envoy:{tag}
          args: ["--config", "/etc/envoy/envoy.yaml", "--log-level", "warn"]
          env:
            - name: SIDECAR_SECRET
              value: hunter{n}
          securityContext:
            privileged: {privileged}
      volumes:
        - name: config
          configMap:
            name: app-{n}-config
"""

# What the rules ask of the second container, of the namespace and of the rest, in manifests without findings.
CLEAN = [
    ("docker.io/library/envoy:latest", "registry.example.com/envoy:1.31.2"),
    ("SIDECAR_SECRET", "SIDECAR_MODE"),
    (
        "          securityContext:\n            privileged: {privileged}\n",
        "          resources: {{limits: {{cpu: 100m, memory: 64Mi}}, requests: {{cpu: 10m, memory: 32Mi}}}}\n"
        "          livenessProbe: {{tcpSocket: {{port: 9901}}}}\n"
        "          readinessProbe: {{tcpSocket: {{port: 9901}}}}\n"
        "          securityContext:\n            privileged: false\n            runAsNonRoot: true\n"
        "            readOnlyRootFilesystem: true\n            allowPrivilegeEscalation: false\n"
        '            capabilities:\n              drop: ["ALL"]\n',
    ),
]

SMALL = """\
apiVersion: v1
kind: Service
metadata:
  name: svc-{n}
  namespace: {namespace}
  labels:
    team: team-{team}
spec:
  type: {type}
  selector:
    app: app-{n}
  ports:
    - name: http
      port: {port}
"""


def clean(n, team):
    """The manifest in which the rules find nothing."""
    text = MANIFEST
    for old, new in [("envoy:{tag}", "envoy:latest"), *CLEAN]:
        text = text.replace(old, new)
    text = text.replace("{tag}", "1.4.2").replace("{privileged}", "false").replace("{non_root}", "true")
    return text.format(n=n, team=team, namespace="shop", replicas=3, token="false")


def rule(number, name):
    title, bind, condition = RULES[number]
    what = "c.name" if bind == EACH else "input.kind"
    body = [
        'input.kind == "Deployment"',
        bind,
        *condition.split("; "),
        f'msg := sprintf("r{number} {title}: %s in %s", [{what}, input.metadata.name])',
    ]
    lines = "\n".join(f"\t{line}" for line in body)
    return f"{name} contains msg if {{\n{lines}\n}}\n"


def small_rule(number):
    conditions = [
        f"input.spec.ports[_].port == {8000 + number}",
        f'input.metadata.labels.team == "team-{number}"',
        f'endswith(input.metadata.name, "-{number}")',
        f'input.spec.type == "LoadBalancer"\n\tinput.metadata.namespace == "ns-{number}"',
    ]
    message = f'msg := sprintf("small rule {number}: %s", [input.metadata.name])'
    condition = conditions[number % len(conditions)]
    return f'deny_s{number} contains msg if {{\n\tinput.kind == "Service"\n\t{condition}\n\t{message}\n}}\n'


def module(number):
    return (
        f"package pack{number}\n\nimport rego.v1\n\n"
        'deny contains msg if {\n\tinput.kind == "Deployment"\n'
        f"\tinput.spec.replicas > {number % 7}\n\tc := input.spec.template.spec.containers[_]\n"
        f'\tnot c.resources.limits.memory\n\tmsg := sprintf("pack {number}: %s", [c.name])\n}}\n'
    )


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def vulnerability(dice, number):
    return {
        "VulnerabilityID": f"CVE-2026-{number:05}",
        "PkgName": f"lib{dice.randrange(400)}",
        "InstalledVersion": f"1.{dice.randrange(20)}.{dice.randrange(9)}",
        "FixedVersion": f"2.{dice.randrange(20)}.0",
        "Status": "fixed",
        "Severity": dice.choice(["LOW", "MEDIUM", "MEDIUM", "HIGH", "CRITICAL"]),
        "Title": f"lib: out-of-bounds read number {number}",
        "Description": "A crafted input makes the parser read past the end of its buffer. " * 25,
        "References": [f"https://example.com/advisories/{number}/{part}" for part in range(18)],
        "CVSS": {"nvd": {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "V3Score": 9.8}},
        "PublishedDate": "2026-03-01T00:00:00Z",
    }


def report(dice, original):
    """Results of a real report with new targets until it weighs 9.7 MB; without one, made-up results."""
    if original:
        base = json.loads(Path(original).read_text(encoding="utf-8"))
        results = [result for result in base.get("Results", []) if result.get("Vulnerabilities")]
    else:
        base = {"SchemaVersion": 2, "ArtifactName": "shop:1.0", "ArtifactType": "container_image"}
        results = [{"Target": "shop", "Class": "os-pkgs", "Type": "debian"}]
        results[0]["Vulnerabilities"] = [vulnerability(dice, number) for number in range(261)]
    copies, size = [], 0
    while size < 9_700_000:
        for result in results:
            copy = dict(result, Target=f"{result['Target']} {len(copies)}")
            copies.append(copy)
            size += len(json.dumps(copy, indent=2))
    return json.dumps(dict(base, Results=copies), indent=2)


def main():
    out = Path(sys.argv[1])
    dice = random.Random(SEED)
    for n in range(1000):
        text = MANIFEST.format(
            n=n,
            team=dice.randrange(12),
            namespace=dice.choice(["default", "shop", "billing", "search"]),
            tag=dice.choice(["latest", "1.4.2", "2.0.0", "2.1.7"]),
            replicas=dice.randrange(1, 5),
            non_root=dice.choice(["true", "false"]),
            privileged=dice.choice(["true", "false", "false"]),
            token=dice.choice(["true", "false"]),
        )
        write(out / f"manifests/team-{n % 10}/app-{n:04}.yaml", text)
        write(out / f"tenth/team-{n % 10}/app-{n:04}.yaml", text if n % 10 == 0 else clean(n, n % 12))
        if n == 0:
            write(out / "one/app.yaml", text)
    for n in range(10_000):
        text = SMALL.format(
            n=n,
            team=dice.randrange(60),
            namespace=f"ns-{dice.randrange(60)}",
            type=dice.choice(["ClusterIP", "ClusterIP", "LoadBalancer"]),
            port=8000 + dice.randrange(200),
        )
        write(out / f"small/{n // 500:02}/svc-{n:05}.yaml", text)
    numbers = range(len(RULES))
    write(out / "rules-deny/rules.rego", "\n".join([HEAD, *(rule(n, "deny") for n in numbers)]))
    write(out / "rules-named/rules.rego", "\n".join([HEAD, *(rule(n, f"deny_r{n}") for n in numbers)]))
    write(out / "rules-forty/rules.rego", "\n".join([HEAD, *(small_rule(n) for n in range(40))]))
    for n in range(500):
        write(out / f"modules/pack{n:03}.rego", module(n))
    write(out / "report/trivy.json", report(dice, sys.argv[2] if len(sys.argv) > 2 else None))
    write(
        out / "rules-report/rules.rego",
        f'{HEAD}\ndeny contains msg if {{\n\tr := input.Results[_]\n\tv := r.Vulnerabilities[_]\n\tv.Severity == "CRITICAL"\n'
        '\tmsg := sprintf("%s in %s of %s", [v.VulnerabilityID, v.PkgName, r.Target])\n}\n',
    )


if __name__ == "__main__":
    main()
