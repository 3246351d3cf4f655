//! XML, in the shape that conftest (goxml2json) gives it.
//!
//! In: the text. Out: one document or one error. An element without attributes
//! and children is a string; any other is an object with `-name` for each
//! attribute, `#content` for its text and its children by their local names,
//! equal names becoming an array. Namespace prefixes are dropped and namespace
//! declarations are attributes, as in conftest.
//!
//! One difference: conftest keeps only the last run of text of an element and
//! so loses `<a>text<b/></a>` and CDATA that stands on a line of its own. Here
//! the last run that is not blank counts: the same wherever conftest has text.
//!
//! A DTD is refused: it can define entities that grow without bound or name files.

use std::collections::HashMap;
use std::sync::Arc;

use roxmltree::{Document, Node, ParsingOptions};

use super::{Outcome, ParseError, Parsed};
use crate::document::{Key, Tree};
use crate::source::{Source, Span};

/// More nodes than a report of the largest readable file has in practice.
const NODES_LIMIT: u32 = 10_000_000;
/// Deeper than any report; the walk's stack is bounded by it.
const DEPTH_LIMIT: usize = 256;

/// Reads an XML file.
#[must_use]
pub fn parse(source: &Source) -> Outcome {
    let mut outcome = Outcome::default();
    match read(source) {
        Ok(parsed) => outcome.documents.push(parsed),
        Err(error) => outcome.errors.push(error),
    }
    outcome
}

fn read(source: &Source) -> Result<Parsed, ParseError> {
    let text = source.text();
    check_depth(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_LIMIT, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| explain(&error, source))?;
    let root = document.root_element();
    let (key, tree) = element(root, text, 0)?;
    let (value, spans) = Tree::object(vec![(key, tree)], span(root)).build();
    Ok(Parsed { value, spans })
}

fn span(node: Node<'_, '_>) -> Span {
    Span::new(node.range().start, node.range().end)
}

fn element(node: Node<'_, '_>, text: &str, depth: usize) -> Result<(Key, Tree), ParseError> {
    let at = span(node);
    let (name, attributes) = start_tag(node, text);
    if depth >= DEPTH_LIMIT {
        return Err(too_deep(at));
    }
    let mut fields = Fields::default();
    for (key, tree) in attributes {
        fields.add(key, tree);
    }
    let mut content = None;
    for child in node.children() {
        if child.is_element() {
            let (key, tree) = element(child, text, depth + 1)?;
            fields.add(key, tree);
        } else if child.is_text() {
            content = run_of_text(child, text).or(content);
        }
    }
    let key = Key { name: node.tag_name().name().into(), span: name };
    if fields.list.is_empty() {
        let (value, place) = content.unwrap_or((String::new(), at));
        return Ok((key, Tree::scalar(value, place)));
    }
    let mut object: Vec<(Key, Tree)> = Vec::with_capacity(fields.list.len() + 1);
    if let Some((value, place)) = content {
        object.push((Key { name: "#content".into(), span: place }, Tree::scalar(value, place)));
    }
    object.extend(fields.list.into_iter().map(|(key, trees)| (key, one_or_many(trees))));
    Ok((key, Tree::object(object, at)))
}

/// The attributes and children of one element, equal names together.
#[derive(Default)]
struct Fields {
    list: Vec<(Key, Vec<Tree>)>,
    // A search of the list would be quadratic in the names of a hostile file.
    by_name: HashMap<Arc<str>, usize>,
}

impl Fields {
    fn add(&mut self, key: Key, tree: Tree) {
        let at = *self.by_name.entry(key.name.clone()).or_insert(self.list.len());
        match self.list.get_mut(at) {
            Some((_, trees)) => trees.push(tree),
            None => self.list.push((key, vec![tree])),
        }
    }
}

fn one_or_many(mut trees: Vec<Tree>) -> Tree {
    if trees.len() == 1
        && let Some(tree) = trees.pop()
    {
        return tree;
    }
    let start = trees.iter().map(|tree| tree.span.start).min().unwrap_or(0);
    let end = trees.iter().map(|tree| tree.span.end).max().unwrap_or(0);
    Tree::array(trees, Span { start, end })
}

