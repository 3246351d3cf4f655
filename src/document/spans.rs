//! The source map of a document: where each key, value and item stands.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::path::{Path, Step};
use crate::source::Span;

/// Where each node of one document stands in its source, in the shape of the value.
///
/// Nodes are kept in pre-order. `skip` is one past a node's subtree, so the
/// first child of `i` is `i + 1` and the next sibling of `i` is `nodes[i].skip`.
/// A node under an object carries its key; items of an array come in order.
/// A hidden node is no part of the value: what a YAML merge key was given
/// stays in the arena, so that an anchor inside it keeps its index.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    nodes: Vec<Node>,
    wide: Wide,
}

/// Items up to here are counted off.
const NARROW: usize = 32;

/// Where the items of long lists are, by the list: known once one of them has been asked for.
/// Findings in a report of thousands of entries would else each go through all of them.
#[derive(Debug, Default)]
struct Wide(Mutex<HashMap<usize, Arc<[u32]>>>);

impl Clone for Wide {
    fn clone(&self) -> Self {
        Self::default()
    }
}

#[derive(Debug, Clone)]
struct Node {
    key: Option<Key>,
    span: Span,
    anchor: Option<Span>,
    skip: u32,
    hidden: bool,
}

/// A key of an object and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key as policies see it.
    pub name: Arc<str>,
    /// Where it is written. For a key that the format adds (`Cmd` of a
    /// Dockerfile's instruction) the nearest text it stands for.
    pub span: Span,
}

/// What the source map knows of one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The key that leads to the value; none for items and the root.
    pub key: Option<Span>,
    /// The value where it is used.
    pub value: Span,
    /// Where the value is defined, if that is elsewhere (a YAML anchor, a default in HCL).
    pub anchor: Option<Span>,
}

impl Spans {
    /// Starts an empty map.
    #[must_use]
    pub fn builder() -> SpansBuilder {
        SpansBuilder::default()
    }

    /// Where the value at `path` stands, or nothing if the map has no such node.
    #[must_use]
    pub fn lookup(&self, path: &Path) -> Option<Found> {
        let mut at = 0;
        for step in &path.0 {
            at = self.child(at, step)?;
        }
        let node = self.nodes.get(at)?;
        Some(Found { key: node.key.as_ref().map(|key| key.span), value: node.span, anchor: node.anchor })
    }

    /// The map of the subtree at `path`, its root keyless: for documents cut out of a larger one.
    #[must_use]
    pub fn subtree(&self, path: &Path) -> Option<Self> {
        let mut at = 0;
        for step in &path.0 {
            at = self.child(at, step)?;
        }
        self.cut(at)
    }

    /// The maps of the root's items or fields, each as [`Self::subtree`] gives it.
    #[must_use]
    pub fn parts(&self) -> Vec<Self> {
        self.children(0).filter_map(|(_, at)| self.cut(at)).collect()
    }

    fn cut(&self, at: usize) -> Option<Self> {
        let end = self.nodes.get(at)?.skip as usize;
        let mut nodes = self.nodes.get(at..end)?.to_vec();
        let shift = u32::try_from(at).ok()?;
        for node in &mut nodes {
            node.skip -= shift;
        }
        nodes.first_mut()?.key = None;
        Some(Self { nodes, wide: Wide::default() })
    }

