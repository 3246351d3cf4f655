//! What the text at a place says, read by other means than the parser's.

use regate::document::{Document, Format, Path, Step};
use regate::engine::Value;
use regate::parse::{hcl, json, jsonc, toml, yaml};
use regate::source::{Source, Span};

/// Whether the text at `span` says `value`, which is at `path`.
pub fn says(document: &Document, path: &Path, span: Span, value: &Value) -> bool {
    let text = document.source.slice(span);
    match document.format {
        Format::Yaml => yaml_says(document, span, value),
        Format::Json | Format::Ndjson => json_says(text, value),
        Format::Jsonc => only(jsonc::parse(&Source::new("", text))).is_some_and(|read| read == *value),
        Format::Toml => toml_says(text, value),
        Format::Hcl => hcl_says(text, path, value),
        Format::Dockerfile => dockerfile_says(text, path, value),
        Format::Xml => xml_says(text, value),
    }
}

/// Whether the text at `span` says the key `name`, the last step of `path`.
pub fn says_key(document: &Document, path: &Path, span: Span, name: &str) -> bool {
    let text = document.source.slice(span);
    match document.format {
        Format::Yaml => yaml_key(text, name),
        Format::Json | Format::Ndjson => serde_json::from_str::<String>(text).is_ok_and(|read| read == name),
        Format::Jsonc => {
            text == name || only(jsonc::parse(&Source::new("", text))).is_some_and(|read| read == Value::from(name))
        }
        Format::Toml => {
            text == name
                || field(toml::parse(&Source::new("", format!("{text} = 1\n"))), name) == Some(Value::from(1_u64))
        }
        Format::Hcl => hcl_key(text, name),
        Format::Dockerfile => !text.is_empty() && !path.0.is_empty(),
        Format::Xml => match name.strip_prefix('-') {
            Some(attribute) => text.rsplit(':').next() == Some(attribute),
            None => name == "#content" || text.rsplit(':').next() == Some(name),
        },
    }
}

/// Whether an alias stands there, or what a merge key or an alias gave: there the places are the anchor's.
pub fn is_alias(text: &str) -> bool {
    text.starts_with('*')
}

fn only(outcome: regate::parse::Outcome) -> Option<Value> {
    match outcome.documents.as_slice() {
        [one] if outcome.errors.is_empty() => Some(one.value.clone()),
        _ => None,
    }
}

fn field(outcome: regate::parse::Outcome, name: &str) -> Option<Value> {
    Step::from(name).get(&only(outcome)?).cloned()
}

fn json_says(text: &str, value: &Value) -> bool {
    // serde_json takes no escaped half of a pair, and reads huge numbers otherwise.
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(read) if matches!(value, Value::String(_) | Value::Bool(_) | Value::Null) => Value::from(read) == *value,
        _ => only(json::parse(&Source::new("", text))).is_some_and(|read| read == *value),
    }
}

fn yaml_says(document: &Document, span: Span, value: &Value) -> bool {
    let text = document.source.slice(span);
    match value {
        Value::String(said) => {
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            text == &**said
                || serde_yaml::from_str::<String>(text).is_ok_and(|read| read == **said)
                || block_scalar(document, span, said).is_some_and(|read| *read == **said)
                || text.starts_with(['|', '>']) && text.contains('\t') && squeeze(text).ends_with(&squeeze(said))
                || plain(text) == **said
                || short_tag(text, value)
                || binary(text, said)
        }
        Value::Null => text.is_empty() || ["~", "null", "Null", "NULL"].contains(&text),
        // `!GetAtt a.b.c` is `["a", "b.c"]`.
        Value::Array(parts) if text.contains('.') && !text.contains(char::is_whitespace) && parts.len() == 2 => {
            let said = |at: usize| parts.get(at).and_then(|part| part.as_string().ok()).map_or("", |part| part);
            unquoted(text) == format!("{}.{}", said(0), said(1)) || yaml_collection(document, span, value)
        }
        Value::Array(_) | Value::Object(_) => yaml_collection(document, span, value),
        other => only(yaml::parse(&Source::new("", text), &yaml::YamlOptions::default())).as_ref() == Some(other),
    }
}

