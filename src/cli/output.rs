//! Where reports go, and in which colours.

use std::fmt;
use std::fs;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;
use std::str::FromStr;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report as Diagnostic,
};

use super::CliError;
use super::args::ColorChoice;
use crate::judge::Verdict;
use crate::report::{ReportFormat, ReportOptions, harmless, printable, report};

/// One report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target<F = ReportFormat> {
    /// Its format.
    pub format: F,
    /// Its file; standard output without one.
    pub file: Option<PathBuf>,
}

/// Reads `FORMAT` and `FORMAT=FILE`; two reports to one place are refused.
pub fn targets<F>(names: &[String]) -> Result<Vec<Target<F>>, CliError>
where
    F: FromStr<Err: fmt::Display>,
{
    let mut all: Vec<Target<F>> = Vec::new();
    for name in names {
        let (format, file) = name.split_once('=').map_or((name.as_str(), None), |(format, file)| (format, Some(file)));
        let format = F::from_str(format).map_err(|error| CliError::Usage(error.to_string()))?;
        let file = match file {
            Some("") => return Err(CliError::Usage(format!("`-o {name}` names no file"))),
            other => other.filter(|file| *file != "-").map(PathBuf::from),
        };
        if all.iter().any(|target| target.file == file) {
            let place = file.map_or_else(|| "standard output".to_owned(), |file| format!("`{}`", file.display()));
            return Err(CliError::Usage(format!(
                "two reports would be written to {place}: give one of them a file of its own, `-o FORMAT=FILE`"
            )));
        }
        all.push(Target { format, file });
    }
    Ok(all)
}

/// Writes a verdict in every format that was asked for.
pub fn write(
    verdict: &Verdict,
    targets: &[Target],
    choice: ColorChoice,
    verbose: bool,
    explain: bool,
) -> Result<(), CliError> {
    for target in targets {
        let to_stdout = target.file.is_none();
        let options = ReportOptions {
            color: to_stdout && color(choice, io::stdout().is_terminal()),
            width: width(),
            verbose,
            explain,
        };
        let report = report(target.format, &options);
        to_target(target, &mut |out| report.write(verdict, out))?;
    }
    Ok(())
}

/// Writes one report to where it goes.
pub fn to_target<F>(
    target: &Target<F>,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    let outcome = match &target.file {
        None => {
            let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
            write(&mut out).and_then(|()| out.flush())
        }
        Some(file) => fs::File::create(file).and_then(|opened| {
            let mut out = BufWriter::with_capacity(1 << 16, opened);
            write(&mut out).and_then(|()| out.flush())
        }),
    };
    let place = target.file.as_ref().map_or_else(|| "standard output".to_owned(), |file| file.display().to_string());
    outcome.map_err(|error| io_error(&place, &error))
}

/// Prints `text` to standard output; what would act on a terminal is shown as an escape.
pub fn print(text: &str) -> Result<u8, CliError> {
    let mut out = io::stdout().lock();
    out.write_all(printable(text).as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| io_error("standard output", &error))?;
    Ok(0)
}

/// Tells something on standard error.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", printable(text));
}

fn io_error(place: &str, error: &io::Error) -> CliError {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return CliError::BrokenPipe;
    }
    CliError::Io(format!("`{place}` can't be written: {error}"))
}

/// `--color` over `NO_COLOR` over `FORCE_COLOR` over the terminal or a CI system whose logs show colours.
#[must_use]
pub fn color(choice: ColorChoice, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR") => false,
        ColorChoice::Auto if set("FORCE_COLOR") => std::env::var_os("FORCE_COLOR").is_none_or(|value| value != "0"),
        ColorChoice::Auto if set("CLICOLOR_FORCE") => true,
        ColorChoice::Auto => {
            (terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"))
                || ["GITHUB_ACTIONS", "GITLAB_CI"].into_iter().any(set)
        }
    }
}

/// Columns of the terminal.
pub fn width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok())
        .map_or(100, |columns: usize| columns.clamp(60, 200))
}

/// An error as shown on standard error, with its place when it is in a file.
#[must_use]
pub fn error_text(error: &CliError) -> String {
    let plain = printable(&format!("error: {error}\n")).into_owned();
    let CliError::Settings(settings) = error else { return plain };
    let Some((source, span)) = &settings.place else { return plain + &printable(&settings.help) };
    let source = harmless(source);
    let mut diagnostic = MietteDiagnostic::new(printable(&settings.message).into_owned())
        .with_label(LabeledSpan::at(span.range(), "here"));
    if !settings.help.is_empty() {
        diagnostic = diagnostic.with_help(printable(&settings.help).into_owned());
    }
    let whole =
        Diagnostic::new(diagnostic).with_source_code(NamedSource::new(source.name(), source.text().to_string()));
    let mut text = String::new();
    let theme = if color(ColorChoice::Auto, io::stderr().is_terminal()) {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let _ = GraphicalReportHandler::new_themed(theme).with_links(false).render_report(&mut text, whole.as_ref());
    text
}