/// The text without blanks around it and where that stands; none when blank.
fn run_of_text(node: Node<'_, '_>, text: &str) -> Option<(String, Span)> {
    let value = node.text()?.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if value.is_empty() {
        return None;
    }
    let range = node.range();
    let raw = text.get(range.clone())?;
    let start = range.start + (raw.len() - raw.trim_start().len());
    Some((value.to_owned(), Span::new(start, start + raw.trim().len())))
}

/// The tag's name and its attributes, read from the text again because the
/// tree keeps no places of namespace declarations. The text is known to be well-formed.
fn start_tag(node: Node<'_, '_>, text: &str) -> (Span, Vec<(Key, Tree)>) {
    let base = node.range().start + 1;
    let rest = text.get(base..node.range().end).unwrap_or("");
    let name_len = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(rest.len());
    let mut attributes = Vec::new();
    let mut at = name_len;
    let mut declared = node.attributes();
    while let Some(tail) = rest.get(at..) {
        at += tail.len() - tail.trim_start().len();
        let Some(tail) = rest.get(at..) else { break };
        let Some((raw_name, after)) = tail.split_once('=') else { break };
        if tail.starts_with(['/', '>']) {
            break;
        }
        let quoted = after.trim_start();
        let Some(quote) = quoted.chars().next() else { break };
        let Some((raw_value, _)) = quoted.get(1..).and_then(|inner| inner.split_once(quote)) else { break };
        let value_at = at + raw_name.len() + 1 + (after.len() - quoted.len()) + 1;
        let raw_name = raw_name.trim_end();
        let local = raw_name.rsplit(':').next().unwrap_or(raw_name);
        let value = if raw_name == "xmlns" {
            node.default_namespace().unwrap_or("").to_owned()
        } else if raw_name.starts_with("xmlns:") {
            node.lookup_namespace_uri(Some(local)).unwrap_or("").to_owned()
        } else {
            declared.next().map_or_else(String::new, |attribute| attribute.value().to_owned())
        };
        let key = Key { name: format!("-{local}").into(), span: Span::new(base + at, base + at + raw_name.len()) };
        let place = Span::new(base + value_at, base + value_at + raw_value.len());
        attributes.push((key, Tree::scalar(value, place)));
        at = value_at + raw_value.len() + 1;
    }
    (Span::new(base, base + name_len), attributes)
}

/// Refuses depth before the tree is made: its reader calls itself for each level.
fn check_depth(text: &str) -> Result<(), ParseError> {
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let here = text.len() - rest.len() + at;
        rest = rest.get(at..).unwrap_or("");
        let end = match rest {
            _ if rest.starts_with("<!--") => rest.find("-->").map(|n| n + 3),
            _ if rest.starts_with("<![CDATA[") => rest.find("]]>").map(|n| n + 3),
            _ if rest.starts_with("<?") => rest.find("?>").map(|n| n + 2),
            _ => tag_end(rest),
        };
        let Some(tag) = end.and_then(|end| rest.get(..end)) else { return Ok(()) };
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with("<!") && !tag.starts_with("<?") && !tag.ends_with("/>") {
            depth += 1;
            if depth > DEPTH_LIMIT {
                return Err(too_deep(Span::new(here, here + tag.len())));
            }
        }
        rest = rest.get(tag.len()..).unwrap_or("");
    }
    Ok(())
}

/// One past the `>` that ends the tag, those in quoted values aside.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn too_deep(at: Span) -> ParseError {
    ParseError { message: format!("elements are nested more than {DEPTH_LIMIT} deep"), span: Some(at), help: None }
}

fn explain(error: &roxmltree::Error, source: &Source) -> ParseError {
    if matches!(error, roxmltree::Error::DtdDetected) {
        let text = source.text();
        let at = text.find("<!DOCTYPE").map(|at| Span::new(at, at + "<!DOCTYPE".len()));
        return ParseError {
            message: "a document type definition (DTD) is not read".to_owned(),
            span: at,
            help: Some("remove the `<!DOCTYPE …>` declaration".to_owned()),
        };
    }
    let message = error.to_string();
    let pos = error.pos();
    let suffix = format!(" at {pos}");
    let message = message.strip_suffix(suffix.as_str()).unwrap_or(&message).to_owned();
    ParseError { message, span: place(source, pos), help: None }
}

