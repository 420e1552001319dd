//! The pages and small answers: landing page, version, services, token, user.

use axum::{
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, SET_COOKIE},
    },
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    Faults, Generation, World,
    sessions::{STATISTICS_KEY, Visitor, cookie},
};

/// Django's page for an unknown address.
const NOT_FOUND: &str = "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Not Found</title>\n</head>\n<body>\n  <h1>Not Found</h1><p>The requested resource was not found on this server.</p>\n</body>\n</html>\n";
/// Django's page for an uncaught failure.
const SERVER_ERROR: &str = "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Server Error (500)</title>\n</head>\n<body>\n  <h1>Server Error (500)</h1><p></p>\n</body>\n</html>\n";

pub(super) fn html(status: StatusCode, page: &'static str) -> Response {
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

pub(super) fn not_found() -> Response {
    html(StatusCode::NOT_FOUND, NOT_FOUND)
}

pub(super) fn server_error() -> Response {
    html(StatusCode::INTERNAL_SERVER_ERROR, SERVER_ERROR)
}

/// Some other web page, as a captive portal or a wrong address would show.
pub(super) fn some_page() -> Response {
    html(
        StatusCode::OK,
        "<!doctype html><html><head><title>Welcome</title></head><body>Please accept the terms.</body></html>",
    )
}

pub(super) fn json(status: StatusCode, value: Value) -> Response {
    (status, axum::Json(value)).into_response()
}

pub(super) fn detail(status: StatusCode, text: &str) -> Response {
    json(status, json!({ "detail": text }))
}

pub(super) fn message(status: StatusCode, text: &str) -> Response {
    json(status, json!({ "message": text }))
}

pub(super) fn error(status: StatusCode, text: &str) -> Response {
    json(status, json!({ "error": text }))
}

/// Sets the request's secret and says who is there, in a script.
pub(super) fn landing(visitor: Visitor, headers: &HeaderMap) -> Response {
    let csrf = cookie(headers, "csrftoken").unwrap_or_else(|| {
        std::iter::repeat_with(fastrand::alphanumeric)
            .take(64)
            .collect()
    });
    let name = visitor.name().unwrap_or("NOT_LOGGED_IN");
    let is_known = visitor.name().is_some();
    let page = format!(
        "<!DOCTYPE html>\n<html>\n <head>\n <title>XChem @ Diamond</title>\n </head>\n <body>\n <div id=\"app\"></div>\n <script type=\"text/javascript\">\n     var DJANGO_CONTEXT ={{\n         legacy_url: '',\n         username: '{name}',\n         email: '',\n         pk: 1,\n         authenticated: {is_known},\n         discourse_available: false,\n         user_present_on_discourse: false,\n         squonk_available: false\n     }}\n </script>\n </body>\n</html>\n"
    );
    let set_cookie = format!("csrftoken={csrf}; Max-Age=31449600; Path=/; SameSite=Lax");
    (
        StatusCode::OK,
        [
            (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
            (SET_COOKIE, set_cookie),
        ],
        page,
    )
        .into_response()
}

pub(super) fn version(generation: Generation) -> Response {
    let tag = match generation {
        Generation::G2024 => "2024.10.3",
        Generation::G2025 => "2025.11.1",
        Generation::G2026 => "2026.08.3",
    };
    json(
        StatusCode::OK,
        json!({"version": {
            "backend": format!("xchem/fragalysis-backend:{tag}"),
            "frontend": format!("xchem/fragalysis-frontend:{tag}"),
            "stack": format!("xchem/fragalysis-stack:{tag}"),
        }}),
    )
}

pub(super) fn services(faults: Faults) -> Response {
    let ispyb = if faults.authenticator_down {
        "ERROR"
    } else {
        "OK"
    };
    let row = |id: &str, name: &str, state: &str| json!({"id": id, "name": name, "state": state});
    json(
        StatusCode::OK,
        json!({"service_states": [
            row("ispyb", "Access control (ISPyB)", ispyb),
            row("keycloak", "Authentication (Keycloak)", "OK"),
            row("fragmentation_graph", "Fragmentation graph", "DEGRADED"),
            row("squonk", "Squonk", "NOT_CONFIGURED"),
        ]}),
    )
}

/// Echoes a good session's token, since 2025.
pub(super) fn token(generation: Generation, visitor: Visitor, headers: &HeaderMap) -> Response {
    match (generation, visitor) {
        (Generation::G2024, _) => not_found(),
        (_, Visitor::Nobody) => error(
            StatusCode::FORBIDDEN,
            "You need to be logged in to get a token",
        ),
        (_, Visitor::User(_) | Visitor::Ageing) => json(
            StatusCode::OK,
            json!({ "sessionid": cookie(headers, "sessionid") }),
        ),
    }
}

/// Who the server takes the visitor for, since 2025. For nobody it names the first account there is.
pub(super) fn user(
    world: &World,
    generation: Generation,
    faults: Faults,
    visitor: Visitor,
) -> Response {
    if generation == Generation::G2024 {
        return not_found();
    }
    let (ping, access) = if faults.authenticator_down {
        ("NOT OK", Vec::new())
    } else {
        let mut access: Vec<&str> = world
            .projects
            .iter()
            .filter(|project| {
                visitor
                    .name()
                    .is_some_and(|name| project.members.contains(&name))
            })
            .map(|project| project.tas)
            .collect();
        // Sets have no order.
        access.reverse();
        ("OK", access)
    };
    json(
        StatusCode::OK,
        json!({
            "user": visitor.name().unwrap_or("AnonymousUser"),
            "user_id": if visitor.name().is_some() { 2 } else { 1 },
            "authenticator": {
                "kind": "MOCK",
                "name": "Demo authenticator",
                "version": "1.5.0",
                "location": "http://auth.demo.invalid",
            },
            "ping": ping,
            "target_access": access,
        }),
    )
}

/// The authenticator's statistics, for those who hold the key. Nothing for those who do not ask for them.
pub(super) fn statistics(headers: &HeaderMap) -> Option<Response> {
    let key = headers.get("x-taastatskey")?;
    if key != STATISTICS_KEY {
        return Some(detail(
            StatusCode::FORBIDDEN,
            "Invalid/missing X_TAAStatsKey",
        ));
    }
    let text = "auth:\n  kind: MOCK\n  name: Demo authenticator\n  version: 1.5.0\ncode_set:\n- lb\n- sw\nmemcached:\n  curr_items: '2'\n  uptime: '86400'\n  version: 1.6.39\nping:\n  age: 20 seconds\n  ping_count: 136/272\n  status: OK\n  status_change_age: 2 hours\n  status_change_timestamp: '2026-11-23T08:34:25.537069+00:00'\nusers:\n  max_tas_count: 2\n  total_usernames: 2\n  user_stats:\n  - collected: '2026-11-23T09:34:25.537069+00:00'\n    tas_count: 2\n    username: alice\n  - collected: '2026-11-23T09:12:01.000000+00:00'\n    tas_count: 1\n    username: carol\n";
    Some(
        (
            StatusCode::OK,
            [(CONTENT_TYPE, "text/plain; charset=utf-8")],
            text,
        )
            .into_response(),
    )
}
