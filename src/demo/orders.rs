//! Parses an order, or returns why the server refuses it: the recorded refusals of each generation.

use axum::{
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    Generation,
    builds::{Order, Wanted},
    pages::{self, message},
    records::{Project, Target},
    sessions::Visitor,
    shared::Shared,
};
use crate::model::{FileKind, PROTEINS_LIMIT};

/// The contents of an order.
pub(super) enum Asked {
    /// A new archive.
    Archive(Order),
    /// An existing archive, by its handle.
    Link(String),
}

/// An error response with the server's wording.
pub(super) type Refusal = Box<Response>;

/// Keys whose values are texts.
const TEXTS: [&str; 4] = [
    "target_name",
    "target_access_string",
    "proteins",
    "file_url",
];

fn refusal<T>(status: StatusCode, text: &str) -> Result<T, Refusal> {
    Err(Box::new(message(status, text)))
}

fn failure<T>() -> Result<T, Refusal> {
    Err(Box::new(pages::server_error()))
}

/// Reads and checks an order.
pub(super) fn read(
    shared: &Shared,
    visitor: Visitor,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Asked, Refusal> {
    let body = decode(shared.generation, headers, body)?;
    check_types(shared.generation, &body)?;
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("proteins").len() > PROTEINS_LIMIT {
        return complain(
            shared.generation,
            "proteins",
            "Ensure this field has no more than 5000 characters.",
        );
    }
    if !text("file_url").is_empty() {
        return Ok(Asked::Link(text("file_url").to_owned()));
    }
    for (key, words) in [
        (
            "target_access_string",
            "If no file_url, a target_access_string must be provided",
        ),
        (
            "target_name",
            "If no file_url, a target_name (title) must be provided",
        ),
    ] {
        if text(key).is_empty() {
            return refusal(StatusCode::BAD_REQUEST, words);
        }
    }
    let (project, target) = find_target(
        shared,
        visitor,
        text("target_access_string"),
        text("target_name"),
    )?;
    let observations = find_observations(shared, target, text("proteins"))?;
    let kinds = FileKind::ALL
        .into_iter()
        .filter(|kind| flag(shared.generation, *kind, &body))
        .collect();
    Ok(Asked::Archive(Order {
        wanted: Wanted {
            target: target.id,
            observations,
            kinds,
        },
        title: target.title.clone(),
        project: project.id,
        is_open: project.open,
        is_static: body.get("static_link").and_then(truth) == Some(true),
    }))
}

/// Parses the body as JSON or as form data; other formats are rejected.
fn decode(
    generation: Generation,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Map<String, Value>, Refusal> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(';').next())
        .unwrap_or("text/plain")
        .trim();
    match kind {
        "application/json" if body.is_empty() => Ok(Map::new()),
        "application/json" => match serde_json::from_slice(body) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) if generation == Generation::G2026 => Err(Box::new(pages::json(
                StatusCode::BAD_REQUEST,
                json!({"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
            ))),
            Ok(_) => failure(),
            Err(_) => Err(Box::new(pages::detail(
                StatusCode::BAD_REQUEST,
                "JSON parse error - Expecting value: line 1 column 1 (char 0)",
            ))),
        },
        "application/x-www-form-urlencoded" => Ok(url::form_urlencoded::parse(body)
            .map(|(key, value)| (key.into_owned(), Value::from(value.into_owned())))
            .collect()),
        other => Err(Box::new(pages::detail(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            &format!("Unsupported media type \"{other}\" in request."),
        ))),
    }
}

/// Refuses an invalid value: since 2026 with a message, before with a failure.
fn complain<T>(generation: Generation, key: &str, words: &str) -> Result<T, Refusal> {
    if generation == Generation::G2026 {
        let answer = pages::json(StatusCode::BAD_REQUEST, json!({ key: [words] }));
        return Err(Box::new(answer));
    }
    failure()
}

