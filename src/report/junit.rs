//! JUnit XML: for test viewers.
//!
//! A suite is a policy file, a class a rule. A rule without findings is one
//! passing test, an idle rule a skipped one; a failing finding is a failure, a
//! minor one passes with its message as output, a waived or known one is
//! skipped. The suite `regate` has the problems as errors and the verdict
//! itself, so that an undecided run never looks green.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};

use super::Report;
use super::count::{acceptance, headline};
use super::locate::Locator;
use super::stated::{shadowed, stated};
use super::text::{visible, visible_lines};
use crate::finding::{Problem, RuleInfo};
use crate::judge::{Disposition, Judged, Status, Verdict};

/// Writes `junit`.
pub struct Junit;

impl Report for Junit {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let locator = Locator::default();
        let mut found: HashMap<&str, Vec<&Judged>> = HashMap::new();
        for judged in &verdict.findings {
            found.entry(&judged.finding.rule.id.0).or_default().push(judged);
        }
        let idle: HashSet<&str> = verdict.idle_rules.iter().map(String::as_str).collect();
        let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
        let mut seen = HashSet::new();
        let used = verdict.findings.iter().map(|judged| &judged.finding.rule);
        for rule in verdict.rules.iter().chain(used).filter(|rule| seen.insert(&rule.id)) {
            let suite = suites.entry(&rule.file).or_insert_with(|| TestSuite::new(&*visible(&rule.file)));
            match found.get(&*rule.id.0) {
                Some(judged) => suite.add_test_cases(judged.iter().map(|judged| of_finding(judged, &locator))),
                None => suite.add_test_case(without_finding(rule, idle.contains(&*rule.id.0))),
            };
        }
        let mut run = TestSuite::new("regate");
        run.add_test_cases(verdict.problems.iter().map(|problem| of_problem(problem, &locator)));
        run.add_test_case(of_verdict(verdict));
        for (word, text) in stated(verdict) {
            run.add_property((word, text.as_str()));
        }
        if let Some(shadow) = &verdict.next {
            run.add_property(("next", shadowed(shadow).as_str()));
        }
        let mut report = Xml::new("regate");
        report.add_test_suite(run);
        report.add_test_suites(suites.into_values());
        report.serialize(out).map_err(io::Error::other)
    }
}

fn case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(&*visible(class));
    case
}

fn non_success(kind: NonSuccessKind, message: &str, class: &str, text: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(&*visible(message)).set_type(class).set_description(text);
    status
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(&*visible(message));
    status
}

fn of_finding<'a>(judged: &'a Judged, locator: &Locator<'a>) -> TestCase {
    let finding = &judged.finding;
    let source = &finding.place.source;
    let at = format!("{}:{}", visible(source.name()), locator.position(source, finding.place.span.start));
    let name = format!("{at} {}", visible(&finding.resource.name));
    let rule = &finding.rule;
    match &judged.disposition {
        Disposition::Failing => {
            let mut text = format!("{at}: {}\n", visible_lines(&finding.message));
            if !rule.remediation.is_empty() {
                text = format!("{text}{}\n", visible_lines(&rule.remediation));
            }
            let status = non_success(NonSuccessKind::Failure, &finding.message, finding.severity.name(), text);
            case(&rule.id.0, name.trim_end(), status)
        }
        Disposition::Minor => {
            let mut case = case(&rule.id.0, name.trim_end(), TestCaseStatus::success());
            case.set_system_out(format!("{}: {}", finding.severity, visible_lines(&finding.message)));
            case
        }
        accepted => {
            let why = acceptance(accepted).unwrap_or_default();
            case(&rule.id.0, name.trim_end(), skipped(&why))
        }
    }
}

fn without_finding(rule: &RuleInfo, idle: bool) -> TestCase {
    let title = if rule.title.is_empty() { &*rule.id.0 } else { &rule.title };
    let status = if idle { skipped("applied to no document") } else { TestCaseStatus::success() };
    case(&rule.id.0, &visible(title), status)
}

fn of_problem<'a>(problem: &'a Problem, locator: &Locator<'a>) -> TestCase {
    let at = match (&problem.source, problem.labels.first()) {
        (Some(source), Some((span, _))) => format!(":{}", locator.position(source, span.start)),
        _ => String::new(),
    };
    let file = if problem.file.is_empty() { "the run" } else { &problem.file };
    let name = format!("{}{at}", visible(file));
    let code = problem.code.name();
    if problem.notice {
        return case(code, &name, skipped(&problem.message));
    }
    let text = format!("{}\n{}", visible_lines(&problem.message), visible_lines(&problem.help));
    case(code, &name, non_success(NonSuccessKind::Error, &problem.message, code, text.trim_end().to_owned()))
}

fn of_verdict(verdict: &Verdict) -> TestCase {
    let line = headline(verdict);
    let status = match verdict.status {
        Status::Pass => TestCaseStatus::success(),
        Status::Fail => non_success(NonSuccessKind::Failure, &line, "verdict", line.clone()),
        Status::Undecided => non_success(NonSuccessKind::Error, &line, "verdict", line.clone()),
    };
    case("regate", "verdict", status)
}

