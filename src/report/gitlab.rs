//! GitLab's Code Quality report: findings in the merge request.
//!
//! The fingerprints are unique in a report, as GitLab asks, and have no line in
//! them. Waived and known findings are left out: GitLab has no word for them.
//! Problems are in the report as blockers, so that an undecided run is not an
//! empty one.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Report;
use super::count::is_open;
use super::layout::write_json;
use super::locate::Locator;
use super::text::visible;
use crate::finding::{Problem, Severity};
use crate::judge::{Judged, Verdict};

/// Writes `gitlab`.
pub struct Gitlab;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Tells equal fingerprints apart by their turn.
#[derive(Default)]
struct Unique(HashMap<String, usize>);

impl Unique {
    fn of(&mut self, fingerprint: &str) -> String {
        let turn = self.0.entry(fingerprint.to_owned()).or_default();
        *turn += 1;
        if *turn == 1 && fingerprint.len() >= 16 {
            return fingerprint.to_owned();
        }
        hex_digest(&format!("{fingerprint}:{turn}"))
    }
}

impl Report for Gitlab {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let locator = Locator::default();
        let mut unique = Unique::default();
        let findings = verdict.findings.iter().filter(|judged| is_open(judged));
        let mut issues: Vec<_> = findings.map(|judged| of_finding(judged, &locator, &mut unique)).collect();
        let problems = verdict.problems.iter().filter(|problem| !problem.notice);
        issues.extend(problems.map(|problem| of_problem(problem, &locator, &mut unique)));
        write_json(&issues, 1, out)
    }
}

fn of_finding<'a>(judged: &'a Judged, locator: &Locator<'a>, unique: &mut Unique) -> Issue<'a> {
    let finding = &judged.finding;
    let region = locator.region(&finding.place.source, finding.place.span);
    Issue {
        description: visible(&finding.message).into_owned(),
        check_name: &finding.rule.id.0,
        fingerprint: unique.of(&finding.fingerprint),
        severity: match finding.severity {
            Severity::Low => "info",
            Severity::Medium => "minor",
            Severity::High => "major",
            Severity::Critical => "critical",
        },
        location: Location {
            path: relative(finding.place.source.name()),
            lines: Lines { begin: region.start.line, end: region.end.line },
        },
    }
}

fn of_problem<'a>(problem: &'a Problem, locator: &Locator<'a>, unique: &mut Unique) -> Issue<'a> {
    let line = match (&problem.source, problem.labels.first()) {
        (Some(source), Some((span, _))) => locator.position(source, span.start).line,
        _ => 1,
    };
    let name = hex_digest(&format!("{}\n{}\n{}", problem.code.name(), problem.file, problem.message));
    Issue {
        description: visible(&problem.message).into_owned(),
        check_name: problem.code.name(),
        fingerprint: unique.of(&name),
        severity: "blocker",
        location: Location {
            path: if problem.file.is_empty() { "." } else { relative(&problem.file) },
            lines: Lines { begin: line, end: line },
        },
    }
}

fn relative(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

fn hex_digest(text: &str) -> String {
    Sha256::digest(text).iter().take(16).fold(String::new(), |mut hex, byte| {
        // Writing to a String can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::super::ReportFormat;
    use super::super::canned::{written, written_pass};

    #[test]
    fn open_findings_and_errors_are_issues_with_unique_fingerprints() {
        insta::assert_snapshot!(written(ReportFormat::Gitlab), @r###"
[
  {"description":"image `nginx:latest` has no fixed tag","check_name":"k8s-latest-tag","fingerprint":"00ff00ff00ff00ff","severity":"info","location":{"path":"deploy/web, 1.yaml","lines":{"begin":10,"end":10}}},
  {"description":"container `wéb` is privileged","check_name":"k8s-privileged-container","fingerprint":"9ccd84b541837d8c538204d8c36aebfe","severity":"critical","location":{"path":"deploy/web, 1.yaml","lines":{"begin":11,"end":12}}},
  {"description":"bucket is public\\u{1b}[2J\\n::error::<b>100%</b> | `x` ]]>","check_name":"main.deny_acl","fingerprint":"0b3c2dd05733195d6c7fd2a560ab1f3e","severity":"major","location":{"path":"infra/main.tf","lines":{"begin":3,"end":3}}},
  {"description":"a value is missing","check_name":"syntax","fingerprint":"bd52e01f16632e0b563c77eff30e53d5","severity":"blocker","location":{"path":"infra/main.tf","lines":{"begin":1,"end":1}}},
  {"description":"permission denied","check_name":"unreadable","fingerprint":"b4639edc222082e5c45ea66c99c3a1af","severity":"blocker","location":{"path":"secret/\u001bx.yaml","lines":{"begin":1,"end":1}}}
]
"###);
    }

    #[test]
    fn a_pass_is_said() {
        insta::assert_snapshot!(written_pass(ReportFormat::Gitlab), @r###"
[]
"###);
    }
}
