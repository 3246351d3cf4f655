//! What the settings say of waivers and thresholds, for the gate; the files they name are read here.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CliError;
use crate::judge::Trust;
use crate::settings::Settings;
use crate::source::Source;
use crate::waiver::Terms;

/// The largest waivers file.
const MAX_FILE: u64 = 16 << 20;

/// What the settings say; `partial` when the run sees only what has changed.
pub fn trust(settings: &Settings, partial: bool) -> Trust {
    let terms = Terms {
        approvers: settings.approvers.value.clone(),
        longest: settings.waiver_terms.value.iter().map(|(severity, term)| (*severity, term.whole_days())).collect(),
        notice: settings.waiver_notice.value.whole_days(),
        no_comments: !settings.inline_waivers.value,
    };
    Trust { terms, partial }
}

/// The waivers files: those that are named, or the default ones that are there.
pub fn waiver_files(settings: &Settings, file: Option<&Path>) -> Result<Vec<Arc<Source>>, CliError> {
    waiver_paths(settings, file)?.iter().map(|path| source(path)).collect()
}

/// Where waivers are, in the order in which they are read.
pub fn waiver_paths(settings: &Settings, file: Option<&Path>) -> Result<Vec<PathBuf>, CliError> {
    let beside = file.and_then(Path::parent).map_or_else(PathBuf::new, |folder| relative(folder));
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
    let path = if settings.waivers.origin == crate::settings::Origin::File {
        beside.join(named)
    } else {
        PathBuf::from(named)
    };
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
