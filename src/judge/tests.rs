//! What holds of every verdict, whatever the findings.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::{Bench, Case, Disposition, Enforce, Shadow, Status, Trust, Verdict, judge};
use crate::baseline::{Baseline, Entry};
use crate::basis::Digest;
use crate::document::{Kind, Path};
use crate::finding::{Finding, Located, Place, Problem, ProblemCode, Resource, RuleId, RuleInfo, Severity};
use crate::judge::Counts;
use crate::settings::{Level, Waivable};
use crate::source::{Source, Span};
use crate::waiver::{Pattern, ResourcePattern, Terms, Waiver};

fn rule(at: usize, severity: Severity) -> Arc<RuleInfo> {
    Arc::new(RuleInfo {
        id: RuleId(format!("rule-{at}").into()),
        title: String::new(),
        description: String::new(),
        severity,
        remediation: String::new(),
        controls: Vec::new(),
        links: Vec::new(),
        kinds: Vec::new(),
        package: "main".into(),
        name: "deny".into(),
        file: "main.rego".into(),
        line: 1,
    })
}

/// Few rules, files and places, so that fingerprints meet; half of the time one severity, so that budgets fill.
fn findings() -> impl Strategy<Value = Vec<Finding>> {
    prop_oneof![findings_of(0..4), findings_of(2..3)]
}

fn findings_of(severities: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Finding>> {
    let one = (0_usize..3, severities, 0_usize..2, 0_usize..3).prop_map(|(at, severity, file, place)| {
        let severity = Severity::ALL[severity];
        Finding {
            rule: rule(at, severity),
            severity,
            message: format!("m{place}"),
            kind: Kind::Kubernetes,
            document: 0,
            resource: Resource { name: format!("Pod/{place}") },
            place: Place {
                source: Arc::new(Source::new(format!("f{file}.yaml"), "a: 1\nb: 2\n")),
                span: Span::new(place, place + 1),
                path: Path::default(),
                label: String::new(),
            },
            related: Vec::new(),
            located: Located::Exact,
            policy_line: 1,
            facts: String::new(),
            fingerprint: format!("{at}{file}{place}"),
            untouched: place == 4,
            metadata: serde_json::Map::new(),
        }
    });
    prop::collection::vec(one, 0..12)
}

fn waivers() -> impl Strategy<Value = Vec<Waiver>> {
    let one = (0_usize..5, 0_usize..4, any::<bool>(), any::<bool>()).prop_map(|(at, file, all, approved)| {
        let plain = waiver(&format!("rule-{at}"), (!all).then(|| format!("f{file}.yaml")));
        Waiver { approver: if approved { "alice".into() } else { String::new() }, ..plain }
    });
    // No two entries stand at one place.
    let placed = |waivers: Vec<Waiver>| {
        let spans = (0..).map(|at| Span::new(10 * at, 10 * at + 5));
        waivers.into_iter().zip(spans).map(|(waiver, span)| Waiver { span, ..waiver }).collect()
    };
    prop::collection::vec(one, 0..5).prop_map(placed)
}

fn problems() -> impl Strategy<Value = Vec<Problem>> {
    let one = (any::<bool>(), 0_usize..3).prop_map(|(notice, file)| Problem {
        code: ProblemCode::Syntax,
        notice,
        message: "m".into(),
        file: format!("f{file}.yaml"),
        source: None,
        labels: Vec::new(),
        help: String::new(),
    });
    // Mostly none, so that passes and failures are seen, too.
    prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(one, 0..3)]
}

fn thresholds() -> impl Strategy<Value = Vec<Enforce>> {
    let levels = [Level::Block, Level::Warn, Level::Off];
    let takes = [Waivable::Any, Waivable::Approved, Waivable::Never];
    let one = (prop::option::of(0_usize..4), prop::option::of(0_usize..4), 0_usize..3, 0_usize..3, any::<bool>());
    let one = one.prop_map(move |(rule, severity, level, waivers, early)| Enforce {
        rule: rule.map(|at| Pattern::new(&format!("rule-{at}")).unwrap()),
        pack: None,
        kind: None,
        path: None,
        severity: severity.map(|at| Severity::ALL[at]),
        level: levels[level],
        waivers: takes[waivers],
        effective: early.then(|| "2026-06-01".parse().unwrap()),
        place: None,
    });
    prop::collection::vec(one, 0..4)
}

