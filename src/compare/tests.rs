//! Comparing verdicts as their reports kept them.

use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Cause, Comparison, Past, ReadError, compare, read, read_record, run};
use crate::judge::Verdict;
use crate::report::{ReportFormat, ReportOptions, digest_of, report, run_json, seal_of};

/// A run with findings, each a fingerprint, a rule, a file and where it stands.
fn past(findings: &[(&str, &str, &str, &str)], basis: Json) -> Past {
    let finding = |(fingerprint, rule, file, disposition): &(&str, &str, &str, &str)| {
        json!({"rule": rule, "severity": "high", "disposition": disposition, "message": "m", "resource": "", "fingerprint": fingerprint,
            "place": {"file": file, "start": {"line": 1, "column": 2, "offset": 1}}, "policy": {"file": format!("{rule}.rego"), "line": 1}})
    };
    let rules: Vec<Json> = findings.iter().map(|found| found.1).chain(["r"]).map(|id| json!({"id": id})).collect();
    let failing = findings.iter().any(|finding| finding.3 == "failing");
    run(json!({"version": 1, "tool": {"version": "0.1.0"}, "status": if failing { "fail" } else { "pass" }, "reasons": [], "as_of": "2026-01-01",
        "findings": findings.iter().map(finding).collect::<Vec<_>>(), "problems": [], "rules": rules, "basis": basis}))
    .unwrap()
}

/// A basis of inputs and rules, each a name and a digest.
fn basis(inputs: &[(&str, &str)], rules: &[(&str, &str)]) -> Json {
    let files = |files: &[(&str, &str)]| {
        files.iter().map(|(file, digest)| json!({"file": file, "digest": digest})).collect::<Vec<_>>()
    };
    json!({"inputs": files(inputs), "bundle": {"digest": "", "files": files(rules), "rules": rules.iter().copied().collect::<std::collections::BTreeMap<_, _>>()},
        "settings": {"digest": "", "file": null, "values": {}}, "waivers": [], "baseline": null, "evidence": []})
}

