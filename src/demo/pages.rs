//! The pages and small endpoints: landing page, version, services, token, user.

use axum::{
    http::{
        StatusCode,
        header::{CONTENT_TYPE, SET_COOKIE},
    },
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{Faults, Generation, sessions::Visitor, shared::Shared};

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

/// Returns some other web page, as a captive portal or a wrong address would show.
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

/// Sets the CSRF token and says who is signed in, in a script.
pub(super) fn landing(visitor: Visitor, csrf: Option<String>) -> Response {
    let csrf = csrf.unwrap_or_else(|| {
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

/// Echoes the token of a valid session, since 2025.
pub(super) fn token(generation: Generation, visitor: Visitor, echo: Option<&str>) -> Response {
    match (generation, visitor) {
        (Generation::G2024, _) => not_found(),
        (_, Visitor::Anonymous) => error(
            StatusCode::FORBIDDEN,
            "You need to be logged in to get a token",
        ),
        (_, Visitor::User(_) | Visitor::Ageing) => {
            json(StatusCode::OK, json!({ "sessionid": echo }))
        }
    }
}

/// Returns who the user is, since 2025. For a visitor it names the first account there is.
pub(super) fn user(shared: &Shared, visitor: Visitor) -> Response {
    let faults = shared.faults();
    if shared.generation == Generation::G2024 {
        return not_found();
    }
    if faults.broken_user {
        return server_error();
    }
    let ping = match (faults.authenticator_undefined, faults.authenticator_down) {
        (true, _) => "AUTH_SERVICE_NOT_DEFINED",
        (false, true) => "NOT OK",
        (false, false) => "OK",
    };
    let lists = shared.lists(visitor);
    let projects = shared.world().projects.iter();
    let mut access: Vec<&str> = projects
        .filter(|project| lists.is_member(project))
        .map(|project| project.tas)
        .collect();
    // Sets are unordered.
    access.reverse();
    let nobody = if faults.anonymous_admin {
        "admin"
    } else {
        "AnonymousUser"
    };
    let authenticator = if faults.authenticator_undefined {
        json!({"kind": "AUTH_SERVICE_NOT_DEFINED", "name": "", "version": "", "location": ""})
    } else {
        json!({
            "kind": "ISPYB",
            "name": "XChem Python FastAPI TAS Authenticator (invented by the demo)",
            "version": "1.5.0",
            "location": "http://auth.ta-authenticator.svc",
        })
    };
    let number = if visitor.name().is_some() { 2 } else { 1 };
    let user = visitor.name().unwrap_or(nobody);
    let answer = if faults.documented_user {
        json!({"user": user, "user_id": number.to_string(), "version": authenticator, "ping": ping, "target_access": access})
    } else {
        json!({"user": user, "user_id": number, "authenticator": authenticator, "ping": ping, "target_access": access})
    };
    json(StatusCode::OK, answer)
}
