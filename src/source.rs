//! Source text and places in it: byte spans, lines and columns.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

/// A half-open range of bytes in one [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of the bytes `start..end`; offsets past 4 GiB saturate.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clip = |n| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clip(start), end: clip(end.max(start)) }
    }

    /// The span as a range of `usize`, for slicing.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.range().len()
    }

    /// Whether it covers no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies inside this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A line and a column, both counted from 1; columns count Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The text of one input under the name the user knows it by.
///
/// The name is the path with `/` between its parts, relative to where the run
/// started, or what `--stdin-filename` gave.
pub struct Source {
    name: Arc<str>,
    key: Arc<str>,
    text: Arc<str>,
    lines: OnceLock<Vec<u32>>,
}

impl Source {
    /// A source called `name` with the contents `text`.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let name = name.into();
        Self { key: name.clone(), name, text: text.into(), lines: OnceLock::new() }
    }

    /// The same under another name from home; see [`crate::home`].
    #[must_use]
    pub fn with_key(self, key: impl Into<Arc<str>>) -> Self {
        Self { key: key.into(), ..self }
    }

    /// What the user calls it.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// What it is called wherever the run starts: by this waivers, baselines and thresholds know it.
    #[must_use]
    pub fn key(&self) -> &Arc<str> {
        &self.key
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text of `span`, empty when the span is not one of this source's.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Byte offset of the start of each line.
    #[must_use]
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let newlines = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(newlines.map(|(at, _)| Span::new(at + 1, at + 1).start)).collect()
        })
    }

    /// Line of the byte at `offset`, from 1: without its column, for which a line of megabytes would be gone through.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        let line = self.line_starts().partition_point(|start| *start <= offset).max(1);
        Span::new(line, line).start
    }

    /// Line and column of the byte at `offset`.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0) as usize;
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        // Editors do not count a byte order mark.
        let start = if start == 0 && self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { start };
        let column = self.text.get(start..end).map_or(0, |head| head.chars().count()) + 1;
        Position { line: Span::new(line, line).start, column: Span::new(column, column).start }
    }

    /// The byte range of line `line` (from 1), its newline left out.
    #[must_use]
    pub fn line_span(&self, line: u32) -> Option<Span> {
        let starts = self.line_starts();
        let start = *starts.get((line as usize).checked_sub(1)?)? as usize;
        let end = starts.get(line as usize).map_or(self.text.len(), |next| (*next as usize).saturating_sub(1));
        let body = self.text.get(start..end)?;
        Some(Span::new(start, start + body.strip_suffix('\r').unwrap_or(body).len()))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({}, {} bytes)", self.name, self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("a.yaml", "é: x\r\nb: ü!\n");
        assert_eq!(source.position(4), Position { line: 1, column: 4 });
        assert_eq!(source.position(12), Position { line: 2, column: 5 });
        assert_eq!(source.line_span(1).map(|s| source.slice(s).to_owned()), Some("é: x".to_owned()));
        assert_eq!(source.line_span(9), None);
        let marked = Source::new("a.yaml", "\u{feff}a: b\n");
        assert_eq!(marked.position(6), Position { line: 1, column: 4 });
        assert_eq!(marked.position(0), Position { line: 1, column: 1 });
    }
}
