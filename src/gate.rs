//! The gate: one run from paths to verdict.
//!
//! The stages in their order, and the only place that joins them. Reading
//! files happens here and in `discover`; writing reports does not.

mod changed;
mod grants;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use changed::Changed;

use crate::discover::{DiscoverOptions, Discovered, discover, read};
use crate::document::{Document, Format, Kind};
use crate::engine::builtins::Allow;
use crate::engine::{Limits, PolicyError};
use crate::evaluate::{evaluate, map_plans};
use crate::evidence::{Need, evidence};
use crate::finding::{Problem, ProblemCode};
use crate::judge::{Bench, Case, Counts, Verdict, judge};
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
    /// What could not be read before the run: standard input that is no text.
    pub unread: Vec<Problem>,
    /// Policies; empty means the built-in packs that fit.
    pub policies: Vec<String>,
    /// Packages to evaluate; empty means all.
    pub namespaces: Vec<String>,
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
    let (files, mut problems) = parse_all(request, &found, &|_, _| {});
    problems.extend(found.problems);
    problems.extend(request.unread.iter().cloned());
    let mut documents = Vec::new();
    for file in files {
        problems.extend(file.problems);
        documents.extend(file.documents);
    }
    resolve_directories(&mut documents);
    (documents, problems)
}

fn stages(request: &Request, tick: &(dyn Fn(usize, usize) + Sync)) -> (Verdict, Stats) {
    let mut stats = Stats::default();
    let clock = Instant::now();
    let mut found = discover(&request.discover);
    let found_any = !found.inputs.is_empty();
    let changed = Changed::new(request, &found.inputs);
    if changed.nothing() {
        found.inputs.clear();
    }
    stats.discover = clock.elapsed();

    let clock = Instant::now();
    let (files, mut problems) = parse_all(request, &found, tick);
    let unread = problems.iter().filter(|problem| changed.has(&problem.file)).count();
    let mut documents: Vec<Document> = Vec::new();
    for file in files {
        problems.extend(file.problems);
        documents.extend(file.documents);
    }
    resolve_directories(&mut documents);
    problems.extend(std::mem::take(&mut found.problems));
    problems.extend(request.unread.iter().cloned());
    problems.retain(|problem| changed.has(&problem.file));
    let unreadable = problems.iter().filter(|p| p.code == ProblemCode::Unreadable && !p.notice).count();
    if found_any && changed.nothing() {
        problems.push(changed::unchanged());
    }
    stats.parse = clock.elapsed();

    let clock = Instant::now();
    let (sources, errors) = policy_sources(request, &documents);
    let policies = PolicySet::with_context(&sources, &request.namespaces, request.limits, grants::context(request));
    problems.extend(errors.iter().chain(&policies.errors).map(|error| policy_problem(error, &sources)));
    changed.keep(&mut documents, &policies);
    stats.load = clock.elapsed();

    let clock = Instant::now();
    let mut evaluated = evaluate(&documents, &policies);
    map_plans(&mut evaluated.findings, &documents);
    stats.evaluate = clock.elapsed();

    let clock = Instant::now();
    for findings in [&mut evaluated.findings, &mut evaluated.exempt] {
        findings.retain(|finding| changed.has(finding.place.source.name()));
    }
    evaluated.problems.retain(|problem| changed.has(&problem.file));
    problems.append(&mut evaluated.problems);
    let docket = waivers(request, &documents, &policies);
    problems.extend(docket.problems);
    problems.extend(evidence(&request.evidence, &documents, request.now, &modified));
    documents.retain(|document| changed.has(document.source.name()));
    let idle =
        policies.rules.iter().map(|rule| rule.info.id.0.to_string()).filter(|id| !evaluated.applied.contains(id));
    let case = Case {
        counts: Counts {
            files: changed.count(&found.inputs).saturating_sub(unread) + request.texts.len(),
            documents: count_kinds(&documents),
            ignored: found.ignored,
            skipped: found.skipped,
            unreadable,
            evaluations: evaluated.evaluations,
        },
        findings: evaluated.findings,
        exempt: evaluated.exempt,
        problems,
        idle_rules: idle.collect(),
        rules: policies.rules.iter().map(|rule| rule.info.clone()).collect(),
        waivers: docket.waivers,
    };
    let mut bench = request.bench.clone();
    bench.allow_empty |= changed.may_be_empty(found_any, &policies);
    let verdict = judge(case, &bench);
    stats.judge = clock.elapsed();
    // Values are trees of small parts that take their time to free, and nobody needs to wait for it.
    rayon::spawn(move || drop((documents, policies)));
    (verdict, stats)
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
        let chunk: Vec<&Document> = chunk.iter().collect();
        chunk.first().map(|first| read_comments(&first.source, &chunk))
    });
    for (found, wrong) in files.chain(comments) {
        raws.extend(found);
        problems.extend(wrong);
    }
    let rules: Vec<_> = policies.rules.iter().map(|rule| rule.info.clone()).collect();
    let as_of = request.bench.as_of.parse().unwrap_or(jiff::civil::Date::MAX);
    let mut docket = prove(raws, &rules, &builtin_ids, &request.bench.trust.terms, as_of);
    docket.problems.append(&mut problems);
    docket
}

fn parse_all(
    request: &Request,
    found: &Discovered,
    tick: &(dyn Fn(usize, usize) + Sync),
) -> (Vec<FileOutcome>, Vec<Problem>) {
    let done = std::sync::atomic::AtomicUsize::new(0);
    let total = found.inputs.len();
    let files = found.inputs.par_iter().map(|input| {
        let outcome = read(input, request.discover.max_size)
            .map(|source| parse_file(&Arc::new(source), Format::detect(&input.name)));
        tick(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, total);
        outcome
    });
    let results: Vec<Result<FileOutcome, Problem>> = files.collect();
    let mut outcomes = Vec::with_capacity(results.len());
    let mut problems = Vec::new();
    for result in results {
        match result {
            Ok(outcome) => outcomes.push(outcome),
            Err(problem) => problems.push(problem),
        }
    }
    outcomes.extend(request.texts.iter().map(|source| parse_file(source, Format::detect(source.name()))));
    (outcomes, problems)
}

fn policy_sources(request: &Request, documents: &[Document]) -> (PolicySources, Vec<PolicyError>) {
    if request.policies.is_empty() {
        let (mut sources, errors) = load(&[], &request.data);
        let kinds: Vec<Kind> = count_kinds(documents).into_keys().collect();
        sources.modules = builtin_sources_for(&kinds).modules;
        return (sources, errors);
    }
    load(&request.policies, &request.data)
}

fn count_kinds(documents: &[Document]) -> BTreeMap<Kind, usize> {
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
