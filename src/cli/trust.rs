//! What the settings say of waivers and thresholds, for the gate; the files they name are read here.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CliError;
use crate::baseline::Baseline;
use crate::document::{Kind, Step};
use crate::evidence::{Need, REPORTS};
use crate::git::renames;
use crate::home::Home;
use crate::judge::{Enforce, Trust};
use crate::settings::{Origin, RawEnforce, Settings, SettingsError, Waivable};
use crate::source::{Source, Span};
use crate::waiver::{Pattern, People, Terms};

/// The largest waivers file.
const MAX_FILE: u64 = 16 << 20;

/// The largest baseline.
const MAX_BASELINE: u64 = 256 << 20;

/// What the settings say; `partial` when the run sees only what has changed.
pub fn trust(settings: &Settings, file: Option<&Path>, home: &Home, partial: bool) -> Result<Trust, CliError> {
    let terms = Terms {
        approvers: settings.approvers.value.clone(),
        longest: settings.waiver_terms.value.iter().map(|(severity, term)| (*severity, term.whole_days())).collect(),
        notice: settings.waiver_notice.value.whole_days(),
        approval: settings.approval.value.clone(),
        people: People::new(&settings.people.value),
        no_comments: !settings.inline_waivers.value,
    };
    let enforce: Result<Vec<Option<Enforce>>, CliError> = settings
        .enforce
        .value
        .iter()
        .enumerate()
        .map(|(at, raw)| {
            threshold(raw, &settings.env.value, &|key| {
                place(file, home, &["enforce".into(), at.into(), key.into()], false)
            })
        })
        .collect();
    let at = if settings.require.origin == Origin::File { file } else { None };
    let require = settings.require.value.iter().map(|(name, least)| {
        Ok((
            kind(name).map_err(|why| fault(why, place(at, home, &["require".into(), name.as_str().into()], true)))?,
            *least,
        ))
    });
    Ok(Trust {
        terms,
        partial,
        enforce: enforce?.into_iter().flatten().collect(),
        budget: settings.budget.value.iter().map(|(severity, budget)| (*severity, budget.max)).collect(),
        baseline: baseline(settings, file, home, partial)?,
        require: require.collect::<Result<_, CliError>>()?,
        require_rules: settings.require_rules.value,
    })
}

/// A place in the settings file.
type Spot = Option<(Arc<Source>, Span)>;

/// Where something stands in the settings file, for messages about it: a value, or its key.
fn place(file: Option<&Path>, home: &Home, path: &[Step], key: bool) -> Spot {
    let file = file?;
    let name = home.shown(file).display().to_string();
    crate::settings::place(&name, &fs::read_to_string(file).ok()?, path, key)
}

/// Something wrong in the settings, at its place.
fn fault(message: String, place: Spot) -> CliError {
    CliError::Settings(SettingsError { message, place, help: String::new() })
}

/// A threshold as it was typed, proven; none when it is for another environment. `at` finds its keys.
fn threshold(raw: &RawEnforce, env: &str, at: &dyn Fn(&str) -> Spot) -> Result<Option<Enforce>, CliError> {
    let pattern = |key: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => {
            Pattern::new(text).map(Some).ok_or_else(|| fault(format!("`{text}` in `enforce` is no glob"), at(key)))
        }
    };
    let effective = raw.effective.as_deref().map(|text| {
        crate::waiver::day(text).ok_or_else(|| {
            let message = format!("`effective: {text}` in `enforce` is no day of the calendar: write YYYY-MM-DD");
            fault(message, at("effective"))
        })
    });
    let kind = raw.kind.as_deref().map(|name| kind(name).map_err(|why| fault(why, at("kind"))));
    let named = if raw.rule.is_some() { "rule" } else { "pack" };
    let enforce = Enforce {
        rule: pattern("rule", &raw.rule)?,
        pack: pattern("pack", &raw.pack)?,
        kind: kind.transpose()?,
        path: pattern("path", &raw.path)?,
        severity: raw.severity,
        level: raw.level,
        waivers: raw.waivers.unwrap_or(Waivable::Any),
        effective: effective.transpose()?,
        place: if raw.rule.is_some() || raw.pack.is_some() { at(named) } else { None },
    };
    let here = pattern("env", &raw.env)?.is_none_or(|pattern| !env.is_empty() && pattern.matches(env));
    Ok(here.then_some(enforce))
}

fn kind(name: &str) -> Result<Kind, String> {
    let known = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    known.ok_or_else(|| {
        let near = Kind::ALL.map(|kind| (strsim::damerau_levenshtein(name, kind.name()), kind.name()));
        let near = near.into_iter().min().filter(|near| near.0 <= 2);
        let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        let known = near.map_or_else(|| names.join(", "), |near| format!("did you mean `{}`?", near.1));
        format!("there is no kind `{name}`: {known}")
    })
}

