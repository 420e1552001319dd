//! Sessions and CSRF tokens, as Django and its sign-in service treat them.

use axum::{
    body::Body,
    http::{HeaderMap, Method, StatusCode, header::COOKIE},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::{Faults, Generation};

/// The token of a member of a private proposal.
pub const ALICE: &str = "demo-alice";
/// The token of a user without memberships.
pub const BOB: &str = "demo-bob";
/// A token whose session must be renewed in the browser.
pub const AGEING: &str = "demo-ageing";

/// Where the sign-in service renews sessions.
pub(super) const SIGN_IN_PATH: &str = "/auth/realms/xchem/protocol/openid-connect/auth";

/// The key of the authenticator's statistics.
pub const STATISTICS_KEY: &str = "demo-stats";

/// To whom a request belongs. An invalid token belongs to no one, and nothing in the answer says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visitor {
    Anonymous,
    User(&'static str),
    Ageing,
}

impl Visitor {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        match cookie(headers, "sessionid").as_deref() {
            Some(ALICE) => Self::User("alice"),
            Some(BOB) => Self::User("bob"),
            Some(AGEING) => Self::Ageing,
            Some(_) | None => Self::Anonymous,
        }
    }

    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::User(name) => Some(name),
            Self::Ageing => Some("alice"),
            Self::Anonymous => None,
        }
    }
}

/// Returns the value of a cookie; of two with the same name the last wins.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value.trim_matches('"').to_owned())
        .next_back()
}

/// Returns what the sign-in service does to a GET with an ageing session, instead of an answer. `service` is its
/// address: another origin, to which redirects must not be followed.
pub(super) fn renewal(
    visitor: Visitor,
    method: &Method,
    headers: &HeaderMap,
    faults: Faults,
    service: &str,
) -> Option<Response> {
    if visitor != Visitor::Ageing || method != Method::GET {
        return None;
    }
    let place = format!("{service}{SIGN_IN_PATH}?prompt=none");
    if headers.contains_key("x-requested-with") && !faults.renewal_redirects {
        let body = axum::Json(json!({ "refresh_url": place }));
        return Some((StatusCode::FORBIDDEN, [("refresh_url", place)], body).into_response());
    }
    Response::builder()
        .status(StatusCode::FOUND)
        .header("location", place)
        .body(Body::empty())
        .ok()
}

/// Returns why a POST is refused: with a session it must repeat the cookie in a header. Each generation has its own
/// words.
pub(super) fn csrf_refusal(
    visitor: Visitor,
    headers: &HeaderMap,
    generation: Generation,
) -> Option<&'static str> {
    if visitor == Visitor::Anonymous {
        return None;
    }
    let is_old = generation == Generation::G2024;
    let Some(cookie) = cookie(headers, "csrftoken") else {
        return Some("CSRF Failed: CSRF cookie not set.");
    };
    let header = headers
        .get("x-csrftoken")
        .and_then(|value| value.to_str().ok());
    match header {
        Some(header) if header == cookie => None,
        _ if is_old => Some("CSRF Failed: CSRF token missing or incorrect."),
        None => Some("CSRF Failed: CSRF token missing."),
        Some(_) => Some("CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect."),
    }
}

/// The header with which a server deletes the cookie of a dead session.
pub(super) const CLEARED: &str =
    "sessionid=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax";
