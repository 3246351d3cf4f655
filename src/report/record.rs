//! The public data of `json` and `ndjson`: versioned, with a JSON Schema.
//!
//! A field may be added without a new version; none is renamed, removed or
//! given another meaning. Everything is borrowed: a run of ten thousand
//! findings is written without a copy of its texts.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::count::{Tally, disposition_name};
use super::locate::Locator;
use super::record_next::NextRecord;
use crate::basis::Basis;
use crate::document::{Path, Step};
use crate::finding::{Finding, Located, Place, Problem, RuleInfo, Severity};
use crate::judge::{Disposition, Judged, Status, Verdict, WaiverUse};
use crate::source::{Source, Span};

/// The version of the format.
pub const VERSION: u32 = 1;

/// The JSON Schema of what `json` writes.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Run).to_value()
}

/// A verdict as `json` writes it, as a value.
pub fn run_json(verdict: &Verdict) -> serde_json::Result<serde_json::Value> {
    serde_json::to_value(Run::of(verdict))
}

/// One run of regate: its verdict, and all it rests on.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "regate run")]
pub struct Run<'a> {
    /// The version of this format: 1.
    pub version: u32,
    /// What wrote it.
    pub tool: Tool,
    /// What the run decides.
    pub status: Status,
    /// The process's exit status: 0 pass, 1 fail, 2 undecided.
    pub exit_code: u8,
    /// Why the status is what it is, a sentence each.
    pub reasons: &'a [String],
    /// The least severity that fails.
    pub fail_on: Severity,
    /// The day the run is for, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// What was seen, in numbers.
    pub counts: CountsRecord<'a>,
    /// Every finding, sorted by file, place, rule, message.
    pub findings: Vec<FindingRecord<'a>>,
    /// What went wrong besides, sorted by file and place.
    pub problems: Vec<ProblemRecord<'a>>,
    /// Every rule of the run, sorted by id.
    pub rules: Vec<RuleRecord<'a>>,
    /// Ids of the rules that applied to no document, sorted.
    pub idle_rules: &'a [String],
    /// Every waiver that holds, with how many findings it accepted; left out when there is none.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schemars(default)]
    pub waivers: &'a [WaiverUse],
    /// What the policies of `--policy-next` would change; left out when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub next: Option<NextRecord<'a>>,
    /// What the verdict rests on, by digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub basis: Option<&'a Basis>,
}

/// The program that wrote a report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tool {
    /// `regate`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// This program.
pub const TOOL: Tool = Tool { name: "regate", version: env!("CARGO_PKG_VERSION") };

/// What was seen, in numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CountsRecord<'a> {
    /// Files that were read.
    pub files: usize,
    /// Documents by kind.
    pub documents: BTreeMap<&'a str, usize>,
    /// Documents by kind that no rule of the run is for.
    pub unruled: BTreeMap<&'a str, usize>,
    /// Files left out by ignore rules.
    pub ignored: usize,
    /// Files of no format that can be read.
    pub skipped: usize,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Rules of the run.
    pub rules: usize,
    /// Pairs of a rule and a document that were evaluated.
    pub evaluations: usize,
    /// Findings that fail the gate.
    pub failing: usize,
    /// Findings under the threshold.
    pub minor: usize,
    /// Findings that a waiver accepts.
    pub waived: usize,
    /// Findings in the baseline.
    pub known: usize,
    /// Failing and minor findings by severity; all four are there.
    pub by_severity: BTreeMap<Severity, usize>,
    /// Failing and minor findings by the kind of their document.
    pub by_kind: BTreeMap<&'a str, usize>,
    /// Problems that close the gate.
    pub errors: usize,
    /// Problems that only deserve a mention.
    pub notices: usize,
}

/// One rule failing at one place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingRecord<'a> {
    /// The rule's id.
    pub rule: &'a str,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands: `failing`, `minor`, `waived` or `known`.
    pub disposition: &'static str,
    /// What the policy says.
    pub message: &'a str,
    /// The kind of the document it is in.
    pub kind: &'static str,
    /// The number of the document in its file, from 0.
    pub document: usize,
    /// The resource it is about; empty when there is none.
    pub resource: &'a str,
    /// Where the fault is.
    pub place: PlaceRecord<'a>,
    /// How the place was found.
    pub located: Located,
    /// Other values that the condition compared.
    pub related: Vec<PlaceRecord<'a>>,
    /// The waiver that accepts it; only when the disposition is `waived`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverRecord<'a>>,
    /// Where the policy emitted it.
    pub policy: PolicyPlace<'a>,
    /// Stable name without lines: rule, resource and facts. Hex.
    pub fingerprint: &'a str,
    /// Further keys of the policy's result; left out when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<&'a serde_json::Map<String, serde_json::Value>>,
}

