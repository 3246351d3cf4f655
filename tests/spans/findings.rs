//! The places of findings: those of the built-in rules on every file, and those of the corpus' policies.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use regate::discover::DiscoverOptions;
use regate::document::{Document, Path, Spans};
use regate::engine::{Limits, ModuleText, Value};
use regate::evaluate::{evaluate, map_plans};
use regate::finding::{Finding, Located, Place};
use regate::gate::{Request, documents};
use regate::parse::parse_file;
use regate::policy::{PolicySet, PolicySources, builtin_sources};
use regate::source::Source;

/// Documents by the name of their file and their number.
type Known<'a> = HashMap<(String, usize), &'a Document>;

fn check(documents: &[Document], policies: &PolicySet, faults: &mut Vec<String>) -> usize {
    let known: Known<'_> = documents.iter().map(|one| ((one.source.name().to_string(), one.index), one)).collect();
    let mut evaluated = evaluate(documents, policies);
    map_plans(&mut evaluated.findings, documents);
    for finding in &evaluated.findings {
        for (place, primary) in
            std::iter::once((&finding.place, true)).chain(finding.related.iter().map(|place| (place, false)))
        {
            if let Err(what) = stands(&known, finding, place, primary) {
                let text = place.source.slice(place.span);
                let text: String = text.chars().take(80).collect();
                let name = place.source.name();
                faults.push(format!("{name} {} {}: {what}: `{text}` {:?}", finding.rule.id, place.path, place.label));
            }
        }
    }
    evaluated.findings.len()
}

/// Whether the place says what the value at its path is, in one of the views of one of the file's documents.
fn stands(known: &Known<'_>, finding: &Finding, place: &Place, primary: bool) -> Result<(), String> {
    let name = place.source.name().to_string();
    let own = known.get(&(name.clone(), finding.document));
    // A plan's finding stands in a file of its own, whose only document it is.
    let Some(document) = own.or_else(|| known.get(&(name, 0))) else { return Err("no such document".to_owned()) };
    if place.span.is_empty() {
        return Err("nothing is underlined".to_owned());
    }
    if primary && finding.located == Located::Resource && place.path.0.is_empty() {
        let line = document.source.position(place.span.start).line;
        return if document.source.position(place.span.end).line <= line { Ok(()) } else { Err("not one line".into()) };
    }
    let mut views: Vec<(&Value, &Spans)> = vec![(&document.value, &document.spans)];
    if let Some(resolved) = &document.resolved {
        views.push((&resolved.value, &resolved.spans));
    }
    let fits = views.into_iter().any(|(value, spans)| in_view(document, value, spans, place));
    if fits { Ok(()) } else { Err("the span is not that of the path".to_owned()) }
}

fn in_view(document: &Document, value: &Value, spans: &Spans, place: &Place) -> bool {
    let (Some(there), Some(found)) = (place.path.get(value), spans.lookup(&place.path)) else { return false };
    if place.label.contains("missing") {
        return found.key == Some(place.span) && says_key(document, &place.path, place)
            || found.value.start == place.span.start && found.value.contains(place.span);
    }
    if Some(place.span) == found.anchor {
        return true;
    }
    let empty = found.value.is_empty() && found.key == Some(place.span);
    let resolved = document.resolved.as_ref().is_some_and(|view| std::ptr::eq(&raw const *view.spans, spans));
    empty
        || found.value == place.span
            && (resolved || super::decode::says(document, &place.path, found.anchor.unwrap_or(place.span), there))
}

fn says_key(document: &Document, path: &Path, place: &Place) -> bool {
    match path.0.last() {
        Some(regate::document::Step::Key(name)) => super::decode::says_key(document, path, place.span, name),
        _ => false,
    }
}

fn settle(found: usize, faults: &[String]) {
    println!("{found} findings");
    let shown = faults.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(faults.is_empty(), "{} places are wrong:\n{shown}", faults.len());
}

#[test]
fn every_finding_of_the_built_in_rules_stands_where_its_path_leads() {
    let paths: Vec<PathBuf> = super::folders();
    let request = Request { discover: DiscoverOptions { paths, ..DiscoverOptions::default() }, ..Request::default() };
    let (documents, _) = documents(&request);
    let policies = PolicySet::new(&builtin_sources(|_| true), &[], Limits::default());
    assert_eq!(policies.errors, []);
    let mut faults = Vec::new();
    let found = check(&documents, &policies, &mut faults);
    assert!(found > 100, "{found}");
    settle(found, &faults);
}

#[test]
fn tracing_changes_no_result_of_any_built_in_rule_on_any_file() {
    let paths: Vec<PathBuf> = super::folders();
    let request = Request { discover: DiscoverOptions { paths, ..DiscoverOptions::default() }, ..Request::default() };
    let (documents, _) = documents(&request);
    let policies = PolicySet::new(&builtin_sources(|_| true), &[], Limits::default());
    let mut compared = 0;
    for document in &documents {
        for rule in policies.rules.iter().filter(|rule| rule.is_for(document.kind)) {
            let value = policies.engine.eval(&rule.path, &document.value).unwrap();
            let (traced, _) = policies.engine.trace(&rule.path, &document.value).unwrap();
            assert_eq!(value, traced, "{} on {}", rule.info.id, document.source.name());
            compared += 1;
        }
    }
    println!("{compared} evaluations are the same traced");
}

#[test]
fn every_finding_of_other_peoples_policies_stands_where_its_path_leads() {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/places");
    let corpus = std::env::var_os("REGATE_CORPUS").map(|root| PathBuf::from(root).join("places/cases.json"));
    let files =
        ["blind.json", "late.json", "styles.json", "unseen.json"].map(|name| own.join(name)).into_iter().chain(corpus);
    let (mut found, mut faults) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("the cases");
        let cases: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for case in cases.as_array().expect("a list") {
            found += one_case(case, &mut faults);
        }
    }
    settle(found, &faults);
    assert!(found > 100, "{found}");
}

/// The case's input as JSON and as YAML, each a file of its own.
fn one_case(case: &serde_json::Value, faults: &mut Vec<String>) -> usize {
    let name = case["name"].as_str().unwrap_or("?");
    let module = |pair: &serde_json::Value| ModuleText {
        name: pair[0].as_str().unwrap().to_owned(),
        text: pair[1].as_str().unwrap().to_owned(),
    };
    let modules = case["modules"].as_array().expect("modules").iter().map(module).collect();
    let data = if case["data"].is_null() { Value::new_object() } else { Value::from(case["data"].clone()) };
    let sources = PolicySources { modules, data, ..PolicySources::default() };
    let policies = PolicySet::new(&sources, &[], Limits::default());
    let json = serde_json::to_string_pretty(&case["input"]).unwrap();
    let yaml = serde_yaml::to_string(&case["input"]).unwrap();
    let mut found = 0;
    for (ending, text) in [("json", json), ("yaml", yaml)] {
        let source = Arc::new(Source::new(format!("{name}.{ending}"), text));
        found += check(&parse_file(&source, None).documents, &policies, faults);
    }
    found
}
