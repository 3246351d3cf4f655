//! `strings.render_template`: Go's `text/template` as OPA runs it.
//!
//! Values are what JSON makes of them in Go: a number is a text of its digits there, so that
//! `{{if .n}}` holds for 0. What a key that is not there prints is `<undefined>`. Named templates
//! (`define`, `template`, `block`) are refused with an error that is never lost.

mod functions;
mod scan;
mod syntax;

use std::collections::BTreeMap;

use regorus::Value;

use super::super::number;
use super::args::{self, Run, undefined};
use super::{Context, Failure};
use syntax::{Node, Operand, Pipeline};

/// The most bytes a template may make.
const MAX_TEXT: usize = 16 << 20;
/// The most nodes that may be run.
const MAX_STEPS: usize = 5_000_000;

/// A value of a template.
#[derive(Debug, Clone)]
enum Data {
    /// No value: a key that is not there.
    Nothing,
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A number of the data, which Go has as a text of another type.
    Number(String),
    List(Vec<Data>),
    Map(BTreeMap<String, Data>),
}

impl Data {
    fn of(value: &Value, depth: usize) -> Result<Self, Failure> {
        args::cap("strings.render_template", "levels", depth, 256)?;
        Ok(match value {
            Value::Null | Value::Undefined => Self::Nil,
            Value::Bool(yes) => Self::Bool(*yes),
            Value::Number(_) => Self::Number(number::text(value)),
            Value::String(text) => Self::Text(text.to_string()),
            Value::Array(items) => {
                Self::List(items.iter().map(|item| Self::of(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            Value::Set(_) => return undefined("a set is no value of a template"),
            Value::Object(object) => {
                let mut map = BTreeMap::new();
                for (key, item) in object.iter() {
                    let Value::String(key) = key else { return undefined("a key is no string") };
                    map.insert(key.to_string(), Self::of(item, depth + 1)?);
                }
                Self::Map(map)
            }
        })
    }

    fn holds(&self) -> bool {
        match self {
            Self::Nothing | Self::Nil => false,
            Self::Bool(yes) => *yes,
            Self::Int(int) => *int != 0,
            Self::Float(float) => *float != 0.0,
            Self::Text(text) | Self::Number(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(map) => !map.is_empty(),
        }
    }

    /// What `fmt.Print` writes.
    fn show(&self, top: bool, out: &mut String) {
        match self {
            Self::Nothing | Self::Nil => out.push_str(if top { "<no value>" } else { "<nil>" }),
            Self::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Self::Int(int) => out.push_str(&int.to_string()),
            Self::Float(float) => out.push_str(&super::floats::general(*float, None)),
            Self::Text(text) | Self::Number(text) => out.push_str(text),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { " " });
                    item.show(false, out);
                }
                out.push(']');
            }
            Self::Map(map) => {
                out.push_str("map[");
                for (at, (key, item)) in map.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { " " });
                    out.push_str(key);
                    out.push(':');
                    item.show(false, out);
                }
                out.push(']');
            }
        }
    }

    fn field(&self, name: &str) -> Result<Self, Failure> {
        match self {
            Self::Map(map) => Ok(map.get(name).cloned().unwrap_or(Self::Nothing)),
            Self::Nothing => Ok(Self::Nothing),
            Self::Nil => undefined(format!("template: nil pointer evaluating interface {{}}.{name}")),
            _ => undefined(format!("template: can't evaluate field {name}")),
        }
    }
}

/// What a list of nodes ended with.
enum Flow {
    On,
    Break,
    Continue,
}

struct Machine {
    variables: Vec<(String, Data)>,
    out: String,
    steps: usize,
}

impl Machine {
    fn tick(&mut self) -> Result<(), Failure> {
        self.steps += 1;
        args::cap("strings.render_template", "steps", self.steps, MAX_STEPS)?;
        args::cap("strings.render_template", "bytes", self.out.len(), MAX_TEXT)
    }

    /// Runs `nodes`; what they declare ends with them.
    fn scope(&mut self, nodes: &[Node], dot: &Data) -> Result<Flow, Failure> {
        let before = self.variables.len();
        for node in nodes {
            self.tick()?;
            let flow = self.node(node, dot)?;
            if !matches!(flow, Flow::On) {
                self.variables.truncate(before);
                return Ok(flow);
            }
        }
        self.variables.truncate(before);
        Ok(Flow::On)
    }

