//! How long the stages of a run take, and a whole run, within one process.
//!
//! Whole processes beside other tools are measured by `benches/peers.sh`.

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
    clippy::format_collect,
    missing_docs
)]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use regate::discover::DiscoverOptions;
use regate::document::{Document, Format};
use regate::engine::{Limits, ModuleText};
use regate::evaluate::evaluate;
use regate::finding::Severity;
use regate::gate::{self, Request};
use regate::judge::{Bench, Trust};
use regate::parse::parse_file;
use regate::policy::{PolicySet, PolicySources};
use regate::source::Source;

const HEAD: &str = "package main\n\nimport rego.v1\n";

fn manifest(n: usize) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-{n}\n  namespace: default\n  labels:\n    app: app-{n}\n\
         spec:\n  replicas: {replicas}\n  template:\n    spec:\n      containers:\n        - name: web\n          \
         image: registry.example.com/app-{n}:1.4.2\n          resources:\n            limits:\n              memory: 256Mi\n          \
         securityContext:\n            runAsNonRoot: true\n        - name: sidecar\n          image: envoy:latest\n          \
         securityContext:\n            privileged: {privileged}\n",
        replicas = n % 4,
        privileged = n.is_multiple_of(3),
    )
}

fn policies() -> PolicySources {
    let each = "c := input.spec.template.spec.containers[_]";
    let conditions = [
        "endswith(c.image, \":latest\")",
        "c.securityContext.privileged == true",
        "not c.securityContext.runAsNonRoot",
        "not c.resources.limits.memory",
        "input.spec.replicas < 2",
    ];
    let mut text = HEAD.to_owned();
    for (n, condition) in conditions.iter().enumerate() {
        let message = format!("sprintf(\"rule {n}: %s in %s\", [c.name, input.metadata.name])");
        let _ = writeln!(
            text,
            "deny_r{n} contains {message} if {{\n\tinput.kind == \"Deployment\"\n\t{each}\n\t{condition}\n}}\n"
        );
    }
    PolicySources { modules: vec![ModuleText { name: "rules.rego".to_owned(), text }], ..PolicySources::default() }
}

fn documents(count: usize) -> Vec<Document> {
    let parsed =
        |n: usize| parse_file(&Arc::new(Source::new(format!("app-{n}.yaml"), manifest(n))), Some(Format::Yaml));
    (0..count).flat_map(|n| parsed(n).documents).collect()
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    let yaml: String = (0..100).map(|n| format!("---\n{}", manifest(n))).collect();
    let value =
        r#"{"Target": "shop", "Vulnerabilities": [{"VulnerabilityID": "CVE-1", "Severity": "HIGH", "Score": 9.8}]}, "#;
    let json = format!("[{}]", value.repeat(1_000).trim_end_matches(", "));
    let hcl =
        "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"${var.name}-logs\"\n  tags = { team = \"shop\" }\n}\n"
            .repeat(200);
    for (name, format, text) in [("yaml", Format::Yaml, yaml), ("json", Format::Json, json), ("hcl", Format::Hcl, hcl)]
    {
        group.throughput(Throughput::Bytes(text.len() as u64));
        let source = Arc::new(Source::new(name, text));
        group.bench_function(name, |bench| bench.iter(|| parse_file(black_box(&source), Some(format))));
    }
    group.finish();
}

fn load(criterion: &mut Criterion) {
    let sources = policies();
    criterion
        .bench_function("load", |bench| bench.iter(|| PolicySet::new(black_box(&sources), &[], Limits::default())));
}

fn evaluation(criterion: &mut Criterion) {
    let documents = documents(100);
    let policies = PolicySet::new(&policies(), &[], Limits::default());
    assert!(policies.errors.is_empty(), "the policies load");
    assert!(!evaluate(&documents, &policies).findings.is_empty(), "the rules find something");
    let mut group = criterion.benchmark_group("evaluate");
    group.throughput(Throughput::Elements(100));
    group.bench_function("100 manifests, 5 rules", |bench| bench.iter(|| evaluate(black_box(&documents), &policies)));
    group.finish();
}

