//! `--changed`: what git says has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::CliError;
use crate::discover::{DiscoverOptions, discover};
use crate::git::{Lines, changed_lines, git};

/// What has changed since the merge base of HEAD and a revision.
pub struct Changes {
    /// Files: committed, staged, unstaged, and those that git does not keep; deleted ones left out. Absolute, without links.
    pub files: BTreeSet<PathBuf>,
    /// The lines of the changed ones, where they were asked for.
    pub lines: Option<BTreeMap<PathBuf, Lines>>,
}

/// Asks git what has changed since `revision`, with the `lines` if they are wanted.
///
/// What git does not keep, such as a report made by this very pipeline, can't be known to be as it
/// was: of what `named` finds, it counts as changed.
pub fn since(revision: &str, named: &DiscoverOptions, lines: bool) -> Result<Changes, CliError> {
    if revision.starts_with('-') {
        return Err(CliError::Usage(format!("`{revision}` is no revision")));
    }
    let top = PathBuf::from(run(&["rev-parse", "--show-toplevel"])?.trim_end());
    let base = run(&["merge-base", revision, "HEAD"])
        .or_else(|_| run(&["rev-parse", "--verify", &format!("{revision}^{{commit}}")]))?;
    let base = base.trim_end();
    let changed = run(&["diff", "--name-only", "-z", "--no-ext-diff", "--find-renames", "--diff-filter=d", base])?;
    let tracked = run(&["ls-files", "-z", "--full-name", ":/"])?;
    let top = top.canonicalize().unwrap_or(top);
    let names = |text: &str| -> Vec<PathBuf> {
        text.split('\0').filter(|name| !name.is_empty()).map(|name| top.join(name)).collect()
    };
    let mut files: BTreeSet<PathBuf> = names(&changed).iter().filter_map(|name| name.canonicalize().ok()).collect();
    // Links are left as they are: what they lead to is kept under its own name, or is not kept.
    let tracked: BTreeSet<PathBuf> = names(&tracked).into_iter().collect();
    let found = discover(named).inputs.into_iter().filter_map(|input| input.path.canonicalize().ok());
    let others: Vec<PathBuf> = found.filter(|path| !tracked.contains(path)).collect();
    let lines = lines.then(|| changed_lines(&top, base).map_err(CliError::Usage)).transpose()?.map(|found| {
        // A link is where it leads to.
        let found = found.into_iter().filter_map(|(path, lines)| Some((path.canonicalize().ok()?, lines)));
        found.chain(others.iter().map(|path| (path.clone(), Lines::All))).collect()
    });
    files.extend(others);
    Ok(Changes { files, lines })
}

fn run(args: &[&str]) -> Result<String, CliError> {
    git(Path::new(""), args).map_err(CliError::Usage)
}