fn check_types(generation: Generation, body: &Map<String, Value>) -> Result<(), Refusal> {
    if generation == Generation::G2024 && !body.contains_key("file_url") {
        return failure();
    }
    for key in TEXTS {
        match body.get(key) {
            None | Some(Value::String(_) | Value::Number(_)) => {}
            Some(Value::Null) => {
                return complain(generation, key, "This field may not be null.");
            }
            Some(_) => return complain(generation, key, "Not a valid string."),
        }
    }
    let flags = FileKind::ALL.into_iter().map(FileKind::parameter);
    for key in flags.chain(["static_link"]) {
        match body.get(key) {
            Some(Value::Null) => {
                return complain(generation, key, "This field may not be null.");
            }
            Some(value) if truth(value).is_none() => {
                return complain(generation, key, "Must be a valid boolean.");
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// Parses everything that the server accepts as a boolean.
fn truth(value: &Value) -> Option<bool> {
    let text = match value {
        Value::Bool(on) => return Some(*on),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.to_lowercase(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    match text.as_str() {
        "true" | "t" | "yes" | "y" | "on" | "1" => Some(true),
        "false" | "f" | "no" | "n" | "off" | "0" | "" => Some(false),
        _ => None,
    }
}

/// Returns the chosen observations; the server silently drops unknown codes unless all are unknown.
fn find_observations(
    shared: &Shared,
    target: &Target,
    proteins: &str,
) -> Result<Vec<i64>, Refusal> {
    let codes: Vec<&str> = proteins
        .split(',')
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .collect();
    let is_wanted = |code: &str| codes.is_empty() || codes.contains(&code);
    let observations: Vec<i64> = shared
        .world()
        .observations
        .iter()
        .filter(|row| row.target == target.id && is_wanted(&row.code))
        .map(|row| row.id)
        .collect();
    if observations.is_empty() {
        let list: Vec<String> = codes.iter().map(|code| format!("'{code}'")).collect();
        let text = format!(
            "Please enter list of valid protein codes for target: {}, proteins: [{}]",
            target.title,
            list.join(", ")
        );
        return refusal(StatusCode::NOT_FOUND, &text);
    }
    Ok(observations)
}

/// Returns the requested target, if the user may see it.
fn find_target<'a>(
    shared: &'a Shared,
    visitor: Visitor,
    tas: &str,
    title: &str,
) -> Result<(&'a Project, &'a Target), Refusal> {
    let world = shared.world();
    let Some(project) = world.projects.iter().find(|project| project.tas == tas) else {
        return refusal(
            StatusCode::NOT_FOUND,
            &format!("Project \"{tas}\" does not exist"),
        );
    };
    if !shared.lists(visitor).may_see(project) {
        let nobody = if shared.generation == Generation::G2026 {
            "|anon|"
        } else {
            ""
        };
        let user = visitor.name().unwrap_or(nobody);
        return refusal(
            StatusCode::NOT_FOUND,
            &format!("User \"{user}\" is not a member of {tas}"),
        );
    }
    let is_it = |target: &&Target| target.title == title && target.project == project.id;
    match world.targets.iter().find(is_it) {
        Some(target) => Ok((project, target)),
        None => refusal(
            StatusCode::NOT_FOUND,
            &format!("Target \"{title}\" does not exist under project {tas}"),
        ),
    }
}

/// Returns a switch, or its default on the server if it is left out (server-api 2.1).
fn flag(generation: Generation, kind: FileKind, body: &Map<String, Value>) -> bool {
    let default = match kind {
        FileKind::CompoundSets | FileKind::SoakdbFiles => generation > Generation::G2024,
        FileKind::YamlFiles | FileKind::ExtraFiles | FileKind::PymolScripts | FileKind::Readme => {
            true
        }
        _ => false,
    };
    body.get(kind.parameter())
        .and_then(truth)
        .unwrap_or(default)
}
