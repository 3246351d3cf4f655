//! Templates back to the string hcl2json writes for them.

use hcl_edit::Span as _;
use hcl_edit::expr::{Conditional, Expression};
use hcl_edit::template::{Directive, Element, Strip, Template};

use super::Text;
use super::convert::{number, wrap};

/// Escapes what would start an interpolation or a directive.
pub(crate) fn escape(literal: &str) -> String {
    literal.replace("${", "$${").replace("%{", "%%{")
}

/// The expression of a template that is one interpolation and nothing else: it
/// is not turned into a string.
pub(crate) fn only_interpolation(template: &Template) -> Option<&Expression> {
    Some(&template.as_single_element()?.as_interpolation()?.expr)
}

/// A template as a string, its interpolations as written.
pub(super) fn render(text: Text, template: &Template) -> String {
    let mut out = String::new();
    for piece in pieces(template) {
        match piece {
            Piece::Literal(literal) => out.push_str(&escape(literal)),
            Piece::Interpolation(expr) => out.push_str(&part(text, expr)),
            Piece::Directive(Directive::If(directive)) => {
                let cond = &directive.if_expr.cond_expr;
                let yes = render(text, &directive.if_expr.template);
                let no = directive.else_expr.as_ref().map(|otherwise| render(text, &otherwise.template));
                out.push_str(&if_text(text, cond, &yes, &no.unwrap_or_default()));
            }
            Piece::Directive(Directive::For(directive)) => {
                let intro = &directive.for_expr;
                let key = intro.key_var.as_ref().map(|key| format!("{}, ", key.as_str())).unwrap_or_default();
                let over = text.slice(intro.collection_expr.span().unwrap_or_default());
                let each = render(text, &intro.template);
                out.push_str(&format!("%{{for {key}{} in {over}}}{each}%{{endfor}}", intro.value_var.as_str()));
            }
        }
    }
    out
}

/// A part of a template, or the key of an object, as text.
pub(super) fn part(text: Text, expr: &Expression) -> String {
    match expr {
        Expression::Null(_) => "null".to_owned(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Number(value) => number(value.value()).to_string(),
        Expression::String(value) => escape(value.value()),
        Expression::StringTemplate(template) => render(text, template),
        Expression::HeredocTemplate(heredoc) => render(text, &heredoc.template),
        Expression::Conditional(conditional) => conditional_text(text, conditional),
        _ => wrap(text, expr),
    }
}

/// hcl2json cannot tell `${a ? b : c}` from the directive `%{if a}`.
fn conditional_text(text: Text, conditional: &Conditional) -> String {
    let yes = part(text, &conditional.true_expr);
    let no = part(text, &conditional.false_expr);
    if_text(text, &conditional.cond_expr, &yes, &no)
}

fn if_text(text: Text, cond: &Expression, yes: &str, no: &str) -> String {
    let cond = text.slice(cond.span().unwrap_or_default());
    let otherwise = if no.is_empty() { String::new() } else { format!("%{{else}}{no}") };
    format!("%{{if {cond}}}{yes}{otherwise}%{{endif}}")
}

/// A part of a template after the `~` marks beside it have taken effect.
pub(crate) enum Piece<'a> {
    Literal(&'a str),
    Interpolation(&'a Expression),
    Directive(&'a Directive),
}

/// The parts of a template, with the white space that `~` marks take away gone.
pub(crate) fn pieces(template: &Template) -> Vec<Piece<'_>> {
    let elements: Vec<&Element> = template.iter().collect();
    let strips = |at: Option<usize>| at.and_then(|at| elements.get(at)).map_or((false, false), |e| outer_strip(e));
    let mut pieces = Vec::with_capacity(elements.len());
    for (at, element) in elements.iter().enumerate() {
        pieces.push(match element {
            Element::Literal(literal) => {
                let mut shown: &str = literal.value();
                if strips(at.checked_sub(1)).1 {
                    shown = shown.trim_start();
                }
                if strips(Some(at + 1)).0 {
                    shown = shown.trim_end();
                }
                Piece::Literal(shown)
            }
            Element::Interpolation(interpolation) => Piece::Interpolation(&interpolation.expr),
            Element::Directive(directive) => Piece::Directive(directive),
        });
    }
    pieces
}

/// Whether an element strips the text before it and the text after it.
fn outer_strip(element: &Element) -> (bool, bool) {
    let (first, last) = match element {
        Element::Literal(_) => (Strip::None, Strip::None),
        Element::Interpolation(interpolation) => (interpolation.strip, interpolation.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => (directive.if_expr.strip, directive.endif_expr.strip),
            Directive::For(directive) => (directive.for_expr.strip, directive.endfor_expr.strip),
        },
    };
    (first.strip_start(), last.strip_end())
}
