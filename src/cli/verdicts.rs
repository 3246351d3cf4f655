//! `regate diff` and `regate replay`: verdicts of earlier runs.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use jiff::Timestamp;

use super::args::{CheckArgs, DiffArgs, Global, ReplayArgs};
use super::asked::{self, Arguments};
use super::changed::Changes;
use super::output::print;
use super::{CliError, check, settings};
use crate::compare::{Comparison, MAX_SIZE, Past, Recorded, compare, read, read_record, run};
use crate::gate::run as run_gate;
use crate::report::{pretty, run_json};

/// Compares two verdicts. Exit status 1 when they are not the same.
pub fn diff(args: &DiffArgs) -> Result<u8, CliError> {
    let [before, after] = [&args.before, &args.after].map(|path| {
        read(&text(path)?).map_err(|error| CliError::Usage(format!("`{}` can't be compared: {error}", path.display())))
    });
    let comparison = compare(&before?, &after?);
    tell(&comparison, args.json, "")
}

/// Runs again what a record was made of. Exit status 1 when the verdict is not the same.
pub fn replay(global: &Global, args: &ReplayArgs) -> Result<u8, CliError> {
    let wrong = |error: &dyn std::fmt::Display| {
        CliError::Usage(format!("`{}` can't be replayed: {error}", args.record.display()))
    };
    let Recorded { past, at, arguments } = read_record(&text(&args.record)?).map_err(|error| wrong(&error))?;
    let arguments: Arguments = serde_json::from_value(arguments).map_err(|error| wrong(&error))?;
    let clock: Timestamp = at.parse().map_err(|error: jiff::Error| wrong(&error))?;
    // A record is a file like any other: it must not start programs by itself.
    if arguments.render && !args.render {
        return Err(wrong(&"its run rendered charts or kustomizations; `--render` does so again"));
    }
    let now = again(global, args, &past, clock, arguments)?;
    let comparison = compare(&past, &now);
    tell(&comparison, args.json, &format!("record   of {at}, {}\n", args.record.display()))
}

/// The verdict of the same run today, on its own day.
fn again(
    global: &Global,
    args: &ReplayArgs,
    past: &Past,
    clock: Timestamp,
    arguments: Arguments,
) -> Result<Past, CliError> {
    let asked = Global { color: global.color, config: arguments.config, isolated: arguments.isolated };
    let (settings, file) = settings::gather_again(&asked, arguments.flags, arguments.environment, arguments.new_only)?;
    let check = CheckArgs {
        paths: arguments.paths,
        force_exclude: arguments.force_exclude,
        render: arguments.render,
        allow: arguments.allow,
        stdin_filename: arguments.stdin_filename,
        as_of: Some(past.as_of.clone()),
        jobs: args.jobs,
        ..CheckArgs::default()
    };
    let changes = arguments.changed.map(|names| Changes {
        files: names.iter().filter_map(|name| fs::canonicalize(name).ok()).collect(),
        lines: arguments.lines.map(|all| {
            all.into_iter().filter_map(|(name, lines)| Some((fs::canonicalize(name).ok()?, lines))).collect()
        }),
    });
    let mut request = check::request_at(&check, &settings, file.as_deref(), clock, changes)?;
    request.discover.own = arguments.reports;
    request.discover.own.push(args.record.clone());
    request.basis = Some(asked::basis(&settings, file.as_deref(), &request)?);
    let (verdict, _) = run_gate(&request, &|_, _| {}).map_err(CliError::Io)?;
    let json = run_json(&verdict).map_err(|error| CliError::Io(error.to_string()))?;
    run(json).map_err(|error| CliError::Io(error.to_string()))
}

fn tell(comparison: &Comparison, json: bool, head: &str) -> Result<u8, CliError> {
    let text = if json {
        let value = serde_json::to_value(comparison).map_err(|error| CliError::Io(error.to_string()))?;
        pretty(&value)
    } else {
        let (before, after) = (comparison.before.status.name(), comparison.after.status.name());
        let last = match (comparison.same, before == after) {
            (true, _) => format!("The verdict is the same: {}.", after.to_uppercase()),
            (false, true) => format!("Both are {}, and not for the same findings.", after.to_uppercase()),
            (false, false) => {
                format!("The verdict is another: {}, and was {}.", after.to_uppercase(), before.to_uppercase())
            }
        };
        format!("{head}{comparison}\n{last}\n")
    };
    print(&text)?;
    Ok(u8::from(!comparison.same))
}

/// The text of a report; never waits for a pipe and never reads without end.
fn text(path: &Path) -> Result<String, CliError> {
    let name = path.display();
    let refuse = |why: &str| CliError::Usage(format!("`{name}` can't be read: {why}"));
    let data = fs::metadata(path).map_err(|error| refuse(&error.to_string()))?;
    if !data.is_file() {
        return Err(refuse("this is no regular file"));
    }
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|error| refuse(&error.to_string()))?;
    let read = file.take(MAX_SIZE + 1).read_to_string(&mut text);
    read.map_err(|error| refuse(&error.to_string()))?;
    if text.len() as u64 > MAX_SIZE {
        return Err(refuse("it is larger than 256 MiB"));
    }
    Ok(text)
}
