//! Retries: what is waited for, how long, and that the final error says so.

use fragalysis_desktop::{
    api::{Client, ClientOptions},
    dataset::JobId,
    demo::{ALICE, DemoServer, Generation},
    downloads::{Engine, Timeouts, run},
    model::{ErrorKind, Preset, Problem, SessionToken},
};

use crate::{
    downloads::job,
    fixtures::{options, request},
    proxy::{AnswerKind, Corruption, Plan, Proxy},
};

/// How a download ends whose orders are always answered like this, and how often it was answered.
async fn ends_with(spoil: Corruption) -> (Problem, usize) {
    ends_at(AnswerKind::Order, spoil).await
}

/// How a download ends that is always answered like this at one spot, and how often it was answered.
async fn ends_at(spot: AnswerKind, spoil: Corruption) -> (Problem, usize) {
    let demo = DemoServer::start(options(Generation::G2026)).await.unwrap();
    let plan = Plan {
        spot,
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
    let error = run(engine).await.expect_err("nothing gets through");
    (error.problem(), proxy.spoilt())
}

/// W23: after ten minutes of trying the sentence was that of the first second.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_sentence_says_what_was_waited_for() {
    let (problem, asked) = ends_with(Corruption::Status(503)).await;
    assert_eq!(problem.kind, ErrorKind::ServerError);
    let start = "The server is down at the moment. Tried again 8 times in ";
    assert!(problem.message.starts_with(start), "{problem}");
    assert_eq!(asked, 9);
    // What is tried once only says nothing of the kind.
    let (problem, asked) = ends_with(Corruption::Status(400)).await;
    assert!(!problem.message.contains("Tried again"), "{problem}");
    assert_eq!(asked, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_when_to_come_back_is_not_asked_earlier() {
    let (problem, asked) = ends_with(Corruption::Later(5400)).await;
    let sentence = "The server is down at the moment. Try again in 1 hour 30 minutes";
    assert_eq!((problem.message.as_str(), asked), (sentence, 1));
    let (problem, asked) = ends_with(Corruption::Later(120)).await;
    assert!(
        problem
            .message
            .contains("in 2 minutes. Tried again 8 times"),
        "{problem}"
    );
    assert_eq!(asked, 9);
}

/// W23: a refusal for a technical reason was "no longer there", and four archives were built for it.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_not_sent_is_not_called_gone() {
    for status in [416, 421, 425, 501] {
        let (problem, asked) = ends_at(AnswerKind::Archive, Corruption::Status(status)).await;
        let start =
            "The server, or a proxy in front of it, gave an answer that makes no sense here";
        assert!(problem.message.starts_with(start), "{status}: {problem}");
        assert_eq!(
            (problem.kind, asked),
            (ErrorKind::ServerError, 2),
            "{status}"
        );
    }
    // So servers answer for an archive that they have removed: it is built once more, and not again and again.
    let (problem, asked) = ends_at(AnswerKind::Archive, Corruption::Status(500)).await;
    let start = "The server failed to send the archive that it had built";
    assert!(problem.message.starts_with(start), "{problem}");
    assert_eq!((problem.kind, asked), (ErrorKind::ServerError, 2));
    let (problem, asked) = ends_at(AnswerKind::Archive, Corruption::Status(404)).await;
    assert_eq!(
        (problem.kind, asked),
        (ErrorKind::LinkExpired, 4),
        "{problem}"
    );
}

/// W23: what was divided down to single observations did not say so.
#[tokio::test(flavor = "multi_thread")]
async fn what_stays_damaged_in_smaller_parts_says_so() {
    let (problem, _) = ends_at(AnswerKind::Archive, Corruption::ZeroBlock).await;
    let end = "Downloading it in smaller parts did not help either";
    assert!(problem.message.ends_with(end), "{problem}");
    assert_eq!(problem.kind, ErrorKind::Corrupt);
}

/// W23: a response that is not from a web server was retried for ten minutes.
#[tokio::test(flavor = "multi_thread")]
async fn invalid_http_is_not_retried() {
    for raw in [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
    ] {
        let (problem, asked) = ends_with(Corruption::Raw(raw)).await;
        assert_eq!(problem.kind, ErrorKind::NotFragalysis, "{raw}: {problem}");
        assert!(asked <= 2, "{raw}: asked {asked} times");
    }
}

/// What the server said instead of an archive was not quoted.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_instead_of_an_archive_is_quoted_unless_it_repeats_the_session() {
    for (body, end) in [
        (
            "{\"detail\":\"The archive is being rebuilt\"}",
            "a message instead of the archive. It said: “The archive is being rebuilt”",
        ),
        (
            "{\"detail\":\"no session demo-alice\"}",
            "a message instead of the archive",
        ),
    ] {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nConnection: close\r\n\r\n";
        let answer: &'static str = format!("{head}{body}").leak();
        let (problem, _) = ends_at(AnswerKind::Archive, Corruption::Raw(answer)).await;
        assert!(problem.message.ends_with(end), "{problem}");
        assert_eq!(problem.kind, ErrorKind::Corrupt);
    }
}

/// W23, W31: "it sent a web page instead of data" was said of JSON, and of what the server explained.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_answered_with_something_else_is_named_by_what_came() {
    let endless = format!("{{\"file_url\":\"/{}\"}}", "x".repeat(1 << 20));
    for (body, kind, words) in [
        (
            &*endless,
            ErrorKind::NotFragalysis,
            "could not be read (download order)",
        ),
        (
            "{\"task_id\":\"0b7a4c2e-secret\"}",
            ErrorKind::NotFragalysis,
            "could not be read (download order)",
        ),
        (
            "{\"detail\":\"quota exceeded\"}",
            ErrorKind::ServerError,
            "quota exceeded",
        ),
        (
            "{}",
            ErrorKind::NotFragalysis,
            "could not be read (download order)",
        ),
        (
            "{\"task_status_url\":\"/oidc/logout/\"}",
            ErrorKind::NotFragalysis,
            "could not be read (download order)",
        ),
        (
            "{\"detail\":\"no session demo-alice\"}",
            ErrorKind::ServerError,
            "makes no sense here",
        ),
    ] {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
        let answer: &'static str = format!("{head}{body}").leak();
        let (problem, asked) = ends_with(Corruption::Raw(answer)).await;
        assert_eq!(problem.kind, kind, "{body}: {problem}");
        assert!(problem.message.contains(words), "{body}: {problem}");
        let told = problem.to_string();
        assert!(!told.contains(ALICE) && !told.contains("secret"), "{told}");
        assert!(asked <= 2, "{body}: {asked}");
    }
}
