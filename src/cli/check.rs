//! `regate check`.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::{CheckArgs, Global, allowed};
use super::changed::Changes;
use super::{CliError, asked, changed, output, render, settings, trust};
use crate::discover::{DiscoverOptions, decode};
use crate::finding::Problem;
use crate::gate::{Request, Stats, run as run_gate};
use crate::judge::{Bench, Status, Verdict};
use crate::settings::Settings;
use crate::source::Source;

/// Runs the gate, writes the reports, gives the exit status.
pub fn run(global: &Global, args: &CheckArgs) -> Result<u8, CliError> {
    let (settings, file) = settings::gather(global, args)?;
    let targets = output::targets::<crate::report::ReportFormat>(&settings.output.value)?;
    let clock = clock();
    let mut request = request_at(args, &settings, file.as_deref(), clock, changes(args)?)?;
    request.discover.own = targets.iter().filter_map(|target| target.file.clone()).collect();
    if targets.iter().any(|target| target.format.wants_basis()) {
        asked::note(global, args, &settings, file.as_deref(), clock, &mut request)?;
    }
    let bar = progress(args);
    let (verdict, stats) = run_gate(&request, &|done, total| {
        if let Some(bar) = &bar {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
    })
    .map_err(CliError::Io)?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let code = verdict.status.exit_code();
    let shown: Vec<_> = if args.quiet && verdict.status == Status::Pass {
        targets.into_iter().filter(|target| target.file.is_some()).collect()
    } else {
        targets
    };
    let clock = Instant::now();
    match output::write(&verdict, &shown, global.color, args.verbose, args.explain) {
        // Whoever reads our output may stop early; the verdict stands.
        Ok(()) | Err(CliError::BrokenPipe) => {}
        Err(error) => return Err(error),
    }
    if args.stats {
        write_stats(&verdict, &stats, clock.elapsed().as_secs_f64());
    }
    // The process is about to end: freeing ten thousand findings one by one would only delay that.
    std::mem::forget(verdict);
    Ok(code)
}

/// The time, read once a run; a record keeps whole seconds.
fn clock() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// The run that flags and settings ask for, now.
pub fn request(args: &CheckArgs, settings: &Settings, file: Option<&Path>) -> Result<Request, CliError> {
    request_at(args, settings, file, clock(), changes(args)?)
}

/// What `--changed` asks git.
fn changes(args: &CheckArgs) -> Result<Option<Changes>, CliError> {
    let named = DiscoverOptions { paths: named_paths(args), ..DiscoverOptions::default() };
    args.changed.as_deref().map(|revision| changed::since(revision, &named, args.new_only)).transpose()
}

/// The run that flags and settings ask for at a moment, judging only what has changed.
pub fn request_at(
    args: &CheckArgs,
    settings: &Settings,
    file: Option<&Path>,
    clock: jiff::Timestamp,
    changes: Option<Changes>,
) -> Result<Request, CliError> {
    let home = trust::home(file)?;
    let stdin = args.paths.iter().any(|path| path == "-");
    let (mut texts, mut unread) = (Vec::new(), Vec::new());
    if stdin {
        match standard_input(args.stdin_filename.as_deref(), settings.file_size.value)? {
            Ok(source) => texts.push(home.keyed(source)),
            Err(problem) => unread.push(problem),
        }
    }
    let paths = named_paths(args);
    let mut charts = Vec::new();
    if args.render {
        let rendered = render::render(&paths)?;
        texts.extend(rendered.texts.into_iter().map(|source| home.keyed(source)));
        charts = rendered.charts;
    }
    let day = as_of(args.as_of.as_deref(), clock)?;
    let (only, lines) = changes.map_or((None, None), |changes| (Some(changes.files), changes.lines));
    Ok(Request {
        discover: DiscoverOptions {
            paths,
            include: settings.include.value.clone(),
            exclude: settings.exclude.value.clone(),
            force_exclude: args.force_exclude,
            max_size: settings.file_size.value << 20,
            ..DiscoverOptions::default()
        },
        texts,
        charts,
        unread,
        policies: settings.policy.value.clone(),
        policies_next: args.policy_next.clone(),
        namespaces: settings.namespace.value.clone(),
        combine: settings.combine.value,
        data: settings.data.value.clone(),
        limits: settings.rule_limits(),
        bench: Bench {
            fail_on: settings.fail_on.value,
            allow_empty: settings.allow_empty.value,
            as_of: day.clone(),
            trust: trust::trust(settings, file, &home, only.is_some())?,
        },
        threads: args.jobs,
        only,
        lines,
        waivers: trust::waiver_files(settings, file, &home)?,
        evidence: trust::evidence(settings, file, &home)?,
        now: trust::moment(&day, clock)?,
        home,
        clock: moment(&day, clock)?,
        allow: allowed(&args.allow),
        basis: None,
        occasion: None,
    })
}

/// The files and folders that were named.
fn named_paths(args: &CheckArgs) -> Vec<PathBuf> {
    args.paths.iter().filter(|path| *path != "-").map(PathBuf::from).collect()
}

/// What policies take for now: the time of the run, or the beginning of another day that was asked for.
fn moment(day: &str, clock: jiff::Timestamp) -> Result<jiff::Timestamp, CliError> {
    let wrong = |error: jiff::Error| CliError::Usage(error.to_string());
    let day: jiff::civil::Date = day.parse().map_err(wrong)?;
    if clock.to_zoned(jiff::tz::TimeZone::UTC).date() == day {
        return Ok(clock);
    }
    Ok(day.to_zoned(jiff::tz::TimeZone::UTC).map_err(wrong)?.timestamp())
}

/// The day of the run: today in UTC, a date, or `+Nd` from today.
fn as_of(given: Option<&str>, clock: jiff::Timestamp) -> Result<String, CliError> {
    let today = clock.to_zoned(jiff::tz::TimeZone::UTC).date();
    let Some(text) = given else { return Ok(today.to_string()) };
    let later = |days: &str| {
        let digits = !days.is_empty() && days.bytes().all(|byte| byte.is_ascii_digit());
        let days: i32 = digits.then(|| days.parse().ok()).flatten()?;
        today.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    };
    let day = match text.strip_prefix('+').and_then(|rest| rest.strip_suffix('d')) {
        Some(days) => later(days),
        None => crate::waiver::day(text),
    };
    let day = day.ok_or_else(|| {
        CliError::Usage(format!("`--as-of {text}` is no day of the calendar: write YYYY-MM-DD, or +30d"))
    })?;
    Ok(day.to_string())
}

/// Reads standard input, as `name` or `stdin.yaml`. What is no text is a problem for the verdict.
pub fn standard_input(name: Option<&str>, max_mib: u64) -> Result<Result<Source, Problem>, CliError> {
    let mut bytes = Vec::new();
    let limit = max_mib << 20;
    let read = std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| CliError::Io(format!("standard input can't be read: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(CliError::Usage(format!("standard input is larger than {max_mib} MiB: raise `--max-file-size`")));
    }
    Ok(decode(name.unwrap_or("stdin.yaml"), bytes))
}

/// A bar for work over a second, on a terminal only.
fn progress(args: &CheckArgs) -> Option<ProgressBar> {
    let quiet = ["CI", "PRE_COMMIT"].into_iter().any(|name| std::env::var_os(name).is_some());
    if args.no_progress || args.quiet || quiet || !std::io::stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
    bar.set_style(
        ProgressStyle::with_template("{wide_bar} {pos}/{len} files").unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    Some(bar)
}

fn write_stats(verdict: &Verdict, stats: &Stats, report: f64) {
    let counts = &verdict.counts;
    let documents: usize = counts.documents.values().sum();
    let line = format!(
        "files {}, documents {documents}, rules {}, evaluations {}\ndiscover {:.1} ms, parse {:.1} ms, load {:.1} ms, evaluate {:.1} ms, judge {:.1} ms, report {:.1} ms\n",
        counts.files,
        verdict.rules.len(),
        counts.evaluations,
        stats.discover.as_secs_f64() * 1e3,
        stats.parse.as_secs_f64() * 1e3,
        stats.load.as_secs_f64() * 1e3,
        stats.evaluate.as_secs_f64() * 1e3,
        stats.judge.as_secs_f64() * 1e3,
        report * 1e3,
    );
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}
