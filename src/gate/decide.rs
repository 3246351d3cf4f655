//! From documents and policies to a verdict: the run's own policies, and those of `--policy-next`.

use std::collections::BTreeSet;
use std::time::Instant;

use super::changed::Changed;
use super::{Request, Stats, count_kinds, grants, modified, policy_problem, policy_sources, touched, waivers};
use crate::document::{Document, Kind};
use crate::evaluate::{evaluate, is_list, map_plans};
use crate::evidence::{Moment, evidence};
use crate::finding::Problem;
use crate::git::head;
use crate::judge::{Case, Counts, Shadow, Verdict, judge, unknown_thresholds};
use crate::policy::{PolicySet, PolicySources, builtin_ids, builtin_packs, silent};

/// What was read, whatever the policies are.
pub struct Seen<'a> {
    pub request: &'a Request,
    pub changed: &'a Changed<'a>,
    /// What is known of the counts before anything is evaluated.
    pub counts: Counts,
    /// What could not be read or parsed.
    pub problems: Vec<Problem>,
    /// Whether there was any input.
    pub found_any: bool,
}

/// Policies that were loaded, and what is wrong with them.
pub struct Loaded {
    pub sources: PolicySources,
    pub policies: PolicySet,
    pub problems: Vec<Problem>,
}

/// Loads the policies that `names` lead to, or the built-in ones that fit.
pub fn load(request: &Request, names: &[String], documents: &[Document]) -> Loaded {
    let (sources, errors) = policy_sources(request, names, documents);
    let mut policies = PolicySet::with_context(&sources, &request.namespaces, request.limits, grants::context(request));
    if request.combine {
        policies.combine();
    }
    if documents.iter().any(is_list) {
        policies.learn_lists(&sources);
    }
    let silent = silent(names, &sources, &policies);
    let problems =
        errors.iter().chain(&policies.errors).chain(&silent).map(|error| policy_problem(error, &sources)).collect();
    Loaded { sources, policies, problems }
}

/// The verdict of `loaded` on `documents`.
pub fn decide(seen: &Seen<'_>, documents: &[Document], loaded: &Loaded, stats: &mut Stats) -> Verdict {
    let Seen { request, changed, .. } = seen;
    let policies = &loaded.policies;
    let clock = Instant::now();
    let mut evaluated = evaluate(documents, policies);
    map_plans(&mut evaluated.findings, documents);
    if let Some(lines) = &request.lines {
        touched::mark(&mut evaluated.findings, documents, lines);
    }
    stats.evaluate = clock.elapsed();

    let clock = Instant::now();
    let aside: BTreeSet<&str> =
        documents.iter().filter(|document| document.aside).map(|document| &**document.source.name()).collect();
    for findings in [&mut evaluated.findings, &mut evaluated.exempt] {
        findings.retain(|finding| {
            let name = finding.place.source.name();
            changed.has(name) && !aside.contains(&**name)
        });
    }
    evaluated.problems.retain(|problem| changed.has(&problem.file));
    let docket = waivers(request, documents, policies);
    let mut problems = seen.problems.clone();
    problems.extend(loaded.problems.iter().cloned());
    problems.append(&mut evaluated.problems);
    problems.extend(docket.problems);
    problems.extend(thresholds(request, policies));
    let judged = || documents.iter().filter(|document| !document.aside && changed.has(document.source.name()));
    let ruled = |kind: Kind| policies.rules.iter().any(|rule| rule.is_for(kind));
    let counted = count_kinds(judged());
    let idle =
        policies.rules.iter().map(|rule| rule.info.id.0.to_string()).filter(|id| !evaluated.applied.contains(id));
    let case = Case {
        counts: Counts {
            unruled: counted.iter().filter(|(kind, _)| !ruled(**kind)).map(|(kind, n)| (*kind, *n)).collect(),
            documents: counted,
            evaluations: evaluated.evaluations,
            ..seen.counts.clone()
        },
        findings: evaluated.findings,
        exempt: evaluated.exempt,
        problems,
        idle_rules: idle.collect(),
        rules: policies.rules.iter().map(|rule| rule.info.clone()).collect(),
        waivers: docket.waivers,
    };
    let mut bench = request.bench.clone();
    bench.allow_empty |= changed.may_be_empty(seen.found_any, policies);
    let verdict = judge(case, &bench);
    stats.judge = clock.elapsed();
    verdict
}

/// What the policies of `--policy-next` would change of `verdict`.
pub fn shadow(seen: &Seen<'_>, documents: &[Document], next: &Loaded, verdict: &Verdict) -> Shadow {
    let other = decide(seen, documents, next, &mut Stats::default());
    Shadow::between(verdict, other, seen.request.policies_next.clone(), next.sources.basis().digest)
}

/// Thresholds of the settings that are for no rule.
fn thresholds(request: &Request, policies: &PolicySet) -> Vec<Problem> {
    let enforce = &request.bench.trust.enforce;
    if enforce.iter().all(|enforce| enforce.rule.is_none() && enforce.pack.is_none()) {
        return Vec::new();
    }
    let loaded = policies.rules.iter().map(|rule| &rule.info);
    let ids = loaded.clone().map(|info| &info.id).chain(&policies.others).map(ToString::to_string);
    let packs = loaded.map(|info| info.package.clone()).chain(builtin_packs().into_iter().map(str::to_owned));
    unknown_thresholds(enforce, &ids.chain(builtin_ids()).collect(), &packs.collect())
}

/// What is missing of the reports that are required.
pub fn missing_evidence(request: &Request, documents: &[Document]) -> Vec<Problem> {
    if request.evidence.is_empty() {
        return Vec::new();
    }
    let head = head(request.home.folder());
    evidence(&request.evidence, documents, &Moment { now: request.now, head: head.as_deref(), modified: &modified })
}
