//! Orders, builds and archives: `/api/download_structures/` and `/viewer/task_status/`.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::{
        HeaderMap, Method, StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE},
    },
    response::Response,
};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::{
    Generation, archive,
    archive::Wanted,
    pack,
    pages::{detail, error, json, message, not_found, server_error, some_page},
    server::Shared,
    sessions::{self, Visitor},
    world::{Project, Target},
};
use crate::model::{FileKind, PROTEINS_LIMIT};

/// An archive that was ordered.
#[derive(Debug)]
pub(super) struct Build {
    id: String,
    wanted: Wanted,
    file_name: String,
    is_open: bool,
    begun: Instant,
    bytes: Bytes,
}

/// All orders so far, and which one-time faults have happened.
#[derive(Debug, Default)]
pub(super) struct Builds {
    list: Vec<Build>,
    busy_told: bool,
    expired_told: bool,
}

impl Build {
    /// The server-side path that opens the archive: also the bearer's secret.
    fn handle(&self) -> String {
        format!("/code/media/downloads/{}/{}", self.id, self.file_name)
    }

    fn task(&self) -> String {
        format!("/viewer/task_status/{}/", self.id)
    }
}

/// POST: checks the order as the generation does, then builds, or promises to.
pub(super) async fn order(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visitor = Visitor::of(&headers);
    if let Some(refusal) = sessions::csrf_refusal(visitor, &headers) {
        return detail(StatusCode::FORBIDDEN, refusal);
    }
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return detail(
            StatusCode::BAD_REQUEST,
            "JSON parse error - Expecting value: line 1 column 1 (char 0)",
        );
    };
    let (wanted, is_open, title) = match accept(&shared, visitor, &body) {
        Ok(accepted) => accepted,
        Err(refusal) => return *refusal,
    };
    if let Some(answer) = known_order(&shared, &wanted) {
        return answer;
    }
    let build_shared = Arc::clone(&shared);
    let build_wanted = wanted.clone();
    let packed = tokio::task::spawn_blocking(move || {
        let members = archive::members(&build_shared.world, build_shared.generation, &build_wanted);
        pack::pack(&members, build_shared.generation, build_shared.faults)
    });
    let Ok(Ok(bytes)) = packed.await else {
        return server_error();
    };
    let ending = if shared.generation == Generation::G2024 {
        "zip"
    } else {
        "tar.gz"
    };
    let build = Build {
        id: uuid::Uuid::new_v4().to_string(),
        wanted,
        file_name: format!("{title}.{ending}"),
        is_open,
        begun: Instant::now(),
        bytes: bytes.into(),
    };
    let answer = if shared.generation == Generation::G2024 {
        // The old servers say nothing until the zip is built.
        tokio::time::sleep(shared.build_time).await;
        json(StatusCode::OK, json!({ "file_url": build.handle() }))
    } else {
        json(
            StatusCode::ACCEPTED,
            json!({ "task_status_url": build.task() }),
        )
    };
    shared.builds().list.push(build);
    answer
}

/// The answer to an order that was made before, or the refusal of a server that has too much to do.
fn known_order(shared: &Shared, wanted: &Wanted) -> Option<Response> {
    let mut builds = shared.builds();
    if shared.faults.busy_once && !builds.busy_told {
        builds.busy_told = true;
        return Some(message(
            StatusCode::TOO_MANY_REQUESTS,
            "Fragalysis is serving too many download requests. Please try again later.",
        ));
    }
    let build = builds
        .list
        .iter()
        .rev()
        .find(|build| build.wanted == *wanted)?;
    let is_done = build.begun.elapsed() >= shared.build_time;
    match shared.generation {
        // Only finished archives are matched before 2026.
        Generation::G2025 if !is_done => None,
        Generation::G2026 if !is_done => Some(json(
            StatusCode::ACCEPTED,
            json!({ "task_status_url": build.task() }),
        )),
        Generation::G2024 | Generation::G2025 | Generation::G2026 => {
            Some(json(StatusCode::OK, json!({ "file_url": build.handle() })))
        }
    }
}

/// A refusal with the server's own words.
type Refusal = Box<Response>;

fn refusal<T>(status: StatusCode, text: &str) -> Result<T, Refusal> {
    Err(Box::new(message(status, text)))
}

fn text<'a>(body: &'a Value, key: &str) -> &'a str {
    body.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Checks an order; the refusals are the recorded ones.
fn accept(
    shared: &Shared,
    visitor: Visitor,
    body: &Value,
) -> Result<(Wanted, bool, String), Refusal> {
    check_form(shared.generation, body)?;
    let (project, target) = find_target(shared, visitor, body)?;
    let codes: Vec<&str> = text(body, "proteins")
        .split(',')
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .collect();
    let is_wanted = |code: &str| codes.is_empty() || codes.contains(&code);
    let observations: Vec<i64> = shared
        .world
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
    let kinds = FileKind::ALL
        .into_iter()
        .filter(|kind| flag(shared.generation, *kind, body))
        .collect();
    let wanted = Wanted {
        target: target.id,
        observations,
        kinds,
    };
    Ok((wanted, project.open, target.title.to_owned()))
}

