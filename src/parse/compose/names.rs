//! Sharing the text of keys: most files repeat a few names many times.

use std::sync::Arc;

const SLOTS: usize = 256;

/// The names met lately, found by a cheap hash.
///
/// One slot a hash and the newest name stays: unlike a hash table it has no
/// chains, so that no input can make it slow, and no growth.
#[derive(Debug, Default)]
pub(super) struct Names {
    slots: Vec<Option<Arc<str>>>,
}

impl Names {
    /// `name` as a shared string.
    pub(super) fn get(&mut self, name: &str) -> Arc<str> {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, None);
        }
        let Some(slot) = self.slots.get_mut(slot_of(name.as_bytes())) else { return name.into() };
        match slot {
            Some(known) if **known == *name => known.clone(),
            _ => slot.insert(name.into()).clone(),
        }
    }
}

fn slot_of(name: &[u8]) -> usize {
    let word = |bytes: Option<&[u8]>| match bytes.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()) {
        Some(bytes) => u64::from_le_bytes(bytes),
        None => name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let mixed = word(name.first_chunk::<8>().map(|chunk| &chunk[..]))
        .rotate_left(23)
        .wrapping_add(word(name.last_chunk::<8>().map(|chunk| &chunk[..])))
        .wrapping_add(name.len() as u64)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 56).unwrap_or(0)
}
