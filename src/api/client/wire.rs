//! Properties of a request: with or without the session, and which kind of answer it wants.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

/// Whether the session cookie is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) enum Session {
    /// With the session token, if there is one.
    Yes,
    /// Without it.
    No,
}

/// The kind of answer that is wanted: decides the `Accept` header, which these servers take literally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) enum Want {
    Data,
    Page,
    /// The bytes as they are on the server's disk: a compressed transfer would hide their true length.
    File,
}

/// Whether an answer is JSON, as far as its headers say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum IsJson {
    Yes,
    No,
    /// It is declared as plain text, or not at all: the contents decide.
    Unsaid,
}

pub(super) fn is_json(headers: &HeaderMap) -> IsJson {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    if memchr::memmem::find(&kind, b"json").is_some() {
        IsJson::Yes
    } else if kind.trim_ascii().is_empty() || kind.starts_with(b"text/plain") {
        IsJson::Unsaid
    } else {
        IsJson::No
    }
}
