//! Patterns: names with `*`, `**` and `?`.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};

/// What a waiver or a threshold names: text, or a glob.
///
/// Brackets and braces are plain characters, so that a Terraform address such
/// as `aws_instance.web[0]` is a name and no class of characters.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    /// Reads a pattern; none when it is empty or no glob.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = text.strip_prefix("./").unwrap_or(text);
        if plain.is_empty() {
            return None;
        }
        let mut glob = String::with_capacity(plain.len());
        for c in plain.chars() {
            match c {
                '[' | ']' | '{' | '}' | '!' | '\\' => {
                    glob.push('\\');
                    glob.push(c);
                }
                c => glob.push(c),
            }
        }
        let built = GlobBuilder::new(&glob).literal_separator(true).backslash_escape(true).build().ok()?;
        Some(Self { text: plain.to_owned(), matcher: built.compile_matcher() })
    }

    /// Whether `name` is meant.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.text == name || self.matcher.is_match(name)
    }

    /// Whether the file `name` is meant: itself, or a folder above it.
    #[must_use]
    pub fn matches_path(&self, name: &str) -> bool {
        let name = name.strip_prefix("./").unwrap_or(name);
        let folder = self.text.trim_end_matches('/');
        self.matches(name) || name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether it has a `*` or `?`.
    #[must_use]
    pub fn is_glob(&self) -> bool {
        self.text.contains(['*', '?'])
    }

    /// Whether it says nothing: every name is meant.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.is_glob() && self.text.chars().all(|c| matches!(c, '*' | '/' | '.')) && self.text != "*.*"
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}
