//! Answers that are complete but unusual, as proxies and older servers send them: all of them are read.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use fragalysis_desktop::{
    api::{ApiError, Client, ClientOptions, SessionState},
    dataset::{JobId, Outcome},
    demo::{ALICE, DemoServer, Generation, STATISTICS_KEY},
    downloads::{Engine, Timeouts, run},
    model::{Preset, SessionToken},
};

use crate::{
    commands::{code, errors},
    downloads::job,
    fixtures::{assert_same_content, options, request},
    proxy::{AnswerKind, Corruption, Plan, Proxy},
};

/// Headers as old servers and broken proxies write them.
const ODD_HEADERS: [Corruption; 4] = [
    Corruption::ManyHeaders(400),
    Corruption::Lines("X-Odd : a blank before the colon"),
    Corruption::Lines("X-Folded: one\r\n  value on two lines"),
    Corruption::Lines("X Odd: a blank in the name"),
];

async fn line(generation: Generation, spot: AnswerKind, spoil: Corruption) -> (DemoServer, Proxy) {
    line_that_mends(generation, spot, spoil, usize::MAX).await
}

/// A line on which only the first answers are spoilt.
async fn line_that_mends(
    generation: Generation,
    spot: AnswerKind,
    spoil: Corruption,
    times: usize,
) -> (DemoServer, Proxy) {
    let demo = DemoServer::start(options(generation)).await.unwrap();
    let plan = Plan {
        spot,
        spoil,
        times,
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
        Corruption::Bom,
        Corruption::XGzip,
        Corruption::ClosesLater,
        Corruption::Called("APPLICATION/JSON"),
        Corruption::Called("text/plain; charset=utf-8"),
        Corruption::Called(""),
        Corruption::OddValues,
        Corruption::Comment,
    ];
    for generation in Generation::ALL {
        for spoil in around.into_iter().chain(ODD_HEADERS) {
            let what = format!("{generation:?} {spoil:?}");
            let (_demo, proxy) = line(generation, AnswerKind::Any, spoil).await;
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
        for spoil in ODD_HEADERS.into_iter().chain([Corruption::ClosesLater]) {
            let what = format!("{generation:?} {spoil:?}");
            let (demo, proxy) = line(generation, AnswerKind::Any, spoil).await;
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
        let (_demo, proxy) = line(Generation::G2026, AnswerKind::Any, Corruption::Raw(raw)).await;
        let error = client(&proxy, Some(ALICE)).targets().await.unwrap_err();
        let sentence = error.problem().to_string();
        assert!(!sentence.contains(ALICE), "{raw}: {sentence}");
        let has_words = sentence.contains("database is locked");
        assert_eq!(has_words, is_quoted, "{raw}: {sentence}");
    }
}

/// Runs a command against this server, beside the runtime on which the server answers.
async fn command(arguments: &[&str], proxy: &Proxy, home: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"));
    command
        .args(arguments)
        .args(["--server", proxy.address().as_str()])
        .arg("--data-dir")
        .arg(home)
        .env("FRAGALYSIS_TOKEN", ALICE)
        .stdin(Stdio::null());
    let ended = tokio::task::spawn_blocking(move || command.output());
    ended.await.unwrap().unwrap()
}

/// b4: commands that only read gave up at the first busy answer; downloads did not.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_reads_asks_again_when_the_server_says_when() {
    let waits = [
        &["targets"][..],
        &["status"],
        &["experiments", "--csv", "-"],
    ]
    .map(|arguments| tokio::spawn(assert_waits_three_times(arguments)));
    for wait in waits {
        wait.await.unwrap();
    }
    // An hour is longer than anyone waits for a list.
    let (_demo, proxy) = line(Generation::G2026, AnswerKind::Any, Corruption::Later(3600)).await;
    let home = tempfile::tempdir().unwrap();
    let output = command(&["targets"], &proxy, home.path()).await;
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("Try again in 1 hour"),
        "{}",
        errors(&output)
    );
}

