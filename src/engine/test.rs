//! Unit tests of policies: which there are, and how one went.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::exec::{At, Lone, Order, Stop, Why};
use super::{Engine, EvalError, PolicyError, Value};
use crate::source::{Source, Span};

/// A rule whose name starts with this is a test.
const TEST: &str = "test_";
/// One that is not to be run yet.
const TODO: &str = "todo_test_";

/// A place in a policy.
#[derive(Debug, Clone)]
pub struct Spot {
    /// The policy.
    pub source: Arc<Source>,
    /// The bytes.
    pub span: Span,
}

/// One test.
#[derive(Debug, Clone)]
pub struct Test {
    /// Its package without `data.`.
    pub package: String,
    /// Its name; a second one of a name ends with `#01`, as in OPA.
    pub name: String,
    /// Whether it says of itself that it is still to be done.
    pub todo: bool,
    /// Whether each of its keys is a case of its own.
    pub cases: bool,
    /// Where it is.
    pub place: Spot,
    lone: Lone,
}

/// Where and why a body stopped.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// The expression that was not true.
    pub place: Spot,
    /// Why.
    pub why: Why,
    /// Where the rules that it asked stopped.
    pub inner: Vec<Spot>,
}

/// How a test went.
#[derive(Debug, Clone)]
pub struct Tested {
    /// The rule's value.
    pub value: Value,
    /// Where its body stopped, if it did.
    pub stopped: Option<Stopped>,
    /// The cases that were begun: their keys, and how far each came.
    pub cases: Vec<(Vec<Value>, Stopped)>,
    /// What it printed, by lines.
    pub printed: Vec<String>,
    /// The statements that were reached, for [`Engine::coverage`].
    pub reached: HashSet<usize>,
}

impl Engine {
    /// The tests, in the order of their places.
    #[must_use]
    pub fn tests(&self) -> Vec<Test> {
        let Some(program) = &self.shared.program else { return Vec::new() };
        let mut tests: Vec<Test> = program.clauses().into_iter().filter_map(|lone| self.test(lone)).collect();
        let place = |test: &Test| (test.place.source.name().clone(), test.place.span.start);
        tests.sort_by_cached_key(place);
        let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
        for test in &mut tests {
            let before = seen.entry((test.package.clone(), test.name.clone())).or_default();
            if *before > 0 {
                test.name = format!("{}#{before:02}", test.name);
            }
            *before += 1;
        }
        tests
    }

    fn test(&self, lone: Lone) -> Option<Test> {
        let length = *self.shared.packages.get(lone.at.module as usize)?;
        let (package, name) = (lone.path.get(..length)?.join("."), lone.path.get(length..)?);
        let own = name.iter().find(|part| part.starts_with(TEST) || part.starts_with(TODO))?;
        let (todo, cases, place) = (own.starts_with(TODO), lone.cases, self.head(lone.at)?);
        Some(Test { package, name: name.join("."), todo, cases, place, lone })
    }

    /// Runs `test` alone, whatever other rules have its name.
    pub fn run_test(&self, test: &Test, order: &Order) -> Result<Tested, EvalError> {
        let Some(program) = &self.shared.program else { return Ok(Tested::nothing()) };
        let (value, watched) =
            program.watch(&test.lone, order, &self.data, &self.shared.limits).map_err(|fault| self.failed(&fault))?;
        let cases = watched.cases.into_iter().filter_map(|(keys, stop)| Some((keys, self.stopped(stop)?)));
        Ok(Tested {
            value,
            stopped: watched.stopped.and_then(|stop| self.stopped(stop)),
            cases: cases.collect(),
            printed: watched.printed,
            reached: watched.reached,
        })
    }

    /// What [`run_test`](Self::run_test) needs once.
    #[must_use]
    pub fn test_order(&self) -> Order {
        self.shared.program.as_ref().map(super::exec::Program::order).unwrap_or_default()
    }

    /// Every statement of the policies, and whether it was `reached`.
    #[must_use]
    pub fn coverage(&self, reached: &HashSet<usize>) -> Vec<(Spot, bool)> {
        let all = self.shared.program.iter().flat_map(|program| program.coverage(reached));
        all.filter_map(|(at, is)| Some((self.spot(at)?, is))).collect()
    }

    /// The line on which a body begins, which is that of its head.
    fn head(&self, body: At) -> Option<Spot> {
        let Spot { source, span } = self.spot(body)?;
        let line = source.line_span(source.position(span.start).line)?;
        let text = source.slice(line);
        let blank = text.len() - text.trim_start().len();
        let span = Span::new(line.start as usize + blank, line.end as usize);
        Some(Spot { source, span })
    }

    /// Where an error is.
    #[must_use]
    pub fn spot_of(&self, error: &PolicyError) -> Option<Spot> {
        let module = self.shared.modules.iter().find(|module| **module.source.name() == *error.file)?;
        Some(Spot { source: Arc::clone(&module.source), span: error.span })
    }

    fn stopped(&self, stop: Stop) -> Option<Stopped> {
        let inner = stop.inner.into_iter().filter_map(|at| self.spot(at)).collect();
        Some(Stopped { place: self.spot(stop.at)?, why: stop.why, inner })
    }

    fn spot(&self, at: At) -> Option<Spot> {
        let module = self.shared.modules.get(at.module as usize)?;
        Some(Spot { source: Arc::clone(&module.source), span: module.span(at.span.start, at.span.end) })
    }
}

impl Tested {
    fn nothing() -> Self {
        Self { value: Value::Undefined, stopped: None, cases: Vec::new(), printed: Vec::new(), reached: HashSet::new() }
    }
}
