//! What the settings say of waivers and thresholds, for the gate; the files they name are read here.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CliError;
use crate::baseline::Baseline;
use crate::document::Kind;
use crate::evidence::Need;
use crate::judge::{Enforce, Trust};
use crate::settings::{Origin, RawEnforce, Settings, Term, Waivable};
use crate::source::Source;
use crate::waiver::{Pattern, Terms};

/// The largest waivers file.
const MAX_FILE: u64 = 16 << 20;

/// What the settings say; `partial` when the run sees only what has changed.
pub fn trust(settings: &Settings, file: Option<&Path>, partial: bool) -> Result<Trust, CliError> {
    let terms = Terms {
        approvers: settings.approvers.value.clone(),
        longest: settings.waiver_terms.value.iter().map(|(severity, term)| (*severity, term.whole_days())).collect(),
        notice: settings.waiver_notice.value.whole_days(),
        no_comments: !settings.inline_waivers.value,
    };
    let enforce: Result<Vec<Option<Enforce>>, CliError> =
        settings.enforce.value.iter().map(|raw| threshold(raw, &settings.env.value)).collect();
    let require = settings.require.value.iter().map(|(name, least)| Ok((kind(name)?, *least)));
    Ok(Trust {
        terms,
        partial,
        enforce: enforce?.into_iter().flatten().collect(),
        budget: settings.budget.value.iter().map(|(severity, budget)| (*severity, budget.max)).collect(),
        baseline: baseline_path(settings, file).map(|path| read_baseline(&path)).transpose()?,
        require: require.collect::<Result<_, CliError>>()?,
        require_rules: settings.require_rules.value,
    })
}

/// A threshold as it was typed, proven; none when it is for another environment.
fn threshold(raw: &RawEnforce, env: &str) -> Result<Option<Enforce>, CliError> {
    let pattern = |text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => {
            Pattern::new(text).map(Some).ok_or_else(|| CliError::Usage(format!("`{text}` in `enforce` is no glob")))
        }
    };
    let effective = raw.effective.as_deref().map(|text| {
        crate::waiver::day(text).ok_or_else(|| {
            CliError::Usage(format!("`effective: {text}` in `enforce` is no day of the calendar: write YYYY-MM-DD"))
        })
    });
    let enforce = Enforce {
        rule: pattern(&raw.rule)?,
        pack: pattern(&raw.pack)?,
        kind: raw.kind.as_deref().map(kind).transpose()?,
        path: pattern(&raw.path)?,
        severity: raw.severity,
        level: raw.level,
        waivers: raw.waivers.unwrap_or(Waivable::Any),
        effective: effective.transpose()?,
    };
    let here = pattern(&raw.env)?.is_none_or(|pattern| !env.is_empty() && pattern.matches(env));
    Ok(here.then_some(enforce))
}

fn kind(name: &str) -> Result<Kind, CliError> {
    let known = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    known.ok_or_else(|| {
        let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        CliError::Usage(format!("there is no kind `{name}`: {}", names.join(", ")))
    })
}

/// The reports that the settings require.
pub fn evidence(settings: &Settings) -> Result<Vec<Need>, CliError> {
    let needs = settings.evidence.value.iter().map(|(name, raw)| {
        let kind = kind(name)?;
        if raw.covers.is_some() && kind != Kind::Trivy {
            return Err(CliError::Usage(format!("`covers: images` is for `trivy`, not for `{name}`")));
        }
        Ok(Need {
            kind,
            min: raw.min.unwrap_or(1),
            max_age: raw.max_age.map(Term::seconds),
            covers_images: raw.covers.is_some(),
        })
    });
    needs.collect()
}

/// The moment of the run on the day it is for: `clock`, unless the day is another.
pub fn moment(day: &str, clock: jiff::Timestamp) -> Result<jiff::Timestamp, CliError> {
    let now = clock.to_zoned(jiff::tz::TimeZone::UTC);
    let day: jiff::civil::Date = day.parse().map_err(|error: jiff::Error| CliError::Usage(error.to_string()))?;
    let moment = day.to_datetime(now.time()).to_zoned(jiff::tz::TimeZone::UTC);
    moment.map(|zoned| zoned.timestamp()).map_err(|error| CliError::Usage(error.to_string()))
}

/// Where the baseline is, if one is asked for.
pub fn baseline_path(settings: &Settings, file: Option<&Path>) -> Option<PathBuf> {
    let named = &settings.baseline.value;
    let beside =
        if settings.baseline.origin == Origin::File { file.and_then(Path::parent).map(relative) } else { None };
    (!named.is_empty()).then(|| beside.unwrap_or_default().join(named))
}

/// Reads a baseline. One that can't be read must not look like an empty one.
pub fn read_baseline(path: &Path) -> Result<Baseline, CliError> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        CliError::Usage(format!("the baseline `{name}` can't be read: {error}; `regate baseline update` writes one"))
    })?;
    Baseline::parse(&text).map_err(|error| CliError::Usage(format!("`{name}` is no baseline: {error}")))
}

/// The waivers files: those that are named, or the default ones that are there.
pub fn waiver_files(settings: &Settings, file: Option<&Path>) -> Result<Vec<Arc<Source>>, CliError> {
    waiver_paths(settings, file)?.iter().map(|path| source(path)).collect()
}

/// Where waivers are, in the order in which they are read.
pub fn waiver_paths(settings: &Settings, file: Option<&Path>) -> Result<Vec<PathBuf>, CliError> {
    let beside = file.and_then(Path::parent).map_or_else(PathBuf::new, relative);
    let named = &settings.waivers.value;
    if named.is_empty() {
        let mut found = Vec::new();
        for path in [beside.join("waivers.yaml"), beside.join(".regate/waivers")] {
            if path.exists() {
                found.extend(listed(&path)?);
            }
        }
        return Ok(found);
    }
    // A flag's path is from here, a setting's from its file.
    let path = if settings.waivers.origin == Origin::File { beside.join(named) } else { PathBuf::from(named) };
    listed(&path)
}

/// The file, or the YAML files of the folder, sorted.
fn listed(path: &Path) -> Result<Vec<PathBuf>, CliError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let unreadable =
        |error: std::io::Error| CliError::Io(format!("the waivers in `{}` can't be read: {error}", path.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.extension().is_some_and(|end| end == "yaml" || end == "yml") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Waivers that can't be read must not look like none: the run stops.
fn source(path: &Path) -> Result<Arc<Source>, CliError> {
    let name = path.to_string_lossy().replace('\\', "/");
    let unreadable = |error: String| CliError::Io(format!("the waivers in `{name}` can't be read: {error}"));
    let length = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if length > MAX_FILE {
        return Err(unreadable("the file is larger than 16 MiB".to_owned()));
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    Ok(Arc::new(Source::new(name.strip_prefix("./").unwrap_or(&name), text)))
}

/// The folder as seen from here, if it is here or under it: names stay short.
fn relative(folder: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    folder.strip_prefix(&here).map_or_else(|_| folder.to_owned(), Path::to_owned)
}
