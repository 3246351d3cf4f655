//! Each finding as a frame with its place underlined, then the counts and the verdict: for people.

use std::io::{self, Write};
use std::sync::Arc;

use super::count::{Tally, acceptance, headline, is_open};
use super::frame::{Drawing, Excerpt, Frame, harmless};
use super::locate::Locator;
use super::stated::{shadowed, stated};
use super::text::{thousands, visible, visible_lines};
use super::{Report, ReportOptions};
use crate::finding::{Finding, Place, Problem, Severity};
use crate::judge::{Disposition, Judged, Shadow, Status, Verdict};
use crate::source::Source;

/// Writes `human`.
pub struct Human {
    options: ReportOptions,
    drawing: Drawing,
}

/// A source and its harmless twin: findings come sorted by file, so the last one is kept.
#[derive(Default)]
struct Shown(Option<(Arc<Source>, Arc<Source>)>);

impl Shown {
    fn of(&mut self, source: &Arc<Source>) -> Arc<Source> {
        match &self.0 {
            Some((known, shown)) if Arc::ptr_eq(known, source) => Arc::clone(shown),
            _ => {
                let shown = harmless(source);
                self.0 = Some((Arc::clone(source), Arc::clone(&shown)));
                shown
            }
        }
    }
}

impl Human {
    /// A report as `options` ask.
    pub fn new(options: ReportOptions) -> Self {
        Self { options, drawing: Drawing::new(options.color, options.width) }
    }

    fn finding(&self, judged: &Judged, shown: &mut Shown, out: &mut dyn Write) -> io::Result<()> {
        let finding = &judged.finding;
        let source = shown.of(&finding.place.source);
        let (near, far): (Vec<&Place>, Vec<&Place>) =
            finding.related.iter().partition(|place| Arc::ptr_eq(&place.source, &finding.place.source));
        let frame = Frame {
            head: head(finding),
            message: visible_lines(&finding.message).into_owned(),
            severity: loudness(judged),
            help: visible_lines(&finding.rule.remediation).into_owned(),
            labels: std::iter::once(&finding.place)
                .chain(near)
                .map(|place| (place.span, place.label.clone()))
                .collect(),
            excerpt: Some(Excerpt(&source)),
        };
        self.drawing.draw(&frame, out)?;
        for place in far {
            let label = visible(&place.label);
            let gap = if label.is_empty() { "" } else { ": " };
            let at = place.source.position(place.span.start);
            writeln!(out, "  also: {}:{at}{gap}{label}", visible(place.source.name()))?;
        }
        if self.options.explain {
            let file = visible(&finding.rule.file);
            writeln!(out, "  policy: {file}:{} ({})", finding.policy_line, visible(&finding.rule.package))?;
        }
        writeln!(out)
    }

    fn problem(&self, problem: &Problem, shown: &mut Shown, out: &mut dyn Write) -> io::Result<()> {
        let word = if problem.notice { "notice" } else { "error" };
        let severity = if problem.notice { miette::Severity::Advice } else { miette::Severity::Error };
        let source = problem.source.as_ref().filter(|_| !problem.labels.is_empty()).map(|source| shown.of(source));
        let mut message = visible_lines(&problem.message).into_owned();
        if source.is_none() && !problem.file.is_empty() && !problem.message.contains(&problem.file) {
            message = format!("{}: {message}", visible(&problem.file));
        }
        let frame = Frame {
            head: format!("{word} {}", problem.code.name()),
            message,
            severity,
            help: visible_lines(&problem.help).into_owned(),
            labels: problem.labels.clone(),
            excerpt: source.as_deref().map(Excerpt),
        };
        self.drawing.draw(&frame, out)?;
        writeln!(out)
    }

    fn accepted(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let locator = Locator::default();
        for judged in verdict.findings.iter().filter(|judged| !is_open(judged)) {
            let finding = &judged.finding;
            let at = locator.position(&finding.place.source, finding.place.span.start);
            let why = acceptance(&judged.disposition).unwrap_or_default();
            let (name, rule) = (visible(finding.place.source.name()), visible(&finding.rule.id.0));
            let (message, why) = (visible(&finding.message), visible(&why));
            writeln!(out, "{name}:{at}: {} {rule} {message} ({why})", finding.severity)?;
        }
        // All of them: the summary below names only some.
        if !verdict.idle_rules.is_empty() {
            writeln!(out, "idle rules: {}", visible(&verdict.idle_rules.join(", ")))?;
        }
        if verdict.findings.iter().any(|judged| !is_open(judged)) || !verdict.idle_rules.is_empty() {
            writeln!(out)?;
        }
        Ok(())
    }

