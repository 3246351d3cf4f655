//! Test Anything Protocol, version 13.
//!
//! Failing findings and problems are `not ok`. Minor, waived and known findings
//! are `not ok` with a TODO directive, which consumers do not count. A rule
//! without findings is `ok`, an idle one `ok` with SKIP. The last test is the
//! verdict, so that an undecided run is never all `ok`.

use std::io::{self, Write};

use super::Report;
use super::count::{acceptance, headline};
use super::locate::Locator;
use super::stated::{shadowed, stated};
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
        if let Some(shadow) = &verdict.next {
            writeln!(out, "# next: {}", shadowed(shadow))?;
        }
        for (word, text) in stated(verdict) {
            writeln!(out, "# {word} {text}")?;
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
        accepted => acceptance(accepted).map(|why| format!("TODO {why}")).unwrap_or_default(),
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

#[cfg(test)]
mod tests {
    use super::super::ReportFormat;
    use super::super::canned::{written, written_pass};

    #[test]
    fn every_finding_rule_and_the_verdict_is_a_test_point() {
        insta::assert_snapshot!(written(ReportFormat::Tap), @r###"
TAP version 13
1..8
not ok 1 - k8s-latest-tag deploy/web, 1.yaml:10:18 # TODO below medium
  ---
  message: "image `nginx:latest` has no fixed tag"
  severity: "low"
  ...
not ok 2 - k8s-privileged-container deploy/web, 1.yaml:11:11
  ---
  message: "container `wéb` is privileged"
  severity: "critical"
  remediation: "Remove `securityContext.privileged`, or set it to `false`."
  ...
not ok 3 - k8s-privileged-container deploy/web, 1.yaml:12:13 # TODO waived until 2026-12-31 by sec: legacy *node*
  ---
  message: "an accepted one"
  severity: "critical"
  remediation: "Remove `securityContext.privileged`, or set it to `false`."
  ...
not ok 4 - k8s-latest-tag deploy/web, 1.yaml:10:11 # TODO known, not new
  ---
  message: "an old one"
  severity: "low"
  ...
not ok 5 - main.deny_acl infra/main.tf:3:12
  ---
  message: "bucket is public\\u{1b}[2J\\n::error::<b>100%</b> | `x` ]]>"
  severity: "high"
  ...
not ok 6 - syntax infra/main.tf
  ---
  message: "a value is missing"
  severity: "error"
  ...
not ok 7 - unreadable secret/\\u{1b}x.yaml
  ---
  message: "permission denied"
  severity: "error"
  ...
not ok 8 - FAIL: 2 findings at or above medium; 1 input could not be read
# notice not-checked: 1 Helm template was not checked
# checked 2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations
# idle main.deny_idle
# no rule for 1 terraform
# left out 3 files by ignore rules, 1 file of no known format, 1 file unreadable
# waiver waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec
# day 2026-11-21
"###);
    }

    #[test]
    fn a_pass_is_said() {
        insta::assert_snapshot!(written_pass(ReportFormat::Tap), @r###"
TAP version 13
1..4
ok 1 - k8s-latest-tag
ok 2 - k8s-privileged-container
ok 3 - main.deny_acl
ok 4 - PASS: no finding at or above medium
# checked 2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations
# idle main.deny_idle
# no rule for 1 terraform
# left out 3 files by ignore rules, 1 file of no known format, 1 file unreadable
# waiver waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec
# day 2026-11-21
"###);
    }
}
