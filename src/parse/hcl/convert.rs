//! Bodies, blocks and expressions to a [`Tree`] in hcl2json's shape.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Object, ObjectKey, UnaryOperator};
use hcl_edit::structure::{Block, BlockLabel, Body, Structure};

use super::Text;
use super::template;
use crate::document::{Key, Tree};
use crate::engine::Value;
use crate::parse::ParseError;
use crate::source::Span;

/// How many labels a block may have: each is a level of the document. Terraform
/// knows blocks with two.
const MAX_LABELS: usize = 16;

/// How an expression becomes a part of the tree: as it is written, or resolved.
pub(crate) trait Expressions<'a> {
    /// The value of an attribute or of a part of one.
    fn expression(&mut self, text: Text, expr: &'a Expression) -> Tree;
    /// The name of a key of an object.
    fn key(&mut self, text: Text, key: &'a ObjectKey) -> String;
}

/// Expressions as they are written.
struct Written;

impl<'a> Expressions<'a> for Written {
    fn expression(&mut self, text: Text, expr: &'a Expression) -> Tree {
        expression(text, expr)
    }

    fn key(&mut self, text: Text, key: &'a ObjectKey) -> String {
        key_name(text, key)
    }
}

/// A body as written, at `span`. A block that cannot stand beside another of
/// its type (one with labels, one without) is left out and told in `errors`.
pub(super) fn body(text: &Text, body: &Body, span: Span, errors: &mut Vec<ParseError>) -> Tree {
    body_with(*text, body, span, &mut Written, errors)
}

/// A body whose expressions `with` turns into trees.
pub(crate) fn body_with<'a>(
    text: Text,
    body: &'a Body,
    span: Span,
    with: &mut dyn Expressions<'a>,
    errors: &mut Vec<ParseError>,
) -> Tree {
    let mut fields = Fields::default();
    for structure in body {
        if let Structure::Block(block) = structure {
            let header = text.span(header(block));
            let inner = body_with(text, &block.body, header, with, errors);
            if let Err(message) = fields.add_block(text, block, header, inner) {
                errors.push(ParseError { message, span: Some(header), help: None });
            }
        }
    }
    for structure in body {
        if let Structure::Attribute(attribute) = structure {
            let name: Arc<str> = attribute.key.as_str().into();
            let key = Key { name, span: text.span(attribute.key.span().unwrap_or_default()) };
            fields.set(key, with.expression(text, &attribute.value));
        }
    }
    fields.build(span)
}

/// The bytes of a block's type and labels.
pub(crate) fn header(block: &Block) -> Range<usize> {
    let ident = block.ident.span().unwrap_or_default();
    let end = block.labels.last().and_then(hcl_edit::Span::span).map_or(ident.end, |label| label.end);
    ident.start..end
}

/// An expression as written.
pub(crate) fn expression(text: Text, expr: &Expression) -> Tree {
    let span = text.span(expr.span().unwrap_or_default());
    match expr {
        Expression::Null(_) => Tree::scalar(Value::Null, span),
        Expression::Bool(value) => Tree::scalar(*value.value(), span),
        Expression::Number(value) => Tree::scalar(number(value.value()), span),
        Expression::String(value) => Tree::scalar(template::escape(value.value()), span),
        Expression::Array(items) => Tree::array(items.iter().map(|item| expression(text, item)).collect(), span),
        Expression::Object(fields) => object(text, fields, span, &mut Written),
        Expression::StringTemplate(parts) => match template::only_interpolation(parts) {
            Some(inner) => Tree { span, ..expression(text, inner) },
            None => Tree::scalar(template::render(text, template::quoted(parts)), span),
        },
        Expression::HeredocTemplate(heredoc) => {
            Tree::scalar(template::render(text, template::heredoc(text, heredoc)), span)
        }
        Expression::UnaryOp(op) => match (op.operator.value(), &op.expr) {
            (UnaryOperator::Neg, Expression::Number(value)) => Tree::scalar(number(&-*value.value()), span),
            (UnaryOperator::Not, Expression::Bool(value)) => Tree::scalar(!*value.value(), span),
            _ => Tree::scalar(wrap(text, expr), span),
        },
        _ => Tree::scalar(wrap(text, expr), span),
    }
}

