//! What servers write if there is no value.

/// Returns `true` if a text means "no value": the laboratory's database is copied unchanged.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text == "None" || text == "null"
}

/// Returns `true` if an address names no file: the file was missing at upload.
pub(super) fn is_missing(address: &str) -> bool {
    let last = address.trim().rsplit('/').next().unwrap_or_default();
    matches!(
        last,
        "None" | "currently missing" | "currently%20missing" | ""
    )
}
