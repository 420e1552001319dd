//! Routes each address to its handler.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode, Uri, header::CONTENT_TYPE},
    middleware::{self},
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get},
};
use futures_util::StreamExt as _;
use serde_json::Value;

use super::{
    Generation, drawing,
    every_request::{self, SentToken, found},
    lists::{Lists, Row},
    media, pages,
    sessions::{self, Visitor},
    shared::Shared,
    site_lists, structures,
};

type App = State<Arc<Shared>>;
type Parameters = Query<HashMap<String, String>>;

/// Builds the rows of one list, of one target or of all.
type Rows = for<'a> fn(&'a Lists<'_>, Option<i64>) -> Vec<Row<'a>>;

pub(super) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(|| async { found("/viewer/react/landing/") }))
        .route("/viewer/react/landing/", get(landing))
        .route("/oidc/callback/", get(callback))
        .route(
            "/version/",
            get(|State(shared): App| async move { pages::version(shared.generation) }),
        )
        .route(
            "/viewer/service_state/",
            get(|State(shared): App| async move { pages::services(shared.faults()) }),
        )
        .route("/viewer/task_status/{id}/", get(structures::task_status))
        .merge(rows())
        .route(
            "/api/download_structures/",
            get(structures::archive).post(structures::order),
        )
        .route("/media/{*path}", get(media::file))
        .route("/viewer/img_from_smiles/", get(drawing::of_smiles))
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(
            Arc::clone(shared),
            every_request::answer,
        ))
        .with_state(Arc::clone(shared))
}

/// Returns the routes that answer with rows: lists, and single ones of them.
fn rows() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/token/", get(token))
        .route("/api/user/", get(user))
        .route("/api/targets/", list(|lists, _| made(lists.targets())))
        .route("/api/targets/{id}/", get(target))
        .route("/api/projects/", list(|lists, _| made(lists.projects())))
        .route("/api/projects/{id}/", get(project))
        .route(
            "/api/experiments/",
            list(|lists, target| lists.experiments(target)),
        )
        .route("/api/experiments/{id}/", get(experiment))
        .route(
            "/api/site_observations/",
            list(|lists, target| lists.observations(target)),
        )
        .route(
            "/api/compounds/",
            list(|lists, target| made(lists.compounds(target))),
        )
        .route(
            "/api/canon_sites/",
            list(|lists, target| made(lists.canon_sites(target))),
        )
        .route(
            "/api/canon_site_confs/",
            list(|lists, target| made(lists.conformer_sites(target))),
        )
        .route(
            "/api/xtalform_sites/",
            list(|lists, target| made(lists.crystal_form_sites(target))),
        )
        .route(
            "/api/poses/",
            list(|lists, target| made(lists.poses(target))),
        )
        .route(
            "/api/siteobservation_tag/",
            list(|lists, target| made(lists.tags(target))),
        )
        .route(
            "/api/tag_category/",
            list(|_, _| made(Lists::tag_categories())),
        )
        .route(
            "/api/target_experiment_uploads/",
            list(|lists, target| made(lists.uploads(target))),
        )
        .route("/api/upload_target_experiments/", get(documented_route))
        .route("/api/upload_target_experiments/{id}/", get(documented_row))
}

async fn landing(State(shared): App, headers: HeaderMap) -> Response {
    let visitor = Visitor::of(&headers);
    let csrf = shared.secrets.map(|secrets| secrets.csrf.to_owned());
    let page = pages::landing(
        visitor,
        csrf.or_else(|| sessions::cookie(&headers, "csrftoken")),
    );
    if shared.generation == Generation::G2024 {
        end_after_verification(&shared, visitor, &headers);
    }
    page
}

async fn token(
    State(shared): App,
    sent: Option<Extension<SentToken>>,
    headers: HeaderMap,
) -> Response {
    if shared.faults().broken_token && shared.generation > Generation::G2024 {
        return pages::server_error();
    }
    let visitor = Visitor::of(&headers);
    let sent = sent.map(|Extension(SentToken(token))| token);
    let echo = sent.or_else(|| sessions::cookie(&headers, "sessionid"));
    let answer = pages::token(shared.generation, visitor, echo.as_deref());
    if shared.generation > Generation::G2024 {
        end_after_verification(&shared, visitor, &headers);
    }
    answer
}

async fn user(State(shared): App, headers: HeaderMap) -> Response {
    if shared.faults().authenticator_slow {
        tokio::time::sleep(SLOW).await;
    }
    pages::user(&shared, Visitor::of(&headers))
}

/// Ends the session that has just been verified, if that fault is on.
fn end_after_verification(shared: &Shared, visitor: Visitor, headers: &HeaderMap) {
    if shared.faults().session_ends
        && matches!(visitor, Visitor::User(_))
        && let Some(token) = sessions::cookie(headers, "sessionid")
    {
        shared.ended().insert(token);
    }
}

/// Where a failed renewal returns: the server ends the session (server-api 1.2).
async fn callback(State(shared): App, headers: HeaderMap) -> Response {
    if let Some(token) = sessions::cookie(&headers, "sessionid") {
        shared.ended().insert(token);
    }
    found("/")
}

/// Delay of a slow response.
const SLOW: Duration = Duration::from_secs(3);

