//! SARIF 2.1.0 within GitHub's limits: for code scanning.
//!
//! GitHub takes 25,000 results and 20 tags a rule and refuses results without a
//! place; what is left out is said in a notification, never dropped in silence.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use super::Report;
use super::count::{acceptance, disposition_name};
use super::layout::write_json;
use super::locate::Locator;
use super::place_hash::{LineHash, line_hashes};
use super::record::CountsRecord;
#[allow(clippy::wildcard_imports)] // the model is this file's other half
use super::sarif_model::*;
use super::stated::shadowed;
use super::text::{clip, visible_lines};
use crate::finding::{Place, Problem, RuleInfo, Severity};
use crate::judge::{Disposition, Judged, Verdict};
use crate::source::{Source, Span};

/// Writes `sarif`.
pub struct Sarif;

const MAX_RESULTS: usize = 25_000;
const MAX_RULES: usize = 25_000;
const MAX_TAGS: usize = 20;
const MAX_MESSAGE: usize = 1000;
const MAX_RELATED: usize = 100;
/// A snippet is the whole text of its region, so that of a long one is left out.
const MAX_SNIPPET: usize = 1000;
/// The base of the places in built-in policies, which lie in no checkout.
const BUILTIN: &str = "BUILTIN";

impl Report for Sarif {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let rules = ruled(verdict);
        let indices = rules.iter().enumerate().map(|(at, rule)| (&*rule.id.0, at)).collect::<HashMap<_, _>>();
        let mut files = Files::default();
        let results = kept(verdict).filter_map(|judged| result(judged, &indices, &mut files)).collect::<Vec<_>>();
        let notifications = notifications(verdict, verdict.findings.len() - results.len(), &mut files);
        let driver = Driver {
            name: "regate",
            version: env!("CARGO_PKG_VERSION"),
            semantic_version: env!("CARGO_PKG_VERSION"),
            information_uri: env!("CARGO_PKG_REPOSITORY"),
            rules: rules.iter().map(|rule| rule_log(rule)).collect(),
        };
        let base = |text: &'static str| BaseId { description: Message::plain(text) };
        let run = RunLog {
            tool: ToolLog { driver },
            invocations: [Invocation {
                execution_successful: verdict.problems.iter().all(|problem| problem.notice),
                exit_code: verdict.status.exit_code(),
                tool_execution_notifications: notifications,
            }],
            original_uri_base_ids: [
                ("SRCROOT", base("Where regate was started: the root of the checkout.")),
                (BUILTIN, base("The policies inside the program: `regate rules show ID` prints one.")),
            ]
            .into(),
            automation_details: Automation { id: "regate/" },
            column_kind: "unicodeCodePoints",
            results,
            properties: RunProperties {
                as_of: &verdict.as_of,
                reasons: &verdict.reasons,
                counts: CountsRecord::of(verdict),
                idle_rules: &verdict.idle_rules,
                waivers: &verdict.waivers,
                next: verdict.next.as_ref().map(shadowed),
            },
        };
        let schema = "https://json.schemastore.org/sarif-2.1.0.json";
        write_json(&Log { schema, version: "2.1.0", runs: [run] }, 4, out)
    }
}

/// The rules of the run and any that only a finding knows, each id once.
fn ruled(verdict: &Verdict) -> Vec<&RuleInfo> {
    let found = verdict.findings.iter().map(|judged| &judged.finding.rule);
    let mut seen = std::collections::HashSet::new();
    verdict.rules.iter().chain(found).filter(|rule| seen.insert(&rule.id)).map(AsRef::as_ref).take(MAX_RULES).collect()
}

/// Every finding, or the worst ones when there are too many.
fn kept(verdict: &Verdict) -> Box<dyn Iterator<Item = &Judged> + '_> {
    if verdict.findings.len() <= MAX_RESULTS {
        return Box::new(verdict.findings.iter());
    }
    let mut order: Vec<(usize, &Judged)> = verdict.findings.iter().enumerate().collect();
    order.sort_by_key(|(_, judged)| (judged.disposition != Disposition::Failing, Reverse(judged.finding.severity)));
    order.truncate(MAX_RESULTS);
    order.sort_by_key(|(at, _)| *at);
    Box::new(order.into_iter().map(|(_, judged)| judged))
}

