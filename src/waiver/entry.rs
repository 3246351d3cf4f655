//! A new entry for a waivers file.

use std::fmt::Write as _;

use super::file::KEYS;

/// The text of an entry, to be appended to a list; empty values are left out.
#[must_use]
pub fn entry_text(fields: &[(&str, &str)], indent: &str) -> String {
    let mut text = String::new();
    let ordered = KEYS.iter().filter_map(|key| fields.iter().find(|(name, value)| name == key && !value.is_empty()));
    for (at, (name, value)) in ordered.enumerate() {
        let lead = if at == 0 { "- " } else { "  " };
        // A JSON string is a YAML string.
        let _ = writeln!(text, "{indent}{lead}{name}: {}", serde_json::Value::from(*value));
    }
    text
}
