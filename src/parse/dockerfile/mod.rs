//! Dockerfiles, in the shape that conftest gives them: BuildKit's own reading,
//! flattened to one array of instructions.
//!
//! In: the text. Out: one document, an array of
//! `{Cmd, SubCmd, Flags, JSON, Value, Stage}`, and an error for each
//! instruction that can't be read; the others are still there. As in conftest,
//! comments are instructions with `Cmd: "comment"`, and what was not written is
//! `null` (`Flags` of a comment). One key more than conftest has: `Heredocs`,
//! only where there are any, because their text is run like a `RUN` line's.
//!
//! The rules are BuildKit's (`frontend/dockerfile/parser`), ported by hand:
//! `parse-dockerfile` gives another tree, refuses files that Docker builds
//! (equal stage names) and keeps continuation lines unjoined.

mod args;
mod heredoc;
mod lines;

use self::args::{Word, parse_args, split_flags};
use self::heredoc::Heredoc;
use self::lines::{Joined, Line, Reader};
use super::{Outcome, ParseError, Parsed};
use crate::document::{Key, Tree};
use crate::engine::Value;
use crate::source::{Source, Span};

const INSTRUCTIONS: [&str; 18] = [
    "add",
    "arg",
    "cmd",
    "copy",
    "entrypoint",
    "env",
    "expose",
    "from",
    "healthcheck",
    "label",
    "maintainer",
    "onbuild",
    "run",
    "shell",
    "stopsignal",
    "user",
    "volume",
    "workdir",
];

/// Reads a Dockerfile.
#[must_use]
pub fn parse(source: &Source) -> Outcome {
    let text = source.text();
    let mut outcome = Outcome::default();
    let mut reader = Reader::new(text);
    let mut instructions = Vec::new();
    let mut stages = 0_u64;
    while let Some(Line { joined, comments, error }) = reader.next_line() {
        outcome.errors.extend(error);
        let (found, here_docs) = match instruction(&joined, reader.escape(), 0) {
            Ok(found) => {
                let docs = if found.takes_heredocs() { heredoc::announced(&joined.text) } else { Vec::new() };
                (found, docs.into_iter().map(|doc| reader.heredoc(doc, &joined)).collect::<Vec<_>>())
            }
            Err(error) => {
                outcome.errors.push(error);
                continue;
            }
        };
        if found.name == "from" {
            stages += 1;
        }
        let stage = stages.saturating_sub(1);
        instructions.extend(comments.into_iter().map(|(text, span)| comment(text, span, stage)));
        let mut docs = Vec::new();
        for doc in here_docs {
            match doc {
                Ok(doc) => docs.push(doc),
                Err(error) => outcome.errors.push(error),
            }
        }
        instructions.push(tree(found, stage, docs));
    }
    if instructions.is_empty() {
        if outcome.errors.is_empty() {
            outcome.errors.push(fault("this Dockerfile has no instruction", Span::new(0, 0)));
        }
        return outcome;
    }
    let (value, spans) = Tree::array(instructions, Span::new(0, text.len())).build();
    outcome.documents.push(Parsed { value, spans });
    outcome
}

fn fault(message: impl Into<String>, span: Span) -> ParseError {
    ParseError { message: message.into(), span: Some(span), help: None }
}

/// One instruction as it is written.
struct Instruction {
    /// In lower case.
    name: String,
    keyword: Span,
    /// The whole of it.
    span: Span,
    /// None when it has no arguments at all.
    flags: Option<Vec<Word>>,
    json: bool,
    values: Option<Vec<Word>>,
    /// The instruction that `ONBUILD` puts off, and its keyword as written.
    sub: Option<(String, Box<Instruction>)>,
}

impl Instruction {
    fn takes_heredocs(&self) -> bool {
        let at = self.sub.as_ref().map_or(self, |(_, sub)| sub);
        matches!(at.name.as_str(), "add" | "copy" | "run") && !at.json
    }
}