    fn node(&mut self, node: &Node, dot: &Data) -> Result<Flow, Failure> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Action(pipeline) => {
                let value = self.pipeline(pipeline, dot)?;
                if pipeline.names.is_empty() {
                    value.show(true, &mut self.out);
                }
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
            Node::If(head, body, otherwise) => {
                let before = self.variables.len();
                let holds = self.pipeline(head, dot)?.holds();
                let flow = self.scope(if holds { body } else { otherwise }, dot)?;
                self.variables.truncate(before);
                return Ok(flow);
            }
            Node::With(head, body, otherwise) => {
                let before = self.variables.len();
                let value = self.pipeline(head, dot)?;
                let flow = if value.holds() { self.scope(body, &value)? } else { self.scope(otherwise, dot)? };
                self.variables.truncate(before);
                return Ok(flow);
            }
            Node::Range(head, body, otherwise) => return self.range(head, body, otherwise, dot),
        }
        Ok(Flow::On)
    }

    fn range(&mut self, head: &Pipeline, body: &[Node], otherwise: &[Node], dot: &Data) -> Result<Flow, Failure> {
        let items: Vec<(Data, Data)> = match self.value(head, dot)? {
            Data::List(items) => (0..).map(Data::Int).zip(items).collect(),
            Data::Map(map) => map.into_iter().map(|(key, item)| (Data::Text(key), item)).collect(),
            Data::Int(count) => {
                let count = usize::try_from(count).unwrap_or(0);
                args::cap("strings.render_template", "steps", count, MAX_STEPS)?;
                (0..).take(count).map(|at| (Data::Int(at), Data::Int(at))).collect()
            }
            Data::Nothing | Data::Nil => Vec::new(),
            _ => return undefined("template: range can't iterate over this value"),
        };
        if items.is_empty() {
            return self.scope(otherwise, dot);
        }
        let before = self.variables.len();
        for (key, item) in items {
            match head.names.as_slice() {
                [one] if head.declares => self.variables.push((one.clone(), item.clone())),
                [one] => self.assign(one, item.clone())?,
                [one, other] => {
                    self.variables.push((one.clone(), key));
                    self.variables.push((other.clone(), item.clone()));
                }
                _ => {}
            }
            let flow = self.scope(body, &item)?;
            self.variables.truncate(before);
            if matches!(flow, Flow::Break) {
                break;
            }
        }
        Ok(Flow::On)
    }

    fn assign(&mut self, name: &str, value: Data) -> Result<(), Failure> {
        match self.variables.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, place)) => {
                *place = value;
                Ok(())
            }
            None => undefined(format!("template: undefined variable \"${name}\"")),
        }
    }

    /// A pipeline's value, and its variables set.
    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Data) -> Result<Data, Failure> {
        let value = self.value(pipeline, dot)?;
        for name in &pipeline.names {
            if pipeline.declares {
                self.variables.push((name.clone(), value.clone()));
            } else {
                self.assign(name, value.clone())?;
            }
        }
        Ok(value)
    }

    fn value(&mut self, pipeline: &Pipeline, dot: &Data) -> Result<Data, Failure> {
        let mut last = None;
        for command in &pipeline.commands {
            last = Some(self.command(command, dot, last)?);
        }
        Ok(last.unwrap_or(Data::Nothing))
    }

    fn command(&mut self, command: &[Operand], dot: &Data, last: Option<Data>) -> Result<Data, Failure> {
        self.tick()?;
        let Some((first, rest)) = command.split_first() else { return Ok(Data::Nothing) };
        if let Operand::Function(name) = first {
            // `and` and `or` look at no more than they need.
            let stop = match name.as_str() {
                "and" => Some(false),
                "or" => Some(true),
                _ => None,
            };
            let mut given = Vec::new();
            for operand in rest {
                let value = self.operand(operand, dot)?;
                if stop == Some(value.holds()) {
                    return Ok(value);
                }
                given.push(value);
            }
            given.extend(last);
            return functions::call(name, given);
        }
        if !rest.is_empty() || last.is_some() {
            return undefined("template: can't give argument to non-function");
        }
        if let Operand::Nil = first {
            return undefined("template: nil is not a command");
        }
        self.operand(first, dot)
    }

    fn operand(&mut self, operand: &Operand, dot: &Data) -> Result<Data, Failure> {
        let (start, fields) = match operand {
            Operand::Dot(fields) => (dot.clone(), fields),
            Operand::Variable(name, fields) => {
                let known = self.variables.iter().rev().find(|(known, _)| known == name);
                let Some((_, value)) = known else {
                    return undefined(format!("template: undefined variable \"${name}\""));
                };
                (value.clone(), fields)
            }
            Operand::Inner(pipeline, fields) => (self.pipeline(pipeline, dot)?, fields),
            Operand::Function(name) => return functions::call(name, Vec::new()),
            Operand::Text(text) => return Ok(Data::Text(text.clone())),
            Operand::Int(int) => return Ok(Data::Int(*int)),
            Operand::Float(float) => return Ok(Data::Float(*float)),
            Operand::Bool(yes) => return Ok(Data::Bool(*yes)),
            Operand::Nil => return Ok(Data::Nil),
        };
        fields.iter().try_fold(start, |value, name| value.field(name))
    }
}

/// `strings.render_template(text, variables)`.
pub fn render(_: &Context, args: &[Value]) -> Run {
    let text = args::string(args, 0)?;
    let Value::Object(_) = args::value(args, 1)? else { return Err(args::wrong(args, 1, "object")) };
    let nodes = syntax::parse(text)?;
    let data = Data::of(args::value(args, 1)?, 0)?;
    let mut machine = Machine { variables: vec![(String::new(), data.clone())], out: String::new(), steps: 0 };
    machine.scope(&nodes, &data)?;
    Ok(Value::from(machine.out.replace("<no value>", "<undefined>")))
}
