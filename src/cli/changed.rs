//! `--changed`: what git says has changed.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use super::CliError;

/// The files changed since the merge base of HEAD and `revision`: committed,
/// staged, unstaged and untracked; deleted ones left out. Absolute, without links.
pub fn names(revision: &str) -> Result<BTreeSet<PathBuf>, CliError> {
    if revision.starts_with('-') {
        return Err(CliError::Usage(format!("`{revision}` is no revision")));
    }
    let top = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?.trim_end());
    let base = git(&["merge-base", revision, "HEAD"])
        .or_else(|_| git(&["rev-parse", "--verify", &format!("{revision}^{{commit}}")]))?;
    let changed =
        git(&["diff", "--name-only", "-z", "--no-ext-diff", "--find-renames", "--diff-filter=d", base.trim_end()])?;
    let untracked = git(&["ls-files", "--others", "--exclude-standard", "-z", "--full-name", ":/"])?;
    let top = top.canonicalize().unwrap_or(top);
    let names = changed.split('\0').chain(untracked.split('\0')).filter(|name| !name.is_empty());
    Ok(names.filter_map(|name| top.join(name).canonicalize().ok()).collect())
}

fn git(args: &[&str]) -> Result<String, CliError> {
    let out = Command::new("git")
        .args(args)
        .output()
        .map_err(|error| CliError::Io(format!("`--changed` needs git: {error}")))?;
    if !out.status.success() {
        let message = String::from_utf8_lossy(&out.stderr);
        return Err(CliError::Usage(format!("git {}: {}", args.join(" "), message.trim())));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}
