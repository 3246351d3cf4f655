//! Sessions: several rules on one input, one after the other.
//!
//! What rules share (a helper's value, and what it was made of) is computed
//! once. A rule that fails takes nothing along: the next starts with a new machine.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::{Value, number};
use super::error::{ErrorCode, ExecError};
use super::ir::{At, RuleId, RuleKind};
use super::record::{Recorder, TracedFinding};
use super::run::Machine;
use super::trace::{Tracer, Untraced};
use super::{Limits, Program};

/// Notes of a recorder after which the next rule starts with a new one.
const MOST_NOTES: usize = 1 << 20;

/// Steps that all questions after a changed input may take: a place is worth no more.
const MOST_CHECKED: u64 = 50_000_000;

/// What a rule gave.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its value; `Undefined` when it has none.
    pub value: Value,
    /// The numbers of the clauses that had a solution, where that is known.
    pub clauses: Option<Vec<usize>>,
}

/// Evaluations of a program's rules on one input.
pub struct Session<'p> {
    program: &'p Program,
    input: Value,
    data: Value,
    limits: Limits,
    judge: Option<Machine<'p, Untraced>>,
    recorder: Option<Machine<'p, Recorder>>,
    /// Steps that are left to ask whether a changed input still gives a finding.
    left: Cell<u64>,
}

impl<'p> Session<'p> {
    /// A session for `input`.
    pub(super) fn new(program: &'p Program, input: &Value, data: &Value, limits: &Limits) -> Self {
        // Kept for the whole session: values with more digits than a float go from rule to rule.
        number::reset();
        Self {
            program,
            input: input.clone(),
            data: data.clone(),
            limits: *limits,
            judge: None,
            recorder: None,
            left: Cell::new(MOST_CHECKED),
        }
    }

    fn machine<T: Tracer>(&self, input: &Value, tracer: T) -> Machine<'p, T> {
        Machine::new(self.program, input.clone(), self.data.clone(), &self.limits, tracer)
    }

    /// The value of the rule at `path`.
    pub fn eval(&mut self, path: &str) -> Result<Outcome, Box<ExecError>> {
        let Some(rule) = self.program.find(path) else { return Ok(Outcome { value: Value::Undefined, clauses: None }) };
        let mut machine = self.judge.take().unwrap_or_else(|| self.machine(&self.input, Untraced));
        let outcome = guarded(|| {
            machine.begin(rule);
            let (value, ()) = machine.rule(rule)?;
            Ok((Outcome { value: number::leave(value), clauses: machine.emitting.take() }, machine))
        });
        outcome.map(|(outcome, machine)| {
            self.judge = Some(machine);
            outcome
        })
    }

    /// What each finding of the rule at `path` was made of, evaluating only `clauses` of it where they are known.
    pub fn trace(&mut self, path: &str, clauses: Option<Vec<usize>>) -> Result<Vec<TracedFinding>, Box<ExecError>> {
        let Some(rule) = self.program.find(path) else { return Ok(Vec::new()) };
        let kept = self.recorder.take().filter(|machine| machine.tracer.notes() < MOST_NOTES);
        let mut machine = kept.unwrap_or_else(|| self.machine(&self.input, Recorder::default()));
        let traced = guarded(|| {
            machine.begin(rule);
            machine.only = clauses;
            machine.rule(rule)?;
            // A part of its clauses is not its value.
            machine.forget(rule);
            let mut findings = machine.tracer.take_findings();
            for finding in &mut findings {
                finding.value = number::leave(std::mem::replace(&mut finding.value, Value::Undefined));
            }
            Ok((findings, machine))
        });
        traced.map(|(findings, machine)| {
            self.recorder = Some(machine);
            findings
        })
    }

    /// Whether the clause at `policy` of the rule at `path` still gives `value` when the input is `changed`.
    pub fn still_gives(&self, path: &str, policy: At, value: &Value, changed: &Value) -> Result<bool, Box<ExecError>> {
        let Some(rule) = self.program.find(path) else { return Ok(false) };
        let limits = Limits { steps: self.limits.steps.min(self.left.get()), ..self.limits };
        let machine = Machine::new(self.program, changed.clone(), self.data.clone(), &limits, Untraced);
        let (gives, steps) = guarded(|| Ok(gives(machine, rule, policy, value)))?;
        self.left.set(self.left.get().saturating_sub(steps));
        gives
    }
}

