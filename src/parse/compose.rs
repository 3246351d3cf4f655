//! Composing: turns the steps of a parser that meets nodes in source order
//! into a [`Value`] and its source map, side by side.
//!
//! In: begin, end, key, scalar. Out: one [`Parsed`] a document. Nothing here
//! knows a grammar; YAML's aliases and merge keys are here because they act on
//! what was composed before. No step recurses, whatever the depth.

mod names;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use self::names::Names;
use super::Parsed;
use crate::document::{Key, Notice, Open, SpansBuilder};
use crate::engine::Value;
use crate::source::Span;

/// How many notices of one file are kept: after that a reader knows.
const MAX_NOTICES: usize = 100;

/// Where the next node goes.
#[derive(Debug, Clone)]
pub(super) enum Slot {
    /// The root, or the next item of the array that is open.
    Item,
    /// Under a key of the object that is open.
    Field(Key),
    /// Under `<<`: its fields go into the object that is open.
    Merge,
    /// Nowhere: a value whose key cannot be one.
    Discard,
    /// Nowhere: a collection where a key should stand.
    BadKey,
}

impl Slot {
    fn hidden(&self) -> bool {
        matches!(self, Self::Merge | Self::Discard | Self::BadKey)
    }
}

/// What an anchor stands for.
#[derive(Debug, Clone)]
pub(super) struct Anchored {
    pub value: Value,
    pub open: Open,
    pub span: Span,
    /// How many nodes the value has when each alias in it is written out.
    pub weight: u64,
    /// How deep the value goes; 0 for a scalar.
    pub height: usize,
}

/// Builds one document after another.
#[derive(Debug, Default)]
pub(super) struct Composer {
    spans: SpansBuilder,
    frames: Vec<Frame>,
    items: Vec<Value>,
    fields: Vec<(Value, Value)>,
    merges: Vec<(Value, Open)>,
    names: Names,
    root: Option<Value>,
    weight: u64,
    pub notices: Vec<Notice>,
    /// Where `<<` was given something that has no fields.
    pub merge_faults: Vec<Span>,
}

#[derive(Debug)]
struct Frame {
    open: Open,
    object: bool,
    slot: Slot,
    wrap: Option<(Open, Value)>,
    /// Where this frame's items, fields and merges begin.
    base: (usize, usize),
    weight: u64,
    height: usize,
}

impl Composer {
    /// How many containers are open.
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Whether an object is innermost, an array, or nothing.
    pub(super) fn inside(&self) -> Option<bool> {
        self.frames.last().map(|frame| frame.object)
    }

    /// How many nodes the document has so far, aliases written out.
    pub(super) fn weight(&self) -> u64 {
        self.weight
    }

    /// A key called `name`, its text shared with equal keys.
    pub(super) fn name(&mut self, name: &str) -> Arc<str> {
        self.names.get(name)
    }

    /// Says something odd about the input.
    pub(super) fn notice(&mut self, message: String, labels: Vec<(Span, String)>) {
        if self.notices.len() < MAX_NOTICES {
            self.notices.push(Notice { message, labels });
        }
    }

    /// Adds a scalar.
    pub(super) fn scalar(&mut self, slot: Slot, value: Value, span: Span) {
        let _node = self.scalar_node(slot, value, span);
    }

    /// Adds a scalar and gives its node, for an anchor.
    pub(super) fn scalar_node(&mut self, slot: Slot, value: Value, span: Span) -> Open {
        self.weight += 1;
        let (open, slot) = self.open(slot, span);
        self.spans.close(open, None);
        self.put(slot, value, open, 0);
        open
    }

    /// Opens an object or an array.
    pub(super) fn begin(&mut self, slot: Slot, object: bool, span: Span) {
        self.begin_wrapped(slot, object, span, None);
    }

    /// Opens a container that is the only field, `wrap.0`, of an object at `wrap.1`.
    pub(super) fn begin_wrapped(&mut self, mut slot: Slot, object: bool, span: Span, wrap: Option<(Key, Span)>) {
        let weight = self.weight;
        self.weight += 1;
        let mut outer = None;
        if let Some((key, whole)) = wrap {
            self.weight += 1;
            let name = Value::String(key.name.clone());
            let (open, back) = self.open(slot, whole);
            outer = Some((open, name));
            let inner = self.spans.open(Some(key), span);
            self.push_frame(inner, object, back, outer, weight);
            return;
        }
        let (open, back) = self.open(slot, span);
        slot = back;
        self.push_frame(open, object, slot, outer, weight);
    }

    fn push_frame(&mut self, open: Open, object: bool, slot: Slot, wrap: Option<(Open, Value)>, weight: u64) {
        let base = (if object { self.fields.len() } else { self.items.len() }, self.merges.len());
        self.frames.push(Frame { open, object, slot, wrap, base, weight, height: 0 });
    }

