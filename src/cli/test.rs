//! `regate test`.

use std::io::IsTerminal as _;
use std::path::Path;

use regex::Regex;

use super::args::{Global, TestArgs, allowed};
use super::{CliError, output, settings};
use crate::policy::load;
use crate::policy_test::{self, TestFormat, TestOptions, TestView};

/// Folders in which policies are looked for when nothing names one.
const USUAL: [&str; 2] = ["policy", "policies"];

/// Runs the tests, writes the reports, gives the exit status.
pub fn run(global: &Global, args: &TestArgs) -> Result<u8, CliError> {
    let (settings, _) = settings::plain(global)?;
    let names = if args.output.is_empty() { vec!["human".to_owned()] } else { args.output.clone() };
    let targets = output::targets::<TestFormat>(&names)?;
    let paths = paths(&args.paths, &settings.policy.value)?;
    let data = if args.data.is_empty() { &settings.data.value } else { &args.data };
    let options = TestOptions {
        run: args.run.as_deref().map(regex).transpose()?,
        limits: settings.rule_limits(),
        coverage: args.coverage,
        allow: allowed(&args.allow),
        clock: jiff::Timestamp::now(),
    };
    let (sources, errors) = load(&paths, data);
    let run = policy_test::run(&sources, errors, &options).map_err(CliError::Io)?;
    for target in &targets {
        let color = target.file.is_none() && output::color(global.color, std::io::stdout().is_terminal());
        let view = TestView { color, width: output::width(), verbose: args.verbose };
        match output::to_target(target, &mut |out| policy_test::write(&run, target.format, &view, out)) {
            // Whoever reads our output may stop early; the verdict stands.
            Ok(()) | Err(CliError::BrokenPipe) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(run.status.exit_code())
}

fn paths(given: &[String], settings: &[String]) -> Result<Vec<String>, CliError> {
    let named = if given.is_empty() { settings } else { given };
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let usual: Vec<String> = USUAL.into_iter().filter(|name| Path::new(name).is_dir()).map(str::to_owned).collect();
    if usual.is_empty() {
        return Err(CliError::Usage("name the folder of the policies: `regate test PATH`".to_owned()));
    }
    Ok(usual)
}

fn regex(text: &str) -> Result<Regex, CliError> {
    Regex::new(text).map_err(|error| CliError::Usage(format!("`--run {text}` is no regular expression: {error}")))
}
