//! Every session variant with every request in every generation.

use std::collections::BTreeSet;

use fragalysis_desktop::{
    api::{ApiError, Client, ClientOptions, OrderOutcome, SessionState},
    demo::{AGEING, ALICE, BOB, DemoOptions, DemoServer, Faults, Generation},
    model::{DownloadRequest, ErrorKind, Preset, ServerAddress, SessionToken, TargetKey, Tas},
};

use crate::fixtures::experiments;

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

/// What the answer to a request contains.
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

/// A kind of session, and the expected answers to every request.
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
const VISITOR: Variant = Variant {
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
    ..VISITOR
};

const MISTYPED: Variant = Variant {
    name: "a token never seen",
    token: Some(WRONG),
    state: SessionState::Refused,
    lists: EXPIRED,
    user: EXPIRED,
    order: EXPIRED,
    after: Some(ErrorKind::Expired),
    ..VISITOR
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
    ..VISITOR
};

const VARIANTS: [Variant; 16] = [
    VISITOR,
    Variant {
        name: "nobody, whom the server calls admin",
        faults: |f| f.anonymous_admin = true,
        ..VISITOR
    },
    Variant {
        name: "nobody, and the authenticator down",
        faults: |f| f.authenticator_down = true,
        ..VISITOR
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
async fn every_variant_is_distinguished_by_every_request_in_every_generation() {
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

async fn seen_in_experiments(client: &Client) -> Seen {
    match experiments(client, None).await {
        Ok((sheet, _)) => {
            let of_target = |row: &usize| sheet.code(*row).starts_with("A71EV2A");
            // The private target's crystals are the ones beyond those of the open one.
            match (0..sheet.len()).filter(of_target).count() {
                count if count > 12 => Seen::Private,
                _ => Seen::Public,
            }
        }
        Err(error) => Seen::of_error(&error),
    }
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
    let is_fine = check.problem.is_none();
    table.cell(&what("may one begin"), !is_obstacle, is_fine);

    let targets = match client.targets().await {
        Ok(answer) if answer.rows.iter().any(|row| row.open == Some(false)) => Seen::Private,
        Ok(_) => Seen::Public,
        Err(error) => Seen::of_error(&error),
    };
    table.cell(&what("targets"), targets, variant.lists);

    let experiments = seen_in_experiments(&client).await;
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

    let after = client.still_signed_in().await.err();
    let after = after.map(|problem| problem.kind);
    table.cell(&what("is it still so"), after, variant.after);
}
