//! Discovery: finds the inputs of a run and reads their text.
//!
//! In: the paths of the command line. Out: the files to read, sorted by name,
//! and a count of all that is left out, because a gate must not pass over
//! files in silence.
//!
//! Folders are walked with `.gitignore` (in a repository or not) and
//! `.regateignore`; hidden files count, links to folders are followed, and
//! `.git`, `node_modules` and `.terraform` are never entered. A file named on
//! the command line is read whatever the ignore rules say, unless
//! `force_exclude` is set, as hooks want it. Nothing here parses.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;

use crate::document::Format;
use crate::finding::{Problem, ProblemCode};
use crate::source::{Source, Span};

/// 64 MiB: larger than any report that people read, small enough to hold several.
pub const DEFAULT_MAX_SIZE: u64 = 64 * 1024 * 1024;

const PRUNED: [&str; 3] = [".git", "node_modules", ".terraform"];

/// What to look for.
#[derive(Debug, Clone)]
pub struct DiscoverOptions {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// If not empty, only files in folders that match one of these globs.
    pub include: Vec<String>,
    /// Files that match one of these globs are left out.
    pub exclude: Vec<String>,
    /// Whether ignore rules and `exclude` hold for files named in `paths`, too.
    pub force_exclude: bool,
    /// The largest file that is read, in bytes.
    pub max_size: u64,
    /// Whether ignore files are obeyed.
    pub ignore: bool,
    /// Files that the run itself writes: in a folder they are no inputs, or the next run would judge them.
    pub own: Vec<PathBuf>,
}

impl Default for DiscoverOptions {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            force_exclude: false,
            max_size: DEFAULT_MAX_SIZE,
            ignore: true,
            own: Vec::new(),
        }
    }
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// What the user calls it: as given, with `/` between its parts.
    pub name: String,
    /// Its size in bytes when it was found.
    pub size: u64,
}

/// What was found and what was not taken.
#[derive(Debug, Clone, Default)]
pub struct Discovered {
    /// The inputs, sorted by the bytes of their names, each once.
    pub inputs: Vec<Input>,
    /// Files left out by ignore rules and globs.
    pub ignored: usize,
    /// Files of no format that can be read.
    pub skipped: usize,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
}

/// Finds the inputs.
#[must_use]
pub fn discover(options: &DiscoverOptions) -> Discovered {
    let mut search = Search {
        include: globs(&options.include),
        exclude: globs(&options.exclude),
        own: options.own.iter().map(|path| name_of(path)).collect(),
        options,
        inputs: BTreeMap::new(),
        found: Discovered::default(),
    };
    for pattern in options.include.iter().chain(&options.exclude) {
        if let Err(error) = Glob::new(pattern) {
            search.problem(pattern, &format!("this is no glob: {error}"));
        }
    }
    let mut files = Vec::new();
    for path in &options.paths {
        match fs::metadata(path) {
            Ok(data) if data.is_dir() => search.folder(path),
            Ok(_) => files.push(path.clone()),
            Err(error) => search.problem(&name_of(path), &explain(&error)),
        }
    }
    search.files(&files);
    let mut found = search.found;
    found.inputs = search.inputs.into_values().collect();
    found.problems.sort_by(|a, b| (&a.file, &a.message).cmp(&(&b.file, &b.message)));
    found
}

