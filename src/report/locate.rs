//! Lines and columns for the places of a report.

use std::cell::Cell;

use crate::source::{Position, Source, Span};

/// Finds lines and columns, remembering the last one found.
///
/// Findings come sorted, so the next place is mostly near the last: on a report
/// of one line with megabytes of JSON, counting from the start of the line for
/// each finding would be quadratic.
#[derive(Default)]
pub struct Locator<'a> {
    last: Cell<Option<(&'a Source, u32, Position)>>,
}

/// Where a span starts and ends; the end is one past its last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Its first character.
    pub start: Position,
    /// One past its last character.
    pub end: Position,
}

impl<'a> Locator<'a> {
    /// The region that `span` covers.
    pub fn region(&self, source: &'a Source, span: Span) -> Region {
        let start = self.position(source, span.start);
        Region { start, end: self.position(source, span.end.max(span.start)) }
    }

    /// The line and column of the byte at `offset`.
    pub fn position(&self, source: &'a Source, offset: u32) -> Position {
        let found = self.near_last(source, offset).unwrap_or_else(|| source.position(offset));
        self.last.set(Some((source, offset, found)));
        found
    }

    fn near_last(&self, source: &'a Source, offset: u32) -> Option<Position> {
        let (known, from, position) = self.last.get().filter(|(known, ..)| std::ptr::eq(*known, source))?;
        let starts = known.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        if line != position.line as usize {
            return None;
        }
        let (low, high) = (from.min(offset), from.max(offset));
        let moved = known.text().get(low as usize..high as usize)?.chars().count();
        let moved = u32::try_from(moved).ok()?;
        let column = if offset >= from { position.column + moved } else { position.column.checked_sub(moved)? };
        Some(Position { line: position.line, column })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_the_same_from_the_last_place_and_from_the_start() {
        let source = Source::new("a", "aé: [1, 2]\nb: ü\n");
        let locator = Locator::default();
        for offset in [0, 5, 3, 9, 12, 17, 4, 11, 40, 2] {
            assert_eq!(locator.position(&source, offset), source.position(offset), "offset {offset}");
        }
    }
}
