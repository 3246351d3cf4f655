//! What git and CODEOWNERS say of the waivers' approvals.
//!
//! Asked only when the settings want it proven, and of each file once. What
//! can't be found out is told with the waiver: it does not apply.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::git::{Author, Blamed, Commits, authors, blame, is_shallow, owners};
use crate::home::repository;
use crate::settings::Approval;
use crate::source::Source;
use crate::waiver::{Attested, Attester, RawWaiver};

/// Asks for each waiver that names an approver.
pub fn attest(waivers: &mut [RawWaiver], approval: &[Approval]) {
    let mut files: BTreeMap<String, Histories> = BTreeMap::new();
    for waiver in waivers {
        if approval.is_empty() || !waiver.fields.iter().any(|field| field.name == "approver") {
            continue;
        }
        let file = files.entry(waiver.source.name().to_string()).or_insert_with(|| Histories::new(&waiver.source));
        waiver.attested = approval.iter().map(|by| Attested { by: *by, who: file.ask(*by, waiver) }).collect();
    }
}

/// One file, asked when it is first needed.
struct Histories {
    path: Result<PathBuf, String>,
    history: Option<Result<History, String>>,
    authors: BTreeMap<bool, Result<Commits, String>>,
    owners: Option<Result<Vec<Attester>, String>>,
}

/// The commits of a file's lines.
struct History {
    lines: Vec<Blamed>,
    shallow: bool,
}

impl Histories {
    fn new(source: &Source) -> Self {
        // A link is blamed where it leads to: there the lines are.
        let path = fs::canonicalize(&**source.name());
        let path = path.map_err(|_| format!("`{}` is no file, so git does not know it", source.name()));
        Self { path, history: None, authors: BTreeMap::new(), owners: None }
    }

    fn ask(&mut self, by: Approval, waiver: &RawWaiver) -> Result<Vec<Attester>, String> {
        let path = self.path.clone()?;
        if by == Approval::Codeowners {
            return self.owners.get_or_insert_with(|| of_file(&path)).clone();
        }
        let history = self.history.get_or_insert_with(|| history(&path)).as_ref().map_err(Clone::clone)?;
        let commits = commits_of(waiver, history)?;
        let signed = by == Approval::Signature;
        let all: BTreeSet<String> =
            history.lines.iter().filter(|line| line.is_committed()).map(|line| line.commit.clone()).collect();
        let folder = path.parent().unwrap_or(Path::new(""));
        let known = self.authors.entry(signed).or_insert_with(|| authors(folder, &all, signed));
        let known = known.as_ref().map_err(Clone::clone)?;
        let one = |commit: &String| {
            let author =
                known.get(commit).ok_or_else(|| format!("git does not tell who wrote commit {}", short(commit)))?;
            if signed { signer(commit, author) } else { Ok(written_by(commit, author)) }
        };
        commits.iter().map(one).collect()
    }
}

fn history(path: &Path) -> Result<History, String> {
    let folder = path.parent().unwrap_or(Path::new(""));
    if repository(folder).is_none() {
        return Err("its file is in no git repository".to_owned());
    }
    let shallow = is_shallow(folder)?;
    let lines = blame(path).map_err(|why| {
        if why.contains("no such path") {
            "its file is not committed".to_owned()
        } else {
            format!("git does not know who wrote its lines ({why})")
        }
    })?;
    Ok(History { lines, shallow })
}

/// The commits that last touched the waiver's lines, in the order of the lines.
fn commits_of(waiver: &RawWaiver, history: &History) -> Result<Vec<String>, String> {
    let mut commits = Vec::new();
    for span in &waiver.parts {
        let first = waiver.source.position(span.start).line;
        // A span that ends with a newline ends on that line.
        let last = waiver.source.position(span.end.saturating_sub(1).max(span.start)).line;
        for line in first..=last {
            let blamed = history.lines.get((line as usize).saturating_sub(1));
            let blamed = blamed.ok_or_else(|| format!("git does not know line {line} of its file"))?;
            if !blamed.is_committed() {
                return Err(format!("line {line} is not committed"));
            }
            if blamed.boundary && history.shallow {
                return Err(format!("the clone is shallow, so git can't tell who wrote line {line}; fetch all of it"));
            }
            if !commits.contains(&blamed.commit) {
                commits.push(blamed.commit.clone());
            }
        }
    }
    Ok(commits)
}

fn written_by(commit: &str, author: &Author) -> Attester {
    let name = author.authored.first().map_or("", String::as_str);
    let mail = author.authored.get(1).map_or("", String::as_str);
    Attester { shown: format!("{name} <{mail}> in commit {}", short(commit)), names: author.authored.clone() }
}

fn signer(commit: &str, author: &Author) -> Result<Attester, String> {
    let (names, whom) = match author.status.as_str() {
        "G" => (author.signer.iter().chain(&author.keys).cloned().collect(), author.signer.join(" ")),
        // Anybody can make a key in any name: nobody vouches for this one, so only the key itself counts.
        "U" => (author.keys.clone(), format!("a key that nobody vouches for ({})", author.keys.join(" "))),
        "N" | "" => return Err(format!("commit {} is not signed, or by no key that git can check", short(commit))),
        "X" | "Y" | "R" => return Err(format!("the signature of commit {} has ended or was revoked", short(commit))),
        "E" => return Err(format!("the key that signed commit {} is not here, so git can't check it", short(commit))),
        _ => return Err(format!("the signature of commit {} is bad", short(commit))),
    };
    Ok(Attester { shown: format!("{whom} in commit {}", short(commit)), names })
}

fn of_file(path: &Path) -> Result<Vec<Attester>, String> {
    let top = repository(path).ok_or("its file is in no repository")?;
    let name = path.strip_prefix(&top).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let names = owners(&top, &name)?;
    Ok(vec![Attester { shown: format!("CODEOWNERS gives `{name}` to {}", names.join(", ")), names }])
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}