/// An object whose values `with` turns into trees.
pub(crate) fn object<'a>(text: Text, fields: &'a Object, span: Span, with: &mut dyn Expressions<'a>) -> Tree {
    let mut made = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        let key = Key { name: with.key(text, name).into(), span: text.span(name.span().unwrap_or_default()) };
        made.push((key, with.expression(text, value.expr())));
    }
    Tree::object(made, span)
}

/// The key of an object as hcl2json writes it: a name or a bare traversal as it
/// stands, a template as a string, anything else wrapped.
pub(crate) fn key_name(text: Text, key: &ObjectKey) -> String {
    match key {
        ObjectKey::Ident(name) => name.as_str().to_owned(),
        ObjectKey::Expression(expr @ (Expression::Variable(_) | Expression::Traversal(_))) => {
            text.slice(expr.span().unwrap_or_default()).to_owned()
        }
        ObjectKey::Expression(expr) => template::part(text, expr),
    }
}

/// `${` + source text + `}`.
pub(crate) fn wrap(text: Text, expr: &Expression) -> String {
    format!("${{{}}}", text.slice(expr.span().unwrap_or_default()))
}

/// A number of HCL as one of the engine: whole where it can be.
pub(crate) fn number(number: &hcl_edit::Number) -> Value {
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(whole), _, _) => Value::from(whole),
        (_, Some(whole), _) => Value::from(whole),
        (_, _, Some(float)) => crate::parse::float(float),
        _ => Value::Null,
    }
}

/// The keys of one body on their way to a tree, in the order they are met.
#[derive(Default)]
struct Fields {
    fields: Vec<(Key, Field)>,
    index: HashMap<Arc<str>, usize>,
}

enum Field {
    Labels(Fields, Span),
    Blocks(Vec<Tree>, Span),
    Attribute(Tree),
}

impl Fields {
    fn slot(&mut self, key: Key, new: impl FnOnce() -> Field) -> Option<&mut Field> {
        let at = *self.index.entry(key.name.clone()).or_insert(self.fields.len());
        if at == self.fields.len() {
            self.fields.push((key, new()));
        }
        self.fields.get_mut(at).map(|(_, field)| field)
    }

    /// Sets an attribute; a block of its name gives way, as it does in hcl2json.
    fn set(&mut self, key: Key, value: Tree) {
        match self.index.get(&key.name).and_then(|at| self.fields.get_mut(*at)) {
            Some(field) => *field = (key, Field::Attribute(value)),
            None => drop(self.slot(key, || Field::Attribute(value))),
        }
    }

    fn add_block(&mut self, text: Text, block: &Block, header: Span, inner: Tree) -> Result<(), String> {
        let clash = || format!("`{}` blocks with and without labels cannot stand together", block.ident.as_str());
        let ident: Arc<str> = block.ident.as_str().into();
        let mut key = Key { name: ident, span: text.span(block.ident.span().unwrap_or_default()) };
        if block.labels.len() > MAX_LABELS {
            return Err(format!("a block has at most {MAX_LABELS} labels here"));
        }
        let mut fields = self;
        for label in &block.labels {
            match fields.slot(key, || Field::Labels(Fields::default(), header)) {
                Some(Field::Labels(inner, _)) => fields = inner,
                _ => return Err(clash()),
            }
            key = label_key(text, label);
        }
        match fields.slot(key, || Field::Blocks(Vec::new(), header)) {
            Some(Field::Blocks(blocks, _)) => {
                blocks.push(inner);
                Ok(())
            }
            _ => Err(clash()),
        }
    }

    /// As deep as a block has labels, which [`MAX_LABELS`] bounds.
    fn build(self, span: Span) -> Tree {
        let fields = self.fields.into_iter().map(|(key, field)| {
            let tree = match field {
                Field::Labels(inner, span) => inner.build(span),
                Field::Blocks(items, span) => Tree::array(items, span),
                Field::Attribute(tree) => tree,
            };
            (key, tree)
        });
        Tree::object(fields.collect(), span)
    }
}

fn label_key(text: Text, label: &BlockLabel) -> Key {
    Key { name: label.as_str().into(), span: text.span(label.span().unwrap_or_default()) }
}
