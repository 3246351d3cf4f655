//! Workflow commands for GitHub Actions: annotations, and the human report beside them.
//!
//! The runner takes ten annotations a level and step and drops the rest, so the
//! worst come first and the rest is counted. It reads commands anywhere in the
//! log: the human text, which shows other people's files, is fenced in by
//! `::stop-commands::` with a token that a file can't know.

use std::cmp::Reverse;
use std::collections::hash_map::RandomState;
use std::fmt::Write as _;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};

use super::human::Human;
use super::locate::{Locator, Region};
use super::stated::shadowed;
use super::text::{clip, count, visible, visible_lines};
use super::{Report, ReportOptions};
use crate::finding::Problem;
use crate::judge::{Disposition, Judged, Verdict};

/// Writes `github`.
pub struct Github {
    human: Human,
}

/// What the runner keeps of each level.
const MAX_A_LEVEL: usize = 10;
/// What the runner keeps of a message, in characters; counted in bytes here, which are never fewer.
const MAX_MESSAGE: usize = 4096;

impl Github {
    /// A report whose human part is as `options` ask.
    pub fn new(options: ReportOptions) -> Self {
        Self { human: Human::new(options) }
    }
}

impl Report for Github {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let token = token();
        writeln!(out, "::stop-commands::{token}")?;
        self.human.write(verdict, out)?;
        writeln!(out, "\n::{token}::")?;
        let locator = Locator::default();
        let problems = |notice| verdict.problems.iter().filter(move |problem| problem.notice == notice);
        let errors = problems(false).map(|problem| of_problem("error", problem, &locator));
        let failing = findings(verdict, &Disposition::Failing);
        let minor = findings(verdict, &Disposition::Minor);
        let mut left = Vec::new();
        let failing = failing.iter().map(|judged| of_finding("error", judged, &locator));
        level(errors.chain(failing), MAX_A_LEVEL, "error", &mut left, out)?;
        let minor = minor.iter().map(|judged| of_finding("warning", judged, &locator));
        level(minor, MAX_A_LEVEL, "warning", &mut left, out)?;
        // One notice is kept free to count what is left out.
        let next = verdict.next.iter().map(|shadow| command("notice", "next", "", None, &shadowed(shadow)));
        let notices = next.chain(problems(true).map(|problem| of_problem("notice", problem, &locator)));
        level(notices, MAX_A_LEVEL - 1, "notice", &mut left, out)?;
        if !left.is_empty() {
            let text = format!("regate: {} more, not annotated; the log has them all", left.join(", "));
            writeln!(out, "::notice::{}", data(&text))?;
        }
        Ok(())
    }
}

/// The findings that stand at `disposition`, the worst first.
fn findings<'a>(verdict: &'a Verdict, disposition: &Disposition) -> Vec<&'a Judged> {
    let mut found: Vec<_> = verdict.findings.iter().filter(|judged| judged.disposition == *disposition).collect();
    found.sort_by_key(|judged| Reverse(judged.finding.severity));
    found
}

fn level(
    commands: impl Iterator<Item = String>,
    most: usize,
    name: &str,
    left: &mut Vec<String>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut commands = commands;
    for command in commands.by_ref().take(most) {
        writeln!(out, "{command}")?;
    }
    let more = commands.count();
    if more > 0 {
        left.push(count(more, name));
    }
    Ok(())
}

fn of_finding<'a>(level: &str, judged: &'a Judged, locator: &Locator<'a>) -> String {
    let finding = &judged.finding;
    let region = locator.region(&finding.place.source, finding.place.span);
    let mut text = finding.message.clone();
    if !finding.rule.remediation.is_empty() {
        text = format!("{text}\n{}", finding.rule.remediation);
    }
    let title = format!("{} {}", finding.severity, finding.rule.id);
    command(level, &title, finding.place.source.name(), Some(region), &text)
}

fn of_problem<'a>(level: &str, problem: &'a Problem, locator: &Locator<'a>) -> String {
    let region = match (&problem.source, problem.labels.first()) {
        (Some(source), Some((span, _))) => Some(locator.region(source, *span)),
        _ => None,
    };
    command(level, problem.code.name(), &problem.file, region, &problem.message)
}

fn command(level: &str, title: &str, file: &str, region: Option<Region>, text: &str) -> String {
    let mut line = format!("::{level} title={}", property(title));
    // Writing to a String can't fail.
    if !file.is_empty() {
        let _ = write!(line, ",file={}", property(file.strip_prefix("./").unwrap_or(file)));
        if let Some(Region { start, end }) = region {
            let _ = write!(line, ",line={},endLine={}", start.line, end.line);
            // The runner drops columns of a span of several lines.
            if start.line == end.line {
                let _ = write!(line, ",col={},endColumn={}", start.column, end.column);
            }
        }
    }
    let _ = write!(line, "::{}", data(text));
    line
}

/// As `@actions/core` escapes a command's data.
fn data(text: &str) -> String {
    let text = visible_lines(text);
    clip(&text, MAX_MESSAGE).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// As `@actions/core` escapes a command's property.
fn property(text: &str) -> String {
    let text = visible(text).replace('%', "%25");
    text.replace(':', "%3A").replace(',', "%2C")
}

/// A token that nobody can know before the run.
fn token() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("regate-{:016x}{:016x}", random(), random())
}

#[cfg(test)]
mod tests {
    use super::super::ReportFormat;
    use super::super::canned::{verdict, written};
    use super::*;

    #[test]
    fn annotations_follow_the_fenced_human_text() {
        let text = written(ReportFormat::Github);
        let (first, rest) = text.split_once('\n').unwrap();
        let token = first.strip_prefix("::stop-commands::").unwrap();
        let (human, commands) = rest.split_once(&format!("\n::{token}::\n")).unwrap();
        assert_eq!(human, written(ReportFormat::Human));
        insta::assert_snapshot!(commands, @r###"
::error title=syntax,file=infra/main.tf,line=1,endLine=1,col=33,endColumn=34::a value is missing
::error title=unreadable,file=secret/\u{1b}x.yaml::permission denied
::error title=critical k8s-privileged-container,file=deploy/web%2C 1.yaml,line=11,endLine=12::container `wéb` is privileged%0ARemove `securityContext.privileged`, or set it to `false`.
::error title=high main.deny_acl,file=infra/main.tf,line=3,endLine=3,col=12,endColumn=25::bucket is public\u{1b}[2J%0A::error::<b>100%25</b> | `x` ]]>
::warning title=low k8s-latest-tag,file=deploy/web%2C 1.yaml,line=10,endLine=10,col=18,endColumn=30::image `nginx:latest` has no fixed tag
::notice title=not-checked::1 Helm template was not checked
"###);
    }

    #[test]
    fn ten_annotations_a_level_are_written_and_the_rest_is_counted() {
        let mut verdict = verdict();
        let finding = verdict.findings[1].clone();
        verdict.findings = vec![finding; 30];
        let mut out = Vec::new();
        Github::new(ReportOptions::default()).write(&verdict, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches("\n::error ").count(), 10);
        assert!(text.ends_with("::notice::regate: 22 errors more, not annotated; the log has them all\n"), "{text}");
    }

    #[test]
    fn commands_are_escaped_as_actions_core_does() {
        assert_eq!(property("T: a, b%"), "T%3A a%2C b%25");
        assert_eq!(data("a%b\nc:d,e"), "a%25b%0Ac:d,e");
    }
}