    /// Closes the innermost container at `end`. Gives what an anchor on it would
    /// stand for, and whether it stood where a key should.
    pub(super) fn end(&mut self, end: u32) -> Option<(Anchored, bool)> {
        let frame = self.frames.pop()?;
        let mut height = frame.height + 1;
        let mut value = if frame.object { self.end_object(&frame) } else { self.end_array(&frame) };
        self.spans.close(frame.open, Some(end));
        let mut open = frame.open;
        if let Some((outer, name)) = frame.wrap {
            self.spans.close(outer, Some(end));
            value = Value::from(BTreeMap::from([(name, value)]));
            height += 1;
            open = outer;
        }
        let weight = self.weight - frame.weight;
        let bad_key = matches!(frame.slot, Slot::BadKey);
        let anchored = Anchored { value: value.clone(), open, span: self.spans.span(open), weight, height };
        self.put(frame.slot, value, open, height);
        Some((anchored, bad_key))
    }

    /// Puts what an anchor stands for at `span`, where an alias is.
    pub(super) fn alias(&mut self, slot: Slot, to: &Anchored, span: Span) {
        self.weight = self.weight.saturating_add(to.weight);
        if matches!(slot, Slot::Merge) {
            self.put(slot, to.value.clone(), to.open, to.height);
            return;
        }
        let (open, slot) = self.open(slot, span);
        self.spans.anchor(open, to.span);
        self.spans.copy_children(to.open);
        self.spans.close(open, None);
        self.put(slot, to.value.clone(), open, to.height);
    }

    /// What an anchor on the scalar `open` stands for.
    pub(super) fn anchored_scalar(&self, value: Value, open: Open) -> Anchored {
        Anchored { value, open, span: self.spans.span(open), weight: 1, height: 0 }
    }

    /// A node outside the value, for what only an alias will show.
    pub(super) fn detached(&mut self, span: Span) -> Open {
        let open = self.spans.open_hidden(span);
        self.spans.close(open, None);
        open
    }

    /// Ends the document; nothing when it was left in the middle or never begun.
    pub(super) fn finish(&mut self) -> Option<Parsed> {
        let spans = std::mem::take(&mut self.spans).finish();
        let whole = self.frames.is_empty();
        self.frames.clear();
        self.items.clear();
        self.fields.clear();
        self.merges.clear();
        self.weight = 0;
        let value = self.root.take().filter(|_| whole)?;
        Some(Parsed { value, spans })
    }

    fn open(&mut self, slot: Slot, span: Span) -> (Open, Slot) {
        if slot.hidden() {
            return (self.spans.open_hidden(span), slot);
        }
        match slot {
            Slot::Field(key) => {
                // The slot keeps the name alone; the key itself moves into the map.
                let name = key.name.clone();
                let back = Slot::Field(Key { name, span: key.span });
                (self.spans.open(Some(key), span), back)
            }
            other => (self.spans.open(None, span), other),
        }
    }

    fn put(&mut self, slot: Slot, value: Value, open: Open, height: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.height = frame.height.max(height);
        }
        match slot {
            Slot::Field(key) => self.fields.push((Value::String(key.name), value)),
            Slot::Item if self.frames.is_empty() => self.root = Some(value),
            Slot::Item => self.items.push(value),
            Slot::Merge => self.merges.push((value, open)),
            Slot::Discard | Slot::BadKey => {}
        }
    }

    fn end_array(&mut self, frame: &Frame) -> Value {
        // Moved out in one go: collecting a drain into a vector of the exact size.
        Value::from(self.items.drain(frame.base.0..).collect::<Vec<_>>())
    }

    fn end_object(&mut self, frame: &Frame) -> Value {
        let given = self.fields.len() - frame.base.0;
        // Of equal keys the last one stays: what `BTreeMap` promises for its iterator.
        let mut object: BTreeMap<Value, Value> = self.fields.drain(frame.base.0..).collect();
        if object.len() < given {
            self.notice_duplicates(frame.open);
        }
        if self.merges.len() > frame.base.1 {
            self.merge(frame, &mut object);
        }
        Value::from(object)
    }

    /// Adds the fields of each `<<`: a key of the object itself wins, then that of a later
    /// `<<`, then that of an earlier item in a list.
    fn merge(&mut self, frame: &Frame, object: &mut BTreeMap<Value, Value>) {
        let merges: Vec<_> = self.merges.drain(frame.base.1..).rev().collect();
        for (value, open) in merges {
            match &value {
                Value::Array(items) => {
                    for (item, at) in items.iter().zip(self.spans.items(open)) {
                        self.merge_one(object, item, at);
                    }
                }
                _ => self.merge_one(object, &value, open),
            }
        }
    }

    fn merge_one(&mut self, object: &mut BTreeMap<Value, Value>, from: &Value, open: Open) {
        let Value::Object(fields) = from else {
            self.merge_faults.push(self.spans.span(open));
            return;
        };
        let mut added: HashSet<Arc<str>> = HashSet::new();
        for (key, value) in fields.iter() {
            if let (Value::String(name), false) = (key, object.contains_key(key)) {
                added.insert(name.clone());
                object.insert(key.clone(), value.clone());
            }
        }
        self.spans.copy_fields(open, |name| added.contains(name));
    }

    fn notice_duplicates(&mut self, object: Open) {
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut found = Vec::new();
        for key in self.spans.keys(object) {
            if let Some(before) = first.insert(&key.name, key.span) {
                found.push((key.name.clone(), key.span, before));
            }
        }
        for (name, span, before) in found {
            let labels = vec![(span, "this one counts".to_owned()), (before, "this one is lost".to_owned())];
            self.notice(format!("`{name}` is given twice"), labels);
        }
    }
}