    /// What other policies would change: apart from the findings that count.
    fn next(shadow: &Shadow, out: &mut dyn Write) -> io::Result<()> {
        let locator = Locator::default();
        writeln!(out, "next: {}", shadowed(shadow))?;
        for (word, list) in [("would block", &shadow.blocks), ("would pass", &shadow.frees)] {
            for judged in list {
                let finding = &judged.finding;
                let at = locator.position(&finding.place.source, finding.place.span.start);
                let (name, rule) = (visible(finding.place.source.name()), visible(&finding.rule.id.0));
                writeln!(out, "  {word:<11} {name}:{at}: {} {rule} {}", finding.severity, visible(&finding.message))?;
            }
        }
        for problem in &shadow.problems {
            let word = if problem.notice { "notice" } else { "error" };
            let gap = if problem.file.is_empty() { "" } else { ": " };
            let (file, message) = (visible(&problem.file), visible(&problem.message));
            writeln!(out, "  {word:<11} {file}{gap}{} {message}", problem.code.name())?;
        }
        writeln!(out)
    }

    fn summary(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let tally = Tally::of(verdict);
        if tally.failing + tally.minor > 0 {
            let severities = Severity::ALL.iter().rev().filter_map(|s| Some((s.name(), *tally.by_severity.get(s)?)));
            let kinds = tally.by_kind.iter().map(|(kind, n)| (kind.name(), *n));
            writeln!(out, "findings   {}", list(severities))?;
            writeln!(out, "in         {}", list(kinds))?;
        }
        let accepted = [(tally.waived, "waived"), (tally.known, "known")];
        let accepted = accepted.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| (word, n));
        if tally.waived + tally.known > 0 {
            writeln!(out, "accepted   {}", list(accepted))?;
        }
        for (word, text) in stated(verdict) {
            writeln!(out, "{word:<10} {text}")?;
        }
        let style = match verdict.status {
            Status::Pass => "1;32",
            Status::Fail => "1;31",
            Status::Undecided => "1;33",
        };
        writeln!(out)?;
        writeln!(out, "{}", self.drawing.paint(style, &headline(verdict)))
    }
}

impl Report for Human {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let mut out = io::BufWriter::with_capacity(1 << 16, out);
        let mut shown = Shown::default();
        for judged in verdict.findings.iter().filter(|judged| is_open(judged)) {
            self.finding(judged, &mut shown, &mut out)?;
        }
        for problem in &verdict.problems {
            self.problem(problem, &mut shown, &mut out)?;
        }
        if self.options.verbose {
            Self::accepted(verdict, &mut out)?;
        }
        if let Some(shadow) = &verdict.next {
            Self::next(shadow, &mut out)?;
        }
        self.summary(verdict, &mut out)?;
        out.flush()
    }
}

/// `high k8s-privileged-container: Containers do not run privileged`.
fn head(finding: &Finding) -> String {
    let (rule, title) = (visible(&finding.rule.id.0), visible(&finding.rule.title));
    let gap = if title.is_empty() { "" } else { ": " };
    format!("{} {rule}{gap}{title}", finding.severity)
}

fn loudness(judged: &Judged) -> miette::Severity {
    match judged.disposition {
        Disposition::Failing => miette::Severity::Error,
        _ => miette::Severity::Warning,
    }
}

