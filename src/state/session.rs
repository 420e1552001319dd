//! Who the user is for which server, as proven.

use std::{
    collections::{BTreeMap, HashSet},
    hash::RandomState,
};

use crate::{
    api::{ApiResult, Client, ClientOptions},
    model::{ErrorKind, Problem, ServerAddress, SessionToken},
};

pub use crate::api::SessionState;

/// The server one works with, as someone or as no one.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) client: Client,
    /// Tells this session from those before and after it.
    pub(super) number: u64,
    /// Marks the token, so that the same one is recognised; says nothing about it.
    pub(super) mark: Option<u64>,
    /// The server.
    pub server: ServerAddress,
    /// What is known of the session.
    pub state: SessionState,
    /// The user's name, where the server says it.
    pub user: Option<String>,
    /// Why the session is not as it should be.
    pub problem: Option<Problem>,
    /// When it was proven last.
    pub proven: jiff::Zoned,
}

/// The session one works with, those of other servers, and what was proven in this run.
#[derive(Default)]
pub(super) struct Sessions {
    /// The session; `None` before the first one.
    pub(super) current: Option<Session>,
    /// Sessions of other servers, by address, to go back to.
    pub(super) others: BTreeMap<String, Session>,
    /// Marks of the tokens that this run has seen accepted.
    pub(super) proven: HashSet<u64>,
    /// Makes the marks; another one in every run.
    pub(super) marks: RandomState,
    /// The number of the newest session.
    pub(super) last_number: u64,
}

impl Sessions {
    /// Makes a number that no session of this run has had.
    pub(super) fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }
}

impl Session {
    /// Proves a session. Nothing on screen may change before this has succeeded.
    /// `was_proven` says that this program has seen the token accepted before.
    pub(super) async fn prove(
        client: Client,
        mark: Option<u64>,
        was_proven: bool,
        clock: fn() -> jiff::Zoned,
    ) -> Result<Self, Problem> {
        let check = client.check_session(was_proven).await;
        if let Some(problem) = check.obstacle(client.has_token()) {
            return Err(problem.clone());
        }
        Ok(Self {
            number: 0,
            mark,
            server: client.server().clone(),
            state: check.state,
            user: check.user,
            problem: None,
            proven: clock(),
            client,
        })
    }

    /// A visitor's session with a server that could not be reached. Nothing about it is proven.
    pub(super) fn offline(client: Client, problem: Problem, at: jiff::Zoned) -> Self {
        Self {
            number: 0,
            mark: None,
            server: client.server().clone(),
            state: SessionState::Unreachable,
            user: None,
            problem: Some(problem),
            proven: at,
            client,
        }
    }

    /// Tells this session from those before and after it.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether one works as someone, and not as a visitor, however things stand with the session right now.
    pub fn has_token(&self) -> bool {
        self.mark.is_some()
    }

    /// Whether the server takes the user for the owner of the token, as far as is known.
    pub fn is_signed_in(&self) -> bool {
        self.state == SessionState::SignedIn
    }

    /// Whether the server has said that it does not take the token any more.
    pub fn has_ended(&self) -> bool {
        self.state.is_rejected()
    }

    /// Whether the token is good for nothing any more, in contrast to one that must only be renewed.
    pub(super) fn is_over(&self) -> bool {
        self.has_ended() && self.state != SessionState::Ageing
    }

    /// Whether both belong to the same person on the same server: then what is on screen may stay.
    pub(super) fn is_same_person(&self, other: &Self) -> bool {
        let same_token = self.mark.is_some() && self.mark == other.mark;
        let same_name = self.mark.is_some()
            && other.mark.is_some()
            && self.user.is_some()
            && self.user == other.user;
        let both_nobody = self.mark.is_none() && other.mark.is_none();
        self.server == other.server && (same_token || same_name || both_nobody)
    }

    /// Whose session it is, or was: `None` for public data.
    pub(super) fn owner(&self) -> Option<&str> {
        self.mark.map(|_| self.user_text())
    }

    /// The user's name, or what one is without a name.
    pub fn user_text(&self) -> &str {
        match (&self.user, self.mark) {
            (Some(user), _) => user,
            (None, None) => "Public data",
            (None, Some(_)) => "Signed in",
        }
    }

    /// Takes note of an answer that says how things stand with the session.
    pub(super) fn note(&mut self, problem: &Problem) {
        let kind = problem.kind;
        let state = if kind == ErrorKind::Expired {
            SessionState::Expired
        } else if kind == ErrorKind::Refused {
            SessionState::Refused
        } else if kind == ErrorKind::Ageing {
            SessionState::Ageing
        } else if kind == ErrorKind::Unreachable && self.problem.is_none() {
            // What is known of the session stays known while the server is away.
            SessionState::Unreachable
        } else {
            return;
        };
        self.state = state;
        if state != SessionState::Unreachable {
            self.problem = Some(problem.clone());
        }
    }

    /// Takes note of an answer that was proven to be the user's own.
    pub(super) fn is_proven(&mut self, at: jiff::Zoned) {
        self.state = if self.mark.is_some() {
            SessionState::SignedIn
        } else {
            SessionState::Anonymous
        };
        self.problem = None;
        self.proven = at;
    }
}

/// A client for one server; with a token, as the user it belongs to.
pub(super) fn client(
    server: ServerAddress,
    token: Option<SessionToken>,
    options: &ClientOptions,
) -> ApiResult<Client> {
    Client::new(server, token, options.clone())
}
