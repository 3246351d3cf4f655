//! What git knows: who wrote a line, where a file was before, which lines have changed.
//!
//! In: a folder of the repository. Out: facts. The user's own `git` is run, with
//! what a repository's files or settings could bend (replaced objects, mailmaps,
//! other diff programs) turned off.

mod blame;
mod codeowners;
mod lines;
mod renames;

pub use blame::{Author, Blamed, Commits, authors, blame, is_shallow};
pub use codeowners::owners;
pub use lines::{Lines, changed_lines};
pub use renames::renames;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs git in `folder`, or in the current one when that is empty, and gives what it wrote to standard output.
///
/// # Errors
/// What git, or the attempt to start it, said.
pub fn git(folder: &Path, args: &[&str]) -> Result<String, String> {
    let mut command = Command::new("git");
    if !folder.as_os_str().is_empty() {
        command.arg("-C").arg(folder);
        // A hook's are relative to the folder that it runs in.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(name);
        }
    }
    command.args(["-c", "core.quotePath=false", "-c", "log.showSignature=false"]).args(args);
    command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    let out = command.output().map_err(|error| format!("git can't be run: {error}"))?;
    if !out.status.success() {
        let message = String::from_utf8_lossy(&out.stderr);
        return Err(format!("git {}: {}", args.join(" "), message.trim()));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// The top folder of the repository that `folder` is in, without links.
///
/// # Errors
/// There is none, or no git.
pub fn top(folder: &Path) -> Result<PathBuf, String> {
    let top = PathBuf::from(git(folder, &["rev-parse", "--show-toplevel"])?.trim_end_matches(['\n', '\r']));
    Ok(top.canonicalize().unwrap_or(top))
}

/// The commit that is checked out, in full; none without git or without a commit.
#[must_use]
pub fn head(folder: &Path) -> Option<String> {
    git(folder, &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).ok().map(|text| text.trim().to_owned())
}
