//! Edits of a text and the way back from the edited text to the author's.

use std::borrow::Cow;

/// One replacement of the bytes `start..end` of the author's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// First byte that is replaced.
    pub start: usize,
    /// One past the last byte that is replaced.
    pub end: usize,
    /// What stands there instead.
    pub text: String,
    /// The offset in the author's text that the new text speaks of.
    pub origin: usize,
    /// Whether the new text is a copy of the bytes from `origin` on, so that offsets go along.
    pub copied: bool,
}

impl Edit {
    /// Puts `text` at `at`; what it says is said of `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { start: at, end: at, text: text.into(), origin: at, copied: false }
    }

    /// Replaces `start..end`.
    pub fn replace(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { start, end, text: text.into(), origin: start, copied: false }
    }
}

/// Leads from offsets in the prepared text to offsets in the author's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    /// (start in the prepared text, start in the author's text, whether offsets go along), sorted; empty: the same text.
    pieces: Vec<(usize, usize, bool)>,
}

impl OffsetMap {
    /// The offset in the author's text that `offset` of the prepared text came from.
    #[must_use]
    pub fn to_original(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.0 <= offset);
        match after.checked_sub(1).and_then(|at| self.pieces.get(at)) {
            Some((new, old, true)) => old + (offset - new),
            Some((_, old, false)) => *old,
            None => offset,
        }
    }

    /// Whether both texts are the same.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// Applies `edits`, in any order; one inside another's range is dropped.
pub fn apply(text: &str, mut edits: Vec<Edit>) -> (Cow<'_, str>, OffsetMap) {
    if edits.is_empty() {
        return (Cow::Borrowed(text), OffsetMap::default());
    }
    // An insertion goes before a replacement that starts where it stands; the longer of two replacements wins.
    edits.sort_by_key(|edit| (edit.start, edit.start != edit.end, usize::MAX - edit.end));
    let mut out = String::with_capacity(text.len() + 256);
    let mut pieces = vec![(0, 0, true)];
    let mut done = 0;
    for edit in edits {
        if edit.start < done {
            continue;
        }
        out.push_str(text.get(done..edit.start).unwrap_or(""));
        pieces.push((out.len(), edit.origin, edit.copied));
        out.push_str(&edit.text);
        pieces.push((out.len(), edit.end, true));
        done = edit.end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    (Cow::Owned(out), OffsetMap { pieces })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offset_leads_back_and_moved_text_to_where_it_was() {
        let text = "abc XYZ def";
        let edits =
            vec![Edit::replace(4, 7, ""), Edit { start: 0, end: 0, text: "XYZ".into(), origin: 4, copied: true }];
        let (new, map) = apply(text, edits);
        assert_eq!(new, "XYZabc  def");
        assert_eq!((map.to_original(1), map.to_original(3), map.to_original(8)), (5, 0, 8));
        assert_eq!(map.to_original(11), 11);
    }

    #[test]
    fn without_edits_nothing_is_copied() {
        let (new, map) = apply("abc", Vec::new());
        assert!(matches!(new, Cow::Borrowed("abc")) && map.is_identity());
    }
}
