//! Every session variant against every question in every generation.

use std::collections::BTreeSet;

use fragalysis_desktop::{
    api::{ApiError, Client, ClientOptions, OrderOutcome, SessionState},
    demo::{AGEING, ALICE, BOB, DemoOptions, DemoServer, Faults, Generation},
    model::{DownloadRequest, ErrorKind, Preset, ServerAddress, SessionToken, TargetKey, Tas},
};
use reqwest::{
    StatusCode,
    header::{COOKIE, LOCATION},
};

use crate::workbench::experiments;

pub(crate) const WRONG: &str = "abcdefghijklmnopqrstuvwxyz123456";

pub(crate) fn client(server: &ServerAddress, token: Option<&str>) -> Client {
    let token = token.map(|token| SessionToken::from_pasted(token).unwrap());
    Client::new(server.clone(), token, ClientOptions::default()).unwrap()
}

pub(crate) fn order_of(title: &str, tas: &str) -> DownloadRequest {
    DownloadRequest {
        target: TargetKey {
            title: title.to_owned(),
            tas: Tas::new(tas),
        },
        codes: Vec::new(),
        files: Preset::Structures.files(),
        static_link: false,
    }
}

/// What a question is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// The user's own data are among it.
    Private,
    /// Only what everybody sees.
    Public,
    /// Nothing: the session is at fault, and the answer says so.
    Session(ErrorKind),
    /// Nothing: not a member, or no such thing.
    NoAccess,
    /// This generation has no such answer.
    NotOffered,
}

impl Seen {
    fn of_error(error: &ApiError) -> Self {
        match error.kind() {
            kind @ (ErrorKind::Ageing | ErrorKind::Expired | ErrorKind::Refused) => {
                Self::Session(kind)
            }
            ErrorKind::NoAccess => Self::NoAccess,
            ErrorKind::NotFound => Self::NotOffered,
            other => panic!("{other:?}: {error}"),
        }
    }
}

/// A way in which a request may come, and what everything makes of it.
struct Variant {
    name: &'static str,
    token: Option<&'static str>,
    /// Whether this program has seen the token accepted before.
    was_proven: bool,
    faults: fn(&mut Faults),
    /// Whether the session was ended on the server before.
    has_ended: bool,
    state: SessionState,
    lists: Seen,
    user: Seen,
    order: Seen,
    /// What the check behind an answer says.
    after: Option<ErrorKind>,
}

const EXPIRED: Seen = Seen::Session(ErrorKind::Expired);
const AGES: Seen = Seen::Session(ErrorKind::Ageing);

/// The usual visitor; each variant says where it differs.
const NOBODY: Variant = Variant {
    name: "nobody",
    token: None,
    was_proven: false,
    faults: |_| {},
    has_ended: false,
    state: SessionState::Anonymous,
    lists: Seen::Public,
    user: Seen::Public,
    order: Seen::NoAccess,
    after: None,
};

const MEMBER: Variant = Variant {
    name: "a member",
    token: Some(ALICE),
    state: SessionState::SignedIn,
    lists: Seen::Private,
    user: Seen::Private,
    order: Seen::Private,
    ..NOBODY
};

const MISTYPED: Variant = Variant {
    name: "a token never seen",
    token: Some(WRONG),
    state: SessionState::Refused,
    lists: EXPIRED,
    user: EXPIRED,
    order: EXPIRED,
    after: Some(ErrorKind::Expired),
    ..NOBODY
};

/// A server that leaves the cookie of a dead session alone: then lists look like anybody's.
const SILENT: Variant = Variant {
    name: "a token never seen, in silence",
    faults: |f| f.keeps_dead_cookie = true,
    lists: Seen::Public,
    user: Seen::Public,
    order: Seen::NoAccess,
    ..MISTYPED
};

const AGED: Variant = Variant {
    name: "an ageing session",
    token: Some(AGEING),
    was_proven: true,
    state: SessionState::Ageing,
    lists: AGES,
    user: AGES,
    // A POST is not asked to be renewed (server-api 1.2).
    order: Seen::Private,
    after: Some(ErrorKind::Ageing),
    ..NOBODY
};

