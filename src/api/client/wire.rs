//! Properties of a request: with or without the session, and which kind of answer it wants.

use reqwest::header::{CONTENT_TYPE, HeaderMap};

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

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.contains("json"))
}
