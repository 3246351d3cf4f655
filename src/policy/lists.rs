//! Whether a policy goes through its input as a list.

/// Names for the input that are followed.
const MOST: usize = 16;

/// Whether the text reads `input` by positions: `input[_]`, `some x in input`, `count(input)`.
///
/// By the words alone, as [`silent`](super::silent) does. Another name for it (`items := input`) counts as it does;
/// a function that gets all of it does not: `has_key(input, "kind")` looks for a field.
pub fn goes_through_input(text: &str) -> bool {
    let mut names = vec!["input"];
    let mut next = 0;
    while let Some(name) = names.get(next).copied() {
        for (before, after) in places(text, name) {
            if reads_positions(before, after) {
                return true;
            }
            if let Some(other) = renamed(before, after).filter(|other| !names.contains(other) && names.len() < MOST) {
                names.push(other);
            }
        }
        next += 1;
    }
    false
}

/// What stands before and after each `name` in `text`.
fn places<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let around = text
        .match_indices(name)
        .map(|(at, word)| (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default()));
    around.filter(|(before, after)| {
        let inside = before.ends_with(|letter| is_word(letter) || letter == '.') || after.starts_with(is_word);
        !inside && !in_comment(before)
    })
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// The name that what stands between these is given.
fn renamed<'a>(before: &'a str, after: &str) -> Option<&'a str> {
    let whole = !after.starts_with(['.', '[']);
    let before = before.trim_end_matches([' ', '\t']).strip_suffix('=').filter(|_| whole)?;
    let before = before.strip_suffix(':').unwrap_or(before).trim_end_matches([' ', '\t']);
    let start = before.rfind(|letter| !is_word(letter)).map_or(0, |at| at + 1);
    before.get(start..).filter(|name| !name.is_empty())
}

/// Whether what stands between these is gone through.
fn reads_positions(before: &str, after: &str) -> bool {
    if let Some(key) = after.strip_prefix('[') {
        return !key.trim_start().starts_with(['"', '`']);
    }
    let before = before.trim_end_matches([' ', '\t']);
    !after.starts_with('.') && (before.ends_with(" in") || before.ends_with("count("))
}

/// Whether a comment has begun on the line that `before` ends with.
fn in_comment(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("");
    line.trim_start().starts_with('#') || line.contains(" #")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_the_input_are_told_from_its_fields() {
        for list in [
            "input[_].name == \"x\"",
            "some i; input[i].name",
            "input[0]",
            "some item in input",
            "every item in input {",
            "count(input) > 3",
            "xs := input\nsome x in xs",
            "xs = input; ys := xs; ys[_].name",
        ] {
            assert!(goes_through_input(list), "{list}");
        }
        for other in [
            "input.name == \"x\"",
            "input[\"name\"]",
            "some c in input.containers",
            "count(input.items) > 3",
            "f(input)",
            "# input[_]",
            "x := 1 # some item in input",
            "data.input[_]",
            "my_input[_]",
            "xs := input\nxs.kind",
            "xs := input.items\nsome x in xs",
            "input == xs; xs[_]",
            "xs != input; xs[_]",
            "c := f(input); c[_]",
        ] {
            assert!(!goes_through_input(other), "{other}");
        }
    }
}
