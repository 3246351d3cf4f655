//! A comparison for people.

use std::fmt;

use super::change::Change;
use super::{Compared, Comparison, Moved};

/// Of each list so many are shown; the JSON has all.
const MOST: usize = 50;

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, side) in [("before", &self.before), ("after", &self.after)] {
            let (status, reasons) = (side.status.name().to_uppercase(), side.reasons.join("; "));
            writeln!(f, "{word:<8} {status}: {reasons} (regate {}, for {})", side.tool, side.as_of)?;
        }
        list(f, "not the same", &self.changes, changed)?;
        if !self.digests {
            writeln!(f, "\nOne of the two has no digests: whether inputs or policies have changed is not known.")?;
        } else if self.changes.is_empty() {
            writeln!(f, "\nInputs, policies, settings, waivers and baseline are the same.")?;
        }
        list(f, "new", &self.new, one)?;
        list(f, "fixed", &self.fixed, one)?;
        list(f, "moved", &self.moved, moved)?;
        for (title, problems) in [("new problems", &self.new_problems), ("problems gone", &self.gone_problems)] {
            list(f, title, problems, |f, problem| {
                let gap = if problem.file.is_empty() { "" } else { ": " };
                writeln!(f, "{}{gap}{} {}", line(&problem.file), problem.code, line(&problem.message))
            })?;
        }
        writeln!(f, "\nunchanged {}", count(self.unchanged.len()))
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    items: &[T],
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title} ({})", items.len())?;
    for item in items.iter().take(MOST) {
        write!(f, "  ")?;
        write(f, item)?;
    }
    if items.len() > MOST { writeln!(f, "  and {} more", items.len() - MOST) } else { Ok(()) }
}

fn changed(f: &mut fmt::Formatter<'_>, change: &Change) -> fmt::Result {
    let name = if change.name.is_empty() { String::new() } else { format!(" {}", line(&change.name)) };
    let (before, after) = (short(&change.before), short(&change.after));
    let values = match (before.is_empty(), after.is_empty()) {
        (true, _) => after,
        (_, true) => before,
        _ => format!("{before} -> {after}"),
    };
    writeln!(f, "{:<9} {:<7}{name}  {values}", change.what.name(), change.how.name())
}

fn one(f: &mut fmt::Formatter<'_>, found: &Compared) -> fmt::Result {
    let cause = found.cause.map(|cause| format!("; {cause}")).unwrap_or_default();
    writeln!(f, "{} ({}{cause})", finding(found), line(&found.disposition))
}

fn moved(f: &mut fmt::Formatter<'_>, found: &Moved) -> fmt::Result {
    let was = match (found.finding.disposition == found.was, found.finding.severity == found.severity_was) {
        (_, true) => format!("{}, was {}", line(&found.finding.disposition), line(&found.was)),
        (true, false) => format!("was {}", found.severity_was),
        (false, false) => {
            format!("{}, was {} {}", line(&found.finding.disposition), found.severity_was, line(&found.was))
        }
    };
    let cause = found.finding.cause.map(|cause| format!("; {cause}")).unwrap_or_default();
    writeln!(f, "{} ({was}{cause})", finding(&found.finding))
}

fn finding(found: &Compared) -> String {
    let Compared { file, line: row, column, severity, rule, message, .. } = found;
    format!("{}:{row}:{column}: {severity} {} {}", line(file), line(rule), line(message))
}

/// A digest's first digits; of a long value its start.
fn short(text: &str) -> String {
    let most = if text.starts_with("sha256:") { 19 } else { 60 };
    match text.char_indices().nth(most) {
        Some((end, _)) if most == 60 => format!("{}…", line(text.get(..end).unwrap_or(""))),
        Some((end, _)) => text.get(..end).unwrap_or("").to_owned(),
        None => line(text),
    }
}

fn line(text: &str) -> String {
    crate::report::visible(text).into_owned()
}

fn count(n: usize) -> String {
    format!("{n} finding{}", if n == 1 { "" } else { "s" })
}
