//! `regate explain`: which rules looked at a place, what they read, and why they passed or failed.

mod words;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use self::words::{Input, Shown, Told};
use super::CliError;
use super::args::{ExplainArgs, allowed};
use super::output::print;
use crate::discover::DiscoverOptions;
use crate::document::{Document, Path};
use crate::engine::exec::{Asks, Check, Sense};
use crate::engine::{Engine, Level, Limits, Trace, Value};
use crate::evaluate::{self, Together, elements, is_list};
use crate::gate::{self, Request};
use crate::locate::is_discriminator;
use crate::policy::{PolicyRule, PolicySet, PolicySources, Scope, builtin_sources_for, load};

/// Facts shown for one rule; the rest is counted.
const MOST: usize = 12;

/// What is asked for.
struct Asked<'a> {
    /// A line, and the names of the documents of the file that it is in.
    line: Option<(u32, BTreeSet<String>)>,
    rule: Option<&'a str>,
}

/// Explains a line of a file, or a rule on files.
pub fn run(args: &ExplainArgs) -> Result<u8, CliError> {
    let what: Vec<&str> = args.what.iter().map(String::as_str).collect();
    let (documents, asked) = match what.as_slice() {
        [place, others @ ..] if place_of(place).is_some() => {
            let (file, line) = place_of(place).unwrap_or_default();
            let alone = read(&[file])?;
            let own: BTreeSet<_> = alone.iter().map(|document| document.source.name().to_string()).collect();
            let paths: Vec<&str> = std::iter::once(file).chain(others.iter().copied()).collect();
            let documents = if others.is_empty() { alone } else { read(&paths)? };
            (documents, Asked { line: Some((line, own)), rule: None })
        }
        [rule, files @ ..] if !files.is_empty() => (read(files)?, Asked { line: None, rule: Some(*rule) }),
        [place] => {
            return Err(CliError::Usage(format!(
                "`{place}` is no FILE:LINE; to explain a rule, give the rule and the file"
            )));
        }
        _ => return Err(CliError::Usage("give FILE:LINE, or a rule and a file".to_owned())),
    };
    let policies = policies(args, &documents)?;
    if let Some(id) = asked.rule.filter(|id| !policies.rules.iter().any(|rule| *rule.info.id.0 == **id)) {
        return Err(CliError::Usage(format!("there is no rule `{id}` for this file: see `regate rules`")));
    }
    let mut text = String::new();
    for document in &documents {
        text.push_str(&of_document(document, &policies, &asked));
    }
    for rule in policies.rules.iter().filter(|rule| rule.scope != Scope::Document && asked.about(rule)) {
        let Some(together) = Together::new(rule, &documents) else { continue };
        text.extend(explain(&policies.engine, Shown { rule, input: Input::Together(&together) }, &asked));
    }
    if text.is_empty() {
        "no rule looked there\n".clone_into(&mut text);
    }
    print(&text)
}

/// What the rules that read one document by itself have to say.
fn of_document(document: &Document, policies: &PolicySet, asked: &Asked<'_>) -> String {
    let engine = policies.engine.about(document.source.name());
    let elements = elements(document);
    let mut text = String::new();
    let known = policies.rules.iter().filter(|rule| rule.scope == Scope::Document && rule.is_for(document.kind));
    for rule in known.filter(|rule| asked.about(rule)) {
        let whole = (elements.is_empty() || rule.lists).then_some(document);
        let shown = whole.into_iter().chain(&elements).map(|input| Shown { rule, input: Input::Document(input) });
        text.extend(shown.filter_map(|shown| explain(&engine, shown, asked)));
    }
    text
}

impl Asked<'_> {
    fn about(&self, rule: &PolicyRule) -> bool {
        self.rule.is_none_or(|id| *rule.info.id.0 == *id)
    }

    /// Whether it is on the line that is asked for.
    fn on(&self, told: &Told) -> bool {
        self.line.as_ref().is_none_or(|(line, files)| {
            files.contains(&told.lines.file) && told.lines.first <= *line && *line <= told.lines.last
        })
    }
}

fn read(paths: &[&str]) -> Result<Vec<Document>, CliError> {
    let request = Request {
        discover: DiscoverOptions { paths: paths.iter().map(Into::into).collect(), ..DiscoverOptions::default() },
        ..Request::default()
    };
    let (documents, problems) = gate::documents(&request);
    match problems.iter().find(|problem| !problem.notice) {
        Some(problem) => Err(CliError::Usage(format!("{}: {}", problem.file, problem.message))),
        None => Ok(documents),
    }
}

fn place_of(place: &str) -> Option<(&str, u32)> {
    place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)))
}

fn policies(args: &ExplainArgs, documents: &[Document]) -> Result<PolicySet, CliError> {
    let kinds: Vec<_> = documents.iter().map(|document| document.kind).collect();
    let (sources, errors): (PolicySources, _) =
        if args.policy.is_empty() { (builtin_sources_for(&kinds), Vec::new()) } else { load(&args.policy, &[]) };
    let granted = Request { allow: allowed(&args.allow), clock: jiff::Timestamp::now(), ..Request::default() };
    let mut set = PolicySet::with_context(&sources, &[], Limits::default(), gate::context(&granted));
    if documents.iter().any(is_list) {
        set.learn_lists(&sources);
    }
    if args.combine {
        set.combine();
    }
    let fault = errors.iter().chain(&set.errors).find(|error| error.level == Level::Error);
    fault.map_or(Ok(()), |error| Err(CliError::Usage(error.to_string())))?;
    Ok(set)
}