/// A place in an input.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlaceRecord<'a> {
    /// The file as the user knows it, `/` between its parts.
    pub file: &'a str,
    /// Its first character.
    pub start: PointRecord,
    /// One past its last character.
    pub end: PointRecord,
    /// The path of the value: keys and indices from the document's root.
    #[serde(serialize_with = "path_steps")]
    #[schemars(with = "Vec<StepRecord>")]
    pub path: &'a Path,
    /// The same as people write it: `spec.containers[0].image`.
    #[serde(serialize_with = "path_text")]
    #[schemars(with = "String")]
    pub path_text: &'a Path,
    /// What is to be seen there; may be empty.
    pub label: &'a str,
}

/// A point in a file.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct PointRecord {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// Bytes from the start of the file, in UTF-8.
    pub offset: u32,
}

/// A key or an index.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum StepRecord<'a> {
    /// Into an object.
    Key(&'a str),
    /// Into an array, from 0.
    Index(usize),
}

/// A waiver, as far as a report needs it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WaiverRecord<'a> {
    /// Why the finding is accepted.
    pub reason: &'a str,
    /// Who approved it.
    pub approver: &'a str,
    /// The last day, `YYYY-MM-DD`.
    pub until: &'a str,
}

/// A line of a policy.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PolicyPlace<'a> {
    /// The policy's file, or `builtin:…`.
    pub file: &'a str,
    /// The line, from 1.
    pub line: u32,
}

/// A reason why the run may not pass, or a notice, that is not a finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProblemRecord<'a> {
    /// What sort of problem.
    pub code: &'static str,
    /// `error` closes the gate, `notice` does not touch the verdict.
    pub level: &'static str,
    /// What is wrong.
    pub message: &'a str,
    /// The file it is about; empty when it is about the run.
    pub file: &'a str,
    /// Places in the file; the first is the primary one.
    pub places: Vec<ProblemPlace<'a>>,
    /// The next step; may be empty.
    pub help: &'a str,
}

/// A place that a problem points at.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProblemPlace<'a> {
    /// Its first character.
    pub start: PointRecord,
    /// One past its last character.
    pub end: PointRecord,
    /// What is to be seen there; may be empty.
    pub label: &'a str,
}

/// A rule of the run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleRecord<'a> {
    /// Its id.
    pub id: &'a str,
    /// One line; may be empty.
    pub title: &'a str,
    /// A paragraph; may be empty.
    pub description: &'a str,
    /// The severity of its findings unless one says otherwise.
    pub severity: Severity,
    /// How to mend it; may be empty.
    pub remediation: &'a str,
    /// Framework → control ids.
    pub controls: BTreeMap<&'a str, &'a [String]>,
    /// Further reading.
    pub links: &'a [String],
    /// The kinds it is for; empty means any.
    pub kinds: Vec<&'static str>,
    /// The Rego package.
    pub package: &'a str,
    /// The Rego rule's name.
    pub name: &'a str,
    /// Where it is written.
    pub policy: PolicyPlace<'a>,
}

impl<'a> Run<'a> {
    /// The record of `verdict`.
    pub fn of(verdict: &'a Verdict) -> Self {
        let locator = Locator::default();
        Self {
            version: VERSION,
            tool: TOOL,
            status: verdict.status,
            exit_code: verdict.status.exit_code(),
            reasons: &verdict.reasons,
            fail_on: verdict.fail_on,
            as_of: &verdict.as_of,
            counts: CountsRecord::of(verdict),
            findings: verdict.findings.iter().map(|judged| FindingRecord::of(judged, &locator)).collect(),
            problems: verdict.problems.iter().map(|problem| ProblemRecord::of(problem, &locator)).collect(),
            rules: verdict.rules.iter().map(|rule| RuleRecord::of(rule)).collect(),
            idle_rules: &verdict.idle_rules,
            waivers: &verdict.waivers,
            next: verdict.next.as_ref().map(|shadow| NextRecord::of(shadow, &locator)),
            basis: verdict.basis.as_ref(),
        }
    }
}