/// The character at `pos`; columns count characters, as ours do.
fn place(source: &Source, pos: roxmltree::TextPos) -> Option<Span> {
    let line = source.line_span(pos.row)?;
    let rest = source.text().get(line.start as usize..)?;
    let (offset, character) = rest.char_indices().nth(pos.col.saturating_sub(1) as usize).unwrap_or((rest.len(), ' '));
    let start = line.start as usize + offset;
    Some(Span::new(start, (start + character.len_utf8()).min(source.text().len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Path;
    use crate::engine::Value;

    const TEXT: &str = r#"<?xml version="1.0"?>
<!-- c -->
<s:root xmlns:s="urn:x" xmlns="urn:y" a="1" s:a = '2>'>
  <one>text &amp; more</one>
  <two/>
  <three k="v">t <b>x</b> tail</three>
  <four k="v"><![CDATA[ raw <x> ]]></four>
  <six>a<!-- c -->b</six>
  <six/>
  <seven k="v">  </seven>
</s:root>
"#;

    #[test]
    fn the_value_is_what_conftest_prints() {
        let outcome = parse(&Source::new("a.xml", TEXT));
        assert_eq!(outcome.errors, []);
        let expected = r##"{"root":{"-a":["1","2>"],"-s":"urn:x","-xmlns":"urn:y",
            "four":{"#content":"raw <x>","-k":"v"},"one":"text & more","seven":{"-k":"v"},"six":["b",""],
            "three":{"#content":"tail","-k":"v","b":"x"},"two":""}}"##;
        assert_eq!(outcome.documents[0].value, Value::from_json_str(expected).unwrap());
    }

    #[test]
    fn elements_attributes_and_text_have_places() {
        let source = Source::new("a.xml", TEXT);
        let spans = &parse(&source).documents[0].spans;
        let found = |steps| spans.lookup(&Path(steps)).unwrap();
        let slice = |span| source.slice(span);
        assert_eq!(slice(found(vec!["root".into(), "-a".into(), 1.into()]).value), "2>");
        assert_eq!(slice(found(vec!["root".into(), "-s".into()]).key.unwrap()), "xmlns:s");
        assert_eq!(slice(found(vec!["root".into(), "three".into(), "#content".into()]).value), "tail");
        assert_eq!(slice(found(vec!["root".into(), "one".into()]).value), "text &amp; more");
        assert_eq!(slice(found(vec!["root".into(), "one".into()]).key.unwrap()), "one");
        assert_eq!(slice(found(vec!["root".into(), "two".into()]).value), "<two/>");
    }

    #[test]
    fn text_before_a_child_and_cdata_on_its_own_line_are_kept() {
        let source = Source::new("a.xml", "<a>kept<b/></a>");
        assert_eq!(
            parse(&source).documents[0].value,
            Value::from_json_str(r##"{"a":{"#content":"kept","b":""}}"##).unwrap()
        );
    }

    #[test]
    fn a_dtd_is_refused_by_name() {
        let outcome = parse(&Source::new("a.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]>\n<a>&b;</a>"));
        assert_eq!(outcome.errors[0].message, "a document type definition (DTD) is not read");
        assert_eq!(outcome.errors[0].span, Some(Span::new(0, 9)));
    }

    #[test]
    fn broken_and_deep_files_are_errors_with_places() {
        let outcome = parse(&Source::new("a.xml", "<a>\n  <b>\n</a>"));
        assert_eq!(outcome.errors[0].message, "expected 'b' tag, not 'a'");
        assert_eq!(outcome.errors[0].span, Some(Span::new(10, 11)));
        let deep = parse(&Source::new("a.xml", "<a>".repeat(100_000)));
        assert_eq!(deep.errors[0].message, "elements are nested more than 256 deep");
    }
}