/// What is worked out once a file; findings come sorted by file.
#[derive(Default)]
struct Files<'a> {
    locator: Locator<'a>,
    hashes: Option<(&'a Source, Vec<LineHash>)>,
    uri: Option<(&'a Source, Arc<str>)>,
}

impl<'a> Files<'a> {
    fn line_hash(&mut self, source: &'a Source, line: u32) -> String {
        if self.hashes.as_ref().is_none_or(|(known, _)| !std::ptr::eq(*known, source)) {
            self.hashes = Some((source, line_hashes(source.text())));
        }
        let hashes = self.hashes.as_ref().map(|(_, hashes)| hashes);
        hashes.and_then(|hashes| hashes.get(line as usize - 1)).map(ToString::to_string).unwrap_or_default()
    }

    fn artifact(&mut self, source: &'a Source) -> ArtifactLocation {
        if self.uri.as_ref().is_none_or(|(known, _)| !std::ptr::eq(*known, source)) {
            self.uri = Some((source, uri(source.name()).into()));
        }
        let uri = self.uri.as_ref().map(|(_, uri)| Arc::clone(uri)).unwrap_or_default();
        ArtifactLocation { uri_base_id: base(&uri), uri }
    }

    fn location(&mut self, source: &'a Source, span: Span) -> Location<'a> {
        let region = self.locator.region(source, span);
        let text = Some(source.slice(span)).filter(|text| !text.is_empty() && text.len() <= MAX_SNIPPET);
        let region = RegionLog {
            start_line: region.start.line,
            start_column: Some(region.start.column),
            end_line: Some(region.end.line),
            end_column: Some(region.end.column),
            snippet: text.map(|text| Snippet { text }),
        };
        let physical_location = Physical { artifact_location: self.artifact(source), region: Some(region) };
        Location { id: None, physical_location, logical_locations: Vec::new(), message: None }
    }

    fn related(&mut self, place: &'a Place) -> Location<'a> {
        let mut location = self.location(&place.source, place.span);
        let label = if place.label.is_empty() { "see also" } else { &place.label };
        location.message = Some(Message::plain(message(label)));
        location
    }
}

fn base(uri: &str) -> Option<&'static str> {
    (!uri.starts_with("file:")).then_some("SRCROOT")
}

fn file_location<'a>(file: &str, line: Option<u32>) -> Location<'a> {
    let (uri, uri_base_id) = match file.strip_prefix("builtin:") {
        // A viewer that takes it for a file of the checkout must find none there.
        Some(path) => (uri(&format!("regate-builtin/{path}")), Some(BUILTIN)),
        None => (uri(file), base(&uri(file))),
    };
    let region = line.map(|line| RegionLog { start_line: line.max(1), ..RegionLog::default() });
    let artifact_location = ArtifactLocation { uri_base_id, uri: uri.into() };
    let physical_location = Physical { artifact_location, region };
    Location { id: None, physical_location, logical_locations: Vec::new(), message: None }
}

fn result<'a>(judged: &'a Judged, indices: &HashMap<&str, usize>, files: &mut Files<'a>) -> Option<ResultLog<'a>> {
    let finding = &judged.finding;
    let mut location = files.location(&finding.place.source, finding.place.span);
    if !finding.resource.name.is_empty() {
        let fully_qualified_name = visible_lines(&finding.resource.name);
        location.logical_locations = vec![Logical { fully_qualified_name, kind: "resource" }];
    }
    let line = location.physical_location.region.as_ref().map_or(1, |region| region.start_line);
    let mut related: Vec<_> = finding.related.iter().take(MAX_RELATED).map(|place| files.related(place)).collect();
    let mut policy = file_location(&finding.rule.file, Some(finding.policy_line));
    policy.message = Some(Message::plain("the policy that says so"));
    related.push(policy);
    for (at, location) in related.iter_mut().enumerate() {
        location.id = Some(at + 1);
    }
    Some(ResultLog {
        rule_id: &finding.rule.id.0,
        rule_index: *indices.get(&*finding.rule.id.0)?,
        level: level(finding.severity),
        message: Message::plain(message(&finding.message)),
        partial_fingerprints: Fingerprints {
            line: files.line_hash(&finding.place.source, line),
            regate: &finding.fingerprint,
        },
        locations: [location],
        related_locations: related,
        suppressions: suppression(&judged.disposition).into_iter().collect(),
        properties: ResultProperties {
            severity: finding.severity.name(),
            disposition: disposition_name(&judged.disposition),
        },
    })
}

fn suppression(disposition: &Disposition) -> Option<Suppression> {
    let justification = visible_lines(&acceptance(disposition)?).into_owned();
    Some(Suppression { kind: "external", status: "accepted", justification })
}

fn notifications<'a>(verdict: &'a Verdict, dropped: usize, files: &mut Files<'a>) -> Vec<Notification<'a>> {
    let mut all: Vec<_> = verdict.problems.iter().map(|problem| notification(problem, files)).collect();
    if dropped > 0 {
        let text = format!("{dropped} findings are left out: code scanning takes {MAX_RESULTS} results");
        let descriptor = Descriptor { id: "too-many-results" };
        all.push(Notification { descriptor, level: "warning", message: Message::plain(text), locations: Vec::new() });
    }
    all
}

fn notification<'a>(problem: &'a Problem, files: &mut Files<'a>) -> Notification<'a> {
    let location = match (&problem.source, problem.labels.first()) {
        (Some(source), Some((span, _))) => Some(files.location(source, *span)),
        _ if problem.file.is_empty() => None,
        _ => Some(file_location(&problem.file, None)),
    };
    Notification {
        descriptor: Descriptor { id: problem.code.name() },
        level: if problem.notice { "note" } else { "error" },
        message: Message::plain(message(&problem.message)),
        locations: location.into_iter().collect(),
    }
}

fn rule_log(rule: &RuleInfo) -> RuleLog<'_> {
    let first = |texts: &[&'_ str]| texts.iter().find(|text| !text.is_empty()).map_or("", |text| *text).to_owned();
    let title = first(&[&rule.title, &rule.id.0]);
    let help = first(&[&rule.remediation, &rule.description, &title]);
    let mut markdown = format!("{}\n", first(&[&rule.description, &title]));
    if !rule.remediation.is_empty() {
        // Writing to a String can't fail.
        let _ = write!(markdown, "\n**Remediation:** {}\n", rule.remediation);
    }
    for link in &rule.links {
        let _ = write!(markdown, "\n- <{link}>");
    }
    let controls =
        rule.controls.iter().flat_map(|(framework, ids)| ids.iter().map(move |id| format!("{framework}/{id}")));
    let kinds = rule.kinds.iter().map(|kind| kind.name().to_owned());
    let tags = std::iter::once("security".to_owned()).chain(kinds).chain(controls).take(MAX_TAGS).collect();
    RuleLog {
        id: &rule.id.0,
        full_description: Message::plain(clip(&first(&[&rule.description, &title]), MAX_MESSAGE).into_owned()),
        short_description: Message::plain(clip(&title, MAX_MESSAGE).into_owned()),
        help: Message { text: help.into(), markdown: Some(markdown) },
        help_uri: rule.links.iter().find(|link| link.starts_with("http")).map(String::as_str),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: RuleProperties { tags, security_severity: score(rule.severity), precision: "high" },
    }
}

/// A message as a viewer may show it: no control characters, no links that the policy's input brought.
fn message(text: &str) -> Cow<'_, str> {
    let text = visible_lines(text);
    let text = if text.contains("](") { Cow::Owned(text.replace("](", "] (")) } else { text };
    match text {
        Cow::Borrowed("") => Cow::Borrowed("(no message)"),
        Cow::Borrowed(text) => clip(text, MAX_MESSAGE),
        Cow::Owned(text) => Cow::Owned(clip(&text, MAX_MESSAGE).into_owned()),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "note",
        Severity::Medium => "warning",
        Severity::High | Severity::Critical => "error",
    }
}

/// GitHub reads 9 and more as critical, 7 as high, 4 as medium.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "2.0",
        Severity::Medium => "5.5",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}

