//! JUnit XML: a suite a file, a class a package. The suite `regate` has what
//! could not be loaded and the verdict, so that an undecided run never looks green.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};

use super::{Fault, Outcome, TestResult, TestRun};
use crate::engine::{Level, Spot};
use crate::judge::Status;
use crate::report::{visible, visible_lines};

/// Writes `run`.
pub fn write(run: &TestRun, out: &mut dyn Write) -> io::Result<()> {
    let mut own = TestSuite::new("regate");
    for (error, _) in run.problems.iter().filter(|(error, _)| error.level == Level::Error) {
        let text = visible_lines(&error.to_string()).into_owned();
        let name = format!("{}:{}", error.file, error.line);
        own.add_test_case(case("regate", &name, status(NonSuccessKind::Error, &error.message, text)));
    }
    let line = run.headline();
    own.add_test_case(case(
        "regate",
        "verdict",
        match run.status {
            Status::Pass => TestCaseStatus::success(),
            Status::Fail => status(NonSuccessKind::Failure, &line, line.clone()),
            Status::Undecided => status(NonSuccessKind::Error, &line, line.clone()),
        },
    ));
    let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
    for test in &run.tests {
        let file = test.place.source.name();
        let suite = suites.entry(file).or_insert_with(|| TestSuite::new(&*visible(file)));
        suite.add_test_case(of_test(test));
    }
    let mut report = Xml::new("regate test");
    report.add_test_suite(own);
    report.add_test_suites(suites.into_values());
    report.serialize(out).map_err(io::Error::other)
}

fn of_test(test: &TestResult) -> TestCase {
    let (class, name) = split(&test.name);
    let mut faults: Vec<(String, &Fault)> = test.fault.iter().map(|fault| (String::new(), fault)).collect();
    let of_case = |case: &super::Case| format!("{}: ", case.name);
    faults.extend(test.cases.iter().filter_map(|case| Some((of_case(case), case.fault.as_ref()?))));
    let message: Vec<String> = faults.iter().map(|(name, fault)| format!("{name}{}", first(&fault.message))).collect();
    let text: Vec<String> = faults.iter().map(|(name, fault)| told(name, fault)).collect();
    let (message, text) = (message.join("; "), text.concat());
    let mut case = case(
        class,
        name,
        match test.outcome {
            Outcome::Pass => TestCaseStatus::success(),
            Outcome::Fail => status(NonSuccessKind::Failure, &message, text),
            Outcome::Error => status(NonSuccessKind::Error, &message, text),
            Outcome::Skipped => TestCaseStatus::skipped(),
        },
    );
    if !test.printed.is_empty() {
        case.set_system_out(&*visible_lines(&test.printed.join("\n")));
    }
    case
}

/// The package and the rule of `data.PACKAGE.RULE`: a test's name may itself have dots.
fn split(name: &str) -> (&str, &str) {
    let at = name.find(".test_").or_else(|| name.find(".todo_test_")).unwrap_or_default();
    (name.get(..at).unwrap_or(""), name.get(at + 1..).unwrap_or(name))
}

fn told(name: &str, fault: &Fault) -> String {
    let first = format!("{}: {name}{}\n", at(&fault.place), fault.message);
    let inner = fault.inner.iter().map(|spot| format!("{}: stopped here\n", at(spot)));
    visible_lines(&std::iter::once(first).chain(inner).collect::<String>()).into_owned()
}

fn at(spot: &Spot) -> String {
    format!("{}:{}", spot.source.name(), spot.source.position(spot.span.start))
}

fn first(message: &str) -> &str {
    message.lines().next().unwrap_or("")
}

fn case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(&*visible(name), status);
    case.set_classname(&*visible(class));
    case
}

fn status(kind: NonSuccessKind, message: &str, text: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(&*visible(message)).set_type("test").set_description(text);
    status
}
