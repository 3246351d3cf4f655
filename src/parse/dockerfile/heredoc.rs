//! Heredocs: the texts that `RUN <<EOF` and `COPY <<file` carry below them.

use crate::document::Tree;
use crate::source::Span;

use super::field;

/// A heredoc as its instruction announces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Announced {
    /// The word that ends it.
    pub(super) name: String,
    /// Whether variables in it are expanded: the word is not quoted.
    pub(super) expand: bool,
    /// Whether leading tabs are dropped: `<<-`.
    pub(super) chomp: bool,
}

/// A heredoc with its text.
pub(super) struct Heredoc {
    pub(super) announced: Announced,
    pub(super) content: String,
    /// The text.
    pub(super) body: Span,
    /// The text and the terminator.
    pub(super) span: Span,
}

impl Heredoc {
    pub(super) fn tree(self) -> Tree {
        let Self { announced, content, body, span } = self;
        let end = Span { start: body.end, end: span.end };
        Tree::object(
            vec![
                field("Name", end, Tree::scalar(announced.name, end)),
                field("Expand", end, Tree::scalar(announced.expand, end)),
                field("Content", body, Tree::scalar(content, body)),
            ],
            span,
        )
    }
}

/// The heredocs that a line announces, in order. A line whose quotes do not
/// close announces none, as in BuildKit.
pub(super) fn announced(line: &str) -> Vec<Announced> {
    let Some(words) = line.contains("<<").then(|| split(line)).flatten() else { return Vec::new() };
    words.iter().filter_map(|word| announcement(word)).collect()
}

fn announcement(word: &str) -> Option<Announced> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (chomp, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    let rest = rest.trim_start();
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let (mut name, mut quoted) = (String::new(), false);
    let mut quote = None;
    let mut characters = rest.chars();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (None, '\'' | '"') => (quote, quoted) = (Some(c), true),
            (Some(open), _) if open == c => quote = None,
            (None | Some('"'), '\\') => name.extend(characters.next()),
            _ => name.push(c),
        }
    }
    Some(Announced { name, expand: !quoted, chomp })
}

/// The words of a shell line with quotes and escapes kept; none when a quote stays open.
fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\'' | '"' => {
                word.push(c);
                loop {
                    let inner = characters.next()?;
                    word.push(inner);
                    if inner == c {
                        break;
                    }
                    if inner == '\\' && c == '"' {
                        word.extend(characters.next());
                    }
                }
            }
            '\\' => {
                word.push(c);
                word.extend(characters.next());
            }
            '<' if characters.peek() == Some(&'<') && word.chars().all(|c| c.is_ascii_digit()) => {
                word.push(c);
                word.extend(characters.next());
                word.extend(characters.next_if_eq(&'-'));
                while characters.next_if(|c| c.is_whitespace()).is_some() {}
            }
            _ if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    Some(words)
}