/// Reads the text of an input. Never waits: pipes and devices are refused.
///
/// # Errors
/// The problem to report: it vanished, is no regular file, is over `max_size`
/// or is not UTF-8.
pub fn read(input: &Input, max_size: u64) -> Result<Source, Problem> {
    let refuse = |message: &str| Err(unreadable(&input.name, message));
    // Asked before opening, because opening a pipe waits for its writer.
    match fs::metadata(&input.path) {
        Err(error) => return refuse(&explain(&error)),
        Ok(data) if !data.is_file() => return refuse("this is no regular file"),
        Ok(data) if data.len() > max_size => return refuse(&too_large(data.len(), max_size)),
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    let file = match fs::File::open(&input.path) {
        Ok(file) => file,
        Err(error) => return refuse(&explain(&error)),
    };
    // The file may grow while it is read.
    if let Err(error) = file.take(max_size.saturating_add(1)).read_to_end(&mut bytes) {
        return refuse(&explain(&error));
    }
    if bytes.len() as u64 > max_size {
        return refuse(&too_large(bytes.len() as u64, max_size));
    }
    decode(&input.name, bytes)
}

/// The source that `bytes` are, whatever they were read from.
///
/// # Errors
/// The problem to report when they are not UTF-8.
pub fn decode(name: &str, bytes: Vec<u8>) -> Result<Source, Problem> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let mut problem = unreadable(name, "this is UTF-16 text, and only UTF-8 is read");
        "save the file as UTF-8".clone_into(&mut problem.help);
        return Err(problem);
    }
    String::from_utf8(bytes).map(|text| Source::new(name, text)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let head = error.as_bytes().get(..at).unwrap_or_default();
        let line = head.split(|byte| *byte == b'\n').count();
        unreadable(name, &format!("this is not UTF-8 text: byte {at} (line {line}) starts no character"))
    })
}

struct Search<'a> {
    options: &'a DiscoverOptions,
    include: GlobSet,
    exclude: GlobSet,
    own: BTreeSet<String>,
    inputs: BTreeMap<String, Input>,
    found: Discovered,
}

impl Search<'_> {
    fn folder(&mut self, root: &Path) {
        let mut seen = 0;
        for entry in walker(root, self.options.ignore).build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
                Ok(entry) => {
                    seen += 1;
                    let size = entry.metadata().map_or(0, |data| data.len());
                    self.walked(entry.into_path(), size);
                }
                Err(error) => self.walk_error(root, &error),
            }
        }
        if self.options.ignore {
            // A second walk that only counts names: the filtered one does not
            // tell what it leaves out, and walking costs far less than reading.
            let all = walker(root, false).build().flatten();
            let all = all.filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir())).count();
            self.found.ignored += all.saturating_sub(seen);
        }
    }

    fn walked(&mut self, path: PathBuf, size: u64) {
        let name = name_of(&path);
        if self.own.contains(&name) {
            return;
        }
        if self.exclude.is_match(&name) || !self.include.is_empty() && !self.include.is_match(&name) {
            self.found.ignored += 1;
        } else if Format::detect(&name).is_none() {
            self.found.skipped += 1;
        } else {
            self.take(path, name, size);
        }
    }

    fn take(&mut self, path: PathBuf, name: String, size: u64) {
        if size > self.options.max_size {
            self.problem(&name, &too_large(size, self.options.max_size));
        } else {
            self.inputs.insert(name.clone(), Input { path, name, size });
        }
    }

    /// Files named on the command line.
    fn files(&mut self, files: &[PathBuf]) {
        let kept = if self.options.force_exclude && self.options.ignore { not_ignored(files) } else { None };
        for path in files {
            let name = name_of(path);
            let forced = self.options.force_exclude;
            if forced && (self.exclude.is_match(&name) || kept.as_ref().is_some_and(|kept| !kept.contains(&name))) {
                self.found.ignored += 1;
                continue;
            }
            match fs::metadata(path) {
                Err(error) => self.problem(&name, &explain(&error)),
                Ok(_) if Format::detect(&name).is_none() && forced => self.found.skipped += 1,
                Ok(_) if Format::detect(&name).is_none() => self.problem(&name, "there is no parser for this file"),
                Ok(data) => self.take(path.clone(), name, data.len()),
            }
        }
    }

    fn walk_error(&mut self, root: &Path, error: &ignore::Error) {
        let (path, notice, message) = match cause(error) {
            (_, ignore::Error::Loop { child, .. }) => (
                Some(child.as_path()),
                true,
                "this link leads back to a folder above it, and is not followed".to_owned(),
            ),
            (path, ignore::Error::Io(error)) => {
                let dangling = path.is_some_and(Path::is_symlink) && error.kind() == io::ErrorKind::NotFound;
                let message = if dangling { "this link leads nowhere".to_owned() } else { explain(error) };
                (path, dangling, message)
            }
            (path, other) => (path, true, other.to_string()),
        };
        let mut problem = unreadable(&name_of(path.unwrap_or(root)), &message);
        problem.notice = notice;
        self.found.problems.push(problem);
    }

    fn problem(&mut self, name: &str, message: &str) {
        self.found.problems.push(unreadable(name, message));
    }
}

