//! GitHub's `primaryLocationLineHash`: names a line by the hundred characters from its start.
//!
//! A port of `fingerprints.ts` of github/codeql-action, so that alerts keep
//! their identity whoever computes it: a rolling hash of base 37 in wrapping 64
//! bits over UTF-16 units without blanks, CR and CRLF read as LF, 65535 at the
//! end, and `:n` for the n-th line of the same hash.

use std::collections::HashMap;
use std::fmt;

const BLOCK: usize = 100;
const BASE: u64 = 37;
const END: u16 = 65535;

/// The name of one line: the hash of what starts there, and which of the lines with that hash it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineHash(u64, u32);

impl fmt::Display for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{}", self.0, self.1)
    }
}

/// The hash of each line of `text`, the first line first.
pub fn line_hashes(text: &str) -> Vec<LineHash> {
    let mut rolling = Rolling::new();
    for unit in text.encode_utf16() {
        rolling.take(unit);
    }
    rolling.take(END);
    for _ in 0..BLOCK {
        rolling.emit();
        rolling.update(0);
    }
    rolling.hashes
}

struct Rolling {
    window: [u16; BLOCK],
    starts: [bool; BLOCK],
    hash: u64,
    first: u64,
    index: usize,
    line_start: bool,
    after_cr: bool,
    seen: HashMap<u64, u32>,
    hashes: Vec<LineHash>,
}

impl Rolling {
    fn new() -> Self {
        Self {
            window: [0; BLOCK],
            starts: [false; BLOCK],
            hash: 0,
            first: (0..BLOCK).fold(1, |power: u64, _| power.wrapping_mul(BASE)),
            index: 0,
            line_start: true,
            after_cr: false,
            seen: HashMap::new(),
            hashes: Vec::new(),
        }
    }

    fn take(&mut self, unit: u16) {
        const LF: u16 = b'\n' as u16;
        const CR: u16 = b'\r' as u16;
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || (self.after_cr && unit == LF) {
            self.after_cr = false;
            return;
        }
        self.after_cr = unit == CR;
        let unit = if unit == CR { LF } else { unit };
        self.emit();
        if std::mem::take(&mut self.line_start)
            && let Some(start) = self.starts.get_mut(self.index)
        {
            *start = true;
        }
        self.line_start = unit == LF;
        self.update(unit);
    }

    /// Names the line that started a block ago, if one did.
    fn emit(&mut self) {
        if self.starts.get_mut(self.index).is_some_and(std::mem::take) {
            let n = self.seen.entry(self.hash).or_default();
            *n += 1;
            self.hashes.push(LineHash(self.hash, *n));
        }
    }

    fn update(&mut self, unit: u16) {
        let oldest = self.window.get_mut(self.index).map_or(0, |slot| std::mem::replace(slot, unit));
        self.hash = BASE
            .wrapping_mul(self.hash)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.first.wrapping_mul(u64::from(oldest)));
        self.index = (self.index + 1) % BLOCK;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_hash_that_codeql_action_gives_it() {
        let line_hashes = |text| line_hashes(text).iter().map(ToString::to_string).collect::<Vec<_>>();
        // From that project's own tests.
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        let expected = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        assert_eq!(line_hashes(" a\nb\n  \t\tc\n d"), expected);
        assert_eq!(line_hashes(" a\r\nb\r\n  \t\tc\r\n d"), expected);
    }
}