/// A report in the shape of Trivy's, of about `bytes`, with `faults` findings for [`REPORT_RULES`].
fn report(bytes: usize, faults: usize) -> Document {
    let entry = |n: usize, severity: &str| {
        format!(
            r#"{{"VulnerabilityID": "CVE-2026-{n:05}", "PkgName": "package-{n}", "InstalledVersion": "1.{n}.0", "FixedVersion": "2.{n}.0", "Severity": "{severity}", "Title": "a title that says what is wrong with package {n}", "Description": "{}", "CVSS": {{"nvd": {{"V3Score": 7.5, "V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}}}}, "References": ["https://example.com/a/{n}", "https://example.com/b/{n}"]}}"#,
            "words ".repeat(40)
        )
    };
    let count = bytes / entry(10_000, "LOW").len();
    let every = count.checked_div(faults).unwrap_or(usize::MAX).max(1);
    let severity = |n: usize| if n.is_multiple_of(every) && n / every < faults { "CRITICAL" } else { "LOW" };
    let entries: Vec<String> = (0..count).map(|n| entry(n, severity(n))).collect();
    let text = format!(
        r#"{{"SchemaVersion": 2, "Results": [{{"Target": "shop", "Vulnerabilities": [{}]}}]}}"#,
        entries.join(",\n")
    );
    parse_file(&Arc::new(Source::new("report.json", text)), Some(Format::Json)).documents.remove(0)
}

const REPORT_RULES: &str = "deny contains msg if {\n\tsome result in input.Results\n\tsome found in result.Vulnerabilities\n\tfound.Severity == \"CRITICAL\"\n\tmsg := sprintf(\"%s is critical\", [found.VulnerabilityID])\n}\n";

fn loaded(rules: &str) -> PolicySet {
    let module = ModuleText { name: "rules.rego".to_owned(), text: format!("{HEAD}\n{rules}") };
    PolicySet::new(&PolicySources { modules: vec![module], ..PolicySources::default() }, &[], Limits::default())
}

/// What finding the places costs: evaluating alone, and with the findings at their places.
fn places(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("places");
    let rules = loaded(REPORT_RULES);
    for faults in [0, 125, 250, 500, 1_000] {
        let documents = vec![report(5_000_000, faults)];
        assert_eq!(evaluate(&documents, &rules).findings.len(), faults);
        let path = &rules.rules[0].path;
        group.bench_function(format!("5 MB, {faults} findings, judged only"), |bench| {
            bench.iter(|| rules.engine.eval(path, black_box(&documents[0].value)));
        });
        group.bench_function(format!("5 MB, {faults} findings"), |bench| {
            bench.iter(|| evaluate(black_box(&documents), &rules));
        });
    }
    let padding: String = (0..14).map(|n| format!("    note-{n}: {}\n", "words ".repeat(8))).collect();
    let text = manifest(3).replace("    app: app-3\n", &format!("    app: app-3\n  annotations:\n{padding}"));
    assert!((1_250..1_400).contains(&text.len()), "{}", text.len());
    let documents = parse_file(&Arc::new(Source::new("app.yaml", text)), Some(Format::Yaml)).documents;
    let each = "c := input.spec.template.spec.containers[_]";
    let rules: String = (0..20)
        .map(|n| format!("deny_r{n} contains sprintf(\"%s {n}\", [c.name]) if {{\n\t{each}\n\tnot c.field{n}\n}}\n"))
        .collect();
    let rules = loaded(&rules);
    assert_eq!(evaluate(&documents, &rules).findings.len(), 40);
    group.bench_function("1.3 KB, 20 rules with 2 findings each, judged only", |bench| {
        bench.iter(|| {
            rules.rules.iter().filter(|rule| rules.engine.eval(&rule.path, &documents[0].value).is_ok()).count()
        });
    });
    group.bench_function("1.3 KB, 20 rules with 2 findings each", |bench| {
        bench.iter(|| evaluate(black_box(&documents), &rules));
    });
    group.finish();
}

fn request(paths: Vec<PathBuf>, folder: &Path) -> Request {
    Request {
        discover: DiscoverOptions { paths, ..DiscoverOptions::default() },
        policies: vec![folder.join("rules.rego").display().to_string()],
        bench: Bench {
            fail_on: Severity::Medium,
            allow_empty: false,
            as_of: "2026-01-01".to_owned(),
            trust: Trust::default(),
        },
        ..Request::default()
    }
}

fn whole(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    let inputs = path.join("in");
    fs::create_dir(&inputs).expect("a folder");
    fs::write(path.join("rules.rego"), &policies().modules[0].text).expect("the policies");
    for n in 0..100 {
        fs::write(inputs.join(format!("app-{n}.yaml")), manifest(n)).expect("a manifest");
    }
    let mut group = criterion.benchmark_group("run");
    for (name, paths) in [("1 manifest", vec![inputs.join("app-0.yaml")]), ("100 manifests", vec![inputs])] {
        let request = request(paths, path);
        group.bench_function(name, |bench| bench.iter(|| gate::run(black_box(&request), &|_, _| {})));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = parse, load, evaluation, places, whole
}
criterion_main!(benches);
