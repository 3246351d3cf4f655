//! A line for each finding, `path:line:col: severity rule message`: for editors, grep and logs.

use std::io::{self, Write};

use super::Report;
use super::count::{headline, is_open};
use super::locate::Locator;
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
FAIL: 2 findings at or above medium; 1 input could not be read
"###);
    }

    #[test]
    fn a_pass_is_said() {
        insta::assert_snapshot!(written_pass(ReportFormat::Concise), @r###"
PASS: no finding at or above medium
"###);
    }
}
