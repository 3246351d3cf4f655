//! The baseline: the findings known on a day, which do not fail the gate.
//!
//! In: the text of its file. Out: which findings it knows; each entry knows as
//! many findings as it was written for, so a second one of the same kind is new.
//! Nothing here opens a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::evaluate::fingerprint;
use crate::finding::{Finding, Problem, ProblemCode};
use crate::judge::{Disposition, Verdict};

/// The name of its file where no other is set.
pub const BASELINE_FILE: &str = ".regate-baseline.json";

/// The version of the file's format.
const VERSION: u32 = 1;

/// The findings known on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The version of the format: 1.
    pub version: u32,
    /// The version of the program that wrote it.
    pub tool: String,
    /// The day it was written for.
    pub as_of: String,
    /// The findings, sorted.
    pub findings: Vec<Entry>,
    /// What files were called when it was written, where that has changed.
    #[serde(skip)]
    pub renamed: BTreeMap<String, Vec<String>>,
}

/// A finding of the baseline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file, for the reader.
    pub file: String,
    /// The rule, for the reader.
    pub rule: String,
    /// The resource, for the reader.
    pub resource: String,
    /// What the policy said, for the reader.
    pub message: String,
    /// What it is known by.
    pub fingerprint: String,
    /// How many findings have this fingerprint.
    pub count: usize,
}

/// What of a baseline is not yet matched.
#[derive(Debug)]
pub struct Matcher<'a> {
    left: BTreeMap<&'a str, usize>,
    renamed: &'a BTreeMap<String, Vec<String>>,
}

impl Matcher<'_> {
    /// Whether the finding is known; each entry answers yes `count` times.
    pub fn take(&mut self, finding: &Finding) -> bool {
        let olds = self.renamed.get(&**finding.place.source.key()).into_iter().flatten();
        self.one(&finding.fingerprint) || olds.map(|old| fingerprint(&finding.facts, old)).any(|name| self.one(&name))
    }

    fn one(&mut self, fingerprint: &str) -> bool {
        match self.left.get_mut(fingerprint) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }
}

impl Baseline {
    /// Reads the text of a baseline's file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_json::from_str(text)
            .map_err(|error| if error.is_eof() { format!("it is cut off: {error}") } else { error.to_string() })?;
        if baseline.version == VERSION {
            Ok(baseline)
        } else {
            Err(format!("it has version {}, and this program knows {VERSION}", baseline.version))
        }
    }

    /// The baseline of all that fails, warns or is known in `verdict`.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        let mut all: BTreeMap<&str, Entry> = BTreeMap::new();
        let open = verdict.findings.iter().filter(|judged| !matches!(judged.disposition, Disposition::Waived { .. }));
        for finding in open.map(|judged| &judged.finding) {
            let entry = all.entry(&finding.fingerprint).or_insert_with(|| Entry {
                file: finding.place.source.key().to_string(),
                rule: finding.rule.id.to_string(),
                resource: finding.resource.name.clone(),
                message: finding.message.clone(),
                fingerprint: finding.fingerprint.clone(),
                count: 0,
            });
            entry.count += 1;
        }
        let mut findings: Vec<Entry> = all.into_values().collect();
        findings.sort();
        Self {
            version: VERSION,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            as_of: verdict.as_of.clone(),
            findings,
            renamed: BTreeMap::new(),
        }
    }

    /// A fresh count of what it knows.
    #[must_use]
    pub fn matcher(&self) -> Matcher<'_> {
        let mut left = BTreeMap::new();
        for entry in &self.findings {
            *left.entry(entry.fingerprint.as_str()).or_insert(0) += entry.count;
        }
        Matcher { left, renamed: &self.renamed }
    }

    /// What is to be said after a run: another version wrote it, entries matched nothing.
    #[must_use]
    pub fn remarks(&self, matcher: &Matcher<'_>, partial: bool) -> Vec<Problem> {
        let notice = |message: String, help: &str| Problem {
            code: ProblemCode::NotChecked,
            notice: true,
            message,
            file: String::new(),
            source: None,
            labels: Vec::new(),
            help: help.to_owned(),
        };
        let mut all = Vec::new();
        if self.tool != env!("CARGO_PKG_VERSION") {
            let message = format!("the baseline is from version {} of regate; fingerprints may differ", self.tool);
            all.push(notice(message, "`regate baseline update` writes it anew"));
        }
        let stale = matcher.left.values().filter(|left| **left > 0).count();
        if stale > 0 && !partial {
            let first = self
                .findings
                .iter()
                .find(|entry| matcher.left.get(entry.fingerprint.as_str()).is_some_and(|left| *left > 0));
            let example =
                first.map_or_else(String::new, |entry| format!(", such as `{}` in `{}`", entry.rule, entry.file));
            let entries = if stale == 1 { "1 entry".to_owned() } else { format!("{stale} entries") };
            all.push(notice(
                format!("{entries} of the baseline matched no finding{example}: mended or changed"),
                "`regate baseline update` drops them",
            ));
        }
        all
    }
}