/// What must be right before the server looks for anything.
fn check_form(generation: Generation, body: &Value) -> Result<(), Refusal> {
    if body.get("file_url").is_none() && generation == Generation::G2024 {
        return Err(Box::new(server_error()));
    }
    if text(body, "proteins").len() > PROTEINS_LIMIT {
        return Err(Box::new(match generation {
            Generation::G2024 | Generation::G2025 => server_error(),
            Generation::G2026 => json(
                StatusCode::BAD_REQUEST,
                json!({"proteins": ["Ensure this field has no more than 5000 characters."]}),
            ),
        }));
    }
    let complaint = if !text(body, "file_url").is_empty() {
        "file_url should only be provided for static files"
    } else if text(body, "target_access_string").is_empty() {
        "If no file_url, a target_access_string must be provided"
    } else if text(body, "target_name").is_empty() {
        "If no file_url, a target_name (title) must be provided"
    } else {
        return Ok(());
    };
    refusal(StatusCode::BAD_REQUEST, complaint)
}

/// The target that is asked for, if the visitor may see it.
fn find_target<'a>(
    shared: &'a Shared,
    visitor: Visitor,
    body: &Value,
) -> Result<(&'a Project, &'a Target), Refusal> {
    let (tas, title) = (
        text(body, "target_access_string"),
        text(body, "target_name"),
    );
    let world = &shared.world;
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

/// A switch, or what the server takes for it when it is left out (server-api 2.1).
fn flag(generation: Generation, kind: FileKind, body: &Value) -> bool {
    let default = match kind {
        FileKind::CompoundSets | FileKind::SoakdbFiles => generation > Generation::G2024,
        FileKind::YamlFiles | FileKind::ExtraFiles | FileKind::PymolScripts | FileKind::Readme => {
            true
        }
        _ => false,
    };
    match body.get(kind.parameter()) {
        Some(Value::Bool(on)) => *on,
        Some(Value::String(text)) => {
            text.eq_ignore_ascii_case("true") || text == "1" || text == "on"
        }
        Some(_) | None => default,
    }
}

/// GET and HEAD: the bytes. Nobody is asked who they are; the handle is enough.
pub(super) async fn archive(
    State(shared): State<Arc<Shared>>,
    method: Method,
    Query(query): Query<std::collections::HashMap<String, String>>,
) -> Response {
    let Some(handle) = query.get("file_url") else {
        return message(
            StatusCode::NOT_FOUND,
            "Please provide file_url parameter from post response",
        );
    };
    let mut builds = shared.builds();
    let is_gone = shared.faults.expired_once && !builds.expired_told && method == Method::GET;
    if is_gone {
        builds.expired_told = true;
        builds.list.clear();
    }
    let found = builds.list.iter().find(|build| build.handle() == *handle);
    let Some(build) = found else {
        return message(StatusCode::NOT_FOUND, "file_url is not found");
    };
    if shared.faults.page_for_archive {
        return some_page();
    }
    let bytes = build.bytes.clone();
    let length = bytes.len();
    let body = if method == Method::HEAD {
        Body::empty()
    } else if shared.faults.cut_archive {
        cut(&bytes)
    } else {
        Body::from(bytes)
    };
    let answer = Response::builder()
        // Also for tar.gz: the servers do not know better.
        .header(CONTENT_TYPE, "application/zip")
        .header(CONTENT_LENGTH, length)
        .header(
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", build.file_name),
        )
        .body(body);
    answer.unwrap_or_else(|_| server_error())
}

/// The first half, then the connection is lost.
fn cut(bytes: &Bytes) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    let lost = stream::once(async {
        // Else the connection would be lost before the first half has left this computer.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(std::io::Error::new(
            std::io::ErrorKind::ConnectionReset,
            "cut by the demo",
        ))
    });
    Body::from_stream(stream::iter([Ok(half)]).chain(lost))
}

/// How far a build is, in the words of the generation.
pub(super) async fn task_status(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if id.parse::<uuid::Uuid>().is_err() {
        return not_found();
    }
    let visitor = Visitor::of(&headers);
    let builds = shared.builds();
    let build = builds.list.iter().find(|build| build.id == id);
    let needs_user =
        shared.generation < Generation::G2026 || build.is_some_and(|build| !build.is_open);
    if needs_user && visitor == Visitor::Nobody {
        return error(
            StatusCode::FORBIDDEN,
            "Only authenticated users can check the task status",
        );
    }
    let status = |started, finished, status: &str, messages: Value| {
        json(
            StatusCode::OK,
            json!({"started": started, "finished": finished, "status": status, "messages": messages}),
        )
    };
    let nothing = if shared.generation == Generation::G2025 {
        Value::Null
    } else {
        json!([])
    };
    let Some(build) = build else {
        return status(false, false, "UNKNOWN", nothing);
    };
    let share = build.begun.elapsed().as_secs_f64()
        / shared
            .build_time
            .max(Duration::from_millis(1))
            .as_secs_f64();
    if shared.faults.failed_build && share > 0.5 {
        return status(
            true,
            true,
            "FAILED",
            json!(["The download task ended unexpectedly (FAILURE)"]),
        );
    }
    match share {
        share if share < 0.15 => status(false, false, "UNKNOWN", nothing),
        share if share < 0.3 => status(
            true,
            false,
            "RUNNING",
            json!("Creating tarball contents..."),
        ),
        share if share < 0.5 => status(true, false, "RUNNING", json!("Adding PDBs...")),
        share if share < 1.0 => {
            let text = format!("Compressing tarball: {:.1}%", (share - 0.5) * 200.0);
            status(true, false, "RUNNING", json!(text))
        }
        _ => status(true, true, "SUCCESS", json!(build.handle())),
    }
}

impl Shared {
    /// The orders; a panic elsewhere must not end the demo.
    fn builds(&self) -> std::sync::MutexGuard<'_, Builds> {
        self.builds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