async fn assert_waits_three_times(arguments: &[&str]) {
    let (_demo, proxy) =
        line_that_mends(Generation::G2026, AnswerKind::Any, Corruption::Later(1), 3).await;
    let home = tempfile::tempdir().unwrap();
    let output = command(arguments, &proxy, home.path()).await;
    let told = errors(&output);
    assert_eq!(code(&output), 0, "{arguments:?}: {told}");
    assert_eq!(proxy.spoilt(), 3, "{arguments:?}");
    assert_eq!(told.matches("Trying again in 1 s").count(), 3, "{told}");
}

/// W6: a download that could not begin said nothing of what to do; `resume` asked a server about an empty list.
#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_could_not_begin_says_how_to_begin_it() {
    let (_demo, proxy) = line(Generation::G2026, AnswerKind::Any, Corruption::Later(3600)).await;
    let home = tempfile::tempdir().unwrap();
    let to = home.path().join("to").display().to_string();
    let download = [
        "download",
        "--target",
        "PHIPA",
        "--tas",
        "lb18145-1",
        "--to",
        &to,
    ];
    let none = command(&["resume"], &proxy, home.path()).await;
    assert_eq!(code(&none), 0, "nothing to resume needs no server");
    assert_eq!(proxy.spoilt(), 0);
    let first = command(&download, &proxy, home.path()).await;
    assert_eq!(code(&first), 1);
    let told = errors(&first);
    let last = told.lines().last().unwrap();
    assert!(last.contains("run the same command again"), "{told}");
    proxy.mend();
    let second = command(&download, &proxy, home.path()).await;
    assert_eq!(code(&second), 0, "{}", errors(&second));
}

/// A proxy that accepts no long request gets several short ones.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_too_large_is_divided() {
    for generation in Generation::ALL {
        {
            let spoil = Corruption::Status(413);
            let (demo, proxy) = line_that_mends(generation, AnswerKind::Order, spoil, 1).await;
            let home = tempfile::tempdir().unwrap();
            let codes = demo.world().codes("PHIPA", "lb18145-1");
            let request = request("PHIPA", &codes, Preset::Structures.files());
            let engine = Engine::new(
                JobId(1),
                client(&proxy, Some(ALICE)),
                job(request.clone(), home.path()),
                Timeouts::shortened(0.001),
            );
            let what = format!("{generation:?}");
            let done = run(engine).await;
            let done = done.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(done.report.outcome, Outcome::Complete, "{what}");
            assert_same_content(&demo, &done.place, &request);
            assert!(demo.ordered().len() > 1, "{what}: {:?}", demo.ordered());
        }
    }
}

/// W39: the landing page was the one answer that was not asked for again when the connection was lost in its middle.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_lost_once_anywhere_is_not_noticed() {
    for generation in Generation::ALL {
        for spoil in [Corruption::Cut, Corruption::CloseAtOnce] {
            for token in [None, Some(ALICE)] {
                let what = format!("{generation:?} {spoil:?} {token:?}");
                let (_demo, proxy) = line_that_mends(generation, AnswerKind::Any, spoil, 1).await;
                let client = client(&proxy, token);
                let session = client.check_session(false).await;
                let meant = match token {
                    Some(_) => SessionState::SignedIn,
                    None => SessionState::Anonymous,
                };
                assert_eq!(session.state, meant, "{what}");
                assert_eq!(proxy.spoilt(), 1, "{what}");
                assert!(client.targets().await.unwrap().complete, "{what}");
            }
        }
    }
}

/// E7: an empty answer was a web page if its type was not that of data and nothing said its length.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_answer_is_called_empty_in_every_form() {
    for raw in [
        "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    ] {
        let (_demo, proxy) = line(Generation::G2026, AnswerKind::Any, Corruption::Raw(raw)).await;
        let client = client(&proxy, None);
        let list = client.targets().await.unwrap_err();
        assert!(matches!(list, ApiError::Empty), "{raw}: {list}");
        let page = client.landing().await.unwrap_err();
        assert!(matches!(page, ApiError::Empty), "{raw}: {page}");
    }
}