/// A plain or quoted scalar over several lines, or with a tag before it.
fn plain(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut out = String::new();
    let mut empty = 0;
    for (at, line) in lines.drain(..).enumerate() {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if at > 0 {
            out.push_str(if empty == 0 { " " } else { "" });
            out.push_str(&"\n".repeat(empty));
        }
        empty = 0;
        out.push_str(line);
    }
    out
}

fn binary(text: &str, said: &str) -> bool {
    use base64::Engine as _;
    let dense: String = text.trim_start_matches(['|', '-', '+', '>']).split_whitespace().collect();
    base64::engine::general_purpose::STANDARD.decode(dense).is_ok_and(|bytes| bytes == said.as_bytes())
}

/// A block scalar: the lines of `span` below the header that stands before them.
fn block_scalar(document: &Document, span: Span, said: &str) -> Option<String> {
    let text = document.source.text();
    let head = text.get(..span.start as usize)?;
    let above = head.trim_end();
    let line = above.rsplit('\n').next()?;
    let line = line.split_once(" #").map_or(line, |(line, _)| line);
    let at = line.rfind(['|', '>'])?;
    let header = line.get(at..)?.trim();
    if header.contains(|c: char| c.is_ascii_digit()) {
        // How much is indentation is said beside the text: its lines count, their blanks do not.
        let lines = text.get(span.range())?.lines().map(str::trim_start).collect::<Vec<_>>().join("\n");
        return (said.lines().map(str::trim_start).collect::<Vec<_>>().join("\n") == lines).then(|| said.to_owned());
    }
    let from = above.len() + text.get(above.len()..)?.find('\n')? + 1;
    let rest = text.get(span.end as usize..)?;
    let blank = rest.len() - rest.trim_start_matches(['\n', '\r', ' ', '\t']).len();
    // The last newline is the file's own or there is none.
    let end = span.end as usize + rest.get(..blank)?.rfind('\n').map_or(0, |at| at + 1);
    let body: String = text.get(from..end)?.split_inclusive('\n').flat_map(|line| ["  ", line]).collect();
    serde_yaml::from_str::<std::collections::BTreeMap<String, String>>(&format!("k: {header}\n{body}"))
        .ok()?
        .remove("k")
}

fn short_tag(text: &str, value: &Value) -> bool {
    only(yaml::parse(&Source::new("", text), &yaml::YamlOptions::default())).as_ref() == Some(value)
}

/// A collection's text on lines of its own, as deep as it stands.
fn yaml_collection(document: &Document, span: Span, value: &Value) -> bool {
    let text = document.source.slice(span);
    let outer = document.source.text();
    // An alias outside cannot be read from a part of the file, and long parts take long.
    if text.contains('*') || text.len() > 1_000 || outer.contains("%TAG") {
        return true;
    }
    let column = document.source.position(span.start).column as usize - 1;
    let padded = format!("{}{text}\n", " ".repeat(column));
    let workflow = document.source.name().contains(".github/workflows/");
    let options = yaml::YamlOptions { keep_on_key: workflow, ..Default::default() };
    let read = only(yaml::parse(&Source::new("", padded.as_str()), &options));
    if read.as_ref() == Some(value) {
        return true;
    }
    // Text that is kept to its last blank line reaches past the collection.
    let more = format!("{padded}\n\n\n");
    let trimmed = |value: &Value| serde_json::to_string(value).unwrap_or_default().replace("\\n", "").replace(' ', "");
    text.contains(['|', '>'])
        && only(yaml::parse(&Source::new("", more), &options)).is_some_and(|read| trimmed(&read) == trimmed(value))
}

fn yaml_key(text: &str, name: &str) -> bool {
    if text == name || text.strip_prefix('!').is_some_and(|tag| name == tag || name == format!("Fn::{tag}")) {
        return true;
    }
    let line = format!("{text}: 1\n");
    let options = yaml::YamlOptions::default();
    field(yaml::parse(&Source::new("", line), &options), name) == Some(Value::from(1_u64))
}