fn waiver(rule: &str, path: Option<String>) -> Waiver {
    Waiver {
        rule: Pattern::new(rule).unwrap(),
        path: path.map(|path| Pattern::new(&path).unwrap()),
        resource: None,
        fingerprint: None,
        reason: "r".into(),
        owner: "o".into(),
        ticket: String::new(),
        approver: String::new(),
        expires: "2099-01-01".parse().unwrap(),
        created: None,
        source: Arc::new(Source::new("waivers.yaml", "")),
        span: Span::default(),
        attested: Vec::new(),
        region: None,
    }
}

fn benches() -> impl Strategy<Value = Bench> {
    let all = (0_usize..4, prop::option::of(0_usize..4), any::<bool>(), thresholds());
    all.prop_map(|(fail_on, budget, baseline, enforce)| {
        let entry = |name: &str| Entry {
            file: String::new(),
            rule: String::new(),
            resource: String::new(),
            message: String::new(),
            fingerprint: name.into(),
            count: 1,
        };
        let known = Baseline {
            version: 1,
            tool: String::new(),
            as_of: String::new(),
            findings: ["000", "111", "102", "010"].map(entry).into(),
            renamed: std::collections::BTreeMap::new(),
        };
        let budget = budget.map(|max| BTreeMap::from([(Severity::High, max)])).unwrap_or_default();
        let terms =
            Terms { approvers: BTreeMap::from([(Severity::Critical, vec!["alice".to_owned()])]), ..Terms::default() };
        Bench {
            fail_on: Severity::ALL[fail_on],
            allow_empty: false,
            as_of: "2026-01-01".into(),
            trust: Trust { terms, budget, enforce, baseline: baseline.then_some(known), ..Trust::default() },
        }
    })
}

/// What is judged.
#[derive(Debug, Clone)]
struct Situation {
    findings: Vec<Finding>,
    exempt: Vec<Finding>,
    problems: Vec<Problem>,
    waivers: Vec<Waiver>,
}

fn situations() -> impl Strategy<Value = Situation> {
    let exempt = prop_oneof![2 => Just(Vec::new()), 1 => findings()];
    (findings(), exempt, problems(), waivers()).prop_map(|(findings, exempt, problems, waivers)| Situation {
        findings,
        exempt,
        problems,
        waivers,
    })
}

/// A situation, and the same in another order.
fn shuffled() -> impl Strategy<Value = (Situation, Situation)> {
    situations().prop_flat_map(|situation| {
        let Situation { findings, exempt, problems, waivers } = situation.clone();
        let parts = (
            Just(findings).prop_shuffle(),
            Just(exempt).prop_shuffle(),
            Just(problems).prop_shuffle(),
            Just(waivers).prop_shuffle(),
        );
        let other =
            parts.prop_map(|(findings, exempt, problems, waivers)| Situation { findings, exempt, problems, waivers });
        (Just(situation), other)
    })
}

fn judged(situation: &Situation, bench: &Bench) -> Verdict {
    let Situation { findings, exempt, problems, waivers } = situation.clone();
    let counts =
        Counts { files: 1, documents: BTreeMap::from([(Kind::Kubernetes, 1)]), evaluations: 1, ..Counts::default() };
    judge(Case { findings, exempt, problems, counts, waivers, ..Case::default() }, bench)
}

/// All that tells one finding from another, sorted.
fn names<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<String> {
    let mut all: Vec<_> = findings.map(|finding| format!("{finding:?}")).collect();
    all.sort();
    all
}

fn standing(verdict: &Verdict) -> Vec<String> {
    verdict.findings.iter().map(|judged| format!("{judged:?}")).collect()
}

