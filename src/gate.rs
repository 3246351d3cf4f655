//! The gate: one run from paths to verdict.
//!
//! The stages in their order, and the only place that joins them. Reading
//! files happens here and in `discover`; writing reports does not.

mod attest;
mod basis;
mod beside;
mod changed;
mod decide;
mod grants;
mod touched;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use beside::beside;
use changed::Changed;
use decide::Seen;
pub use grants::{context, readers};

use crate::basis::{Basis, Digested, Occasion};
use crate::discover::{DiscoverOptions, Discovered, discover, read};
use crate::document::{Document, Format, Kind};
use crate::engine::builtins::Allow;
use crate::engine::{Limits, PolicyError};
use crate::evidence::Need;
use crate::finding::{Problem, ProblemCode};
use crate::git::Lines;
use crate::home::Home;
use crate::judge::{Bench, Counts, Verdict};
use crate::parse::{FileOutcome, parse_file};
use crate::policy::{PolicySet, PolicySources, builtin_ids, builtin_sources_for, load};
use crate::source::Source;
use crate::terraform::resolve_directories;
use crate::waiver::{Docket, prove, read_comments, read_file};

/// The stack of a worker: the interpreter and deep inputs recurse.
const STACK: usize = 64 << 20;

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Which files.
    pub discover: DiscoverOptions,
    /// Texts that are not files: standard input, what `helm template` rendered.
    pub texts: Vec<Arc<Source>>,
    /// Folders of Helm charts whose rendered form is among the texts: their templates are not asked for.
    pub charts: Vec<String>,
    /// What could not be read before the run: standard input that is no text.
    pub unread: Vec<Problem>,
    /// Policies; empty means the built-in packs that fit.
    pub policies: Vec<String>,
    /// Policies that are tried beside them, without a say in the status.
    pub policies_next: Vec<String>,
    /// Packages to evaluate; empty means all.
    pub namespaces: Vec<String>,
    /// Whether rules get all documents at once, as with conftest's `--combine`.
    pub combine: bool,
    /// Data for the policies.
    pub data: Vec<String>,
    /// Bounds for a rule.
    pub limits: Limits,
    /// The thresholds and the day.
    pub bench: Bench,
    /// Workers; 0 means as many as there are processors.
    pub threads: usize,
    /// Judge only these files, when given (`--changed`); absolute, without links.
    pub only: Option<BTreeSet<PathBuf>>,
    /// The lines that have changed, when only what is new is to fail (`--changed` with `--new-only`).
    pub lines: Option<BTreeMap<PathBuf, Lines>>,
    /// From where files are called in waivers, thresholds and the baseline.
    pub home: Home,
    /// Files of waivers.
    pub waivers: Vec<Arc<Source>>,
    /// Reports that must be there.
    pub evidence: Vec<Need>,
    /// The moment against which their age is taken.
    pub now: jiff::Timestamp,
    /// What policies take for now, where they may.
    pub clock: jiff::Timestamp,
    /// What policies may reach outside of their input.
    pub allow: Allow,
    /// What of the basis is known beforehand, the settings and the baseline: with it, all that is read gets a digest.
    pub basis: Option<Basis>,
    /// How the run was started, for a decision record.
    pub occasion: Option<Occasion>,
}

/// Where the time went.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs)] // each field is the stage of that name
pub struct Stats {
    pub discover: Duration,
    pub parse: Duration,
    pub load: Duration,
    pub evaluate: Duration,
    pub judge: Duration,
}

/// Runs the gate; `tick` is called with the number of files parsed so far and in all.
pub fn run(request: &Request, tick: &(dyn Fn(usize, usize) + Sync)) -> Result<(Verdict, Stats), String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(workers(request)).stack_size(STACK).build();
    let pool = pool.map_err(|error| format!("the workers could not be started: {error}"))?;
    Ok(pool.install(|| stages(request, tick)))
}

/// One worker when all that is given is one file: starting a second costs more than it could save.
fn workers(request: &Request) -> usize {
    match (request.threads, request.discover.paths.as_slice(), request.texts.len()) {
        (0, [], 1) => 1,
        (0, [path], 0) if path.is_file() => 1,
        (threads, ..) => threads,
    }
}

