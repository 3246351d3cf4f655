//! A line of JSON for each thing, and a summary at the end: for pipelines of programs.
//!
//! The summary is always the last line. A file without one was cut off and says
//! nothing about what passed.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::layout::write_line;
use super::locate::Locator;
use super::record::{CountsRecord, FindingRecord, ProblemRecord, RuleRecord, TOOL, Tool, VERSION};
use crate::finding::Severity;
use crate::judge::{Status, Verdict};

/// Writes `ndjson`.
pub struct Ndjson;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Meta { version: u32, tool: Tool, fail_on: Severity, as_of: &'a str },
    Rule(RuleRecord<'a>),
    Finding(FindingRecord<'a>),
    Problem(ProblemRecord<'a>),
    Summary(Summary<'a>),
}

#[derive(Serialize)]
struct Summary<'a> {
    status: Status,
    exit_code: u8,
    reasons: &'a [String],
    counts: CountsRecord<'a>,
    idle_rules: &'a [String],
}

impl Report for Ndjson {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let mut out = io::BufWriter::with_capacity(1 << 16, out);
        let out: &mut dyn Write = &mut out;
        let locator = Locator::default();
        let meta = Line::Meta { version: VERSION, tool: TOOL, fail_on: verdict.fail_on, as_of: &verdict.as_of };
        write_line(&meta, out)?;
        for rule in &verdict.rules {
            write_line(&Line::Rule(RuleRecord::of(rule)), out)?;
        }
        for judged in &verdict.findings {
            write_line(&Line::Finding(FindingRecord::of(judged, &locator)), out)?;
        }
        for problem in &verdict.problems {
            write_line(&Line::Problem(ProblemRecord::of(problem, &locator)), out)?;
        }
        let summary = Summary {
            status: verdict.status,
            exit_code: verdict.status.exit_code(),
            reasons: &verdict.reasons,
            counts: CountsRecord::of(verdict),
            idle_rules: &verdict.idle_rules,
        };
        write_line(&Line::Summary(summary), out)?;
        out.flush()
    }
}
