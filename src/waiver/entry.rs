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
        let _ = writeln!(text, "{indent}{lead}{name}: {}", scalar(value));
    }
    text
}

/// Plain where every YAML reads it as text, and else in quotes: a JSON string is a YAML string.
fn scalar(value: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let date = super::day(value).is_some();
    let letters = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '.' | '/');
    let plain = value.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && value.chars().all(letters)
        && !value.ends_with(' ')
        && !WORDS.contains(&value.to_ascii_lowercase().as_str());
    if plain || date { value.to_owned() } else { serde_json::Value::from(value).to_string() }
}

/// The waivers file `old` with a new entry at its end, indented as the others are. Comments stay as they are.
///
/// # Errors
/// Why it can't be: the file can't be read, or its list is in brackets.
pub fn appended(old: &str, entry: impl Fn(&str) -> String) -> Result<String, String> {
    let end = if old.contains("\r\n") { "\r\n" } else { "\n" };
    let indent = old
        .lines()
        .find(|line| line.trim_start().starts_with("- "))
        .map_or("  ", |line| line.get(..line.len() - line.trim_start().len()).unwrap_or(""));
    let before = read(old)?;
    let mut head = old.to_owned();
    if before == 0 {
        head = with_open_list(old, end);
    }
    if !head.is_empty() && !head.ends_with('\n') {
        head.push_str(end);
    }
    let text = head + &entry(indent).replace('\n', end);
    // A list in brackets, or a key after the list, can't be appended to by lines.
    if read(&text).ok() == Some(before + 1) {
        Ok(text)
    } else {
        Err("write the entry by hand, its list is not one item a line at the end".to_owned())
    }
}

/// A file without entries so that entries may follow: `waivers: []` becomes `waivers:`.
fn with_open_list(old: &str, end: &str) -> String {
    let key = |line: &str| line.split_once("waivers:").is_some_and(|(before, _)| before.is_empty());
    if !old.lines().any(key) {
        let gap = if old.is_empty() || old.ends_with('\n') { "" } else { end };
        return format!("{old}{gap}waivers:{end}");
    }
    let open = |line: &str| {
        let Some(value) = line.strip_prefix("waivers:").filter(|_| key(line)) else { return line.to_owned() };
        let rest = ["[]", "~", "null"].into_iter().find_map(|empty| value.trim_start().strip_prefix(empty));
        rest.map_or_else(|| line.to_owned(), |rest| format!("waivers:{rest}"))
    };
    old.split_inclusive('\n').map(open).collect()
}

/// How many entries a file has.
fn read(text: &str) -> Result<usize, String> {
    let (waivers, problems) = read_file(&Arc::new(Source::new("waivers.yaml", text)));
    match problems.first() {
        Some(problem) => Err(problem.message.clone()),
        None => Ok(waivers.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_follows_and_all_else_stays() {
        let entry = |indent: &str| {
            entry_text(&[("rule", "a"), ("reason", "it's \"x\": yes"), ("expires", "2026-12-31")], indent)
        };
        let lines = "- rule: a\n  reason: \"it's \\\"x\\\": yes\"\n  expires: 2026-12-31\n";
        let deeper = format!("  {}\n", lines.trim_end().replace('\n', "\n  "));
        for (old, new) in [
            ("", format!("waivers:\n{deeper}")),
            ("# mine\n", format!("# mine\nwaivers:\n{deeper}")),
            ("waivers: [] # none\n", format!("waivers: # none\n{deeper}")),
            ("waivers: ~", format!("waivers:\n{deeper}")),
            ("waivers:\n- rule: b # first", format!("waivers:\n- rule: b # first\n{lines}")),
            ("- rule: b\n# last\n", format!("- rule: b\n# last\n{lines}")),
            ("waivers:\r\n  - rule: b\r\n", format!("waivers:\r\n  - rule: b\r\n{}", deeper.replace('\n', "\r\n"))),
        ] {
            assert_eq!(appended(old, entry).as_ref(), Ok(&new), "{old}");
        }
        for old in ["[{rule: b}]\n", "waivers: {}\n", "waivers: [{rule: b}]\n", "waivers:\n- rules: b\n", "waivers: ["]
        {
            assert!(appended(old, entry).is_err(), "{old}");
        }
    }

    #[test]
    fn what_yaml_would_read_as_something_else_is_quoted() {
        for (value, text) in [
            ("k8s-root-user", "k8s-root-user"),
            ("2026-12-31", "2026-12-31"),
            ("yes", "\"yes\""),
            ("12", "\"12\""),
            ("*", "\"*\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("deploy/web.yaml", "deploy/web.yaml"),
            ("a\nb", "\"a\\nb\""),
        ] {
            assert_eq!(scalar(value), text);
        }
    }
}
