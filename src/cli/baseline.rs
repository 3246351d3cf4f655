//! `regate baseline`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::args::{BaselineArgs, BaselineCommand, CheckArgs, Global};
use super::output::print;
use super::{CliError, check, settings, trust};
use crate::baseline::{BASELINE_FILE, Baseline};
use crate::finding::ProblemCode;
use crate::gate::run as run_gate;

/// Updates or shows the baseline.
pub fn run(global: &Global, args: &BaselineArgs) -> Result<u8, CliError> {
    match &args.command {
        BaselineCommand::Update(args) => update(global, args),
        BaselineCommand::Show { file } => show(global, file.as_deref()),
    }
}

fn update(global: &Global, args: &CheckArgs) -> Result<u8, CliError> {
    let (settings, file) = settings::gather(global, args)?;
    let home = trust::home(file.as_deref())?;
    let target = trust::baseline_path(&settings, file.as_deref(), &home).unwrap_or_else(|| home.path(BASELINE_FILE));
    let mut plain = settings;
    plain.baseline.value.clear();
    let request = check::request(args, &plain, file.as_deref())?;
    if request.only.is_some() {
        return Err(CliError::Usage(
            "a baseline of changed files only would forget all others: leave out `--changed`".to_owned(),
        ));
    }
    let (verdict, _) = run_gate(&request, &|_, _| {}).map_err(CliError::Io)?;
    // What could not be checked must not look mended in the next comparison.
    let blind = |code| {
        matches!(
            code,
            ProblemCode::Unreadable
                | ProblemCode::Syntax
                | ProblemCode::PolicyInvalid
                | ProblemCode::PolicyFailed
                | ProblemCode::PolicyLimit
        )
    };
    if let Some(problem) = verdict.problems.iter().find(|problem| !problem.notice && blind(problem.code)) {
        return Err(CliError::Usage(format!(
            "the baseline is not written, because not all could be checked: {} {}",
            problem.file, problem.message
        )));
    }
    let baseline = Baseline::of(&verdict);
    let text = serde_json::to_string_pretty(&baseline).map_err(|error| CliError::Io(error.to_string()))?;
    fs::write(&target, text + "\n")
        .map_err(|error| CliError::Io(format!("`{}` can't be written: {error}", target.display())))?;
    let known: usize = baseline.findings.iter().map(|entry| entry.count).sum();
    print(&format!("{}: {known} findings\n", target.display()))
}

fn show(global: &Global, named: Option<&Path>) -> Result<u8, CliError> {
    let file = match named {
        Some(file) => file.to_owned(),
        None => {
            let (settings, file) = settings::of_file(global)?;
            let home = trust::home(file.as_deref())?;
            trust::baseline_path(&settings, file.as_deref(), &home).unwrap_or_else(|| home.path(BASELINE_FILE))
        }
    };
    let baseline = trust::read_baseline(&file)?;
    let mut text = format!("baseline of {}, written by regate {}\n\n", baseline.as_of, baseline.tool);
    for entry in &baseline.findings {
        let times = if entry.count == 1 { String::new() } else { format!(" (x{})", entry.count) };
        let _ = writeln!(
            text,
            "{}: {} {} {}{times}",
            crate::report::visible(&entry.file),
            crate::report::visible(&entry.rule),
            crate::report::visible(&entry.resource),
            entry.fingerprint
        );
    }
    let _ = writeln!(text, "\n{} entries", baseline.findings.len());
    print(&text)
}
