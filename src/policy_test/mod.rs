//! Unit tests of policies: rules called `test_…`, run one by one.
//!
//! In: policies and their data. Out: a [`TestRun`]: what passed, what failed
//! and at which expression, and a status that is a pass only if something ran
//! and all of it passed.
//!
//! What is a test and when it passes is as in OPA, with two exceptions: a test
//! whose cases were never tried has failed, and no test at all is undecided.

mod coverage;
mod explain;
mod human;
mod json;
mod junit;

use std::collections::HashSet;
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use rayon::prelude::*;
use regex::Regex;

pub use coverage::{Coverage, FileCoverage};
pub use human::Human;
pub use json::json_schema;

use crate::engine::builtins::Allow;
use crate::engine::{Engine, EvalError, Level, Limits, Order, PolicyError, Spot, Test, Tested, Value};
use crate::gate::{Request, context};
use crate::judge::Status;
use crate::policy::PolicySources;

/// The stack of a worker, as in the gate.
const STACK: usize = 64 << 20;

/// How a test or one of its cases ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is true.
    Pass,
    /// It is not.
    Fail,
    /// It could not be evaluated.
    Error,
    /// Its name says that it is still to be done.
    Skipped,
}

impl Outcome {
    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Skipped => "skipped",
        }
    }
}

/// Why a test or a case did not pass.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What is wrong, in lines.
    pub message: String,
    /// The expression.
    pub place: Spot,
    /// Where the rules that it asked stopped.
    pub inner: Vec<Spot>,
}

/// One case of a test.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its keys.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not pass.
    pub fault: Option<Fault>,
}

/// One test.
#[derive(Debug, Clone)]
pub struct TestResult {
    /// `data.PACKAGE.RULE`.
    pub name: String,
    /// Where it is.
    pub place: Spot,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not pass; what is wrong with cases stands with them.
    pub fault: Option<Fault>,
    /// Its cases, if it has some.
    pub cases: Vec<Case>,
    /// What it printed.
    pub printed: Vec<String>,
}

/// What is to be run.
#[derive(Debug, Clone, Default)]
pub struct TestOptions {
    /// Only tests whose name this matches.
    pub run: Option<Regex>,
    /// Bounds for a test.
    pub limits: Limits,
    /// Whether to tell which lines were reached.
    pub coverage: bool,
    /// What tests may reach besides their input and data.
    pub allow: Allow,
    /// The moment that the clock shows, if it may be asked.
    pub clock: jiff::Timestamp,
}

/// All tests and what they decide.
#[derive(Debug)]
pub struct TestRun {
    /// The tests, in the order of their places.
    pub tests: Vec<TestResult>,
    /// What could not be loaded, with its source; each leaves the run undecided.
    pub problems: Vec<(PolicyError, Option<Spot>)>,
    /// Which lines were reached, if that was asked.
    pub coverage: Option<Coverage>,
    /// What the run decides.
    pub status: Status,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
}

impl TestRun {
    /// How many tests ended in this way.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.tests.iter().filter(|test| test.outcome == outcome).count()
    }

    /// The last line of a report.
    #[must_use]
    pub fn headline(&self) -> String {
        format!("{}: {}", self.status.name().to_uppercase(), self.reasons.join("; "))
    }
}

/// Runs the tests of `sources`.
///
/// # Errors
/// When no workers could be started.
pub fn run(sources: &PolicySources, errors: Vec<PolicyError>, options: &TestOptions) -> Result<TestRun, String> {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let pool = pool.map_err(|error| format!("the workers could not be started: {error}"))?;
    Ok(pool.install(|| run_here(sources, errors, options)))
}

fn run_here(sources: &PolicySources, mut errors: Vec<PolicyError>, options: &TestOptions) -> TestRun {
    let modules: Vec<_> = sources.modules.iter().chain(&sources.tests).cloned().collect();
    let context = context(&Request { allow: options.allow, clock: options.clock, ..Request::default() });
    let (engine, faults) = Engine::load_with(&modules, sources.data.clone(), options.limits, context);
    errors.extend(faults);
    errors.sort();
    errors.dedup();
    let problems: Vec<_> = errors.into_iter().map(|error| with_source(error, sources)).collect();
    let broken = problems.iter().any(|(error, _)| error.level == Level::Error);
    let mut tests = if broken { Vec::new() } else { engine.tests() };
    let found = tests.len();
    if let Some(run) = &options.run {
        tests.retain(|test| run.is_match(&full_name(test)));
    }
    let order = engine.test_order();
    let ran: Vec<(TestResult, HashSet<usize>)> = tests.par_iter().map(|test| one(&engine, test, &order)).collect();
    let coverage = options.coverage.then(|| {
        let reached = ran.iter().flat_map(|(_, reached)| reached).copied().collect();
        Coverage::of(&engine.coverage(&reached))
    });
    let tests = ran.into_iter().map(|(test, _)| test).collect();
    let mut run = TestRun { tests, problems, coverage, status: Status::Pass, reasons: Vec::new() };
    decide(&mut run, found);
    run
}