/// The reports that the settings require.
pub fn evidence(settings: &Settings, file: Option<&Path>, home: &Home) -> Result<Vec<Need>, CliError> {
    let needs = settings.evidence.value.iter().map(|(name, raw)| {
        let wrong = |why: String| fault(why, place(file, home, &["evidence".into(), name.as_str().into()], true));
        let kind = kind(name).map_err(wrong)?;
        if !REPORTS.contains(&kind) {
            let names: Vec<_> = REPORTS.iter().map(|kind| kind.name()).collect();
            return Err(wrong(format!("`{name}` in `evidence` is no report: {}", names.join(", "))));
        }
        if raw.covers.is_some() && kind != Kind::Trivy {
            return Err(wrong(format!("`covers: images` is for `trivy`, not for `{name}`")));
        }
        Ok(Need {
            kind,
            min: raw.min.unwrap_or(1),
            max_age: raw.max_age,
            covers_images: raw.covers.is_some(),
            commit: raw.commit.unwrap_or_default(),
            unmet: raw.unmet.unwrap_or_default(),
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
pub fn baseline_path(settings: &Settings, file: Option<&Path>, home: &Home) -> Option<PathBuf> {
    let named = &settings.baseline.value;
    (!named.is_empty()).then(|| match settings.baseline.origin {
        Origin::File => beside(file, home).join(named),
        Origin::Default => home.path(named),
        Origin::Flag | Origin::Environment => PathBuf::from(named),
    })
}

/// From where files are called in waivers, thresholds and the baseline.
pub fn home(file: Option<&Path>) -> Result<Home, CliError> {
    let here = std::env::current_dir();
    let here = here.map_err(|error| CliError::Io(format!("the current folder can't be entered: {error}")))?;
    Ok(Home::find(&here, file))
}

/// The settings' folder, and without settings home.
pub fn beside(file: Option<&Path>, home: &Home) -> PathBuf {
    let Some(folder) = file.and_then(Path::parent) else { return home.path("") };
    home.shown(folder)
}

/// The baseline, with what its files are called now. In a run on what has changed since a
/// revision, that alone says what is new, so there only a baseline that was named must be there.
fn baseline(
    settings: &Settings,
    file: Option<&Path>,
    home: &Home,
    partial: bool,
) -> Result<Option<Baseline>, CliError> {
    let Some(path) = baseline_path(settings, file, home) else { return Ok(None) };
    if partial && settings.baseline.origin == Origin::Default && !path.exists() {
        return Ok(None);
    }
    let mut baseline = read_baseline(&path)?;
    if baseline.findings.iter().any(|entry| !home.folder().join(&entry.file).exists()) {
        // Without git nothing is known of renames, and what was renamed is new.
        for (new, olds) in renames(&path).unwrap_or_default() {
            if let Some(new) = home.key_of(&new) {
                baseline.renamed.insert(new, olds.iter().filter_map(|old| home.key_of(old)).collect());
            }
        }
    }
    Ok(Some(baseline))
}

/// Reads a baseline. One that can't be read must not look like an empty one.
pub fn read_baseline(path: &Path) -> Result<Baseline, CliError> {
    let name = path.display();
    if fs::metadata(path).is_ok_and(|data| data.len() > MAX_BASELINE) {
        return Err(CliError::Usage(format!("the baseline `{name}` is larger than 256 MiB")));
    }
    let text = fs::read_to_string(path).map_err(|error| {
        CliError::Usage(format!("the baseline `{name}` can't be read: {error}; `regate baseline update` writes one"))
    })?;
    Baseline::parse(&text).map_err(|error| CliError::Usage(format!("`{name}` is no baseline: {error}")))
}

/// The waivers files: those that are named, or the default ones that are there.
pub fn waiver_files(settings: &Settings, file: Option<&Path>, home: &Home) -> Result<Vec<Arc<Source>>, CliError> {
    waiver_paths(settings, file, home)?.iter().map(|path| source(path, home)).collect()
}

/// Where waivers are, in the order in which they are read.
pub fn waiver_paths(settings: &Settings, file: Option<&Path>, home: &Home) -> Result<Vec<PathBuf>, CliError> {
    if let Some(path) = named_waivers(settings, file, home) {
        return listed(&path);
    }
    let beside = beside(file, home);
    let mut found = Vec::new();
    for path in [beside.join("waivers.yaml"), beside.join(".regate/waivers")] {
        if path.exists() {
            found.extend(listed(&path)?);
        }
    }
    Ok(found)
}

/// The file or folder of waivers that flag or settings name: a flag's path is from here, a setting's from its file.
pub fn named_waivers(settings: &Settings, file: Option<&Path>, home: &Home) -> Option<PathBuf> {
    let named = &settings.waivers.value;
    let at_file = settings.waivers.origin == Origin::File;
    (!named.is_empty()).then(|| if at_file { beside(file, home).join(named) } else { PathBuf::from(named) })
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
fn source(path: &Path, home: &Home) -> Result<Arc<Source>, CliError> {
    let name = path.to_string_lossy().replace('\\', "/");
    let unreadable = |error: String| CliError::Io(format!("the waivers in `{name}` can't be read: {error}"));
    let length = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if length > MAX_FILE {
        return Err(unreadable("the file is larger than 16 MiB".to_owned()));
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    Ok(home.keyed(Source::new(name.strip_prefix("./").unwrap_or(&name), text)))
}
