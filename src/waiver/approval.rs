//! Who may accept what, and for how long.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{People, Waiver};
use crate::finding::Severity;
use crate::settings::Approval;

/// What a waiver must keep to.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Who may approve, by severity; a severity that is not named needs nobody.
    pub approvers: BTreeMap<Severity, Vec<String>>,
    /// How approvals are proven, besides the name in the waiver.
    pub approval: Vec<Approval>,
    /// What else people are called.
    pub people: People,
    /// The most days between `created` and `expires`, by severity.
    pub longest: BTreeMap<Severity, i32>,
    /// Waivers that end within so many days are announced.
    pub notice: i32,
    /// Whether comments may not waive.
    pub no_comments: bool,
}

/// What git or CODEOWNERS say of a waiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// What was asked.
    pub by: Approval,
    /// Who was found, or why nobody could be. Of several each must be one who may.
    pub who: Result<Vec<Attester>, String>,
}

/// A commit's author or signer, or the owners of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attester {
    /// For messages: "`Bob <bob@example.com>` in commit 1234567".
    pub shown: String,
    /// What they are called.
    pub names: Vec<String>,
}

impl Terms {
    /// Why `waiver` may not accept a finding of `severity`, if it may not.
    #[must_use]
    pub fn refusal(&self, waiver: &Waiver, severity: Severity) -> Option<String> {
        self.unapproved(waiver, severity).or_else(|| self.too_long(waiver, severity))
    }

    fn unapproved(&self, waiver: &Waiver, severity: Severity) -> Option<String> {
        let approver = waiver.approver.as_str();
        if self.people.same(approver, &waiver.owner) {
            return Some(format!("`{approver}` approves a waiver that is `{}`'s own", waiver.owner));
        }
        let listed = self.approvers.get(&severity);
        if approver.is_empty() {
            let allowed = listed?;
            return Some(format!(
                "findings of severity {severity} are waived only with an approver: {}",
                names(allowed)
            ));
        }
        let named = [waiver.approver.clone()];
        let allowed = listed.map_or(named.as_slice(), Vec::as_slice);
        if !allowed.iter().any(|name| self.people.same(name, approver)) {
            return Some(format!(
                "`{approver}` may not approve findings of severity {severity}: {} may",
                names(allowed)
            ));
        }
        // Without an owner anybody could approve their own.
        if waiver.owner.is_empty() && (listed.is_some() || !self.approval.is_empty()) {
            return Some("it names no owner, so its approver could be the owner".to_owned());
        }
        self.approval.iter().find_map(|how| self.unproven(waiver, *how, allowed))
    }

    fn unproven(&self, waiver: &Waiver, how: Approval, allowed: &[String]) -> Option<String> {
        let asked = waiver.attested.iter().find(|attested| attested.by == how);
        let who = match asked.map(|attested| &attested.who) {
            Some(Ok(who)) if !who.is_empty() => who,
            Some(Err(why)) => return Some(format!("its approval is not proven: {why}")),
            _ => return Some("its approval is not proven".to_owned()),
        };
        let own = |attester: &Attester| attester.names.iter().any(|name| self.people.same(&waiver.owner, name));
        let may = |attester: &&Attester| match how {
            // Whoever of the owners has reviewed it: the approver must be one of them.
            Approval::Codeowners => attester.names.iter().any(|name| self.people.is_in(&waiver.approver, name)),
            Approval::Author | Approval::Signature => {
                let known = |name: &String| allowed.iter().any(|approver| self.people.same(approver, name));
                attester.names.iter().any(known) && !own(attester)
            }
        };
        let other = who.iter().find(|attester| !may(attester))?;
        let verb = match how {
            Approval::Author => "changed",
            Approval::Signature => "signed",
            Approval::Codeowners => return Some(format!("{}, not to `{}`", other.shown, waiver.approver)),
        };
        let why = if own(other) { "that is its owner".to_owned() } else { format!("{} may approve", names(allowed)) };
        Some(format!("its lines were last {verb} by {}, and {why}", other.shown))
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