/// And how many steps it took to know.
fn gives(
    mut machine: Machine<'_, Untraced>,
    rule: RuleId,
    policy: At,
    wanted: &Value,
) -> (Result<bool, Box<ExecError>>, u64) {
    machine.begin(rule);
    let of = machine.program.rules.get(rule as usize);
    if let Some(of) = of.filter(|of| of.kind == RuleKind::Set) {
        let same = of.clauses.iter().enumerate().filter(|(_, clause)| clause.at == policy);
        machine.only = Some(same.map(|(number, _)| number).collect());
    }
    let gives = machine.rule(rule).map(|(value, ())| holds(&number::leave(value), wanted));
    (gives, machine.steps())
}

/// Whether `item` is among the results of a rule.
pub fn holds(value: &Value, item: &Value) -> bool {
    match value {
        Value::Set(items) => items.contains(item),
        Value::Array(items) => items.contains(item),
        _ => false,
    }
}

/// `work`, with a panic as an error.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Box<ExecError>>) -> Result<T, Box<ExecError>> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(ExecError::new(ErrorCode::Internal, At::default(), "the evaluation failed unexpectedly"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::ModuleText;
    use super::*;

    const TEXT: &str = "package a

deny contains msg if {
	some c in input.containers
	c.privileged
	msg := sprintf(\"%s is privileged\", [c.name])
}

deny contains msg if {
	count(input.containers) > 5
	msg := \"many\"
}

wrong contains 1 if {
	{1: x | x := input.containers[_].name}
}

summary contains msg if {
	some found in deny
	msg := concat(\" \", [\"sum:\", found])
}
";

    fn value(json: &str) -> Value {
        Value::from_json_str(json).unwrap()
    }

    fn program() -> Program {
        Program::compile(&[ModuleText { name: "a.rego", text: TEXT, v0: false }]).unwrap()
    }

    const INPUT: &str = r#"{"containers": [{"name": "x", "privileged": true}, {"name": "y"}]}"#;

    #[test]
    fn a_session_gives_what_single_evaluations_give_whatever_went_before() {
        let program = program();
        let (input, data, limits) = (value(INPUT), value("{}"), Limits::default());
        let mut session = program.session(&input, &data, &limits);
        for path in ["data.a.wrong", "data.a.summary", "data.a.deny", "data.a.wrong", "data.a.none", "data.a.summary"] {
            let alone = program.trace(path, &input, &data, &limits);
            let outcome = session.eval(path);
            assert_eq!(
                outcome.as_ref().map(|outcome| &outcome.value).ok(),
                alone.as_ref().map(|(value, _)| value).ok()
            );
            let traced = session.trace(path, outcome.ok().and_then(|outcome| outcome.clauses));
            let facts = |findings: &[TracedFinding]| {
                findings.iter().map(|one| (one.value.clone(), one.conditions.clone(), one.policy)).collect::<Vec<_>>()
            };
            assert_eq!(traced.ok().map(|found| facts(&found)), alone.ok().map(|(_, trace)| facts(&trace.findings)));
        }
    }

    #[test]
    fn only_the_clauses_that_gave_something_are_named() {
        let program = program();
        let (input, data, limits) = (value(INPUT), value("{}"), Limits::default());
        let mut session = program.session(&input, &data, &limits);
        assert_eq!(session.eval("data.a.deny").unwrap().clauses, Some(vec![0]));
        let found = session.trace("data.a.deny", Some(vec![0])).unwrap();
        let policy = found[0].policy;
        let gives = |json: &str| session.still_gives("data.a.deny", policy, &found[0].value, &value(json)).unwrap();
        assert!(gives(INPUT));
        assert!(!gives(r#"{"containers": [{"name": "x"}]}"#));
    }
}
