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

/// Which resources a waiver is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePattern {
    /// One of them must match.
    any: Vec<Pattern>,
}

impl ResourcePattern {
    /// Reads `Deployment/shop/web` or `aws_s3_bucket.logs`, globs allowed.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        Some(Self { any: vec![Pattern::new(text)?] })
    }

    /// From its parts; what is left out means any. A namespace that is empty means none.
    #[must_use]
    pub fn of_parts(kind: Option<&str>, namespace: Option<&str>, name: Option<&str>) -> Option<Self> {
        let (kind, name) = (kind.unwrap_or("*"), name.unwrap_or("*"));
        let inside = |namespace: &str| format!("{kind}/{namespace}/{name}");
        let texts = match namespace {
            None => vec![inside("*"), format!("{kind}/{name}")],
            Some("") => vec![format!("{kind}/{name}")],
            Some(namespace) => vec![inside(namespace)],
        };
        if [Some(kind), namespace, Some(name)].into_iter().flatten().any(|part| part.contains('/')) {
            return None;
        }
        texts.iter().map(|text| Pattern::new(text)).collect::<Option<_>>().map(|any| Self { any })
    }

    /// Whether the resource called `name` is meant. An address without indices means every instance, as it does
    /// for `terraform plan -target`.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let plain = if name.contains('[') { without_indices(name) } else { name.to_owned() };
        self.any.iter().any(|pattern| pattern.matches(name) || pattern.matches(&plain))
    }

    /// Whether it says nothing: every resource is meant.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.any.iter().any(Pattern::is_everything)
    }
}

impl fmt::Display for ResourcePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.any.first().map_or(Ok(()), |first| first.fmt(f))
    }
}

/// `module.a["x"].b.c[0]` without what is in brackets.
fn without_indices(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for letter in name.chars() {
        match letter {
            '"' if depth > 0 && !escaped => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            letter if depth == 0 => plain.push(letter),
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    plain
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}
