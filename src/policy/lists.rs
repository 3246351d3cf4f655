//! Whether a policy goes through its input as a list.

/// Whether the text reads `input` by positions: `input[_]`, `some x in input`, `count(input)`.
///
/// By the words alone, as [`silent`](super::silent) does: names that come from elsewhere are not followed.
pub fn goes_through_input(text: &str) -> bool {
    text.match_indices("input").any(|(at, word)| {
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + word.len()..).unwrap_or(""));
        reads_positions(before, after) && !in_comment(before)
    })
}

/// Whether `input` between these is gone through.
fn reads_positions(before: &str, after: &str) -> bool {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if before.ends_with(|letter| is_word(letter) || letter == '.') || after.starts_with(is_word) {
        return false;
    }
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
        ] {
            assert!(!goes_through_input(other), "{other}");
        }
    }
}
