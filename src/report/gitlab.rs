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
        let digest = Sha256::digest(format!("{fingerprint}:{turn}"));
        digest.iter().take(16).fold(String::new(), |mut hex, byte| {
            // Writing to a String can't fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
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
    let digest = Sha256::digest(format!("{}\n{}\n{}", problem.code.name(), problem.file, problem.message));
    let name = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>();
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
