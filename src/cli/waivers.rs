//! `regate waivers` and `regate waive`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::{CheckArgs, Global, WaiveArgs};
use super::output::print;
use super::{CliError, check, settings, trust};
use crate::finding::ProblemCode;
use crate::gate::run as run_gate;
use crate::git::git;
use crate::judge::{Verdict, WaiverUse};
use crate::report::visible;
use crate::waiver::{appended, day, days_left, entry_text};

/// Lists the waivers of a run. Exit status 2 when one does not apply.
pub fn list(global: &Global, args: &CheckArgs) -> Result<u8, CliError> {
    let json = match args.output.as_slice() {
        [] => false,
        [format] if format == "human" => false,
        [format] if format == "json" => true,
        _ => return Err(CliError::Usage("waivers are listed as `-o human` or `-o json`".to_owned())),
    };
    let (settings, file) = settings::gather(global, args)?;
    let request = check::request(args, &settings, file.as_deref())?;
    let partial = request.only.is_some();
    let (verdict, _) = run_gate(&request, &|_, _| {}).map_err(CliError::Io)?;
    let listing = Listing::new(&verdict, settings.waiver_notice.value.whole_days(), partial);
    print(&if json { listing.json()? } else { listing.text() })?;
    Ok(if listing.void.is_empty() { 0 } else { 2 })
}

/// Every waiver of a run and how it stands.
#[derive(Serialize)]
struct Listing<'a> {
    as_of: &'a str,
    in_force: Vec<InForce<'a>>,
    void: Vec<Void<'a>>,
}

/// A waiver that holds.
#[derive(Serialize)]
struct InForce<'a> {
    state: &'static str,
    #[serde(flatten)]
    waiver: &'a WaiverUse,
}

/// An entry or comment that does not apply.
#[derive(Serialize)]
struct Void<'a> {
    state: &'static str,
    file: &'a str,
    line: u32,
    message: &'a str,
}

impl<'a> Listing<'a> {
    /// Those that end within `notice` days are about to expire. A `partial` run can't tell what is unused.
    fn new(verdict: &'a Verdict, notice: i32, partial: bool) -> Self {
        let in_force = verdict.waivers.iter().map(|waiver| {
            let soon = days_left(&verdict.as_of, &waiver.until) <= notice;
            let state = match (waiver.uses, soon) {
                (0, _) if !partial => "unused",
                (_, true) => "expiring",
                (_, false) => "active",
            };
            InForce { state, waiver }
        });
        let void = verdict.problems.iter().filter(|problem| !problem.notice).filter_map(|problem| {
            let state = match problem.code {
                ProblemCode::Waiver => "malformed",
                ProblemCode::WaiverExpired => "expired",
                ProblemCode::WaiverRefused => "refused",
                _ => return None,
            };
            let line = match (&problem.source, problem.labels.first()) {
                (Some(source), Some((span, _))) => source.position(span.start).line,
                _ => 1,
            };
            Some(Void { state, file: &problem.file, line, message: &problem.message })
        });
        Self { as_of: &verdict.as_of, in_force: in_force.collect(), void: void.collect() }
    }

    fn json(&self) -> Result<String, CliError> {
        let text = serde_json::to_string_pretty(self).map_err(|error| CliError::Io(error.to_string()))?;
        Ok(text + "\n")
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for InForce { state, waiver } in &self.in_force {
            let by = match waiver.approver.as_str() {
                "" => String::new(),
                approver => format!(", approved by {}", visible(approver)),
            };
            let owner = if waiver.owner.is_empty() { "nobody" } else { &waiver.owner };
            let _ = writeln!(
                text,
                "{state:<9} until {}  {}:{}  {}  ({} accepted)",
                waiver.until,
                visible(&waiver.file),
                waiver.line,
                visible(&waiver.subject),
                waiver.uses
            );
            let _ = writeln!(text, "          {} (owner {}{by})", visible(&waiver.reason), visible(owner));
        }
        for Void { state, file, line, message } in &self.void {
            let _ = writeln!(text, "{state:<9} {}:{line}  {}", visible(file), visible(message));
        }
        let (holds, void) = (self.in_force.len(), self.void.len());
        let verb = if void == 1 { "does" } else { "do" };
        let _ = writeln!(text, "\n{holds} in force, {void} that {verb} not apply, on {}", self.as_of);
        text
    }
}

/// Appends an entry to the waivers file.
pub fn add(global: &Global, args: &WaiveArgs) -> Result<u8, CliError> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let Some(until) = day(&args.until) else {
        return Err(CliError::Usage(format!("`--until {}` is no day of the calendar: write YYYY-MM-DD", args.until)));
    };
    if until < today {
        return Err(CliError::Usage(format!("`--until {until}` has passed: the waiver would never apply")));
    }
    let owner = args.owner.clone().unwrap_or_else(git_name);
    for (name, value) in [("--reason", &args.reason), ("--owner", &owner)] {
        if value.trim().is_empty() {
            return Err(CliError::Usage(format!("`{name}` is empty")));
        }
    }
    let what = args.what.trim();
    let fingerprint = what.len() >= 16 && what.chars().all(|c| c.is_ascii_digit() || matches!(c, 'a'..='f'));
    let optional = |value: &Option<String>| value.clone().unwrap_or_default();
    let (path, resource, ticket, approver) =
        (optional(&args.path), optional(&args.resource), optional(&args.ticket), optional(&args.approver));
    let fields = [
        (if fingerprint { "fingerprint" } else { "rule" }, what),
        ("path", &path),
        ("resource", &resource),
        ("reason", &args.reason),
        ("owner", &owner),
        ("ticket", &ticket),
        ("approver", &approver),
        ("created", &today.to_string()),
        ("expires", &args.until),
    ];
    let file = target(global, args)?;
    let name = file.display();
    let old = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(CliError::Io(format!("`{name}` can't be read: {error}"))),
    };
    let text = appended(&old, |indent| entry_text(&fields, indent))
        .map_err(|why| CliError::Usage(format!("`{name}` can't be appended to: {why}")))?;
    fs::write(&file, text).map_err(|error| CliError::Io(format!("`{name}` can't be written: {error}")))?;
    print(&format!("{name}: waives {what} until {}\n", args.until))
}

/// The file for a new entry: in a folder of waivers, `waivers.yaml`.
fn target(global: &Global, args: &WaiveArgs) -> Result<PathBuf, CliError> {
    let path = match &args.waivers {
        Some(path) => path.clone(),
        None => {
            let (settings, file) = settings::of_file(global)?;
            let home = trust::home(file.as_deref())?;
            trust::named_waivers(&settings, file.as_deref(), &home)
                .unwrap_or_else(|| trust::beside(file.as_deref(), &home).join("waivers.yaml"))
        }
    };
    Ok(if path.is_dir() { path.join("waivers.yaml") } else { path })
}

/// What git calls the user; empty when it does not know.
fn git_name() -> String {
    git(Path::new(""), &["config", "user.name"]).unwrap_or_default().trim().to_owned()
}
