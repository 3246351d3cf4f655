//! A line for each finding, `path:line:col: severity rule message`: for editors, grep and logs.

use std::io::{self, Write};

use super::Report;
use super::count::{headline, is_open};
use super::locate::Locator;
use super::stated::{shadowed, stated, stated_line};
use super::text::visible;
use crate::finding::Problem;
use crate::judge::Verdict;

/// Writes `concise`.
pub struct Concise;

impl Report for Concise {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let locator = Locator::default();
        for judged in verdict.findings.iter().filter(|judged| is_open(judged)) {
            let finding = &judged.finding;
            let source = &finding.place.source;
            let at = locator.position(source, finding.place.span.start);
            let (name, rule, message) =
                (visible(source.name()), visible(&finding.rule.id.0), visible(&finding.message));
            writeln!(out, "{name}:{at}: {} {rule} {message}", finding.severity)?;
        }
        for problem in &verdict.problems {
            let word = if problem.notice { "notice" } else { "error" };
            let (place, message) = (place(problem, &locator), visible(&problem.message));
            writeln!(out, "{place}{word} {} {message}", problem.code.name())?;
        }
        if let Some(shadow) = &verdict.next {
            writeln!(out, "next: {}", shadowed(shadow))?;
        }
        for (word, text) in stated(verdict).iter().filter(|(word, _)| *word == "waiver") {
            writeln!(out, "{word} {text}")?;
        }
        writeln!(out, "{}", stated_line(verdict))?;
        writeln!(out, "{}", headline(verdict))
    }
}

/// `file:line:col: `, as far as it is known.
fn place<'a>(problem: &'a Problem, locator: &Locator<'a>) -> String {
    match (&problem.source, problem.labels.first()) {
        (Some(source), Some((span, _))) => {
            format!("{}:{}: ", visible(source.name()), locator.position(source, span.start))
        }
        _ if problem.file.is_empty() => String::new(),
        _ => format!("{}: ", visible(&problem.file)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::ReportFormat;
    use super::super::canned::{written, written_pass};

    #[test]
    fn each_finding_and_problem_is_a_line() {
        insta::assert_snapshot!(written(ReportFormat::Concise), @r###"
deploy/web, 1.yaml:10:18: low k8s-latest-tag image `nginx:latest` has no fixed tag
deploy/web, 1.yaml:11:11: critical k8s-privileged-container container `wéb` is privileged
infra/main.tf:3:12: high main.deny_acl bucket is public\u{1b}[2J\n::error::<b>100%</b> | `x` ]]>
infra/main.tf:1:33: error syntax a value is missing
secret/\u{1b}x.yaml: error unreadable permission denied
notice not-checked 1 Helm template was not checked
waiver waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec
checked 2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations; idle main.deny_idle; no rule for 1 terraform; left out 3 files by ignore rules, 1 file of no known format, 1 file unreadable; day 2026-11-21
FAIL: 2 findings at or above medium; 1 input could not be read
"###);
    }

    #[test]
    fn a_pass_is_said() {
        insta::assert_snapshot!(written_pass(ReportFormat::Concise), @r###"
waiver waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec
checked 2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations; idle main.deny_idle; no rule for 1 terraform; left out 3 files by ignore rules, 1 file of no known format, 1 file unreadable; day 2026-11-21
PASS: no finding at or above medium
"###);
    }
}
