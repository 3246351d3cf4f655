//! A place is never invented: every place of every node says what the value has there.
//!
//! The files are those of the corpus and of this project, and each also with a
//! byte order mark, with CRLF line ends, and written anew in the formats that the
//! corpus has little of. The readers in [`decode`] know nothing of the parsers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

mod decode;
mod findings;
mod written;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;
use regate::document::{Document, Format, Found, Path, Spans, Step};
use regate::engine::Value;
use regate::parse::parse_file;
use regate::source::{Source, Span};

/// Larger files are not written anew: they would only take time.
const LARGE: usize = 150_000;

/// The folders with real files: the corpus, if it is there, and what the project has.
pub fn folders() -> Vec<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut all: Vec<PathBuf> = ["fixtures", "policies", "tests/fixtures", "tests/places", "examples", ".github"]
        .iter()
        .map(|name| own.join(name))
        .collect();
    match std::env::var_os("REGATE_CORPUS") {
        Some(root) => all
            .extend(["kubernetes", "cloudformation", "reports", "places"].map(|name| PathBuf::from(&root).join(name))),
        None => println!("partly skipped: REGATE_CORPUS is not set"),
    }
    all
}

/// Every file that has a format, with its text.
pub fn files() -> Vec<(String, String)> {
    let walked = folders().into_iter().flat_map(|folder| walkdir::WalkDir::new(folder).sort_by_file_name());
    let paths = walked.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    let named = paths.map(|entry| (entry.path().to_string_lossy().into_owned(), entry.into_path()));
    let known = named.filter(|(name, _)| Format::detect(name).is_some());
    known.filter_map(|(name, path)| Some((name, std::fs::read_to_string(path).ok()?))).collect()
}

/// The faults found, and how many places of each format were looked at.
#[derive(Default)]
struct Tally {
    faults: Vec<String>,
    seen: BTreeMap<Format, usize>,
}

impl Tally {
    fn merge(mut self, other: Self) -> Self {
        self.faults.extend(other.faults);
        for (format, seen) in other.seen {
            *self.seen.entry(format).or_default() += seen;
        }
        self
    }

    fn settle(self) {
        println!("{:?}", self.seen);
        let shown = self.faults.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.faults.is_empty(), "{} places are wrong:\n{shown}", self.faults.len());
    }
}

fn check_text(name: &str, text: String) -> Tally {
    let source = Arc::new(Source::new(name, text));
    let outcome = parse_file(&source, None);
    // What cannot be read has no meaning to compare with; `tests/parse_corpus.rs` looks at that.
    if outcome.problems.iter().any(|problem| !problem.notice) {
        return Tally::default();
    }
    let parts = outcome.documents.iter().map(check_document);
    parts.fold(Tally::default(), Tally::merge)
}

fn check_document(document: &Document) -> Tally {
    let mut tally = Tally::default();
    check_view(document, &document.value, &document.spans, &mut tally);
    tally
}

fn check_view(document: &Document, value: &Value, spans: &Spans, tally: &mut Tally) {
    let mut fault = |path: &Path, what: String| {
        tally.faults.push(format!("{}#{} {path}: {what}", document.source.name(), document.index));
    };
    // Of equal keys the last one counts, and only it is found.
    let places: BTreeMap<Path, Found> = spans.paths().into_iter().collect();
    for (at, (path, found)) in places.iter().enumerate() {
        if at % 16 == 0 && spans.lookup(path) != Some(*found) {
            fault(path, "looking it up gives another place".to_owned());
        }
        match path.get(value) {
            None => fault(path, "this is no path of the value".to_owned()),
            Some(there) => check_node(document, path, there, *found).unwrap_or_else(|what| fault(path, what)),
        }
    }
    every_node(value, &mut Path::default(), &places, &mut fault);
    *tally.seen.entry(document.format).or_default() += places.len();
}

fn check_node(document: &Document, path: &Path, value: &Value, found: Found) -> Result<(), String> {
    for span in [Some(found.value), found.key, found.anchor].into_iter().flatten() {
        inside(document, span)?;
    }
    if let (Some(key), Some(Step::Key(name))) = (found.key, path.0.last())
        && !decode::says_key(document, path, key, name)
    {
        return Err(format!("the key is at `{}`", document.source.slice(key)));
    }
    if let Some(anchor) = found.anchor
        && anchor != found.value
        && document.format == Format::Yaml
        && !decode::is_alias(document.source.slice(found.value))
    {
        return Err(format!("`{}` is no alias", document.source.slice(found.value)));
    }
    let span = found.anchor.unwrap_or(found.value);
    if decode::says(document, path, span, value) {
        return Ok(());
    }
    let shown: String = document.source.slice(span).chars().take(200).collect();
    Err(format!("{} is not what `{shown}` says", serde_json::to_string(value).unwrap_or_default()))
}

fn inside(document: &Document, span: Span) -> Result<(), String> {
    let text = document.source.text();
    let whole = span.start <= span.end && text.get(span.range()).is_some();
    if whole { Ok(()) } else { Err(format!("{span:?} is no part of the text")) }
}

/// Checks that each part of the value has a place.
fn every_node(value: &Value, path: &mut Path, places: &BTreeMap<Path, Found>, fault: &mut dyn FnMut(&Path, String)) {
    if !places.contains_key(path) {
        return fault(path, "it has no place".to_owned());
    }
    let mut below = |step: Step, child: &Value| {
        path.0.push(step);
        every_node(child, path, places, fault);
        path.0.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| below(at.into(), item)),
        Value::Object(fields) => {
            fields.iter().for_each(|(key, field)| below(Step::from_value(key).expect("a string"), field));
        }
        _ => {}
    }
}

fn over(files: Vec<(String, String)>) -> Tally {
    let parts: Vec<Tally> = files.into_par_iter().map(|(name, text)| check_text(&name, text)).collect();
    parts.into_iter().fold(Tally::default(), Tally::merge)
}

#[test]
fn every_place_of_every_file_says_what_the_value_has_there() {
    over(files()).settle();
}

#[test]
fn a_byte_order_mark_and_crlf_line_ends_move_no_place() {
    let marked = files().into_iter().filter(|(_, text)| text.len() < LARGE / 8 && !text.starts_with('\u{feff}'));
    let both = marked.flat_map(|(name, text)| {
        let ends = text.replace("\r\n", "\n").replace('\n', "\r\n");
        [(name.clone(), format!("\u{feff}{text}")), (name, ends)]
    });
    over(both.collect()).settle();
}

#[test]
fn every_place_says_what_is_there_in_the_formats_that_the_corpus_has_little_of() {
    let mut rewritten = Vec::new();
    for (name, text) in files().into_iter().filter(|(_, text)| text.len() < LARGE / 8) {
        let source = Arc::new(Source::new(name.as_str(), text));
        for document in parse_file(&source, None).documents {
            if !matches!(document.format, Format::Yaml | Format::Json) {
                continue;
            }
            let value: serde_json::Value = serde_json::to_value(&document.value).unwrap();
            rewritten.extend(written::all(&name, &value));
        }
    }
    let tally = over(rewritten);
    if std::env::var_os("REGATE_CORPUS").is_some() {
        for format in [Format::Toml, Format::Hcl, Format::Xml, Format::Jsonc, Format::Ndjson, Format::Dockerfile] {
            assert!(tally.seen.get(&format).is_some_and(|seen| *seen > 1_000), "{format}: {:?}", tally.seen);
        }
    }
    tally.settle();
}
