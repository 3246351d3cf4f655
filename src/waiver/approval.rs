//! Who may accept what, and for how long.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Waiver;
use crate::finding::Severity;

/// What a waiver must keep to.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Who may approve, by severity; a severity that is not named needs nobody.
    pub approvers: BTreeMap<Severity, Vec<String>>,
    /// The most days between `created` and `expires`, by severity.
    pub longest: BTreeMap<Severity, i32>,
    /// Waivers that end within so many days are announced.
    pub notice: i32,
    /// Whether comments may not waive.
    pub no_comments: bool,
}

impl Terms {
    /// Why `waiver` may not accept a finding of `severity`, if it may not.
    #[must_use]
    pub fn refusal(&self, waiver: &Waiver, severity: Severity) -> Option<String> {
        self.unapproved(waiver, severity).or_else(|| self.too_long(waiver, severity))
    }

    fn unapproved(&self, waiver: &Waiver, severity: Severity) -> Option<String> {
        let approver = waiver.approver.as_str();
        if !approver.is_empty() && approver.eq_ignore_ascii_case(&waiver.owner) {
            return Some(format!("`{approver}` approves a waiver that is `{approver}`'s own"));
        }
        let allowed = self.approvers.get(&severity)?;
        if approver.is_empty() {
            return Some(format!(
                "findings of severity {severity} are waived only with an approver: {}",
                names(allowed)
            ));
        }
        let known = allowed.iter().any(|name| name == approver);
        (!known)
            .then(|| format!("`{approver}` may not approve findings of severity {severity}: {} may", names(allowed)))
    }

    fn too_long(&self, waiver: &Waiver, severity: Severity) -> Option<String> {
        let most = *self.longest.get(&severity)?;
        let Some(created) = waiver.created else {
            return Some(format!(
                "findings of severity {severity} are waived for at most {most} days, so the waiver needs `created`"
            ));
        };
        let days = days_between(created, waiver.expires);
        (days > most)
            .then(|| format!("it lasts {days} days; findings of severity {severity} are waived for at most {most}"))
    }
}

fn names(list: &[String]) -> String {
    if list.is_empty() { "nobody".to_owned() } else { list.join(", ") }
}

/// Days from `from` to `to`, negative when `to` is earlier.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}
