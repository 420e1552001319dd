//! What servers write where there is nothing.

/// Whether a text means that there is nothing: the laboratory's database is copied raw.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text == "None" || text == "null"
}

/// Whether an address names no file: it was missing at upload.
pub(super) fn is_missing(address: &str) -> bool {
    let last = address.trim().rsplit('/').next().unwrap_or_default();
    matches!(
        last,
        "None" | "currently missing" | "currently%20missing" | ""
    )
}