fn walker(root: &Path, filters: bool) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    // `.ignore` files and a user's global excludes are other tools' business:
    // the verdict must not depend on the machine.
    builder
        .hidden(false)
        .ignore(false)
        .git_global(false)
        .git_exclude(filters)
        .git_ignore(filters)
        .require_git(false)
        .parents(filters)
        .follow_links(true)
        .filter_entry(|entry| entry.depth() == 0 || !PRUNED.iter().any(|name| entry.file_name() == OsStr::new(name)));
    if filters {
        builder.add_custom_ignore_filename(".regateignore");
    }
    builder
}

/// The names of those `files` that no ignore rule leaves out; none when that
/// can't be told. Walks only the folders on the way to them, from the working
/// directory, so that a rule for a folder counts for what is in it.
fn not_ignored(files: &[PathBuf]) -> Option<BTreeSet<String>> {
    let current = std::env::current_dir().ok()?;
    let mut kept = BTreeSet::new();
    let mut by_root: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    let mut names: BTreeMap<PathBuf, String> = BTreeMap::new();
    for file in files {
        let absolute = fs::canonicalize(file).ok().or_else(|| std::path::absolute(file).ok())?;
        let root = if absolute.starts_with(&current) { current.clone() } else { repository(&absolute) };
        let on_the_way = absolute.ancestors().take_while(|path| path.starts_with(&root)).map(Path::to_path_buf);
        by_root.entry(root.clone()).or_default().extend(on_the_way);
        names.insert(absolute, name_of(file));
    }
    for (root, wanted) in by_root {
        let mut builder = walker(&root, true);
        builder.filter_entry(move |entry| wanted.contains(entry.path()));
        kept.extend(builder.build().flatten().filter_map(|entry| names.get(entry.path()).cloned()));
    }
    Some(kept)
}

/// The nearest folder above `path` that has a `.git`, or else its own folder.
fn repository(path: &Path) -> PathBuf {
    let own = path.parent().unwrap_or(path);
    own.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(own).to_path_buf()
}

fn globs(patterns: &[String]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in patterns.iter().filter_map(|pattern| Glob::new(pattern).ok()) {
        builder.add(glob);
    }
    builder.build().unwrap_or_else(|_| GlobSet::empty())
}

/// The innermost error, and the path it is about.
fn cause(error: &ignore::Error) -> (Option<&Path>, &ignore::Error) {
    let (mut path, mut error) = (None, error);
    loop {
        match error {
            ignore::Error::WithPath { path: at, err } => (path, error) = (Some(at.as_path()), err),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error = err,
            _ => return (path, error),
        }
    }
}

/// `./a/b` is called `a/b`; what is in the working directory is called relative to it.
#[must_use]
pub fn name_of(path: &Path) -> String {
    // Asked once: this is called for every file, and the process never moves.
    static CURRENT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let current = CURRENT.get_or_init(|| std::env::current_dir().ok());
    let inside = current.as_deref().and_then(|current| path.strip_prefix(current).ok());
    let path = inside.filter(|inner| !inner.as_os_str().is_empty()).unwrap_or(path);
    let mut parts = Vec::new();
    let mut start = String::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::Prefix(_) => start.push_str(&part.as_os_str().to_string_lossy()),
            Component::RootDir => start.push('/'),
            _ => parts.push(part.as_os_str().to_string_lossy()),
        }
    }
    let name = start + &parts.join("/");
    if name.is_empty() { ".".to_owned() } else { name }
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission to read this is denied".to_owned(),
        _ => format!("this can't be read: {error}"),
    }
}

fn too_large(size: u64, limit: u64) -> String {
    format!("this file has {size} bytes, and no more than {limit} are read")
}

fn unreadable(name: &str, message: &str) -> Problem {
    Problem {
        code: ProblemCode::Unreadable,
        notice: false,
        message: message.to_owned(),
        file: name.to_owned(),
        source: None,
        labels: Vec::<(Span, String)>::new(),
        help: String::new(),
    }
}

#[cfg(test)]
mod tests;
