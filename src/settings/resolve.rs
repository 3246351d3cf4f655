//! What counts: flag over environment over file over default.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::file::{RawLimits, RawSettings};
use super::trust::{Approval, RawBudget, RawEnforce, RawEvidence, Term};
use crate::engine::Limits;
use crate::finding::Severity;

/// Where a value is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // each variant is the layer of that name
pub enum Origin {
    Flag,
    Environment,
    File,
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// A value and where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picked<T> {
    /// The value.
    pub value: T,
    /// The layer that gave it.
    pub origin: Origin,
}

/// The settings of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the fields are those of `RawSettings`
pub struct Settings {
    pub policy: Picked<Vec<String>>,
    pub namespace: Picked<Vec<String>>,
    pub data: Picked<Vec<String>>,
    pub combine: Picked<bool>,
    pub include: Picked<Vec<String>>,
    pub exclude: Picked<Vec<String>>,
    pub fail_on: Picked<Severity>,
    pub allow_empty: Picked<bool>,
    pub output: Picked<Vec<String>>,
    /// Empty means the default places.
    pub waivers: Picked<String>,
    pub waiver_terms: Picked<BTreeMap<Severity, Term>>,
    pub waiver_notice: Picked<Term>,
    pub approvers: Picked<BTreeMap<Severity, Vec<String>>>,
    pub approval: Picked<Vec<Approval>>,
    pub people: Picked<BTreeMap<String, Vec<String>>>,
    pub inline_waivers: Picked<bool>,
    pub enforce: Picked<Vec<RawEnforce>>,
    pub budget: Picked<BTreeMap<Severity, RawBudget>>,
    /// Empty means none.
    pub env: Picked<String>,
    pub require: Picked<BTreeMap<String, usize>>,
    pub require_rules: Picked<usize>,
    pub evidence: Picked<BTreeMap<String, RawEvidence>>,
    /// Empty means none.
    pub baseline: Picked<String>,
    /// In MiB.
    pub file_size: Picked<u64>,
    /// In milliseconds.
    pub rule_time: Picked<u64>,
    pub rule_steps: Picked<u64>,
    /// In MiB.
    pub rule_memory: Picked<u64>,
    pub rule_depth: Picked<u64>,
    pub result_items: Picked<u64>,
    /// In MiB.
    pub result_text: Picked<u64>,
    /// In KiB.
    pub regex_size: Picked<u64>,
    pub policy_nesting: Picked<u64>,
}

impl Settings {
    /// What one rule may use on one document.
    #[must_use]
    pub fn rule_limits(&self) -> Limits {
        let size = |picked: &Picked<u64>| usize::try_from(picked.value).unwrap_or(usize::MAX);
        Limits {
            time: Duration::from_millis(self.rule_time.value),
            steps: self.rule_steps.value,
            memory: self.rule_memory.value.saturating_mul(1 << 20),
            depth: u32::try_from(self.rule_depth.value).unwrap_or(u32::MAX),
            items: size(&self.result_items),
            text: size(&self.result_text).saturating_mul(1 << 20),
            regex: size(&self.regex_size).saturating_mul(1 << 10),
            nesting: size(&self.policy_nesting),
        }
    }
}

/// Resolves the three layers over the defaults.
#[must_use]
pub fn resolve(flags: RawSettings, environment: RawSettings, file: RawSettings) -> Settings {
    fn pick<T>(flag: Option<T>, environment: Option<T>, file: Option<T>, default: T) -> Picked<T> {
        let from = |origin| move |value| Picked { value, origin };
        let flag = flag.map(from(Origin::Flag));
        let environment = environment.map(from(Origin::Environment));
        let file = file.map(from(Origin::File));
        flag.or(environment).or(file).unwrap_or(Picked { value: default, origin: Origin::Default })
    }
    let (flag, env, own) = (flags.limits, environment.limits, file.limits);
    let limit = |get: fn(&RawLimits) -> Option<u64>, default| pick(get(&flag), get(&env), get(&own), default);
    Settings {
        policy: pick(flags.policy, environment.policy, file.policy, Vec::new()),
        namespace: pick(flags.namespace, environment.namespace, file.namespace, Vec::new()),
        data: pick(flags.data, environment.data, file.data, Vec::new()),
        combine: pick(flags.combine, environment.combine, file.combine, false),
        include: pick(flags.include, environment.include, file.include, Vec::new()),
        exclude: pick(flags.exclude, environment.exclude, file.exclude, Vec::new()),
        fail_on: pick(flags.fail_on, environment.fail_on, file.fail_on, Severity::Medium),
        allow_empty: pick(flags.allow_empty, environment.allow_empty, file.allow_empty, false),
        output: pick(flags.output, environment.output, file.output, vec!["human".to_owned()]),
        waivers: pick(flags.waivers, environment.waivers, file.waivers, String::new()),
        waiver_terms: pick(flags.waiver_terms, environment.waiver_terms, file.waiver_terms, BTreeMap::new()),
        waiver_notice: pick(flags.waiver_notice, environment.waiver_notice, file.waiver_notice, Term::days(14)),
        approvers: pick(flags.approvers, environment.approvers, file.approvers, BTreeMap::new()),
        approval: pick(flags.approval, environment.approval, file.approval, Vec::new()),
        people: pick(flags.people, environment.people, file.people, BTreeMap::new()),
        inline_waivers: pick(flags.inline_waivers, environment.inline_waivers, file.inline_waivers, true),
        enforce: pick(flags.enforce, environment.enforce, file.enforce, Vec::new()),
        budget: pick(flags.budget, environment.budget, file.budget, BTreeMap::new()),
        env: pick(flags.env, environment.env, file.env, String::new()),
        require: pick(flags.require, environment.require, file.require, BTreeMap::new()),
        require_rules: pick(flags.require_rules, environment.require_rules, file.require_rules, 0),
        evidence: pick(flags.evidence, environment.evidence, file.evidence, BTreeMap::new()),
        baseline: pick(flags.baseline, environment.baseline, file.baseline, String::new()),
        file_size: limit(|limits| limits.file_size, 64),
        rule_time: limit(|limits| limits.rule_time, 10_000),
        rule_steps: limit(|limits| limits.rule_steps, 200_000_000),
        rule_memory: limit(|limits| limits.rule_memory, 512),
        rule_depth: limit(|limits| limits.rule_depth, 20_000),
        result_items: limit(|limits| limits.result_items, 1_000_000),
        result_text: limit(|limits| limits.result_text, 16),
        regex_size: limit(|limits| limits.regex_size, 10_240),
        policy_nesting: limit(|limits| limits.policy_nesting, 128),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_beats_the_environment_and_that_the_file() {
        let with = |severity| RawSettings { fail_on: Some(severity), ..RawSettings::default() };
        let settings = resolve(RawSettings::default(), with(Severity::High), with(Severity::Low));
        assert_eq!(settings.fail_on, Picked { value: Severity::High, origin: Origin::Environment });
        let settings = resolve(with(Severity::Critical), with(Severity::High), with(Severity::Low));
        assert_eq!(settings.fail_on, Picked { value: Severity::Critical, origin: Origin::Flag });
        assert_eq!(settings.allow_empty.origin, Origin::Default);
        assert_eq!(settings.rule_limits(), Limits::default());
    }
}
