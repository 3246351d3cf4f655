//! Thresholds of the settings: which findings block, warn or are off; what a run must have seen.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::accept::Trust;
use super::verdict::{Counts, Disposition};
use crate::document::Kind;
use crate::finding::{Finding, Problem, ProblemCode, Severity};
use crate::settings::{Level, Waivable};
use crate::source::{Source, Span};
use crate::waiver::{Pattern, Waiver};

/// A threshold for the findings that all its fields mean. What is none means any.
#[derive(Debug, Clone)]
pub struct Enforce {
    /// Which rules.
    pub rule: Option<Pattern>,
    /// Which built-in packs or Rego packages.
    pub pack: Option<Pattern>,
    /// Which kind of document.
    pub kind: Option<Kind>,
    /// Which files.
    pub path: Option<Pattern>,
    /// Which severity.
    pub severity: Option<Severity>,
    /// What such a finding does.
    pub level: Level,
    /// Which waivers it takes.
    pub waivers: Waivable,
    /// The day from which it holds.
    pub effective: Option<Date>,
    /// Where its rule or pack stands in the settings.
    pub place: Option<(Arc<Source>, Span)>,
}

impl Enforce {
    fn means(&self, finding: &Finding) -> bool {
        let rule = &finding.rule;
        let pack = rule.file.strip_prefix("builtin:").and_then(|file| file.split('/').next()).unwrap_or("");
        self.rule.as_ref().is_none_or(|pattern| pattern.matches(&rule.id.0))
            && self.pack.as_ref().is_none_or(|pattern| pattern.matches(pack) || pattern.matches(&rule.package))
            && self.kind.is_none_or(|kind| kind == finding.kind)
            && self.path.as_ref().is_none_or(|pattern| pattern.matches_path(finding.place.source.key()))
            && self.severity.is_none_or(|severity| severity == finding.severity)
    }

    /// Whether its day has not come. Both are written YYYY-MM-DD, so their order is that of the days.
    fn is_early(&self, as_of: &str) -> bool {
        self.effective.is_some_and(|day| as_of < day.to_string().as_str())
    }

    /// Where it puts a finding that nobody has accepted, on the day `as_of`.
    pub(super) fn disposition(&self, as_of: &str) -> Disposition {
        match self.level {
            Level::Block if !self.is_early(as_of) => Disposition::Failing,
            Level::Block | Level::Warn => Disposition::Minor,
            Level::Off => {
                let reason = "`off` in the settings' `enforce`".to_owned();
                Disposition::Waived { reason, approver: String::new(), until: String::new() }
            }
        }
    }
}

/// The last threshold that means `finding`. One that bears more only later says nothing yet.
pub(super) fn last<'a>(all: &'a [Enforce], finding: &Finding, as_of: &str) -> Option<&'a Enforce> {
    let holds = |enforce: &&Enforce| enforce.level == Level::Block || !enforce.is_early(as_of);
    all.iter().rev().filter(holds).find(|enforce| enforce.means(finding))
}

/// A notice for each threshold whose rule or pack is none that is known: it never means anything.
/// `rules` are ids, `packs` names of packs and packages.
#[must_use]
pub fn unknown(all: &[Enforce], rules: &BTreeSet<String>, packs: &BTreeSet<String>) -> Vec<Problem> {
    let names = |pattern: &Option<Pattern>, known: &BTreeSet<String>| {
        let pattern = pattern.as_ref()?;
        (!known.iter().any(|name| pattern.matches(name))).then(|| pattern.to_string())
    };
    let about = |enforce: &Enforce| {
        let (what, name, known) = match (names(&enforce.rule, rules), names(&enforce.pack, packs)) {
            (Some(rule), _) => ("rule", rule, rules),
            (None, Some(pack)) => ("pack or package", pack, packs),
            (None, None) => return None,
        };
        let near = known.iter().map(|id| (strsim::damerau_levenshtein(&name, id), id)).min();
        let near = near.filter(|near| near.0 <= 4);
        let (source, span) = enforce.place.clone().unzip();
        Some(Problem {
            code: ProblemCode::Threshold,
            notice: true,
            message: format!("a threshold is for `{name}`, and no policy of this run has such a {what}"),
            file: source.as_ref().map_or_else(String::new, |source| source.name().to_string()),
            source,
            labels: span.map(|span| (span, String::new())).into_iter().collect(),
            help: near.map_or_else(String::new, |near| format!("did you mean `{}`?", near.1)),
        })
    };
    all.iter().filter_map(about).collect()
}

/// Why a threshold does not take `waiver`, if it does not.
pub(super) fn refusal(rule: Option<&Enforce>, waiver: &Waiver) -> Option<String> {
    match rule?.waivers {
        Waivable::Any => None,
        Waivable::Never => Some("the settings take no waiver for them".to_owned()),
        Waivable::Approved if waiver.approver.is_empty() => {
            Some("the settings take only a waiver with an approver".to_owned())
        }
        Waivable::Approved if waiver.owner.is_empty() => {
            Some("the settings take only a waiver with an owner, who is not its approver".to_owned())
        }
        Waivable::Approved => None,
    }
}

/// What the run should have seen and has not.
pub(super) fn unmet(trust: &Trust, counts: &Counts, rules: usize, idle: usize) -> Vec<Problem> {
    let problem = |message: String| Problem {
        code: ProblemCode::Requirement,
        notice: false,
        message,
        file: String::new(),
        source: None,
        labels: Vec::new(),
        help: "see that the paths and policies of the run are those that were meant".to_owned(),
    };
    let seen = |kind: &Kind| counts.documents.get(kind).copied().unwrap_or(0);
    let kinds = trust.require.iter().filter(|(kind, least)| seen(kind) < **least);
    let mut all: Vec<Problem> = kinds
        .map(|(kind, least)| problem(format!("{} documents of kind {kind}, and {least} are required", seen(kind))))
        .collect();
    let applied = rules.saturating_sub(idle);
    if applied < trust.require_rules {
        all.push(problem(format!("{applied} rules applied to a document, and {} are required", trust.require_rules)));
    }
    all
}
