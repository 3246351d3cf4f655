//! Whom CODEOWNERS gives a file to, as GitHub reads it.
//!
//! Source: "About code owners" in GitHub's documentation. The first of
//! `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` counts; of its lines
//! the last that matches; a line without owners takes a file from everybody; a
//! line that GitHub does not take (`!`, `[…]`, an owner without `@`) is none.

use std::fs;
use std::path::Path;

use regex::Regex;

/// GitHub reads no larger file.
const MAX_SIZE: u64 = 3 << 20;

/// The owners of the file that is called `name` from the repository's top folder.
///
/// # Errors
/// There is no CODEOWNERS, it can't be read, or it gives the file to nobody.
pub fn owners(top: &Path, name: &str) -> Result<Vec<String>, String> {
    let places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
    let Some(place) = places.into_iter().find(|place| top.join(place).is_file()) else {
        return Err("the repository has no CODEOWNERS".to_owned());
    };
    let file = top.join(place);
    let unreadable = |error: std::io::Error| format!("{place} can't be read: {error}");
    if fs::metadata(&file).map_err(unreadable)?.len() >= MAX_SIZE {
        return Err(format!("{place} is larger than the 3 MiB that GitHub reads"));
    }
    let text = fs::read_to_string(&file).map_err(unreadable)?;
    match owners_in(&text, name) {
        Some(owners) if !owners.is_empty() => Ok(owners),
        _ => Err(format!("{place} gives `{name}` to nobody")),
    }
}

/// The owners by the last line that matches; none when no line does.
fn owners_in(text: &str, name: &str) -> Option<Vec<String>> {
    text.lines().rev().find_map(|line| {
        let (pattern, owners) = entry(line)?;
        pattern_of(&pattern)?.is_match(name).then_some(owners)
    })
}

/// A line's pattern and owners.
fn entry(line: &str) -> Option<(String, Vec<String>)> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if words.is_empty() => word.extend(letters.next()),
            '#' if word.is_empty() => break,
            letter if letter.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            letter => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    let mut words = words.into_iter();
    let pattern = words.next()?;
    let owners: Vec<String> = words.collect();
    owners.iter().all(|owner| owner.contains('@')).then_some((pattern, owners))
}

/// What a pattern matches: the rules of `.gitignore` without `!` and `[…]`, but `docs/*` is not for folders.
fn pattern_of(pattern: &str) -> Option<Regex> {
    if pattern.contains("***") || pattern == "/" || pattern.starts_with('!') || pattern.contains(['[', ']']) {
        return None;
    }
    let mut parts: Vec<&str> = pattern.split('/').collect();
    let anchored = parts.first() == Some(&"");
    if anchored {
        parts.remove(0);
    } else if (parts.len() == 1 || (parts.len() == 2 && parts.last() == Some(&""))) && parts.first() != Some(&"**") {
        parts.insert(0, "**");
    }
    if parts.len() > 1
        && let Some(last) = parts.last_mut().filter(|last| last.is_empty())
    {
        *last = "**";
    }
    let mut text = r"\A".to_owned();
    let end = parts.len() - 1;
    let mut slash = false;
    for (at, part) in parts.iter().enumerate() {
        match *part {
            "**" if at == 0 && at == end => text.push_str(".+"),
            "**" if at == 0 => text.push_str("(?:.+/)?"),
            "**" if at == end => text.push_str("/.*"),
            "**" => {
                text.push_str("(?:/.+)?");
                slash = true;
            }
            part => {
                if slash {
                    text.push('/');
                }
                for letter in part.chars() {
                    match letter {
                        '*' => text.push_str("[^/]*"),
                        '?' => text.push_str("[^/]"),
                        letter => text.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4]))),
                    }
                }
                // A folder's name means all in it; `docs/*` only the files.
                if at == end && part != "*" {
                    text.push_str("(?:/.*)?");
                }
                slash = true;
            }
        }
    }
    text.push_str(r"\z");
    Regex::new(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_matches_counts() {
        let text = "* @all\n/policy/ @security # them\n/policy/free.yaml\n*.md @docs doc@example.com\nwrong nobody\n";
        let owners = |name| owners_in(text, name).unwrap();
        assert_eq!(owners("a/b.yaml"), ["@all"]);
        assert_eq!(owners("policy/waivers.yaml"), ["@security"]);
        assert_eq!(owners("policy/free.yaml"), [""; 0]);
        assert_eq!(owners("policy/a.md"), ["@docs", "doc@example.com"]);
        assert_eq!(owners("wrong"), ["@all"]);
        assert_eq!(owners_in("/x @a\n", "y"), None);
    }

    #[test]
    fn patterns_mean_what_they_mean_on_github() {
        for (pattern, yes, no) in [
            ("*", vec!["a", "a/b"], vec![]),
            ("*.js", vec!["a.js", "x/a.js"], vec!["a.jsx"]),
            ("/build/logs/", vec!["build/logs/a", "build/logs/b/c"], vec!["x/build/logs/a", "build/logs"]),
            ("docs/*", vec!["docs/a.md"], vec!["docs/b/c.md", "x/docs/a.md"]),
            ("apps/", vec!["apps/a", "x/apps/b/c"], vec!["apps", "xapps/a"]),
            ("/docs/", vec!["docs/a"], vec!["x/docs/a"]),
            ("**/logs", vec!["logs/a", "x/y/logs/b", "logs"], vec!["xlogs"]),
            ("/apps/github", vec!["apps/github", "apps/github/a"], vec!["apps/githubx"]),
            ("/a/**/b", vec!["a/b", "a/x/y/b"], vec!["a/xb"]),
            ("/policy/waivers.yaml", vec!["policy/waivers.yaml"], vec!["policy/waivers_yaml", "waivers.yaml"]),
            ("waivers.yaml", vec!["waivers.yaml", "x/waivers.yaml"], vec!["my-waivers.yaml"]),
            ("!a", vec![], vec!["a"]),
            ("[ab]", vec![], vec!["a"]),
        ] {
            let text = format!("{pattern} @x\n");
            for name in yes {
                assert!(owners_in(&text, name).is_some(), "{pattern} {name}");
            }
            for name in no {
                assert!(owners_in(&text, name).is_none(), "{pattern} {name}");
            }
        }
    }
}
