//! Orders, builds and archives: `/api/download_structures/` and `/viewer/task_status/`.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    Generation, World, archive, archive_writer,
    builds::{Build, Builds, Order, Wanted},
    misleading_archives,
    orders::{self, Asked},
    pages::{detail, error, json, message, not_found, server_error, some_page},
    sessions::{self, Visitor},
    shared::Shared,
    transfer::Transfer,
};

/// POST: checks the order as the generation does, then builds, or returns a task.
pub(super) async fn order(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visitor = Visitor::of(&headers);
    if let Some(refusal) = sessions::csrf_refusal(visitor, &headers, shared.generation) {
        return detail(StatusCode::FORBIDDEN, refusal);
    }
    if shared.refuses_csrf(visitor) {
        let text = "CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect.";
        return detail(StatusCode::FORBIDDEN, text);
    }
    let asked = match orders::read(&shared, visitor, &headers, &body) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let order = match asked {
        Asked::Archive(order) => order,
        Asked::Link(handle) => return shared.known_link(&handle),
    };
    shared.remember_order(&order);
    if let Some(answer) = known_order(&shared, &order) {
        return answer;
    }
    let Some(bytes) = build(&shared, &order).await else {
        return server_error();
    };
    let ending = if shared.generation == Generation::G2024 {
        "zip"
    } else {
        "tar.gz"
    };
    let build = Build {
        id: shared.secrets.map_or_else(
            || uuid::Uuid::new_v4().to_string(),
            |secrets| secrets.build.to_owned(),
        ),
        file_name: format!("{}.{ending}", order.title),
        order,
        begun: Instant::now(),
        bytes,
        sent: 0,
    };
    let answer = if shared.generation == Generation::G2024 {
        // Old servers do not respond until the zip is built.
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

/// Builds the archive of an order.
async fn build(shared: &Arc<Shared>, order: &Order) -> Option<Bytes> {
    if let Some(stand_in) = shared.stand_in {
        return Some(Bytes::from_static(stand_in.bytes));
    }
    let shared = Arc::clone(shared);
    let wanted = order.wanted.clone();
    let packed = tokio::task::spawn_blocking(move || {
        let mut members = archive::members(shared.world(), shared.generation, &wanted);
        let mut faults = shared.faults();
        if let Some(lie) = faults.archive_lie {
            misleading_archives::falsify(
                &mut members,
                lie,
                shared.world(),
                shared.generation,
                &wanted,
            );
        }
        faults.short_archive |= faults.bad_observation && has_first(shared.world(), &wanted);
        archive_writer::pack(&members, shared.generation, faults)
    });
    packed.await.ok()?.ok().map(Bytes::from)
}

/// Returns the answer to an order that was made before, or the refusal of a busy server.
fn known_order(shared: &Shared, order: &Order) -> Option<Response> {
    let mut builds = shared.builds();
    if shared.faults().busy_once && !builds.busy_told {
        builds.busy_told = true;
        return Some(message(
            StatusCode::TOO_MANY_REQUESTS,
            "Fragalysis is serving too many download requests. Please try again later.",
        ));
    }
    let build = builds.list.iter().rev().find(|build| {
        build.order.wanted == order.wanted && build.order.is_static == order.is_static
    })?;
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

/// GET and HEAD: the bytes. No session is needed; the handle is enough.
pub(super) async fn archive(
    State(shared): State<Arc<Shared>>,
    method: Method,
    Query(query): Query<std::collections::HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let Some(handle) = query.get("file_url") else {
        return message(
            StatusCode::NOT_FOUND,
            "Please provide file_url parameter from post response",
        );
    };
    let mut builds = shared.builds();
    let is_gone = shared.faults().expired_once && !builds.expired_told && method == Method::GET;
    if is_gone {
        builds.expired_told = true;
        builds.list.clear();
    }
    let found = builds
        .list
        .iter_mut()
        .find(|build| build.handle() == *handle);
    let Some(build) = found else {
        return message(StatusCode::NOT_FOUND, "file_url is not found");
    };
    if shared.faults().page_for_archive {
        return some_page();
    }
    let transfer = Transfer {
        bytes: build.bytes.clone(),
        file_name: build.file_name.clone(),
        // Also for tar.gz: the real servers do the same.
        content_type: "application/zip",
        has_mark: false,
        rate: shared.stand_in.and_then(|stand_in| stand_in.rate),
        is_first: {
            build.sent += usize::from(method == Method::GET);
            build.sent <= 1
        },
    };
    drop(builds);
    if method == Method::HEAD {
        return transfer.answer(Body::empty(), StatusCode::OK, 0);
    }
    transfer.send(shared.faults(), &headers)
}

/// Longest time that a build waits for a worker.
const QUEUED: Duration = Duration::from_secs(1);

fn status((started, finished): (bool, bool), status: &str, messages: &Value) -> Response {
    json(
        StatusCode::OK,
        json!({"started": started, "finished": finished, "status": status, "messages": messages}),
    )
}

fn running(message: &str) -> Response {
    status((true, false), "RUNNING", &json!(message))
}

/// Returns the progress of a build, in the words of the generation.
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
        shared.generation < Generation::G2026 || build.is_some_and(|build| !build.order.is_open);
    if needs_user && visitor == Visitor::Anonymous {
        return error(
            StatusCode::FORBIDDEN,
            "Only authenticated users can check the task status",
        );
    }
    if let Some(tas) = build.and_then(|build| shared.hides(build.order.project, visitor)) {
        // The older servers print the name of a variable instead of its value.
        let proposal = match shared.generation {
            Generation::G2024 | Generation::G2025 => "proposal",
            Generation::G2026 => tas,
        };
        let text = format!("You are not a member of the proposal {proposal}");
        return error(StatusCode::FORBIDDEN, &text);
    }
    let nothing = if shared.generation == Generation::G2025 {
        Value::Null
    } else {
        json!([])
    };
    let Some(build) = build else {
        return status((false, false), "UNKNOWN", &nothing);
    };
    let elapsed = build.begun.elapsed();
    let build_time = shared.build_time.max(Duration::from_millis(1));
    let share = elapsed.as_secs_f64() / build_time.as_secs_f64();
    if shared.faults().failed_build && share > 0.5 {
        let messages = json!(["The download task ended unexpectedly (FAILURE)"]);
        return status((true, true), "FAILED", &messages);
    }
    match share {
        share if share < 0.15 && elapsed < QUEUED => status((false, false), "UNKNOWN", &nothing),
        share if share < 0.3 => running("Creating tarball contents..."),
        share if share < 0.5 => running("Adding PDBs..."),
        share if share < 1.0 => running(&format!(
            "Compressing tarball: {:.1}%",
            (share - 0.5) * 200.0
        )),
        _ => status((true, true), "SUCCESS", &json!(build.handle())),
    }
}

impl Shared {
    /// Records the codes of an order, for tests that count.
    fn remember_order(&self, order: &Order) {
        let rows = self.world().observations.iter();
        let wanted = rows.filter(|row| order.wanted.observations.contains(&row.id));
        let codes: Vec<String> = wanted.map(|row| row.code.clone()).collect();
        self.builds().ordered.push(codes);
    }

    /// Returns a permanent archive, by its name; nothing else can be named in an order.
    fn known_link(&self, handle: &str) -> Response {
        let builds = self.builds();
        let is_known = builds
            .list
            .iter()
            .any(|build| build.order.is_static && build.handle() == handle);
        if is_known {
            return json(StatusCode::OK, json!({ "file_url": handle }));
        }
        let text = "file_url should only be provided for static files";
        message(StatusCode::BAD_REQUEST, text)
    }

    /// Returns the target access string of a project that the user may not see.
    fn hides(&self, project: i64, visitor: Visitor) -> Option<&'static str> {
        let project = self.world().project(project)?;
        (!self.lists(visitor).may_see(project)).then_some(project.tas)
    }

    /// Returns the builds, also after a panic of another thread.
    pub(super) fn builds(&self) -> std::sync::MutexGuard<'_, Builds> {
        self.builds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns `true` if the first observation of the target is among the wanted ones.
fn has_first(world: &World, wanted: &Wanted) -> bool {
    let mut all = world.observations.iter();
    let first = all.find(|row| row.target == wanted.target);
    first.is_some_and(|row| wanted.observations.contains(&row.id))
}