const VARIANTS: [Variant; 16] = [
    NOBODY,
    Variant {
        name: "nobody, whom the server calls admin",
        faults: |f| f.anonymous_admin = true,
        ..NOBODY
    },
    Variant {
        name: "nobody, and the authenticator down",
        faults: |f| f.authenticator_down = true,
        ..NOBODY
    },
    MEMBER,
    Variant {
        name: "a member, documented form of the answer",
        faults: |f| f.documented_user = true,
        ..MEMBER
    },
    Variant {
        name: "a member, and the authenticator down",
        faults: |f| f.authenticator_down = true,
        lists: Seen::Public,
        user: Seen::Public,
        order: Seen::NoAccess,
        ..MEMBER
    },
    Variant {
        name: "a member, and no authenticator",
        faults: |f| f.authenticator_undefined = true,
        lists: Seen::Public,
        user: Seen::Public,
        order: Seen::NoAccess,
        ..MEMBER
    },
    Variant {
        name: "a member of nothing",
        token: Some(BOB),
        lists: Seen::Public,
        user: Seen::Public,
        order: Seen::NoAccess,
        ..MEMBER
    },
    MISTYPED,
    SILENT,
    Variant {
        name: "a session that has ended",
        token: Some(ALICE),
        was_proven: true,
        has_ended: true,
        state: SessionState::Expired,
        ..MISTYPED
    },
    Variant {
        name: "a session that has ended, in silence",
        token: Some(ALICE),
        was_proven: true,
        has_ended: true,
        state: SessionState::Expired,
        ..SILENT
    },
    Variant {
        name: "a session that ends behind its proof",
        token: Some(ALICE),
        faults: |f| f.session_ends = true,
        state: SessionState::SignedIn,
        ..MISTYPED
    },
    Variant {
        name: "a session that ends behind its proof, in silence",
        token: Some(ALICE),
        faults: |f| {
            f.session_ends = true;
            f.keeps_dead_cookie = true;
        },
        state: SessionState::SignedIn,
        ..SILENT
    },
    AGED,
    Variant {
        name: "an ageing session that is redirected",
        faults: |f| f.renewal_redirects = true,
        ..AGED
    },
];

/// Asks one question of one variant and compares; each cell of the table is another question.
struct Table {
    cells: BTreeSet<String>,
}

impl Table {
    fn cell<T: std::fmt::Debug + PartialEq + Copy>(&mut self, what: &str, found: T, expected: T) {
        assert_eq!(found, expected, "{what}");
        assert!(self.cells.insert(what.to_owned()), "{what} is asked twice");
    }
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figure of the issue")]
async fn every_variant_is_told_apart_by_every_question_in_every_generation() {
    let mut table = Table {
        cells: BTreeSet::new(),
    };
    for generation in Generation::ALL {
        for variant in VARIANTS {
            row(&mut table, generation, &variant).await;
        }
    }
    println!("{} cells", table.cells.len());
    assert!(table.cells.len() >= 60);
}

async fn row(table: &mut Table, generation: Generation, variant: &Variant) {
    let mut faults = Faults::default();
    (variant.faults)(&mut faults);
    let options = DemoOptions {
        generation,
        faults,
        rows: Some(60),
        ..DemoOptions::default()
    };
    let server = DemoServer::start(options).await.unwrap();
    if let Some(token) = variant.token.filter(|_| variant.has_ended) {
        server.set_session(token, false);
    }
    let client = client(server.address(), variant.token);
    let what = |question: &str| format!("{generation:?}, {}: {question}", variant.name);

    let check = client.check_session(variant.was_proven).await;
    table.cell(&what("who am I"), check.state, variant.state);
    let is_obstacle = check.obstacle(client.has_token()).is_some();
    table.cell(
        &what("may one begin"),
        !is_obstacle,
        check.problem.is_none(),
    );

    let targets = match client.targets().await {
        Ok(answer) if answer.rows.iter().any(|row| row.open == Some(false)) => Seen::Private,
        Ok(_) => Seen::Public,
        Err(error) => Seen::of_error(&error),
    };
    table.cell(&what("targets"), targets, variant.lists);

    let experiments = match experiments(&client, None).await {
        // The private target's crystals are the ones beyond those of the open one.
        Ok((sheet, _)) => match (0..sheet.len())
            .filter(|row| sheet.code(*row).starts_with("A71EV2A"))
            .count()
        {
            count if count > 12 => Seen::Private,
            _ => Seen::Public,
        },
        Err(error) => Seen::of_error(&error),
    };
    table.cell(&what("experiments"), experiments, variant.lists);

    let user = match client.user().await {
        Ok(info) if info.target_access.is_empty() => Seen::Public,
        Ok(_) => Seen::Private,
        Err(error) => Seen::of_error(&error),
    };
    let is_old = generation == Generation::G2024 && !matches!(variant.user, Seen::Session(_));
    let expected = if is_old {
        Seen::NotOffered
    } else {
        variant.user
    };
    table.cell(&what("memberships"), user, expected);

    let order = match client.order(&order_of("A71EV2A", "lb32627-66")).await {
        Ok(OrderOutcome::Ready(_) | OrderOutcome::Building(_)) => Seen::Private,
        Err(error) => Seen::of_error(&error),
    };
    table.cell(&what("an order"), order, variant.order);

    let after = client
        .still_signed_in()
        .await
        .err()
        .map(|problem| problem.kind);
    table.cell(&what("is it still so"), after, variant.after);
}

/// What a browser without the facility's own sign-in does: it follows, with its cookie for the host.
async fn follow_like_a_browser(start: &str, token: &str) -> StatusCode {
    let http = crate::desk::plain_http()
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
async fn a_request_secret_that_is_no_longer_good_is_renewed_once() {
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
async fn somebody_without_a_session_is_never_told_to_renew_one() {
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