fn at(verdict: &Verdict, wanted: impl Fn(&Disposition) -> bool) -> usize {
    verdict.findings.iter().filter(|judged| wanted(&judged.disposition)).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn each_finding_stands_in_exactly_one_place(situation in situations(), bench in benches()) {
        let verdict = judged(&situation, &bench);
        let given = names(situation.findings.iter().chain(&situation.exempt));
        prop_assert_eq!(names(verdict.findings.iter().map(|judged| &judged.finding)), given);
        let places = [
            at(&verdict, |place| *place == Disposition::Failing),
            at(&verdict, |place| *place == Disposition::Minor),
            at(&verdict, |place| *place == Disposition::Known),
            at(&verdict, |place| matches!(place, Disposition::Waived { .. })),
        ];
        prop_assert_eq!(places.iter().sum::<usize>(), verdict.findings.len());
        prop_assert!(places[3] >= situation.exempt.len());
    }

    #[test]
    fn a_verdict_is_fail_for_a_failing_finding_and_pass_only_without_any_error(situation in situations(), bench in benches()) {
        let verdict = judged(&situation, &bench);
        let failing = at(&verdict, |place| *place == Disposition::Failing) > 0;
        let error = verdict.problems.iter().any(|problem| !problem.notice);
        let wanted = match (failing, error) {
            (true, _) => Status::Fail,
            (false, true) => Status::Undecided,
            (false, false) => Status::Pass,
        };
        prop_assert_eq!(verdict.status, wanted);
        prop_assert!(!verdict.reasons.is_empty());
    }

    #[test]
    fn one_more_finding_never_opens_the_gate(situation in situations(), more in findings(), bench in benches()) {
        let before = judged(&situation, &bench).status;
        let mut wider = situation;
        wider.findings.extend(more);
        prop_assert!(judged(&wider, &bench).status >= before);
    }

    #[test]
    fn an_unrelated_waiver_changes_nothing_but_that_it_is_told(
        situation in situations(),
        bench in benches(),
        other in 0_usize..3,
        first in any::<bool>(),
    ) {
        let before = judged(&situation, &bench);
        let mut unrelated = match other {
            0 => waiver("other", None),
            1 => waiver("*", Some("elsewhere/**".to_owned())),
            _ => Waiver { resource: ResourcePattern::new("Pod/other"), ..waiver("*", None) },
        };
        let name = if first { "a.yaml" } else { "z.yaml" };
        unrelated.source = Arc::new(Source::new(name, ""));
        let mut wider = situation;
        wider.waivers.push(unrelated);
        let mut after = judged(&wider, &bench);
        after.problems.retain(|problem| !(problem.notice && problem.file == name));
        prop_assert_eq!(after.waivers.iter().filter(|waiver| waiver.file == name && waiver.uses == 0).count(), 1);
        after.waivers.retain(|waiver| waiver.file != name);
        prop_assert_eq!(format!("{before:?}"), format!("{after:?}"));
    }

    #[test]
    fn order_never_matters((situation, other) in shuffled(), bench in benches()) {
        prop_assert_eq!(format!("{:?}", judged(&situation, &bench)), format!("{:?}", judged(&other, &bench)));
    }

    #[test]
    fn what_the_next_policies_change_is_all_that_differs(one in situations(), other in situations(), bench in benches()) {
        let (now, next) = (judged(&one, &bench), judged(&other, &bench));
        let fails = [&now, &next].map(|verdict| verdict.failing().count());
        let shadow = Shadow::between(&now, next, Vec::new(), Digest::default());
        prop_assert_eq!([shadow.frees.len() + shadow.both, shadow.blocks.len() + shadow.both], fails);
        let same = Shadow::between(&now, judged(&one, &bench), Vec::new(), Digest::default());
        prop_assert_eq!((same.blocks.len(), same.frees.len(), same.problems.len()), (0, 0, 0));
        prop_assert_eq!(standing(&now), standing(&judged(&one, &bench)));
    }
}
