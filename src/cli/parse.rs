//! `regate parse`: the documents as policies see them.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::args::ParseArgs;
use super::check::standard_input;
use super::output::print;
use super::{CliError, output};
use crate::discover::DiscoverOptions;
use crate::document::Document;
use crate::gate::{Request, documents};

/// Prints the documents of the files; a list when there are several.
pub fn run(args: &ParseArgs) -> Result<u8, CliError> {
    let stdin = args.paths.iter().any(|path| path == "-");
    let (mut texts, mut unread) = (Vec::new(), Vec::new());
    if stdin {
        match standard_input(args.stdin_filename.as_deref(), 64)? {
            Ok(source) => texts.push(Arc::new(source)),
            Err(problem) => unread.push(problem),
        }
    }
    let asked: Vec<PathBuf> = args.paths.iter().filter(|path| *path != "-").map(PathBuf::from).collect();
    let request = Request { discover: asked_for(asked), texts, unread, ..Request::default() };
    let (found, problems) = documents(&request);
    let mut all: Vec<Json> = found.iter().map(|document| show(document, args)).collect();
    let whole = if all.len() == 1 { all.remove(0) } else { Json::from(all) };
    print(&crate::report::pretty(&whole))?;
    let closing: Vec<_> = problems.iter().filter(|problem| !problem.notice).collect();
    for problem in &closing {
        let start = problem.source.as_ref().zip(problem.labels.first());
        let at = start.map_or_else(String::new, |(source, (span, _))| format!(":{}", source.position(span.start)));
        output::complain(&format!("{}{at}: {}", problem.file, problem.message));
    }
    Ok(if closing.is_empty() { 0 } else { 2 })
}

fn asked_for(paths: Vec<PathBuf>) -> DiscoverOptions {
    DiscoverOptions { paths, ..DiscoverOptions::default() }
}

fn show(document: &Document, args: &ParseArgs) -> Json {
    let (value, spans) = match (&document.resolved, args.resolved) {
        (Some(resolved), true) => (&resolved.value, &resolved.spans),
        _ => (&document.value, &document.spans),
    };
    let contents = serde_json::to_value(value).unwrap_or(Json::Null);
    if !args.spans {
        return contents;
    }
    let place = |span: crate::source::Span| {
        let (from, to) = (document.source.position(span.start), document.source.position(span.end));
        Json::from(format!("{from}-{to}"))
    };
    let places = spans.paths().into_iter().map(|(path, found)| {
        let mut entry = Map::new();
        entry.insert("path".to_owned(), Json::from(path.to_string()));
        if let Some(key) = found.key {
            entry.insert("key".to_owned(), place(key));
        }
        entry.insert("value".to_owned(), place(found.value));
        if let Some(anchor) = found.anchor {
            entry.insert("defined".to_owned(), place(anchor));
        }
        Json::from(entry)
    });
    json!({
        "file": &**document.source.name(),
        "kind": document.kind.name(),
        "contents": contents,
        "places": places.collect::<Vec<_>>(),
    })
}