fn lists(comparison: &Comparison) -> [usize; 4] {
    [&comparison.new, &comparison.fixed, &comparison.unchanged]
        .map(Vec::len)
        .into_iter()
        .chain([comparison.moved.len()])
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

#[test]
fn each_finding_is_new_fixed_moved_or_unchanged_by_its_fingerprint() {
    let before = past(
        &[
            ("1", "r", "a", "failing"),
            ("2", "r", "a", "failing"),
            ("3", "r", "a", "failing"),
            ("3", "r", "a", "failing"),
        ],
        Json::Null,
    );
    let after = past(
        &[
            ("1", "r", "a", "failing"),
            ("2", "r", "a", "waived"),
            ("3", "r", "a", "failing"),
            ("4", "r", "a", "failing"),
        ],
        Json::Null,
    );
    let comparison = compare(&before, &after);
    assert_eq!(lists(&comparison), [1, 1, 2, 1]);
    assert_eq!(
        (comparison.moved[0].was.as_str(), comparison.moved[0].finding.disposition.as_str()),
        ("failing", "waived")
    );
    assert_eq!((comparison.new[0].cause, comparison.same), (Some(Cause::Unknown), false));
    assert!(compare(&before, &before).same && compare(&after, &after).same);
}

#[test]
fn changed_policies_are_told_apart_from_changed_inputs() {
    let old = basis(&[("a", "1"), ("b", "1")], &[("r", "1")]);
    let one = |file: &str, rule: &str, now: Json| {
        compare(&past(&[], old.clone()), &past(&[("1", rule, file, "failing")], now)).new[0].cause.unwrap()
    };
    let same = [("a", "1"), ("b", "1")];
    let edited = [("a", "2"), ("b", "1")];
    assert_eq!(one("a", "r", basis(&edited, &[("r", "1")])), Cause::Inputs);
    assert_eq!(one("c", "r", basis(&[("a", "1"), ("b", "1"), ("c", "1")], &[("r", "2")])), Cause::Inputs);
    assert_eq!(one("b", "r", basis(&edited, &[("r", "1")])), Cause::Inputs);
    assert_eq!(one("a", "r", basis(&edited, &[("r", "1"), ("q", "1")])), Cause::Inputs);
    assert_eq!(one("a", "r", basis(&same, &[("r", "2")])), Cause::Policies);
    assert_eq!(one("b", "r", basis(&edited, &[("r", "2")])), Cause::Policies);
    assert_eq!(one("b", "q", basis(&edited, &[("r", "1"), ("q", "1")])), Cause::Policies);
    assert_eq!(one("a", "r", basis(&edited, &[("r", "2")])), Cause::Either);
    assert_eq!(one("a", "r", old.clone()), Cause::Judging);
}

fn canned() -> Verdict {
    crate::report::canned_verdict()
}

fn record() -> Json {
    let mut out = Vec::new();
    report(ReportFormat::Record, &ReportOptions::default()).write(&canned(), &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn a_record_and_a_report_of_one_run_are_the_same_verdict() {
    let verdict = canned();
    let live = run(run_json(&verdict).unwrap()).unwrap();
    let kept = read_record(&record().to_string()).unwrap();
    assert_eq!(kept.past, live);
    assert!(compare(&kept.past, &live).same);
    assert_eq!(read(&record().to_string()).unwrap(), live);
}

#[test]
fn a_record_that_was_edited_is_known_and_one_that_was_only_laid_out_anew_is_not() {
    let mut sorted = record();
    sorted.sort_all_objects();
    assert!(read_record(&format!("{sorted:#}")).is_ok());
    for (pointer, value) in [
        ("/run/status", json!("pass")),
        ("/run/findings/0/disposition", json!("waived")),
        ("/run/basis/inputs", json!([])),
        ("/run/as_of", json!("2027-01-01")),
        ("/arguments", json!({"paths": ["/"]})),
        ("/digest", json!("sha256:00")),
    ] {
        let mut edited = record();
        *edited.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        assert!(matches!(read_record(&edited.to_string()), Err(ReadError::Edited { .. })), "{pointer}");
    }
    let mut retimed = record();
    retimed["time"]["at"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(read_record(&retimed.to_string()), Err(ReadError::Retimed("2020-01-01T00:00:00Z".to_owned())));
}

#[test]
fn a_record_of_another_version_of_the_program_is_read_and_told() {
    let mut other = record();
    other["run"]["tool"]["version"] = json!("9.9.9");
    let digest = digest_of(other.clone());
    other["time"]["seal"] = json!(seal_of(&digest, other["time"]["at"].as_str().unwrap()));
    other["digest"] = json!(digest);
    let kept = read_record(&other.to_string()).unwrap().past;
    let comparison = compare(&kept, &run(run_json(&canned()).unwrap()).unwrap());
    assert!(comparison.same);
    assert!(comparison.to_string().contains("tool      changed  9.9.9 -> 0.1.0"), "{comparison}");
}

#[test]
fn what_is_no_verdict_is_refused_with_its_reason() {
    let whole = record().to_string();
    for end in [0, 1, 100, whole.len() - 1] {
        assert!(matches!(read_record(&whole[..end]), Err(ReadError::Cut(_))), "{end}");
    }
    for text in [
        "{\"type\":\"meta\"}\n{}",
        "[]",
        "{}",
        "null",
        "3",
        "{\"version\": 1}",
        "{\"record\": 1}",
        "{\"version\": 1, \"status\": \"perhaps\"}",
    ] {
        assert!(matches!(read(text), Err(ReadError::Foreign(_))), "{text}");
    }
    for text in ["{\"version\": 2}", "{\"record\": 2}", "{\"record\": \"x\"}", "{\"version\": -1}"] {
        assert!(matches!(read(text), Err(ReadError::Version(_))), "{text}");
    }
    for text in ["x", "{\"a\": }", &"[".repeat(100_000), &"{\"a\":".repeat(100_000)] {
        assert!(matches!(read(text), Err(ReadError::Syntax(_))), "{}", &text[..1]);
    }
}

#[test]
fn a_comparison_shows_no_control_character_of_a_hostile_report() {
    let hostile = "a\u{1b}[2J\u{9b}\n::error::";
    let before = past(&[], basis(&[(hostile, hostile)], &[]));
    let after = past(&[(hostile, hostile, hostile, hostile)], basis(&[], &[(hostile, hostile)]));
    let text = compare(&before, &after).to_string();
    assert!(!text.contains(['\u{1b}', '\u{9b}']) && !text.contains("\n::"), "{text}");
}

#[test]
fn very_many_findings_with_one_fingerprint_are_compared_at_once() {
    let many = |n: usize, disposition: &str| {
        let mut past = past(&[("1", "r", "a", disposition)], Json::Null);
        past.findings = vec![past.findings[0].clone(); n];
        past
    };
    let (before, after) = (many(50_000, "failing"), many(50_001, "waived"));
    let started = std::time::Instant::now();
    assert_eq!(lists(&compare(&before, &after)), [1, 0, 0, 50_000]);
    assert!(started.elapsed().as_secs() < 20);
}

proptest! {
    #[test]
    fn no_edit_of_a_record_goes_unseen(place in any::<prop::sample::Index>(), length in 0_usize..4, new in "[ -~]{0,3}") {
        let whole = RECORD.get_or_init(|| format!("{:#}", record()));
        let start = place.index(whole.len());
        let mut edited = whole.clone();
        // The record is ASCII but for a few letters, between which nothing can be cut.
        prop_assume!(whole.is_char_boundary(start) && whole.is_char_boundary((start + length).min(whole.len())));
        edited.replace_range(start..(start + length).min(whole.len()), &new);
        if let Ok(read) = read_record(&edited) {
            prop_assert_eq!(read, read_record(whole).unwrap());
        }
    }
}

static RECORD: OnceLock<String> = OnceLock::new();
