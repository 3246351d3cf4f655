//! Who is who: one person is called differently in settings, in git and in CODEOWNERS.

use std::collections::BTreeMap;

/// What else people are called.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Each name and other name, plain, to the plain name of the person.
    persons: BTreeMap<String, Vec<String>>,
}

impl People {
    /// From the settings: a person's name, and what else they are called.
    #[must_use]
    pub fn new(settings: &BTreeMap<String, Vec<String>>) -> Self {
        let all = settings.iter().map(|(name, others)| {
            let names = std::iter::once(name).chain(others).map(|name| plain(name));
            (plain(name), names.collect())
        });
        Self { persons: all.collect() }
    }

    /// Whether the two are names of one person. A team (`@org/security`) is no name: it has several.
    #[must_use]
    pub fn same(&self, one: &str, other: &str) -> bool {
        let (one, other) = (plain(one), plain(other));
        let both = |names: &Vec<String>| names.contains(&one) && names.contains(&other);
        !one.is_empty() && (one == other || (!is_team(&one) && !is_team(&other) && self.persons.values().any(both)))
    }

    /// Whether `owner`, a name or a team, means the person.
    #[must_use]
    pub fn is_in(&self, person: &str, owner: &str) -> bool {
        let (person, owner) = (plain(person), plain(owner));
        let both = |names: &Vec<String>| names.contains(&person) && names.contains(&owner);
        !person.is_empty() && (person == owner || self.persons.values().any(both))
    }
}

fn is_team(name: &str) -> bool {
    name.contains('/')
}

/// Accounts, addresses and fingerprints of keys are the same in capitals.
fn plain(name: &str) -> String {
    let name = name.trim();
    name.strip_prefix('@').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_does_not_make_two_people_one() {
        let team = "@org/security".to_owned();
        let people = People::new(&BTreeMap::from([
            ("alice".to_owned(), vec!["Alice@example.com".to_owned(), team.clone()]),
            ("carol".to_owned(), vec![team]),
        ]));
        assert!(people.same("@alice", "alice@Example.com"));
        assert!(!people.same("alice", "carol") && !people.same("alice", "@org/security") && !people.same("", ""));
        assert!(people.is_in("carol", "@org/security") && !people.is_in("bob", "@org/security"));
    }
}
