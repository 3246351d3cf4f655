//! Waivers in comments: `# regate:waive RULE until=2026-12-31 reason="…"`.

use std::sync::Arc;

use super::{Field, RawWaiver, problem};
use crate::document::{Document, Format, Path, Step};
use crate::engine::Value;
use crate::finding::Problem;
use crate::source::{Source, Span};

const MARK: &str = "regate:waive";

/// The keys of a comment, and what they are called in a file.
const KEYS: [(&str, &str); 8] = [
    ("until", "expires"),
    ("expires", "expires"),
    ("reason", "reason"),
    ("owner", "owner"),
    ("approver", "approver"),
    ("ticket", "ticket"),
    ("created", "created"),
    ("resource", "resource"),
];

/// The waivers in the comments of one file, whose documents are `documents`.
///
/// A comment beside something speaks for that line, one on its own line for
/// the next; both speak for the whole block or resource that starts there.
#[must_use]
pub fn read_comments(source: &Arc<Source>, documents: &[&Document]) -> (Vec<RawWaiver>, Vec<Problem>) {
    let (mut waivers, mut problems) = (Vec::new(), Vec::new());
    let Some(format) = documents.first().map(|document| document.format) else { return (waivers, problems) };
    if !source.text().contains(MARK)
        || !matches!(format, Format::Yaml | Format::Hcl | Format::Dockerfile | Format::Toml)
    {
        return (waivers, problems);
    }
    let texts = texts(documents, format);
    let mut offset = 0;
    for (line, text) in (1_u32..).zip(source.text().split_inclusive('\n')) {
        let found = comment(text, format).filter(|(start, _)| {
            let at = Span::new(offset + start, offset + start + 1);
            !texts.iter().any(|span| span.contains(at))
        });
        if let Some((start, body)) = found {
            let span = Span::new(offset + start, offset + text.trim_end().len());
            match fields(body, offset + (body.as_ptr() as usize - text.as_ptr() as usize)) {
                Ok(fields) => {
                    let own_line = text.get(..start).is_none_or(|before| before.trim().is_empty());
                    let target = if own_line { next_line(source, line, format) } else { Some(line) };
                    let region = target.and_then(|target| region(source, documents, target, format)).unwrap_or(span);
                    waivers.push(RawWaiver {
                        fields,
                        source: source.clone(),
                        span,
                        parts: vec![span],
                        attested: Vec::new(),
                        region: Some(region),
                    });
                }
                Err(message) => {
                    let help = "write `regate:waive RULE until=YYYY-MM-DD reason=\"…\"`";
                    problems.push(problem(
                        source,
                        span,
                        false,
                        format!("{message}, so the waiver does not apply"),
                        help,
                    ));
                }
            }
        }
        offset += text.len();
    }
    (waivers, problems)
}

/// Where the comment with the mark starts, and what follows the mark.
fn comment(line: &str, format: Format) -> Option<(usize, &str)> {
    let (head, body) = line.split_once(MARK)?;
    if !body.starts_with(char::is_whitespace) && !body.is_empty() {
        return None;
    }
    let sign = head.trim_end();
    let block = (format == Format::Hcl).then(|| sign.strip_suffix("/*")).flatten();
    let body = if block.is_some() { body.trim_end().trim_end_matches("*/") } else { body };
    let opened =
        sign.strip_suffix('#').or_else(|| sign.strip_suffix("//").filter(|_| format == Format::Hcl)).or(block)?;
    // A Dockerfile has comments on lines of their own only.
    let alone = opened.trim().is_empty();
    let apart = alone || (opened.ends_with([' ', '\t']) && format != Format::Dockerfile);
    apart.then(|| (opened.len(), body.trim_end()))
}