    /// The deepest path whose key or value covers the byte `offset`.
    #[must_use]
    pub fn path_at(&self, offset: u32) -> Path {
        let mut steps = Vec::new();
        let mut at = 0;
        'down: loop {
            for (step, child) in self.children(at) {
                if self.covers(child, offset) {
                    steps.push(step);
                    at = child;
                    continue 'down;
                }
            }
            break;
        }
        Path(steps)
    }

    /// Every path of the map with what is known of it, in pre-order.
    #[must_use]
    pub fn paths(&self) -> Vec<(Path, Found)> {
        let mut all = Vec::with_capacity(self.nodes.len());
        self.collect(0, &mut Path::default(), &mut all);
        all
    }

    /// How many nodes the map has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the map has no node at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether a node or one under it covers `offset`: the parts of an HCL block
    /// lie outside the block's own span, which is its header.
    fn covers(&self, at: usize, offset: u32) -> bool {
        let end = self.nodes.get(at).map_or(0, |node| node.skip as usize);
        self.nodes.get(at..end).into_iter().flatten().any(|node| {
            let start = node.key.as_ref().map_or(node.span.start, |key| key.span.start.min(node.span.start));
            start <= offset && offset < node.span.end.max(start + 1)
        })
    }

    fn collect(&self, at: usize, path: &mut Path, all: &mut Vec<(Path, Found)>) {
        let Some(node) = self.nodes.get(at) else { return };
        let found = Found { key: node.key.as_ref().map(|key| key.span), value: node.span, anchor: node.anchor };
        all.push((path.clone(), found));
        for (step, child) in self.children(at) {
            path.0.push(step);
            self.collect(child, path, all);
            path.0.pop();
        }
    }

    fn children(&self, at: usize) -> impl Iterator<Item = (Step, usize)> + '_ {
        let end = self.nodes.get(at).map_or(0, |node| node.skip as usize);
        let mut next = at + 1;
        let mut index = 0;
        std::iter::from_fn(move || {
            let mut node = self.nodes.get(next).filter(|_| next < end)?;
            while node.hidden {
                next = node.skip as usize;
                node = self.nodes.get(next).filter(|_| next < end)?;
            }
            let step = node.key.as_ref().map_or(Step::Index(index), |key| Step::Key(key.name.clone()));
            let child = next;
            next = node.skip as usize;
            index += 1;
            Some((step, child))
        })
    }

    /// The item `wanted` of the array at `at`, through the table of its items.
    fn item(&self, at: usize, wanted: usize) -> Option<usize> {
        let mut known = self.wide.0.lock().unwrap_or_else(PoisonError::into_inner);
        let items = known
            .entry(at)
            .or_insert_with(|| self.children(at).map(|(_, child)| u32::try_from(child).unwrap_or(u32::MAX)).collect());
        let child = *items.get(wanted)? as usize;
        self.nodes.get(child).filter(|node| node.key.is_none()).map(|_| child)
    }

    fn child(&self, at: usize, step: &Step) -> Option<usize> {
        if let Step::Index(wanted) = step
            && *wanted > NARROW
        {
            return self.item(at, *wanted);
        }
        let end = self.nodes.get(at)?.skip as usize;
        let mut next = at + 1;
        let mut index = 0;
        // The last of several equal keys is the one whose value counts.
        let mut found = None;
        while next < end {
            let node = self.nodes.get(next)?;
            if node.hidden {
                next = node.skip as usize;
                continue;
            }
            match (step, &node.key) {
                (Step::Index(wanted), None) if *wanted == index => return Some(next),
                (Step::Key(wanted), Some(key)) if *wanted == key.name => found = Some(next),
                _ => {}
            }
            next = node.skip as usize;
            index += 1;
        }
        found
    }
}

/// Makes [`Spans`] in the order in which a parser meets the nodes.
#[derive(Debug, Default)]
pub struct SpansBuilder {
    nodes: Vec<Node>,
}

/// A container that was opened and not yet closed.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Open(usize);

impl SpansBuilder {
    /// Adds a node without children.
    pub fn leaf(&mut self, key: Option<Key>, span: Span) {
        let open = self.open(key, span);
        self.close(open, None);
    }

    /// Adds a node whose children follow until it is closed.
    pub fn open(&mut self, key: Option<Key>, span: Span) -> Open {
        self.nodes.push(Node { key, span, anchor: None, skip: 0, hidden: false });
        Open(self.nodes.len() - 1)
    }

    /// Adds a node that no path leads to; its children can still be copied from it.
    pub fn open_hidden(&mut self, span: Span) -> Open {
        let open = self.open(None, span);
        if let Some(node) = self.nodes.last_mut() {
            node.hidden = true;
        }
        open
    }

    /// Ends a node; `end` replaces where its span ends.
    pub fn close(&mut self, open: Open, end: Option<u32>) {
        let skip = Span::new(self.nodes.len(), 0).start;
        if let Some(node) = self.nodes.get_mut(open.0) {
            node.skip = skip;
            if let Some(end) = end {
                node.span.end = end.max(node.span.start);
            }
        }
    }

    /// Says where the value of an open node is defined, when that is not where it is used.
    pub fn anchor(&mut self, open: Open, span: Span) {
        if let Some(node) = self.nodes.get_mut(open.0) {
            node.anchor = Some(span);
        }
    }

    /// Where a node stands.
    #[must_use]
    pub fn span(&self, open: Open) -> Span {
        self.nodes.get(open.0).map(|node| node.span).unwrap_or_default()
    }