/// Reads and parses what a request names, without evaluating it.
#[must_use]
pub fn documents(request: &Request) -> (Vec<Document>, Vec<Problem>) {
    let found = discover(&request.discover);
    let Parsed { files, mut problems, .. } = parse_all(request, &found, &|_, _| {});
    problems.extend(found.problems);
    problems.extend(request.unread.iter().cloned());
    let mut documents = Vec::new();
    for file in files {
        problems.extend(file.problems);
        documents.extend(file.documents);
    }
    let (aside, unknown) = beside(request, &found.inputs);
    documents.extend(aside);
    problems.extend(unknown);
    resolve_directories(&mut documents);
    documents.retain(|document| !document.aside);
    (documents, problems)
}

fn stages(request: &Request, tick: &(dyn Fn(usize, usize) + Sync)) -> (Verdict, Stats) {
    let mut stats = Stats::default();
    let clock = Instant::now();
    let mut found = discover(&request.discover);
    let found_any = !found.inputs.is_empty();
    let changed = Changed::new(request, &found.inputs);
    if changed.nothing() && request.evidence.is_empty() {
        found.inputs.clear();
    }
    stats.discover = clock.elapsed();

    let clock = Instant::now();
    let Parsed { files, mut problems, mut digests } = parse_all(request, &found, tick);
    let unread = problems.iter().filter(|problem| changed.has(&problem.file)).count();
    let mut documents: Vec<Document> = Vec::new();
    for file in files {
        problems.extend(file.problems);
        documents.extend(file.documents);
    }
    let (aside, unknown) = beside(request, &found.inputs);
    // The verdict rests on them, too.
    let digested = |one: &Document| Digested::new(&**one.source.name(), &**one.source.text());
    digests.extend(aside.iter().filter(|_| request.basis.is_some()).map(digested));
    documents.extend(aside);
    resolve_directories(&mut documents);
    problems.extend(std::mem::take(&mut found.problems));
    problems.extend(request.unread.iter().cloned());
    problems.retain(|problem| changed.has(&problem.file) && !is_rendered(request, problem));
    problems.extend(unknown);
    let unreadable = problems.iter().filter(|p| p.code == ProblemCode::Unreadable && !p.notice).count();
    if found_any && changed.nothing() {
        problems.push(changed::unchanged());
    }
    stats.parse = clock.elapsed();

    let clock = Instant::now();
    let loaded = decide::load(request, &request.policies, &documents);
    let next = (!request.policies_next.is_empty()).then(|| decide::load(request, &request.policies_next, &documents));
    let basis = basis::basis(request, digests, &documents, &loaded);
    let sets: Vec<&PolicySet> = std::iter::once(&loaded).chain(&next).map(|loaded| &loaded.policies).collect();
    // Whatever has changed: evidence is about the whole.
    problems.extend(decide::missing_evidence(request, &documents));
    changed.keep(&mut documents, &sets);
    stats.load = clock.elapsed();

    let counts = Counts {
        files: changed.count(&found.inputs).saturating_sub(unread) + request.texts.len(),
        ignored: found.ignored,
        skipped: found.skipped,
        unreadable,
        ..Counts::default()
    };
    let seen = Seen { request, changed: &changed, counts, problems, found_any };
    let mut verdict = decide::decide(&seen, &documents, &loaded, &mut stats);
    verdict.next = next.as_ref().map(|next| decide::shadow(&seen, &documents, next, &verdict));
    verdict.basis = basis;
    verdict.occasion.clone_from(&request.occasion);
    // Values are trees of small parts that take their time to free, and nobody needs to wait for it.
    rayon::spawn(move || drop((documents, loaded, next)));
    (verdict, stats)
}

/// Whether it is about a template of a chart that was rendered.
fn is_rendered(request: &Request, problem: &Problem) -> bool {
    let in_chart = |chart: &String| {
        let inner = if chart == "." { Some(&*problem.file) } else { problem.file.strip_prefix(chart.as_str()) };
        inner.is_some_and(|inner| inner.trim_start_matches('/').split('/').any(|part| part == "templates"))
    };
    problem.code == ProblemCode::NotChecked && !problem.notice && request.charts.iter().any(in_chart)
}

/// When a file was last written, if it is one.
fn modified(name: &str) -> Option<jiff::Timestamp> {
    let time = std::fs::metadata(name).and_then(|data| data.modified()).ok()?;
    jiff::Timestamp::try_from(time).ok()
}