#[cfg(test)]
mod tests {
    use super::super::ReportFormat;
    use super::super::canned::{written, written_pass};

    #[test]
    fn every_rule_is_a_test_and_the_verdict_too() {
        insta::assert_snapshot!(written(ReportFormat::Junit), @r###"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="regate" tests="9" skipped="3" failures="3" errors="2">
    <testsuite name="regate" tests="4" skipped="1" errors="2" failures="1">
        <properties>
            <property name="checked" value="2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations"/>
            <property name="idle" value="main.deny_idle"/>
            <property name="no rule" value="for 1 terraform"/>
            <property name="left out" value="3 files by ignore rules, 1 file of no known format, 1 file unreadable"/>
            <property name="waiver" value="waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec"/>
            <property name="day" value="2026-11-21"/>
        </properties>
        <testcase name="infra/main.tf:1:33" classname="syntax">
            <error message="a value is missing" type="syntax">a value is missing</error>
        </testcase>
        <testcase name="secret/\u{1b}x.yaml" classname="unreadable">
            <error message="permission denied" type="unreadable">permission denied
Let the user who runs regate read it.</error>
        </testcase>
        <testcase name="the run" classname="not-checked">
            <skipped message="1 Helm template was not checked"/>
        </testcase>
        <testcase name="verdict" classname="regate">
            <failure message="FAIL: 2 findings at or above medium; 1 input could not be read" type="verdict">FAIL: 2 findings at or above medium; 1 input could not be read</failure>
        </testcase>
    </testsuite>
    <testsuite name="builtin:kubernetes/k8s-latest-tag.rego" tests="2" skipped="1" errors="0" failures="0">
        <testcase name="deploy/web, 1.yaml:10:18 Deployment/web" classname="k8s-latest-tag">
            <system-out>low: image `nginx:latest` has no fixed tag</system-out>
        </testcase>
        <testcase name="deploy/web, 1.yaml:10:11 Deployment/web" classname="k8s-latest-tag">
            <skipped message="known, not new"/>
        </testcase>
    </testsuite>
    <testsuite name="builtin:kubernetes/k8s-privileged-container.rego" tests="2" skipped="1" errors="0" failures="1">
        <testcase name="deploy/web, 1.yaml:11:11 Deployment/web" classname="k8s-privileged-container">
            <failure message="container `wéb` is privileged" type="critical">deploy/web, 1.yaml:11:11: container `wéb` is privileged
Remove `securityContext.privileged`, or set it to `false`.
</failure>
        </testcase>
        <testcase name="deploy/web, 1.yaml:12:13 Deployment/web" classname="k8s-privileged-container">
            <skipped message="waived until 2026-12-31 by sec: legacy *node*"/>
        </testcase>
    </testsuite>
    <testsuite name="policy/acl.rego" tests="1" skipped="0" errors="0" failures="1">
        <testcase name="infra/main.tf:3:12 aws_s3_bucket.logs" classname="main.deny_acl">
            <failure message="bucket is public\u{1b}[2J\n::error::&lt;b&gt;100%&lt;/b&gt; | `x` ]]&gt;" type="high">infra/main.tf:3:12: bucket is public\u{1b}[2J
::error::&lt;b&gt;100%&lt;/b&gt; | `x` ]]&gt;
</failure>
        </testcase>
    </testsuite>
</testsuites>
"###);
    }

    #[test]
    fn a_pass_is_said() {
        insta::assert_snapshot!(written_pass(ReportFormat::Junit), @r###"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="regate" tests="4" skipped="0" failures="0" errors="0">
    <testsuite name="regate" tests="1" skipped="0" errors="0" failures="0">
        <properties>
            <property name="checked" value="2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations"/>
            <property name="idle" value="main.deny_idle"/>
            <property name="no rule" value="for 1 terraform"/>
            <property name="left out" value="3 files by ignore rules, 1 file of no known format, 1 file unreadable"/>
            <property name="waiver" value="waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec"/>
            <property name="day" value="2026-11-21"/>
        </properties>
        <testcase name="verdict" classname="regate"/>
    </testsuite>
    <testsuite name="builtin:kubernetes/k8s-latest-tag.rego" tests="1" skipped="0" errors="0" failures="0">
        <testcase name="Images have a fixed tag" classname="k8s-latest-tag"/>
    </testsuite>
    <testsuite name="builtin:kubernetes/k8s-privileged-container.rego" tests="1" skipped="0" errors="0" failures="0">
        <testcase name="Containers do not run privileged" classname="k8s-privileged-container"/>
    </testsuite>
    <testsuite name="policy/acl.rego" tests="1" skipped="0" errors="0" failures="0">
        <testcase name="main.deny_acl" classname="main.deny_acl"/>
    </testsuite>
</testsuites>
"###);
    }
}
