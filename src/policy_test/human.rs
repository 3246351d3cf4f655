//! For people: each failure with its expression underlined, then the counts.

use std::io::{self, Write};

use super::coverage::percent;
use super::{Case, Coverage, Fault, Outcome, TestResult, TestRun, TestView};
use crate::engine::{Level, PolicyError, Spot};
use crate::judge::Status;
use crate::report::{Drawing, Excerpt, Frame, harmless, visible, visible_lines};

/// Lines not reached that are listed for one file.
const MOST_LINES: usize = 40;

/// Writes `human`.
pub struct Human {
    view: TestView,
    drawing: Drawing,
}

impl Human {
    /// A report as `view` asks.
    #[must_use]
    pub fn new(view: TestView) -> Self {
        Self { view, drawing: Drawing::new(view.color, view.width) }
    }

    /// Writes the whole run.
    ///
    /// # Errors
    /// When `out` can't be written to.
    pub fn write(&self, run: &TestRun, out: &mut dyn Write) -> io::Result<()> {
        // A test may put data where the warning says that there is none.
        let told = |level| self.view.verbose || level == Level::Error;
        for (error, spot) in run.problems.iter().filter(|(error, _)| told(error.level)) {
            self.problem(error, spot.as_ref(), out)?;
        }
        for test in &run.tests {
            self.test(test, out)?;
        }
        if let Some(coverage) = &run.coverage {
            Self::coverage(coverage, out)?;
        }
        let style = match run.status {
            Status::Pass => "1;32",
            Status::Fail => "1;31",
            Status::Undecided => "1;33",
        };
        writeln!(out, "{}", self.drawing.paint(style, &run.headline()))
    }

    fn test(&self, test: &TestResult, out: &mut dyn Write) -> io::Result<()> {
        let bad = matches!(test.outcome, Outcome::Fail | Outcome::Error);
        if let Some(fault) = &test.fault {
            self.fault(test.outcome, &test.name, fault, out)?;
        } else if self.view.verbose || bad && test.cases.is_empty() {
            let at = test.place.source.position(test.place.span.start).line;
            let (name, file) = (visible(&test.name), visible(test.place.source.name()));
            writeln!(out, "{:<7} {name} ({file}:{at})", test.outcome.name())?;
        }
        for case in &test.cases {
            self.case(test, case, out)?;
        }
        if bad || self.view.verbose {
            for line in &test.printed {
                writeln!(out, "  printed: {}", visible(line))?;
            }
        }
        if bad {
            writeln!(out)?;
        }
        Ok(())
    }

    fn case(&self, test: &TestResult, case: &Case, out: &mut dyn Write) -> io::Result<()> {
        match &case.fault {
            Some(fault) => self.fault(case.outcome, &format!("{} {}", test.name, case.name), fault, out),
            None if self.view.verbose => writeln!(out, "  {:<5} {}", case.outcome.name(), visible(&case.name)),
            None => Ok(()),
        }
    }

    fn fault(&self, outcome: Outcome, name: &str, fault: &Fault, out: &mut dyn Write) -> io::Result<()> {
        let source = harmless(&fault.place.source);
        let frame = Frame {
            head: format!("{} {}", outcome.name(), visible(name)),
            message: visible_lines(&fault.message).into_owned(),
            severity: miette::Severity::Error,
            help: String::new(),
            excerpt: Some(Excerpt(&source)),
            labels: vec![(fault.place.span, String::new())],
        };
        self.drawing.draw(&frame, out)?;
        for spot in &fault.inner {
            let at = spot.source.position(spot.span.start);
            let text = spot.source.slice(spot.span).lines().next().unwrap_or("").trim().to_owned();
            writeln!(out, "  stopped: {}:{at}: {}", visible(spot.source.name()), visible(&text))?;
        }
        Ok(())
    }

    fn problem(&self, error: &PolicyError, spot: Option<&Spot>, out: &mut dyn Write) -> io::Result<()> {
        let source = spot.map(|spot| harmless(&spot.source));
        let (word, severity) = match error.level {
            Level::Error => ("error", miette::Severity::Error),
            Level::Warning => ("warning", miette::Severity::Warning),
        };
        let message = visible_lines(&error.message).into_owned();
        let frame = Frame {
            head: format!("{word} {}", error.code),
            message: if source.is_some() { message } else { format!("{}: {message}", visible(&error.file)) },
            severity,
            help: String::new(),
            excerpt: source.as_deref().map(Excerpt),
            labels: spot.map(|spot| vec![(spot.span, String::new())]).unwrap_or_default(),
        };
        self.drawing.draw(&frame, out)?;
        writeln!(out)
    }

    fn coverage(coverage: &Coverage, out: &mut dyn Write) -> io::Result<()> {
        for (name, file) in &coverage.files {
            let (all, reached) = file.count();
            if all == reached {
                continue;
            }
            let lines: Vec<String> = file.which(false).take(MOST_LINES).map(|line| line.to_string()).collect();
            let more = if all - reached > MOST_LINES { ", …" } else { "" };
            writeln!(out, "not reached: {}: {}{more}", visible(name), lines.join(", "))?;
        }
        let total = coverage.total();
        writeln!(out, "coverage {} % ({} of {} lines)\n", percent(total), total.1, total.0)
    }
}