fn instruction(line: &Joined, escape: char, depth: u8) -> Result<Instruction, ParseError> {
    let trimmed = line.trimmed(0..line.text.len());
    let head = line.text.get(trimmed.clone()).unwrap_or("");
    let keyword_len = head.find(args::is_blank).unwrap_or(head.len());
    let keyword = head.get(..keyword_len).unwrap_or("");
    let name = keyword.to_lowercase();
    let keyword_span = line.span(trimmed.start..trimmed.start + keyword_len);
    if !INSTRUCTIONS.contains(&name.as_str()) {
        return Err(unknown(keyword, &name, keyword_span));
    }
    let span = line.span(trimmed.clone());
    let rest = head.get(keyword_len..).unwrap_or("");
    let rest_at = trimmed.start + keyword_len + (rest.len() - rest.trim_start_matches(args::is_blank).len());
    let (flags, args_at) = if rest_at < trimmed.end {
        let (flags, at) = split_flags(&line.text, rest_at..trimmed.end, escape);
        (Some(placed(flags, line)), at)
    } else {
        (None, trimmed.end)
    };
    let args_range = line.trimmed(args_at..trimmed.end);
    let mut found = Instruction { name, keyword: keyword_span, span, flags, json: false, values: None, sub: None };
    if found.name == "onbuild" {
        if depth > 0 {
            return Err(fault("`ONBUILD` can't follow `ONBUILD`", keyword_span));
        }
        if args_range.is_empty() {
            return Err(fault("`ONBUILD` needs an instruction", span));
        }
        let sub_line = line.part(args_range);
        let written = sub_line.text.split(args::is_blank).next().unwrap_or("").to_owned();
        let sub = instruction(&sub_line, escape, depth + 1)?;
        found.sub = Some((written, Box::new(sub)));
        return Ok(found);
    }
    let (values, json) =
        parse_args(&found.name, &line.text, args_range, escape).map_err(|message| fault(message, span))?;
    found.values = values.map(|words| placed(words, line));
    found.json = json;
    check_arguments(&found)?;
    Ok(found)
}

/// Words of the joined line with their places in the source.
fn placed(words: Vec<Word>, line: &Joined) -> Vec<Word> {
    words.into_iter().map(|word| Word { span: line.span(word.span.range()), ..word }).collect()
}

/// What Docker refuses before it builds anything: an instruction without its arguments.
fn check_arguments(found: &Instruction) -> Result<(), ParseError> {
    let count = found.values.as_ref().map_or(0, Vec::len);
    let name = found.name.to_uppercase();
    let as_word =
        |at: usize| found.values.as_ref().and_then(|v| v.get(at)).is_some_and(|w| w.text.eq_ignore_ascii_case("as"));
    match found.name.as_str() {
        "from" if count != 1 && !(count == 3 && as_word(1)) => {
            Err(fault("`FROM` needs an image, and after it nothing or `AS name`", found.span))
        }
        "run" | "cmd" | "entrypoint" => Ok(()),
        _ if count == 0 => Err(fault(format!("`{name}` needs an argument"), found.span)),
        _ => Ok(()),
    }
}

fn unknown(keyword: &str, name: &str, span: Span) -> ParseError {
    let near = INSTRUCTIONS
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    ParseError {
        message: format!("`{}` is no Dockerfile instruction", keyword.chars().take(40).collect::<String>()),
        span: Some(span),
        help: near.map(|(_, known)| format!("did you mean `{}`?", known.to_uppercase())),
    }
}

fn field(name: &str, place: Span, tree: Tree) -> (Key, Tree) {
    (Key { name: name.into(), span: place }, tree)
}

fn words(words: Option<Vec<Word>>, otherwise: Span) -> Tree {
    let Some(words) = words else { return Tree::scalar(Value::Null, otherwise) };
    let span = match (words.first(), words.last()) {
        (Some(first), Some(last)) => Span { start: first.span.start, end: last.span.end.max(first.span.start) },
        _ => otherwise,
    };
    Tree::array(words.into_iter().map(|word| Tree::scalar(word.text, word.span)).collect(), span)
}

fn comment(text: String, span: Span, stage: u64) -> Tree {
    let value = Tree::array(vec![Tree::scalar(text, span)], span);
    Tree::object(
        vec![
            field("Cmd", span, Tree::scalar("comment", span)),
            field("SubCmd", span, Tree::scalar("", span)),
            field("JSON", span, Tree::scalar(false, span)),
            field("Flags", span, Tree::scalar(Value::Null, span)),
            field("Value", span, value),
            field("Stage", span, Tree::scalar(stage, span)),
        ],
        span,
    )
}

fn tree(found: Instruction, stage: u64, docs: Vec<Heredoc>) -> Tree {
    let Instruction { name, keyword, mut span, flags, json, values, sub } = found;
    let (sub_name, sub_place, json, values) = match sub {
        Some((written, sub)) => (written, sub.keyword, sub.json, sub.values),
        None => (String::new(), keyword, json, values),
    };
    if let Some(last) = docs.last() {
        span.end = last.span.end;
    }
    let values = words(values, keyword);
    let flags = words(flags, keyword);
    let mut fields = vec![
        field("Cmd", keyword, Tree::scalar(name, keyword)),
        field("SubCmd", sub_place, Tree::scalar(sub_name, sub_place)),
        field("JSON", values.span, Tree::scalar(json, values.span)),
        field("Flags", flags.span, flags),
        field("Value", keyword, values),
        field("Stage", keyword, Tree::scalar(stage, keyword)),
    ];
    if !docs.is_empty() {
        let place = docs.first().map_or(span, |doc| Span { start: doc.span.start, end: span.end });
        let items = docs.into_iter().map(Heredoc::tree).collect();
        fields.push(field("Heredocs", place, Tree::array(items, place)));
    }
    Tree::object(fields, span)
}

#[cfg(test)]
mod tests;
