//! `regate waivers` and `regate waive`.

use std::fmt::Write as _;
use std::fs;

use super::args::{CheckArgs, Global, WaiveArgs};
use super::output::print;
use super::{CliError, check, settings};
use crate::finding::ProblemCode;
use crate::gate::run as run_gate;
use crate::judge::Verdict;
use crate::report::visible;
use crate::waiver::{day, days_left, entry_text};

/// Lists the waivers of a run. Exit status 2 when one does not apply.
pub fn list(global: &Global, args: &CheckArgs) -> Result<u8, CliError> {
    let (settings, file) = settings::gather(global, args)?;
    let request = check::request(args, &settings, file.as_deref())?;
    let (verdict, _) = run_gate(&request, &|_, _| {}).map_err(CliError::Io)?;
    let (text, broken) = table(&verdict, settings.waiver_notice.value.whole_days());
    print(&text)?;
    Ok(if broken > 0 { 2 } else { 0 })
}

fn table(verdict: &Verdict, notice: i32) -> (String, usize) {
    let mut text = String::new();
    for waiver in &verdict.waivers {
        let left = days_left(&verdict.as_of, &waiver.until);
        let word = match (waiver.uses, left <= notice) {
            (0, _) => "unused",
            (_, true) => "expiring",
            (_, false) => "active",
        };
        let by = if waiver.approver.is_empty() {
            String::new()
        } else {
            format!(", approved by {}", visible(&waiver.approver))
        };
        let owner = if waiver.owner.is_empty() { "nobody" } else { &waiver.owner };
        let _ = writeln!(
            text,
            "{word:<9} until {}  {}:{}  {}  ({} accepted)",
            waiver.until,
            visible(&waiver.file),
            waiver.line,
            visible(&waiver.subject),
            waiver.uses
        );
        let _ = writeln!(text, "          {} (owner {}{by})", visible(&waiver.reason), visible(owner));
    }
    let broken: Vec<_> =
        verdict.problems.iter().filter(|problem| problem.code == ProblemCode::Waiver && !problem.notice).collect();
    for problem in &broken {
        let line = match (&problem.source, problem.labels.first()) {
            (Some(source), Some((span, _))) => source.position(span.start).line,
            _ => 1,
        };
        let _ = writeln!(text, "{:<9} {}:{line}  {}", "invalid", visible(&problem.file), visible(&problem.message));
    }
    let _ = writeln!(
        text,
        "\n{} in force, {} that do not apply, on {}",
        verdict.waivers.len(),
        broken.len(),
        verdict.as_of
    );
    (text, broken.len())
}

/// Appends an entry to the waivers file.
pub fn add(args: &WaiveArgs) -> Result<u8, CliError> {
    if day(&args.until).is_none() {
        return Err(CliError::Usage(format!("`--until {}` is no day of the calendar: write YYYY-MM-DD", args.until)));
    }
    for (name, value) in [("--reason", &args.reason), ("--owner", &args.owner)] {
        if value.trim().is_empty() {
            return Err(CliError::Usage(format!("`{name}` is empty")));
        }
    }
    let what = args.what.trim();
    let fingerprint = what.len() >= 16 && what.chars().all(|c| c.is_ascii_digit() || matches!(c, 'a'..='f'));
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let optional = |value: &Option<String>| value.clone().unwrap_or_default();
    let (path, resource, ticket, approver) =
        (optional(&args.path), optional(&args.resource), optional(&args.ticket), optional(&args.approver));
    let fields = [
        (if fingerprint { "fingerprint" } else { "rule" }, what),
        ("path", &path),
        ("resource", &resource),
        ("reason", &args.reason),
        ("owner", &args.owner),
        ("ticket", &ticket),
        ("approver", &approver),
        ("created", &today),
        ("expires", &args.until),
    ];
    let name = args.waivers.display();
    let old = match fs::read_to_string(&args.waivers) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => "waivers:\n".to_owned(),
        Err(error) => return Err(CliError::Io(format!("`{name}` can't be read: {error}"))),
    };
    let text = crate::waiver::appended(&old, |indent| entry_text(&fields, indent))
        .map_err(|why| CliError::Usage(format!("`{name}` can't be appended to: {why}")))?;
    fs::write(&args.waivers, text).map_err(|error| CliError::Io(format!("`{name}` can't be written: {error}")))?;
    print(&format!("{name}: waives {what} until {}\n", args.until))
}
