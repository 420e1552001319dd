//! Handles every request before its route: faults of the whole server, and the state of the session.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{COOKIE, SET_COOKIE},
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{
    content_negotiation, pages,
    sessions::{self, Visitor},
    shared::Shared,
};

/// The token as it was sent, if it stands for one of the demo's own.
#[derive(Clone)]
pub(super) struct SentToken(pub(super) String);

pub(super) fn found(place: &str) -> Response {
    (StatusCode::FOUND, [("location", place.to_owned())]).into_response()
}

/// Replaces a secret token by that of a known user, and records that it was sent.
fn translate_secret(request: &mut Request, token: &str) {
    let cookies = request.headers().get(COOKIE);
    let cookies = cookies.and_then(|value| value.to_str().ok());
    let known = cookies.unwrap_or_default().replace(token, sessions::ALICE);
    if let Ok(known) = HeaderValue::from_str(&known) {
        request.headers_mut().insert(COOKIE, known);
    }
    request.extensions_mut().insert(SentToken(token.to_owned()));
}

/// Answers a request as its session allows, before or instead of its route.
pub(super) async fn answer(
    State(shared): State<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    shared.count_request();
    let faults = shared.faults();
    if faults.not_fragalysis {
        return pages::some_page();
    }
    if faults.hangs_up {
        let cut =
            futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut")) });
        return Body::from_stream(cut).into_response();
    }
    if faults.nothing_here {
        return pages::not_found();
    }
    if faults.moved_away {
        return found("https://elsewhere.invalid/");
    }
    let token = sessions::cookie(request.headers(), "sessionid");
    if let (Some(secrets), Some(token)) = (shared.secrets, &token)
        && token == secrets.token
    {
        translate_secret(&mut request, secrets.token);
    }
    if token
        .as_ref()
        .is_some_and(|token| shared.ended().contains(token))
    {
        // An ended session belongs to no one, and except for a deleted cookie nothing in the answers shows it.
        request.headers_mut().remove(COOKIE);
    }
    let visitor = Visitor::of(request.headers());
    let is_ageing = token
        .as_ref()
        .is_some_and(|token| shared.ageing().contains(token));
    let renewal = sessions::renewal(
        if is_ageing { Visitor::Ageing } else { visitor },
        request.method(),
        request.headers(),
        faults,
        &shared.neighbour,
    );
    let is_callback = request.uri().path() == "/oidc/callback/";
    let mut response = match renewal {
        Some(renewal) if !is_callback => renewal,
        _ if request.uri().path().starts_with("/api/") => {
            content_negotiation::answer(request, next).await
        }
        _ => next.run(request).await,
    };
    if visitor == Visitor::Anonymous && token.is_some() && !faults.keeps_dead_cookie {
        let cleared = HeaderValue::from_static(sessions::CLEARED);
        response.headers_mut().append(SET_COOKIE, cleared);
    }
    response
}
