//! What a rule asked of a document, in plain words.
//!
//! A condition of a policy says what is wrong; a reader wants to know what the
//! rule wants, which is its opposite. Under a `not` it is the condition itself.

use crate::document::{Document, Path};
use crate::engine::Value;
use crate::engine::exec::{Asks, Check, Operand, Origin, Sense};
use crate::evaluate::Together;
use crate::locate::is_discriminator;
use crate::policy::PolicyRule;

/// Longer values are cut.
const LONGEST: usize = 60;

/// What a rule reads: a document, or many together.
#[derive(Clone, Copy)]
pub enum Input<'a> {
    Document(&'a Document),
    Together(&'a Together<'a>),
}

/// What is explained, in the view of the rule that reads it.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub rule: &'a PolicyRule,
    pub input: Input<'a>,
}

/// Lines of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    pub file: String,
    pub first: u32,
    pub last: u32,
}

/// One thing that a rule read, in words, and its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub text: String,
    /// In the rule's input.
    pub path: Path,
    pub lines: Lines,
}

/// A part of the input: its path in its own document, and where it stands.
struct Seen {
    path: Path,
    place: String,
    lines: Lines,
}

/// What a check found and what the rule wants; nothing when it did not look at the input.
pub fn tell(check: &Check, shown: Shown<'_>) -> Option<Told> {
    let turned = check.left.from.is_none();
    let (subject, other) = if turned { (&check.right, &check.left) } else { (&check.left, &check.right) };
    let (path, _) = subject.from.as_ref()?;
    let seen = shown.seen(path, subject.value != Value::Undefined)?;
    // Which of many documents it is says nothing of what is in them, and nothing is compared with itself.
    let number = seen.path.0.is_empty() && matches!(shown.input, Input::Together(_));
    let itself = other.from.as_ref().is_some_and(|(other, _)| other == path);
    if number || itself {
        return None;
    }
    let found = found(subject, &seen);
    let wish = wish(check, turned, &said(other, shown));
    Some(Told { text: format!("{found}, and the rule {wish}"), path: path.clone(), lines: seen.lines })
}

/// A reading for which nothing more is known.
pub fn fact(path: &Path, found: bool, shown: Shown<'_>) -> Option<Told> {
    let value = path.get(shown.value()).filter(|_| found);
    if matches!(value, Some(Value::Object(_) | Value::Array(_))) {
        return None;
    }
    let Seen { path: own, place, lines } = shown.seen(path, found)?;
    let text = match value {
        Some(leaf) => format!("`{own}` is {} ({place})", short(leaf)),
        None => format!("`{own}` is missing ({place})"),
    };
    Some(Told { text, path: path.clone(), lines })
}

impl<'a> Shown<'a> {
    /// What the rule reads.
    pub fn value(self) -> &'a Value {
        match self.input {
            Input::Document(document) => self.rule.sees(document).0,
            Input::Together(together) => &together.input,
        }
    }

    /// A part of the input, or what should hold it.
    fn seen(self, path: &Path, found: bool) -> Option<Seen> {
        let (document, path) = match self.input {
            Input::Document(document) => (document, path.clone()),
            Input::Together(together) => together.part(path)?,
        };
        let (value, spans) = self.rule.sees(document);
        let held = path.prefix(path.existing(value));
        let known = spans.lookup(&held)?;
        let missing = !found || held != path;
        let span = if missing { known.key.unwrap_or(known.value) } else { known.value };
        let from = document.source.position(span.start);
        let end = document.source.position(span.end.saturating_sub(1).max(span.start)).line;
        let last = if missing { from.line } else { end };
        let file = document.source.name().to_string();
        Some(Seen { path, place: format!("{file}:{from}"), lines: Lines { file, first: from.line, last } })
    }
}

/// What is there.
fn found(subject: &Operand, seen: &Seen) -> String {
    let Some((_, origin)) = &subject.from else { return String::new() };
    let Seen { path, place, .. } = seen;
    let name = if path.0.is_empty() { "the document".to_owned() } else { format!("`{path}`") };
    match (&subject.value, origin) {
        (Value::Undefined, _) => format!("{name} is missing ({place})"),
        (value, Origin::Count) => format!("{name} has {} ({place})", parts(value)),
        (value, Origin::Made) => format!("what the rule makes of {name} ({place}) is {}", short(value)),
        (Value::Object(_) | Value::Array(_) | Value::Set(_), Origin::Part) => format!("{name} is there ({place})"),
        (value, Origin::Part) => format!("{name} is {} ({place})", short(value)),
    }
}

