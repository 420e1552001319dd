//! Every session variant against every question in every generation, and every way to lure the session
//! cookie away from its server.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header::COOKIE},
    response::{IntoResponse as _, Response},
};
use fragalysis_desktop::{
    api::{ApiError, Client, ClientOptions, SessionState},
    demo::{AGEING, ALICE, BOB, DemoOptions, DemoServer, Generation},
    model::{DownloadRequest, Preset, ServerAddress, SessionToken, TargetKey, Tas},
};
use tokio::{net::TcpListener, task::JoinHandle};

const WRONG: &str = "abcdefghijklmnopqrstuvwxyz123456";

fn client(server: &ServerAddress, token: Option<&str>) -> Client {
    let token = token.map(|token| SessionToken::from_pasted(token).unwrap());
    Client::new(server.clone(), token, ClientOptions::default()).unwrap()
}

/// A token, whether this program has proven it before, what the session is, and whether private data show.
type Variant = (Option<&'static str>, bool, SessionState, bool);

const VARIANTS: [Variant; 7] = [
    (None, false, SessionState::Anonymous, false),
    (Some(ALICE), false, SessionState::SignedIn, true),
    (Some(ALICE), true, SessionState::SignedIn, true),
    (Some(BOB), false, SessionState::SignedIn, false),
    (Some(WRONG), false, SessionState::Refused, false),
    (Some(WRONG), true, SessionState::Expired, false),
    (Some(AGEING), true, SessionState::Ageing, false),
];

/// What one question should be answered with.
fn check<T: std::fmt::Debug + PartialEq + Copy>(
    cells: &mut usize,
    what: &str,
    found: T,
    expected: T,
) {
    *cells += 1;
    assert_eq!(found, expected, "{what}");
}

#[tokio::test]
async fn every_variant_is_told_apart_by_every_question_in_every_generation() {
    let mut cells = 0;
    for generation in Generation::ALL {
        let options = DemoOptions {
            generation,
            rows: Some(60),
            ..DemoOptions::default()
        };
        let server = DemoServer::start(options).await.unwrap();
        for (token, was_proven, state, is_private) in VARIANTS {
            let what = format!("{generation:?}, {token:?}, proven {was_proven}");
            let client = client(server.address(), token);
            let is_ageing = state == SessionState::Ageing;
            let session = client.check_session(was_proven).await;
            check(&mut cells, &what, session.state, state);
            // Nothing may be worked with but a session that is what it seems.
            let is_obstacle = session.obstacle(token.is_some()).is_some();
            check(&mut cells, &what, is_obstacle, session.state.is_rejected());
            match client.targets().await {
                Ok(answer) => {
                    let has_private = answer.rows.iter().any(|target| target.open == Some(false));
                    check(
                        &mut cells,
                        &what,
                        (has_private, is_ageing),
                        (is_private, false),
                    );
                }
                Err(error) => check(
                    &mut cells,
                    &what,
                    (matches!(error, ApiError::Ageing), is_ageing),
                    (true, true),
                ),
            }
            let user = client.user().await;
            let is_offered = generation != Generation::G2024;
            let right = match &user {
                Err(ApiError::Ageing) => is_ageing,
                Err(ApiError::NotOffered | ApiError::NotFound { .. }) => !is_offered && !is_ageing,
                Ok(info) => is_offered && info.target_access.is_empty() != is_private_member(token),
                Err(_) => false,
            };
            check(&mut cells, &format!("{what}: {user:?}"), right, true);
        }
    }
    assert!(cells >= 60, "{cells} cells");
}

/// Who has memberships: `demo-bob` has none.
fn is_private_member(token: Option<&str>) -> bool {
    token == Some(ALICE)
}

/// What a server heard: whether the session cookie came along.
type Heard = Arc<Mutex<Vec<bool>>>;

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

/// A server that answers everything in one way and remembers what it heard.
async fn lure(answer: impl Fn(&Request) -> Response + Clone + Send + Sync + 'static) -> Lure {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard: Heard = Arc::default();
    let ears = Arc::clone(&heard);
    let router = Router::new().fallback(move |request: Request| {
        let has_session = request
            .headers()
            .get_all(COOKIE)
            .iter()
            .any(|cookie| cookie.to_str().is_ok_and(|cookie| cookie.contains(WRONG)));
        ears.lock().unwrap().push(has_session);
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

/// Ways to write "go to port `there`", for a server that listens at port `here`.
fn shapes(here: u16, there: u16) -> Vec<String> {
    let mut shapes: Vec<String> = [
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
    ]
    .iter()
    .map(|shape| {
        shape
            .replace("THERE", &there.to_string())
            .replace("HERE", &here.to_string())
    })
    .collect();
    shapes.extend(
        [
            "/oidc/authenticate/",
            "/accounts/login/",
            "/auth/realms/xchem/x",
        ]
        .map(str::to_owned),
    );
    shapes
}

#[tokio::test]
async fn no_redirect_takes_the_session_to_another_origin() {
    let there = lure(|_| (StatusCode::OK, "[]").into_response()).await;
    let mut tried = 0;
    for status in [301_u16, 302, 303, 307, 308] {
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
        for shape in shapes(here.port, there.port) {
            tried += 1;
            place.lock().unwrap().clone_from(&shape);
            let answer = client(&here.address, Some(WRONG)).targets().await;
            assert!(answer.is_err(), "{status} to {shape} gave an answer");
            let heard = std::mem::take(&mut *there.heard.lock().unwrap());
            assert!(heard.is_empty(), "{status} to {shape} was followed");
            // The first question goes to the right place; if nothing came at all, this would be no test.
            assert!(!std::mem::take(&mut *here.heard.lock().unwrap()).is_empty());
        }
    }
    assert!(tried >= 200, "{tried} shapes");
}

#[tokio::test]
async fn no_address_in_an_answer_takes_the_session_to_another_origin() {
    let there = lure(|_| (StatusCode::OK, "[]").into_response()).await;
    for shape in shapes(there.port, there.port) {
        let foreign = shape.clone();
        let here = lure(move |request| {
            let json = match request.uri().path() {
                "/api/download_structures/" => {
                    serde_json::json!({"task_status_url": foreign, "file_url": foreign})
                }
                _ => serde_json::json!({"count": 5, "next": foreign, "previous": foreign, "results": [{"id": 1, "title": "x", "target_access_string": "lb1-1"}]}),
            };
            (StatusCode::OK, axum::Json(json)).into_response()
        })
        .await;
        let client = client(&here.address, Some(WRONG));
        // What comes of it does not matter; where it went does.
        let _list = client.targets().await;
        let request = DownloadRequest {
            target: TargetKey {
                title: "x".to_owned(),
                tas: Tas::new("lb1-1"),
            },
            codes: Vec::new(),
            files: Preset::Structures.files(),
            static_link: false,
        };
        if let Ok(fragalysis_desktop::api::Order::Ready(handle)) = client.order(&request).await {
            let _archive = client.fetch(&handle).await;
        }
        let heard = std::mem::take(&mut *there.heard.lock().unwrap());
        assert!(heard.is_empty(), "{shape} was followed");
    }
}
