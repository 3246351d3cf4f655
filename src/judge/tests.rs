//! What holds of every verdict, whatever the findings.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::{Bench, Case, Disposition, Judged, Status, Trust, Verdict, judge};
use crate::baseline::{Baseline, Entry};
use crate::document::{Kind, Path};
use crate::finding::{Finding, Located, Place, Resource, RuleId, RuleInfo, Severity};
use crate::judge::Counts;
use crate::source::{Source, Span};
use crate::waiver::{Pattern, Terms, Waiver};

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

fn findings() -> impl Strategy<Value = Vec<Finding>> {
    let one = (0_usize..4, 0_usize..4, 0_usize..3, 0_usize..5).prop_map(|(at, severity, file, place)| {
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
            untouched: false,
            metadata: serde_json::Map::new(),
        }
    });
    prop::collection::vec(one, 0..12)
}

fn waivers() -> impl Strategy<Value = Vec<Waiver>> {
    let one = (0_usize..5, 0_usize..4, any::<bool>())
        .prop_map(|(at, file, all)| waiver(&format!("rule-{at}"), (!all).then(|| format!("f{file}.yaml"))));
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
    (0_usize..4, prop::option::of(0_usize..4), any::<bool>()).prop_map(|(fail_on, budget, baseline)| {
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
            findings: vec![entry("000"), entry("111")],
            renamed: std::collections::BTreeMap::new(),
        };
        let budget = budget.map(|max| BTreeMap::from([(Severity::High, max)])).unwrap_or_default();
        let terms =
            Terms { approvers: BTreeMap::from([(Severity::Critical, vec!["alice".to_owned()])]), ..Terms::default() };
        Bench {
            fail_on: Severity::ALL[fail_on],
            allow_empty: false,
            as_of: "2026-01-01".into(),
            trust: Trust { terms, budget, baseline: baseline.then_some(known), ..Trust::default() },
        }
    })
}

fn judged(findings: &[Finding], waivers: &[Waiver], bench: &Bench) -> Verdict {
    let counts =
        Counts { files: 1, documents: BTreeMap::from([(Kind::Kubernetes, 1)]), evaluations: 1, ..Counts::default() };
    judge(Case { findings: findings.to_vec(), waivers: waivers.to_vec(), counts, ..Case::default() }, bench)
}

fn places(verdict: &Verdict) -> Vec<String> {
    let one = |judged: &Judged| {
        format!(
            "{} {:?} {} {:?}",
            judged.finding.rule.id,
            judged.finding.place.span,
            judged.finding.place.source.name(),
            judged.disposition
        )
    };
    let mut all: Vec<_> = verdict.findings.iter().map(one).collect();
    all.sort();
    all
}

proptest! {
    #[test]
    fn each_finding_stands_in_exactly_one_place(findings in findings(), waivers in waivers(), bench in benches()) {
        let verdict = judged(&findings, &waivers, &bench);
        prop_assert_eq!(verdict.findings.len(), findings.len());
        let failing = verdict.findings.iter().any(|judged| judged.disposition == Disposition::Failing);
        prop_assert_eq!(verdict.status == Status::Fail, failing);
    }

    #[test]
    fn one_more_finding_never_opens_the_gate(findings in findings(), more in findings(), waivers in waivers(), bench in benches()) {
        let before = judged(&findings, &waivers, &bench).status;
        let all: Vec<_> = findings.into_iter().chain(more).collect();
        prop_assert!(judged(&all, &waivers, &bench).status >= before);
    }

    #[test]
    fn an_unrelated_waiver_changes_no_finding_and_no_status(findings in findings(), waivers in waivers(), bench in benches()) {
        let before = judged(&findings, &waivers, &bench);
        let mut more = waivers;
        more.push(waiver("other", None));
        let after = judged(&findings, &more, &bench);
        prop_assert_eq!(before.status, after.status);
        prop_assert_eq!(places(&before), places(&after));
    }

    #[test]
    fn order_never_matters(findings in findings(), waivers in waivers(), bench in benches()) {
        let before = judged(&findings, &waivers, &bench);
        let (mut turned, mut others) = (findings, waivers);
        turned.reverse();
        others.reverse();
        let after = judged(&turned, &others, &bench);
        prop_assert_eq!((before.status, places(&before)), (after.status, places(&after)));
        prop_assert_eq!(before.reasons, after.reasons);
    }
}
