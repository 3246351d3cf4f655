//! Recursion: no rule may need itself.
//!
//! The graph has a vertex for each rule and each node of the tree under `data`, so that a
//! reference to a whole package is one edge. Groups of rules that need each other are found
//! in one pass (Tarjan's), with a stack of its own: a chain of rules may be as long as the
//! policy's text allows.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::super::error::{ErrorCode, ExecError};
use super::super::ir::Rule;
use super::{Globals, Need};

/// Reports each group of rules that need each other, once, with the shortest way around.
///
/// The rules by number, what each needs before it.
pub(super) fn find(
    rules: &[Rule],
    globals: &Globals,
    needs: &[BTreeSet<Need>],
    errors: &mut Vec<ExecError>,
) -> Vec<usize> {
    let graph = Graph { rules, globals, needs };
    let (groups, mut order) = graph.groups();
    for group in groups {
        let first = group.iter().copied().filter(|at| *at < rules.len()).min_by_key(|at| graph.place(*at));
        let Some((first, rule)) = first.and_then(|at| Some((at, rules.get(at)?))) else { continue };
        let way = graph.around(first, &group);
        let names: Vec<String> = way.iter().filter_map(|at| rules.get(*at)).map(name).collect();
        if !names.is_empty() {
            let message = format!("rule {} is recursive: {}", name(rule), names.join(" -> "));
            errors.push(*ExecError::new(ErrorCode::Recursion, rule.at, message));
        }
    }
    order.retain(|at| *at < rules.len());
    order
}

fn name(rule: &Rule) -> String {
    format!("data.{}", rule.path.join("."))
}

/// Rules first, then the nodes of the tree.
struct Graph<'a> {
    rules: &'a [Rule],
    globals: &'a Globals,
    needs: &'a [BTreeSet<Need>],
}

/// What is known of a vertex on the way through the graph.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// When it was met, from 1; 0 is never.
    order: usize,
    /// The earliest vertex on the way that it leads to.
    low: usize,
    on_way: bool,
}

impl Graph<'_> {
    fn place(&self, rule: usize) -> (u32, u32) {
        self.rules.get(rule).map_or((u32::MAX, u32::MAX), |rule| (rule.at.module, rule.at.span.start))
    }

    fn next(&self, at: usize) -> Vec<usize> {
        let tree = self.rules.len();
        if at < tree {
            let vertex = |need: &Need| match need {
                Need::Rule(rule) => *rule as usize,
                Need::Below(node) => tree + node,
            };
            return self.needs.get(at).into_iter().flatten().map(vertex).collect();
        }
        let Some(node) = self.globals.tree.get(at - tree) else { return Vec::new() };
        node.rule.map(|rule| rule as usize).into_iter().chain(node.children.values().map(|node| tree + node)).collect()
    }

    /// The groups of vertices that lead to each other, a vertex alone only when it leads to itself;
    /// and all vertices, each after those it leads to.
    fn groups(&self) -> (Vec<BTreeSet<usize>>, Vec<usize>) {
        let mut search = Search {
            seen: vec![Seen::default(); self.rules.len() + self.globals.tree.len()],
            met: 0,
            open: Vec::new(),
            way: Vec::new(),
        };
        let mut groups = Vec::new();
        let mut order = Vec::new();
        for start in 0..self.rules.len() {
            search.enter(start, self);
            while let Some((at, left)) = search.way.last_mut() {
                let at = *at;
                match left.pop() {
                    Some(next) => search.follow(at, next, self),
                    None => {
                        let group = search.leave(at);
                        order.push(at);
                        if group.len() > 1 || group.contains(&at) && self.next(at).contains(&at) {
                            groups.push(group);
                        }
                    }
                }
            }
        }
        (groups, order)
    }

    /// The shortest way from `start` back to itself within its group, both ends included.
    fn around(&self, start: usize, group: &BTreeSet<usize>) -> Vec<usize> {
        let mut from: HashMap<usize, usize> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for next in self.next(at) {
                if next == start {
                    let mut back = vec![start];
                    let mut step = Some(at);
                    while let Some(at) = step.filter(|at| *at != start) {
                        back.push(at);
                        step = from.get(&at).copied();
                    }
                    back.push(start);
                    back.reverse();
                    return back;
                }
                if group.contains(&next) && !from.contains_key(&next) {
                    from.insert(next, at);
                    queue.push_back(next);
                }
            }
        }
        Vec::new()
    }
}

/// One pass through the graph.
struct Search {
    seen: Vec<Seen>,
    met: usize,
    /// Vertices whose group is not known yet.
    open: Vec<usize>,
    /// The way from the start, with what is left to follow at each vertex.
    way: Vec<(usize, Vec<usize>)>,
}

impl Search {
    fn enter(&mut self, at: usize, graph: &Graph<'_>) {
        let Some(seen) = self.seen.get_mut(at).filter(|seen| seen.order == 0) else { return };
        self.met += 1;
        *seen = Seen { order: self.met, low: self.met, on_way: true };
        self.open.push(at);
        self.way.push((at, graph.next(at)));
    }

    fn follow(&mut self, at: usize, next: usize, graph: &Graph<'_>) {
        match self.seen.get(next).copied() {
            Some(Seen { order: 0, .. }) => self.enter(next, graph),
            Some(Seen { order, on_way: true, .. }) => self.lower(at, order),
            _ => {}
        }
    }

    fn lower(&mut self, at: usize, low: usize) {
        if let Some(seen) = self.seen.get_mut(at) {
            seen.low = seen.low.min(low);
        }
    }

    /// Ends the vertex `at`; its group when it is the first of one.
    fn leave(&mut self, at: usize) -> BTreeSet<usize> {
        self.way.pop();
        let Seen { order, low, .. } = self.seen.get(at).copied().unwrap_or_default();
        if let Some((above, _)) = self.way.last() {
            self.lower(*above, low);
        }
        let mut group = BTreeSet::new();
        if order == low {
            while let Some(member) = self.open.pop() {
                if let Some(seen) = self.seen.get_mut(member) {
                    seen.on_way = false;
                }
                group.insert(member);
                if member == at {
                    break;
                }
            }
        }
        group
    }
}
