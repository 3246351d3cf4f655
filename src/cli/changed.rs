//! `--changed`: what git says has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::CliError;
use crate::git::{Lines, changed_lines, git};

/// What has changed since the merge base of HEAD and a revision.
pub struct Changes {
    /// Files: committed, staged, unstaged and untracked; deleted ones left out. Absolute, without links.
    pub files: BTreeSet<PathBuf>,
    /// Every file that git keeps.
    pub tracked: BTreeSet<PathBuf>,
    /// The lines of the changed ones, where they were asked for.
    pub lines: Option<BTreeMap<PathBuf, Lines>>,
}

/// Asks git what has changed since `revision`, with the `lines` if they are wanted.
pub fn since(revision: &str, lines: bool) -> Result<Changes, CliError> {
    if revision.starts_with('-') {
        return Err(CliError::Usage(format!("`{revision}` is no revision")));
    }
    let top = PathBuf::from(run(&["rev-parse", "--show-toplevel"])?.trim_end());
    let base = run(&["merge-base", revision, "HEAD"])
        .or_else(|_| run(&["rev-parse", "--verify", &format!("{revision}^{{commit}}")]))?;
    let base = base.trim_end();
    let changed = run(&["diff", "--name-only", "-z", "--no-ext-diff", "--find-renames", "--diff-filter=d", base])?;
    let untracked = run(&["ls-files", "--others", "--exclude-standard", "-z", "--full-name", ":/"])?;
    let tracked = run(&["ls-files", "-z", "--full-name", ":/"])?;
    let top = top.canonicalize().unwrap_or(top);
    let files = |names: &str| -> BTreeSet<PathBuf> {
        let names = names.split('\0').filter(|name| !name.is_empty());
        names.filter_map(|name| top.join(name).canonicalize().ok()).collect()
    };
    let untracked = files(&untracked);
    let lines = lines.then(|| changed_lines(&top, base).map_err(CliError::Usage)).transpose()?.map(|found| {
        // A link is where it leads to.
        let found = found.into_iter().filter_map(|(path, lines)| Some((path.canonicalize().ok()?, lines)));
        found.chain(untracked.iter().map(|path| (path.clone(), Lines::All))).collect()
    });
    // Links are left as they are: what they lead to is kept under its own name, or is not kept.
    let tracked = tracked.split('\0').filter(|name| !name.is_empty()).map(|name| top.join(name)).collect();
    Ok(Changes { tracked, files: files(&changed).into_iter().chain(untracked).collect(), lines })
}

fn run(args: &[&str]) -> Result<String, CliError> {
    git(Path::new(""), args).map_err(CliError::Usage)
}