/// Rows that are already built.
fn made<'a>(rows: Vec<Value>) -> Vec<Row<'a>> {
    let rows = rows.into_iter();
    rows.map(|row| Box::new(move || row.clone()) as Row<'a>)
        .collect()
}

/// Returns a list endpoint: paging, the filter by target, and the recorded failures.
fn list(rows: Rows) -> MethodRouter<Arc<Shared>> {
    get(
        move |State(shared): App, uri: Uri, query: Parameters, headers: HeaderMap| async move {
            answer_list(&shared, uri.path(), query.0, &headers, rows).await
        },
    )
}

/// Number of chunks of an answer that may wait to be sent.
const WAITING: usize = 8;

async fn answer_list(
    shared: &Arc<Shared>,
    path: &str,
    query: HashMap<String, String>,
    headers: &HeaderMap,
    rows: Rows,
) -> Response {
    if shared.faults().broken_lists {
        return pages::server_error();
    }
    if shared.faults().no_sites && site_lists::ROUTES.contains(&path) {
        return pages::not_found();
    }
    if shared.faults().slow_lists {
        tokio::time::sleep(SLOW).await;
    }
    let target = match query.get("target").map(|text| text.parse()) {
        // Anything but a number is an unhandled failure in all generations.
        Some(Err(_)) => return pages::server_error(),
        Some(Ok(id)) => Some(id),
        None => None,
    };
    let first_target = shared.world().targets.first().map(|first| first.id);
    let broken = shared.faults().broken_list;
    if broken.is_some_and(|list| list.is_it(path, target.is_some() && target == first_target)) {
        return pages::server_error();
    }
    let (visitor, path) = (Visitor::of(headers), path.to_owned());
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<String>(WAITING);
    let shared = Arc::clone(shared);
    // A hundred thousand rows take a while, so they are sent while they are built.
    tokio::task::spawn_blocking(move || {
        let lists = shared.lists(visitor);
        let mut rows = rows(&lists, target);
        if let Some(title) = query.get("title").filter(|_| path == "/api/targets/") {
            rows.retain(|row| row().get("title").and_then(Value::as_str) == Some(title));
        }
        lists.page(&path, &query, &rows, &mut |piece| {
            sender.blocking_send(piece).is_ok()
        });
    });
    let first = receiver.recv().await.unwrap_or_default();
    let body = match receiver.recv().await {
        // With only one chunk the length is known.
        None => Body::from(first),
        Some(second) => {
            let begun = futures_util::stream::iter([first, second]);
            let rest = futures_util::stream::poll_fn(move |context| receiver.poll_recv(context));
            Body::from_stream(begun.chain(rest).map(Ok::<_, std::convert::Infallible>))
        }
    };
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

async fn experiment(State(shared): App, Path(id): Path<i64>, headers: HeaderMap) -> Response {
    let row = shared.lists(Visitor::of(&headers)).experiment_by_id(id);
    single(&shared, "Experiment", row)
}

async fn target(State(shared): App, Path(id): Path<i64>, headers: HeaderMap) -> Response {
    let rows = shared.lists(Visitor::of(&headers)).targets();
    single(&shared, "Target", with_id(rows, id))
}

async fn project(State(shared): App, Path(id): Path<i64>, headers: HeaderMap) -> Response {
    let rows = shared.lists(Visitor::of(&headers)).projects();
    single(&shared, "Project", with_id(rows, id))
}

fn with_id(rows: Vec<Value>, id: i64) -> Option<Value> {
    rows.into_iter()
        .find(|row| row.get("id").and_then(Value::as_i64) == Some(id))
}

/// Returns one row, or the same words for "does not exist" and "not for you".
fn single(shared: &Shared, kind: &str, row: Option<Value>) -> Response {
    match (row, shared.generation) {
        (Some(row), _) => pages::json(StatusCode::OK, row),
        (None, Generation::G2026) => pages::detail(
            StatusCode::NOT_FOUND,
            &format!("No {kind} matches the given query."),
        ),
        (None, _) => pages::detail(StatusCode::NOT_FOUND, "Not found."),
    }
}

/// Answers the route that, by the documentation, lists experiments; no known server does.
async fn documented_route(
    State(shared): App,
    uri: Uri,
    query: Parameters,
    headers: HeaderMap,
) -> Response {
    if shared.faults().documented_route {
        return answer_list(&shared, uri.path(), query.0, &headers, |lists, target| {
            lists.experiments(target)
        })
        .await;
    }
    pages::detail(
        StatusCode::METHOD_NOT_ALLOWED,
        "Method \"GET\" not allowed.",
    )
}

async fn documented_row(State(shared): App, Path(id): Path<i64>, headers: HeaderMap) -> Response {
    if shared.faults().documented_route {
        let row = shared.lists(Visitor::of(&headers)).experiment_by_id(id);
        return single(&shared, "Experiment", row);
    }
    match shared.generation {
        Generation::G2024 => pages::detail(
            StatusCode::METHOD_NOT_ALLOWED,
            "Method \"GET\" not allowed.",
        ),
        Generation::G2025 | Generation::G2026 => pages::not_found(),
    }
}

async fn wrong_method(method: Method) -> Response {
    pages::detail(
        StatusCode::METHOD_NOT_ALLOWED,
        &format!("Method \"{method}\" not allowed."),
    )
}

/// Adds a missing slash by a redirect, which loses the body of a POST; everything else is unknown.
async fn unknown(uri: Uri) -> Response {
    if uri.path().ends_with('/') {
        return pages::not_found();
    }
    let query = uri
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let target = format!("{}/{query}", uri.path());
    (StatusCode::MOVED_PERMANENTLY, [("location", target)]).into_response()
}