    /// The keys of an object that is open or finished, in source order.
    #[must_use]
    pub fn keys(&self, object: Open) -> Vec<&Key> {
        self.children(object).filter_map(|(_, node)| node.key.as_ref()).collect()
    }

    /// The items of an array that is open or finished.
    pub fn items(&self, array: Open) -> Vec<Open> {
        self.children(array).map(|(at, _)| Open(at)).collect()
    }

    /// Copies the children of the finished node `from` to the end, inside whatever is open,
    /// each marked as defined where it stands: what a YAML alias does.
    pub fn copy_children(&mut self, from: Open) {
        if let Some(end) = self.nodes.get(from.0).map(|node| node.skip as usize) {
            self.copy(from.0 + 1, end);
        }
    }

    /// Copies the `wanted` fields of the finished object `from`, as [`Self::copy_children`]
    /// does: what a YAML merge key does.
    pub fn copy_fields(&mut self, from: Open, mut wanted: impl FnMut(&Arc<str>) -> bool) {
        let fields = self.children(from).filter(|(_, node)| node.key.as_ref().is_some_and(|key| wanted(&key.name)));
        let ranges: Vec<_> = fields.map(|(at, node)| (at, node.skip as usize)).collect();
        for (start, end) in ranges {
            self.copy(start, end);
        }
    }

    fn copy(&mut self, start: usize, end: usize) {
        let to = self.nodes.len();
        if start >= end || end > to {
            return;
        }
        self.nodes.extend_from_within(start..end);
        for node in self.nodes.iter_mut().skip(to) {
            node.skip = Span::new(node.skip as usize - start + to, 0).start;
            node.anchor = node.anchor.or(Some(node.span));
        }
    }

    fn children(&self, of: Open) -> impl Iterator<Item = (usize, &Node)> {
        // A node that is still open has no end yet: its children reach to the last node.
        let end = self.nodes.get(of.0).map_or(0, |node| node.skip as usize);
        let end = if end == 0 { self.nodes.len() } else { end };
        let mut next = of.0 + 1;
        std::iter::from_fn(move || {
            loop {
                let at = next;
                let node = self.nodes.get(at).filter(|_| at < end)?;
                next = (node.skip as usize).max(at + 1);
                if !node.hidden {
                    return Some((at, node));
                }
            }
        })
    }

    /// Ends the building.
    #[must_use]
    pub fn finish(self) -> Spans {
        Spans { nodes: self.nodes, wide: Wide::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::unnecessary_wraps)] // as the builder takes it
    fn key(name: &str, start: usize) -> Option<Key> {
        Some(Key { name: name.into(), span: Span::new(start, start + name.len()) })
    }

    #[test]
    fn a_path_leads_to_its_key_and_value() {
        // a: [x, y]
        let mut builder = Spans::builder();
        let root = builder.open(None, Span::new(0, 9));
        let list = builder.open(key("a", 0), Span::new(3, 9));
        builder.leaf(None, Span::new(4, 5));
        builder.leaf(None, Span::new(7, 8));
        builder.close(list, None);
        builder.close(root, None);
        let spans = builder.finish();
        let path = Path(vec!["a".into(), 1.into()]);
        assert_eq!(spans.lookup(&path), Some(Found { key: None, value: Span::new(7, 8), anchor: None }));
        assert_eq!(spans.lookup(&path.prefix(1)).and_then(|f| f.key), Some(Span::new(0, 1)));
        assert_eq!(spans.path_at(7), path);
        assert_eq!(spans.subtree(&path.prefix(1)).map(|s| s.len()), Some(3));
        assert_eq!(spans.lookup(&path.child("no")), None);
    }

    #[test]
    fn the_items_of_long_lists_are_found_each_in_its_place() {
        let mut builder = Spans::builder();
        let root = builder.open(None, Span::new(0, 4_000));
        for n in 0..1_000 {
            let item = builder.open(None, Span::new(n * 4, n * 4 + 3));
            builder.leaf(key("k", n * 4), Span::new(n * 4 + 1, n * 4 + 2));
            builder.close(item, None);
        }
        builder.close(root, None);
        let spans = builder.finish();
        for n in [0, 31, 32, 33, 34, 999] {
            let found = spans.lookup(&Path(vec![n.into(), "k".into()]));
            assert_eq!(found.map(|found| found.value), Some(Span::new(n * 4 + 1, n * 4 + 2)), "{n}");
        }
        assert_eq!(spans.lookup(&Path(vec![1_000.into()])), None);
    }
}
