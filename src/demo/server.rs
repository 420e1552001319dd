//! Starts the demo server and leads each address to its answer.

use std::{
    collections::{BTreeSet, HashMap},
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::{Path, Query, Request, State},
    http::{
        HeaderMap, StatusCode, Uri,
        header::{CONTENT_TYPE, COOKIE},
    },
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
    routing::{MethodRouter, get},
};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    Faults, Generation, Member, World,
    archive::{self, Wanted},
    lists::Lists,
    pages,
    sessions::{self, Visitor},
    structures::{self, Builds},
};
use crate::model::{DownloadRequest, ServerAddress};

/// How the demo server is to be.
#[derive(Clone, Copy, Debug)]
pub struct DemoOptions {
    /// The generation that it imitates.
    pub generation: Generation,
    /// How it misbehaves.
    pub faults: Faults,
    /// The port on this computer; 0 takes a free one.
    pub port: u16,
    /// How many experiments it invents; nothing means about 1,500.
    pub rows: Option<usize>,
    /// How long building an archive takes.
    pub build_time: Duration,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self {
            generation: Generation::G2026,
            faults: Faults::default(),
            port: 0,
            rows: None,
            build_time: Duration::from_millis(1500),
        }
    }
}

/// A running demo server. Dropping it ends it.
#[must_use = "dropping the server ends it"]
#[derive(Debug)]
pub struct DemoServer {
    address: ServerAddress,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) world: World,
    pub(super) generation: Generation,
    pub(super) faults: Faults,
    pub(super) build_time: Duration,
    pub(super) builds: Mutex<Builds>,
    /// Tokens whose sessions have been ended.
    ended: Mutex<BTreeSet<String>>,
    /// Scheme, host and port as they stand in links.
    origin: String,
}

impl Shared {
    pub(super) fn lists(&self, visitor: Visitor) -> Lists<'_> {
        Lists {
            world: &self.world,
            generation: self.generation,
            faults: self.faults,
            visitor,
            origin: &self.origin,
        }
    }
}

impl DemoServer {
    /// Starts the server on this computer only, on the current tokio runtime.
    pub async fn start(options: DemoOptions) -> std::io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let listener = TcpListener::bind(address).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let address = ServerAddress::parse(&url).map_err(std::io::Error::other)?;
        let origin = if options.faults.foreign_links {
            "http://internal.invalid".to_owned()
        } else {
            url
        };
        let shared = Arc::new(Shared {
            world: World::invent(options.rows),
            generation: options.generation,
            faults: options.faults,
            build_time: options.build_time,
            builds: Mutex::default(),
            ended: Mutex::default(),
            origin,
        });
        let router = router(&shared);
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the demo server has ended");
            }
        });
        Ok(Self {
            address,
            shared,
            task,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// Ends the session of a token, or lets it begin again: from now on the token is nobody's, or is good.
    pub fn set_session(&self, token: &str, is_good: bool) {
        let mut ended = self
            .shared
            .ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if is_good {
            ended.remove(token);
        } else {
            ended.insert(token.to_owned());
        }
    }

    /// Its data.
    pub fn world(&self) -> &World {
        &self.shared.world
    }

    /// What it means to send for a request: the truth that tests compare the disk with.
    pub fn members(&self, request: &DownloadRequest) -> Vec<Member> {
        let world = &self.shared.world;
        let target = world.targets.iter().find(|target| {
            target.title == request.target.title
                && world
                    .project(target.project)
                    .is_some_and(|project| project.tas == request.target.tas.as_str())
        });
        let Some(target) = target else {
            return Vec::new();
        };
        let observations = world
            .observations
            .iter()
            .filter(|row| {
                row.target == target.id
                    && (request.codes.is_empty() || request.codes.contains(&row.code))
            })
            .map(|row| row.id)
            .collect();
        let wanted = Wanted {
            target: target.id,
            observations,
            kinds: request.files.kinds().collect(),
        };
        archive::members(world, self.shared.generation, &wanted)
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type App = State<Arc<Shared>>;
type Parameters = Query<HashMap<String, String>>;

/// Builds the rows of one list, of one target or of all.
type Rows = fn(&Lists<'_>, Option<i64>) -> Vec<Value>;

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the methods' lifetimes do not fit the type of `Rows`"
)]
fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route(
            "/",
            get(|headers: HeaderMap| async move {
                // The statistics service has an address of its own; here it is told by its header.
                pages::statistics(&headers).unwrap_or_else(|| {
                    Redirect::temporary("/viewer/react/landing/").into_response()
                })
            }),
        )
        .route(
            "/viewer/react/landing/",
            get(
                |headers: HeaderMap| async move { pages::landing(Visitor::of(&headers), &headers) },
            ),
        )
        .route(
            "/version/",
            get(|State(shared): App| async move { pages::version(shared.generation) }),
        )
        .route(
            "/viewer/service_state/",
            get(|State(shared): App| async move { pages::services(shared.faults) }),
        )
        .route("/viewer/task_status/{id}/", get(structures::task_status))
        .route(
            "/api/token/",
            get(|State(shared): App, headers: HeaderMap| async move {
                pages::token(shared.generation, Visitor::of(&headers), &headers)
            }),
        )
        .route(
            "/api/user/",
            get(|State(shared): App, headers: HeaderMap| async move {
                pages::user(
                    &shared.world,
                    shared.generation,
                    shared.faults,
                    Visitor::of(&headers),
                )
            }),
        )
        .route("/api/targets/", list(|lists, _| lists.targets()))
        .route("/api/projects/", list(|lists, _| lists.projects()))
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
            list(|lists, target| lists.compounds(target)),
        )
        .route(
            "/api/target_experiment_uploads/",
            list(|lists, target| lists.uploads(target)),
        )
        .route("/api/upload_target_experiments/", get(documented_route))
        .route(
            "/api/download_structures/",
            get(structures::archive).post(structures::order),
        )
        .fallback(unknown)
        .layer(middleware::from_fn_with_state(
            Arc::clone(shared),
            before_all,
        ))
        .with_state(Arc::clone(shared))
}