impl<'a> CountsRecord<'a> {
    /// The numbers of `verdict`.
    pub fn of(verdict: &'a Verdict) -> Self {
        let tally = Tally::of(verdict);
        let counts = &verdict.counts;
        let notices = verdict.problems.iter().filter(|problem| problem.notice).count();
        Self {
            files: counts.files,
            documents: counts.documents.iter().map(|(kind, n)| (kind.name(), *n)).collect(),
            unruled: counts.unruled.iter().map(|(kind, n)| (kind.name(), *n)).collect(),
            ignored: counts.ignored,
            skipped: counts.skipped,
            unreadable: counts.unreadable,
            rules: verdict.rules.len(),
            evaluations: counts.evaluations,
            failing: tally.failing,
            minor: tally.minor,
            waived: tally.waived,
            known: tally.known,
            by_severity: Severity::ALL.map(|s| (s, tally.by_severity.get(&s).copied().unwrap_or(0))).into(),
            by_kind: tally.by_kind.iter().map(|(kind, n)| (kind.name(), *n)).collect(),
            errors: verdict.problems.len() - notices,
            notices,
        }
    }
}

impl<'a> FindingRecord<'a> {
    /// The record of one finding.
    pub fn of(judged: &'a Judged, locator: &Locator<'a>) -> Self {
        let Finding { rule, place, .. } = &judged.finding;
        let finding = &judged.finding;
        Self {
            rule: &rule.id.0,
            severity: finding.severity,
            disposition: disposition_name(&judged.disposition),
            message: &finding.message,
            kind: finding.kind.name(),
            document: finding.document,
            resource: &finding.resource.name,
            place: PlaceRecord::of(place, locator),
            located: finding.located,
            related: finding.related.iter().map(|place| PlaceRecord::of(place, locator)).collect(),
            waiver: match &judged.disposition {
                Disposition::Waived { reason, approver, until } => Some(WaiverRecord { reason, approver, until }),
                _ => None,
            },
            policy: PolicyPlace { file: &rule.file, line: finding.policy_line },
            fingerprint: &finding.fingerprint,
            metadata: Some(&finding.metadata).filter(|map| !map.is_empty()),
        }
    }
}

impl<'a> PlaceRecord<'a> {
    fn of(place: &'a Place, locator: &Locator<'a>) -> Self {
        let (start, end) = points(&place.source, place.span, locator);
        let (path, label) = (&place.path, &place.label);
        Self { file: place.source.name(), start, end, path, path_text: path, label }
    }
}

impl<'a> ProblemRecord<'a> {
    /// The record of one problem.
    pub fn of(problem: &'a Problem, locator: &Locator<'a>) -> Self {
        let places = problem.source.iter().flat_map(|source| {
            problem.labels.iter().map(move |(span, label)| {
                let (start, end) = points(source, *span, locator);
                ProblemPlace { start, end, label }
            })
        });
        Self {
            code: problem.code.name(),
            level: if problem.notice { "notice" } else { "error" },
            message: &problem.message,
            file: &problem.file,
            places: places.collect(),
            help: &problem.help,
        }
    }
}

impl<'a> RuleRecord<'a> {
    /// The record of one rule.
    pub fn of(rule: &'a RuleInfo) -> Self {
        Self {
            id: &rule.id.0,
            title: &rule.title,
            description: &rule.description,
            severity: rule.severity,
            remediation: &rule.remediation,
            controls: rule.controls.iter().map(|(framework, ids)| (framework.as_str(), ids.as_slice())).collect(),
            links: &rule.links,
            kinds: rule.kinds.iter().map(|kind| kind.name()).collect(),
            package: &rule.package,
            name: &rule.name,
            policy: PolicyPlace { file: &rule.file, line: rule.line },
        }
    }
}

fn points<'a>(source: &'a Source, span: Span, locator: &Locator<'a>) -> (PointRecord, PointRecord) {
    let region = locator.region(source, span);
    let (start, end) = (region.start, region.end);
    (
        PointRecord { line: start.line, column: start.column, offset: span.start },
        PointRecord { line: end.line, column: end.column, offset: span.end.max(span.start) },
    )
}

fn path_steps<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(path.0.iter().map(|step| match step {
        Step::Key(key) => StepRecord::Key(key),
        Step::Index(index) => StepRecord::Index(*index),
    }))
}

fn path_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}
