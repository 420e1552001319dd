//! Reading lists from servers as they are: unordered pages, caps, words that are not valid JSON, foreign links.

use fragalysis_desktop::{
    api::{ApiError, Client, ClientOptions, SessionState},
    demo::{AGEING, ALICE, BOB, DemoOptions, DemoServer, Faults, Generation},
    model::{ErrorKind, SessionToken},
};

use crate::fixtures::experiments;

async fn server(generation: Generation, faults: Faults) -> DemoServer {
    DemoServer::start(DemoOptions {
        generation,
        faults,
        ..DemoOptions::default()
    })
    .await
    .unwrap()
}

fn client(server: &DemoServer, token: Option<&str>) -> Client {
    let token = token.map(|token| SessionToken::from_pasted(token).unwrap());
    Client::new(server.address().clone(), token, ClientOptions::default()).unwrap()
}

#[tokio::test]
async fn every_experiment_is_read_once_whatever_the_server_does_to_its_pages() {
    let cases = [
        Faults::default(),
        Faults {
            page_cap: 100,
            ..Faults::default()
        },
        Faults {
            nan: true,
            ..Faults::default()
        },
        Faults {
            foreign_links: true,
            page_cap: 100,
            ..Faults::default()
        },
        Faults {
            documented_route: true,
            ..Faults::default()
        },
    ];
    for generation in Generation::ALL {
        for faults in cases {
            let server = server(generation, faults).await;
            let client = client(&server, None);
            let targets = client.targets().await.unwrap();
            let mpro = targets
                .rows
                .iter()
                .find(|target| target.key.title == "Mpro")
                .unwrap();
            let (sheet, answer) = experiments(&client, Some(mpro.id)).await.unwrap();
            let mut ids: Vec<i64> = (0..sheet.len()).map(|row| sheet.id(row).0).collect();
            ids.sort_unstable();
            let count = ids.len();
            ids.dedup();
            assert_eq!(
                ids.len(),
                count,
                "{generation:?} {faults:?}: rows came twice"
            );
            assert_eq!(
                Some(count as u64),
                client.experiment_count(mpro.id).await.unwrap()
            );
            assert!(
                answer.complete && answer.unreadable == 0,
                "{generation:?} {faults:?}"
            );
            assert!(count > 300);
        }
    }
}

/// Such a list was taken to end with its first page, and to be complete; an update then dropped what was missing.
#[tokio::test]
async fn a_list_without_a_count_is_read_to_its_end_and_called_complete_only_as_one_page() {
    for generation in Generation::ALL {
        let mut rows = Vec::new();
        for (no_count, page_cap, is_complete) in [
            (false, 0, true),
            (true, 0, true),
            (true, 10, false),
            (false, 10, true),
        ] {
            let faults = Faults {
                no_count,
                page_cap,
                ..Faults::default()
            };
            let server = server(generation, faults).await;
            let client = client(&server, None);
            let (sheet, answer) = experiments(&client, None).await.unwrap();
            assert_eq!(answer.complete, is_complete, "{generation:?} {faults:?}");
            rows.push(sheet.len());
        }
        assert!(
            rows.iter().all(|count| *count == rows[0]),
            "{generation:?} {rows:?}"
        );
    }
}

#[tokio::test]
async fn membership_decides_what_is_seen() {
    for generation in Generation::ALL {
        let server = server(generation, Faults::default()).await;
        let count = async |token| client(&server, token).targets().await.unwrap().rows.len();
        assert_eq!(
            (
                count(Some(ALICE)).await,
                count(Some(BOB)).await,
                count(None).await
            ),
            (6, 5, 5)
        );
    }
}

#[tokio::test]
async fn sessions_are_distinguished_by_the_first_answer() {
    for generation in Generation::ALL {
        let server = server(generation, Faults::default()).await;
        let check = async |token, before| client(&server, token).check_session(before).await;
        let alice = check(Some(ALICE), false).await;
        assert_eq!(
            (alice.state, alice.user.as_deref()),
            (SessionState::SignedIn, Some("alice")),
            "{generation:?}"
        );
        assert_eq!(
            check(None, false).await.state,
            SessionState::Anonymous,
            "{generation:?}"
        );
        let wrong = Some("abcdefghijklmnopqrstuvwxyz123456");
        assert_eq!(
            check(wrong, false).await.state,
            SessionState::Refused,
            "{generation:?}"
        );
        assert_eq!(
            check(wrong, true).await.state,
            SessionState::Expired,
            "{generation:?}"
        );
        assert_eq!(
            check(Some(AGEING), false).await.state,
            SessionState::Ageing,
            "{generation:?}"
        );
    }
}

#[tokio::test]
async fn other_web_servers_are_reported_as_not_fragalysis() {
    let server = server(
        Generation::G2026,
        Faults {
            not_fragalysis: true,
            ..Faults::default()
        },
    )
    .await;
    let client = client(&server, None);
    let error = client.targets().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFragalysis, "{error}");
    let check = client.check_session(false).await;
    assert_eq!(
        check.obstacle(false).unwrap().kind,
        ErrorKind::NotFragalysis
    );
}

#[tokio::test]
async fn a_failing_server_is_called_so_with_a_next_step() {
    let server = server(
        Generation::G2026,
        Faults {
            broken_lists: true,
            ..Faults::default()
        },
    )
    .await;
    let error = client(&server, None).targets().await.unwrap_err();
    assert!(matches!(error, ApiError::ServerError { .. }), "{error:?}");
    assert!(!error.problem().next_step().is_empty());
}

#[tokio::test]
async fn an_experiment_that_may_not_be_seen_is_not_called_missing_for_sure() {
    let server = server(Generation::G2026, Faults::default()).await;
    let alice = client(&server, Some(ALICE));
    let targets = alice.targets().await.unwrap();
    let private = targets
        .rows
        .iter()
        .find(|target| target.open == Some(false))
        .unwrap();
    let (sheet, _) = experiments(&alice, Some(private.id)).await.unwrap();
    let id = fragalysis_desktop::model::ExperimentId(sheet.id(0).0);
    assert_eq!(alice.experiment(id).await.unwrap().id, id);
    let error = client(&server, None).experiment(id).await.unwrap_err();
    assert!(matches!(error, ApiError::NotFound { .. }), "{error:?}");
}
