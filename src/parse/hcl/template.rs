//! Templates as HCL reads them, and back to the string hcl2json writes for them.
//!
//! White space follows hclsyntax: a `~` mark trims the one literal beside it, a
//! literal of a heredoc ends with its line, and `<<-` takes the least
//! indentation of all lines that begin with text or with `${`. hcl-edit's own
//! dedenting leaves the insides of directives alone, so it is not used.

use hcl_edit::Span as _;
use hcl_edit::expr::{Conditional, Expression};
use hcl_edit::template::{Directive, Element, ForTemplateExpr, HeredocTemplate, Strip, Template};

use super::Text;
use super::convert::{number, wrap};

/// A part of a template after `~` marks and dedenting have taken effect.
/// Directives lie flat among the parts they enclose.
pub(crate) enum Piece<'a> {
    Literal(String),
    Interpolation(&'a Expression),
    If(&'a Expression),
    Else,
    EndIf,
    For(&'a ForTemplateExpr),
    EndFor,
}

/// Escapes what would start an interpolation or a directive.
pub(crate) fn escape(literal: &str) -> String {
    literal.replace("${", "$${").replace("%{", "%%{")
}

/// The expression of a template that is one interpolation and nothing else: it
/// is not turned into a string.
pub(crate) fn only_interpolation(template: &Template) -> Option<&Expression> {
    Some(&template.as_single_element()?.as_interpolation()?.expr)
}

/// The parts of a quoted template.
pub(crate) fn quoted(template: &Template) -> Vec<Piece<'_>> {
    let mut flat = Flat { heredoc: None, pieces: Vec::new(), trim: false };
    flat.template(template);
    flat.pieces
}

/// The parts of a heredoc.
pub(crate) fn heredoc<'a>(text: Text<'a>, heredoc: &'a HeredocTemplate) -> Vec<Piece<'a>> {
    let mut flat = Flat { heredoc: Some(text), pieces: Vec::new(), trim: false };
    flat.template(&heredoc.template);
    let start = text.slice(heredoc.span().unwrap_or_default());
    if start.starts_with("<<-") {
        dedent(&mut flat.pieces);
    }
    flat.pieces
}

/// The parts as one string, interpolations as written.
pub(super) fn render(text: Text, pieces: Vec<Piece>) -> String {
    let mut out = String::new();
    let mut otherwise = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => out.push_str(&escape(&literal)),
            Piece::Interpolation(expr) => out.push_str(&part(text, expr)),
            Piece::If(cond) => {
                otherwise.push(None);
                out.extend(["%{if ", text.slice(cond.span().unwrap_or_default()), "}"]);
            }
            Piece::Else => {
                if let Some(at) = otherwise.last_mut() {
                    *at = Some(out.len());
                }
                out.push_str(ELSE);
            }
            Piece::EndIf => {
                // hcl2json leaves out an `else` without text.
                if let Some(at) = otherwise.pop().flatten().filter(|at| at + ELSE.len() == out.len()) {
                    out.truncate(at);
                }
                out.push_str("%{endif}");
            }
            Piece::For(intro) => {
                let key = intro.key_var.as_ref().map(|key| format!("{}, ", key.as_str())).unwrap_or_default();
                let over = text.slice(intro.collection_expr.span().unwrap_or_default());
                out.extend(["%{for ", &key, intro.value_var.as_str(), " in ", over, "}"]);
            }
            Piece::EndFor => out.push_str("%{endfor}"),
        }
    }
    out
}

const ELSE: &str = "%{else}";

