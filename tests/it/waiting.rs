//! What is waited for, how long, and that the last sentence says so.

use fragalysis_desktop::{
    api::{Client, ClientOptions},
    dataset::JobId,
    demo::{ALICE, DemoServer, Generation},
    downloads::{Engine, Timeouts, run},
    model::{ErrorKind, Preset, Problem, SessionToken},
};

use crate::{
    downloads::job,
    proxy::{Plan, Proxy, Spoil, Spot},
    workbench::{options, request},
};

/// How a download ends whose orders are always answered like this, and how often it was answered.
async fn ends_with(spoil: Spoil) -> (Problem, usize) {
    let demo = DemoServer::start(options(Generation::G2026)).await.unwrap();
    let plan = Plan {
        spot: Spot::Order,
        spoil,
        times: usize::MAX,
        seed: 1,
    };
    let proxy = Proxy::start(demo.address(), plan).await;
    let home = tempfile::tempdir().unwrap();
    let job = job(
        request("PHIPA", &[], Preset::Structures.files()),
        home.path(),
    );
    let client = Client::new(
        proxy.address().clone(),
        SessionToken::from_pasted(ALICE).ok(),
        ClientOptions::default(),
    )
    .unwrap();
    let engine = Engine::new(JobId(1), client, job, Timeouts::shortened(0.0001));
    let error = run(engine).await.expect_err("no order gets through");
    (error.problem(), proxy.spoilt())
}

/// W23: after ten minutes of trying the sentence was that of the first second.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_sentence_says_what_was_waited_for() {
    let (problem, asked) = ends_with(Spoil::Status(503)).await;
    assert_eq!(problem.kind, ErrorKind::ServerError);
    let start = "The server is down at the moment. Tried again 8 times in ";
    assert!(problem.message.starts_with(start), "{problem}");
    assert_eq!(asked, 9);
    // What is tried once only says nothing of the kind.
    let (problem, asked) = ends_with(Spoil::Status(400)).await;
    assert!(!problem.message.contains("Tried again"), "{problem}");
    assert_eq!(asked, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_when_to_come_back_is_not_asked_earlier() {
    let (problem, asked) = ends_with(Spoil::Later(5400)).await;
    let sentence = "The server is down at the moment. Try again in 1 hour 30 minutes";
    assert_eq!((problem.message.as_str(), asked), (sentence, 1));
    let (problem, asked) = ends_with(Spoil::Later(120)).await;
    assert!(
        problem
            .message
            .contains("in 2 minutes. Tried again 8 times"),
        "{problem}"
    );
    assert_eq!(asked, 9);
}
