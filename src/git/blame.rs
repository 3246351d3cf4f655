//! Who wrote the lines of a file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::git;

/// A line's commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blamed {
    /// The commit, in full; all zeros for a line that is not committed.
    pub commit: String,
    /// Whether git could not look further: the first commit, or the end of a shallow clone.
    pub boundary: bool,
}

impl Blamed {
    /// Whether the line is committed.
    #[must_use]
    pub fn is_committed(&self) -> bool {
        self.commit.bytes().any(|byte| byte != b'0')
    }
}

/// Who a commit says its author is, and who signed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Author {
    /// The author's name and address, as written: no mailmap is asked.
    pub authored: Vec<String>,
    /// What git says of the signature: `G` good, `U` good by a key nobody vouches for, `N` none and so on.
    pub status: String,
    /// The fingerprint of the key that signed, and its main key's.
    pub keys: Vec<String>,
    /// Whom the key is of: name and address.
    pub signer: Vec<String>,
}

/// Commits and their authors.
pub type Commits = BTreeMap<String, Author>;

/// Whether the history of the clone is cut off.
///
/// # Errors
/// What git said.
pub fn is_shallow(folder: &Path) -> Result<bool, String> {
    Ok(git(folder, &["rev-parse", "--is-shallow-repository"])?.trim() == "true")
}

/// The commit of each line of the file as it is on disk, the first line first.
///
/// # Errors
/// What git said: no repository, a file that git does not know.
pub fn blame(file: &Path) -> Result<Vec<Blamed>, String> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // No revision is passed over, whatever the repository's settings say.
    let text = git(folder, &["-c", "blame.ignoreRevsFile=", "blame", "--line-porcelain", "--", &name])?;
    let mut lines: Vec<Blamed> = Vec::new();
    let mut head = true;
    for line in text.lines() {
        if line.starts_with('\t') {
            head = true;
        } else if std::mem::take(&mut head) {
            let commit = line.split(' ').next().unwrap_or_default().to_owned();
            lines.push(Blamed { commit, boundary: false });
        } else if let Some(last) = lines.last_mut().filter(|_| line == "boundary") {
            last.boundary = true;
        }
    }
    Ok(lines)
}

/// The authors of commits; their signatures are checked only if `signed` asks for it.
///
/// # Errors
/// What git said.
pub fn authors(folder: &Path, commits: &BTreeSet<String>, signed: bool) -> Result<Commits, String> {
    let mut all = Commits::new();
    // Between NULs, the one byte that a hostile name can't have.
    let (format, width) = if signed {
        ("--format=%H%x00%an%x00%ae%x00%G?%x00%GF%x00%GP%x00%GS", 7)
    } else {
        ("--format=%H%x00%an%x00%ae", 3)
    };
    // A command line has its longest length.
    let list: Vec<&str> = commits.iter().map(String::as_str).collect();
    for part in list.chunks(500) {
        let mut args = vec!["log", "-z", "--no-walk=unsorted", "--no-mailmap", "--no-show-signature", format];
        args.extend(part);
        let text = git(folder, &args)?;
        let words: Vec<&str> = text.split('\0').collect();
        for record in words.chunks_exact(width) {
            let mut fields = record.iter().map(|field| (*field).to_owned());
            let (Some(commit), Some(name), Some(mail)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            let status = fields.next().unwrap_or_default();
            let mut keys: Vec<String> = fields.by_ref().take(2).filter(|key| !key.is_empty()).collect();
            keys.dedup();
            let signer = fields.next().map(|signer| who(&signer)).unwrap_or_default();
            all.insert(commit, Author { authored: vec![name, mail], status, keys, signer });
        }
    }
    Ok(all)
}

/// `Alice <alice@example.com>` taken apart; a principal of an SSH key is one name.
fn who(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    if let Some((name, rest)) = text.split_once('<') {
        all.push(name.trim().to_owned());
        all.push(rest.trim_end_matches('>').trim().to_owned());
    } else {
        all.push(text.trim().to_owned());
    }
    all.retain(|name| !name.is_empty());
    all
}
