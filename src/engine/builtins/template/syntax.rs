//! The syntax of templates: Go's `text/template` without named templates.

use super::super::Failure;
use super::super::args::undefined;
use super::scan::{Piece, Token, pieces, tokens};

/// Blocks and parentheses within each other.
const DEEPEST: usize = 64;

/// One part of a template.
#[derive(Debug)]
pub enum Node {
    Text(String),
    Action(Pipeline),
    If(Pipeline, Vec<Node>, Vec<Node>),
    With(Pipeline, Vec<Node>, Vec<Node>),
    Range(Pipeline, Vec<Node>, Vec<Node>),
    Break,
    Continue,
}

/// Commands, each of which gets the result of the one before as its last argument.
#[derive(Debug)]
pub struct Pipeline {
    /// Variables that get the value; two in `range`.
    pub names: Vec<String>,
    /// Whether they are new.
    pub declares: bool,
    pub commands: Vec<Vec<Operand>>,
}

/// One operand of a command.
#[derive(Debug)]
pub enum Operand {
    /// `.`, with fields.
    Dot(Vec<String>),
    /// `$x`, with fields.
    Variable(String, Vec<String>),
    /// A parenthesis, with fields.
    Inner(Pipeline, Vec<String>),
    Function(String),
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Nil,
}

struct Parser {
    pieces: std::vec::IntoIter<Piece>,
    depth: usize,
    /// Loops that are open.
    loops: usize,
}

/// What ended a list of nodes.
enum Stop {
    End,
    /// `else` with what follows it: `if …` or `with …`.
    Else(Vec<Token>),
    Text,
}

/// Reads a template.
pub fn parse(text: &str) -> Result<Vec<Node>, Failure> {
    let mut parser = Parser { pieces: pieces(text)?.into_iter(), depth: 0, loops: 0 };
    match parser.list()? {
        (nodes, Stop::Text) => Ok(nodes),
        _ => undefined("template: unexpected {{end}} or {{else}}"),
    }
}

impl Parser {
    fn list(&mut self) -> Result<(Vec<Node>, Stop), Failure> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let inner = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text));
                    continue;
                }
                Piece::Action(inner) => tokens(&inner)?,
            };
            let word = match inner.first() {
                None => return undefined("template: missing value for command"),
                Some(Token::Word(word)) => word.as_str(),
                Some(_) => "",
            };
            let rest = || inner.get(1..).unwrap_or_default().to_vec();
            match word {
                "end" if inner.len() == 1 => return Ok((nodes, Stop::End)),
                "else" => return Ok((nodes, Stop::Else(rest()))),
                "break" | "continue" if inner.len() == 1 && self.loops == 0 => {
                    return undefined("template: {{break}} or {{continue}} outside {{range}}");
                }
                "break" if inner.len() == 1 => nodes.push(Node::Break),
                "continue" if inner.len() == 1 => nodes.push(Node::Continue),
                "if" | "with" | "range" => {
                    let word = word.to_owned();
                    nodes.push(self.block(&word, rest())?);
                }
                "define" | "template" | "block" => {
                    return Err(Failure::Fault(format!("strings.render_template: `{word}` is not supported")));
                }
                _ => nodes.push(Node::Action(pipeline(&inner, false, 0)?)),
            }
        }
        Ok((nodes, Stop::Text))
    }

    fn block(&mut self, word: &str, head: Vec<Token>) -> Result<Node, Failure> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Failure::Limit(format!("strings.render_template: over {DEEPEST} levels")));
        }
        let head = pipeline(&head, word == "range", 0)?;
        self.loops += usize::from(word == "range");
        let (body, stop) = self.list()?;
        self.loops -= usize::from(word == "range");
        let otherwise = match stop {
            Stop::End => Vec::new(),
            Stop::Text => return undefined("template: unexpected EOF"),
            Stop::Else(next) => match next.split_first() {
                None => match self.list()? {
                    (nodes, Stop::End) => nodes,
                    _ => return undefined("template: expected end"),
                },
                // `else if`: the inner block takes the one `end`.
                Some((Token::Word(again), rest)) if again == word && word != "range" => {
                    vec![self.block(word, rest.to_vec())?]
                }
                Some(_) => return undefined("template: unexpected token in else"),
            },
        };
        self.depth -= 1;
        Ok(match word {
            "if" => Node::If(head, body, otherwise),
            "with" => Node::With(head, body, otherwise),
            _ => Node::Range(head, body, otherwise),
        })
    }
}

