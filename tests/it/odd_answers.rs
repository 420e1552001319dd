//! Answers that are complete but unusual, as proxies and older servers send them: all of them are read.

use fragalysis_desktop::{
    api::{Client, ClientOptions, SessionState},
    dataset::{JobId, Outcome},
    demo::{ALICE, DemoServer, Generation},
    downloads::{Engine, Timeouts, run},
    model::{Preset, SessionToken},
};

use crate::{
    downloads::job,
    proxy::{Plan, Proxy, Spoil, Spot},
    workbench::{assert_same_content, options, request},
};

/// Headers as old servers and broken proxies write them.
const ODD_HEADERS: [Spoil; 4] = [
    Spoil::ManyHeaders(400),
    Spoil::Lines("X-Odd : a blank before the colon"),
    Spoil::Lines("X-Folded: one\r\n  value on two lines"),
    Spoil::Lines("X Odd: a blank in the name"),
];

async fn line(generation: Generation, spot: Spot, spoil: Spoil) -> (DemoServer, Proxy) {
    let demo = DemoServer::start(options(generation)).await.unwrap();
    let plan = Plan {
        spot,
        spoil,
        times: usize::MAX,
        seed: 1,
    };
    let proxy = Proxy::start(demo.address(), plan).await;
    (demo, proxy)
}

fn client(proxy: &Proxy, token: Option<&str>) -> Client {
    let token = token.and_then(|token| SessionToken::from_pasted(token).ok());
    Client::new(proxy.address().clone(), token, ClientOptions::default()).unwrap()
}

/// E4, E6, E8, J: the landing page, lists and pictures of such a server were refused, as "not Fragalysis" mostly.
#[tokio::test(flavor = "multi_thread")]
async fn lists_pages_and_sessions_are_read_whatever_stands_around_them() {
    let around = [
        Spoil::Bom,
        Spoil::XGzip,
        Spoil::ClosesLater,
        Spoil::Called("APPLICATION/JSON"),
        Spoil::Called("text/plain; charset=utf-8"),
        Spoil::Called(""),
        Spoil::OddValues,
    ];
    for generation in Generation::ALL {
        for spoil in around.into_iter().chain(ODD_HEADERS) {
            let what = format!("{generation:?} {spoil:?}");
            let (_demo, proxy) = line(generation, Spot::Any, spoil).await;
            let client = client(&proxy, Some(ALICE));
            let session = client.check_session(false).await;
            assert_eq!(session.state, SessionState::SignedIn, "{what}");
            let targets = client.targets().await;
            let targets = targets.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(targets.complete && !targets.rows.is_empty(), "{what}");
            let mut rows = targets.rows.iter();
            let target = rows.find(|target| target.key.title == "PHIPA").unwrap();
            let observations = client.observations(target.id).await;
            let observations = observations.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(observations.complete, "{what}");
            assert!(proxy.spoilt() >= 3, "{what}");
        }
    }
}

/// E8, J: a download through them is complete, and nothing is ordered twice for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_download_through_odd_headers_and_closing_connections_is_complete() {
    for generation in Generation::ALL {
        for spoil in ODD_HEADERS.into_iter().chain([Spoil::ClosesLater]) {
            let what = format!("{generation:?} {spoil:?}");
            let (demo, proxy) = line(generation, Spot::Any, spoil).await;
            let home = tempfile::tempdir().unwrap();
            let request = request("PHIPA", &[], Preset::Structures.files());
            let job = job(request.clone(), home.path());
            let client = client(&proxy, Some(ALICE));
            let engine = Engine::new(JobId(1), client, job, Timeouts::shortened(0.001));
            let done = run(engine).await;
            let done = done.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(done.report.outcome, Outcome::Complete, "{what}");
            assert_same_content(&demo, &done.place, &request);
            assert_eq!(demo.ordered().len(), 1, "{what}");
        }
    }
}

/// W35: a server that repeats the session in its message brings it neither onto the screen nor into a log, however it
/// writes it; any other message is quoted.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_place_of_a_list_is_quoted_unless_it_repeats_the_session() {
    for (raw, is_quoted) in [
        (
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"detail\":\"no session demo\\u002dalice\"}",
            false,
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"detail\":\"no session demo-alice\"}",
            false,
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"detail\":\"database is locked\"}",
            true,
        ),
    ] {
        let (_demo, proxy) = line(Generation::G2026, Spot::Any, Spoil::Raw(raw)).await;
        let error = client(&proxy, Some(ALICE)).targets().await.unwrap_err();
        let sentence = error.problem().to_string();
        assert!(!sentence.contains(ALICE), "{raw}: {sentence}");
        let has_words = sentence.contains("database is locked");
        assert_eq!(has_words, is_quoted, "{raw}: {sentence}");
    }
}
