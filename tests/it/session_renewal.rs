//! What users are told when a session must be renewed or has ended, and what happens to its CSRF token.

use fragalysis_desktop::{
    api::{ApiError, SessionState},
    demo::{AGEING, ALICE, DemoOptions, DemoServer, Faults, Generation},
    model::ErrorKind,
};
use reqwest::{
    StatusCode,
    header::{COOKIE, LOCATION},
};

use crate::sessions::{client, order_of};

/// What a browser without the facility's own sign-in does: it follows, with its cookie for the host.
async fn follow_like_a_browser(start: &str, token: &str) -> StatusCode {
    let http = crate::harness::plain_http()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let mut place = start.to_owned();
    for _ in 0..10 {
        let cookie = format!("sessionid={token}");
        let answer = http
            .get(&place)
            .header(COOKIE, cookie)
            .send()
            .await
            .unwrap();
        let Some(next) = answer.headers().get(LOCATION) else {
            return answer.status();
        };
        let next = next.to_str().unwrap();
        place = reqwest::Url::parse(&place)
            .unwrap()
            .join(next)
            .unwrap()
            .into();
    }
    panic!("{start} leads in a circle");
}

#[tokio::test]
async fn an_ageing_session_is_not_destroyed_by_following_its_renewal() {
    for generation in Generation::ALL {
        let faults = Faults {
            renewal_redirects: true,
            ..Faults::default()
        };
        let options = DemoOptions {
            generation,
            faults,
            rows: Some(60),
            ..DemoOptions::default()
        };
        let server = DemoServer::start(options).await.unwrap();
        let client = client(server.address(), Some(AGEING));
        assert_eq!(client.check_session(true).await.state, SessionState::Ageing);
        client.targets().await.unwrap_err();
        client.user().await.unwrap_err();
        client.landing().await.unwrap_err();
        assert!(!server.has_ended(AGEING), "the session was destroyed");
        assert!(server.other_origin_requests().is_empty());
        // The chain is a real one: anyone who follows it ends the session.
        let start = format!("{}/api/targets/", server.address());
        let end = follow_like_a_browser(&start, AGEING).await;
        assert_eq!(end, StatusCode::OK, "it ends on a page that looks well");
        assert!(server.has_ended(AGEING));
        assert_eq!(
            client.check_session(true).await.state,
            SessionState::Expired
        );
    }
}

#[tokio::test]
async fn an_outdated_csrf_token_is_renewed_once() {
    for generation in Generation::ALL {
        for (always, expected) in [(false, None), (true, Some(ErrorKind::ServerError))] {
            let faults = Faults {
                csrf_once: !always,
                csrf_always: always,
                ..Faults::default()
            };
            let options = DemoOptions {
                generation,
                faults,
                rows: Some(60),
                build_time: std::time::Duration::ZERO,
                ..DemoOptions::default()
            };
            let server = DemoServer::start(options).await.unwrap();
            let client = client(server.address(), Some(ALICE));
            let answer = client.order(&order_of("PHIPA", "lb18145-1")).await;
            let error = answer.err();
            let kind = error.as_ref().map(ApiError::kind);
            assert_eq!(kind, expected, "{generation:?}");
            if let Some(error) = error {
                assert!(!error.to_string().contains("CSRF"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn visitors_are_never_told_to_renew_a_session() {
    for (faults, kind, part) in [
        (
            Faults {
                moved_away: true,
                ..Faults::default()
            },
            ErrorKind::NotFragalysis,
            "elsewhere.invalid",
        ),
        (
            Faults {
                nothing_here: true,
                ..Faults::default()
            },
            ErrorKind::NotFragalysis,
            "not like Fragalysis",
        ),
        (
            Faults {
                not_fragalysis: true,
                ..Faults::default()
            },
            ErrorKind::NotFragalysis,
            "not like Fragalysis",
        ),
    ] {
        let options = DemoOptions {
            faults,
            rows: Some(60),
            ..DemoOptions::default()
        };
        let server = DemoServer::start(options).await.unwrap();
        let check = client(server.address(), None).check_session(false).await;
        let problem = check.obstacle(false).expect("an obstacle").clone();
        assert_eq!(problem.kind, kind);
        assert!(problem.message.contains(part), "{}", problem.message);
    }
}
