//! Logical lines: continuation lines joined, comments set apart, places kept.

use std::ops::Range;

use super::heredoc::{Announced, Heredoc};
use super::{ParseError, fault};
use crate::source::Span;

/// Text joined from several pieces of the source.
#[derive(Debug, Clone, Default)]
pub(super) struct Joined {
    /// The text without continuation marks, line ends and comments between.
    pub(super) text: String,
    /// Where in `text` a piece starts, and where it stands in the source; ascending.
    pieces: Vec<(usize, usize)>,
}

impl Joined {
    fn push(&mut self, text: &str, at: usize) {
        if !text.is_empty() || self.pieces.is_empty() {
            self.pieces.push((self.text.len(), at));
            self.text.push_str(text);
        }
    }

    fn source_offset(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|(start, _)| *start <= at);
        let (start, source) = self.pieces.get(index.saturating_sub(1)).copied().unwrap_or((0, 0));
        source + at.saturating_sub(start)
    }

    /// The place of a range of `text`, from its first byte to its last.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let start = self.source_offset(range.start);
        let end = if range.is_empty() { start } else { self.source_offset(range.end - 1) + 1 };
        Span::new(start, end)
    }

    /// `range` without the blanks at its ends.
    pub(super) fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let inner = self.text.get(range.clone()).unwrap_or("");
        let start = range.start + (inner.len() - inner.trim_start().len());
        start..start + inner.trim().len()
    }

    /// A part of the line as a line of its own.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let text = self.text.get(range.clone()).unwrap_or("").to_owned();
        let mut pieces = vec![(0, self.source_offset(range.start))];
        pieces.extend(
            self.pieces
                .iter()
                .filter(|(start, _)| *start > range.start && *start < range.end)
                .map(|(start, source)| (start - range.start, *source)),
        );
        Self { text, pieces }
    }
}

/// One logical line.
pub(super) struct Line {
    pub(super) joined: Joined,
    /// The comments before it.
    pub(super) comments: Vec<(String, Span)>,
    /// A parser directive that is wrong.
    pub(super) error: Option<ParseError>,
}

/// Reads the logical lines of a Dockerfile.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    escape: char,
    directives_over: bool,
    seen: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, escape: '\\', directives_over: false, seen: Vec::new() }
    }

    /// The escape character in force: `\` or a backtick.
    pub(super) fn escape(&self) -> char {
        self.escape
    }

    /// The next line as it stands, with where it starts; its line end included.
    fn raw(&mut self) -> Option<(&'a str, usize)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let len = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let start = self.at;
        self.at += len;
        Some((rest.get(..len)?, start))
    }

    pub(super) fn next_line(&mut self) -> Option<Line> {
        let mut comments: Vec<(String, Span)> = Vec::new();
        let mut error = None;
        loop {
            let (raw, start) = self.raw()?;
            let line = raw.trim_end_matches(['\r', '\n']);
            let body = line.trim_start();
            let at = start + (line.len() - body.len());
            let directive = self.directive(body, at).unwrap_or_else(|wrong| {
                error = error.take().or(Some(wrong));
                true
            });
            if body.starts_with('#') {
                if !directive {
                    note_comment(&mut comments, line, body, at);
                }
                continue;
            }
            let (piece, continued) = self.without_continuation(body);
            if !continued && piece.is_empty() {
                continue;
            }
            let mut joined = Joined::default();
            joined.push(piece, at);
            if continued {
                self.join(&mut joined);
            }
            // A line of nothing but continuation marks is no instruction; Docker
            // says the same with "unknown instruction" and no name.
            if joined.text.trim().is_empty() {
                continue;
            }
            return Some(Line { joined, comments, error });
        }
    }

    fn join(&mut self, joined: &mut Joined) {
        while let Some((raw, at)) = self.raw() {
            let line = raw.trim_end_matches(['\r', '\n']);
            let body = line.trim_start();
            if body.starts_with('#') || body.is_empty() {
                continue;
            }
            let (piece, continued) = self.without_continuation(line);
            joined.push(piece, at);
            if !continued {
                break;
            }
        }
    }

    /// The line without its continuation mark, and whether it had one. A mark
    /// after another escape character is none.
    fn without_continuation<'t>(&self, line: &'t str) -> (&'t str, bool) {
        match line.trim_end_matches([' ', '\t']).strip_suffix(self.escape) {
            Some(head) if !head.ends_with(self.escape) => (head, true),
            _ => (line, false),
        }
    }

    /// Whether the line is a parser directive; they end at the first line that is none.
    fn directive(&mut self, line: &str, at: usize) -> Result<bool, ParseError> {
        if self.directives_over {
            return Ok(false);
        }
        let pair = line.strip_prefix('#').and_then(|rest| rest.trim_start().split_once('='));
        let Some((name, value)) = pair.map(|(name, value)| (name.trim_end().to_lowercase(), value.trim())) else {
            self.directives_over = true;
            return Ok(false);
        };
        if !matches!(name.as_str(), "syntax" | "escape" | "check") || value.is_empty() {
            self.directives_over = true;
            return Ok(false);
        }
        let place = Span::new(at, at + line.len());
        if self.seen.contains(&name) {
            return Err(fault(format!("only one `{name}` parser directive can be used"), place));
        }
        if name == "escape" {
            self.escape = match value {
                "\\" => '\\',
                "`" => '`',
                _ => return Err(fault("the escape character is `\\` or a backtick, nothing else", place)),
            };
        }
        self.seen.push(name);
        Ok(true)
    }

    /// Reads the text of a heredoc that `line` has announced, up to its terminator.
    pub(super) fn heredoc(&mut self, doc: Announced, line: &Joined) -> Result<Heredoc, ParseError> {
        let start = self.at;
        let mut content = String::new();
        while let Some((raw, at)) = self.raw() {
            let kept = if doc.chomp { raw.trim_start_matches('\t') } else { raw };
            if kept.trim_end_matches(['\r', '\n']) == doc.name {
                let end = at + raw.trim_end_matches(['\r', '\n']).len();
                let body = Span::new(start, at);
                return Ok(Heredoc { announced: doc, content, body, span: Span::new(start, end) });
            }
            content.push_str(kept);
        }
        Err(fault(format!("the heredoc `{}` has no end", doc.name), line.span(line.trimmed(0..line.text.len()))))
    }
}

/// BuildKit drops the first byte of the line as it stands, so that an indented
/// comment keeps its `#`; and an empty comment forgets those before it.
fn note_comment(comments: &mut Vec<(String, Span)>, line: &str, body: &str, at: usize) {
    let indented = line.len() != body.len();
    let text = if indented { body } else { body.strip_prefix('#').unwrap_or(body) }.trim();
    if text.is_empty() {
        comments.clear();
    } else {
        comments.push((text.to_owned(), Span::new(at, at + body.trim_end().len())));
    }
}