/// What one rule read and what came of it; nothing if it read nothing on the line that is asked for.
fn explain(engine: &Engine, shown: Shown<'_>, asked: &Asked<'_>) -> Option<String> {
    let rule = shown.rule;
    let (found, trace) = match engine.explain(&rule.path, shown.value()) {
        Ok(traced) => traced,
        Err(error) => return Some(format!("{}: could not be evaluated: {error}\n\n", rule.info.id)),
    };
    let facts: Vec<Told> = trace.reads.iter().filter_map(|(path, there)| words::fact(path, *there, shown)).collect();
    if !facts.iter().chain(&told(trace.checks.iter(), shown)).any(|told| asked.on(told)) && asked.line.is_some() {
        return None;
    }
    let title = if rule.info.title.is_empty() { String::new() } else { format!(" ({})", rule.info.title) };
    let mut text = format!("{}{title}\n", rule.info.id);
    if messages(&found).is_empty() {
        passed(&trace, &facts, shown, asked, &mut text);
    } else {
        failed(&trace, &found, &facts, shown, &mut text);
    }
    let _ = writeln!(text, "  policy: {}:{}\n", rule.info.file, rule.info.line);
    Some(text)
}

/// Why a rule has no finding: the conditions that did not come about.
fn passed(trace: &Trace, facts: &[Told], shown: Shown<'_>, asked: &Asked<'_>, text: &mut String) {
    let spared = |check: &&Check| match check.sense {
        Sense::Accuses => !check.held,
        Sense::Spares => check.held,
        Sense::Gathers => false,
    };
    let mut reasons = told(trace.checks.iter().filter(spared), shown);
    if reasons.iter().any(|reason| asked.on(reason)) {
        reasons.retain(|reason| asked.on(reason));
    }
    if !reasons.is_empty() {
        return list("passed", &reasons, text);
    }
    let missing = trace.reads.iter().filter(|(_, there)| !there);
    let mut missing: Vec<Told> = missing.filter_map(|(path, _)| words::fact(path, false, shown)).collect();
    if missing.is_empty() {
        text.push_str("  passed: no condition of the rule held, with\n");
        return lines(facts, text);
    }
    for reason in &mut missing {
        reason.text.push_str(", and the rule looks only at what has it");
    }
    list("passed", &missing, text);
}

/// Why it has findings: for each the conditions that held.
fn failed(trace: &Trace, found: &Value, facts: &[Told], shown: Shown<'_>, text: &mut String) {
    let accused = |check: &&Check| match check.sense {
        Sense::Accuses => check.held,
        Sense::Spares => !check.held,
        Sense::Gathers => check.asks != Asks::Truth,
    };
    let all = told(trace.checks.iter().filter(accused), shown);
    let mut named = BTreeSet::new();
    for finding in &trace.findings {
        let message = message(&finding.value);
        let own = |told: &&Told| finding.conditions.iter().any(|fact| fact.path == told.path);
        let mut reasons: Vec<Told> = all.iter().filter(own).cloned().collect();
        if reasons.iter().all(|reason| is_discriminator(&reason.path)) {
            let missing = finding.conditions.iter().filter(|fact| !fact.found);
            reasons.extend(missing.filter_map(|fact| words::fact(&fact.path, false, shown)));
        }
        if reasons.iter().any(|reason| !is_discriminator(&reason.path)) {
            reasons.retain(|reason| !is_discriminator(&reason.path));
        }
        if reasons.is_empty() {
            let read = |told: &&Told| finding.conditions.iter().any(|fact| told.path.0.starts_with(&fact.path.0));
            reasons = facts.iter().filter(read).cloned().collect();
        }
        let _ = writeln!(text, "  failed: {message}");
        named.insert(message);
        list("", &reasons, text);
    }
    for message in messages(found).iter().filter(|message| !named.contains(*message)) {
        let _ = writeln!(text, "  failed: {message}");
    }
}

/// Each sentence once, in order; two parts of the input that are found equal, once for both.
fn told<'a>(checks: impl Iterator<Item = &'a Check>, shown: Shown<'_>) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    let mut equal: BTreeSet<(&Path, &Path)> = BTreeSet::new();
    for check in checks {
        if let (Asks::Equal, Some((left, _)), Some((right, _))) = (check.asks, &check.left.from, &check.right.from)
            && (equal.contains(&(right, left)) || !equal.insert((left, right)))
        {
            continue;
        }
        all.extend(words::tell(check, shown).filter(|told| !all.contains(told)));
    }
    all
}

/// `passed because …`, on one line when there is one reason.
fn list(outcome: &str, reasons: &[Told], text: &mut String) {
    let lead = if outcome.is_empty() { "  because".to_owned() } else { format!("  {outcome} because") };
    match reasons {
        [] => {}
        [one] => {
            let _ = writeln!(text, "{lead} {}", one.text);
        }
        several => {
            let _ = writeln!(text, "{lead}");
            lines(several, text);
        }
    }
}

fn lines(told: &[Told], text: &mut String) {
    for one in told.iter().take(MOST) {
        let _ = writeln!(text, "    {}", one.text);
    }
    if told.len() > MOST {
        let _ = writeln!(text, "    and {} more", told.len() - MOST);
    }
}

fn messages(value: &Value) -> Vec<String> {
    match value {
        Value::Set(items) => items.iter().map(message).collect(),
        Value::Array(items) => items.iter().map(message).collect(),
        _ => Vec::new(),
    }
}

fn message(item: &Value) -> String {
    evaluate::message(item).unwrap_or_else(|| item.to_json_str().unwrap_or_default())
}
