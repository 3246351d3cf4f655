//! Whether a message names a key: who writes "disk is not encrypted" means `encrypted`.

use std::collections::BTreeSet;

use crate::document::Step;
use crate::engine::Value;

/// Shorter keys are in too many words.
const SHORTEST: usize = 4;
/// Letters in which two forms of a word may differ at the end.
const ENDING: usize = 3;
/// Words of keys that say nothing of what they are about.
const EMPTY: [&str; 16] = [
    "enable", "enabled", "disable", "disabled", "is", "has", "use", "allow", "allowed", "require", "required", "of",
    "to", "the", "value", "config",
];
/// Words shorter than this are in too many keys.
const PART: usize = 3;
/// Words that say nothing wherever they are.
const COMMON: [&str; 12] = ["the", "and", "not", "has", "for", "must", "with", "should", "are", "have", "from", "this"];
/// Texts of a result deeper than this, and more of them, are not looked at.
const DEEPEST: usize = 3;
const MOST: usize = 64;

/// Under which keys a result says what is wrong.
const SPOKEN: [&str; 10] = [
    "msg",
    "message",
    "title",
    "issue",
    "keyActualValue",
    "description",
    "reason",
    "finding",
    "problem",
    "alertMessage",
];

/// A finding's text, ready to be searched for keys.
pub(super) struct Message {
    plain: String,
    /// Each once.
    words: Vec<String>,
}

impl Message {
    /// The text of a result: itself, what is said under `msg` and its kin, or all that it says.
    ///
    /// What it only repeats from the document, `read`, is left out: who is called `image-puller` names no `image`.
    pub fn of<'a>(value: &Value, read: impl Iterator<Item = &'a Value>) -> Self {
        let known = SPOKEN.into_iter().filter_map(|key| Step::from(key).get(value).filter(|text| is_text(text)));
        let mut texts = Vec::new();
        known.for_each(|text| gather(text, DEEPEST, &mut texts));
        if texts.is_empty() {
            gather(value, DEEPEST, &mut texts);
        }
        let read: Vec<&str> = read.filter_map(|value| value.as_string().ok()).map(|text| &**text).collect();
        let texts: Vec<String> = texts.into_iter().map(|text| without(text, &read)).collect();
        Self::new(&texts)
    }

    /// A text that is not a result's.
    pub fn of_text(text: &str) -> Self {
        Self::new(&[text.to_owned()])
    }

    fn new(texts: &[String]) -> Self {
        let words = texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
        let words: BTreeSet<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        let words = words.into_iter().collect();
        Self { plain: texts.iter().map(|text| plain(text)).collect::<Vec<_>>().join(" "), words }
    }

    /// Whether it names the key of `step`, or says most of it.
    pub fn hints(&self, step: &Step) -> bool {
        let Step::Key(key) = step else { return false };
        let whole = plain(key);
        let long = self.words.iter().filter(|word| word.len() >= PART && !COMMON.contains(&word.as_str()));
        let known = long.filter(|word| whole.contains(word.as_str()));
        self.names(step) || whole.len() >= SHORTEST && known.map(String::len).sum::<usize>() * 2 > whole.len()
    }

    /// Whether it names the key of `step`: `run_as_user`, `runAsUser` and "run as user" are one.
    pub fn names(&self, step: &Step) -> bool {
        let Step::Key(key) = step else { return false };
        let whole = plain(key);
        // One of the `verbs` is a verb.
        let one = whole.strip_suffix('s').filter(|one| one.len() >= SHORTEST).unwrap_or(&whole);
        if NAME == one {
            return self.words.iter().any(|word| alike(word, NAME));
        }
        if one.len() >= SHORTEST && self.plain.contains(one) {
            return true;
        }
        let mut own = words(key).into_iter().filter(|word| !EMPTY.contains(&&**word)).peekable();
        own.peek().is_some() && own.all(|word| self.words.iter().any(|said| alike(said, &word)))
    }

    /// Whether it tells a text that means something.
    pub fn tells(&self, value: &Value) -> bool {
        let Value::String(text) = value else { return false };
        let own = plain(text);
        own.len() >= SHORTEST && self.plain.contains(&own)
    }
}

/// It is in `namespace` and `filename`, too.
const NAME: &str = "name";

/// What is said in a text, without the values in there.
fn without(text: &str, read: &[&str]) -> String {
    let mut depth = 0_usize;
    let text: String = text
        .chars()
        .filter(|c| {
            depth += usize::from(matches!(c, '{' | '['));
            let speech = depth == 0;
            depth = depth.saturating_sub(usize::from(matches!(c, '}' | ']')));
            speech
        })
        .collect();
    let own = |text: String, read: &&str| if read.len() < SHORTEST { text } else { text.replace(read, " ") };
    read.iter().take(MOST).fold(text, own)
}

fn is_text(value: &Value) -> bool {
    matches!(value, Value::String(_))
}

fn gather<'a>(value: &'a Value, depth: usize, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if texts.len() < MOST => texts.push(text),
        Value::Object(fields) if depth > 0 => {
            fields.iter_sorted().for_each(|(_, item)| gather(item, depth - 1, texts));
        }
        Value::Array(items) if depth > 0 => items.iter().for_each(|item| gather(item, depth - 1, texts)),
        _ => {}
    }
}

/// Two forms of one word: `skips` and `skipped`, `encrypted` and `encryption`.
fn alike(one: &str, other: &str) -> bool {
    let same: usize = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    one == other || same >= SHORTEST && one.len() - same <= ENDING && other.len() - same <= ENDING
}

/// The words of a key, lower case: `minTlsVersion`, `min_tls_version`, `min-tls-version`.
fn words(key: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut lower = false;
    for c in key.chars() {
        if !c.is_alphanumeric() {
            lower = false;
            all.push(String::new());
            continue;
        }
        if c.is_uppercase() && lower || all.is_empty() {
            all.push(String::new());
        }
        lower = !c.is_uppercase();
        all.last_mut().into_iter().for_each(|word| word.extend(c.to_lowercase()));
    }
    all.retain(|word| !word.is_empty());
    all
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