fn pipeline(tokens: &[Token], ranges: bool, depth: usize) -> Result<Pipeline, Failure> {
    if depth > DEEPEST {
        return Err(Failure::Limit(format!("strings.render_template: over {DEEPEST} levels")));
    }
    let (names, declares, rest) = declared(tokens, ranges);
    let mut commands = Vec::new();
    let mut open = rest;
    loop {
        let end = end_of_command(open)?;
        let (command, after) = open.split_at(end);
        if command.is_empty() {
            return undefined("template: missing value for command");
        }
        commands.push(operands(command, depth)?);
        match after.split_first() {
            Some((_, next)) => open = next,
            None => break,
        }
    }
    Ok(Pipeline { names, declares, commands })
}

/// Variables before `:=` or `=`.
fn declared(tokens: &[Token], ranges: bool) -> (Vec<String>, bool, &[Token]) {
    match tokens {
        [Token::Variable(one), Token::Comma, Token::Variable(other), Token::Declare, rest @ ..] if ranges => {
            (vec![one.clone(), other.clone()], true, rest)
        }
        [Token::Variable(name), Token::Declare, rest @ ..] => (vec![name.clone()], true, rest),
        [Token::Variable(name), Token::Assign, rest @ ..] => (vec![name.clone()], false, rest),
        _ => (Vec::new(), false, tokens),
    }
}

fn end_of_command(tokens: &[Token]) -> Result<usize, Failure> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => depth += 1,
            Token::Close => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return undefined("template: unexpected right paren"),
            },
            Token::Pipe if depth == 0 => return Ok(at),
            _ => {}
        }
    }
    if depth > 0 { undefined("template: unclosed left paren") } else { Ok(tokens.len()) }
}

fn operands(tokens: &[Token], depth: usize) -> Result<Vec<Operand>, Failure> {
    let mut out = Vec::new();
    let mut open = tokens;
    while let Some((token, rest)) = open.split_first() {
        open = rest;
        let mut fields = Vec::new();
        let mut inner = None;
        if let Token::Open = token {
            let end = closing(rest);
            inner = Some(pipeline(rest.get(..end).unwrap_or_default(), false, depth + 1)?);
            open = rest.get(end + 1..).unwrap_or_default();
        }
        if matches!(token, Token::Open | Token::Dot | Token::Variable(_) | Token::Field(_)) {
            if let Token::Field(name) = token {
                fields.push(name.clone());
            }
            while let Some((Token::Joined(name), rest)) = open.split_first() {
                fields.push(name.clone());
                open = rest;
            }
        }
        out.push(match (token, inner) {
            (_, Some(inner)) => Operand::Inner(inner, fields),
            (Token::Dot | Token::Field(_), _) => Operand::Dot(fields),
            (Token::Variable(name), _) => Operand::Variable(name.clone(), fields),
            (Token::Word(word), _) => match word.as_str() {
                "true" => Operand::Bool(true),
                "false" => Operand::Bool(false),
                "nil" => Operand::Nil,
                name => Operand::Function(name.to_owned()),
            },
            (Token::Text(text), _) => Operand::Text(text.clone()),
            (Token::Int(int), _) => Operand::Int(*int),
            (Token::Float(float), _) => Operand::Float(*float),
            _ => return undefined("template: unexpected token in command"),
        });
    }
    Ok(out)
}

fn closing(tokens: &[Token]) -> usize {
    let mut depth = 1_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}
