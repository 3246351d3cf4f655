//! `json`: the whole run as one document, versioned, with a JSON Schema.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::coverage::percent;
use super::{Case, Coverage, Fault, Outcome, TestResult, TestRun};
use crate::engine::{Level, PolicyError, Spot};
use crate::judge::Status;
use crate::report::{TOOL, Tool, write_json};

/// The version of the format.
const VERSION: u32 = 1;

/// The JSON Schema of what `regate test -o json` writes.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Run).to_value()
}

/// One run of the unit tests of policies.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "regate test")]
struct Run<'a> {
    /// The version of this format: 1.
    version: u32,
    /// What wrote it.
    tool: Tool,
    /// What the run decides.
    status: Status,
    /// The process's exit status: 0 pass, 1 fail, 2 undecided.
    exit_code: u8,
    /// Why the status is what it is, a sentence each.
    reasons: &'a [String],
    /// How many tests ended in each way.
    counts: Counts,
    /// Every test, sorted by file and place.
    tests: Vec<TestRecord<'a>>,
    /// What could not be loaded.
    problems: Vec<ProblemRecord<'a>>,
    /// Which lines were reached; only with `--coverage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<CoverageRecord>,
}

/// How many tests ended in each way.
#[derive(Debug, Serialize, JsonSchema)]
struct Counts {
    /// All of them.
    tests: usize,
    /// Those that are true.
    pass: usize,
    /// Those that are not.
    fail: usize,
    /// Those that could not be evaluated.
    error: usize,
    /// Those still to be done.
    skipped: usize,
}

/// One test.
#[derive(Debug, Serialize, JsonSchema)]
struct TestRecord<'a> {
    /// `data.PACKAGE.RULE`.
    name: &'a str,
    /// How it ended.
    outcome: Outcome,
    /// Where it is.
    place: PlaceRecord<'a>,
    /// Why it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultRecord<'a>>,
    /// Its cases, if it has some.
    cases: Vec<CaseRecord<'a>>,
    /// What it printed.
    printed: &'a [String],
}

/// One case of a test.
#[derive(Debug, Serialize, JsonSchema)]
struct CaseRecord<'a> {
    /// Its keys, joined by ` / `.
    name: &'a str,
    /// How it ended.
    outcome: Outcome,
    /// Why it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultRecord<'a>>,
}

/// Why something did not pass.
#[derive(Debug, Serialize, JsonSchema)]
struct FaultRecord<'a> {
    /// What is wrong, in lines.
    message: &'a str,
    /// The expression.
    place: PlaceRecord<'a>,
    /// Where the rules that it asked stopped.
    inner: Vec<PlaceRecord<'a>>,
}

/// A place in a policy.
#[derive(Debug, Serialize, JsonSchema)]
struct PlaceRecord<'a> {
    /// The policy.
    file: &'a str,
    /// Line, from 1.
    line: u32,
    /// Column in Unicode scalar values, from 1.
    column: u32,
    /// The line of the last character.
    end_line: u32,
    /// The column after the last character.
    end_column: u32,
}

/// What could not be loaded.
#[derive(Debug, Serialize, JsonSchema)]
struct ProblemRecord<'a> {
    /// What sort of problem, under OPA's name.
    code: &'static str,
    /// `error` leaves the run undecided, `warning` does not touch it.
    level: &'static str,
    /// What is wrong.
    message: &'a str,
    /// The policy.
    file: &'a str,
    /// Line, from 1; 0 when it is about the file.
    line: u32,
    /// Column, from 1; 0 when it is about the file.
    column: u32,
}

/// Which lines were reached.
#[derive(Debug, Serialize, JsonSchema)]
struct CoverageRecord {
    /// The share of lines that were reached, in percent.
    percent: f64,
    /// By file.
    files: BTreeMap<String, FileRecord>,
}

/// The lines of one file.
#[derive(Debug, Serialize, JsonSchema)]
struct FileRecord {
    /// The share of lines that were reached, in percent.
    percent: f64,
    /// Lines that were reached.
    reached: Vec<u32>,
    /// Lines with an expression that were not.
    not_reached: Vec<u32>,
}

/// Writes `run`.
pub fn write(run: &TestRun, out: &mut dyn Write) -> io::Result<()> {
    let record = Run {
        version: VERSION,
        tool: TOOL,
        status: run.status,
        exit_code: run.status.exit_code(),
        reasons: &run.reasons,
        counts: Counts {
            tests: run.tests.len(),
            pass: run.count(Outcome::Pass),
            fail: run.count(Outcome::Fail),
            error: run.count(Outcome::Error),
            skipped: run.count(Outcome::Skipped),
        },
        tests: run.tests.iter().map(test).collect(),
        problems: run.problems.iter().map(|(error, _)| problem(error)).collect(),
        coverage: run.coverage.as_ref().map(coverage),
    };
    write_json(&record, 2, out)
}

fn test(test: &TestResult) -> TestRecord<'_> {
    TestRecord {
        name: &test.name,
        outcome: test.outcome,
        place: place(&test.place),
        fault: test.fault.as_ref().map(fault),
        cases: test.cases.iter().map(case).collect(),
        printed: &test.printed,
    }
}

fn case(case: &Case) -> CaseRecord<'_> {
    CaseRecord { name: &case.name, outcome: case.outcome, fault: case.fault.as_ref().map(fault) }
}

fn fault(fault: &Fault) -> FaultRecord<'_> {
    FaultRecord { message: &fault.message, place: place(&fault.place), inner: fault.inner.iter().map(place).collect() }
}

fn place(spot: &Spot) -> PlaceRecord<'_> {
    let (start, end) = (spot.source.position(spot.span.start), spot.source.position(spot.span.end));
    PlaceRecord {
        file: spot.source.name(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

fn problem(error: &PolicyError) -> ProblemRecord<'_> {
    ProblemRecord {
        code: error.code.name(),
        level: if error.level == Level::Error { "error" } else { "warning" },
        message: &error.message,
        file: &error.file,
        line: error.line,
        column: error.column,
    }
}

fn coverage(coverage: &Coverage) -> CoverageRecord {
    let files = coverage.files.iter().map(|(name, file)| {
        let record = FileRecord {
            percent: percent(file.count()),
            reached: file.which(true).collect(),
            not_reached: file.which(false).collect(),
        };
        (name.clone(), record)
    });
    CoverageRecord { percent: percent(coverage.total()), files: files.collect() }
}
