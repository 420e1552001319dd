//! The CSRF token that a request must send if it changes something, and where servers hand it out.

use reqwest::header::{HeaderMap, SET_COOKIE};

use crate::model::Secret;

pub(in crate::api) const PATH: &str = "/viewer/react/landing/";

/// Returns the value of the cookie that POSTs must repeat.
pub(super) fn csrf_cookie(headers: &HeaderMap) -> Option<Secret> {
    headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter_map(|cookie| cookie.trim().strip_prefix("csrftoken="))
        .map(|rest| rest.split(';').next().unwrap_or_default().trim_matches('"'))
        .find(|value| !value.is_empty())
        .map(Secret::new)
}