/// A part of a template, or the key of an object, as text.
pub(super) fn part(text: Text, expr: &Expression) -> String {
    match expr {
        Expression::Null(_) => "null".to_owned(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Number(value) if !text.slice(expr.span().unwrap_or_default()).starts_with('-') => {
            number(value.value()).to_string()
        }
        Expression::String(value) => escape(value.value()),
        Expression::StringTemplate(template) => render(text, quoted(template)),
        Expression::HeredocTemplate(template) => render(text, heredoc(text, template)),
        Expression::Conditional(conditional) => conditional_text(text, conditional),
        _ => wrap(text, expr),
    }
}

/// hcl2json cannot tell `${a ? b : c}` from the directive `%{if a}`.
fn conditional_text(text: Text, conditional: &Conditional) -> String {
    let cond = text.slice(conditional.cond_expr.span().unwrap_or_default());
    let yes = part(text, &conditional.true_expr);
    let no = part(text, &conditional.false_expr);
    let otherwise = if no.is_empty() { String::new() } else { format!("{ELSE}{no}") };
    format!("%{{if {cond}}}{yes}{otherwise}%{{endif}}")
}

struct Flat<'a> {
    /// The file, if this is a heredoc: its literals have no escapes but `$${`,
    /// and are read from the text because hcl-edit has dedented its own copy.
    heredoc: Option<Text<'a>>,
    pieces: Vec<Piece<'a>>,
    /// Whether the mark just passed trims the next literal.
    trim: bool,
}

impl<'a> Flat<'a> {
    /// As deep as templates nest, which hcl-edit bounds.
    fn template(&mut self, template: &'a Template) {
        for element in template {
            match element {
                Element::Literal(literal) => match self.heredoc {
                    Some(text) => {
                        for line in text.slice(literal.span().unwrap_or_default()).split_inclusive('\n') {
                            self.literal(&line.replace("$${", "${").replace("%%{", "%{"));
                        }
                    }
                    None => self.literal(literal.value()),
                },
                Element::Interpolation(interpolation) => {
                    self.control(interpolation.strip, Piece::Interpolation(&interpolation.expr));
                }
                Element::Directive(directive) => self.directive(directive),
            }
        }
    }

    fn directive(&mut self, directive: &'a Directive) {
        match directive {
            Directive::If(directive) => {
                self.control(directive.if_expr.strip, Piece::If(&directive.if_expr.cond_expr));
                self.template(&directive.if_expr.template);
                if let Some(otherwise) = &directive.else_expr {
                    self.control(otherwise.strip, Piece::Else);
                    self.template(&otherwise.template);
                }
                self.control(directive.endif_expr.strip, Piece::EndIf);
            }
            Directive::For(directive) => {
                self.control(directive.for_expr.strip, Piece::For(&directive.for_expr));
                self.template(&directive.for_expr.template);
                self.control(directive.endfor_expr.strip, Piece::EndFor);
            }
        }
    }

    fn literal(&mut self, literal: &str) {
        let shown = if std::mem::take(&mut self.trim) { literal.trim_start() } else { literal };
        self.pieces.push(Piece::Literal(shown.to_owned()));
    }

    fn control(&mut self, strip: Strip, piece: Piece<'a>) {
        if let (true, Some(Piece::Literal(literal))) = (strip.strip_start(), self.pieces.last_mut()) {
            literal.truncate(literal.trim_end().len());
        }
        self.pieces.push(piece);
        self.trim = strip.strip_end();
    }
}

/// Takes the common indentation away.
fn dedent(pieces: &mut [Piece]) {
    let mut least = usize::MAX;
    let mut newline = true;
    let mut indented = Vec::new();
    for piece in &mut *pieces {
        let starts_line = std::mem::replace(&mut newline, false);
        match piece {
            Piece::Literal(literal) => {
                newline = literal.ends_with('\n');
                let text = literal.trim_start();
                if starts_line && !(text.is_empty() && newline) {
                    let indent = literal.get(..literal.len() - text.len()).unwrap_or("");
                    least = least.min(indent.chars().count());
                    indented.push(literal);
                }
            }
            _ if starts_line => least = 0,
            _ => {}
        }
    }
    for literal in indented {
        *literal = literal.chars().skip(least).collect();
    }
}