/// A server that hangs up was reached; bytes that are not what their header says are no lost connection.
#[tokio::test(flavor = "multi_thread")]
async fn hanging_up_and_a_false_compression_have_their_true_cause() {
    let (_demo, proxy) = line(Generation::G2026, AnswerKind::Any, Corruption::CloseAtOnce).await;
    let error = client(&proxy, None).targets().await.unwrap_err();
    assert!(matches!(error, ApiError::NoAnswer(_)), "{error}");
    // The first attempt, and four more on new connections.
    assert_eq!(proxy.spoilt(), 5);
    let claim = Corruption::Lines("Content-Encoding: gzip");
    let (_demo, proxy) = line(Generation::G2026, AnswerKind::Any, claim).await;
    let error = client(&proxy, None).targets().await.unwrap_err();
    assert!(matches!(error, ApiError::BadAnswer(_)), "{error}");
    assert_eq!(proxy.spoilt(), 1);
}

/// R1: an archive that is compressed anyway was sent with that compression as its encoding, and unpacked on the way.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_whose_compression_is_called_an_encoding_is_read() {
    let claim = Corruption::Lines("Content-Encoding: gzip");
    for generation in Generation::ALL {
        if generation == Generation::G2024 {
            continue; // Its archives are zip.
        }
        let (demo, proxy) = line(generation, AnswerKind::Archive, claim).await;
        let home = tempfile::tempdir().unwrap();
        let request = request("PHIPA", &[], Preset::Structures.files());
        let job = job(request.clone(), home.path());
        let client = client(&proxy, Some(ALICE));
        let engine = Engine::new(JobId(1), client, job, Timeouts::shortened(0.001));
        let done = run(engine).await.unwrap();
        assert_eq!(done.report.outcome, Outcome::Complete, "{generation:?}");
        assert_same_content(&demo, &done.place, &request);
        assert_eq!((demo.ordered().len(), proxy.spoilt()), (1, 1));
    }
}

/// The statistics are asked for by the rules of everything else: on new connections if one is lost, later if the
/// service says when.
#[tokio::test(flavor = "multi_thread")]
async fn the_statistics_are_asked_for_again_as_everything_else_is() {
    for (spoil, times) in [
        (Corruption::CloseAtOnce, 2),
        (Corruption::LengthTooLong, 2),
        (Corruption::Later(1), 2),
    ] {
        let output = statistics(spoil, times).await;
        assert_eq!(code(&output), 0, "{spoil:?}: {}", errors(&output));
        let waits = errors(&output).matches("Trying again in 1 s").count();
        assert_eq!(
            waits,
            if spoil == Corruption::Later(1) {
                times
            } else {
                0
            }
        );
    }
    for (spoil, sentence) in [
        (Corruption::CloseAtOnce, "closed the connection"),
        (Corruption::Later(3600), "Try again in 1 hour"),
        (Corruption::Status(429), "The server is too busy"),
        (Corruption::Status(503), "The statistics service failed"),
    ] {
        let output = statistics(spoil, usize::MAX).await;
        assert_eq!(code(&output), 1, "{spoil:?}");
        let said = errors(&output);
        assert!(said.contains(sentence), "{spoil:?}: {said}");
    }
}

/// Runs the command `statistics` on a line that spoils the first answers.
async fn statistics(spoil: Corruption, times: usize) -> Output {
    let demo = DemoServer::start(options(Generation::G2026)).await.unwrap();
    let plan = Plan {
        spot: AnswerKind::Any,
        spoil,
        times,
        seed: 1,
    };
    let proxy = Proxy::start(demo.statistics_address(), plan).await;
    let address = proxy.address().as_str().to_owned();
    let home = tempfile::tempdir().unwrap();
    let ended = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fragalysis-desktop"));
        command.args(["statistics", "--address", &address, "--key-stdin"]);
        command.arg("--data-dir").arg(home.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(STATISTICS_KEY.as_bytes()).unwrap();
        drop(input);
        child.wait_with_output().unwrap()
    });
    ended.await.unwrap()
}