fn list<'a>(items: impl Iterator<Item = (&'a str, usize)>) -> String {
    items.map(|(word, n)| format!("{} {word}", thousands(n))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::canned::{verdict, written, written_pass, written_with};
    use super::*;
    use crate::report::ReportFormat;
    use crate::source::Span;

    #[test]
    fn a_person_sees_each_place_underlined_and_the_verdict_last() {
        insta::assert_snapshot!(written(ReportFormat::Human), @r###"
low k8s-latest-tag: Images have a fixed tag

  ⚠ image `nginx:latest` has no fixed tag
    ╭─[deploy/web, 1.yaml:10:18]
  9 │         - name: wéb
 10 │           image: nginx:latest
    ·                  ──────┬─────
    ·                        ╰── here
 11 │           securityContext:
    ╰────

critical k8s-privileged-container: Containers do not run privileged

  × container `wéb` is privileged
    ╭─[deploy/web, 1.yaml:11:11]
  8 │           containers:
  9 │             - name: wéb
    ·                     ─┬─
    ·                      ╰── this container
 10 │               image: nginx:latest
 11 │ ╭─▶           securityContext:
 12 │ ├─▶             privileged: true
    · ╰──── here
    ╰────
  help: Remove `securityContext.privileged`, or set it to `false`.
  also: infra/main.tf:1:26: logs go | here

high main.deny_acl

  × bucket is public\u{1b}[2J
  │ ::error::<b>100%</b> | `x` ]]>
   ╭─[infra/main.tf:3:12]
 2 │   bucket = "a?[31m|b"
 3 │   acl    = "public-read"
   ·            ──────┬──────
   ·                  ╰── here
 4 │ }
   ╰────

error syntax

  × a value is missing
   ╭─[infra/main.tf:1:33]
 1 │ resource "aws_s3_bucket" "logs" {
   ·                                 ┬
   ·                                 ╰── opened here
 2 │   bucket = "a?[31m|b"
   ╰────

error unreadable

  × secret/\u{1b}x.yaml: permission denied
  help: Let the user who runs regate read it.

notice not-checked

  ☞ 1 Helm template was not checked

findings   1 critical, 1 high, 1 low
in         2 kubernetes, 1 terraform
accepted   1 waived, 1 known
checked    2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations
idle       main.deny_idle
no rule    for 1 terraform
left out   3 files by ignore rules, 1 file of no known format, 1 file unreadable
waiver     waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec
day        2026-11-21

FAIL: 2 findings at or above medium; 1 input could not be read
"###);
    }

    #[test]
    fn a_pass_is_said() {
        insta::assert_snapshot!(written_pass(ReportFormat::Human), @r###"
checked    2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations
idle       main.deny_idle
no rule    for 1 terraform
left out   3 files by ignore rules, 1 file of no known format, 1 file unreadable
waiver     waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec
day        2026-11-21

PASS: no finding at or above medium
"###);
    }

    #[test]
    fn verbose_lists_what_is_accepted_and_explain_names_the_policy() {
        let options = ReportOptions { verbose: true, explain: true, width: 60, color: false };
        insta::assert_snapshot!(written_with(ReportFormat::Human, &options), @r###"
low k8s-latest-tag: Images have a fixed tag

  ⚠ image `nginx:latest` has no fixed tag
    ╭─[deploy/web, 1.yaml:10:18]
  9 │         - name: wéb
 10 │           image: nginx:latest
    ·                  ──────┬─────
    ·                        ╰── here
 11 │           securityContext:
    ╰────
  policy: builtin:kubernetes/k8s-latest-tag.rego:14 (regate.k8s_latest_tag)

critical k8s-privileged-container: Containers do not run privileged

  × container `wéb` is privileged
    ╭─[deploy/web, 1.yaml:11:11]
  8 │           containers:
  9 │             - name: wéb
    ·                     ─┬─
    ·                      ╰── this container
 10 │               image: nginx:latest
 11 │ ╭─▶           securityContext:
 12 │ ├─▶             privileged: true
    · ╰──── here
    ╰────
  help: Remove `securityContext.privileged`, or set it to
        `false`.
  also: infra/main.tf:1:26: logs go | here
  policy: builtin:kubernetes/k8s-privileged-container.rego:14 (regate.k8s_privileged_container)

high main.deny_acl

  × bucket is public\u{1b}[2J
  │ ::error::<b>100%</b> | `x` ]]>
   ╭─[infra/main.tf:3:12]
 2 │   bucket = "a?[31m|b"
 3 │   acl    = "public-read"
   ·            ──────┬──────
   ·                  ╰── here
 4 │ }
   ╰────
  policy: policy/acl.rego:14 (regate.main.deny_acl)

error syntax

  × a value is missing
   ╭─[infra/main.tf:1:33]
 1 │ resource "aws_s3_bucket" "logs" {
   ·                                 ┬
   ·                                 ╰── opened here
 2 │   bucket = "a?[31m|b"
   ╰────

error unreadable

  × secret/\u{1b}x.yaml: permission denied
  help: Let the user who runs regate read it.

notice not-checked

  ☞ 1 Helm template was not checked

deploy/web, 1.yaml:12:13: critical k8s-privileged-container an accepted one (waived until 2026-12-31 by sec: legacy *node*)
deploy/web, 1.yaml:10:11: low k8s-latest-tag an old one (known, not new)
idle rules: main.deny_idle

findings   1 critical, 1 high, 1 low
in         2 kubernetes, 1 terraform
accepted   1 waived, 1 known
checked    2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations
idle       main.deny_idle
no rule    for 1 terraform
left out   3 files by ignore rules, 1 file of no known format, 1 file unreadable
waiver     waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec
day        2026-11-21

FAIL: 2 findings at or above medium; 1 input could not be read
"###);
    }

    #[test]
    fn only_our_own_escapes_reach_a_terminal() {
        let colored = written_with(ReportFormat::Human, &ReportOptions { color: true, ..ReportOptions::default() });
        assert!(colored.contains("\u{1b}["));
        assert!(!colored.contains("\u{1b}[2J") && !colored.contains("a\u{1b}"));
        assert!(!written(ReportFormat::Human).contains('\u{1b}'));
    }

    #[test]
    fn a_piece_of_a_very_long_line_is_shown() {
        let mut verdict = verdict();
        let text = format!("{{\"a\":[{}1]}}", "1,".repeat(100_000));
        let source = Arc::new(Source::new("long.json", text));
        verdict.findings.truncate(1);
        verdict.problems.clear();
        verdict.findings[0].finding.place.source = source;
        verdict.findings[0].finding.place.span = Span::new(100_000, 100_001);
        let mut out = Vec::new();
        Human::new(ReportOptions::default()).write(&verdict, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("[long.json:1:100001]"), "{text}");
        assert!(text.len() < 2500, "{text}");
    }
}
