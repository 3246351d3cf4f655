//! Which lines have changed since a commit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::git;

/// The lines of one file that have changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lines {
    /// The file is new.
    All,
    /// First and last line of each part, from 1. Where lines are gone, those on both sides.
    Some(Vec<(u32, u32)>),
}

impl Lines {
    /// Whether one of them is between `first` and `last`.
    #[must_use]
    pub fn touch(&self, first: u32, last: u32) -> bool {
        match self {
            Self::All => true,
            Self::Some(parts) => parts.iter().any(|(from, to)| *from <= last && first <= *to),
        }
    }
}

/// The changed lines of tracked files since the commit `base`, by the paths of the files from `top`.
///
/// # Errors
/// What git said.
pub fn changed_lines(top: &Path, base: &str) -> Result<BTreeMap<PathBuf, Lines>, String> {
    let diff = git(
        top,
        &[
            "diff",
            "--unified=0",
            "--inter-hunk-context=0",
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "--find-renames",
            "--src-prefix=a/",
            "--dst-prefix=b/",
            base,
            "--",
        ],
    )?;
    Ok(read(&diff).into_iter().map(|(name, parts)| (top.join(name), Lines::Some(parts))).collect())
}

fn read(diff: &str) -> BTreeMap<String, Vec<(u32, u32)>> {
    let mut all: BTreeMap<String, Vec<(u32, u32)>> = BTreeMap::new();
    let mut name = None;
    // Lines of a hunk may look like headers, so they are counted.
    let mut left = 0;
    for line in diff.lines() {
        if left > 0 && line.starts_with(['+', '-']) {
            left -= 1;
        } else if let Some(file) = line.strip_prefix("+++ ") {
            let file = unquoted(file.trim_end_matches('\t'));
            name = file.strip_prefix("b/").map(str::to_owned);
        } else if let Some((old, new)) = line.strip_prefix("@@ -").and_then(hunk) {
            left = old.1.saturating_add(new.1);
            let part = if new.1 == 0 { (new.0, new.0 + 1) } else { (new.0, new.0.saturating_add(new.1 - 1)) };
            if let Some(name) = &name {
                all.entry(name.clone()).or_default().push(part);
            }
        }
    }
    all
}

/// `12,3 +12,0 @@ …`: start and count of the old lines, then of the new.
fn hunk(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let mut words = text.split(' ');
    let range = |text: &str| match text.split_once(',') {
        Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    };
    Some((range(words.next()?)?, range(words.next()?.strip_prefix('+')?)?))
}

/// A name as git quotes it where it has odd characters: `"b/a\tb"`.
fn unquoted(text: &str) -> String {
    let Some(body) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else { return text.to_owned() };
    let mut bytes = Vec::new();
    let mut rest = body.bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'r') => bytes.push(b'\r'),
            Some(b'a') => bytes.push(7),
            Some(b'b') => bytes.push(8),
            Some(b'v') => bytes.push(11),
            Some(b'f') => bytes.push(12),
            Some(digit @ b'0'..=b'7') => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    if let Some(digit) = rest.next_if(|byte| matches!(byte, b'0'..=b'7')) {
                        value = value * 8 + u32::from(digit - b'0');
                    }
                }
                bytes.push(u8::try_from(value).unwrap_or(b'?'));
            }
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_look_like_headers_are_none() {
        let diff = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -3,2 +3 @@ x\n--- a/b\n-y\n+++ b/b\n@@ -9,0 +9,2 @@\n+p\n+q\n\\ No newline at end of file\ndiff --git a/c b/c\n--- \"a/c\\303\\251\"\n+++ \"b/c\\303\\251\"\n@@ -5 +4,0 @@\n-z\n";
        let all = read(diff);
        assert_eq!(all, [("a".to_owned(), vec![(3, 3), (9, 10)]), ("cé".to_owned(), vec![(4, 5)])].into());
    }
}
