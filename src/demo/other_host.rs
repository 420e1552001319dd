//! Services on a separate origin: the sign-in service, and the authenticator's statistics.

use std::sync::{Arc, PoisonError};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Redirect, Response},
    routing::{any, get},
};

use super::{
    StatisticsFault, pages,
    sessions::{SIGN_IN_PATH, STATISTICS_KEY},
    shared::Shared,
};

const AUTH: &str = "auth:\n  kind: ISPYB\n  name: XChem Python FastAPI TAS Authenticator\n  version: 1.5.0\ncode_set:\n- lb\n- sw\n";
const CACHE: &str = "memcached:\n  bytes: '8230'\n  curr_items: '4'\n  evictions: '0'\n  get_hits: '812'\n  get_misses: '33'\n  uptime: '86400'\n  version: 1.6.39\n";
const PING: &str = "ping:\n  age: 20 seconds\n  ping_count: 136/272\n  ping_reduction: 50%\n  query_count: 40/1000\n  query_reduction: 96%\n  status: OK\n  status_change_age: 2 hours\n  status_change_timestamp: '2026-11-23T08:34:25.537069+00:00'\n  timestamp: '2026-11-23T10:41:40.000000+00:00'\n";
const NO_PING: &str = "ping:\n  age: Meaningless\n  ping_count: 0/0\n  status: Unknown\n  status_change_age: Meaningless\n  status_change_timestamp: No change yet\n  timestamp: No ping yet\n";
const USERS: &str = "users:\n  avg_tas_count: 1\n  max_tas_count: 2\n  total_tas_count: 3\n  total_usernames: 3\n  user_stats:\n  - collected: '2026-11-23T09:34:25.537069+00:00'\n    tas_count: 2\n    username: alice\n  - collected: '2026-11-23T09:12:01.000000+00:00'\n    tas_count: 1\n    username: carol\n  - collected: '2026-11-23T09:10:00.000000+00:00'\n    tas_count: 0\n    username: \"jos\\xE9\"\n";
const USERS_WITHOUT_ALICE: &str = "users:\n  avg_tas_count: 1\n  max_tas_count: 1\n  total_tas_count: 1\n  total_usernames: 1\n  user_stats:\n  - collected: '2026-11-23T09:12:01.000000+00:00'\n    tas_count: 1\n    username: carol\n";
const NO_USERS: &str = "users:\n  avg_tas_count: 0\n  max_tas_count: 0\n  total_tas_count: 0\n  total_usernames: 0\n  user_stats: []\n";
const DOCUMENTED_USERS: &str = "users:\n  user_stats:\n  - username: alice\n  - tas_count: 2\n  - collected: '2026-11-23T09:34:25.537069+00:00'\n";

/// Returns the router of both services.
pub(super) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/", any(statistics))
        .route(SIGN_IN_PATH, get(sign_in))
        .with_state(Arc::clone(shared))
}

/// The browser's own session would be recognised here. A program's is not, and returns with an error that ends the
/// session (server-api 1.2).
async fn sign_in(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    shared.record(&headers);
    let back = format!("{}/oidc/callback/?error=login_required", shared.own_origin);
    Redirect::temporary(&back).into_response()
}

async fn statistics(
    State(shared): State<Arc<Shared>>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    use StatisticsFault as Fault;
    shared.record(&headers);
    let fault = shared.faults().statistics;
    match fault {
        Some(Fault::NotFound) => {
            return pages::detail(StatusCode::NOT_FOUND, "Not Found");
        }
        Some(Fault::Failing) => {
            return plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
        }
        Some(Fault::Page) => return pages::some_page(),
        Some(Fault::Garbage) => return plain(StatusCode::OK, "}{ : - [ not: yaml\n\t- at all: ]"),
        Some(Fault::Moved) => {
            return Redirect::temporary("http://elsewhere.invalid/").into_response();
        }
        _ => {}
    }
    if method != Method::GET || fault == Some(Fault::WrongMethod) {
        return pages::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    let has_key = headers
        .get("x-taastatskey")
        .is_some_and(|key| key == shared.secrets.map_or(STATISTICS_KEY, |secrets| secrets.key));
    if !has_key && fault != Some(Fault::Open) {
        return pages::detail(StatusCode::FORBIDDEN, "Invalid/missing X_TAAStatsKey");
    }
    let (cache, ping, users) = match fault {
        Some(Fault::DeadCache) => ("memcached: {}\n", PING, NO_USERS),
        Some(Fault::JustStarted) => (CACHE, NO_PING, NO_USERS),
        Some(Fault::Documented) => ("", PING, DOCUMENTED_USERS),
        Some(Fault::ShortOnce) if shared.heard_beside_count() == 1 => {
            (CACHE, PING, USERS_WITHOUT_ALICE)
        }
        _ => (CACHE, PING, USERS),
    };
    let text = format!("{AUTH}{cache}{ping}{users}");
    (
        StatusCode::OK,
        [(CONTENT_TYPE, "text/plain; charset=utf-8")],
        text,
    )
        .into_response()
}

impl Shared {
    /// Returns how many requests it has received.
    fn heard_beside_count(&self) -> usize {
        let heard = self.heard_beside.lock();
        heard.unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Records a request.
    fn record(&self, headers: &HeaderMap) {
        let mut heard = self
            .heard_beside
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        heard.push(format!("{headers:?}"));
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
