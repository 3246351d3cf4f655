//! What two verdicts rest on and is not the same; what a finding is due to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::past::{Past, PastFinding};
use crate::basis::{Basis, Digest, Digested};

/// A part of what a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// The version of the program.
    Tool,
    /// The day that the run was for.
    Day,
    /// A file that was checked.
    Inputs,
    /// A policy or a file of its data.
    Policies,
    /// A value of the settings.
    Settings,
    /// A file of waivers.
    Waivers,
    /// The baseline.
    Baseline,
}

impl What {
    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Day => "day",
            Self::Inputs => "inputs",
            Self::Policies => "policies",
            Self::Settings => "settings",
            Self::Waivers => "waivers",
            Self::Baseline => "baseline",
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Other contents.
    Changed,
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
}

impl How {
    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}

/// Something that is not the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Change {
    /// Part of what.
    pub what: What,
    /// Its name: a file, or a key of the settings; empty for the tool and the day.
    pub name: String,
    /// What became of it.
    pub how: How,
    /// Its digest or value before; empty when it was not there.
    pub before: String,
    /// Its digest or value after; empty when it is no longer there.
    pub after: String,
}

/// What a difference between two verdicts is due to, as far as digests tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// What was checked has changed.
    Inputs,
    /// The policies have changed.
    Policies,
    /// Both have changed, and either may be the cause.
    Either,
    /// Neither has: the settings, the waivers, the baseline, the day or the program.
    Judging,
    /// There are no digests to tell.
    Unknown,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inputs => "by changed inputs",
            Self::Policies => "by changed policies",
            Self::Either => "by changed inputs or policies",
            Self::Judging => "by other settings, waivers, baseline or day",
            Self::Unknown => "the cause is not known",
        })
    }
}

/// All that is not the same.
pub struct Changes<'a> {
    /// The list for a report.
    pub list: Vec<Change>,
    /// Whether both sides have digests.
    pub digests: bool,
    /// Rules that only one side has, or that rest on policies of other contents.
    rules: BTreeSet<&'a str>,
    /// Inputs of other contents.
    changed: BTreeSet<&'a str>,
    /// Inputs that only one side has.
    lone: BTreeSet<&'a str>,
}

impl<'a> Changes<'a> {
    /// What is not the same between two verdicts.
    pub fn between(before: &'a Past, after: &'a Past) -> Self {
        let mut list = Vec::new();
        for (what, old, now) in
            [(What::Tool, &before.tool.version, &after.tool.version), (What::Day, &before.as_of, &after.as_of)]
        {
            list.extend(change(what, "", Some(old), Some(now)));
        }
        let ids = |past: &'a Past| past.rules.iter().map(|rule| rule.id.as_str()).collect::<BTreeSet<_>>();
        let mut rules: BTreeSet<&str> = ids(before).symmetric_difference(&ids(after)).copied().collect();
        let (mut changed, mut lone) = (BTreeSet::new(), BTreeSet::new());
        if let (Some(old), Some(now)) = (&before.basis, &after.basis) {
            for (name, how) in files(What::Inputs, &old.inputs, &now.inputs, &mut list) {
                if how == How::Changed {
                    changed.insert(name)
                } else {
                    lone.insert(name)
                };
            }
            files(What::Policies, &old.bundle.files, &now.bundle.files, &mut list);
            files(What::Waivers, &old.waivers, &now.waivers, &mut list);
            files(What::Baseline, old.baseline.as_slice(), now.baseline.as_slice(), &mut list);
            settings(old, now, &mut list);
            let other = |(id, digest): &(&String, &Digest)| now.bundle.rules.get(*id) != Some(*digest);
            rules.extend(old.bundle.rules.iter().filter(other).map(|(id, _)| id.as_str()));
        }
        list.sort();
        Self { list, digests: before.basis.is_some() && after.basis.is_some(), rules, changed, lone }
    }

    /// What a finding that only one side has is due to.
    pub fn cause(&self, finding: &PastFinding) -> Cause {
        let file = finding.place.file.as_str();
        match (self.rules.contains(finding.rule.as_str()), self.digests) {
            (true, false) => Cause::Policies,
            (false, false) => Cause::Unknown,
            // Without the file there is no finding, whatever the policies say.
            _ if self.lone.contains(file) => Cause::Inputs,
            (true, true) if self.changed.contains(file) => Cause::Either,
            (true, true) => Cause::Policies,
            // A rule may look at several files.
            (false, true) if !self.changed.is_empty() || !self.lone.is_empty() => Cause::Inputs,
            (false, true) => Cause::Judging,
        }
    }
}

/// The files that are not the same, by name.
fn files<'a>(what: What, old: &'a [Digested], now: &'a [Digested], list: &mut Vec<Change>) -> Vec<(&'a str, How)> {
    let mut all: BTreeMap<&str, [Option<&Digest>; 2]> = BTreeMap::new();
    for file in old {
        all.entry(&file.file).or_default()[0] = Some(&file.digest);
    }
    for file in now {
        all.entry(&file.file).or_default()[1] = Some(&file.digest);
    }
    let differ = all.into_iter().filter_map(|(name, [old, now])| {
        let found = change(what, name, old.map(|digest| &digest.0), now.map(|digest| &digest.0))?;
        let how = found.how;
        list.push(found);
        Some((name, how))
    });
    differ.collect()
}

/// The values that are not the same, and the settings file when only its text is not.
fn settings(old: &Basis, now: &Basis, list: &mut Vec<Change>) {
    let (old, now) = (&old.settings, &now.settings);
    if old.digest != now.digest {
        let empty = serde_json::Map::new();
        let [a, b] = [old, now].map(|side| side.values.as_object().unwrap_or(&empty));
        let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
        for name in names {
            let [a, b] = [a, b].map(|values| values.get(name).map(ToString::to_string));
            list.extend(change(What::Settings, name, a.as_ref(), b.as_ref()));
        }
    }
    files(What::Settings, old.file.as_slice(), now.file.as_slice(), list);
}

fn change(what: What, name: &str, before: Option<&String>, after: Option<&String>) -> Option<Change> {
    let how = match (before, after) {
        (Some(before), Some(after)) if before == after => return None,
        (Some(_), Some(_)) => How::Changed,
        (None, Some(_)) => How::Added,
        (Some(_), None) => How::Removed,
        (None, None) => return None,
    };
    let text = |side: Option<&String>| side.cloned().unwrap_or_default();
    Some(Change { what, name: name.to_owned(), how, before: text(before), after: text(after) })
}