fn with_source(error: PolicyError, sources: &PolicySources) -> (PolicyError, Option<Spot>) {
    let module = sources.modules.iter().chain(&sources.tests).find(|module| module.name == error.file);
    let source = module
        .filter(|_| error.line > 0)
        .map(|module| std::sync::Arc::new(crate::source::Source::new(module.name.as_str(), module.text.as_str())));
    let spot = source.map(|source| Spot { source, span: error.span });
    (error, spot)
}

fn full_name(test: &Test) -> String {
    format!("data.{}.{}", test.package, test.name)
}

fn one(engine: &Engine, test: &Test, order: &Order) -> (TestResult, HashSet<usize>) {
    let mut result = TestResult {
        name: full_name(test),
        place: test.place.clone(),
        outcome: Outcome::Skipped,
        fault: None,
        cases: Vec::new(),
        printed: Vec::new(),
    };
    if test.todo {
        return (result, HashSet::new());
    }
    match engine.run_test(test, order) {
        Ok(mut tested) => {
            result.printed = std::mem::take(&mut tested.printed);
            let reached = std::mem::take(&mut tested.reached);
            judge(test, tested, &mut result);
            (result, reached)
        }
        Err(error) => {
            result.outcome = Outcome::Error;
            result.fault = Some(explain::error(&error, test, &|place| engine.spot_of(place)));
            (result, HashSet::new())
        }
    }
}

fn judge(test: &Test, tested: Tested, result: &mut TestResult) {
    if test.cases {
        result.cases = explain::cases(test, tested);
        let passed = result.cases.iter().all(|case| case.outcome == Outcome::Pass);
        result.outcome = if passed && !result.cases.is_empty() { Outcome::Pass } else { Outcome::Fail };
        if result.cases.is_empty() {
            result.fault =
                Some(Fault { message: "no case was tried".to_owned(), place: test.place.clone(), inner: Vec::new() });
        }
    } else if tested.value == Value::Bool(true) {
        result.outcome = Outcome::Pass;
    } else {
        result.outcome = Outcome::Fail;
        result.fault = Some(explain::fault(&test.place, &tested.value, tested.stopped));
    }
}

fn decide(run: &mut TestRun, found: usize) {
    let broken = run.problems.iter().filter(|(error, _)| error.level == Level::Error).count();
    let (failed, errors) = (run.count(Outcome::Fail), run.count(Outcome::Error));
    let (passed, skipped) = (run.count(Outcome::Pass), run.count(Outcome::Skipped));
    let ran = run.tests.len() - skipped;
    let tests = |n: usize| crate::report::count(n, "test");
    let mut open = Vec::new();
    if broken > 0 {
        open.push(format!("the policies can't be loaded ({})", crate::report::count(broken, "problem")));
    } else if found == 0 {
        open.push("there is no test: a test is a rule whose name starts with `test_`".to_owned());
    } else if run.tests.is_empty() {
        open.push(format!("`--run` matches none of {}", tests(found)));
    } else if ran == 0 {
        open.push(format!("nothing was run: {} still to be done", tests(skipped)));
    }
    if errors > 0 {
        open.push(format!("{} could not be evaluated", tests(errors)));
    }
    if failed > 0 {
        run.status = Status::Fail;
        run.reasons.push(format!("{failed} of {} failed", tests(ran)));
    } else if !open.is_empty() {
        run.status = Status::Undecided;
    } else {
        run.reasons.push(format!("{} passed", tests(passed)));
    }
    run.reasons.append(&mut open);
    if skipped > 0 && ran > 0 {
        run.reasons.push(format!("{skipped} skipped"));
    }
}

/// A format in which tests can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TestFormat {
    /// For people.
    #[default]
    Human,
    /// The whole run as one JSON document.
    Json,
    /// JUnit XML.
    Junit,
}

impl FromStr for TestFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            "junit" => Ok(Self::Junit),
            _ => Err(format!("there is no format `{name}` for tests; there are: human, json, junit")),
        }
    }
}

/// What a user may ask of the report.
#[derive(Debug, Clone, Copy)]
pub struct TestView {
    /// Whether ANSI colours may be written.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether tests that passed are listed, too, and what they printed.
    pub verbose: bool,
}

/// Writes `run` in `format`.
///
/// # Errors
/// When `out` can't be written to.
pub fn write(run: &TestRun, format: TestFormat, view: &TestView, out: &mut dyn Write) -> io::Result<()> {
    match format {
        TestFormat::Human => Human::new(*view).write(run, out),
        TestFormat::Json => json::write(run, out),
        TestFormat::Junit => junit::write(run, out),
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What failed, whichever sort it is.
fn error_text(error: &EvalError) -> String {
    let fault = error.fault();
    format!("{}: {}", fault.code, fault.message)
}
