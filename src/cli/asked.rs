//! How a run was asked for: what a decision record keeps, so that it can be made again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::args::{CheckArgs, Global, Grant};
use super::{CliError, settings, trust};
use crate::basis::{Basis, Digest, Digested, Occasion, SettingsBasis};
use crate::gate::Request;
use crate::git::Lines;
use crate::settings::{RawSettings, Settings};

/// What was typed, without where the reports go: no report changes a verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The paths, `-` for standard input.
    pub paths: Vec<String>,
    /// What flags set.
    pub flags: RawSettings,
    /// What `REGATE_…` variables set.
    pub environment: RawSettings,
    /// `--config`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<PathBuf>,
    /// `--isolated`.
    pub isolated: bool,
    /// `--force-exclude`.
    pub force_exclude: bool,
    /// `--render`.
    pub render: bool,
    /// `--allow`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Grant>,
    /// `--stdin-filename`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin_filename: Option<String>,
    /// The files that `--changed` left to judge: what git says later is another question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Vec<String>>,
    /// Their changed lines, where only those were to count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<BTreeMap<String, Lines>>,
    /// `--new-only`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new_only: bool,
    /// The files that reports were written to: they are no inputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<PathBuf>,
}

impl Arguments {
    /// The arguments of a run that is about to start.
    fn of(global: &Global, args: &CheckArgs, request: &Request) -> Result<Self, CliError> {
        let (flags, environment) = settings::asked(args)?;
        let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
        let name = |path: &PathBuf| path.strip_prefix(&here).unwrap_or(path).to_string_lossy().replace('\\', "/");
        Ok(Self {
            paths: args.paths.clone(),
            flags,
            environment,
            config: global.config.clone(),
            isolated: global.isolated,
            force_exclude: args.force_exclude,
            render: args.render,
            allow: args.allow.clone(),
            stdin_filename: args.stdin_filename.clone(),
            changed: request.only.as_ref().map(|only| only.iter().map(name).collect()),
            lines: request
                .lines
                .as_ref()
                .map(|all| all.iter().map(|(file, lines)| (name(file), lines.clone())).collect()),
            new_only: args.new_only,
            reports: request.discover.own.clone(),
        })
    }

    /// The same as JSON, without what was not set.
    fn json(&self) -> Result<Json, CliError> {
        let mut json = serde_json::to_value(self).map_err(|error| CliError::Io(error.to_string()))?;
        drop_nulls(&mut json);
        Ok(json)
    }
}

/// Notes in `request` what a report with digests needs to know of how it came about.
pub fn note(
    global: &Global,
    args: &CheckArgs,
    settings: &Settings,
    file: Option<&Path>,
    time: Timestamp,
    request: &mut Request,
) -> Result<(), CliError> {
    let arguments = Arguments::of(global, args, request)?.json()?;
    request.occasion = Some(Occasion { time, arguments });
    request.basis = Some(basis(settings, file, request)?);
    Ok(())
}

/// What of a run's basis the settings say.
pub fn basis(settings: &Settings, file: Option<&Path>, request: &Request) -> Result<Basis, CliError> {
    let baseline = trust::baseline_path(settings, file, &request.home);
    // A run on what has changed may do without one.
    let baseline = baseline.filter(|_| request.bench.trust.baseline.is_some());
    Ok(Basis {
        settings: SettingsBasis { file: file.map(digested).transpose()?, ..values(settings)? },
        baseline: baseline.as_deref().map(digested).transpose()?,
        ..Basis::default()
    })
}

/// What counts, and its digest. Where reports go is no part of it.
fn values(settings: &Settings) -> Result<SettingsBasis, CliError> {
    let json = serde_json::to_value(settings).map_err(|error| CliError::Io(error.to_string()))?;
    let picked = json.as_object().into_iter().flatten().filter(|(name, _)| *name != "output");
    let values: Json = picked
        .map(|(name, picked)| (name.clone(), picked.get("value").cloned().unwrap_or_default()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    Ok(SettingsBasis { digest: Digest::of_json(&values), file: None, values })
}

fn digested(path: &Path) -> Result<Digested, CliError> {
    let name = shown(path);
    let bytes = fs::read(path).map_err(|error| CliError::Io(format!("`{name}` can't be read: {error}")))?;
    Ok(Digested::new(name, bytes))
}

/// The path as seen from here: a record says nothing of the machine that it was made on.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let seen = here.ancestors().enumerate().find_map(|(ups, folder)| {
        let rest = path.strip_prefix(folder).ok()?;
        (ups == 0 || rest.components().count() == 1).then(|| PathBuf::from("../".repeat(ups)).join(rest))
    });
    let name = seen.as_deref().unwrap_or(path).to_string_lossy().replace('\\', "/");
    name.strip_prefix("./").unwrap_or(&name).to_owned()
}

fn drop_nulls(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Json::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
