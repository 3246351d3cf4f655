//! `regate explain`: which rules looked at a place, what they read, and why they passed or failed.

use std::fmt::Write as _;

use super::CliError;
use super::args::ExplainArgs;
use super::output::print;
use crate::discover::DiscoverOptions;
use crate::document::{Document, Path, Spans};
use crate::engine::{Engine, Level, Limits, Trace, Value};
use crate::gate::{self, Request};
use crate::policy::{PolicyRule, PolicySet, PolicySources, Scope, View, builtin_sources_for, load};

/// Facts shown for one rule; the rest is counted.
const MOST: usize = 12;

/// Explains a line of a file, or a rule on a file.
pub fn run(args: &ExplainArgs) -> Result<u8, CliError> {
    let (file, line, rule) = match args.what.as_slice() {
        [rule, file] => (file.as_str(), None, Some(rule.as_str())),
        [place] => {
            let (file, line) = place_of(place)?;
            (file, Some(line), None)
        }
        _ => return Err(CliError::Usage("give FILE:LINE, or a rule and a file".to_owned())),
    };
    let request = Request {
        discover: DiscoverOptions { paths: vec![file.into()], ..DiscoverOptions::default() },
        ..Request::default()
    };
    let (documents, problems) = gate::documents(&request);
    if let Some(problem) = problems.iter().find(|problem| !problem.notice) {
        return Err(CliError::Usage(format!("{}: {}", problem.file, problem.message)));
    }
    let policies = policies(args, &documents)?;
    if let Some(id) = rule.filter(|id| !policies.rules.iter().any(|rule| *rule.info.id.0 == **id)) {
        return Err(CliError::Usage(format!("there is no rule `{id}` for this file: see `regate rules`")));
    }
    let mut text = String::new();
    for document in &documents {
        for known in policies.rules.iter().filter(|known| known.scope == Scope::Document && known.is_for(document.kind))
        {
            if rule.is_none_or(|id| *known.info.id.0 == *id) {
                text.push_str(&explain(&policies.engine, known, document, line).unwrap_or_default());
            }
        }
    }
    if text.is_empty() {
        "no rule looked there\n".clone_into(&mut text);
    }
    print(&text)
}

fn place_of(place: &str) -> Result<(&str, u32), CliError> {
    let parsed = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    parsed.ok_or_else(|| {
        CliError::Usage(format!("`{place}` is no FILE:LINE; to explain a rule, give the rule and the file"))
    })
}

fn policies(args: &ExplainArgs, documents: &[Document]) -> Result<PolicySet, CliError> {
    let kinds: Vec<_> = documents.iter().map(|document| document.kind).collect();
    let (sources, errors): (PolicySources, _) =
        if args.policy.is_empty() { (builtin_sources_for(&kinds), Vec::new()) } else { load(&args.policy, &[]) };
    let set = PolicySet::new(&sources, &[], Limits::default());
    let fault = errors.iter().chain(&set.errors).find(|error| error.level == Level::Error);
    fault.map_or(Ok(()), |error| Err(CliError::Usage(error.to_string())))?;
    Ok(set)
}

/// What one rule read in a document and what came of it; nothing if it read nothing on `line`.
fn explain(engine: &Engine, rule: &PolicyRule, document: &Document, line: Option<u32>) -> Option<String> {
    let (value, spans) = match (&document.resolved, rule.view) {
        (Some(resolved), View::Resolved) => (&resolved.value, &resolved.spans),
        _ => (&document.value, &document.spans),
    };
    let (found, trace) = match engine.trace(&rule.path, value) {
        Ok(traced) => traced,
        Err(error) => return Some(format!("{}: could not be evaluated: {error}\n\n", rule.info.id)),
    };
    let told = facts(&trace, document, value, spans);
    if line.is_some_and(|line| !told.iter().any(|fact| fact.first <= line && line <= fact.last)) {
        return None;
    }
    let failed = messages(&found);
    let title = if rule.info.title.is_empty() { String::new() } else { format!(" ({})", rule.info.title) };
    let mut text = format!("{}{title}\n", rule.info.id);
    if failed.is_empty() {
        text.push_str("  passed: no condition of the rule held, with\n");
    }
    for message in &failed {
        let _ = writeln!(text, "  failed: {message}");
    }
    if !failed.is_empty() {
        text.push_str("  because\n");
    }
    for fact in told.iter().take(MOST) {
        let _ = writeln!(text, "    {}", fact.text);
    }
    if told.len() > MOST {
        let _ = writeln!(text, "    and {} more", told.len() - MOST);
    }
    let _ = writeln!(text, "  policy: {}:{}\n", rule.info.file, rule.info.line);
    Some(text)
}

/// One thing that a rule read, in words, and its lines.
struct Told {
    text: String,
    first: u32,
    last: u32,
}

fn facts(trace: &Trace, document: &Document, value: &Value, spans: &Spans) -> Vec<Told> {
    let tell = |(path, found): &(Path, bool)| {
        let held = path.prefix(path.existing(value));
        let known = spans.lookup(&held)?;
        let span = if *found || known.key.is_none() { known.value } else { known.key.unwrap_or(known.value) };
        let from = document.source.position(span.start);
        let place = format!("{}:{from}", document.source.name());
        let text = match path.get(value).filter(|_| *found) {
            Some(Value::Object(_) | Value::Array(_)) => return None,
            Some(leaf) => format!("`{path}` is {} ({place})", leaf.to_json_str().unwrap_or_default()),
            None => format!("`{path}` is missing ({place})"),
        };
        let last = document.source.position(span.end.saturating_sub(1).max(span.start)).line;
        Some(Told { text, first: from.line, last: if *found { last } else { from.line } })
    };
    trace.reads.iter().filter_map(tell).collect()
}

fn messages(value: &Value) -> Vec<String> {
    let text = |item: &Value| match item {
        Value::String(text) => text.to_string(),
        other => {
            let message = Path(vec!["msg".into()]).get(other).and_then(|message| message.as_string().ok().cloned());
            message.map_or_else(|| other.to_json_str().unwrap_or_default(), |message| message.to_string())
        }
    };
    match value {
        Value::Set(items) => items.iter().map(text).collect(),
        Value::Array(items) => items.iter().map(text).collect(),
        _ => Vec::new(),
    }
}