/// What happens to every request, whatever it asks for.
async fn before_all(State(shared): App, mut request: Request, next: Next) -> Response {
    if shared.faults.not_fragalysis {
        return pages::some_page();
    }
    let token = sessions::cookie(request.headers(), "sessionid").unwrap_or_default();
    if shared
        .ended
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .contains(&token)
    {
        // An ended session is nobody's, and nothing in the answers says so.
        request.headers_mut().remove(COOKIE);
    }
    let visitor = Visitor::of(request.headers());
    if let Some(renewal) = sessions::renewal(visitor, request.method(), request.headers()) {
        return renewal;
    }
    next.run(request).await
}

/// A list endpoint: paging, the filter by target, and the recorded failures.
fn list(rows: Rows) -> MethodRouter<Arc<Shared>> {
    get(
        move |State(shared): App, uri: Uri, query: Parameters, headers: HeaderMap| async move {
            answer_list(&shared, uri.path(), &query, &headers, rows)
        },
    )
}

fn answer_list(
    shared: &Shared,
    path: &str,
    query: &HashMap<String, String>,
    headers: &HeaderMap,
    rows: Rows,
) -> Response {
    if shared.faults.broken_lists {
        return pages::server_error();
    }
    let target = match query.get("target").map(|text| text.parse()) {
        // Anything but a number is an uncaught failure in all generations.
        Some(Err(_)) => return pages::server_error(),
        Some(Ok(id)) => Some(id),
        None => None,
    };
    let lists = shared.lists(Visitor::of(headers));
    let page = lists.page(path, query, rows(&lists, target));
    ([(CONTENT_TYPE, "application/json")], page).into_response()
}

async fn experiment(State(shared): App, Path(id): Path<i64>, headers: HeaderMap) -> Response {
    match shared.lists(Visitor::of(&headers)).experiment_by_id(id) {
        Some(row) => pages::json(StatusCode::OK, row),
        None => pages::detail(StatusCode::NOT_FOUND, "Not found."),
    }
}

/// The documentation says that this lists experiments; no server seen does.
async fn documented_route(
    State(shared): App,
    uri: Uri,
    query: Parameters,
    headers: HeaderMap,
) -> Response {
    if shared.faults.documented_route {
        return answer_list(&shared, uri.path(), &query, &headers, |lists, target| {
            lists.experiments(target)
        });
    }
    pages::detail(
        StatusCode::METHOD_NOT_ALLOWED,
        "Method \"GET\" not allowed.",
    )
}

/// A missing slash is mended by a redirect, which loses the body of a POST; all else is unknown.
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
