//! The formats in which the API answers: JSON or, for a browser, the same on a page (server-api 7).

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{
        HeaderMap, StatusCode,
        header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::Response,
};

use super::pages;

/// Longest answer that is put on a page; archives are longer and are not JSON.
const MAX_PAGE: usize = 64 << 20;

enum Form {
    Json,
    Page,
    Neither,
}

fn wanted(headers: &HeaderMap) -> Form {
    let Some(accept) = headers.get(ACCEPT).and_then(|value| value.to_str().ok()) else {
        return Form::Json;
    };
    let kinds: Vec<&str> = accept
        .split(',')
        .map(|kind| kind.split(';').next().unwrap_or_default().trim())
        .collect();
    if kinds.contains(&"text/html") {
        Form::Page
    } else if kinds
        .iter()
        .any(|kind| matches!(*kind, "application/json" | "application/*" | "*/*"))
    {
        Form::Json
    } else {
        Form::Neither
    }
}

/// Answers in the requested format.
pub(super) async fn answer(request: Request, next: Next) -> Response {
    match wanted(request.headers()) {
        Form::Json => next.run(request).await,
        Form::Page => on_a_page(next.run(request).await).await,
        Form::Neither => pages::detail(
            StatusCode::NOT_ACCEPTABLE,
            "Could not satisfy the request Accept header.",
        ),
    }
}

async fn on_a_page(response: Response) -> Response {
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    if !is_json {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_PAGE).await else {
        return pages::server_error();
    };
    let json = String::from_utf8_lossy(&bytes)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>Django REST framework</title></head><body><pre>HTTP {}\nContent-Type: application/json\n\n{json}</pre></body></html>\n",
        parts.status
    );
    parts.headers.remove(CONTENT_LENGTH);
    if let Ok(kind) = "text/html; charset=utf-8".parse() {
        parts.headers.insert(CONTENT_TYPE, kind);
    }
    Response::from_parts(parts, Body::from(page))
}
