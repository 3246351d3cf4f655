//! Which files have another name than when a file was last committed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{git, top};

/// Files that have been renamed since the commit that last touched `file`: the path now and
/// those before, absolute. A file that is not committed is taken for one of HEAD.
///
/// # Errors
/// What git said.
pub fn renames(file: &Path) -> Result<BTreeMap<PathBuf, Vec<PathBuf>>, String> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let top = top(folder)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let last = git(folder, &["log", "-1", "--format=%H", "HEAD", "--", &name])?;
    let last = if last.trim().is_empty() { "HEAD" } else { last.trim() };
    let mut all: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    // The commit that brought the file may have renamed others itself; the first has no parent.
    for base in [last.to_owned(), format!("{last}^")] {
        let Ok(text) = git(folder, &["diff", "--name-status", "-z", "--no-ext-diff", "--find-renames", &base, "--"])
        else {
            continue;
        };
        let mut words = text.split('\0');
        while let Some(status) = words.next() {
            let old = words.next();
            if !status.starts_with('R') {
                continue;
            }
            if let (Some(old), Some(new)) = (old, words.next()) {
                let old = top.join(old);
                // What is still there was copied, or has come back.
                let olds = all.entry(top.join(new)).or_default();
                if !old.exists() && !olds.contains(&old) {
                    olds.push(old);
                }
            }
        }
    }
    Ok(all)
}