/// Where texts stand, in which a `#` starts no comment: block scalars, strings of several lines,
/// here-documents.
fn texts(documents: &[&Document], format: Format) -> Vec<Span> {
    let mut all = Vec::new();
    for document in documents {
        for (path, found) in document.spans.paths() {
            if matches!(path.get(&document.value), Some(Value::Object(_) | Value::Array(_))) {
                continue;
            }
            let text = document.source.slice(found.value);
            let whole = match format {
                // A comment may stand between the lines of one instruction.
                Format::Dockerfile => path.0.iter().any(|step| matches!(step, Step::Key(key) if **key == *"Heredocs")),
                // A call over several lines is a value that may have comments in it.
                Format::Hcl => text.starts_with(['"', '<']),
                _ => true,
            };
            // The keys that a Dockerfile is given stand for the instruction.
            all.extend(found.key.filter(|_| format != Format::Dockerfile));
            if whole {
                all.push(found.value);
            } else if format == Format::Hcl {
                all.extend(strings(text, found.value.start as usize));
            }
        }
    }
    all
}

/// The strings in an expression that starts at the byte `from`.
fn strings(text: &str, from: usize) -> Vec<Span> {
    let mut all = Vec::new();
    let (mut start, mut escaped) = (None, false);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, start) {
            (b'"', Some(begin)) if !escaped => {
                all.push(Span::new(from + begin, from + at + 1));
                start = None;
            }
            (b'"', None) => start = Some(at),
            // A string ends on its line; a quote in a comment opens none for long.
            (b'\n', _) => start = None,
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    all
}

/// The rule and the keys of a comment; `at` is where `body` starts in the file.
fn fields(body: &str, at: usize) -> Result<Vec<Field>, String> {
    let mut fields: Vec<Field> = Vec::new();
    let mut rest = body;
    loop {
        let here = rest.trim_start();
        if here.is_empty() {
            break;
        }
        let start = at + (body.len() - here.len());
        let word = here.find([' ', '\t', '=']).unwrap_or(here.len());
        let (name, tail) = here.split_at(word);
        let Some(value) = tail.strip_prefix('=') else {
            if fields.iter().any(|field| field.name == "rule") {
                return Err(format!("`{name}` has no value"));
            }
            fields.push(Field { name: "rule".to_owned(), text: name.to_owned(), span: Span::new(start, start + word) });
            rest = tail;
            continue;
        };
        let key = KEYS.iter().find(|(key, _)| *key == name).ok_or_else(|| format!("a waiver has no key `{name}`"))?;
        let (text, used) = match value.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find('"').ok_or_else(|| format!("the value of `{name}` has no closing quote"))?;
                (quoted.get(..end).unwrap_or(""), end + 2)
            }
            None => {
                let end = value.find([' ', '\t']).unwrap_or(value.len());
                (value.get(..end).unwrap_or(""), end)
            }
        };
        if fields.iter().any(|field| field.name == key.1) {
            return Err(format!("`{name}` is given twice"));
        }
        let from = start + word + 1;
        fields.push(Field { name: key.1.to_owned(), text: text.to_owned(), span: Span::new(from, from + used) });
        rest = value.get(used..).unwrap_or("");
    }
    Ok(fields)
}

/// The next line that is no comment and not empty.
fn next_line(source: &Source, line: u32, format: Format) -> Option<u32> {
    let comment =
        |text: &str| text.starts_with('#') || text == "---" || (format == Format::Hcl && text.starts_with("//"));
    let texts = source.text().lines().map(str::trim_start);
    (1_u32..).zip(texts).find(|(at, text)| *at > line && !text.is_empty() && !comment(text)).map(|(at, _)| at)
}

/// The line, and all of whatever starts on it.
fn region(source: &Source, documents: &[&Document], line: u32, format: Format) -> Option<Span> {
    let row = source.line_span(line)?;
    let mut region = row;
    let starts = |span: Span| !span.is_empty() && row.start <= span.start && span.start <= row.end;
    for document in documents {
        let paths = document.spans.paths();
        let mut tops: Vec<&Path> = Vec::new();
        for (path, found) in &paths {
            let under = tops.iter().any(|top| path.0.starts_with(&top.0));
            // The root of a file that holds many resources is none of them.
            let root = path.0.is_empty() && format != Format::Yaml;
            if under || (!root && (found.key.is_some_and(starts) || starts(found.value))) {
                for span in [found.key, Some(found.value)].into_iter().flatten().filter(|span| !span.is_empty()) {
                    // What an alias or a merge brought from elsewhere does not widen it upward.
                    if span.start >= row.start {
                        region.end = region.end.max(span.end);
                    }
                }
                if !under {
                    tops.push(path);
                }
            }
        }
    }
    Some(region)
}
