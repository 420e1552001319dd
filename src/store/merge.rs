//! Merges what two copies of the program have changed in one file.

use std::collections::BTreeSet;

use serde_json::Value;

/// Returns the contents of the file with the changes that this copy of the program has made since `before`.
pub(super) fn merged(
    before: Option<&Value>,
    own: Option<&Value>,
    there: Option<&Value>,
) -> Option<Value> {
    if own == before {
        return there.cloned();
    }
    let (ours, theirs) = match (own, there) {
        (Some(Value::Object(ours)), Some(Value::Object(theirs))) => (ours, theirs),
        (Some(ours), Some(theirs)) => return Some(merged_sets(before, ours, theirs)),
        _ => return own.cloned(),
    };
    let earlier = |key: &String| before.and_then(|before| before.get(key));
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let entries = keys.into_iter().filter_map(|key| {
        let value = merged(earlier(key), ours.get(key), theirs.get(key))?;
        Some((key.clone(), value))
    });
    Some(Value::Object(entries.collect()))
}

/// Merges lists of names, which are sets: what was added is added, and what was removed is removed. Everything else
/// becomes what this copy of the program has.
fn merged_sets(before: Option<&Value>, ours: &Value, theirs: &Value) -> Value {
    let names = |value: &Value| -> Option<BTreeSet<String>> {
        let names = value.as_array()?.iter();
        names.map(|name| Some(name.as_str()?.to_owned())).collect()
    };
    let (Some(own), Some(there)) = (names(ours), names(theirs)) else {
        return ours.clone();
    };
    let before = before.and_then(names).unwrap_or_default();
    let stay = there
        .iter()
        .filter(|name| own.contains(*name) || !before.contains(*name));
    let added = own.iter().filter(|name| !before.contains(*name));
    let all: BTreeSet<&String> = stay.chain(added).collect();
    all.into_iter().map(String::as_str).collect()
}