fn parts(count: &Value) -> String {
    let number = short(count);
    if number == "1" { "1 part".to_owned() } else { format!("{number} parts") }
}

/// The other side: what the policy says, or another part of the input.
fn said(other: &Operand, shown: Shown<'_>) -> String {
    let value = short(&other.value);
    match &other.from {
        Some((path, _)) => match shown.seen(path, true) {
            Some(Seen { path, place, .. }) => format!("{value}, from `{path}` ({place})"),
            None => format!("{value}, from `{path}`"),
        },
        None => value,
    }
}

/// What the rule wants, or asks where that is not known.
fn wish(check: &Check, turned: bool, other: &str) -> String {
    let asks = if turned { mirrored(check.asks) } else { check.asks };
    let path = [&check.left, &check.right].into_iter().find_map(|side| side.from.as_ref().map(|(path, _)| path));
    let names = path.is_some_and(is_discriminator);
    if asks == Asks::Equal && names && check.sense != Sense::Spares {
        return format!("is about {other}");
    }
    let inside = turned && check.asks == Asks::In;
    if asks == Asks::In && !inside && names && check.sense != Sense::Spares {
        return format!("is about one of {other}");
    }
    match check.sense {
        Sense::Accuses => format!("wants {}", wanted(asks, false, inside, other)),
        Sense::Spares => format!("wants {}", wanted(asks, true, inside, other)),
        Sense::Gathers => format!("asks for {}", wanted(asks, true, inside, other)),
    }
}

/// The comparison as seen from its other side.
fn mirrored(asks: Asks) -> Asks {
    match asks {
        Asks::Less => Asks::More,
        Asks::More => Asks::Less,
        Asks::AtMost => Asks::AtLeast,
        Asks::AtLeast => Asks::AtMost,
        same => same,
    }
}

/// A noun for what fulfils the condition (`holds`) or its opposite; `inside`: the subject is the collection.
fn wanted(asks: Asks, holds: bool, inside: bool, other: &str) -> String {
    match (asks, holds) {
        (Asks::Truth, true) => "it to be there and not `false`".to_owned(),
        (Asks::Truth, false) => "it missing or `false`".to_owned(),
        (Asks::Equal, true) | (Asks::Unequal, false) => other.to_owned(),
        (Asks::Equal, false) | (Asks::Unequal, true) => format!("anything but {other}"),
        (Asks::Less, true) | (Asks::AtLeast, false) => format!("less than {other}"),
        (Asks::Less, false) | (Asks::AtLeast, true) => format!("at least {other}"),
        (Asks::AtMost, true) | (Asks::More, false) => format!("at most {other}"),
        (Asks::AtMost, false) | (Asks::More, true) => format!("more than {other}"),
        (Asks::In, true) if inside => format!("{other} in it"),
        (Asks::In, false) if inside => format!("no {other} in it"),
        (Asks::In, true) => format!("one of {other}"),
        (Asks::In, false) => format!("none of {other}"),
        (Asks::Builtin(name), holds) => asked_of_text(name, holds, other),
    }
}

fn asked_of_text(name: &str, holds: bool, other: &str) -> String {
    let verb = |yes: &str, no: &str| format!("a text that {} {other}", if holds { yes } else { no });
    match name {
        "startswith" | "strings.any_prefix_match" => verb("starts with", "does not start with"),
        "endswith" | "strings.any_suffix_match" => verb("ends with", "does not end with"),
        "contains" => verb("contains", "does not contain"),
        "regex.match" | "re_match" => verb("matches", "does not match"),
        "glob.match" => verb("matches the glob", "does not match the glob"),
        "net.cidr_contains" if holds => format!("an address within {other}"),
        "net.cidr_contains" => format!("an address outside {other}"),
        _ if holds => format!("`{name}` to hold with {other}"),
        _ => format!("`{name}` not to hold with {other}"),
    }
}

/// A value as JSON, cut where it is long.
fn short(value: &Value) -> String {
    if *value == Value::Undefined {
        return "nothing".to_owned();
    }
    let text = match value {
        Value::Set(items) => {
            format!("{{{}}}", items.iter().map(short).collect::<Vec<_>>().join(", "))
        }
        // The engine's own writer breaks lines.
        other => serde_json::to_string(other).unwrap_or_default(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(std::iter::once('…')).collect()
}
