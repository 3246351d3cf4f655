//! The committed list of cases that differ, each with its reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/opa/differs.txt");

/// Compares what failed with the list.
pub fn check(failed: &BTreeMap<String, String>) {
    let text = std::fs::read_to_string(LIST).unwrap_or_default();
    let known: BTreeMap<&str, &str> =
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect();
    if std::env::var_os("UPDATE").is_some() {
        rewrite(failed, &known);
        return;
    }
    let new: Vec<_> = failed.iter().filter(|(key, _)| !known.contains_key(key.as_str())).collect();
    let fixed: Vec<_> = known.keys().filter(|key| !failed.contains_key(**key)).collect();
    assert!(new.is_empty(), "cases that newly differ: {new:#?}");
    assert!(fixed.is_empty(), "cases that no longer differ, to be removed from the list: {fixed:#?}");
}

fn rewrite(failed: &BTreeMap<String, String>, known: &BTreeMap<&str, &str>) {
    let mut out =
        String::from("# OPA's compliance cases that differ: the case, a tab, the reason. UPDATE=1 rewrites it.\n");
    for (key, why) in failed {
        let reason = known.get(key.as_str()).map_or_else(|| why.replace(['\n', '\t'], " "), ToString::to_string);
        let _ = writeln!(out, "{key}\t{reason}");
    }
    std::fs::write(LIST, out).unwrap();
}
