//! The YAML and JSON readers against real files, and against other readers of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::semicolon_if_nothing_returned,
    missing_docs
)]

use std::path::{Path as FilePath, PathBuf};

use regate::document::{Found, Path, Spans, Step};
use regate::engine::Value;
use regate::parse::yaml::{Tags, YamlOptions};
use regate::parse::{Outcome, Parsed, json, yaml};
use regate::source::{Source, Span};

fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("REGATE_CORPUS").map(PathBuf::from);
    if root.is_none() {
        println!("skipped: REGATE_CORPUS is not set");
    }
    root
}

/// Every file under the folders of the corpus whose name ends so, with its text.
fn files(root: &FilePath, folders: &[&str], endings: &[&str]) -> Vec<(PathBuf, String)> {
    let walked = folders.iter().flat_map(|folder| walkdir::WalkDir::new(root.join(folder)).sort_by_file_name());
    let paths =
        walked.filter_map(Result::ok).filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let wanted = |path: &PathBuf| endings.iter().any(|ending| path.extension().is_some_and(|found| found == *ending));
    paths.filter(wanted).filter_map(|path| std::fs::read_to_string(&path).ok().map(|text| (path, text))).collect()
}

/// Whether a YAML reader without YAML 1.1's rules may see `theirs` where ours sees `value`.
fn same(value: &Value, theirs: &serde_yaml::Value) -> bool {
    use serde_yaml::Value as Y;
    match (value, theirs) {
        (_, Y::Tagged(tagged)) => same(value, &tagged.value) || value.as_string().is_ok(),
        (Value::Array(items), Y::Sequence(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(item, other)| same(item, other))
        }
        (Value::Object(fields), Y::Mapping(others)) => {
            let Y::Mapping(others) = merged(others) else { return false };
            fields.len() == others.len()
                && others
                    .iter()
                    .all(|(key, other)| fields.get(&Value::from(name(key))).is_some_and(|field| same(field, other)))
        }
        (Value::Bool(flag), Y::String(word)) => {
            matches!((flag, word.to_lowercase().as_str()), (true, "y" | "yes" | "on") | (false, "n" | "no" | "off"))
        }
        // 0777, 1_000 and the like are numbers for YAML 1.1 alone.
        (Value::Number(_), Y::String(text)) => text.starts_with('0') || text.contains('_'),
        (Value::Number(number), Y::Number(other)) => number.as_f64() == other.as_f64(),
        (Value::String(text), Y::String(other)) => **text == **other,
        (Value::Bool(flag), Y::Bool(other)) => flag == other,
        (Value::Null, Y::Null) => true,
        _ => false,
    }
}

fn merged(map: &serde_yaml::Mapping) -> serde_yaml::Value {
    let mut value = serde_yaml::Value::Mapping(map.clone());
    value.apply_merge().expect("a merge that both read");
    value
}

fn name(key: &serde_yaml::Value) -> String {
    match key {
        serde_yaml::Value::String(text) => match text.to_lowercase().as_str() {
            "y" | "yes" | "on" => "true".to_owned(),
            "n" | "no" | "off" => "false".to_owned(),
            _ => text.clone(),
        },
        serde_yaml::Value::Bool(flag) => flag.to_string(),
        serde_yaml::Value::Number(number) => number.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Whether the text at a place says the scalar that the value has there.
fn says(text: &str, value: &Value) -> bool {
    match value {
        Value::String(said) => {
            if text == &**said {
                return true;
            }
            // Block scalars and folded text: the same words.
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            squeeze(text) == squeeze(said) || serde_yaml::from_str::<String>(text).is_ok_and(|read| *read == **said)
        }
        Value::Null => text.is_empty() || ["~", "null", "Null", "NULL"].contains(&text),
        other => {
            let outcome = yaml::parse(&Source::new("", text), &YamlOptions::default());
            outcome.documents.first().is_some_and(|parsed| parsed.value == *other)
        }
    }
}

/// Checks that places and value have the same shape, and that each place says what is there.
fn check_places(source: &Source, parsed: &Parsed) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, found) in parsed.spans.paths() {
        // Of equal keys the last one is found; the others are only passed by.
        let last = parsed.spans.lookup(&path) == Some(found);
        match path.get(&parsed.value) {
            Some(Value::Array(_) | Value::Object(_)) => {}
            Some(value) if last => {
                let text = source.slice(found.anchor.unwrap_or(found.value));
                if !says(text, value) {
                    faults.push(format!("{path} is {value}, found `{text}`"));
                }
            }
            None if last => faults.push(format!("{path} is no path of the value")),
            _ => {}
        }
    }
    every_scalar(&parsed.value, &mut Path::default(), &parsed.spans, &mut faults);
    faults
}

