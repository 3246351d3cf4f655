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
        let notices = problems(true).map(|problem| of_problem("notice", problem, &locator));
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
