//! One verdict with everything in it, through which every format is tested.

use std::sync::Arc;

use crate::basis::{Basis, BundleBasis, Digest, Digested, EvidenceBasis, Occasion, SettingsBasis};
use crate::document::{Kind, Path};
use crate::finding::{Finding, Located, Place, Problem, ProblemCode, Resource, RuleId, RuleInfo, Severity};
use crate::judge::{Counts, Disposition, Judged, Shadow, Status, Verdict, WaiverUse};
use crate::source::{Source, Span};

use super::{ReportFormat, ReportOptions, report};

const DEPLOY: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: wéb
          image: nginx:latest
          securityContext:
            privileged: true
";

const MAIN: &str =
    "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"a\u{1b}[31m|b\"\n  acl    = \"public-read\"\n}\n";

/// What `format` writes of [`verdict`].
pub fn written(format: ReportFormat) -> String {
    written_with(format, &ReportOptions::default())
}

/// What `format` writes of [`verdict`] with `options`.
pub fn written_with(format: ReportFormat, options: &ReportOptions) -> String {
    let mut out = Vec::new();
    report(format, options).write(&verdict(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What `format` writes of a run in which nothing is wrong.
pub fn written_pass(format: ReportFormat) -> String {
    let mut verdict = verdict();
    verdict.findings.clear();
    verdict.problems.clear();
    verdict.status = Status::Pass;
    verdict.reasons = vec!["no finding at or above medium".into()];
    let mut out = Vec::new();
    report(format, &ReportOptions::default()).write(&verdict, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The same with policies that would let one finding pass and block another.
pub fn written_next(format: ReportFormat) -> String {
    let mut verdict = verdict();
    let (blocks, frees) = (vec![verdict.findings[0].clone()], vec![verdict.findings[4].clone()]);
    let mut problem = verdict.problems[1].clone();
    problem.file = "next/\u{9b}a.rego".into();
    problem.code = ProblemCode::PolicyInvalid;
    verdict.next = Some(Shadow {
        policies: vec!["next".into()],
        digest: Digest::of(""),
        status: Status::Fail,
        reasons: vec!["2 findings at or above low".into()],
        rules: 2,
        idle_rules: Vec::new(),
        blocks,
        frees,
        both: 1,
        problems: vec![problem],
    });
    let mut out = Vec::new();
    report(format, &ReportOptions::default()).write(&verdict, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Two files, a span of several lines, related places, each disposition, problems, hostile characters.
pub fn verdict() -> Verdict {
    let deploy = Arc::new(Source::new("deploy/web, 1.yaml", DEPLOY));
    let main = Arc::new(Source::new("infra/main.tf", MAIN));
    let [privileged, latest, acl] = rules();
    let judged = |finding, disposition| Judged { finding, disposition };
    let waived =
        Disposition::Waived { reason: "legacy *node*".into(), approver: "sec".into(), until: "2026-12-31".into() };
    let mut security = finding(
        &privileged,
        &deploy,
        "securityContext:\n            privileged: true",
        "container `wéb` is privileged",
    );
    security.related = vec![place(&deploy, "wéb", "this container"), place(&main, "\"logs\"", "logs go | here")];
    security.place.path = Path(vec!["spec".into(), "containers".into(), 0.into(), "securityContext".into()]);
    let mut bucket =
        finding(&acl, &main, "\"public-read\"", "bucket is public\u{1b}[2J\n::error::<b>100%</b> | `x` ]]>");
    bucket.located = Located::Approximate;
    bucket.metadata.insert("docs".into(), "why".into());
    Verdict {
        status: Status::Fail,
        findings: vec![
            judged(
                finding(&latest, &deploy, "nginx:latest", "image `nginx:latest` has no fixed tag"),
                Disposition::Minor,
            ),
            judged(security, Disposition::Failing),
            judged(finding(&privileged, &deploy, "privileged: true", "an accepted one"), waived),
            judged(finding(&latest, &deploy, "image", "an old one"), Disposition::Known),
            judged(bucket, Disposition::Failing),
        ],
        problems: problems(&main),
        counts: Counts {
            files: 2,
            documents: [(Kind::Kubernetes, 1), (Kind::Terraform, 1)].into(),
            unruled: [(Kind::Terraform, 1)].into(),
            ignored: 3,
            skipped: 1,
            unreadable: 1,
            evaluations: 3,
        },
        rules: vec![latest, privileged, acl],
        idle_rules: vec!["main.deny_idle".into()],
        reasons: vec!["2 findings at or above medium".into(), "1 input could not be read".into()],
        fail_on: Severity::Medium,
        as_of: "2026-11-21".into(),
        waivers: vec![WaiverUse {
            file: "waivers.yaml".into(),
            line: 2,
            subject: "`k8s-privileged-container` in `deploy/*`".into(),
            reason: "legacy *node*".into(),
            owner: "ops".into(),
            approver: "sec".into(),
            ticket: String::new(),
            until: "2026-12-31".into(),
            uses: 1,
        }],
        next: None,
        basis: Some(basis()),
        occasion: Some(Occasion {
            time: "2026-11-21T12:00:00Z".parse().unwrap(),
            arguments: serde_json::json!({"paths": ["deploy", "infra"]}),
        }),
    }
}

fn basis() -> Basis {
    Basis {
        inputs: vec![Digested::new("deploy/web, 1.yaml", DEPLOY), Digested::new("infra/main.tf", MAIN)],
        bundle: BundleBasis::of(vec![Digested::new("policy/acl.rego", "package main\n")]),
        settings: SettingsBasis {
            digest: Digest::of("{}"),
            file: Some(Digested::new("regate.yaml", "fail-on: medium\n")),
            values: serde_json::json!({"fail-on": "medium"}),
        },
        waivers: vec![Digested::new("waivers.yaml", "[]\n")],
        baseline: None,
        evidence: vec![EvidenceBasis {
            kind: "junit".into(),
            file: "junit.xml".into(),
            digest: Digest::of("<testsuites/>"),
        }],
    }
}

fn rules() -> [Arc<RuleInfo>; 3] {
    let rule = |id: &str, severity, title: &str, kind| RuleInfo {
        id: RuleId(id.into()),
        title: title.into(),
        description: String::new(),
        severity,
        remediation: String::new(),
        controls: Vec::new(),
        links: Vec::new(),
        kinds: vec![kind],
        package: format!("regate.{}", id.replace('-', "_")),
        name: "deny".into(),
        file: format!("builtin:kubernetes/{id}.rego"),
        line: 12,
    };
    let mut privileged =
        rule("k8s-privileged-container", Severity::Critical, "Containers do not run privileged", Kind::Kubernetes);
    privileged.description = "A privileged container can take over its node.".into();
    privileged.remediation = "Remove `securityContext.privileged`, or set it to `false`.".into();
    privileged.controls = vec![("nist-800-53-r5".into(), vec!["ac-6.10".into(), "cm-7".into()])];
    privileged.links = vec!["https://kubernetes.io/docs/concepts/security/".into()];
    let latest = rule("k8s-latest-tag", Severity::Low, "Images have a fixed tag", Kind::Kubernetes);
    let mut acl = rule("main.deny_acl", Severity::High, "", Kind::Terraform);
    acl.kinds.clear();
    acl.file = "policy/acl.rego".into();
    [Arc::new(privileged), Arc::new(latest), Arc::new(acl)]
}

fn finding(rule: &Arc<RuleInfo>, source: &Arc<Source>, at: &str, message: &str) -> Finding {
    Finding {
        rule: Arc::clone(rule),
        severity: rule.severity,
        message: message.into(),
        kind: if source.name().ends_with(".tf") { Kind::Terraform } else { Kind::Kubernetes },
        document: 0,
        resource: Resource {
            name: if source.name().ends_with(".tf") { "aws_s3_bucket.logs" } else { "Deployment/web" }.into(),
        },
        place: place(source, at, "here"),
        related: Vec::new(),
        located: Located::Exact,
        policy_line: 14,
        facts: String::new(),
        fingerprint: "00ff00ff00ff00ff".into(),
        untouched: false,
        metadata: serde_json::Map::new(),
    }
}

fn place(source: &Arc<Source>, at: &str, label: &str) -> Place {
    let start = source.text().find(at).unwrap();
    let span = Span::new(start, start + at.len());
    Place { source: Arc::clone(source), span, path: Path(vec!["spec".into(), 0.into()]), label: label.into() }
}

fn problems(main: &Arc<Source>) -> Vec<Problem> {
    let problem = |code, message: &str| Problem {
        code,
        notice: false,
        message: message.into(),
        file: String::new(),
        source: None,
        labels: Vec::new(),
        help: String::new(),
    };
    let mut syntax = problem(ProblemCode::Syntax, "a value is missing");
    syntax.file = main.name().to_string();
    let brace = MAIN.find('{').unwrap();
    syntax.labels = vec![(Span::new(brace, brace + 1), "opened here".into())];
    syntax.source = Some(Arc::clone(main));
    let mut unreadable = problem(ProblemCode::Unreadable, "permission denied");
    unreadable.file = "secret/\u{1b}x.yaml".into();
    unreadable.help = "Let the user who runs regate read it.".into();
    let mut notice = problem(ProblemCode::NotChecked, "1 Helm template was not checked");
    notice.notice = true;
    vec![syntax, unreadable, notice]
}
