//! A new entry for a waivers file.

use std::fmt::Write as _;

use std::sync::Arc;

use super::file::{KEYS, read_file};
use crate::source::Source;

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

/// The waivers file `old` with a new entry at its end, indented as the others are.
pub fn appended(old: &str, entry: impl Fn(&str) -> String) -> Result<String, String> {
    let indent = old
        .lines()
        .find(|line| line.trim_start().starts_with("- "))
        .map_or("  ", |line| line.get(..line.len() - line.trim_start().len()).unwrap_or(""));
    let before = read(old)?;
    let gap = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
    let head = if old.trim().is_empty() { "waivers:\n" } else { old };
    let text = format!("{head}{gap}{}", entry(indent));
    // A list in brackets, or a key after the list, can't be appended to by lines.
    if read(&text).ok() == Some(before + 1) {
        Ok(text)
    } else {
        Err("write the entry by hand, its list is not one item a line at the end".to_owned())
    }
}

/// How many entries a file has.
fn read(text: &str) -> Result<usize, String> {
    let (waivers, problems) = read_file(&Arc::new(Source::new("waivers.yaml", text)));
    match problems.first() {
        Some(problem) => Err(problem.message.clone()),
        None => Ok(waivers.len()),
    }
}
