//! Hostile redirects: no redirect and no address in a response may send the session elsewhere.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, StatusCode, header::COOKIE},
    response::{IntoResponse as _, Response},
};
use fragalysis_desktop::{
    api::{ApiError, ClientOptions, OrderOutcome, statistics},
    model::{ErrorKind, Secret, ServerAddress},
};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::sessions::{WRONG, client, order_of};

const KEY: &str = "k3yOfTheStatistics";

/// The paths that were requested from a server, and whether a secret was sent.
type Heard = Arc<Mutex<Vec<(String, bool)>>>;

struct Lure {
    address: ServerAddress,
    port: u16,
    heard: Heard,
    task: JoinHandle<()>,
}

impl Drop for Lure {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Lure {
    fn take(&self) -> Vec<(String, bool)> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

/// Starts a server that gives the same answer to everything and records the requests.
async fn lure(answer: impl Fn(&Request) -> Response + Clone + Send + Sync + 'static) -> Lure {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard: Heard = Arc::default();
    let ears = Arc::clone(&heard);
    let router = Router::new().fallback(move |request: Request| {
        let has_secret = has_secret(request.headers());
        let path = request.uri().path().to_owned();
        ears.lock().unwrap().push((path, has_secret));
        let answer = answer(&request);
        async move { answer }
    });
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let address = ServerAddress::parse(&format!("http://127.0.0.1:{port}")).unwrap();
    Lure {
        address,
        port,
        heard,
        task,
    }
}

fn has_secret(headers: &HeaderMap) -> bool {
    let has_session = headers
        .get_all(COOKIE)
        .iter()
        .any(|cookie| cookie.to_str().is_ok_and(|cookie| cookie.contains(WRONG)));
    has_session || headers.values().any(|value| value == KEY)
}

/// Ways to write "go to port `THERE`", for a server that listens at port `HERE`.
const SHAPES: &[&str] = &[
    "http://127.0.0.1:THERE/x",
    "//127.0.0.1:THERE/x",
    "///127.0.0.1:THERE/x",
    "////127.0.0.1:THERE/x",
    "http://localhost:THERE/x",
    "http://LOCALHOST:THERE/x",
    "http://127.1:THERE/x",
    "http://2130706433:THERE/x",
    "http://0x7f.0.0.1:THERE/x",
    "http://0177.0.0.1:THERE/x",
    "http://127.0.0.1.:THERE/x",
    "http://[::1]:THERE/x",
    "http://[::ffff:127.0.0.1]:THERE/x",
    "http://user@127.0.0.1:THERE/x",
    "http://user:word@127.0.0.1:THERE/x",
    "http://user:word@127.0.0.1:HERE/x",
    "http://127.0.0.1:HERE@127.0.0.1:THERE/x",
    "http://127.0.0.1:HERE%40127.0.0.1:THERE/x",
    "http://127.0.0.1:THERE#@127.0.0.1:HERE/",
    "http://127.0.0.1:THERE?@127.0.0.1:HERE/",
    "http:\\\\127.0.0.1:THERE\\x",
    "\\\\127.0.0.1:THERE\\x",
    "/\\127.0.0.1:THERE/x",
    "\\/127.0.0.1:THERE/x",
    "http:/127.0.0.1:THERE/x",
    "HTTP://127.0.0.1:THERE/x",
    "hTTp://127.0.0.1:THERE/x",
    "https://127.0.0.1:THERE/x",
    "https://127.0.0.1:HERE/x",
    "ftp://127.0.0.1:THERE/x",
    "ws://127.0.0.1:THERE/x",
    "http://127.0.0.1:THERE/oidc/authenticate/",
    "http://127.0.0.1/x",
    "http://127.0.0.1:0/x",
    "http://127.0.0.2:HERE/x",
    "http://fragalysis.invalid/x",
    "//fragalysis.invalid/x",
    "https://keycloak.invalid/auth/realms/xchem/x",
    "http://xn--fragalysis-tta.invalid/x",
    "http://frägalysis.invalid/x",
    "http://127。0。0。1:THERE/x",
    "http://①②⑦.0.0.1:THERE/x",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "about:blank",
    "mailto:somebody@example.org",
    "http://",
    "http:",
    "//",
    "http://:THERE/x",
    // On the server itself, but pages that end sessions.
    "/oidc/authenticate/",
    "/%6Fidc/authenticate/",
    "/oidc%2Fcallback/",
    "/accounts/login/",
    "/accounts/logout/",
    "/auth/realms/xchem/x",
    "/logout/",
];

/// The addresses, with these ports in them.
fn shapes(here: u16, there: u16) -> Vec<String> {
    SHAPES
        .iter()
        .map(|shape| {
            shape
                .replace("THERE", &there.to_string())
                .replace("HERE", &here.to_string())
        })
        .collect()
}

/// Asserts that the answer is the error for a redirect to another origin.
fn assert_stayed<T>(answer: Result<T, ApiError>, what: &str) {
    match answer {
        Ok(_) => panic!("{what} gave an answer"),
        Err(ApiError::Ageing | ApiError::NotFragalysis | ApiError::Redirected { .. }) => {}
        Err(error) => panic!("{what}: {error:?}"),
    }
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figure of the issue")]
async fn no_redirect_takes_a_secret_to_another_origin() {
    let there = lure(|_| (StatusCode::OK, "[]").into_response()).await;
    let mut tried = 0;
    for status in [300_u16, 301, 302, 303, 305, 306, 307, 308] {
        let place = Arc::new(Mutex::new(String::new()));
        let location = Arc::clone(&place);
        let here = lure(move |_| {
            let location = location.lock().unwrap().clone();
            let status = StatusCode::from_u16(status).unwrap();
            // Some shapes are no header text at all; then the server says nothing about the place.
            match axum::http::HeaderValue::from_bytes(location.as_bytes()) {
                Ok(value) => (status, [("location", value)]).into_response(),
                Err(_) => status.into_response(),
            }
        })
        .await;
        let client = client(&here.address, Some(WRONG));
        for shape in shapes(here.port, there.port) {
            tried += 1;
            let what = format!("{status} to {shape}");
            place.lock().unwrap().clone_from(&shape);
            assert_stayed(client.targets().await, &what);
            assert_stayed(client.landing().await, &what);
            assert_stayed(client.order(&order_of("x", "lb1-1")).await, &what);
            let key = Secret::new(KEY);
            let options = ClientOptions::default();
            assert!(statistics(&here.address, &key, &options).await.is_err());
            assert_eq!(there.take(), [], "{what} was followed");
            // Each question goes to the right place, with its secret; if nothing came, this would be no test.
            let heard = here.take();
            assert!(
                heard.iter().filter(|(_, secret)| *secret).count() >= 3,
                "{heard:?}"
            );
            let sign_in = ["oidc", "accounts", "realms", "logout"];
            let followed = heard
                .iter()
                .find(|(path, _)| sign_in.iter().any(|part| path.contains(part)));
            assert_eq!(followed, None, "{what}");
        }
    }
    println!("{tried} redirects");
    assert!(tried >= 200);
}

/// A server whose answer to each path names a foreign address.
async fn tempter(field: &'static str, foreign: String) -> Lure {
    lure(move |request| {
        let path = request.uri().path();
        let is_first = !request.uri().query().unwrap_or_default().contains("offset");
        let json = match path {
            "/api/download_structures/" => serde_json::json!({ field: foreign }),
            "/api/projects/" if is_first => serde_json::json!({
                "count": 2, "next": format!("{foreign}?limit=1&offset=1"), "previous": foreign,
                "results": [{"id": 1, "target_access_string": "lb1-1"}],
            }),
            "/api/projects/" => serde_json::json!({
                "count": 2, "next": null, "results": [{"id": 2, "target_access_string": "lb1-2"}],
            }),
            _ => serde_json::json!({"started": true, "finished": false, "status": "RUNNING", "messages": "x"}),
        };
        (StatusCode::OK, axum::Json(json)).into_response()
    })
    .await
}

#[tokio::test]
async fn no_address_in_an_answer_takes_a_secret_to_another_origin() {
    let there = lure(|_| (StatusCode::OK, "[]").into_response()).await;
    for shape in shapes(there.port, there.port) {
        for field in ["file_url", "task_status_url"] {
            let here = tempter(field, shape.clone()).await;
            let client = client(&here.address, Some(WRONG));
            // The result does not matter, only where the request went.
            client.projects().await.ok();
            match client.order(&order_of("x", "lb1-1")).await {
                Ok(OrderOutcome::Ready(handle)) => {
                    client.fetch(&handle, None).await.ok();
                }
                Ok(OrderOutcome::Building(task)) => {
                    client.task_status(&task).await.ok();
                }
                // What has not the form of a build's address is not asked for at all.
                Err(error) if field == "task_status_url" => {
                    assert_eq!(error.kind(), ErrorKind::NotFragalysis, "{shape}");
                }
                Err(error) => panic!("{shape} as {field}: {error}"),
            }
            assert_eq!(there.take(), [], "{shape} as {field} was followed");
            // Landing page, list, order, and what the order led to: all asked of the server itself.
            let least = if field == "file_url" { 4 } else { 3 };
            assert!(here.take().len() >= least, "{shape} as {field}");
        }
    }
}
