//! A piece of source with its places underlined, drawn by miette.
//!
//! miette's own sources scan from the start of the file for every span; with
//! many findings in one large file that is quadratic. [`Excerpt`] slices near
//! the span by the source's table of lines and cuts very long lines.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};

use super::text::{is_hostile, visible};
use crate::source::{Source, Span};

/// What is shown on each side of a span in a line that is too long to be shown whole, in bytes.
const AROUND: usize = 160;
/// A span of more lines than this is underlined on its first line only.
const MAX_LINES: u32 = 6;
/// Places that lie further apart than this are not joined in one piece.
const MAX_JOINED: usize = 4096;

/// One source for miette; its text has gone through [`harmless`].
#[derive(Debug)]
pub struct Excerpt<'a>(pub &'a Source);

impl Excerpt<'_> {
    /// The span as it is drawn: inside the text, of some width, of few lines.
    pub fn drawn(&self, span: Span) -> SourceSpan {
        let text = self.0.text();
        let start = floor(text, span.start as usize);
        let whole = text.get(start..floor(text, (span.end as usize).max(start))).unwrap_or("");
        let mut shown = whole.trim_end_matches(['\n', '\r', ' ', '\t']);
        let mut lines = shown.match_indices('\n');
        let long = lines.nth(MAX_LINES as usize - 1).is_some();
        if long || shown.len() > MAX_JOINED {
            shown = shown.lines().next().unwrap_or("");
            shown = shown.get(..floor(shown, AROUND.min(shown.len()))).unwrap_or("");
        }
        SourceSpan::from((start, shown.len()))
    }

    /// From the first byte of the line of `start`, less `before` lines, to the end of the line of `end`, plus `after`.
    fn window(&self, start: usize, end: usize, before: usize, after: usize) -> (usize, usize, usize) {
        let (text, starts) = (self.0.text(), self.0.line_starts());
        let line_of = |offset: usize| starts.partition_point(|at| *at as usize <= offset).saturating_sub(1);
        let start_of = |line: usize| starts.get(line).map_or(text.len(), |at| *at as usize);
        let mut first = line_of(start).saturating_sub(before);
        let mut from = start_of(first);
        if start - from > 2 * AROUND {
            from = floor(text, start - AROUND);
            first = line_of(from);
        }
        let last = line_of(end.saturating_sub(1).max(start));
        let mut to = start_of(last + 1 + after);
        if to.saturating_sub(end) > 2 * AROUND {
            to = floor(text, end + AROUND);
        }
        (from, to.max(end), first)
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        if end > self.0.text().len() || span.len() > MAX_JOINED {
            return Err(MietteError::OutOfBounds);
        }
        let (from, to, line) = self.window(start, end, before, after);
        let data = self.0.text().get(from..to).ok_or(MietteError::OutOfBounds)?;
        let lines = data.matches('\n').count();
        // Only without context miette asks for the column of the span itself.
        let at = self.0.position(Span::new(start, start).start);
        let (line, column) = if before == 0 { (at.line as usize - 1, at.column as usize - 1) } else { (line, 0) };
        let span = (from, to - from).into();
        let name = self.0.name().to_string();
        Ok(Box::new(MietteSpanContents::new_named(name, data.as_bytes(), span, line, column, lines)))
    }
}

/// Draws frames, all in one style.
pub struct Drawing {
    color: bool,
    handler: GraphicalReportHandler,
}

impl Drawing {
    /// With or without colours, as wide as `width` columns.
    pub fn new(color: bool, width: usize) -> Self {
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(width.max(40))
            .with_links(false)
            .without_syntax_highlighting()
            .with_context_lines(1);
        Self { color, handler }
    }

    /// Writes one frame.
    pub fn draw(&self, frame: &Frame<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut text = String::new();
        self.handler.render_report(&mut text, frame).map_err(io::Error::other)?;
        // miette pads lines without text; blanks at the end of a line are noise in logs and tests.
        for line in text.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    /// `text` in an ANSI style, where colours are wanted.
    pub fn paint(&self, style: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// What miette is to draw: texts that are safe to print, places in one source.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The line above the piece of source: severity, rule, title.
    pub head: String,
    /// What is wrong.
    pub message: String,
    /// How loud it is.
    pub severity: miette::Severity,
    /// The next step, if there is one.
    pub help: String,
    /// The source, made harmless, and its places; the first is the primary one.
    pub excerpt: Option<Excerpt<'a>>,
    /// Places in the source and what is to be seen there.
    pub labels: Vec<(Span, String)>,
}

impl fmt::Display for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Frame<'_> {}

impl Diagnostic for Frame<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.head))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        Some(Box::new(self.labels.iter().enumerate().map(|(at, (span, label))| {
            let label = (!label.is_empty()).then(|| visible(label).into_owned());
            let span = excerpt.drawn(*span);
            if at == 0 {
                LabeledSpan::new_primary_with_span(label, span)
            } else {
                LabeledSpan::new_with_span(label, span)
            }
        })))
    }
}

/// `source` itself if its text and name are safe to print, otherwise a copy that is: each hostile
/// character is replaced by one of the same length in bytes, so that spans of the one fit the other.
pub fn harmless(source: &Arc<Source>) -> Arc<Source> {
    let text = source.text();
    let name = visible(source.name());
    let acts = |at: usize, c: char| match c {
        '\n' | '\t' => false,
        '\r' => text.as_bytes().get(at + 1) != Some(&b'\n'),
        c => is_hostile(c),
    };
    if matches!(name, Cow::Borrowed(_)) && !text.char_indices().any(|(at, c)| acts(at, c)) {
        return Arc::clone(source);
    }
    let stand_in = |(at, c): (usize, char)| match c.len_utf8() {
        _ if !acts(at, c) => c,
        1 => '?',
        2 => '·',
        3 => '\u{fffd}',
        _ => '\u{1f6ab}',
    };
    Arc::new(Source::new(&*name, text.char_indices().map(stand_in).collect::<String>()))
}

fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
