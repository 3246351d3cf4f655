//! Text for people: hostile characters made visible, counts with their nouns.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether `c` could act on a terminal or reorder text instead of being seen.
pub fn is_hostile(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Characters that reorder or hide their neighbours: bidirectional controls, zero-width marks, line separators.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            // No characters at all, and refused by every reader of XML.
            | '\u{fffe}'
            | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// `text` on one line with every hostile character written as an escape (`\u{1b}`, `\n`).
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// As [`visible`], but line breaks stay line breaks and tabs become blanks.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    match escape(text, |c| matches!(c, '\n' | '\t')) {
        Cow::Owned(text) if text.contains('\t') => Cow::Owned(text.replace('\t', "    ")),
        Cow::Borrowed(text) if text.contains('\t') => Cow::Owned(text.replace('\t', "    ")),
        other => other,
    }
}

/// `text` with its lines and tabs as they are, safe to print.
pub fn printable(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '\n' | '\t'))
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hostile = |c: char| is_hostile(c) && !keep(c);
    if !text.contains(hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if !hostile(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => {
                // Writing to a String can't fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

/// `1 finding`, `2 findings`.
pub fn count(n: usize, noun: &str) -> String {
    match n {
        1 => format!("1 {noun}"),
        n => format!("{} {noun}s", thousands(n)),
    }
}

/// `12,345`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// At most `limit` bytes of `text`, cut between characters and marked where it was cut.
pub fn clip(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let mut end = limit.saturating_sub('…'.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_are_shown_and_never_sent() {
        assert_eq!(visible("a\u{1b}[31m\nb\u{202e}\u{9b}é"), "a\\u{1b}[31m\\nb\\u{202e}\\u{9b}é");
        assert_eq!(visible_lines("a\n\tb\r"), "a\n    b\\r");
        assert_eq!(visible_lines("a\u{fffe}b\u{ffff}"), "a\\u{fffe}b\\u{ffff}");
        assert!(matches!(visible("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(clip("ééé", 5), "é…");
        assert_eq!(clip("éé", 4), "éé");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