fn toml_says(text: &str, value: &Value) -> bool {
    match value {
        // A table's parts may be written anywhere in the file.
        Value::Object(_) => true,
        Value::Array(_) if !text.starts_with('[') || text.starts_with("[[") => true,
        _ => field(toml::parse(&Source::new("", format!("x = {text}\n"))), "x").as_ref() == Some(value),
    }
}

fn hcl_says(text: &str, path: &Path, value: &Value) -> bool {
    let read = field(hcl::parse(&Source::new("", format!("x = {text}\n"))), "x");
    if read.as_ref() == Some(value) {
        return true;
    }
    // A block, the labels above it and the list it is in stand at its header.
    let names = path.0.iter().rev().filter_map(|step| match step {
        Step::Key(name) => Some(&**name),
        Step::Index(_) => None,
    });
    let block = matches!(value, Value::Object(_) | Value::Array(_));
    block && (path.0.is_empty() || names.take(1).all(|name| text.contains(name)))
}

fn hcl_key(text: &str, name: &str) -> bool {
    if text == name || text == format!("\"{name}\"") {
        return true;
    }
    let Some(Value::Object(object)) = field(hcl::parse(&Source::new("", format!("x = {{ {text} = 1 }}\n"))), "x")
    else {
        return false;
    };
    object.contains_key(&Value::from(name))
}

fn dockerfile_says(text: &str, path: &Path, value: &Value) -> bool {
    let last = path.0.iter().rev().find_map(|step| match step {
        Step::Key(name) => Some(&**name),
        Step::Index(_) => None,
    });
    match (last, value) {
        (Some("Cmd"), Value::String(said)) if **said == *"comment" => text.starts_with('#'),
        (Some("Cmd" | "SubCmd"), Value::String(said)) => said.is_empty() || text.eq_ignore_ascii_case(said),
        // `HEALTHCHECK CMD ["a"]` has a word before its list; an empty list has none to stand at.
        (Some("JSON"), Value::Bool(flag)) => {
            let list = text.starts_with('"') || text.contains("[\"") || text.contains("[ \"");
            *flag == list || *flag && !text.contains('"')
        }
        (Some("Content"), Value::String(said)) => {
            let untabbed: String = text.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect();
            text == &**said || untabbed == **said
        }
        (Some("Name"), Value::String(said)) => text == &**said || text.trim_start_matches('\t') == &**said,
        (Some("Value" | "Flags"), Value::String(said)) => {
            let joined = joined(text);
            joined == **said
                || serde_json::from_str::<String>(text).is_ok_and(|read| read == **said)
                || text.starts_with('#') && text.trim_start_matches('#').trim() == &**said
                || unquoted(&joined) == **said
                || said.is_empty() && text.is_empty()
        }
        _ => true,
    }
}

/// A line without its continuation marks and the comments between.
fn joined(text: &str) -> String {
    let escape = if text.contains("`\n") || text.contains("`\r\n") { '`' } else { '\\' };
    let mut out = String::new();
    for (at, line) in text.lines().enumerate() {
        if at > 0 && (line.trim().is_empty() || line.trim_start().starts_with('#')) {
            continue;
        }
        match line.trim_end().strip_suffix(escape) {
            Some(head) => out.push_str(head),
            None => out.push_str(line),
        }
    }
    out
}

fn unquoted(text: &str) -> String {
    text.replace(['"', '\''], "").replace("\\ ", " ")
}

fn xml_says(text: &str, value: &Value) -> bool {
    let Value::String(said) = value else { return true };
    let element = said.is_empty() && text.starts_with('<') && text.ends_with('>');
    element || unescaped(text).is_some_and(|read| read == **said || blanks(&read) == blanks(said))
}

fn blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text and attributes are read by wrapping them in an element.
fn unescaped(text: &str) -> Option<String> {
    let wrapped = format!("<a>{text}</a>");
    let document = roxmltree::Document::parse(&wrapped).ok()?;
    let all: String =
        document.root_element().descendants().filter(roxmltree::Node::is_text).filter_map(|n| n.text()).collect();
    Some(all.trim_matches(|c: char| c.is_whitespace() || c.is_control()).to_owned())
}
