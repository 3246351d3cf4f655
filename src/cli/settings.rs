//! The layers of settings: flags, environment, file; and `regate settings`.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::CliError;
use super::args::{CheckArgs, Global};
use super::output::print;
use crate::baseline::BASELINE_FILE;
use crate::finding::Severity;
use crate::home::Home;
use crate::settings::{Origin, Picked, RawLimits, RawSettings, Settings, find, parse, resolve};

/// The settings of a command and the file they were found in.
pub fn gather(global: &Global, args: &CheckArgs) -> Result<(Settings, Option<PathBuf>), CliError> {
    gather_again(global, from_flags(args), from_environment()?, args.new_only)
}

/// The settings of a command without the flags of `check`.
pub fn of_file(global: &Global) -> Result<(Settings, Option<PathBuf>), CliError> {
    let (file, path) = from_file(global)?;
    Ok((resolve(RawSettings::default(), from_environment()?, file), path))
}

/// The settings of a command without flags for them.
pub fn plain(global: &Global) -> Result<(Settings, Option<PathBuf>), CliError> {
    let (file, path) = from_file(global)?;
    Ok((resolve(RawSettings::default(), from_environment()?, file), path))
}

/// The settings of a run that was asked for earlier, under the file of today.
pub fn gather_again(
    global: &Global,
    flags: RawSettings,
    environment: RawSettings,
    new_only: bool,
) -> Result<(Settings, Option<PathBuf>), CliError> {
    let (file, path) = from_file(global)?;
    let mut settings = resolve(flags, environment, file);
    if new_only && settings.baseline.value.is_empty() {
        settings.baseline = Picked { value: BASELINE_FILE.to_owned(), origin: Origin::Default };
    }
    Ok((settings, path))
}

/// What flags and what the environment set, without where reports go.
pub fn asked(args: &CheckArgs) -> Result<(RawSettings, RawSettings), CliError> {
    let (mut flags, mut environment) = (from_flags(args), from_environment()?);
    flags.output = None;
    environment.output = None;
    Ok((flags, environment))
}

/// `regate settings`.
pub fn run(global: &Global, args: &CheckArgs) -> Result<u8, CliError> {
    let (settings, path) = gather(global, args)?;
    let mut text = match &path {
        Some(path) => format!("settings file: {}\n\n", path.display()),
        None => "settings file: none found\n\n".to_owned(),
    };
    let json = serde_json::to_value(&settings).map_err(|error| CliError::Io(error.to_string()))?;
    for (name, picked) in json.as_object().into_iter().flatten() {
        let value = picked.get("value").map(ToString::to_string).unwrap_or_default();
        let origin = picked.get("origin").and_then(|origin| origin.as_str()).unwrap_or("");
        let _ = writeln!(text, "{name:<12} {value:<32} {origin}");
    }
    print(&text)
}

fn from_file(global: &Global) -> Result<(RawSettings, Option<PathBuf>), CliError> {
    let path = match (&global.config, global.isolated) {
        (_, true) => None,
        (Some(path), _) => Some(path.clone()),
        (None, _) => std::env::current_dir().ok().and_then(|folder| find(&folder)),
    };
    let Some(path) = path else { return Ok((RawSettings::default(), None)) };
    let here = std::env::current_dir().unwrap_or_default();
    let name = Home::find(&here, Some(&path)).shown(&path).display().to_string();
    let text =
        std::fs::read_to_string(&path).map_err(|error| CliError::Io(format!("`{name}` can't be read: {error}")))?;
    Ok((parse(&name, &text)?, Some(path)))
}

fn from_flags(args: &CheckArgs) -> RawSettings {
    let list = |given: &Vec<String>| (!given.is_empty()).then(|| given.clone());
    RawSettings {
        policy: list(&args.policy),
        namespace: list(&args.namespace),
        data: list(&args.data),
        combine: args.combine.then_some(true),
        include: list(&args.include),
        exclude: list(&args.exclude),
        fail_on: args.fail_on,
        allow_empty: args.allow_empty.then_some(true),
        output: list(&args.output),
        waivers: args.waivers.clone(),
        env: args.env.clone(),
        baseline: args.baseline.clone(),
        require: (!args.require.is_empty()).then(|| args.require.iter().cloned().collect()),
        require_rules: args.require_rules,
        limits: RawLimits { file_size: args.max_file_size, ..RawLimits::default() },
        ..RawSettings::default()
    }
}

/// `REGATE_FAIL_ON`, `REGATE_POLICY` and so on; lists are separated by commas.
fn from_environment() -> Result<RawSettings, CliError> {
    let list = |name: &str| {
        let text = std::env::var(name).ok().filter(|text| !text.is_empty())?;
        Some(text.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>())
    };
    let severity = variable(
        "REGATE_FAIL_ON",
        |text| Severity::ALL.into_iter().find(|s| s.name() == text),
        "low, medium, high or critical",
    )?;
    let number = |name| variable(name, |text| text.parse::<u64>().ok(), "a whole number");
    Ok(RawSettings {
        policy: list("REGATE_POLICY"),
        namespace: list("REGATE_NAMESPACE"),
        data: list("REGATE_DATA"),
        combine: variable("REGATE_COMBINE", |text| text.parse().ok(), "true or false")?,
        include: list("REGATE_INCLUDE"),
        exclude: list("REGATE_EXCLUDE"),
        fail_on: severity,
        allow_empty: variable("REGATE_ALLOW_EMPTY", |text| text.parse().ok(), "true or false")?,
        output: list("REGATE_OUTPUT"),
        env: std::env::var("REGATE_ENV").ok().filter(|text| !text.is_empty()),
        limits: RawLimits {
            file_size: number("REGATE_FILE_SIZE")?,
            rule_time: number("REGATE_RULE_TIME")?,
            rule_steps: number("REGATE_RULE_STEPS")?,
            rule_memory: number("REGATE_RULE_MEMORY")?,
            rule_depth: number("REGATE_RULE_DEPTH")?,
            result_items: number("REGATE_RESULT_ITEMS")?,
            result_text: number("REGATE_RESULT_TEXT")?,
            regex_size: number("REGATE_REGEX_SIZE")?,
            policy_nesting: number("REGATE_POLICY_NESTING")?,
        },
        ..RawSettings::default()
    })
}

fn variable<T>(name: &str, read: impl Fn(&str) -> Option<T>, wants: &str) -> Result<Option<T>, CliError> {
    match std::env::var(name).ok().filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match read(&text) {
            Some(value) => Ok(Some(value)),
            None => Err(CliError::Usage(format!("{name} is `{text}`, and must be {wants}"))),
        },
    }
}