/// `path` as a relative reference of RFC 3986, or as a `file:` URI when it is absolute.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::super::ReportFormat;
    use super::super::canned::{verdict, written};
    use super::*;

    #[test]
    fn code_scanning_gets_rules_results_and_notifications() {
        insta::assert_snapshot!(written(ReportFormat::Sarif), @r###"
{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {"name":"regate","version":"0.1.0","semanticVersion":"0.1.0","informationUri":"https://github.com/regate/regate","rules":[{"id":"k8s-latest-tag","shortDescription":{"text":"Images have a fixed tag"},"fullDescription":{"text":"Images have a fixed tag"},"help":{"text":"Images have a fixed tag","markdown":"Images have a fixed tag\n"},"defaultConfiguration":{"level":"note"},"properties":{"tags":["security","kubernetes"],"security-severity":"2.0","precision":"high"}},{"id":"k8s-privileged-container","shortDescription":{"text":"Containers do not run privileged"},"fullDescription":{"text":"A privileged container can take over its node."},"help":{"text":"Remove `securityContext.privileged`, or set it to `false`.","markdown":"A privileged container can take over its node.\n\n**Remediation:** Remove `securityContext.privileged`, or set it to `false`.\n\n- <https://kubernetes.io/docs/concepts/security/>"},"helpUri":"https://kubernetes.io/docs/concepts/security/","defaultConfiguration":{"level":"error"},"properties":{"tags":["security","kubernetes","nist-800-53-r5/ac-6.10","nist-800-53-r5/cm-7"],"security-severity":"9.5","precision":"high"}},{"id":"main.deny_acl","shortDescription":{"text":"main.deny_acl"},"fullDescription":{"text":"main.deny_acl"},"help":{"text":"main.deny_acl","markdown":"main.deny_acl\n"},"defaultConfiguration":{"level":"error"},"properties":{"tags":["security"],"security-severity":"8.0","precision":"high"}}]}
      },
      "invocations": [
        {"executionSuccessful":false,"exitCode":1,"toolExecutionNotifications":[{"descriptor":{"id":"syntax"},"level":"error","message":{"text":"a value is missing"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"infra/main.tf","uriBaseId":"SRCROOT"},"region":{"startLine":1,"startColumn":33,"endLine":1,"endColumn":34,"snippet":{"text":"{"}}}}]},{"descriptor":{"id":"unreadable"},"level":"error","message":{"text":"permission denied"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"secret/%1Bx.yaml","uriBaseId":"SRCROOT"}}}]},{"descriptor":{"id":"not-checked"},"level":"note","message":{"text":"1 Helm template was not checked"}}]}
      ],
      "automationDetails": {
        "id": "regate/"
      },
      "originalUriBaseIds": {
        "BUILTIN": {"description":{"text":"The policies inside the program: `regate rules show ID` prints one."}},
        "SRCROOT": {"description":{"text":"Where regate was started: the root of the checkout."}}
      },
      "columnKind": "unicodeCodePoints",
      "results": [
        {"ruleId":"k8s-latest-tag","ruleIndex":0,"level":"note","message":{"text":"image `nginx:latest` has no fixed tag"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"deploy/web%2C%201.yaml","uriBaseId":"SRCROOT"},"region":{"startLine":10,"startColumn":18,"endLine":10,"endColumn":30,"snippet":{"text":"nginx:latest"}}},"logicalLocations":[{"fullyQualifiedName":"Deployment/web","kind":"resource"}]}],"relatedLocations":[{"id":1,"physicalLocation":{"artifactLocation":{"uri":"regate-builtin/kubernetes/k8s-latest-tag.rego","uriBaseId":"BUILTIN"},"region":{"startLine":14}},"message":{"text":"the policy that says so"}}],"partialFingerprints":{"primaryLocationLineHash":"ef24d3f9180007e1:1","regate/v1":"00ff00ff00ff00ff"},"properties":{"severity":"low","disposition":"minor"}},
        {"ruleId":"k8s-privileged-container","ruleIndex":1,"level":"error","message":{"text":"container `wéb` is privileged"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"deploy/web%2C%201.yaml","uriBaseId":"SRCROOT"},"region":{"startLine":11,"startColumn":11,"endLine":12,"endColumn":29,"snippet":{"text":"securityContext:\n            privileged: true"}}},"logicalLocations":[{"fullyQualifiedName":"Deployment/web","kind":"resource"}]}],"relatedLocations":[{"id":1,"physicalLocation":{"artifactLocation":{"uri":"deploy/web%2C%201.yaml","uriBaseId":"SRCROOT"},"region":{"startLine":9,"startColumn":17,"endLine":9,"endColumn":20,"snippet":{"text":"wéb"}}},"message":{"text":"this container"}},{"id":2,"physicalLocation":{"artifactLocation":{"uri":"infra/main.tf","uriBaseId":"SRCROOT"},"region":{"startLine":1,"startColumn":26,"endLine":1,"endColumn":32,"snippet":{"text":"\"logs\""}}},"message":{"text":"logs go | here"}},{"id":3,"physicalLocation":{"artifactLocation":{"uri":"regate-builtin/kubernetes/k8s-privileged-container.rego","uriBaseId":"BUILTIN"},"region":{"startLine":14}},"message":{"text":"the policy that says so"}}],"partialFingerprints":{"primaryLocationLineHash":"607b74258a14daf7:1","regate/v1":"00ff00ff00ff00ff"},"properties":{"severity":"critical","disposition":"failing"}},
        {"ruleId":"k8s-privileged-container","ruleIndex":1,"level":"error","message":{"text":"an accepted one"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"deploy/web%2C%201.yaml","uriBaseId":"SRCROOT"},"region":{"startLine":12,"startColumn":13,"endLine":12,"endColumn":29,"snippet":{"text":"privileged: true"}}},"logicalLocations":[{"fullyQualifiedName":"Deployment/web","kind":"resource"}]}],"relatedLocations":[{"id":1,"physicalLocation":{"artifactLocation":{"uri":"regate-builtin/kubernetes/k8s-privileged-container.rego","uriBaseId":"BUILTIN"},"region":{"startLine":14}},"message":{"text":"the policy that says so"}}],"partialFingerprints":{"primaryLocationLineHash":"b7f3e93dae7346de:1","regate/v1":"00ff00ff00ff00ff"},"suppressions":[{"kind":"external","status":"accepted","justification":"waived until 2026-12-31 by sec: legacy *node*"}],"properties":{"severity":"critical","disposition":"waived"}},
        {"ruleId":"k8s-latest-tag","ruleIndex":0,"level":"note","message":{"text":"an old one"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"deploy/web%2C%201.yaml","uriBaseId":"SRCROOT"},"region":{"startLine":10,"startColumn":11,"endLine":10,"endColumn":16,"snippet":{"text":"image"}}},"logicalLocations":[{"fullyQualifiedName":"Deployment/web","kind":"resource"}]}],"relatedLocations":[{"id":1,"physicalLocation":{"artifactLocation":{"uri":"regate-builtin/kubernetes/k8s-latest-tag.rego","uriBaseId":"BUILTIN"},"region":{"startLine":14}},"message":{"text":"the policy that says so"}}],"partialFingerprints":{"primaryLocationLineHash":"ef24d3f9180007e1:1","regate/v1":"00ff00ff00ff00ff"},"suppressions":[{"kind":"external","status":"accepted","justification":"known, not new"}],"properties":{"severity":"low","disposition":"known"}},
        {"ruleId":"main.deny_acl","ruleIndex":2,"level":"error","message":{"text":"bucket is public\\u{1b}[2J\n::error::<b>100%</b> | `x` ]]>"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"infra/main.tf","uriBaseId":"SRCROOT"},"region":{"startLine":3,"startColumn":12,"endLine":3,"endColumn":25,"snippet":{"text":"\"public-read\""}}},"logicalLocations":[{"fullyQualifiedName":"aws_s3_bucket.logs","kind":"resource"}]}],"relatedLocations":[{"id":1,"physicalLocation":{"artifactLocation":{"uri":"policy/acl.rego","uriBaseId":"SRCROOT"},"region":{"startLine":14}},"message":{"text":"the policy that says so"}}],"partialFingerprints":{"primaryLocationLineHash":"4d80f4f0400efa71:1","regate/v1":"00ff00ff00ff00ff"},"properties":{"severity":"high","disposition":"failing"}}
      ],
      "properties": {
        "asOf": "2026-11-21",
        "reasons": ["2 findings at or above medium","1 input could not be read"],
        "counts": {"files":2,"documents":{"kubernetes":1,"terraform":1},"unruled":{"terraform":1},"ignored":3,"skipped":1,"unreadable":1,"rules":3,"evaluations":3,"failing":2,"minor":1,"waived":1,"known":1,"by_severity":{"low":1,"medium":0,"high":1,"critical":1},"by_kind":{"kubernetes":2,"terraform":1},"errors":2,"notices":1},
        "idleRules": ["main.deny_idle"],
        "waivers": [{"file":"waivers.yaml","line":2,"subject":"`k8s-privileged-container` in `deploy/*`","reason":"legacy *node*","owner":"ops","approver":"sec","ticket":"","until":"2026-12-31","uses":1}]
      }
    }
  ]
}
"###);
    }

    #[test]
    fn a_path_becomes_a_uri_that_means_it() {
        assert_eq!(uri("./a b/ü#1:%.yaml"), "a%20b/%C3%BC%231%3A%25.yaml");
        assert_eq!(uri("/etc/x"), "file:///etc/x");
    }

    #[test]
    fn what_code_scanning_does_not_take_is_left_out_aloud() {
        let mut verdict = verdict();
        let finding = verdict.findings[4].clone();
        verdict.findings = vec![finding; MAX_RESULTS + 2];
        let mut out = Vec::new();
        Sarif.write(&verdict, &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(value["runs"][0]["results"].as_array().map(Vec::len), Some(MAX_RESULTS));
        let notes = value["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
        assert!(notes.contains("2 findings are left out"), "{notes}");
    }
}