fn every_scalar(value: &Value, path: &mut Path, spans: &Spans, faults: &mut Vec<String>) {
    let mut step = |step: Step, value: &Value, faults: &mut Vec<String>| {
        path.0.push(step);
        every_scalar(value, path, spans, faults);
        path.0.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| step(at.into(), item, faults)),
        Value::Object(fields) => {
            fields.iter().for_each(|(key, field)| step(Step::from_value(key).expect("a string"), field, faults));
        }
        _ if spans.lookup(path).is_none() => faults.push(format!("{path} has no place")),
        _ => {}
    }
}

fn report(path: &FilePath, outcome: &Outcome, source: &Source) -> Vec<String> {
    let faults = outcome.documents.iter().flat_map(|parsed| check_places(source, parsed));
    faults.map(|fault| format!("{}: {fault}", path.display())).collect()
}

#[test]
fn every_yaml_file_means_what_another_reader_sees_in_it() {
    let Some(root) = corpus() else { return };
    let options = YamlOptions { tags: Tags::Ignore, ..YamlOptions::default() };
    let mut faults = Vec::new();
    let mut compared = 0;
    for (path, text) in files(&root, &["kubernetes", "cloudformation"], &["yaml", "yml", "template"]) {
        use serde::Deserialize as _;
        let theirs: Result<Vec<_>, _> =
            serde_yaml::Deserializer::from_str(&text).map(serde_yaml::Value::deserialize).collect();
        let Ok(theirs) = theirs else { continue };
        let outcome = yaml::parse(&Source::new("a.yaml", text.as_str()), &options);
        // Text of a template: `{{ x }}` is a mapping as a key, which JSON cannot hold.
        if outcome.errors.iter().any(|error| error.message == "a mapping cannot be a key") {
            continue;
        }
        if !outcome.errors.is_empty() {
            faults.push(format!("{}: {:?}", path.display(), outcome.errors));
            continue;
        }
        // A document with nothing in it is none for us, and null there.
        let theirs: Vec<_> = theirs.into_iter().filter(|value| !value.is_null()).collect();
        let ours = &outcome.documents;
        compared += 1;
        if ours.len() != theirs.len() || !ours.iter().zip(&theirs).all(|(ours, theirs)| same(&ours.value, theirs)) {
            faults.push(format!("{}: differs", path.display()));
        }
    }
    println!("compared {compared}");
    assert_eq!(faults, Vec::<String>::new());
    assert!(compared > 300, "{compared}");
}

#[test]
fn every_place_in_a_yaml_file_says_what_the_value_has_there() {
    let Some(root) = corpus() else { return };
    let mut faults = Vec::new();
    for (path, text) in files(&root, &["kubernetes", "cloudformation"], &["yaml", "yml", "template"]) {
        let source = Source::new("a.yaml", text);
        let outcome = yaml::parse(&source, &YamlOptions::default());
        faults.extend(report(&path, &outcome, &source));
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_json_report_is_what_the_engine_reads_itself() {
    let Some(root) = corpus() else { return };
    let mut faults = Vec::new();
    let mut compared = 0;
    for (path, text) in files(&root, &["reports", "cloudformation"], &["json", "sarif", "golden"]) {
        let source = Source::new("a.json", text);
        let outcome = json::parse(&source);
        let Ok(theirs) = Value::from_json_str(source.text().trim_start_matches('\u{feff}')) else {
            if outcome.errors.is_empty() {
                faults.push(format!("{}: the engine refuses it", path.display()));
            }
            continue;
        };
        compared += 1;
        match outcome.documents.as_slice() {
            [parsed] if parsed.value == theirs => faults.extend(report(&path, &outcome, &source)),
            _ => faults.push(format!("{}: {:?}", path.display(), outcome.errors)),
        }
    }
    println!("compared {compared}");
    assert_eq!(faults, Vec::<String>::new());
    assert!(compared > 50, "{compared}");
}

#[test]
fn an_alias_is_found_where_it_is_used_and_where_it_is_defined() {
    let source = Source::new("a.yaml", "a: &x {k: v}\nb: *x\n");
    let outcome = yaml::parse(&source, &YamlOptions::default());
    let found = outcome.documents[0].spans.lookup(&Path(vec!["b".into()]));
    let key = Some(Span::new(13, 14));
    assert_eq!(found, Some(Found { key, value: Span::new(16, 18), anchor: Some(Span::new(6, 12)) }));
}
