//! What a rule is by its name.

/// Whether a name sounds like an exemption.
pub(super) fn exempts(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["exempt", "exclu", "ignor", "skip", "exception", "is_update", "whitelist", "allowlist", "waive", "suppress"]
        .iter()
        .any(|word| name.contains(word))
}
