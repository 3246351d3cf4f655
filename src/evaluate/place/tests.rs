use std::sync::Arc;

use super::*;
use crate::engine::exec::{Fact, FactKind};
use crate::engine::{Limits, ModuleText};
use crate::evaluate::result::read;
use crate::parse::parse_file;
use crate::policy::{PolicySet, PolicySources};
use crate::source::Source;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  hostNetwork: true\n  containers:\n  - image: a:latest\n";

/// Each finding of `policy` on [`POD`]: its message, the text underlined, how it was found.
fn placed(policy: &str, means: Means) -> Vec<String> {
    let sources = PolicySources {
        modules: vec![ModuleText { name: "p.rego".to_owned(), text: format!("package main\n\n{policy}\n") }],
        ..PolicySources::default()
    };
    let set = PolicySet::new(&sources, &[], Limits::default());
    assert_eq!(set.errors, []);
    let source = Arc::new(Source::new("pod.yaml", POD));
    let document = parse_file(&source, None).documents.remove(0);
    let rule = &set.rules[0];
    let mut session = set.engine.session(&document.value);
    let outcome = session.eval(&rule.path).unwrap();
    let (emitted, wrong) = read(&outcome.value);
    assert_eq!(wrong, Vec::<String>::new());
    let mut problems = Vec::new();
    let found = place_by(means, &mut session, rule, &document, (emitted, outcome.clauses), &mut problems);
    assert_eq!(problems.len(), 0);
    let told = |one: &Finding| format!("{}: {} {:?}", one.message, source.slice(one.place.span), one.located);
    let beside = |one: &Finding| {
        let related = one.related.iter().map(|place| format!("; {}: {}", place.label, source.slice(place.span)));
        related.collect::<String>()
    };
    found.iter().map(|one| told(one) + &beside(one)).collect()
}

const HOST: &str = "deny contains \"host\" if input.spec.hostNetwork\n\ndeny contains \"latest\" if endswith(input.spec.containers[_].image, \":latest\")";

#[test]
fn a_fault_of_the_tracer_costs_a_place_and_no_finding() {
    assert_eq!(placed(HOST, MEANS), ["host: true Exact", "latest: a:latest Exact"]);
    // Whatever goes wrong, the findings are there; where they are is then found by taking parts away.
    let searched = ["host: true Approximate", "latest: a:latest Approximate"];
    let broken: [Means; 5] = [
        Means { trace: |_, _, _| panic!("the tracer is broken"), ..MEANS },
        Means { trace: |_, _, _| None, ..MEANS },
        Means { trace: |_, _, _| Some(Vec::new()), ..MEANS },
        Means { locate: |_, _, _, _| panic!("the locator is broken"), ..MEANS },
        Means {
            locate: |input, traced, about, still| {
                let spot = locate(input, traced, about, still);
                Spot { path: spot.path.child("invented"), ..spot }
            },
            ..MEANS
        },
    ];
    for means in broken {
        assert_eq!(placed(HOST, means), searched);
    }
    // A trace that names other parts of the document points at those, and invents none.
    let lying = Means {
        trace: |session, rule, clauses| {
            let mut findings = session.trace(rule, clauses).ok()?;
            for finding in &mut findings {
                let fact = |path| Fact { path, found: true, kind: FactKind::Tested, ..Fact::default() };
                finding.conditions = vec![fact(Path(vec!["spec".into(), "nowhere".into(), 7.into()]))];
            }
            Some(findings)
        },
        ..MEANS
    };
    assert_eq!(placed(HOST, lying), ["host: spec Exact", "latest: spec Exact"]);
}

#[test]
fn what_reads_only_the_whole_is_searched_and_else_stands_at_the_resource() {
    let cases = [
        ("deny contains \"text\" if contains(json.marshal(input), \":latest\")", "text: a:latest Approximate"),
        ("deny contains \"yaml\" if regex.match(`hostNetwork: true`, yaml.marshal(input))", "yaml: true Approximate"),
        ("deny contains \"always\" if true", "always: web Resource"),
        ("deny contains \"either\" if count(input) > 1", "either: web Resource"),
    ];
    for (policy, expected) in cases {
        assert_eq!(placed(policy, MEANS), [expected], "{policy}");
    }
}

#[test]
fn a_version_is_the_place_of_who_says_which_one_and_else_only_what_a_rule_is_for() {
    let condition = "if { input.apiVersion == \"v1\"; input.kind == \"Pod\" }";
    let said = format!("deny contains sprintf(\"%v is old\", [input.apiVersion]) {condition}");
    assert_eq!(placed(&said, MEANS), ["v1 is old: v1 Exact"]);
    let silent = format!("deny contains \"no pods\" {condition}");
    assert_eq!(placed(&silent, MEANS), ["no pods: web Resource"]);
}

#[test]
fn what_was_compared_is_told_beside_the_place_and_what_only_others_were_asked_is_not() {
    let cases = [
        (
            "deny contains \"same\" if input.metadata.name != input.spec.containers[_].image",
            "same: a:latest Exact; compared with this: web",
        ),
        (
            "deny contains \"both\" if { input.metadata.name == \"web\"; input.spec.hostNetwork }",
            "both: true Exact; the rule also looked at this: web",
        ),
        (
            "deny contains \"kind\" if { input.kind == \"Pod\"; not input.spec.hostPID; input.spec.hostNetwork == true }",
            "kind: true Exact",
        ),
        (
            "deny contains \"helper\" if bad(input.spec)\n\nbad(spec) if { spec.containers[0].image != \"b\"; spec.hostNetwork }",
            "helper: a:latest Exact",
        ),
    ];
    for (policy, expected) in cases {
        assert_eq!(placed(policy, MEANS), [expected], "{policy}");
    }
}
