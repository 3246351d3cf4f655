//! Findings: one rule failing at one place, and the problems that are no finding.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::{Kind, Path};
use crate::source::{Source, Span};

/// How bad a finding is.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    clap::ValueEnum,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth mending.
    #[default]
    Medium,
    /// Not to be shipped.
    High,
    /// An open door.
    Critical,
}

impl Severity {
    /// From the least to the worst.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name in policies, settings and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The id of a rule, e.g. `k8s-privileged-container`, or `main.deny_root` for a rule without metadata.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(pub Arc<str>);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known of a rule before it is evaluated: its metadata and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its id.
    pub id: RuleId,
    /// One line; empty when the policy has no metadata.
    pub title: String,
    /// A paragraph; may be empty.
    pub description: String,
    /// The severity of its findings unless a finding says otherwise.
    pub severity: Severity,
    /// How to mend it; may be empty.
    pub remediation: String,
    /// Framework id → control ids, sorted.
    pub controls: Vec<(String, Vec<String>)>,
    /// Further reading.
    pub links: Vec<String>,
    /// The kinds it is for; empty means any.
    pub kinds: Vec<Kind>,
    /// The Rego package, e.g. `regate.kubernetes.privileged_container`.
    pub package: String,
    /// The Rego rule's name, e.g. `deny`.
    pub name: String,
    /// The policy's file as the user knows it, or `builtin:…`.
    pub file: String,
    /// The line of its first head in that file, from 1.
    pub line: u32,
}

/// How a finding's place was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Located {
    /// By what the rule read, or by the policy's own `at`.
    Exact,
    /// By a search that may have taken a neighbour.
    Approximate,
    /// Only the resource is known.
    Resource,
}

/// A place in an input.
#[derive(Debug, Clone)]
pub struct Place {
    /// The input.
    pub source: Arc<Source>,
    /// The bytes to underline.
    pub span: Span,
    /// The path of the value in its document.
    pub path: Path,
    /// What is to be seen there: "`securityContext` is missing here"; may be empty.
    pub label: String,
}

/// What a finding is about, so that it can be named without a line number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Resource {
    /// `Deployment/shop/web`, `aws_s3_bucket.logs`, `AWS::S3::Bucket Logs`, a stage or job; empty when there is none.
    pub name: String,
}

/// One rule failing at one place.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: Arc<RuleInfo>,
    /// How bad it is.
    pub severity: Severity,
    /// What the policy says.
    pub message: String,
    /// The kind of the document it is in.
    pub kind: Kind,
    /// The number of the document in its file, from 0.
    pub document: usize,
    /// The resource it is about.
    pub resource: Resource,
    /// Where the fault is.
    pub place: Place,
    /// Other values that the condition compared.
    pub related: Vec<Place>,
    /// How `place` was found.
    pub located: Located,
    /// The line of the policy that emitted it, in `rule.file`, from 1.
    pub policy_line: u32,
    /// What it rests on, digested: rule, resource, message and values, without file and lines. Hex.
    pub facts: String,
    /// Stable name: the facts and the file, without lines. Hex.
    pub fingerprint: String,
    /// In a run on what has changed: whether no line of its resource has.
    pub untouched: bool,
    /// Further keys of the policy's result object, as JSON.
    pub metadata: serde_json::Map<String, serde_json::Value>,
}

/// What findings are sorted by: file, bytes, rule, message, and whatever else can differ.
pub type Order<'a> = (&'a str, u32, u32, &'a str, &'a str, usize, Severity, &'a str);

impl Finding {
    /// Where the finding stands among others in a verdict.
    #[must_use]
    pub fn order(&self) -> Order<'_> {
        let Self { place, rule, message, document, severity, fingerprint, .. } = self;
        (place.source.name(), place.span.start, place.span.end, &rule.id.0, message, *document, *severity, fingerprint)
    }
}

/// What went wrong besides findings: each of these closes the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// An input could not be opened, read or is too large.
    Unreadable,
    /// An input breaks its format's grammar.
    Syntax,
    /// An input was seen and could not be checked (a Helm template).
    NotChecked,
    /// A policy could not be loaded.
    PolicyInvalid,
    /// A policy failed while it was evaluated.
    PolicyFailed,
    /// A policy's result has a type that is no finding.
    PolicyResult,
    /// A policy ran out of its time or memory.
    PolicyLimit,
    /// A policy's `at` names nothing.
    WrongPlace,
    /// No input was found.
    NoInput,
    /// No rule applied to any input.
    NoRule,
    /// Required evidence is missing, empty, stale or for something else.
    Evidence,
    /// The same where the settings say that it fails the gate.
    EvidenceFailed,
    /// A waiver can't be understood, or is for no rule; as a notice, something to know about one.
    Waiver,
    /// A waiver's last day has passed.
    WaiverExpired,
    /// A waiver that is not approved, lasts too long, or stands where none may.
    WaiverRefused,
    /// Only as a notice: a threshold is for no rule of the run.
    Threshold,
    /// A count that `--require` asks for was not met.
    Requirement,
}

impl ProblemCode {
    /// The public code, as in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Syntax => "syntax",
            Self::NotChecked => "not-checked",
            Self::PolicyInvalid => "policy-invalid",
            Self::PolicyFailed => "policy-failed",
            Self::PolicyResult => "policy-result",
            Self::PolicyLimit => "policy-limit",
            Self::WrongPlace => "wrong-place",
            Self::NoInput => "no-input",
            Self::NoRule => "no-rule",
            Self::Evidence => "evidence",
            Self::EvidenceFailed => "evidence-failed",
            Self::Waiver => "waiver",
            Self::WaiverExpired => "waiver-expired",
            Self::WaiverRefused => "waiver-refused",
            Self::Threshold => "threshold",
            Self::Requirement => "requirement",
        }
    }
}

/// A reason why the run may not pass, or a notice, that is not a finding.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What sort of problem.
    pub code: ProblemCode,
    /// Whether it only deserves a mention: it does not touch the verdict.
    pub notice: bool,
    /// What is wrong, in the user's words.
    pub message: String,
    /// The file it is about, as the user knows it; empty when it is about the run.
    pub file: String,
    /// The text and the places in it, when there is one; the first label is primary.
    pub source: Option<Arc<Source>>,
    /// Places in `source` with what is to be seen there.
    pub labels: Vec<(Span, String)>,
    /// The next step; may be empty.
    pub help: String,
}