/// The waivers of the files and of the inputs' comments, proven for the day.
fn waivers(request: &Request, documents: &[Document], policies: &PolicySet) -> Docket {
    let (mut raws, mut problems) = (Vec::new(), Vec::new());
    let files = request.waivers.iter().map(read_file);
    // The documents of one file stand together.
    let comments = documents.chunk_by(|a, b| Arc::ptr_eq(&a.source, &b.source)).filter_map(|chunk| {
        let chunk: Vec<&Document> = chunk.iter().filter(|document| !document.aside).collect();
        chunk.first().map(|first| read_comments(&first.source, &chunk))
    });
    for (found, wrong) in files.chain(comments) {
        raws.extend(found);
        problems.extend(wrong);
    }
    attest::attest(&mut raws, &request.bench.trust.terms.approval);
    let rules: Vec<_> = policies.rules.iter().map(|rule| rule.info.clone()).collect();
    let as_of = request.bench.as_of.parse().unwrap_or(jiff::civil::Date::MAX);
    let known = || builtin_ids().into_iter().chain(policies.others.iter().map(ToString::to_string)).collect();
    let mut docket = prove(raws, &rules, &known, &request.bench.trust.terms, as_of);
    docket.problems.append(&mut problems);
    docket
}

/// What reading and parsing gave.
struct Parsed {
    files: Vec<FileOutcome>,
    problems: Vec<Problem>,
    /// Of each text that was read, when a basis is asked for.
    digests: Vec<Digested>,
}

fn parse_all(request: &Request, found: &Discovered, tick: &(dyn Fn(usize, usize) + Sync)) -> Parsed {
    let done = std::sync::atomic::AtomicUsize::new(0);
    let total = found.inputs.len();
    // Where the text is at hand and the cores are: a second pass over all texts would be read from memory again.
    let digest = |source: &Source| request.basis.as_ref().map(|_| Digested::new(&**source.name(), &**source.text()));
    let files = found.inputs.par_iter().map(|input| {
        let outcome = read(input, request.discover.max_size).map(|source| {
            let digest = digest(&source);
            (parse_file(&request.home.keyed(source), Format::detect(&input.name)), digest)
        });
        tick(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, total);
        outcome
    });
    let results: Vec<Result<(FileOutcome, Option<Digested>), Problem>> = files.collect();
    let mut parsed = Parsed { files: Vec::with_capacity(results.len()), problems: Vec::new(), digests: Vec::new() };
    for result in results {
        match result {
            Ok((outcome, digest)) => {
                parsed.files.push(outcome);
                parsed.digests.extend(digest);
            }
            Err(problem) => parsed.problems.push(problem),
        }
    }
    for source in &request.texts {
        parsed.files.push(parse_file(source, Format::detect(source.name())));
        parsed.digests.extend(digest(source));
    }
    parsed
}

fn policy_sources(request: &Request, names: &[String], documents: &[Document]) -> (PolicySources, Vec<PolicyError>) {
    if names.is_empty() {
        let (mut sources, errors) = load(&[], &request.data);
        let kinds: Vec<Kind> = count_kinds(documents.iter()).into_keys().collect();
        sources.modules = builtin_sources_for(&kinds).modules;
        return (sources, errors);
    }
    load(names, &request.data)
}

fn count_kinds<'a>(documents: impl Iterator<Item = &'a Document>) -> BTreeMap<Kind, usize> {
    let mut counts = BTreeMap::new();
    for document in documents {
        *counts.entry(document.kind).or_insert(0) += 1;
    }
    counts
}

fn policy_problem(error: &PolicyError, sources: &PolicySources) -> Problem {
    let module = sources.modules.iter().find(|module| module.name == error.file);
    let source = module.map(|module| Arc::new(Source::new(module.name.as_str(), module.text.as_str())));
    Problem {
        code: ProblemCode::PolicyInvalid,
        notice: error.level == crate::engine::Level::Warning,
        message: format!("{}: {}", error.code, error.message),
        file: error.file.clone(),
        labels: if source.is_some() && error.line > 0 { vec![(error.span, String::new())] } else { Vec::new() },
        source,
        help: String::new(),
    }
}

#[cfg(test)]
mod tests;
