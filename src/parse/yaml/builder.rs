//! From the events of one YAML document to its value and its places.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, ScalarStyle, Span as EventSpan, StructureStyle, Tag};

use super::scalars::Scalar;
use super::tags::{self, Tagged};
use super::{YamlOptions, too_deep};
use crate::document::{Key, Notice};
use crate::engine::Value;
use crate::parse::compose::{Anchored, Composer, Slot};
use crate::parse::{ParseError, Parsed};
use crate::source::Span;

/// Builds the documents of one text.
pub(super) struct Builder<'a> {
    text: &'a str,
    options: &'a YamlOptions,
    composer: Composer,
    /// Where the next value goes, once its key is known.
    pending: Option<Slot>,
    /// The anchors of the containers that are open, and of what is finished.
    opened: Vec<usize>,
    anchors: HashMap<usize, Anchored>,
    /// How many levels the open containers take, written-out tags included.
    depth: usize,
    /// Where the last node ended: block collections end with their last child.
    last: u32,
    /// Nothing but an empty node was met: there is no document.
    blank: bool,
    /// What is wrong, while the document can still be read on.
    pub(super) errors: Vec<ParseError>,
}

type Step = Result<(), ParseError>;

/// A node's text and properties as the parser gives them.
struct Node<'a> {
    text: Cow<'a, str>,
    style: ScalarStyle,
    tag: Option<Cow<'a, Tag>>,
    /// Where it stands.
    span: Span,
    tag_span: Option<Span>,
    /// Nothing is written: the value is missing.
    empty: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str, options: &'a YamlOptions) -> Self {
        Self {
            text,
            options,
            composer: Composer::default(),
            pending: None,
            opened: Vec::new(),
            anchors: HashMap::new(),
            depth: 0,
            last: 0,
            blank: false,
            errors: Vec::new(),
        }
    }

    /// Takes one event. An error means that the document cannot be read on.
    pub(super) fn event(&mut self, event: Event<'a>, at: &EventSpan) -> Step {
        let span = at.byte_range().map_or_else(Span::default, |range| Span::new(range.start, range.end));
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.node(text, style, tag, span, at);
                self.last = node.span.end.max(self.last);
                self.scalar(&node, anchor)
            }
            Event::SequenceStart(style, anchor, tag) => {
                let span = if style == StructureStyle::Block { self.at_dash(span) } else { span };
                self.begin(false, anchor, tag.as_deref(), span, at)
            }
            Event::MappingStart(_, anchor, tag) => self.begin(true, anchor, tag.as_deref(), span, at),
            Event::SequenceEnd | Event::MappingEnd => {
                self.end(span);
                Ok(())
            }
            Event::Alias(id) => {
                self.last = span.end;
                self.alias(id, span)
            }
            Event::UnresolvedAlias(name) => {
                self.last = span.end;
                self.errors.push(ParseError::at(span, format!("no anchor `&{name}` stands before this alias")));
                self.value(Scalar::Null, "", span);
                Ok(())
            }
            Event::DocumentStart(..) => {
                self.blank = false;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The document that has ended, if there is anything in it.
    pub(super) fn finish(&mut self) -> Option<Parsed> {
        self.anchors.clear();
        let parsed = self.composer.finish();
        parsed.filter(|_| !self.blank)
    }

    /// Forgets the document that cannot be read on.
    pub(super) fn abandon(&mut self) {
        self.composer.finish();
        self.anchors.clear();
        self.opened.clear();
        self.pending = None;
        self.depth = 0;
        self.last = 0;
    }

    /// What was odd.
    pub(super) fn notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.composer.notices)
    }

    fn node(
        &self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        tag: Option<Cow<'a, Tag>>,
        mut span: Span,
        at: &EventSpan,
    ) -> Node<'a> {
        let tag_span = tag_span(at);
        let empty = style == ScalarStyle::Plain && span.is_empty();
        let mut text = if empty { Cow::Borrowed("") } else { text };
        if empty {
            span = self.missing(span, tag_span);
        }
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            // At the end of a file without a newline the YAML 1.2 parsers add one, libyaml and go-yaml do not.
            if span.end as usize >= self.text.len() && ends_inside_a_line(self.text) && text.ends_with('\n') {
                text.to_mut().pop();
            }
            let written = self.text.get(span.range()).unwrap_or("").trim_end_matches(['\n', '\r', ' ']);
            span.end = Span::new(span.start as usize + written.len(), 0).start.max(span.start);
        }
        Node { text, style, tag, span, tag_span, empty }
    }

    /// A block sequence from its first dash: of one that is not indented below its
    /// key the parser gives the place behind the dash and the comments there.
    fn at_dash(&self, span: Span) -> Span {
        let mut head = self.text.get(..span.start as usize).unwrap_or("");
        let dash = |rest: &str| rest.strip_prefix('-').is_some_and(|rest| rest.trim_start() != rest || rest.is_empty());
        if self.text.get(span.start as usize..).is_some_and(dash) {
            return span;
        }
        loop {
            head = head.trim_end();
            if let Some(before) = head.strip_suffix('-').filter(|before| before.ends_with(|c: char| c.is_whitespace()))
            {
                return Span { start: Span::new(before.len(), 0).start, end: span.end };
            }
            let line = head.rfind('\n').map_or(0, |at| at + 1);
            let comment = head.get(line..).and_then(|text| text.find('#'));
            match comment.and_then(|at| head.get(..line + at)) {
                Some(rest) => head = rest,
                None => return span,
            }
        }
    }

    /// Where a value that is not written would stand: after its tag, or after its key's colon.
    fn missing(&self, span: Span, tag: Option<Span>) -> Span {
        if let Some(tag) = tag {
            return Span::new(tag.end as usize, tag.end as usize);
        }
        let Some(Slot::Field(key)) = &self.pending else { return span };
        let rest = self.text.get(key.span.end as usize..).unwrap_or("");
        let gap = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if rest.get(gap..).is_some_and(|rest| rest.starts_with(':')) {
            let at = key.span.end as usize + gap + 1;
            return Span::new(at, at);
        }
        span
    }

    fn scalar(&mut self, node: &Node<'a>, anchor: usize) -> Step {
        if self.at_key() {
            self.key(node, anchor);
            return Ok(());
        }
        if self.composer.depth() == 0 && node.empty && node.tag.is_none() {
            self.blank = true;
        }
        self.check_budget(1, node.span)?;
        let (name, whole) = self.wrap(node.tag.as_deref(), node.tag_span, node.span);
        if let Some(key) = name {
            self.tagged_scalar(node, anchor, key, whole);
            return Ok(());
        }
        let value = self.resolve(node);
        let slot = self.slot();
        let open = self.composer.scalar_node(slot, value.clone(), node.span);
        self.anchor_scalar(anchor, value, open);
        Ok(())
    }

    fn anchor_scalar(&mut self, anchor: usize, value: Value, open: crate::document::Open) {
        if anchor != 0 {
            let anchored = self.composer.anchored_scalar(value, open);
            self.anchors.insert(anchor, anchored);
        }
    }

    /// A scalar under a CloudFormation tag: an object with one field.
    fn tagged_scalar(&mut self, node: &Node<'a>, anchor: usize, key: Key, whole: Span) {
        let slot = self.slot();
        self.composer.begin(slot, true, whole);
        let attribute = &*key.name == "Fn::GetAtt" && !node.empty;
        let field = Slot::Field(key);
        if attribute {
            self.attribute(node, field);
        } else {
            let value = Value::from(&*node.text);
            self.composer.scalar(field, value, node.span);
        }
        if let Some((anchored, _)) = self.composer.end(whole.end)
            && anchor != 0
        {
            self.anchors.insert(anchor, anchored);
        }
    }

    /// `!GetAtt a.b.c` is `["a", "b.c"]`, each with its part of the text.
    fn attribute(&mut self, node: &Node<'a>, slot: Slot) {
        let text = &*node.text;
        let quote = u32::from(matches!(node.style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let start = (node.span.start + quote) as usize;
        // With escapes or folded lines the parts are not where they seem: the whole stands for each.
        let exact = self.text.get(start..start + text.len()) == Some(text);
        let place = |from: usize, to: usize| if exact { Span::new(start + from, start + to) } else { node.span };
        self.composer.begin(slot, false, node.span);
        let dot = text.find('.').unwrap_or(text.len());
        let (name, rest) = text.split_at(dot);
        self.composer.scalar(Slot::Item, Value::from(name), place(0, dot));
        if let Some(attribute) = rest.strip_prefix('.') {
            self.composer.scalar(Slot::Item, Value::from(attribute), place(dot + 1, text.len()));
        }
        self.composer.end(node.span.end);
    }

    fn resolve(&mut self, node: &Node<'a>) -> Value {
        match tags::scalar(&node.text, node.style, node.tag.as_deref()) {
            Tagged::Is(scalar) => self.scalar_value(scalar, &node.text, node.span),
            Tagged::Value(value) => value,
            Tagged::Misfit(message) => {
                self.errors.push(ParseError::at(node.span, message));
                Value::from(&*node.text)
            }
        }
    }

    fn scalar_value(&mut self, scalar: Scalar, text: &str, span: Span) -> Value {
        scalar.value(text).unwrap_or_else(|| {
            let label = "no number that JSON can hold".to_owned();
            self.composer.notice(format!("`{text}` is read as text"), vec![(span, label)]);
            Value::from(text)
        })
    }

    fn value(&mut self, scalar: Scalar, text: &str, span: Span) {
        if self.at_key() {
            self.pending = Some(Slot::Discard);
            return;
        }
        let value = self.scalar_value(scalar, text, span);
        let slot = self.slot();
        self.composer.scalar(slot, value, span);
    }

    fn at_key(&self) -> bool {
        self.pending.is_none() && self.composer.inside() == Some(true)
    }

    fn key(&mut self, node: &Node<'a>, anchor: usize) {
        let plain = node.style == ScalarStyle::Plain;
        if plain && node.tag.is_none() && node.text == "<<" {
            self.pending = Some(Slot::Merge);
            return;
        }
        let scalar = match tags::scalar(&node.text, node.style, node.tag.as_deref()) {
            Tagged::Is(scalar) => scalar,
            Tagged::Value(_) => Scalar::Text,
            Tagged::Misfit(message) => {
                self.errors.push(ParseError::at(node.span, message));
                Scalar::Text
            }
        };
        let kept = self.options.keep_on_key && node.text == "on";
        let name = match scalar.key().filter(|_| !kept) {
            Some(name) => self.composer.name(&name),
            None => self.composer.name(&node.text),
        };
        if anchor != 0 {
            let value = Value::String(name.clone());
            // A key is no node of its own: an alias to it points at a node that copies nothing.
            let open = self.composer.detached(node.span);
            self.anchor_scalar(anchor, value, open);
        }
        self.pending = Some(Slot::Field(Key { name, span: node.span }));
    }

    fn begin(&mut self, object: bool, anchor: usize, tag: Option<&Tag>, span: Span, at: &EventSpan) -> Step {
        self.check_budget(2, span)?;
        let (key, whole) = self.wrap(tag, tag_span(at), span);
        self.depth += 1;
        if self.depth > self.options.max_depth {
            return Err(too_deep(Span::new(span.start as usize, span.start as usize), self.options));
        }
        self.last = self.last.max(span.end);
        self.opened.push(anchor);
        let slot = if self.at_key() { Slot::BadKey } else { self.slot() };
        if matches!(slot, Slot::BadKey) {
            let what = if object { "a mapping" } else { "a sequence" };
            let error = ParseError::at(span, format!("{what} cannot be a key"));
            let template = self.text.get(..span.start as usize).is_some_and(|head| head.ends_with('{'));
            self.errors.push(if template && object {
                error.with_help("this looks like a template: render it first, and check the result")
            } else {
                error
            });
        }
        self.composer.begin_wrapped(slot, object, span, key.map(|key| (key, whole)));
        Ok(())
    }

    fn end(&mut self, span: Span) {
        self.depth = self.depth.saturating_sub(1);
        // Flow collections end with a bracket, block collections with their last child.
        if !span.is_empty() {
            self.last = span.end;
        }
        let anchor = self.opened.pop().unwrap_or(0);
        // A key without a value cannot be left over: the parser gives an empty scalar.
        self.pending = None;
        let Some((anchored, bad_key)) = self.composer.end(self.last) else { return };
        for span in std::mem::take(&mut self.composer.merge_faults) {
            self.errors.push(ParseError::at(span, "`<<` takes a mapping, or a list of mappings"));
        }
        if bad_key {
            self.pending = Some(Slot::Discard);
        }
        if anchor != 0 {
            self.anchors.insert(anchor, anchored);
        }
    }

    fn alias(&mut self, id: usize, span: Span) -> Step {
        let Some(anchored) = self.anchors.get(&id) else {
            self.errors.push(ParseError::at(span, "this alias stands inside what it refers to"));
            self.value(Scalar::Null, "", span);
            return Ok(());
        };
        if self.at_key() {
            match &anchored.value {
                Value::String(name) => self.pending = Some(Slot::Field(Key { name: name.clone(), span })),
                Value::Array(_) | Value::Object(_) => {
                    self.errors.push(ParseError::at(span, "this alias stands for a collection, which cannot be a key"));
                    self.pending = Some(Slot::Discard);
                }
                other => {
                    let name = other.to_string();
                    self.pending = Some(Slot::Field(Key { name: self.composer.name(&name), span }));
                }
            }
            return Ok(());
        }
        let anchored = anchored.clone();
        self.check_budget(anchored.weight, span)?;
        if self.depth + anchored.height > self.options.max_depth {
            return Err(too_deep(span, self.options));
        }
        let slot = self.slot();
        self.composer.alias(slot, &anchored, span);
        Ok(())
    }

    /// Where the node that is met goes.
    fn slot(&mut self) -> Slot {
        self.pending.take().unwrap_or(Slot::Item)
    }

    fn wrap(&self, tag: Option<&Tag>, tag_span: Option<Span>, span: Span) -> (Option<Key>, Span) {
        let Some(name) = tags::long_form(tag, self.options.tags) else { return (None, span) };
        let tag_span = tag_span.unwrap_or(Span { start: span.start, end: span.start });
        let key = Key { name: name.into(), span: tag_span };
        (Some(key), Span { start: tag_span.start.min(span.start), end: span.end.max(tag_span.end) })
    }

    fn check_budget(&self, more: u64, span: Span) -> Step {
        let max = self.options.max_nodes as u64;
        if self.composer.weight().saturating_add(more) <= max {
            return Ok(());
        }
        let error =
            ParseError::at(span, format!("the document has more than {max} nodes once its aliases are written out"));
        Err(error.with_help("an alias that stands for other aliases multiplies what it holds"))
    }
}

fn tag_span(at: &EventSpan) -> Option<Span> {
    at.tag_span()?.byte_range().map(|range| Span::new(range.start, range.end))
}

/// Whether the text ends in the middle of a line that says something.
fn ends_inside_a_line(text: &str) -> bool {
    let line = text.rsplit(['\n', '\r']).next().unwrap_or("");
    !line.trim_matches([' ', '\t']).is_empty()
}
