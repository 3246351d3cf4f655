//! Test Anything Protocol, version 13.
//!
//! Failing findings and problems are `not ok`. Minor, waived and known findings
//! are `not ok` with a TODO directive, which consumers do not count. A rule
//! without findings is `ok`, an idle one `ok` with SKIP. The last test is the
//! verdict, so that an undecided run is never all `ok`.

use std::io::{self, Write};

use super::Report;
use super::count::headline;
use super::locate::Locator;
use super::text::visible;
use crate::finding::Problem;
use crate::judge::{Disposition, Judged, Status, Verdict};

/// Writes `tap`.
pub struct Tap;

struct Point {
    ok: bool,
    text: String,
    directive: String,
    /// Key and value of the YAML block.
    block: Vec<(&'static str, String)>,
}

impl Report for Tap {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let points = points(verdict);
        writeln!(out, "TAP version 13\n1..{}", points.len())?;
        for (at, point) in points.iter().enumerate() {
            let ok = if point.ok { "ok" } else { "not ok" };
            let text = visible(&point.text).replace('\\', "\\\\").replace('#', "\\#");
            let directive = visible(&point.directive).replace('#', "\\#");
            let gap = if directive.is_empty() { "" } else { " # " };
            writeln!(out, "{ok} {} - {text}{gap}{directive}", at + 1)?;
            if !point.block.is_empty() {
                writeln!(out, "  ---")?;
                for (key, value) in &point.block {
                    // A JSON string is a YAML string.
                    writeln!(out, "  {key}: {}", serde_json::Value::from(&*visible(value)))?;
                }
                writeln!(out, "  ...")?;
            }
        }
        for notice in verdict.problems.iter().filter(|problem| problem.notice) {
            writeln!(out, "# notice {}: {}", notice.code.name(), visible(&notice.message))?;
        }
        Ok(())
    }
}

fn points(verdict: &Verdict) -> Vec<Point> {
    let locator = Locator::default();
    let mut points: Vec<_> = verdict.findings.iter().map(|judged| of_finding(judged, verdict, &locator)).collect();
    points.extend(verdict.problems.iter().filter(|problem| !problem.notice).map(of_problem));
    let found: std::collections::HashSet<_> = verdict.findings.iter().map(|judged| &judged.finding.rule.id).collect();
    for rule in verdict.rules.iter().filter(|rule| !found.contains(&rule.id)) {
        let idle = verdict.idle_rules.binary_search_by(|id| id.as_str().cmp(&rule.id.0)).is_ok();
        let directive = if idle { "SKIP applied to no document" } else { "" };
        points.push(Point { ok: true, text: rule.id.to_string(), directive: directive.into(), block: Vec::new() });
    }
    let ok = verdict.status == Status::Pass;
    points.push(Point { ok, text: headline(verdict), directive: String::new(), block: Vec::new() });
    points
}

fn of_finding<'a>(judged: &'a Judged, verdict: &Verdict, locator: &Locator<'a>) -> Point {
    let finding = &judged.finding;
    let source = &finding.place.source;
    let at = locator.position(source, finding.place.span.start);
    let directive = match &judged.disposition {
        Disposition::Failing => String::new(),
        Disposition::Minor => format!("TODO below {}", verdict.fail_on),
        Disposition::Waived { reason, approver, until } => format!("TODO waived until {until} by {approver}: {reason}"),
        Disposition::Known => "TODO known, in the baseline".into(),
    };
    let mut block = vec![("message", finding.message.clone()), ("severity", finding.severity.to_string())];
    if !finding.rule.remediation.is_empty() {
        block.push(("remediation", finding.rule.remediation.clone()));
    }
    Point { ok: false, text: format!("{} {}:{at}", finding.rule.id, source.name()), directive, block }
}

fn of_problem(problem: &Problem) -> Point {
    let file = if problem.file.is_empty() { String::new() } else { format!(" {}", problem.file) };
    let block = vec![("message", problem.message.clone()), ("severity", "error".into())];
    Point { ok: false, text: format!("{}{file}", problem.code.name()), directive: String::new(), block }
}
