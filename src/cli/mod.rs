//! The command line: what can be asked, and the exit status of the answer.
//!
//! The one module that may write to standard output and error.

mod args;
mod asked;
mod baseline;
mod changed;
mod check;
mod explain;
mod output;
mod parse;
mod render;
mod rules;
mod settings;
mod shell;
mod test;
mod trust;
mod verdicts;
mod waivers;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

pub use args::Cli;

/// Why a command could not be carried out: told on standard error, exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// Something that the user asked for makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The settings file is wrong.
    #[error(transparent)]
    Settings(#[from] crate::settings::SettingsError),
    /// A file could not be written or a program not be run.
    #[error("{0}")]
    Io(String),
    /// The reader of standard output went away: no fault of ours.
    #[error("the reader of the output is gone")]
    BrokenPipe,
}

/// Runs the command line and gives the exit status.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(CliError::BrokenPipe) => ExitCode::from(2),
        Err(error) => {
            let mut stderr = std::io::stderr().lock();
            let _ = stderr.write_all(output::error_text(&error).as_bytes());
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Result<u8, CliError> {
    match cli.command {
        args::Command::Check(args) => check::run(&cli.global, &args),
        args::Command::Explain(args) => explain::run(&args),
        args::Command::Parse(args) => parse::run(&args),
        args::Command::Rules(args) => rules::run(&args),
        args::Command::Test(args) => test::run(&cli.global, &args),
        args::Command::Waivers(args) => waivers::list(&cli.global, &args),
        args::Command::Waive(args) => waivers::add(&cli.global, &args),
        args::Command::Baseline(args) => baseline::run(&cli.global, &args),
        args::Command::Diff(args) => verdicts::diff(&args),
        args::Command::Replay(args) => verdicts::replay(&cli.global, &args),
        args::Command::Settings(args) => settings::run(&cli.global, &args),
        args::Command::Schema(args) => shell::schema(&args),
        args::Command::Completions(args) => shell::completions(&args, &mut Cli::command()),
        args::Command::Man => shell::man(&Cli::command()),
    }
}
