//! Addresses of blocks, as Terraform writes them, and their paths in a document.

use crate::document::{Path, Step};

/// The address of the block that `path` leads to or into: `aws_s3_bucket.logs`,
/// `data.aws_ami.y`, `module.x`, `var.z`, `local.a`, `output.o`, `provider.aws`.
#[must_use]
pub fn address(path: &Path) -> Option<String> {
    let key = |at: usize| match path.0.get(at) {
        Some(Step::Key(key)) => Some(key),
        _ => None,
    };
    let root: &str = key(0)?;
    Some(match root {
        "resource" => format!("{}.{}", key(1)?, key(2)?),
        "data" | "ephemeral" => format!("{root}.{}.{}", key(1)?, key(2)?),
        "variable" => format!("var.{}", key(1)?),
        "module" | "output" | "provider" => format!("{root}.{}", key(1)?),
        "locals" => format!("local.{}", key(2)?),
        _ => return None,
    })
}

/// The path of the first block at an address without modules and indices; none
/// for a local, whose block is not in its address.
#[must_use]
pub fn block_path(address: &str) -> Option<Path> {
    let parts: Vec<&str> = address.split('.').collect();
    let keys: Vec<&str> = match parts.as_slice() {
        ["local", ..] => return None,
        ["data", kind, name] => vec!["data", kind, name],
        ["ephemeral", kind, name] => vec!["ephemeral", kind, name],
        ["var", name] => vec!["variable", name],
        ["module", name] => vec!["module", name],
        ["output", name] => vec!["output", name],
        ["provider", name] => vec!["provider", name],
        [kind, name] => vec!["resource", kind, name],
        _ => return None,
    };
    Some(Path(keys.into_iter().map(Step::from).chain([Step::Index(0)]).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_its_block_and_back() {
        for shown in ["aws_s3_bucket.logs", "data.aws_ami.y", "module.x", "var.z", "output.o"] {
            let path = block_path(shown).unwrap();
            assert_eq!(address(&path.child("acl")).as_deref(), Some(shown));
        }
        let local = Path(vec!["locals".into(), 1.into(), "a".into()]);
        assert_eq!(address(&local).as_deref(), Some("local.a"));
        assert_eq!(address(&Path(vec!["terraform".into(), 0.into()])), None);
    }
}
